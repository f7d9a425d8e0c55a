import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { StoreError } from '../../domain/errors.ts'
import type { CommittedReply } from '../../domain/messages/outcome.ts'
import { INTENTS } from '../../domain/messages/understanding.ts'
import { markFetched } from '../../store/conversations/takeover.ts'
import { listPushed } from '../../store/outbox/outbox.ts'
import { pictureUrl } from '../pictures.ts'
import { problem } from '../problem.ts'
import type { ApiServices } from './api.ts'
import { HTTP_CHANNEL, MessageInput, takePhotos, toInboundMessage } from './message-input.ts'
import { BODY_PROBLEMS, identifier, Instant, jsonAnswer, jsonBody, problems, QUERY_PROBLEMS, SECURITY, wholeNumber } from './schemas.ts'

/** A text of a million characters, each escaped in JSON, with room to spare. */
export const LARGEST_BODY_BYTES = 8 * 1024 * 1024
/** Where messages are handed in, below the API. */
export const MESSAGES = '/messages'

const REPLY_KINDS = ['answer', 'refusal', 'correction', 'question', 'confirm', 'receipt', 'notice', 'announcement', 'emergency', 'text'] as const

const ReplySchema = z
  .object({
    to: z.enum(['group', 'private']),
    kind: z.enum(REPLY_KINDS),
    text: z.string(),
    buttons: z.array(z.object({ label: z.string(), text: z.string() })).optional(),
    citations: z.array(z.object({ document: z.string(), clause: z.string(), quote: z.string() })).optional(),
    conversation: z.string().optional().openapi({ description: 'The private conversation in which a reply to a group goes on' }),
  })
  .openapi('Reply')

const TurnSchema = z.object({ id: z.string(), intent: z.enum(INTENTS), duplicate: z.boolean(), replies: z.array(ReplySchema) }).openapi('Turn')

const PushedSchema = z
  .object({ seq: z.number().int(), text: z.string(), kind: z.enum(REPLY_KINDS), at: Instant, picture: z.url().optional().openapi({ description: 'Address of the picture that goes with it' }) })
 .openapi('PushedMessage')

const postMessage = createRoute({
  method: 'post',
  path: MESSAGES,
  summary: 'Hand a message in and get the committed turn',
  security: SECURITY,
  request: { body: jsonBody(MessageInput) },
  responses: { 200: jsonAnswer(TurnSchema, 'The turn, once it is committed'), ...problems(...BODY_PROBLEMS) },
})

const getMessages = createRoute({
  method: 'get',
  path: MESSAGES,
  summary: 'What was pushed into a conversation: notices, announcements, forms moved from a group',
  security: SECURITY,
  request: {
    query: z.object({
      conversation: identifier('As it was handed in'),
      after: wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER, description: 'The last seq that was seen; 0 is the start' }).optional(),
    }),
  },
  responses: { 200: jsonAnswer(z.object({ messages: z.array(PushedSchema) }), 'Oldest first; empty for an unknown conversation'), ...problems(...QUERY_PROBLEMS) },
})

export function addMessageRoutes(app: OpenAPIHono, services: ApiServices): void {
  app.openapi(postMessage, async (c) => {
    const input = c.req.valid('json')
    const besidePhotos = (await c.req.arrayBuffer()).byteLength - (input.attachments ?? []).reduce((sum, { data }) => sum + data.length, 0)
    if (besidePhotos > LARGEST_BODY_BYTES) return problem(c, 413, `Besides its photos a body may have at most ${LARGEST_BODY_BYTES} bytes.`)
    const attachments = await takePhotos(input, services.photos)
    const { id, message } = toInboundMessage(input, services.now(), attachments)
    try {
      const { isNew, turn } = await services.assistant.receive(message)
      const { intent, isDuplicate, replies } = await turn
      return c.json({ id, intent, duplicate: !isNew || isDuplicate, replies: replies.map(toReplyJson) }, 200)
    } catch (error) {
      return await tellInDanger(services, message.text, error)
    } finally {
      services.photos.release(attachments)
    }
  })

  app.openapi(getMessages, async (c) => {
    const { conversation, after } = c.req.valid('query')
    const messages = await listPushed(services.store, { ...HTTP_CHANNEL, externalId: conversation }, after ?? 0)
    const newest = messages.at(-1)
    if (newest !== undefined) await markFetched(services.store, { ...HTTP_CHANNEL, externalId: conversation }, newest.at, services.now())
    return c.json({ messages: messages.map(({ seq, text, kind, at, picture }) => ({ seq, text, kind, at: at.toISOString(), ...(picture !== undefined && { picture: pictureUrl(c, picture, services.publicUrl) }) })) }, 200)
  })
}

/** Nothing could be stored: the fault, with what to do in the danger that the message tells of. */
async function tellInDanger({ assistant }: ApiServices, said: string, error: unknown): Promise<never> {
  const words = error instanceof StoreError ? await assistant.safetyWords(said) : null
  throw words === null ? error : new HTTPException(503, { message: words, cause: error })
}

/** A reply on the wire: what it does not have is left out. */
export function toReplyJson(reply: CommittedReply): z.infer<typeof ReplySchema> {
  return {
    to: reply.to,
    kind: reply.kind,
    text: reply.text,
    ...(reply.buttons && reply.buttons.length > 0 && { buttons: reply.buttons.map(({ label, text }) => ({ label, text })) }),
    ...(reply.citations && reply.citations.length > 0 && { citations: reply.citations.map(({ document, clause, quote }) => ({ document, clause, quote })) }),
    ...(reply.conversation !== undefined && { conversation: reply.conversation }),
  }
}
