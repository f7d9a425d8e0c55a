import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { except } from 'hono/combine'
import { setCookie } from 'hono/cookie'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Health } from '../../desk/health/health.ts'
import type { Assistant } from '../../dialog/assistant.ts'
import { writeOwnData } from '../../dialog/own-data.ts'
import type { Mailbox } from '../../domain/messages/channel.ts'
import type { Office } from '../../domain/office/office.ts'
import { toLocalDay } from '../../domain/time.ts'
import { listConversation } from '../../store/conversations/conversations.ts'
import { markFetched } from '../../store/conversations/takeover.ts'
import type { Photos } from '../../store/pictures/photos.ts'
import { findPersonOfConversation, listOwnWords } from '../../store/people/own-words.ts'
import { exportPersonalData } from '../../store/people/people.ts'
import { findPhotoOfConversation } from '../../store/requests/photos.ts'
import type { Store } from '../../store/engine/store.ts'
import { answerPhoto } from '../photos.ts'
import type { Assets } from '../assets.ts'
import { callerOf } from '../caller/caller.ts'
import { isSameOrigin } from '../headers.ts'
import { formatWait } from '../wait.ts'
import { createLimits, type ChatBounds } from './bounds.ts'
import { createEvents } from './events.ts'
import { OWN_PHOTOS, renderLine, type RenderedLine } from './line.tsx'
import { LEAVE, OWN_DATA, renderChatPage, renderMessagePage } from './page.tsx'
import { createRateLimit } from './rate-limit.ts'
import { isForm, isLargeType, refuse, TYPE_COOKIE } from './refuse.tsx'
import { createUploads, filesOf, isUpload, LARGEST_UPLOAD_BYTES } from './uploads.ts'
import { chatText } from './text.ts'
import { ChatInput, createTurnTaker, viewOf } from './turn.ts'
import { createVisitors, type Visitor } from './visitor.ts'

export interface ChatServices {
  store: Store
  assistant: Assistant
  mailbox: Mailbox
  assets: Assets
  photos: Photos
  health: Pick<Health, 'examine'>
  log: Logger
  now: () => Date
  isStopping: () => boolean
  /** Title of a knowledge document, to be shown under what is quoted from it. */
  documentTitle: (id: string) => string | undefined
  /** For the first screen; null = nothing is known. */
  office: () => Office | null
  /** How much strangers may do; absent = the usual. */
  bounds?: ChatBounds
}

const LARGEST_BODY_BYTES = 2 * 1024 * 1024
const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60
/** All that one person ever said is read for it. */
const OWN_DATA_LIMIT = { perMinute: 2, burst: 5 }

const TypeInput = z.object({ size: z.enum(['large', 'normal']) })

/** The residents' chat: the page at `/` and what it calls below `/chat`. */
export function createChat(services: ChatServices): Hono {
  const app = new Hono()
  const visitors = createVisitors(services)
  const limits = createLimits(services.store, services.now, services.bounds)
  const uploads = createUploads({ ...services, limits })
  const takeTurn = createTurnTaker(services, { visitors, limits, uploads })

  app.get('/', async (c) => {
    const { visitor, isNew } = await visitors.ensure(c)
    const isKnown = !isNew && (await visitors.hasSpoken(visitor))
    const lines = isKnown ? await readHistory(services, visitor) : []
    return c.html(renderChatPage({ assets: services.assets, isLarge: isLargeType(c), lines, isKnown, office: services.office(), today: toLocalDay(services.now()) }))
  })

  app.get('/chat/history', async (c) => {
    const visitor = await visitors.find(c)
    return c.json({ lines: visitor ? await readHistory(services, visitor) : [] })
  })

  app.get('/chat/events', createEvents(services, visitors))

  const limitBody = bodyLimit({ maxSize: LARGEST_BODY_BYTES, onError: (c) => refuse(services, c, 413, chatText.tooLong, { Connection: 'close' }) })

  app.post('/chat/type', limitBody, async (c) => {
    if (!isSameOrigin(c)) return refuse(services, c, 403, chatText.wrongOrigin)
    const input = TypeInput.safeParse(await readBody(c))
    if (!input.success) return refuse(services, c, 422, chatText.unreadable)
    setCookie(c, TYPE_COOKIE, input.data.size, { sameSite: 'Lax', secure: callerOf(c).isHttps, path: '/', maxAge: ONE_YEAR_SECONDS })
    return c.redirect('/', 303)
  })

  // What was said stays with whoever has to see to it; this device knows nothing of it any more.
  app.post(LEAVE, limitBody, (c) => {
    if (!isSameOrigin(c)) return refuse(services, c, 403, chatText.wrongOrigin)
    visitors.forget(c)
    if (callerOf(c).isHttps) c.header('Clear-Site-Data', '"cache"')
    return c.redirect('/', 303)
  })

  app.post('/chat/messages', except(isUpload, limitBody), async (c, next) => {
    if (!isSameOrigin(c)) return refuse(services, c, 403, chatText.wrongOrigin)
    if (isUpload(c)) return next()
    const input = ChatInput.safeParse(await readBody(c))
    return input.success ? takeTurn(c, input.data, []) : refuse(services, c, 422, chatText.unreadable)
  })

  const limitUpload = bodyLimit({ maxSize: LARGEST_UPLOAD_BYTES, onError: (c) => refuse(services, c, 413, chatText.tooLong, { Connection: 'close' }) })

  app.post('/chat/messages', limitUpload, async (c) => {
    const waitSeconds = uploads.begin()
    if (waitSeconds > 0) return refuse(services, c, 503, chatText.busy, { 'Retry-After': String(waitSeconds) })
    try {
      const body: Record<string, unknown> = await c.req.parseBody({ all: true }).catch(() => ({}))
      const input = ChatInput.safeParse(body)
      return input.success ? await takeTurn(c, input.data, filesOf(body)) : refuse(services, c, 422, chatText.unreadable)
    } finally {
      uploads.end()
    }
  })

  // Known by the cookie alone: nothing in the address says whose it is, so that nobody else's can be asked for.
  const dataLimit = createRateLimit(OWN_DATA_LIMIT, { name: 'own-data', others: services.store.others })
  app.get(OWN_DATA, async (c) => {
    const visitor = await visitors.find(c)
    const personId = visitor && (await findPersonOfConversation(services.store.read, visitor.conversation))
    if (visitor === null || personId === null) return c.html(renderMessagePage({ assets: services.assets, isLarge: isLargeType(c), title: chatText.noDataTitle, text: chatText.noData }), 404)
    const waitSeconds = dataLimit.take(visitor.id, services.now())
    if (waitSeconds > 0) return refuse(services, c, 429, chatText.tooFast(formatWait(waitSeconds * 1000)), { 'Retry-After': String(waitSeconds) })
    const [data, words] = await Promise.all([exportPersonalData(services.store, personId), listOwnWords(services.store.read, personId)])
    c.header('Content-Disposition', `attachment; filename="my-data.txt"; filename*=UTF-8''${encodeURIComponent('我的数据.txt')}`)
    c.header('Content-Type', 'text/plain; charset=utf-8')
    return c.body(writeOwnData(data, words, services.now()))
  })

  app.get(`${OWN_PHOTOS}/:photo`, async (c) => {
    const visitor = await visitors.find(c)
    const name = visitor && (await findPhotoOfConversation(services.store, visitor.conversation, c.req.param('photo')))
    return (await answerPhoto(c, services.photos, name)) ?? c.notFound()
  })
  return app
}

async function readHistory(services: ChatServices, visitor: Visitor): Promise<RenderedLine[]> {
  const lines = await listConversation(services.store, visitor.conversation)
  const newest = lines.findLast(({ from }) => from === 'assistant')
  if (newest !== undefined) await markFetched(services.store, visitor.conversation, newest.at, services.now())
  return lines.map((line) => renderLine(line, viewOf(services)))
}

async function readBody(c: Context): Promise<unknown> {
  try {
    return isForm(c) ? await c.req.parseBody() : await c.req.json()
  } catch {
    return undefined
  }
}
