import type { Chat, Message } from 'grammy/types'
import { BotApiError } from './parameters.ts'
import { SendingRates } from './rates.ts'

export type ChatStanding = 'open' | 'blocked' | 'kicked' | 'not_started'

interface ChatEntry {
  chat: Chat
  standing: ChatStanding
  movedTo: number | null
}

/** The chats that the bot could know, their messages, and whether it may write to them now. */
export class ChatBook {
  readonly #chats = new Map<number, ChatEntry>()
  readonly #messages = new Map<string, Message>()
  readonly #rates = new SendingRates()
  readonly #options: { now: () => Date; enforcesRates: boolean }
  #nextMessageId = 1

  constructor(options: { now: () => Date; enforcesRates: boolean }) {
    this.#options = options
  }

  open(chat: Chat, standing: ChatStanding = 'open'): void {
    this.#chats.set(chat.id, { chat, standing, movedTo: null })
  }

  has(chatId: number): boolean {
    return this.#chats.has(chatId)
  }

  /** A chat that the test opened. */
  known(chatId: number): ChatEntry {
    const entry = this.#chats.get(chatId)
    if (entry === undefined) throw new Error(`The test has not opened chat ${chatId}.`)
    return entry
  }

  takeMessageId(): number {
    return this.#nextMessageId++
  }

  keep(message: Message): void {
    this.#messages.set(keyOf(message.chat.id, message.message_id), message)
  }

  find(chatId: number, messageId: number): Message | undefined {
    return this.#messages.get(keyOf(chatId, messageId))
  }

  /** The message is not there any more; what answers it may still be sent. */
  forget(chatId: number, messageId: number): void {
    this.#messages.delete(keyOf(chatId, messageId))
  }

  /** The chat that the bot writes to; the error that Telegram answers where it may not. */
  writable(chatId: number): Chat {
    const entry = this.#chats.get(chatId)
    if (entry === undefined) throw new BotApiError(400, 'Bad Request: chat not found')
    if (entry.movedTo !== null) throw new BotApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: entry.movedTo })
    if (entry.standing === 'blocked') throw new BotApiError(403, 'Forbidden: bot was blocked by the user')
    if (entry.standing === 'kicked') throw new BotApiError(403, 'Forbidden: bot was kicked from the group chat')
    if (entry.standing === 'not_started') throw new BotApiError(403, "Forbidden: bot can't initiate conversation with a user")
    return entry.chat
  }

  /** Counts one send to the chat against Telegram's rates, where they are enforced. */
  countSend(chat: Chat): void {
    if (!this.#options.enforcesRates) return
    const seconds = this.#rates.take({ id: chat.id, isGroup: chat.type !== 'private' }, this.#options.now().getTime())
    if (seconds !== null) throw new BotApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })
  }
}

const keyOf = (chatId: number, messageId: number): string => `${chatId}:${messageId}`
