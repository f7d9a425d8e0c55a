import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { except } from 'hono/combine'
import { getCookie, setCookie } from 'hono/cookie'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Assistant } from '../../dialog/assistant.ts'
import { writeOwnData } from '../../dialog/own-data.ts'
import type { Mailbox } from '../../domain/messages/channel.ts'
import { StoreError } from '../../domain/errors.ts'
import type { Office } from '../../domain/office/office.ts'
import { LONGEST_INBOUND_TEXT, type Attachment, type InboundMessage } from '../../domain/messages/messages.ts'
import { toLocalDay } from '../../domain/time.ts'
import { cleanTyped } from '../../language/clean.ts'
import { listConversation, listReplies, wasErasedSince } from '../../store/conversations/conversations.ts'
import { markFetched } from '../../store/conversations/takeover.ts'
import type { Photos } from '../../store/pictures/photos.ts'
import { findPersonOfConversation, listOwnWords } from '../../store/people/own-words.ts'
import { exportPersonalData } from '../../store/people/people.ts'
import { findPhotoOfConversation } from '../../store/requests/photos.ts'
import type { Store } from '../../store/engine/store.ts'
import { boundedText } from '../api/schemas.ts'
import { answerPhoto } from '../photos.ts'
import type { Assets } from '../assets.ts'
import { isHttps, isSameOrigin } from '../headers.ts'
import { problem, RETRY_AFTER_SECONDS } from '../problem.ts'
import { createEvents } from './events.ts'
import { OWN_PHOTOS, renderLine, type LineView, type RenderedLine } from './line.tsx'
import { OWN_DATA, renderChatPage, renderMessagePage } from './page.tsx'
import { createRateLimit } from './rate-limit.ts'
import { createUploads, isUpload, LARGEST_UPLOAD_BYTES } from './uploads.ts'
import { chatText } from './text.ts'
import { ensureVisitor, findVisitor, WEB_CHANNEL, type Visitor } from './visitor.ts'

export interface ChatServices {
  store: Store
  assistant: Assistant
  mailbox: Mailbox
  assets: Assets
  photos: Photos
  log: Logger
  now: () => Date
  isStopping: () => boolean
  /** Title of a knowledge document, to be shown under what is quoted from it. */
  documentTitle: (id: string) => string | undefined
  /** For the first screen; null = nothing is known. */
  office: () => Office | null
}

const LARGEST_BODY_BYTES = 2 * 1024 * 1024
const TYPE_COOKIE = 'linli_type'
const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60
/** All that one person ever said is read for it. */
const OWN_DATA_LIMIT = { perMinute: 2, burst: 5 }
const VISITOR_LIMIT = { perMinute: 30, burst: 30 }
/** Whole buildings share one address. */
const ADDRESS_LIMIT = { perMinute: 240, burst: 120 }

const LONGEST_ID = 100
const ChatInput = z.object({ id: boundedText(1, LONGEST_ID, 'Made by the page'), text: z.string(), reply_to: z.number().int().min(1).optional() })
const TypeInput = z.object({ size: z.enum(['large', 'normal']) })

export const isLargeType = (c: Context): boolean => getCookie(c, TYPE_COOKIE) === 'large'

/** The residents' chat: the page at `/` and what it calls below `/chat`. */
export function createChat(services: ChatServices): Hono {
  const app = new Hono()
  const takeTurn = createTurnTaker(services)

  app.get('/', async (c) => {
    const visitor = ensureVisitor(c)
    c.header('Cache-Control', 'no-store')
    return c.html(renderChatPage({ assets: services.assets, isLarge: isLargeType(c), lines: await readHistory(services, visitor), office: services.office(), today: toLocalDay(services.now()) }))
  })

  app.get('/chat/history', async (c) => {
    const visitor = findVisitor(c)
    c.header('Cache-Control', 'no-store')
    return c.json({ lines: visitor ? await readHistory(services, visitor) : [] })
  })

  app.get('/chat/events', createEvents(services))

  const limitBody = bodyLimit({ maxSize: LARGEST_BODY_BYTES, onError: (c) => refuse(services, c, 413, chatText.tooLong, { Connection: 'close' }) })

  app.post('/chat/type', limitBody, async (c) => {
    if (!isSameOrigin(c)) return refuse(services, c, 403, chatText.wrongOrigin)
    const input = TypeInput.safeParse(await readBody(c))
    if (!input.success) return refuse(services, c, 422, chatText.unreadable)
    setCookie(c, TYPE_COOKIE, input.data.size, { sameSite: 'Lax', secure: isHttps(c), path: '/', maxAge: ONE_YEAR_SECONDS })
    return c.redirect('/', 303)
  })

  app.post('/chat/messages', except(isUpload, limitBody), async (c, next) => {
    if (!isSameOrigin(c)) return refuse(services, c, 403, chatText.wrongOrigin)
    if (isUpload(c)) return next()
    const input = ChatInput.safeParse(await readBody(c))
    if (!input.success) return refuse(services, c, 422, chatText.unreadable)
    return takeTurn(c, ensureVisitor(c), input.data, [])
  })

  const limitUpload = bodyLimit({ maxSize: LARGEST_UPLOAD_BYTES, onError: (c) => refuse(services, c, 413, chatText.tooLong, { Connection: 'close' }) })
  const uploads = createUploads(services)

  app.post('/chat/messages', limitUpload, async (c) => {
    const waitSeconds = uploads.begin()
    if (waitSeconds > 0) return refuse(services, c, 503, chatText.busy, { 'Retry-After': String(waitSeconds) })
    let attachments: Attachment[] = []
    try {
      const body = await c.req.parseBody({ all: true }).catch(() => ({}))
      const input = ChatInput.safeParse(body)
      if (!input.success) return refuse(services, c, 422, chatText.unreadable)
      const taken = await uploads.take(body, addressOf(c))
      if (typeof taken === 'number') return refuse(services, c, 429, await withSafetyWords(services, input.data.text, chatText.tooManyPhotos), { 'Retry-After': String(taken) })
      attachments = taken
      return await takeTurn(c, ensureVisitor(c), input.data, attachments)
    } finally {
      uploads.end(attachments)
    }
  })

  // Known by the cookie alone: nothing in the address says whose it is, so that nobody else's can be asked for.
  const dataLimit = createRateLimit(OWN_DATA_LIMIT, { name: 'own-data', others: services.store.others })
  app.get(OWN_DATA, async (c) => {
    const visitor = findVisitor(c)
    const waitSeconds = visitor === null ? 0 : dataLimit.take(visitor.id, services.now())
    if (waitSeconds > 0) return refuse(services, c, 429, chatText.tooFast, { 'Retry-After': String(waitSeconds) })
    const personId = visitor && (await findPersonOfConversation(services.store.read, visitor.conversation))
    if (personId === null) return c.html(renderMessagePage({ assets: services.assets, isLarge: isLargeType(c), title: chatText.noDataTitle, text: chatText.noData }), 404)
    const [data, words] = await Promise.all([exportPersonalData(services.store, personId), listOwnWords(services.store.read, personId)])
    c.header('Content-Disposition', `attachment; filename="my-data.txt"; filename*=UTF-8''${encodeURIComponent('我的数据.txt')}`)
    c.header('Cache-Control', 'no-store')
    c.header('Content-Type', 'text/plain; charset=utf-8')
    return c.body(writeOwnData(data, words, services.now()))
  })

  app.get(`${OWN_PHOTOS}/:photo`, async (c) => {
    const visitor = findVisitor(c)
    const name = visitor && (await findPhotoOfConversation(services.store, visitor.conversation, c.req.param('photo')))
    return (await answerPhoto(c, services.photos, name)) ?? c.notFound()
  })
  return app
}

const viewOf = (services: ChatServices): LineView => ({ documentTitle: services.documentTitle, now: services.now() })

async function readHistory(services: ChatServices, visitor: Visitor): Promise<RenderedLine[]> {
  const lines = await listConversation(services.store, visitor.conversation)
  const newest = lines.findLast(({ from }) => from === 'assistant')
  if (newest !== undefined) await markFetched(services.store, visitor.conversation, newest.at, services.now())
  return lines.map((line) => renderLine(line, viewOf(services)))
}

/** A plain form gets a page; the page's own script asks for JSON, with photos too. */
const wantsPage = (c: Context): boolean => isForm(c) && !(c.req.header('Accept') ?? '').startsWith('application/json')
const isForm = (c: Context): boolean => /^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(c.req.header('Content-Type') ?? '')

async function readBody(c: Context): Promise<unknown> {
  try {
    return isForm(c) ? await c.req.parseBody() : await c.req.json()
  } catch {
    return undefined
  }
}

/** One message from the page: stored, decided, and answered with the lines to show. A plain form gets the whole page again. */
function createTurnTaker(services: ChatServices) {
  const visitorLimit = createRateLimit(VISITOR_LIMIT, { name: 'visitor', others: services.store.others })
  const addressLimit = createRateLimit(ADDRESS_LIMIT, { name: 'address', others: services.store.others })
  return async (c: Context, visitor: Visitor, input: z.infer<typeof ChatInput>, attachments: Attachment[]): Promise<Response> => {
    const startedAt = services.now()
    const waitSeconds = Math.max(visitorLimit.take(visitor.id, startedAt), addressLimit.take(addressOf(c), startedAt))
    if (waitSeconds > 0) return refuse(services, c, 429, await withSafetyWords(services, input.text, chatText.tooFast), { 'Retry-After': String(waitSeconds) })

    const message = { ...toMessage(visitor, input, startedAt), attachments }
    try {
      await (await services.assistant.receive(message)).turn
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      return refuse(services, c, 503, await withSafetyWords(services, input.text, services.store.trouble() === null ? chatText.busy : chatText.notStored), { 'Retry-After': String(RETRY_AFTER_SECONDS) })
    }
    if (wantsPage(c)) return c.redirect('/#latest', 303)
    const [replies, isErased] = await Promise.all([
      listReplies(services.store, visitor.conversation, message.externalId),
      wasErasedSince(services.store, visitor.conversation, startedAt),
    ])
    return c.json({ id: input.id, lines: replies.map((line) => renderLine(line, viewOf(services))), forget: isErased })
  }
}

/** Who is in danger reads what to do, whatever else can't be done for them. */
const withSafetyWords = async ({ assistant }: ChatServices, said: string, otherwise: string): Promise<string> => (await assistant.safetyWords(said)) ?? otherwise

function toMessage(visitor: Visitor, input: z.infer<typeof ChatInput>, now: Date): InboundMessage {
  return {
    ...WEB_CHANNEL,
    externalId: JSON.stringify([visitor.id, input.id]),
    conversation: { kind: 'private', externalId: visitor.id },
    sender: { externalId: visitor.id },
    isAddressed: true,
    text: cleanTyped(input.text.slice(0, 4 * LONGEST_INBOUND_TEXT), { longest: LONGEST_INBOUND_TEXT }),
    attachments: [],
    sentAt: now,
    ...(input.reply_to !== undefined && { repliesTo: { seq: input.reply_to } }),
  }
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/

/** The address a request comes from; a proxy on this machine is believed about whom it forwards. */
function addressOf(c: Context): string {
  const address = getConnInfo(c).remote.address ?? ''
  const forwarded = c.req.header('X-Forwarded-For')?.split(',').at(-1)?.trim()
  return forwarded && LOOPBACK.test(address) ? forwarded : address
}

type Refusal = 403 | 413 | 422 | 429 | 503
const refuse = (services: ChatServices, c: Context, status: Refusal, detail: string, headers: Record<string, string> = {}): Response | Promise<Response> =>
  wantsPage(c) ? c.html(renderMessagePage({ assets: services.assets, isLarge: isLargeType(c), title: chatText.faultTitle, text: detail }), status, headers) : problem(c, status, detail, headers)
