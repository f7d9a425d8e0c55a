import type { WSClient } from '@wecom/aibot-node-sdk'
import type { OutgoingMessage, SendResult } from '../../domain/messages/messages.ts'
import type { OutgoingPicture } from '../../domain/pictures/pictures.ts'
import { withChoices } from '../choices.ts'
import { createPartSender } from '../parts.ts'
import { splitText } from '../text-limits.ts'
import { createPictureUploads } from './pictures.ts'

/** Longest markdown text, in UTF-8 bytes. */
export const LONGEST_TEXT = 20_480
/** Largest picture, in bytes: WeCom's limit in group webhooks. Robots may take more, which nobody here could try. */
export const LARGEST_IMAGE = 2 * 1024 * 1024
const TOO_FAST_PAUSE_MS = 60_000
/** The number of a picture is not, or no longer, known: nothing was sent. */
const UNKNOWN_MEDIA = 40007

/** Sends through the client that is connected; null = none is. */
export function createWecomSender(current: () => Pick<WSClient, 'isConnected' | 'sendMessage' | 'uploadMedia'> | null, now: () => Date): { send(message: OutgoingMessage): Promise<SendResult> } {
  const sendParts = createPartSender()
  const uploads = createPictureUploads(now)

  async function sendPart(message: OutgoingMessage, content: string): Promise<SendResult> {
    const client = current()
    if (client === null || !client.isConnected) return { outcome: 'retry', reason: 'WeCom is not connected.' }
    try {
      await client.sendMessage(message.conversation.externalId, { msgtype: 'markdown', markdown: { content } })
      return { outcome: 'sent' }
    } catch (error) {
      return toResult(error)
    }
  }

  /** A picture has no caption here, so it comes alone. */
  async function sendPicture({ conversation }: OutgoingMessage, picture: OutgoingPicture): Promise<SendResult> {
    const client = current()
    if (client === null || !client.isConnected) return { outcome: 'retry', reason: 'WeCom is not connected.' }
    let mediaId: string
    try {
      mediaId = await uploads.idOf(client, picture)
    } catch (error) {
      const result = toResult(error)
      return result.outcome === 'unknown' ? { outcome: 'retry', reason: 'The picture did not reach WeCom.' } : result
    }
    try {
      await client.sendMessage(conversation.externalId, { msgtype: 'image', image: { media_id: mediaId } })
      return { outcome: 'sent' }
    } catch (error) {
      if (codeOf(error) !== UNKNOWN_MEDIA) return toResult(error)
      uploads.forget(picture)
      return { outcome: 'retry', reason: 'WeCom no longer knows the picture; it is uploaded anew.' }
    }
  }

  const sendText = (message: OutgoingMessage) => sendParts(message.key, splitText(compose(message), LONGEST_TEXT, 'utf8'), (part) => sendPart(message, part))
  return { send: (message) => (message.picture === undefined ? sendText(message) : sendPicture(message, message.picture)) }
}

/** The asker first in a group, by the platform's own mention: the id, never a name that somebody chose. */
function compose(message: OutgoingMessage): string {
  const { conversation, mention } = message
  const asker = conversation.kind === 'group' && mention !== undefined && /^[\w.@-]{1,64}$/.test(mention.externalId) ? `<@${mention.externalId}> ` : ''
  return asker + withChoices(message)
}

const codeOf = (error: unknown): number | null => (typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null)

/** What a failed call means for the message. WeCom answers with a frame that holds an error code; the SDK itself with an Error. */
export function toResult(error: unknown): SendResult {
  const code = codeOf(error)
  if (code !== null) {
    const said = typeof error === 'object' && error !== null && 'errmsg' in error && typeof error.errmsg === 'string' ? error.errmsg : ''
    return toAnsweredResult(code, `${code} ${said}`.trim())
  }
  const message = error instanceof Error ? error.message : ''
  // The SDK says so before it writes anything.
  if (/not connected|exceeds max size/i.test(message)) return { outcome: 'retry', reason: 'WeCom is not connected.' }
  return { outcome: 'unknown', reason: 'The connection failed before WeCom answered.' }
}

/** Codes of WeCom's list of global error codes. */
export function toAnsweredResult(code: number, reason: string): SendResult {
  // -1 is "system busy, try again".
  if (code === -1) return { outcome: 'retry', reason }
  if ([45009, 45033, 45047, 846607].includes(code)) return { outcome: 'retry', reason, afterMs: TOO_FAST_PAUSE_MS, pausesAccount: true }
  if ([40003, 40031, 60111, 81013, 86001, 86003, 86008, 93000].includes(code)) return { outcome: 'recipient_gone', reason }
  return { outcome: 'rejected', reason }
}
