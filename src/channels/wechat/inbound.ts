import type { payloads } from 'wechaty-puppet'
import type { Attachment, InboundMessage } from '../../domain/messages/messages.ts'
import { cleanForEcho, cleanTyped } from '../../language/clean.ts'
import { findClosedMentions, findNameMentions, readQuote, removeSpans, type QuotedReply, type TextSpan } from '../mentions.ts'
import type { Spoken } from './spoken.ts'

/** wechaty's message types, by number as they travel; its own enum would load the whole library. */
const TYPE = { attachment: 1, audio: 2, contact: 3, chatHistory: 4, emoticon: 5, image: 6, text: 7, location: 8, miniProgram: 9, transfer: 11, redEnvelope: 12, url: 14, video: 15 } as const
const OFFICIAL_CONTACT = 2
/** Accounts of WeChat itself; puppets do not always call them official. */
const SYSTEM_ACCOUNTS = new Set(['weixin', 'filehelper', 'fmessage', 'floatbottle', 'medianote', 'newsapp', 'qqmail', 'qmessage', 'mphelper', 'weibo', 'notifymessage'])
const LONGEST_CAPTION = 100

const ATTACHMENT_KINDS: Readonly<Record<number, Attachment['kind']>> = {
  [TYPE.attachment]: 'file',
  [TYPE.audio]: 'voice',
  [TYPE.contact]: 'contact',
  [TYPE.chatHistory]: 'other',
  [TYPE.emoticon]: 'sticker',
  [TYPE.image]: 'photo',
  [TYPE.location]: 'location',
  [TYPE.miniProgram]: 'other',
  [TYPE.transfer]: 'other',
  [TYPE.redEnvelope]: 'other',
  [TYPE.url]: 'other',
  [TYPE.video]: 'video',
}

/** Where wechaty's payloads come from; a part of its puppet. */
export interface PayloadSource {
  readonly currentUserId: string
  messagePayload(id: string): Promise<payloads.Message>
  contactPayload(id: string): Promise<payloads.Contact>
  roomPayload(id: string): Promise<payloads.Room>
  roomMemberPayload(roomId: string, contactId: string): Promise<payloads.RoomMember>
  roomMemberSearch(roomId: string, query: { name: string }): Promise<string[]>
  messageLocation(id: string): Promise<payloads.Location>
  /** What the platform itself said; a gateway has none. */
  messageRawPayload?(id: string): Promise<unknown>
}

/** What is known where messages are read. */
export interface Reader {
  account: string
  /** Senders who are other bots. */
  ignored: ReadonlySet<string>
  spoken: Pick<Spoken, 'has'>
}

/**
 * What a message says to us; null for what is no message from a person: our own, system text and recalls (both may look
 * like a question), official accounts, senders in `ignored`. Looks names up; a fault of the connection is thrown.
 */
export async function readMessage(source: PayloadSource, messageId: string, { account, ignored, spoken }: Reader): Promise<InboundMessage | null> {
  const payload = await source.messagePayload(messageId)
  const selfId = source.currentUserId
  const { talkerId, roomId } = payload
  const type: number = payload.type
  const kind = ATTACHMENT_KINDS[type]
  if (type !== TYPE.text && kind === undefined) return null
  if (!isSomebodyElse(talkerId, selfId, ignored)) return null
  const talker = await source.contactPayload(talkerId)
  if (isOfficial(talker)) return null
  const isRoom = roomId !== undefined && roomId !== ''
  const text = type !== TYPE.text ? '' : isRoom ? await wholeRoomText(source, payload) : (payload.text ?? '')
  const said = isRoom ? await hearInRoom(source, roomId, text, mentionIdsOf(payload), spoken) : { text: readQuote(text)?.reply ?? text.trim(), isAddressed: true }
  const quoted = isRoom ? undefined : readQuote(text)?.quoted.trim()
  const title = isRoom ? await topicOf(source, roomId) : ''
  return {
    channel: 'wechat',
    account,
    externalId: payload.id,
    conversation: isRoom ? { kind: 'group', externalId: roomId, ...(title === '' ? {} : { title }) } : { kind: 'private', externalId: talkerId },
    sender: { externalId: talkerId, ...(talker.name === '' ? {} : { nickname: talker.name }) },
    isAddressed: said.isAddressed,
    text: said.text,
    attachments: kind === undefined ? [] : [await readAttachment(source, payload, kind)],
    sentAt: toDate(payload.timestamp),
    ...(quoted !== undefined && quoted !== '' && { repliesTo: { words: quoted } }),
  }
}

/** wechat4u's name for the text with its talker in front, before it is taken apart. */
const TALKER = /^(?:@[a-zA-Z0-9]+|[a-zA-Z0-9_-]+):<br\/>/

/**
 * A room's text in full: wechat4u takes the talker off its front by cutting at every colon that ends a line, and `报修:` with the
 * rest in the next line would lose that rest.
 */
async function wholeRoomText(source: PayloadSource, payload: payloads.Message): Promise<string> {
  const text = payload.text ?? ''
  const raw = 'grpcManager' in source ? null : await source.messageRawPayload?.(payload.id).catch(() => null)
  const original = typeof raw === 'object' && raw !== null && 'OriginalContent' in raw && typeof raw.OriginalContent === 'string' ? raw.OriginalContent : ''
  if (!TALKER.test(original)) return text
  const whole = original.replace(TALKER, '').replaceAll('<br/>', '\n').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  return whole.startsWith(text) ? whole : text
}

const mentionIdsOf = (payload: payloads.Message): string[] => ('mentionIdList' in payload ? (payload.mentionIdList ?? []) : [])

/** Whether an id is neither ours nor one of WeChat itself or of a bot that we know of. */
export const isSomebodyElse = (id: string, selfId: string, ignored: ReadonlySet<string>): boolean => id !== '' && id !== selfId && !isSystemAccount(id) && !ignored.has(id)

/** Official accounts write as people do, and would answer every answer. */
export function isOfficial(contact: payloads.Contact): boolean {
  const type: number = contact.type
  return type === OFFICIAL_CONTACT
}

const isSystemAccount = (id: string): boolean => SYSTEM_ACCOUNTS.has(id) || id.startsWith('gh_')

/** Puppets give seconds or milliseconds; below this it can only be seconds. */
const toDate = (timestamp: number): Date => new Date(timestamp < 1e11 ? timestamp * 1000 : timestamp)

/** The names by which members see us in this room. */
async function ownNames(source: PayloadSource, roomId: string): Promise<string[]> {
  const self = await source.contactPayload(source.currentUserId)
  const member = await source.roomMemberPayload(roomId, source.currentUserId).catch(() => undefined)
  return [...new Set([self.name, member?.roomAlias ?? '', member?.name ?? ''])].filter((name) => name !== '')
}

/** A topic is only a hint, so that its absence stops nothing. */
async function topicOf(source: PayloadSource, roomId: string): Promise<string> {
  const room = await source.roomPayload(roomId).catch(() => undefined)
  return room?.topic ?? ''
}

async function hearInRoom(source: PayloadSource, roomId: string, text: string, mentionIds: readonly string[], spoken: Reader['spoken']): Promise<{ text: string; isAddressed: boolean }> {
  const { quote, ...said } = readRoomText(text, mentionIds, source.currentUserId, await ownNames(source, roomId))
  if (quote === undefined || spoken.has(roomId, quote.quoted)) return said
  return (await hasNamesake(source, roomId, quote.name)) ? { ...said, isAddressed: false } : said
}

/** Whether somebody else in the room bears this name of ours: then a quote by it may be one of theirs. Who can't be looked up is nobody. */
async function hasNamesake(source: PayloadSource, roomId: string, name: string): Promise<boolean> {
  const ids = await source.roomMemberSearch(roomId, { name }).catch(() => [])
  return ids.some((id) => id !== source.currentUserId)
}

/** A mention of all members; some puppets then list every one of them, us included. */
const EVERYBODY = /[@＠](?:所有人|全体成员|all(?![a-z0-9])|everyone)/i

/**
 * Whether a room's text is addressed to us, and the text without our name and without what it quotes. The platform's ids
 * decide where it gives any (a namesake may be meant); then `@name`. A mention inside a quote is somebody else's, a quote
 * of our own message is a reply to us. `quote` is there when nothing but the name in it tells that we are addressed.
 */
export function readRoomText(text: string, mentionIds: readonly string[], selfId: string, names: readonly string[]): { text: string; isAddressed: boolean; quote?: QuotedReply } {
  const quote = readQuote(text)
  const own = quote === null ? text : quote.reply
  const byName = findNameMentions(own, names)
  const isQuoteOfUs = quote !== null && names.includes(quote.name)
  // The ids name whom the quoted words mentioned, too.
  const isForEverybody = byName.length === 0 && EVERYBODY.test(own)
  const byId = mentionIds.includes(selfId) && !isForEverybody && (quote === null || isQuoteOfUs || /[@＠]/.test(own))
  if (mentionIds.length > 0 && !byId && byName.length > 0) return { text: removeSpans(own, []), isAddressed: false }
  const isMention = byId || byName.length > 0
  const restsOnQuote = !isMention && isQuoteOfUs && mentionIds.length === 0
  const isAddressed = isMention || restsOnQuote
  return { text: removeSpans(own, isAddressed ? spansOfUs(own, byName, mentionIds) : []), isAddressed, ...(restsOnQuote && { quote }) }
}

/** Where our name is not found but the ids name only us, the one completed mention is ours (an alias that we have not learnt yet). */
function spansOfUs(text: string, byName: TextSpan[], mentionIds: readonly string[]): TextSpan[] {
  if (byName.length > 0 || mentionIds.length !== 1) return byName
  const closed = findClosedMentions(text)
  return closed.length === 1 ? closed : []
}

async function readAttachment(source: PayloadSource, payload: payloads.Message, kind: Attachment['kind']): Promise<Attachment> {
  return { kind, caption: await captionOf(source, payload, kind), reference: payload.id }
}

/** Markup of links, cards and pictures is for programs; only names are for people. */
async function captionOf(source: PayloadSource, payload: payloads.Message, kind: Attachment['kind']): Promise<string> {
  if (kind === 'location') {
    const place = await source.messageLocation(payload.id).catch(() => undefined)
    return clean(place === undefined ? '' : [place.name, place.address].filter((part) => part !== 'NONAME' && part !== 'NOADDRESS').join(' '))
  }
  return kind === 'file' || kind === 'video' ? clean(payload.filename ?? '') : ''
}

const clean = (text: string): string => cleanTyped(cleanForEcho(text), { longest: LONGEST_CAPTION })
