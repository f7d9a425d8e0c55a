import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts'
import { messageKey } from '../../src/channels/telegram/inbound.ts'
import { createWechatChannel } from '../../src/channels/wechat/channel.ts'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { createOutbox } from '../../src/outbox/worker.ts'
import { queueMessages } from '../../src/store/outbox/outbox.ts'
import { eventually } from '../channels/contract.ts'
import { TIMING } from '../channels/telegram-world.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'
import { FakeWechat } from '../fakes/wechat/gateway.ts'
import { EARLIER, openTestStore, silentLog } from './world.ts'

const SENTENCE = '志愿者报名以后由社区的工作人员联系您👩‍👩‍👧‍👦，请保持电话畅通。'
const now = () => new Date()

let world: Awaited<ReturnType<typeof openTestStore>>
let folder: string
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  world = await openTestStore()
  folder = mkdtempSync(join(tmpdir(), 'linli-long-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Sends one reply by the outbox over a channel that is online, and gives its row once it is closed. */
async function sendLong(channel: Channel, conversationExternalId: string, text: string) {
  closing.push(() => channel.stop())
  await channel.start(async () => undefined)
  await world.store.write(async (transaction) => {
    await transaction.conversation.createMany({ data: [{ id: 'c-1', channel: channel.id, account: channel.account, externalId: conversationExternalId, kind: 'private', createdAt: EARLIER }] })
    await queueMessages(transaction, [{ key: 'long', conversationId: 'c-1', priority: 'reply', kind: 'answer', text, isPushed: false }], now())
  })
  const outbox = createOutbox({ store: world.store, channels: [channel], log: silentLog, now, processId: 'long' })
  closing.push(() => outbox.stop())
  await outbox.start()
  const row = () => world.store.read.outboxMessage.findFirstOrThrow()
  await expect.poll(async () => (await row()).status, { timeout: 15_000 }).toBe('sent')
  return row()
}

/** Each part is numbered, ends with a sentence and keeps within the limit; together they are the text. */
function expectWhole(parts: readonly string[], text: string, length: (part: string) => number, limit: number): void {
  expect(parts.length).toBeGreaterThan(1)
  for (const [index, part] of parts.entries()) {
    expect(part).toMatch(new RegExp(`^（${index + 1}/${parts.length}）.*。$`, 's'))
    expect(length(part)).toBeLessThanOrEqual(limit)
  }
  expect(parts.map((part) => part.replace(/^（\d+\/\d+）/, '')).join('')).toBe(text)
}

const hanzi = (text: string): number => text.match(/\p{Script=Han}/gu)?.length ?? 0

describe('T15: a long text with joined emoji is cut at sentences, and is one message in the store', () => {
  it('on WeChat: 1,400 Chinese characters in parts under 2,000 bytes', async () => {
    const text = SENTENCE.repeat(57)
    expect(hanzi(text)).toBeGreaterThan(1_400)
    const wechat = new FakeWechat()
    wechat.addContact({ id: 'wxid_liu', name: '刘桂兰' })
    const channel = createWechatChannel({ puppet: wechat.puppet, stateDir: join(folder, 'wechat'), log: silentLog, now, printQr: () => undefined })
    void eventually(() => wechat.puppet.listenerCount('login') > 0, 'the channel listens').then(() => wechat.login())
    const row = await sendLong(channel, 'wxid_liu', text)
    expectWhole(wechat.sent.map((sent) => sent.text), text, (part) => Buffer.byteLength(part, 'utf8'), 2_000)
    expect(row).toMatchObject({ text, attempts: 1, platformMessageId: `sent-${wechat.sent.length}` })
  })

  it('on Telegram: in parts within 4,096 UTF-16 units', async () => {
    const text = SENTENCE.repeat(230)
    expect(text.length).toBeGreaterThan(2 * 4_096)
    const api = new FakeBotApi()
    await api.start()
    closing.push(() => api.die())
    api.openChat({ id: 201, type: 'private', first_name: '刘桂兰' })
    const channel = createTelegramChannel({ token: api.token, apiRoot: api.apiRoot, log: silentLog, now, offsets: { read: async () => null, write: async () => undefined }, timing: TIMING })
    const row = await sendLong(channel, '201', text)
    expectWhole(api.sent.map((sent) => sent.text), text, (part) => part.length, 4_096)
    expect(row).toMatchObject({ text, attempts: 1, platformMessageId: messageKey(201, api.sent.at(-1)?.messageId ?? 0) })
  })
})
