import type { Chat, Message, MessageEntity, Update, User } from 'grammy/types'
import { ChatBook, type ChatStanding } from './chats.ts'
import { UpdateDelivery } from './delivery.ts'
import { entitiesOf } from './entities.ts'
import { runMethod, type SentMessage } from './methods.ts'
import type { PhotoShelf } from './photos.ts'
import type { MethodName } from './parameters.ts'
import { BotApiServer, type Fault, type RecordedCall } from './server.ts'
import type { WebhookSender } from './webhook-sender.ts'

export type { SentMessage } from './methods.ts'

type Content = Omit<Partial<Message>, 'message_id' | 'chat' | 'from' | 'date'>

export interface FakeBotApiOptions {
  token?: string
  now?: () => Date
  /** Whether Telegram's rates are enforced with 429: 30 a second overall, 1 a second a chat, 20 a minute a group. */
  enforcesRates?: boolean
  /** After how long a webhook call that failed is repeated. */
  webhookRetryMs?: number
}

/**
 * A strict Bot API on loopback: checks every parameter and its type, keeps the offset semantics of long polling, and
 * records every call. It knows only chats that `openChat` made or that somebody wrote in. Here is what people do; what
 * the bot may do is in `methods.ts`, what reaches it in `delivery.ts`.
 */
export class FakeBotApi {
  readonly token: string
  readonly me: User & { username: string } = { id: 7_000_001, is_bot: true, first_name: '社区小助手', username: 'linli_test_bot' }
  readonly sent: SentMessage[] = []
  readonly photos: PhotoShelf = new Map()
  readonly now: () => Date
  readonly chats: ChatBook
  readonly delivery: UpdateDelivery
  /** With privacy mode on, a group's message reaches the bot only when it is addressed to it. */
  privacyMode = false
  /** After how long a pressed button can't be answered any more, in ms of the fake's clock. */
  queryLifeMs = 15_000
  readonly #server: BotApiServer
  /** Pressings that nobody answered yet, and since when. */
  readonly #openQueries = new Map<string, number>()
  #nextQuery = 1

  constructor(options: FakeBotApiOptions = {}) {
    this.token = options.token ?? '7000001:TEST-token'
    this.now = options.now ?? (() => new Date())
    this.chats = new ChatBook({ now: this.now, enforcesRates: options.enforcesRates ?? false })
    this.delivery = new UpdateDelivery({ now: this.now, webhookRetryMs: options.webhookRetryMs ?? 20 })
    this.#server = new BotApiServer({ token: this.token, now: this.now, run: (method, body, response) => runMethod(this, method, body, response), file: (path) => this.photos.get(/^photos\/(.+)\.jpg$/.exec(path)?.[1] ?? '') ?? null })
  }

  get apiRoot(): string {
    return this.#server.root
  }

  get calls(): RecordedCall[] {
    return this.#server.calls
  }

  /** Delay of every answer but a poll's, in ms of real time. */
  get latencyMs(): number {
    return this.#server.latencyMs
  }

  set latencyMs(ms: number) {
    this.#server.latencyMs = ms
  }

  get webhook(): WebhookSender | null {
    return this.delivery.webhook
  }

  get webhookUrl(): string {
    return this.delivery.webhookUrl
  }

  /** Another program takes the webhook. */
  set webhookUrl(url: string) {
    this.delivery.webhookUrl = url
  }

  /** Starts, or comes back on the same port after `die`. */
  start(): Promise<void> {
    return this.#server.start()
  }

  /** Breaks every connection and refuses new ones. */
  die(): Promise<void> {
    this.webhook?.stop()
    return this.#server.die()
  }

  fail(method: MethodName, ...faults: Fault[]): void {
    this.#server.fail(method, faults)
  }

  callsOf(method: MethodName): RecordedCall[] {
    return this.calls.filter((call) => call.method === method)
  }

  openChat(chat: Chat, standing: ChatStanding = 'open'): void {
    this.chats.open(chat, standing)
  }

  /** Somebody blocks us, sends us away, or lets us in again; the bot hears of it. */
  setStanding(chatId: number, standing: ChatStanding): Update {
    const entry = this.chats.known(chatId)
    const before = entry.standing
    entry.standing = standing
    const member = (one: ChatStanding): object => ({ user: this.me, ...(one === 'open' ? { status: 'member' } : { status: 'kicked', until_date: 0 }) })
    const from = entry.chat.type === 'private' ? { id: chatId, is_bot: false, first_name: entry.chat.first_name } : OWNER
    return this.#tell({ my_chat_member: { chat: entry.chat, from, date: this.#seconds(), old_chat_member: member(before), new_chat_member: member(standing) } } as Omit<Update, 'update_id'>)
  }

  /** Turns a group into a supergroup with a new id; both chats get a service message about it. */
  migrate(chatId: number, newId: number): [Update, Update] {
    const old = this.chats.known(chatId)
    old.movedTo = newId
    const moved: Chat.SupergroupChat = { id: newId, type: 'supergroup', title: 'title' in old.chat ? (old.chat.title ?? '') : '' }
    this.openChat(moved)
    const told = (chat: Chat, content: Content): Update => this.#tell({ message: { message_id: this.chats.takeMessageId(), from: OWNER, chat, date: this.#seconds(), ...content } as Message & Update.NonChannel })
    return [told(old.chat, { migrate_to_chat_id: newId }), told(moved, { migrate_from_chat_id: chatId })]
  }

  /** Somebody writes; entities are made from the text as Telegram makes them, unless given. */
  say(from: User, chat: Chat, content: Content | string): Update {
    if (!this.chats.has(chat.id)) this.openChat(chat)
    const { message, found } = written({ message_id: this.chats.takeMessageId(), from, chat, date: this.#seconds() }, content)
    this.chats.keep(message)
    return this.#tell({ message: message as Message & Update.NonChannel }, this.#isHeard(message, found))
  }

  /** Somebody puts a message right; `at` in seconds since 1970, by default now. */
  edit(update: Update, content: Content | string, at = this.#seconds()): Update {
    if (update.message === undefined) throw new Error('Only what was said can be edited.')
    const { entities: _old, ...rest } = update.message
    const { message, found } = written(rest, content)
    const edited = { ...message, edit_date: at } as Message & Update.Edited & Update.NonChannel
    this.chats.keep(edited)
    return this.#tell({ edited_message: edited }, this.#isHeard(edited, found))
  }

  /** Somebody presses a button of one of our messages. */
  press(from: User, sent: Pick<SentMessage, 'chatId' | 'messageId'>, data: string): Update {
    const message = this.chats.find(sent.chatId, sent.messageId)
    return this.#tell(this.openQuery({ id: `query-${this.#nextQuery++}`, from, chat_instance: '1', data, ...(message === undefined ? {} : { message }) }))
  }

  /** A pressing of any shape; from now on it waits to be answered. */
  openQuery(query: NonNullable<Update['callback_query']>): Omit<Update, 'update_id'> {
    this.#openQueries.set(query.id, this.now().getTime())
    return { callback_query: query }
  }

  /** For `runMethod`: ends the wait for one pressing's answer; false when there was none, or it is too late. */
  endQuery(id: string): boolean {
    const since = this.#openQueries.get(id)
    this.#openQueries.delete(id)
    return since !== undefined && this.now().getTime() - since <= this.queryLifeMs
  }

  /** Pressings that nobody answered. */
  unansweredQueries(): string[] {
    return [...this.#openQueries.keys()]
  }

  /** Delivers an update as it is, for instance once more under its old or a new update id. */
  deliver(update: Update): void {
    this.delivery.add(update)
  }

  /** Updates that neither a poll nor a webhook call has confirmed. */
  pending(): number[] {
    return this.delivery.pending()
  }

  #tell(content: Omit<Update, 'update_id'>, isHeard = true): Update {
    const update: Update = { update_id: this.delivery.takeId(), ...content }
    if (isHeard) this.deliver(update)
    return update
  }

  #seconds(): number {
    return Math.floor(this.now().getTime() / 1000)
  }

  /** In privacy mode a group's message is kept back unless it is a command, mentions the bot or answers it. */
  #isHeard(message: Message, entities: readonly MessageEntity[]): boolean {
    if (!this.privacyMode || message.chat.type === 'private') return true
    const text = message.text ?? message.caption ?? ''
    const textOf = (entity: MessageEntity): string => text.slice(entity.offset, entity.offset + entity.length).toLowerCase()
    return message.reply_to_message?.from?.id === this.me.id
      || entities.some((entity) => (entity.type === 'mention' && textOf(entity) === `@${this.me.username}`) || (entity.type === 'bot_command' && [undefined, this.me.username].includes(textOf(entity).split('@')[1])))
  }
}

const OWNER: User = { id: 1, is_bot: false, first_name: '群主' }

/** A message with this content; entities are found in its text, or its caption, unless they are given. */
function written(base: Message, content: Content | string): { message: Message; found: readonly MessageEntity[] } {
  const given: Content = typeof content === 'string' ? { text: content } : content
  const isCaption = given.text === undefined && given.caption !== undefined
  const found = (isCaption ? given.caption_entities : given.entities) ?? entitiesOf(given.text ?? given.caption ?? '')
  const entities = found.length === 0 ? {} : isCaption ? { caption_entities: found } : { entities: found }
  return { message: { ...base, ...given, ...entities }, found }
}
