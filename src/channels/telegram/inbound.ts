import type { CallbackQuery, ChatMember, Document, InaccessibleMessage, Message, MessageEntity, Update, User } from 'grammy/types'
import type { ConversationEvent } from '../../domain/messages/channel.ts'
import type { Attachment, InboundMessage } from '../../domain/messages/messages.ts'
import { LARGEST_PHOTO_BYTES } from '../../domain/pictures/photos.ts'
import { cleanForEcho, cleanTyped } from '../../language/clean.ts'
import { findNameMentions, removeSpans, type TextSpan, withBlankAfter } from '../mentions.ts'
import { commandText, isKnownCommand } from './commands.ts'

export interface TelegramSelf {
  id: number
  username: string
  firstName: string
}

/** Message ids count per chat, so ours name the chat too. */
export const messageKey = (chatId: number, messageId: number): string => `${chatId}:${messageId}`

/** The message id in a key of this chat, of an edited one too; undefined when the key names no message of it (a pressed button, another chat). */
export function messageIdIn(chatId: string, key: string | undefined): number | undefined {
  if (key === undefined || !key.startsWith(`${chatId}:`)) return undefined
  const [digits] = /^\d+(?=$|:\d+$)/.exec(key.slice(chatId.length + 1)) ?? []
  const id = Number(digits)
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}

/** What an update says to us; null for what is no message from a person (our own, other bots, channels, service messages). */
export function readUpdate(update: Update, account: string, self: TelegramSelf, now: Date): InboundMessage | null {
  if (update.callback_query !== undefined) return readButton(update.callback_query, account, now)
  if (update.message !== undefined) return readMessage(update.message, account, self)
  if (update.edited_message !== undefined) return readEdit(update.edited_message, account, self)
  return null
}

/** An edit counts for its words: a place that moves on or a photo put right says nothing new, and group talk put right is still talk. */
function readEdit(edited: Message, account: string, self: TelegramSelf): InboundMessage | null {
  const message = readMessage(edited, account, self)
  if (message === null || message.text === '' || !message.isAddressed || edited.edit_date === undefined) return null
  return { ...message, externalId: `${message.externalId}:${edited.edit_date}`, edits: message.externalId, firstSentAt: message.sentAt, sentAt: new Date(edited.edit_date * 1000) }
}

/** What a chat's update says of the chat itself: a group that moved, a person who blocked us, a group that sent us away; null for all else. */
export function readEvent({ message, my_chat_member: member }: Update): ConversationEvent | null {
  if (message?.migrate_to_chat_id !== undefined) return moved(message.chat.id, message.migrate_to_chat_id)
  if (message?.migrate_from_chat_id !== undefined) return moved(message.migrate_from_chat_id, message.chat.id)
  if (member === undefined || member.chat.type === 'channel') return null
  const { kind, externalId } = readConversation(member.chat)
  return { type: canWrite(member.new_chat_member) ? 'back' : 'gone', conversation: { kind, externalId } }
}

const moved = (from: number, to: number): ConversationEvent => ({ type: 'moved', conversation: { kind: 'group', externalId: String(from) }, to: String(to) })

const canWrite = (member: ChatMember): boolean =>
  member.status === 'restricted' ? member.is_member && member.can_send_messages : member.status !== 'kicked' && member.status !== 'left'

function readButton(query: CallbackQuery, account: string, now: Date): InboundMessage | null {
  const chat = query.message?.chat
  if (query.data === undefined || chat === undefined || query.from.is_bot || chat.type === 'channel') return null
  return {
    channel: 'telegram',
    account,
    externalId: `button:${query.id}`,
    conversation: readConversation(chat),
    sender: readSender(query.from),
    isAddressed: true,
    text: query.data,
    attachments: [],
    sentAt: now,
    // 0 when the message is out of Telegram's reach: older than anything that waits for an answer.
    buttonSentAt: new Date((query.message?.date ?? 0) * 1000),
    ...(query.message !== undefined && { buttonOf: messageKey(chat.id, query.message.message_id), ...topicOf(query.message) }),
  }
}

function readMessage(message: Message, account: string, self: TelegramSelf): InboundMessage | null {
  const { chat, from } = message
  // Anonymous administrators and linked channels write as a chat: a private answer to them would land in the group.
  if (from === undefined || from.is_bot || message.sender_chat !== undefined || message.via_bot !== undefined) return null
  if (chat.type === 'channel') return null
  const isPrivate = chat.type === 'private'
  const attachments = readAttachments(message)
  if (message.text === undefined && attachments.length === 0) return null
  const said = readText(message, self)
  return {
    channel: 'telegram',
    account,
    externalId: messageKey(chat.id, message.message_id),
    conversation: readConversation(chat),
    sender: readSender(from),
    isAddressed: isPrivate || said.isAddressed || isReplyToUs(message, self),
    text: said.text === '' && isPrivate ? ownPhone(message) : said.text,
    attachments,
    sentAt: new Date(message.date * 1000),
    ...(isReplyToUs(message, self) && message.reply_to_message !== undefined && { repliesTo: { platformMessageId: messageKey(chat.id, message.reply_to_message.message_id) } }),
    ...topicOf(message),
    ...(message.media_group_id !== undefined && { album: message.media_group_id }),
  }
}

/** Outside of forums a thread is no more than what answers what, and nothing can be sent there. */
const topicOf = (message: Pick<Message, 'is_topic_message' | 'message_thread_id'> | InaccessibleMessage): Pick<InboundMessage, 'thread'> =>
  'is_topic_message' in message && message.is_topic_message === true && message.message_thread_id !== undefined ? { thread: String(message.message_thread_id) } : {}

function readConversation(chat: Message['chat']): InboundMessage['conversation'] {
  const title = chat.type === 'private' ? undefined : chat.title
  return { kind: chat.type === 'private' ? 'private' : 'group', externalId: String(chat.id), ...(title === undefined ? {} : { title }) }
}

function readSender(user: User): InboundMessage['sender'] {
  const nickname = [user.first_name, user.last_name].filter((part) => part !== undefined && part !== '').join(' ')
  return { externalId: String(user.id), ...(nickname === '' ? {} : { nickname }) }
}

/** A forum's first message of a topic counts as replied to by all of the topic, so it says nothing. */
function isReplyToUs(message: Message, self: TelegramSelf): boolean {
  const original = message.reply_to_message
  return original?.from?.id === self.id && original.forum_topic_created === undefined
}

/** The text without our name and with commands put into words; a forwarded text is somebody else's and addresses nobody. */
function readText(message: Message, self: TelegramSelf): { text: string; isAddressed: boolean } {
  const text = message.text ?? message.caption ?? ''
  const entities = message.entities ?? message.caption_entities ?? []
  if (message.forward_origin !== undefined) return { text: text.trim(), isAddressed: false }
  const quotes = entities.filter((entity) => entity.type === 'blockquote' || entity.type === 'expandable_blockquote').map(spanOf)
  const own = entities.filter((entity) => !quotes.some((quote) => overlaps(quote, spanOf(entity))))
  const mentions = [
    ...own.filter((entity) => isOurMention(entity, text, self)).map((entity) => withBlankAfter(text, spanOf(entity))),
    ...findNameMentions(text, [self.username, self.firstName]).filter((span) => !entities.some((entity) => overlaps(spanOf(entity), span))),
  ]
  const command = readCommand(text, own, mentions, self)
  if (command === null) return { text: removeSpans(text, mentions), isAddressed: mentions.length > 0 }
  const rest = removeSpans(text, [...mentions, { start: 0, end: command.end }])
  return { text: commandText(command.name, rest) ?? `/${command.name} ${rest}`.trim(), isAddressed: mentions.length > 0 || command.isOurs }
}

const spanOf = (entity: MessageEntity): TextSpan => ({ start: entity.offset, end: entity.offset + entity.length })
const overlaps = (a: TextSpan, b: TextSpan): boolean => a.start < b.end && b.start < a.end

function isOurMention(entity: MessageEntity, text: string, self: TelegramSelf): boolean {
  if (entity.type === 'text_mention') return entity.user.id === self.id
  const span = spanOf(entity)
  return entity.type === 'mention' && text.slice(span.start, span.end).toLowerCase() === `@${self.username.toLowerCase()}`
}

interface Command {
  name: string
  /** Whether it names us, or nobody and is one of our menu's. */
  isOurs: boolean
  end: number
}

/** The command that the message begins with, apart from mentions of us; null when there is none or it is another bot's. */
function readCommand(text: string, entities: readonly MessageEntity[], mentions: readonly TextSpan[], self: TelegramSelf): Command | null {
  const entity = entities.find((candidate) => candidate.type === 'bot_command')
  if (entity === undefined) return null
  const before = mentions.filter((span) => span.end <= entity.offset)
  if (removeSpans(text.slice(0, entity.offset), before) !== '') return null
  const end = entity.offset + entity.length
  const [name = '', addressee] = text.slice(entity.offset + 1, end).toLowerCase().split('@')
  if (addressee !== undefined && addressee !== self.username.toLowerCase()) return null
  return { name, end, isOurs: addressee !== undefined || isKnownCommand(name) }
}

/** A person's own contact card is their telephone number, said. */
function ownPhone(message: Message): string {
  const { contact, from } = message
  return contact !== undefined && contact.user_id === from?.id ? contact.phone_number.replace(/^\+?86(?=1\d{10}$)/, '').replace(/[^\d+]/g, '') : ''
}

function readAttachments(message: Message): Attachment[] {
  const attachment = (kind: Attachment['kind'], caption: string | undefined, reference?: string): Attachment[] => [
    { kind, caption: cleanCaption(caption), ...(reference === undefined ? {} : { reference }) },
  ]
  if (message.photo !== undefined) return [readPhoto(message.photo)]
  if (message.voice !== undefined) return attachment('voice', '', message.voice.file_id)
  if (message.audio !== undefined) return attachment('voice', message.audio.title ?? message.audio.file_name, message.audio.file_id)
  if (message.video !== undefined) return attachment('video', message.video.file_name, message.video.file_id)
  if (message.video_note !== undefined) return attachment('video', '', message.video_note.file_id)
  if (message.animation !== undefined) return attachment('video', message.animation.file_name, message.animation.file_id)
  if (message.document !== undefined && isImage(message.document)) return [readPhoto([message.document], cleanCaption(message.document.file_name))]
  if (message.document !== undefined) return attachment('file', message.document.file_name, message.document.file_id)
  if (message.sticker !== undefined) return attachment('sticker', message.sticker.emoji, message.sticker.file_id)
  if (message.venue !== undefined) return attachment('location', `${message.venue.title} ${message.venue.address}`, pointOf(message.venue.location))
  if (message.location !== undefined) return attachment('location', pointOf(message.location), pointOf(message.location))
  if (message.contact !== undefined) return attachment('contact', message.contact.first_name)
  if (message.poll !== undefined) return attachment('other', message.poll.question)
  if (message.dice !== undefined) return attachment('other', message.dice.emoji)
  if (message.story !== undefined || message.game !== undefined || message.paid_media !== undefined || message.checklist !== undefined || message.giveaway !== undefined) return attachment('other', '')
  return []
}

/** Sent as a file, a photo is one all the same. */
const isImage = ({ mime_type: type = '' }: Document): boolean => type.startsWith('image/')

/** The largest of those sizes that is taken. */
function readPhoto(sizes: readonly Pick<Document, 'file_id' | 'file_size'>[], caption = ''): Attachment {
  const taken = sizes.findLast(({ file_size: size = 0 }) => size <= LARGEST_PHOTO_BYTES)
  return { kind: 'photo', caption, ...(taken === undefined ? { problem: 'too_large' } : { reference: taken.file_id }) }
}

const LONGEST_CAPTION = 100
const cleanCaption = (caption = ''): string => cleanTyped(cleanForEcho(caption), { longest: LONGEST_CAPTION })

const pointOf = (point: { latitude: number; longitude: number }): string => `${point.latitude.toFixed(5)},${point.longitude.toFixed(5)}`
