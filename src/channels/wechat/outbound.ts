import type { FileBoxInterface } from 'file-box'
import type { OutgoingMessage, SendResult } from '../../domain/messages/messages.ts'
import type { OutgoingPicture } from '../../domain/pictures/pictures.ts'
import { cleanNickname } from '../../language/clean.ts'
import { within } from '../backoff.ts'
import { withChoices } from '../choices.ts'
import { createPartSender } from '../parts.ts'
import { splitText } from '../text-limits.ts'

/** Longest text, in UTF-8 bytes, that WeChat takes without cutting it. */
export const LONGEST_TEXT = 2_000
/** WeChat slows an account down that writes too much; it is let off after about this. */
const TOO_FAST_PAUSE_MS = 60_000

/** The part of wechaty's puppet that sends. */
export interface PuppetSender {
  messageSendText(conversationId: string, text: string, mentionIdList?: string[]): Promise<string | void>
  messageSendFile(conversationId: string, file: FileBoxInterface): Promise<string | void>
}

/** A picture goes to the gateway first, and from there to WeChat. */
const PICTURE_PATIENCE = 2

/** Nothing was sent, whatever `cause` says. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError'
}

/** Sends through whichever puppet is online; `onLost` hears that the connection broke under a send. */
export function createWechatSender(current: () => PuppetSender | null, onLost: () => void, sendTimeoutMs: number): { send(message: OutgoingMessage): Promise<SendResult> } {
  const sendParts = createPartSender()

  async function sendPart(message: OutgoingMessage, text: string): Promise<SendResult> {
    const puppet = current()
    if (puppet === null) return { outcome: 'retry', reason: 'WeChat is not online.' }
    const ids = message.conversation.kind === 'group' && message.mention !== undefined ? [message.mention.externalId] : undefined
    const patienceMs = message.picture === undefined ? sendTimeoutMs : PICTURE_PATIENCE * sendTimeoutMs
    try {
      const sending = message.picture === undefined ? puppet.messageSendText(message.conversation.externalId, text, ids) : puppet.messageSendFile(message.conversation.externalId, await toFile(message.picture))
      const id = await within(sending, patienceMs)
      if (id === 'timeout') return { outcome: 'unknown', reason: `WeChat did not answer within ${patienceMs} ms.` }
      return { outcome: 'sent', ...(typeof id === 'string' && id !== '' ? { platformMessageId: id } : {}) }
    } catch (error) {
      const failure = toResult(error)
      if (isConnectionFault(error)) onLost()
      return failure
    }
  }

  return {
    // A picture has no caption here, so it comes alone.
    send: (message) => (message.picture === undefined ? sendParts(message.key, splitText(compose(message), LONGEST_TEXT, 'utf8'), (part) => sendPart(message, part)) : sendPart(message, '')),
  }
}

/** wechaty's file, loaded only where pictures are sent; WeChat tells by the name's ending that it is a picture. */
async function toFile({ bytes, type }: OutgoingPicture): Promise<FileBoxInterface> {
  const { FileBox } = await import('file-box')
  // From a buffer, small ones can't be handed to a gateway.
  return FileBox.fromBase64(Buffer.from(bytes).toString('base64'), type === 'image/png' ? 'picture.png' : 'picture.jpg')
}

/**
 * The text as WeChat shows it: the asker first in a group, by the cleaned nickname (the raw one may be a mass mention),
 * and what the buttons would say, as WeChat has none.
 */
function compose(message: OutgoingMessage): string {
  const asker = message.conversation.kind === 'group' && message.mention !== undefined ? `@${cleanNickname(message.mention.nickname)}\u2005` : ''
  return asker + withChoices(message)
}

const CANCELLED = 1
const DEADLINE_EXCEEDED = 4
const UNAVAILABLE = 14

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined
}

/** Whether an error is the gateway's connection breaking, rather than its answer. */
export function isConnectionFault(error: unknown): boolean {
  if (error instanceof NotSentError) return isConnectionFault(error.cause)
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  return code === UNAVAILABLE || code === CANCELLED || /^(?:14 UNAVAILABLE|1 CANCELLED)|NO CLIENT|no grpc manager/.test(message)
}

/** What a failed send means for the message. */
export function toResult(error: unknown): SendResult {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 200)
  const reason = `WeChat: ${message}`
  if (error instanceof NotSentError) return { outcome: 'retry', reason }
  if (/ECONNREFUSED|ENOTFOUND|No connection established|NO CLIENT|no grpc manager|not logged ?in|未登录/i.test(message)) return { outcome: 'retry', reason }
  if (isConnectionFault(error) || codeOf(error) === DEADLINE_EXCEEDED || /ECONNRESET|ETIMEDOUT|socket hang up|timeout/i.test(message)) return { outcome: 'unknown', reason }
  if (/频繁|too (?:fast|often|many|frequent)|frequency|1205/i.test(message)) return { outcome: 'retry', reason, afterMs: TOO_FAST_PAUSE_MS, pausesAccount: true }
  if (/not exist|not found|not (?:your )?(?:a )?friend|不是.{0,6}好友|拉黑|拒收|black ?list|not (?:a )?member|已被移出/i.test(message)) return { outcome: 'recipient_gone', reason }
  return { outcome: 'rejected', reason }
}
