import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Chat, Message, MessageEntity, Update, User } from 'grammy/types'
import { z } from 'zod'
import { entitiesOf } from './entities.ts'
import { answer, BotApiError, METHOD_PARAMETERS, type MethodName } from './parameters.ts'
import { SendingRates } from './rates.ts'
import { WebhookSender } from './webhook-sender.ts'

export interface RecordedCall {
  method: string
  params: Record<string, unknown>
  at: Date
  /** The HTTP status that was answered; null when none was. */
  status: number | null
}

export interface SentMessage {
  chatId: number
  messageId: number
  text: string
  /** When, by the fake's clock. */
  at: Date
  replyTo: number | null
  buttons: { label: string; data: string }[]
}

/** What the next call of a method meets, instead of or before its normal answer. */
export type Fault =
  | { kind: 'error'; code: number; description: string; parameters?: { retry_after?: number; migrate_to_chat_id?: number } }
  /** The answer comes late. */
  | { kind: 'slow'; ms: number }
  /** The call takes effect, and the connection ends without an answer. */
  | { kind: 'lost_answer' }
  /** The connection ends before the call takes effect. */
  | { kind: 'reset' }
  /** Nothing happens and nothing is answered until the caller gives up. */
  | { kind: 'hang' }

export type ChatStanding = 'open' | 'blocked' | 'kicked' | 'not_started'

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
 * records every call. It knows only chats that `openChat` made or that somebody wrote in.
 */
export class FakeBotApi {
  readonly token: string
  readonly me: User & { username: string } = { id: 7_000_001, is_bot: true, first_name: '社区小助手', username: 'linli_test_bot' }
  readonly calls: RecordedCall[] = []
  readonly sent: SentMessage[] = []
  /** With privacy mode on, a group's message reaches the bot only when it is addressed to it. */
  privacyMode = false
  /** Delay of every answer but a poll's, in ms of real time. */
  latencyMs = 0
  webhookUrl = ''
  webhook: WebhookSender | null = null
  private readonly rates = new SendingRates()
  private readonly webhookRetryMs: number
  private readonly now: () => Date
  private readonly enforcesRates: boolean
  private readonly chats = new Map<number, { chat: Chat; standing: ChatStanding; movedTo: number | null }>()
  private readonly messages = new Map<string, Message>()
  private readonly openQueries = new Set<string>()
  private readonly faults = new Map<string, Fault[]>()
  private readonly sockets = new Set<Socket>()
  private updates: Update[] = []
  private nextUpdateId = 1_000
  private nextMessageId = 1
  private waiting: { wake: () => void; conflict: () => void } | null = null
  private server: Server | null = null
  private port = 0

  constructor(options: FakeBotApiOptions = {}) {
    this.token = options.token ?? '7000001:TEST-token'
    this.now = options.now ?? (() => new Date())
    this.enforcesRates = options.enforcesRates ?? false
    this.webhookRetryMs = options.webhookRetryMs ?? 20
  }

  get apiRoot(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts, or comes back on the same port after `die`. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.serve(request, response))
    server.on('connection', (socket) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    this.port = (server.address() as AddressInfo).port
    this.server = server
  }

  /** Breaks every connection and refuses new ones. */
  async die(): Promise<void> {
    this.webhook?.stop()
    const server = this.server
    if (server === null) return
    this.server = null
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  // ---- what people do

  openChat(chat: Chat, standing: ChatStanding = 'open'): void {
    this.chats.set(chat.id, { chat, standing, movedTo: null })
  }

  /** Somebody blocks us, sends us away, or lets us in again; the bot hears of it. */
  setStanding(chatId: number, standing: ChatStanding): Update {
    const entry = this.known(chatId)
    const before = entry.standing
    entry.standing = standing
    const member = (one: ChatStanding): object => ({ user: this.me, ...(one === 'open' ? { status: 'member' } : { status: 'kicked', until_date: 0 }) })
    const from = entry.chat.type === 'private' ? { id: chatId, is_bot: false, first_name: entry.chat.first_name } : { id: 1, is_bot: false, first_name: '群主' }
    const update = { update_id: this.nextUpdateId++, my_chat_member: { chat: entry.chat, from, date: this.seconds(), old_chat_member: member(before), new_chat_member: member(standing) } } as Update
    this.deliver(update)
    return update
  }

  /** Turns a group into a supergroup with a new id; both chats get a service message about it. */
  migrate(chatId: number, newId: number): [Update, Update] {
    const old = this.known(chatId)
    old.movedTo = newId
    const moved: Chat.SupergroupChat = { id: newId, type: 'supergroup', title: 'title' in old.chat ? (old.chat.title ?? '') : '' }
    this.openChat(moved)
    const owner: User = { id: 1, is_bot: false, first_name: '群主' }
    const updates: [Update, Update] = [this.serviceMessage(owner, old.chat, { migrate_to_chat_id: newId }), this.serviceMessage(owner, moved, { migrate_from_chat_id: chatId })]
    for (const update of updates) this.deliver(update)
    return updates
  }

  /** Somebody writes; entities are made from the text as Telegram makes them, unless given. */
  say(from: User, chat: Chat, content: Content | string): Update {
    const given: Content = typeof content === 'string' ? { text: content } : content
    if (!this.chats.has(chat.id)) this.openChat(chat)
    const found = given.entities ?? (given.text === undefined ? [] : entitiesOf(given.text))
    const message = { message_id: this.nextMessageId++, from, chat, date: Math.floor(this.now().getTime() / 1000), ...given, ...(found.length === 0 ? {} : { entities: found }) } as Message
    this.messages.set(keyOf(chat.id, message.message_id), message)
    const update = { update_id: this.nextUpdateId++, message } as Update
    if (!this.privacyMode || chat.type === 'private' || this.concernsBot(message, found)) this.deliver(update)
    return update
  }

  /** Somebody puts a message right; `at` in seconds since 1970, by default now. */
  edit(update: Update, content: Content | string, at = this.seconds()): Update {
    const original = update.message
    if (original === undefined) throw new Error('Only what was said can be edited.')
    const given: Content = typeof content === 'string' ? { text: content } : content
    const found = given.entities ?? (given.text === undefined ? [] : entitiesOf(given.text))
    const { entities: _old, ...rest } = original
    const message = { ...rest, ...given, edit_date: at, ...(found.length === 0 ? {} : { entities: found }) } as Message
    this.messages.set(keyOf(message.chat.id, message.message_id), message)
    const edited = { update_id: this.nextUpdateId++, edited_message: message } as Update
    if (!this.privacyMode || message.chat.type === 'private' || this.concernsBot(message, found)) this.deliver(edited)
    return edited
  }

  /** Somebody presses a button of one of our messages. */
  press(from: User, sent: SentMessage, data: string): Update {
    const message = this.messages.get(keyOf(sent.chatId, sent.messageId))
    const id = `query-${this.nextUpdateId}`
    this.openQueries.add(id)
    const update = { update_id: this.nextUpdateId++, callback_query: { id, from, chat_instance: '1', data, ...(message === undefined ? {} : { message }) } } as Update
    this.deliver(update)
    return update
  }

  /** Delivers an update as it is, for instance once more under its old or a new update id. */
  deliver(update: Update): void {
    this.updates.push(update)
    this.updates.sort((a, b) => a.update_id - b.update_id)
    this.nextUpdateId = Math.max(this.nextUpdateId, update.update_id + 1)
    if (this.webhook !== null && this.isWanted(update, this.webhookKinds)) this.webhook.queue(update)
    this.waiting?.wake()
  }

  /** Updates that neither a poll nor a webhook call has confirmed. */
  pending(): number[] {
    return this.updates.map((update) => update.update_id)
  }

  fail(method: MethodName, ...faults: Fault[]): void {
    this.faults.set(method, [...(this.faults.get(method) ?? []), ...faults])
  }

  callsOf(method: MethodName): RecordedCall[] {
    return this.calls.filter((call) => call.method === method)
  }

  // ---- the server

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? []
    const body = await readBody(request)
    const call: RecordedCall = { method, params: body, at: this.now(), status: null }
    this.calls.push(call)
    const reply = (status: number, payload: unknown): void => {
      if (response.destroyed || response.writableEnded) return
      call.status = status
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(payload))
    }
    try {
      if (token !== this.token) throw new BotApiError(401, 'Unauthorized')
      const fault = this.faults.get(method)?.shift()
      if (fault?.kind === 'error') throw new BotApiError(fault.code, fault.description, fault.parameters)
      if (fault?.kind === 'reset') {
        request.socket.destroy()
        return
      }
      if (fault?.kind === 'hang') {
        await new Promise((resolve) => response.once('close', resolve))
        return
      }
      if (this.latencyMs > 0 && method !== 'getUpdates') await new Promise((resolve) => setTimeout(resolve, this.latencyMs))
      if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms))
      const result = await this.run(method, body, response)
      if (fault?.kind === 'lost_answer') request.socket.destroy()
      else reply(200, { ok: true, result })
    } catch (error) {
      const known = error instanceof BotApiError ? error : new BotApiError(500, `Internal Server Error: ${String(error)}`)
      reply(known.code, { ok: false, error_code: known.code, description: known.description, ...(known.parameters === undefined ? {} : { parameters: known.parameters }) })
    }
  }

  private async run(method: string, body: Record<string, unknown>, response: ServerResponse): Promise<unknown> {
    switch (method) {
      case 'getMe':
        answer(METHOD_PARAMETERS.getMe, body)
        return { ...this.me, can_join_groups: true, can_read_all_group_messages: !this.privacyMode, supports_inline_queries: false }
      case 'getUpdates':
        return this.getUpdates(answer(METHOD_PARAMETERS.getUpdates, body), response)
      case 'sendMessage':
        return this.sendMessage(answer(METHOD_PARAMETERS.sendMessage, body))
      case 'answerCallbackQuery': {
        const { callback_query_id: id } = answer(METHOD_PARAMETERS.answerCallbackQuery, body)
        if (!this.openQueries.delete(id)) throw new BotApiError(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid')
        return true
      }
      case 'setMyCommands':
        answer(METHOD_PARAMETERS.setMyCommands, body)
        return true
      case 'deleteWebhook':
        if (answer(METHOD_PARAMETERS.deleteWebhook, body).drop_pending_updates === true) this.updates = []
        this.webhook?.stop()
        this.webhook = null
        this.webhookUrl = ''
        return true
      case 'setWebhook':
        this.setWebhook(answer(METHOD_PARAMETERS.setWebhook, body))
        return true
      case 'getWebhookInfo': {
        answer(METHOD_PARAMETERS.getWebhookInfo, body)
        const error = this.webhook?.lastError
        return { url: this.webhookUrl, has_custom_certificate: false, pending_update_count: this.updates.length, ...(error && { last_error_date: error.at, last_error_message: error.message }) }
      }
      default:
        throw new BotApiError(404, 'Not Found')
    }
  }

  private webhookKinds: readonly string[] | undefined

  private setWebhook(params: z.infer<typeof METHOD_PARAMETERS.setWebhook>): void {
    if (params.drop_pending_updates === true) this.updates = []
    this.webhook?.stop()
    this.webhookUrl = params.url
    this.webhookKinds = params.allowed_updates
    this.webhook = new WebhookSender({ url: params.url, secret: params.secret_token }, {
      retryMs: this.webhookRetryMs,
      now: this.now,
      taken: (updateId) => { this.updates = this.updates.filter((update) => update.update_id !== updateId) },
    })
    for (const update of this.updates) if (this.isWanted(update, this.webhookKinds)) this.webhook.queue(update)
    this.waiting?.conflict()
  }

  private isWanted(update: Update, kinds: readonly string[] | undefined): boolean {
    return kinds === undefined || kinds.length === 0 || kinds.some((kind) => kind in update)
  }

  /** Forgets what is below the offset; a second poll ends the first with 409, as Telegram does. */
  private async getUpdates(params: z.infer<typeof METHOD_PARAMETERS.getUpdates>, response: ServerResponse): Promise<Update[]> {
    if (this.webhookUrl !== '') throw new BotApiError(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
    this.waiting?.conflict()
    const { offset, limit = 100, timeout = 0, allowed_updates: allowed } = params
    if (offset !== undefined && offset > 0) this.updates = this.updates.filter((update) => update.update_id >= offset)
    const wanted = (): Update[] => this.updates.filter((update) => this.isWanted(update, allowed)).slice(0, limit)
    if (wanted().length > 0 || timeout === 0) return wanted()
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, timeout * 1000)
      const end = (settle: () => void) => (): void => {
        clearTimeout(timer)
        settle()
      }
      this.waiting = {
        wake: end(resolve),
        conflict: end(() => reject(new BotApiError(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'))),
      }
      response.once('close', end(resolve))
    }).finally(() => { this.waiting = null })
    return wanted()
  }

  private sendMessage(params: z.infer<typeof METHOD_PARAMETERS.sendMessage>): Message {
    const { chat } = this.writable(params.chat_id)
    if (params.text.trim() === '') throw new BotApiError(400, 'Bad Request: message text is empty')
    if (params.text.length > 4096) throw new BotApiError(400, 'Bad Request: message is too long')
    const reply = params.reply_parameters
    const original = reply === undefined ? undefined : this.messages.get(keyOf(chat.id, reply.message_id))
    if (reply !== undefined && original === undefined && reply.allow_sending_without_reply !== true) throw new BotApiError(400, 'Bad Request: message to be replied not found')
    this.checkRates(chat)
    const message = { message_id: this.nextMessageId++, from: this.me, chat, date: Math.floor(this.now().getTime() / 1000), text: params.text, ...(original === undefined ? {} : { reply_to_message: original }) } as Message
    this.messages.set(keyOf(chat.id, message.message_id), message)
    const buttons = (params.reply_markup?.inline_keyboard ?? []).flat().map((button) => ({ label: button.text, data: button.callback_data }))
    this.sent.push({ chatId: chat.id, messageId: message.message_id, text: params.text, at: this.now(), replyTo: original?.message_id ?? null, buttons })
    return message
  }

  private writable(chatId: number): { chat: Chat } {
    const entry = this.chats.get(chatId)
    if (entry === undefined) throw new BotApiError(400, 'Bad Request: chat not found')
    if (entry.movedTo !== null) throw new BotApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: entry.movedTo })
    if (entry.standing === 'blocked') throw new BotApiError(403, 'Forbidden: bot was blocked by the user')
    if (entry.standing === 'kicked') throw new BotApiError(403, 'Forbidden: bot was kicked from the group chat')
    if (entry.standing === 'not_started') throw new BotApiError(403, "Forbidden: bot can't initiate conversation with a user")
    return entry
  }

  private checkRates(chat: Chat): void {
    if (!this.enforcesRates) return
    const seconds = this.rates.take({ id: chat.id, isGroup: chat.type !== 'private' }, this.now().getTime())
    if (seconds !== null) throw new BotApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })
  }

  private seconds(): number {
    return Math.floor(this.now().getTime() / 1000)
  }

  private serviceMessage(from: User, chat: Chat, content: Content): Update {
    return { update_id: this.nextUpdateId++, message: { message_id: this.nextMessageId++, from, chat, date: this.seconds(), ...content } } as Update
  }

  private concernsBot(message: Message, entities: readonly MessageEntity[]): boolean {
    const text = message.text ?? ''
    return message.reply_to_message?.from?.id === this.me.id
      || entities.some((entity) => entity.type === 'bot_command' || (entity.type === 'mention' && text.slice(entity.offset, entity.offset + entity.length).toLowerCase() === `@${this.me.username}`))
  }

  private known(chatId: number): { chat: Chat; standing: ChatStanding; movedTo: number | null } {
    const entry = this.chats.get(chatId)
    if (entry === undefined) throw new Error(`The test has not opened chat ${chatId}.`)
    return entry
  }
}

const keyOf = (chatId: number, messageId: number): string => `${chatId}:${messageId}`

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text))
}
