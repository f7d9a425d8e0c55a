import Database from 'better-sqlite3'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import type { Chat, User } from 'grammy/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startService, type ServiceProcess } from '../../src/commands/bench/service-process.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'

const SECRET = 'a-secret_of-the-tests'
/** Each of these starts the program two or three times, beside other tests. */
const PATIENCE_MS = 180_000
const MODES = ['polling', 'webhook'] as const
type Mode = (typeof MODES)[number]

const resident = (number: number): { from: User; chat: Chat.PrivateChat } => ({
  from: { id: 3_000 + number, is_bot: false, first_name: '刘桂兰' },
  chat: { id: 3_000 + number, type: 'private', first_name: '刘桂兰' },
})

let directory: string
let api: FakeBotApi
let service: ServiceProcess
/** What stands before the service as a reverse proxy does, so that its address outlives a restart. */
let proxy: http.Server

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-telegram-'))
  api = new FakeBotApi()
  await api.start()
  proxy = http.createServer((request, response) => {
    const { port } = new URL(service.url)
    const onward = http.request({ host: '127.0.0.1', port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502)
      answer.pipe(response)
    })
    onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await service.stop()
  await api.die()
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
  fs.rmSync(directory, { recursive: true, force: true })
})

const hookUrl = (): string => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/hooks/telegram`

async function start(mode: Mode): Promise<void> {
  service = await startService({
    dataDirectory: directory,
    environment: {
      // Words alone answer these questions; embedding the knowledge anew at every start would be most of the time.
      EMBEDDING_MODEL_DIR: path.join(directory, 'no-model'),
      TELEGRAM_BOT_TOKEN: api.token,
      TELEGRAM_API_ROOT: api.apiRoot,
      ...(mode === 'webhook' && { TELEGRAM_WEBHOOK_URL: hookUrl(), TELEGRAM_WEBHOOK_SECRET: SECRET }),
    },
  })
}

function query<Row>(sql: string, ...values: unknown[]): Row[] {
  const database = new Database(path.join(directory, 'linli.db'), { readonly: true })
  try {
    return database.prepare(sql).all(...values) as Row[]
  } finally {
    database.close()
  }
}
const count = (sql: string): number => query<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)[0]?.n ?? 0

/** Waits until nothing is pending at Telegram, undecided or unsent. */
const settled = (): Promise<void> =>
  service.until(async () => api.pending().length === 0 && count('InboundMessage WHERE decidedAt IS NULL') === 0 && count(`OutboxMessage WHERE status IN ('queued', 'sending')`) === 0)
const sent = (number: number): Promise<void> => service.until(async () => api.sent.length >= number)

describe.each(MODES)('a crash, with Telegram by %s', { timeout: PATIENCE_MS }, (mode) => {
  it('T1: after messages were received and before they are decided loses none and answers none twice', async () => {
    await start(mode)
    const residents = Array.from({ length: 25 }, (_, index) => resident(index))
    for (const { from, chat } of residents) api.say(from, chat, '社区志愿者要占居民多少')
    await service.until(async () => count('InboundMessage') >= 8)
    await service.kill()
    const stored = count('InboundMessage')
    const undecided = count('InboundMessage WHERE decidedAt IS NULL')
    expect(undecided + api.pending().length).toBeGreaterThan(0)
    await start(mode)
    await settled()

    expect(stored).toBeLessThanOrEqual(residents.length)
    expect(count('InboundMessage')).toBe(residents.length)
    expect(count('OutboxMessage')).toBe(residents.length)
    for (const { chat } of residents) {
      const seen = api.sent.filter((message) => message.chatId === chat.id).length
      const rows = query<{ status: string }>('SELECT o.status FROM OutboxMessage o JOIN Conversation c ON c.id = o.conversationId WHERE c.externalId = ?', String(chat.id))
      expect(rows).toHaveLength(1)
      // What was on its way when the process died is unknown: seen or not, it is not sent again.
      if (rows[0]?.status === 'sent') expect(seen).toBe(1)
      else expect([rows[0]?.status, seen <= 1]).toEqual(['unknown', true])
    }
  })

  it('T4: an update delivered three times and again across a crash makes one ticket and one reply', async () => {
    await start(mode)
    const { from, chat } = resident(1)
    api.say(from, chat, '3栋2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await sent(1)
    api.say(from, chat, '同意')
    await sent(2)
    const summary = api.sent[1]
    if (summary === undefined) throw new Error('there is no summary')
    const pressed = api.press(from, summary, '确认')
    api.deliver(pressed)
    api.deliver(pressed)
    await sent(3)
    await service.kill()
    api.deliver(pressed)
    await start(mode)
    await settled()
    api.deliver({ ...pressed, update_id: pressed.update_id + 100 })
    await settled()

    const receipts = api.sent.filter((message) => /SR-\d{8}-\d{4}/.test(message.text))
    expect(receipts).toHaveLength(1)
    expect(query<{ number: string }>('SELECT number FROM ServiceRequest').map(({ number }) => number)).toEqual([/SR-\d{8}-\d{4}/.exec(receipts[0]?.text ?? '')?.[0]])
    expect(count('InboundMessage')).toBe(3)
    expect(count('OutboxMessage')).toBe(3)
    expect(api.sent).toHaveLength(3)
  })
})

describe('the webhook of the whole service', { timeout: PATIENCE_MS }, () => {
  it('T22: without or with a wrong secret it is 401 and nothing is stored; with it the message is stored and answered', async () => {
    await start('webhook')
    await service.until(async () => api.webhookUrl === hookUrl())
    const { from, chat } = resident(1)
    const update = JSON.stringify({ update_id: 1, message: { message_id: 1, from, chat, date: Math.floor(Date.now() / 1000), text: '社区志愿者要占居民多少' } })
    const post = async (headers: Record<string, string>, route = '/hooks/telegram'): Promise<number> => (await fetch(service.url + route, { method: 'POST', body: update, headers })).status
    expect(await post({})).toBe(401)
    expect(await post({ 'x-telegram-bot-api-secret-token': 'wrong' })).toBe(401)
    expect(await post({ authorization: `Bearer ${SECRET}` })).toBe(401)
    expect(await post({ 'x-telegram-bot-api-secret-token': SECRET }, '/hooks/other')).toBe(404)
    expect(count('InboundMessage')).toBe(0)
    expect(count('Person')).toBe(0)
    api.openChat(chat)
    expect(await post({ 'x-telegram-bot-api-secret-token': SECRET })).toBe(200)
    expect(count('InboundMessage')).toBe(1)
    await sent(1)
    expect(api.sent[0]).toMatchObject({ chatId: chat.id, text: expect.stringContaining('10%') as string })
  })

  it('goes on by polling, and back, on the same store', async () => {
    await start('webhook')
    const { from, chat } = resident(1)
    api.say(from, chat, '社区志愿者要占居民多少')
    await sent(1)
    await settled()
    for (const [index, mode] of (['polling', 'webhook'] as const).entries()) {
      expect(await service.stop()).toBe(0)
      api.say(from, chat, '社区志愿者要占居民多少')
      await start(mode)
      await sent(index + 2)
      await settled()
      expect(api.sent).toHaveLength(index + 2)
    }
  })
})
