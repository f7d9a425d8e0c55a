import { type Api, GrammyError, HttpError } from 'grammy'
import type { InlineKeyboardMarkup } from 'grammy/types'
import { LONGEST_BUTTON_BYTES, type Button, type OutgoingMessage, type SendResult } from '../../domain/messages/messages.ts'
import { cleanNickname } from '../../language/clean.ts'
import { neverConnected } from '../network.ts'
import { createPartSender } from '../parts.ts'
import { splitText } from '../text-limits.ts'
import { messageIdIn, messageKey } from './inbound.ts'
import { isPhotoTrouble, type PhotoSender } from './photos.ts'

/** Longest message, in UTF-16 units. */
export const LONGEST_TEXT = 4096
/** Labels up to this many characters share a row. */
const SHORT_LABEL = 6
const TOKEN_TROUBLE_PAUSE_MS = 60_000

export interface TelegramSender {
  send(message: OutgoingMessage): Promise<SendResult>
}

export interface SenderHooks {
  /** The token is not accepted: the whole account suffers. */
  onTokenTrouble: () => void
  /** Waits before the next part of a long message; may end early. */
  pauseBetweenParts: (kind: 'private' | 'group') => Promise<void>
  sendPhoto: PhotoSender
}

/** Sends through the Bot API; plain text only, so that no text can be markup. */
export function createTelegramSender(api: Api, { onTokenTrouble, pauseBetweenParts, sendPhoto }: SenderHooks): TelegramSender {
  const sendParts = createPartSender()
  const migrated = new Map<string, string>()

  async function sendPart(message: OutgoingMessage, chatId: string, text: string, place: { isFirst: boolean; isLast: boolean }): Promise<SendResult> {
    const replyTo = place.isFirst ? messageIdIn(message.conversation.externalId, message.quotes) : undefined
    const keyboard = place.isLast ? toKeyboard(message.buttons) : undefined
    const options = {
      // A group that has moved keeps the messages but not their ids.
      ...(message.thread === undefined || chatId !== message.conversation.externalId ? {} : { message_thread_id: Number(message.thread) }),
      ...(replyTo === undefined || chatId !== message.conversation.externalId ? {} : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
      ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
    }
    try {
      const sent = message.picture === undefined
        ? await api.sendMessage(Number(chatId), text, { link_preview_options: { is_disabled: true }, ...options })
        : await sendPhoto(Number(chatId), message.picture, { ...(text !== '' && { caption: text }), ...options })
      return { outcome: 'sent', platformMessageId: messageKey(sent.chat.id, sent.message_id), ...(chatId === message.conversation.externalId ? {} : { movedTo: chatId }) }
    } catch (error) {
      const movedTo = error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined
      if (movedTo !== undefined && String(movedTo) !== chatId) {
        migrated.set(message.conversation.externalId, String(movedTo))
        return sendPart(message, String(movedTo), text, place)
      }
      // What is said matters more than what is shown.
      if (message.picture !== undefined && text !== '' && isPhotoTrouble(error)) {
        const { picture: _refused, ...alone } = message
        return sendPart(alone, chatId, text, place)
      }
      if (error instanceof GrammyError && isTokenTrouble(error.error_code)) onTokenTrouble()
      return toResult(error)
    }
  }

  return {
    async send(message) {
      const chatId = migrated.get(message.conversation.externalId) ?? message.conversation.externalId
      if (!/^-?\d{1,15}$/.test(chatId)) return { outcome: 'rejected', reason: `"${chatId}" is no Telegram chat id.` }
      const tooLong = message.buttons.find((button) => !fitsButton(button))
      if (tooLong !== undefined) return { outcome: 'rejected', reason: `The text of button "${tooLong.label}" is longer than ${LONGEST_BUTTON_BYTES} bytes; shorten it.` }
      const parts = message.picture === undefined ? splitText(withAsker(message), LONGEST_TEXT, 'utf16') : [message.text.trim()]
      let hasSent = false
      return sendParts(message.key, parts, async (part, index) => {
        if (hasSent) await pauseBetweenParts(message.conversation.kind)
        hasSent = true
        return sendPart(message, chatId, part, { isFirst: index === 0, isLast: index === parts.length - 1 })
      })
    },
  }
}

/** In a group the asker is quoted; where there is nothing to quote, named. */
function withAsker(message: OutgoingMessage): string {
  if (message.conversation.kind === 'private' || message.mention === undefined) return message.text
  if (messageIdIn(message.conversation.externalId, message.quotes) !== undefined) return message.text
  const name = cleanNickname(message.mention.nickname)
  return name === '' ? message.text : `${name}，${message.text}`
}

/** Whether what a button says fits its data: pressing it hands that over as if it had been typed. */
export const fitsButton = (button: Button): boolean => {
  const bytes = Buffer.byteLength(button.text, 'utf8')
  return bytes > 0 && bytes <= LONGEST_BUTTON_BYTES
}

function toKeyboard(buttons: readonly Button[]): InlineKeyboardMarkup | undefined {
  if (buttons.length === 0) return undefined
  const rows: Button[][] = []
  for (const button of buttons) {
    const row = rows.at(-1)
    const isShort = [...(row ?? []), button].every((one) => one.label.length <= SHORT_LABEL)
    if (row !== undefined && row.length < 3 && isShort) row.push(button)
    else rows.push([button])
  }
  return { inline_keyboard: rows.map((row) => row.map((button) => ({ text: button.label, callback_data: button.text }))) }
}

/** 401 is a revoked token, 404 one that never was. */
export const isTokenTrouble = (code: number): boolean => code === 401 || code === 404

/** What a failed call means for the message. Reasons hold no address: it contains the token. */
export function toResult(error: unknown): SendResult {
  if (error instanceof GrammyError) return toAnsweredResult(error)
  if (error instanceof HttpError) return toNetworkResult(error.error)
  return { outcome: 'rejected', reason: error instanceof Error ? error.name : 'unknown fault' }
}

function toAnsweredResult({ error_code: code, description, parameters }: GrammyError): SendResult {
  const reason = `${code} ${description}`
  if (code === 429) return { outcome: 'retry', reason, afterMs: (parameters.retry_after ?? 1) * 1000, pausesAccount: true }
  if (isTokenTrouble(code)) return { outcome: 'retry', reason, afterMs: TOKEN_TROUBLE_PAUSE_MS, pausesAccount: true }
  if (code === 403 || /chat not found|user not found|PEER_ID_INVALID|user is deactivated|group chat was deleted/i.test(description)) return { outcome: 'recipient_gone', reason }
  if (code >= 500) return { outcome: 'retry', reason }
  return { outcome: 'rejected', reason }
}

/** Only a failure before the connection stood proves that nothing left. */
function toNetworkResult(error: unknown): SendResult {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const message = error instanceof Error ? error.message : ''
  const isUnsent = neverConnected(code) || /reason: (?:connect|getaddrinfo) /.test(message) || /^(?:CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code)
  if (isUnsent) return { outcome: 'retry', reason: `Telegram cannot be reached (${code || 'no connection'}).` }
  return { outcome: 'unknown', reason: `The connection failed before Telegram answered (${code || 'time-out'}).` }
}
