import type { ServerResponse } from 'node:http'
import type { Chat, Message, User } from 'grammy/types'
import type { z } from 'zod'
import type { ChatBook } from './chats.ts'
import type { UpdateDelivery } from './delivery.ts'
import { answer, BotApiError, METHOD_PARAMETERS } from './parameters.ts'
import { describeFile, sendPhoto, type PhotoShelf, type SentPhoto } from './photos.ts'

export interface SentMessage {
  chatId: number
  messageId: number
  text: string
  /** When, by the fake's clock. */
  at: Date
  replyTo: number | null
  /** The topic of a forum; null in its general one, and everywhere else. */
  threadId: number | null
  buttons: { label: string; data: string }[]
  /** A photo, whose caption is the text. */
  photo?: SentPhoto
}

/** What the methods work on. */
export interface BotApiWorld {
  readonly me: User & { username: string }
  readonly privacyMode: boolean
  readonly chats: ChatBook
  readonly delivery: UpdateDelivery
  readonly sent: SentMessage[]
  readonly photos: PhotoShelf
  now(): Date
  /** Whether the pressing waits for its answer; asked once, it waits no longer. */
  endQuery(id: string): boolean
}

/** Longest text of a message, in UTF-16 units. */
const LONGEST_TEXT = 4096

/** Runs one call as Telegram does: its parameters are checked first, and what is wrong is an error that says so. */
export async function runMethod(world: BotApiWorld, method: string, body: Record<string, unknown>, response: ServerResponse): Promise<unknown> {
  switch (method) {
    case 'getMe':
      answer(METHOD_PARAMETERS.getMe, body)
      return { ...world.me, can_join_groups: true, can_read_all_group_messages: !world.privacyMode, supports_inline_queries: false }
    case 'getUpdates':
      return world.delivery.poll(answer(METHOD_PARAMETERS.getUpdates, body), response)
    case 'sendMessage':
      return sendMessage(world, answer(METHOD_PARAMETERS.sendMessage, body))
    case 'sendPhoto':
      return sendPhoto(world, answer(METHOD_PARAMETERS.sendPhoto, body))
    case 'getFile':
      return describeFile(world, answer(METHOD_PARAMETERS.getFile, body).file_id)
    case 'answerCallbackQuery':
      if (!world.endQuery(answer(METHOD_PARAMETERS.answerCallbackQuery, body).callback_query_id)) {
        throw new BotApiError(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid')
      }
      return true
    case 'setMyCommands':
      answer(METHOD_PARAMETERS.setMyCommands, body)
      return true
    case 'setWebhook':
      world.delivery.setWebhook(answer(METHOD_PARAMETERS.setWebhook, body))
      return true
    case 'deleteWebhook':
      world.delivery.deleteWebhook(answer(METHOD_PARAMETERS.deleteWebhook, body))
      return true
    case 'getWebhookInfo':
      answer(METHOD_PARAMETERS.getWebhookInfo, body)
      return world.delivery.webhookInfo()
    default:
      throw new BotApiError(404, 'Not Found')
  }
}

function sendMessage(world: BotApiWorld, params: z.infer<typeof METHOD_PARAMETERS.sendMessage>): Message {
  world.chats.writable(params.chat_id)
  if (params.text.trim() === '') throw new BotApiError(400, 'Bad Request: message text is empty')
  if (params.text.length > LONGEST_TEXT) throw new BotApiError(400, 'Bad Request: message is too long')
  return recordSend(world, params, params.text, { text: params.text })
}

type Destination = Pick<z.infer<typeof METHOD_PARAMETERS.sendMessage>, 'chat_id' | 'message_thread_id' | 'reply_parameters' | 'reply_markup'>

/** Puts a message of ours where it belongs and counts it; for every method that sends. `text` is what a person reads of it. */
export function recordSend(world: BotApiWorld, params: Destination, text: string, content: Partial<Message>): Message {
  const chat = world.chats.writable(params.chat_id)
  const original = findOriginal(world, chat, params)
  const threadId = threadOf(chat, params, original)
  world.chats.countSend(chat)
  const message = {
    message_id: world.chats.takeMessageId(),
    from: world.me,
    chat,
    date: Math.floor(world.now().getTime() / 1000),
    ...content,
    ...(threadId === null ? {} : { message_thread_id: threadId, is_topic_message: true }),
    ...(original === undefined ? {} : { reply_to_message: original }),
  } as Message
  world.chats.keep(message)
  const buttons = (params.reply_markup?.inline_keyboard ?? []).flat().map((button) => ({ label: button.text, data: button.callback_data }))
  world.sent.push({ chatId: chat.id, messageId: message.message_id, text, at: world.now(), replyTo: original?.message_id ?? null, threadId, buttons })
  return message
}

function findOriginal(world: BotApiWorld, chat: Chat, { reply_parameters: reply }: Destination): Message | undefined {
  if (reply === undefined) return undefined
  const original = world.chats.find(chat.id, reply.message_id)
  if (original === undefined && reply.allow_sending_without_reply !== true) throw new BotApiError(400, 'Bad Request: message to be replied not found')
  return original
}

/** A reply lands in the topic of what it answers; a topic that is named must be one of a forum, and that of the reply. */
function threadOf(chat: Chat, { message_thread_id: named }: Destination, original: Message | undefined): number | null {
  const isForum = chat.type === 'supergroup' && chat.is_forum === true
  if (named !== undefined && !isForum) throw new BotApiError(400, 'Bad Request: message thread not found')
  const answered = original?.is_topic_message === true ? original.message_thread_id : undefined
  if (named !== undefined && original !== undefined && answered !== named) throw new BotApiError(400, 'Bad Request: message to be replied is in another topic')
  return named ?? answered ?? null
}
