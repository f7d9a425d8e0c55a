import type { Context } from 'hono'
import { z } from 'zod'
import { StoreError } from '../../domain/errors.ts'
import { LONGEST_INBOUND_TEXT, type Attachment, type InboundMessage } from '../../domain/messages/messages.ts'
import { cleanTyped } from '../../language/clean.ts'
import { listReplies, wasErasedSince } from '../../store/conversations/conversations.ts'
import { boundedText } from '../api/schemas.ts'
import { callerOf } from '../caller/caller.ts'
import { RETRY_AFTER_SECONDS } from '../problem.ts'
import { formatWait } from '../wait.ts'
import type { Doer, Limits } from './bounds.ts'
import type { ChatServices } from './chat.tsx'
import { renderLine, type LineView } from './line.tsx'
import { refuse, wantsPage } from './refuse.tsx'
import { chatText } from './text.ts'
import { lostPhotos, type Uploads } from './uploads.ts'
import { WEB_CHANNEL, type Visitor, type Visitors } from './visitor.ts'

const LONGEST_ID = 100
export const ChatInput = z.object({ id: boundedText(1, LONGEST_ID, 'Made by the page'), text: z.string(), reply_to: z.number().int().min(1).optional() })
type Said = z.infer<typeof ChatInput>

export const viewOf = (services: ChatServices): LineView => ({ documentTitle: services.documentTitle, now: services.now() })

/** One message from the page: stored, decided, and answered with the lines to show. A plain form gets the whole page again. */
export type TurnTaker = (c: Context, said: Said, files: readonly File[]) => Promise<Response>

export function createTurnTaker(services: ChatServices, { visitors, limits, uploads }: { visitors: Visitors; limits: Limits; uploads: Uploads }): TurnTaker {
  const { assistant, store, now, photos } = services

  /** Who is in danger reads what to do, whatever else can't be done for them. */
  const safetyWordsOr = async (said: string, otherwise: string): Promise<string> => (await assistant.safetyWords(said)) ?? otherwise

  /** null = it may be taken. What tells of a danger is taken also where there was too much of late. */
  const findHold = async (doer: Doer, isNewcomer: boolean, said: string): Promise<{ words: string; waitSeconds: number } | null> => {
    const held = limits.takeMessage({ ...doer, isNewcomer })
    if (held === null) return null
    const safetyWords = await assistant.safetyWords(said)
    const waitSeconds = safetyWords === null ? held.waitSeconds : limits.takeDanger(doer)
    if (waitSeconds === 0) return null
    const wait = formatWait(held.waitSeconds * 1000)
    return { waitSeconds, words: safetyWords ?? (held.isForNewcomers ? chatText.tooManyNew(wait) : chatText.tooFast(wait)) }
  }

  const takePhotos = async (doer: Doer, files: readonly File[], said: string): Promise<Attachment[] | number> => {
    const taken = await uploads.take(files, doer)
    return typeof taken === 'number' && (await assistant.safetyWords(said)) !== null ? lostPhotos(files) : taken
  }

  return async (c, said, files) => {
    const startedAt = now()
    let attachments: Attachment[] = []
    try {
      const { visitor } = await visitors.ensure(c)
      const isNewcomer = !(await visitors.hasSpoken(visitor))
      // Of whom nothing is known there is nothing to answer to, nor to keep.
      if (isNewcomer && files.length === 0 && cleanTyped(said.text) === '') return refuse(services, c, 422, chatText.nothingSaid)
      const doer = { visitorId: visitor.id, counted: callerOf(c).counted }
      const held = await findHold(doer, isNewcomer, said.text)
      if (held !== null) return refuse(services, c, 429, held.words, { 'Retry-After': String(held.waitSeconds) })
      const taken = await takePhotos(doer, files, said.text)
      if (typeof taken === 'number') return refuse(services, c, 429, chatText.tooManyPhotos(formatWait(taken * 1000)), { 'Retry-After': String(taken) })
      attachments = taken
      const message = { ...toMessage(visitor, said, startedAt), attachments }
      await (await assistant.receive(message)).turn
      visitors.noteSpoken(visitor)
      if (wantsPage(c)) return c.redirect('/#latest', 303)
      const [replies, isErased] = await Promise.all([listReplies(store, visitor.conversation, message.externalId), wasErasedSince(store, visitor.conversation, startedAt)])
      return c.json({ id: said.id, lines: replies.map((line) => renderLine(line, viewOf(services))), forget: isErased })
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      return refuse(services, c, 503, await safetyWordsOr(said.text, store.trouble() === null ? chatText.busy : chatText.notStored), { 'Retry-After': String(RETRY_AFTER_SECONDS) })
    } finally {
      photos.release(attachments)
    }
  }
}

function toMessage(visitor: Visitor, said: Said, now: Date): InboundMessage {
  return {
    ...WEB_CHANNEL,
    externalId: JSON.stringify([visitor.id, said.id]),
    conversation: { kind: 'private', externalId: visitor.id },
    sender: { externalId: visitor.id },
    isAddressed: true,
    text: cleanTyped(said.text.slice(0, 4 * LONGEST_INBOUND_TEXT), { longest: LONGEST_INBOUND_TEXT }),
    attachments: [],
    sentAt: now,
    ...(said.reply_to !== undefined && { repliesTo: { seq: said.reply_to } }),
  }
}
