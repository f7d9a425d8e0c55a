import { Hono } from 'hono'
import type { Chat, User } from 'grammy/types'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts'
import { LONGEST_BODY } from '../../src/channels/telegram/webhook.ts'
import type { Channel, ConversationEvent } from '../../src/domain/messages/channel.ts'
import type { InboundMessage } from '../../src/domain/messages/messages.ts'
import { startServer, type RunningServer } from '../../src/web/server.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'
import { eventually, outgoing } from './contract.ts'
import { TIMING } from './telegram-world.ts'

const SECRET = 'a-secret_of-the-tests'
const PATH = '/hooks/telegram'
const alice: User = { id: 101, is_bot: false, first_name: '张三' }
const home: Chat.PrivateChat = { id: 101, type: 'private', first_name: '张三' }

let api: FakeBotApi
let server: RunningServer
let channel: Channel
let received: InboundMessage[]
let events: ConversationEvent[]
let log: { level: number; msg: string }[]
let offset: number | null
/** What storing does; a test may make it fail. */
let store: () => Promise<void>

const url = (): string => `http://127.0.0.1:${server.port}${PATH}`

function build(mode: 'webhook' | 'polling'): Channel {
  return createTelegramChannel({
    token: api.token,
    apiRoot: api.apiRoot,
    log: pino({ level: 'info' }, { write: (line: string) => { log.push(JSON.parse(line) as { level: number; msg: string }) } }),
    now: () => new Date(),
    offsets: { read: async () => offset, write: async (next) => { offset = next } },
    timing: TIMING,
    ...(mode === 'webhook' && { webhook: { url: url(), secret: SECRET } }),
  })
}

async function start(mode: 'webhook' | 'polling'): Promise<void> {
  channel = build(mode)
  await channel.start(
    async (message) => {
      await store()
      received.push(message)
    },
    async (event) => { events.push(event) },
  )
  await eventually(() => channel.status().state === 'online', 'the channel is online')
}

beforeEach(async () => {
  received = []
  events = []
  log = []
  offset = null
  store = async () => undefined
  api = new FakeBotApi()
  await api.start()
  api.openChat(home)
  const app = new Hono()
  app.post(PATH, (c) => channel.webhook?.handle(c.req.raw) ?? c.notFound())
  server = await startServer(app, { host: '127.0.0.1', port: 0 })
})
afterEach(async () => {
  await channel.stop()
  await api.die()
  await server.close()
})

const post = (body: string, headers: Record<string, string>): Promise<Response> => fetch(url(), { method: 'POST', body, headers })
const update = (id: number, text = '在吗'): string =>
  JSON.stringify({ update_id: id, message: { message_id: id, from: alice, chat: home, date: Math.floor(Date.now() / 1000), text } })
const withSecret = { 'x-telegram-bot-api-secret-token': SECRET }

describe('the webhook', () => {
  it('is set with its secret, for the updates that are read, and drops nothing that waits', async () => {
    api.say(alice, home, '早就写了')
    await start('webhook')
    expect(api.callsOf('setWebhook').map((call) => call.params)).toEqual([
      { url: url(), secret_token: SECRET, allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member'], drop_pending_updates: false },
    ])
    expect((await eventually(() => received[0], 'what waited is delivered')).text).toBe('早就写了')
    expect(api.callsOf('getUpdates')).toEqual([])
    expect(channel.webhook?.path).toBe(PATH)
  })

  it('T22: answers 401 to a missing, a wrong, a longer and a cut secret, reads no body, stores nothing and says so once', async () => {
    await start('webhook')
    for (const headers of [{}, { 'x-telegram-bot-api-secret-token': '' }, { 'x-telegram-bot-api-secret-token': `${SECRET}x` }, { 'x-telegram-bot-api-secret-token': SECRET.slice(0, -1) }, { 'x-telegram-bot-api-secret-token': 'b-secret_of-the-tests' }]) {
      expect((await post(update(1), headers as Record<string, string>)).status).toBe(401)
      expect((await post('{not json', headers as Record<string, string>)).status).toBe(401)
    }
    let isRead = false
    const body = new ReadableStream({ pull() { isRead = true } }, { highWaterMark: 0 })
    const refused = await channel.webhook?.handle(new Request(url(), { method: 'POST', body, duplex: 'half' }))
    expect(refused?.status).toBe(401)
    expect(isRead).toBe(false)
    expect(received).toEqual([])
    expect(log.filter((line) => line.level >= 40).map((line) => line.msg)).toEqual([expect.stringContaining('without the right secret')])
    expect(JSON.stringify(log)).not.toContain(SECRET)
  })

  it('takes bodies up to its limit, and refuses longer ones whether or not they say their length', async () => {
    await start('webhook')
    const padded = (length: number): string => `${update(1)}${' '.repeat(length - Buffer.byteLength(update(1)))}`
    expect((await post(padded(LONGEST_BODY), withSecret)).status).toBe(200)
    expect((await post(padded(LONGEST_BODY + 1), withSecret)).status).toBe(413)
    const chunk = new TextEncoder().encode(' '.repeat(64 * 1024))
    let sent = 0
    const endless = new ReadableStream({ pull(controller) { sent += chunk.length; controller.enqueue(chunk) } })
    const refused = await channel.webhook?.handle(new Request(url(), { method: 'POST', headers: withSecret, body: endless, duplex: 'half' }))
    expect(refused?.status).toBe(413)
    expect(sent).toBeLessThan(LONGEST_BODY * 1.2)
    expect(received).toHaveLength(1)
  })

  it.each(['', '{', 'null', '[]', '7', '{"update_id":"1"}', '{"message":{}}'])('answers 400 to %j, which is no update', async (body) => {
    await start('webhook')
    expect((await post(body, withSecret)).status).toBe(400)
    expect(received).toEqual([])
  })

  it('answers 200 to an update of a shape that it does not know, since asking again would not help', async () => {
    await start('webhook')
    expect((await post('{"update_id":5,"message":{"chat":null}}', withSecret)).status).toBe(200)
    expect((await post('{"update_id":6,"poll":{}}', withSecret)).status).toBe(200)
    expect(received).toEqual([])
  })

  it('answers 200 only after the update is stored', async () => {
    let release: (() => void) | undefined
    store = () => new Promise((resolve) => { release = resolve })
    await start('webhook')
    api.say(alice, home, '灯坏了')
    await eventually(() => release, 'storing begins')
    expect(api.webhook?.deliveries).toEqual([])
    expect(api.pending()).toHaveLength(1)
    release?.()
    await eventually(() => api.pending().length === 0, 'the update is confirmed')
    expect(api.webhook?.deliveries.map((delivery) => delivery.status)).toEqual([200])
  })

  it('answers 5xx while storing fails, so that Telegram delivers the same update again', async () => {
    let failures = 2
    store = async () => { if (failures-- > 0) throw new Error('the store is locked') }
    await start('webhook')
    api.say(alice, home, '灯坏了')
    await eventually(() => received[0], 'it is stored at last')
    await eventually(() => api.pending().length === 0, 'the update is confirmed')
    expect(api.webhook?.deliveries.map((delivery) => delivery.status)).toEqual([500, 500, 200])
    expect(received).toHaveLength(1)
    await eventually(() => channel.status().state === 'online', 'all is well again')
    expect(log.filter((line) => line.level >= 40).map((line) => line.msg)).toEqual([expect.stringContaining('could not be stored')])
  })

  it('answers 503 before it is connected and after it stopped', async () => {
    api.fail('getMe', { kind: 'hang' })
    channel = build('webhook')
    await channel.start(async (message) => { received.push(message) })
    expect((await post(update(1), withSecret)).status).toBe(503)
    await channel.stop()
    expect((await post(update(1), withSecret)).status).toBe(503)
    expect(received).toEqual([])
  })

  it('keeps the order within a chat, and sends meanwhile', async () => {
    await start('webhook')
    for (const text of ['一', '二', '三', '四', '五']) api.say(alice, home, text)
    expect((await channel.send(outgoing({ kind: 'private', externalId: '101' }, '收到'))).outcome).toBe('sent')
    await eventually(() => received.length === 5, 'all are delivered')
    expect(received.map((message) => message.text)).toEqual(['一', '二', '三', '四', '五'])
  })

  it('waits for what is being stored when it stops', async () => {
    let isStored = false
    store = () => new Promise((resolve) => setTimeout(() => { isStored = true; resolve() }, 200))
    await start('webhook')
    const answer = post(update(1), withSecret)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await channel.stop()
    expect(isStored).toBe(true)
    expect((await answer).status).toBe(200)
  })

  it('names a server that Telegram cannot reach, and another program that took the webhook', async () => {
    await start('webhook')
    store = async () => { throw new Error('the store is locked') }
    api.say(alice, home, '灯坏了')
    await eventually(() => channel.status().detail.includes('数据库'), 'the store is named')
    store = async () => undefined
    await eventually(() => received[0], 'it is delivered')
    await eventually(() => channel.status().state === 'online', 'all is well again')
    api.webhookUrl = 'https://other.example/hook'
    await eventually(() => channel.status().detail.includes('另一个程序'), 'the other program is named')
    expect(api.callsOf('setWebhook')).toHaveLength(1)
  })

  it('names an address that Telegram does not take', async () => {
    api.fail('setWebhook', { kind: 'error', code: 400, description: 'Bad Request: bad webhook: HTTPS url must be provided for webhook' })
    channel = build('webhook')
    await channel.start(async () => undefined)
    await eventually(() => channel.status().detail.includes('TELEGRAM_WEBHOOK_URL'), 'the address is named')
    await eventually(() => channel.status().state === 'online', 'it tries again')
  })
})

describe('changing between webhook and polling', () => {
  it('loses nothing and repeats nothing, there and back', async () => {
    await start('polling')
    api.say(alice, home, '一')
    await eventually(() => received.length === 1 && api.pending().length === 0, 'the first is confirmed')
    await channel.stop()
    api.say(alice, home, '二')
    await start('webhook')
    await eventually(() => received.length === 2 && api.pending().length === 0, 'the second is confirmed')
    await channel.stop()
    api.say(alice, home, '三')
    await start('polling')
    expect(api.webhookUrl).toBe('')
    expect(api.callsOf('deleteWebhook').at(-1)?.params).toEqual({ drop_pending_updates: false })
    await eventually(() => received.length === 3 && api.pending().length === 0, 'the third is confirmed')
    expect(received.map((message) => message.text)).toEqual(['一', '二', '三'])
  })
})

describe('what Telegram tells of a chat', () => {
  it.each(['webhook', 'polling'] as const)('is handed over by %s: moved, gone, back', async (mode) => {
    const group: Chat.GroupChat = { id: -5, type: 'group', title: '3栋' }
    api.openChat(group)
    await start(mode)
    api.setStanding(101, 'blocked')
    api.setStanding(101, 'open')
    api.setStanding(-5, 'kicked')
    api.setStanding(-5, 'open')
    api.migrate(-5, -1005)
    await eventually(() => events.length === 6, 'all are handed over')
    const gone = (id: string, kind: string) => [{ type: 'gone', conversation: { kind, externalId: id } }, { type: 'back', conversation: { kind, externalId: id } }]
    expect(events.filter((event) => event.conversation.kind === 'private')).toEqual(gone('101', 'private'))
    // Its two service messages are in two chats, which a webhook delivers side by side.
    expect(events.filter((event) => event.type === 'moved')).toEqual(Array(2).fill({ type: 'moved', conversation: { kind: 'group', externalId: '-5' }, to: '-1005' }))
    expect(received).toEqual([])
  })
})
