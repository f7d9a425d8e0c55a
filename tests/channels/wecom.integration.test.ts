import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWecomChannel, type WecomTiming } from '../../src/channels/wecom/channel.ts'
import { createWecomWebhookChannel } from '../../src/channels/wecom/webhook-channel.ts'
import type { InboundMessage } from '../../src/domain/messages/messages.ts'
import { FakeWecom } from '../fakes/wecom/server.ts'
import { describeChannelContract, eventually, outgoing, type ContractStage, type Speaker } from './contract.ts'

const NAME = '社区小助手'
const toAlice = { kind: 'private', externalId: 'zhangsan' } as const
const toGroup = { kind: 'group', externalId: 'wr-group' } as const
const TIMING: Partial<WecomTiming> = { firstBackoffMs: 20, longestBackoffMs: 100, heartbeatMs: 200, takenMs: 200, random: () => 1 }
const USERS: Record<Speaker, string> = { alice: 'zhangsan', namesake: 'lisi', otherBot: 'bot-2', ourselves: 'linli-bot' }

const build = (server: FakeWecom, secret = server.secret): ReturnType<typeof createWecomChannel> =>
  createWecomChannel({ botId: server.botId, secret, botName: NAME, wsUrl: server.wsUrl, log: pino({ level: 'silent' }), now: () => new Date(), timing: TIMING })

/** WeCom keeps robots' messages and whatever does not mention this robot to itself. */
function handsOver(who: Speaker, where: 'private' | 'group', text: string, mentions: string | undefined): boolean {
  if (who === 'otherBot' || who === 'ourselves') return false
  return where === 'private' || (mentions !== 'namesake' && new RegExp(`(?<![A-Za-z])@${NAME}(?!二号|\\.com)`).test(text) && !/x@|a@/.test(text))
}

describeChannelContract('WeCom', async (): Promise<ContractStage> => {
  const server = new FakeWecom()
  await server.start()
  for (const chat of ['zhangsan', 'lisi', 'wr-group']) server.knownChats.add(chat)
  const channel = build(server)
  return {
    channel,
    hearsGroupTalk: false,
    tellsNames: false,
    mention: `@${NAME}`,
    mentionOfNamesake: `@${NAME}\u2005`,
    ids: { alice: 'zhangsan', group: 'wr-group', stranger: 'nobody' },
    say(who, where, text, options) {
      if (!handsOver(who, where, text, options?.mentions)) return { again: () => undefined }
      const body = server.say({ from: { userid: USERS[who] }, chattype: where === 'private' ? 'single' : 'group', ...(where === 'group' && { chatid: 'wr-group' }), text: { content: text } })
      return { again: () => server.deliver(body) }
    },
    sent: () => server.sent.map(({ chatid, content }) => ({ conversation: chatid, text: content.replace(/^<@[\w.@-]+> /, '') })),
    start: (receive) => channel.start(receive),
    async close() {
      await channel.stop()
      await server.die()
      expect(server.complaints).toEqual([])
    },
  }
})

describe('the WeCom channel', () => {
  let server: FakeWecom
  let channel: ReturnType<typeof createWecomChannel>
  let received: InboundMessage[]
  const isOnline = (): boolean => channel.status().state === 'online'
  const start = (): Promise<void> => channel.start(async (message) => { received.push(message) })

  beforeEach(async () => {
    server = new FakeWecom()
    await server.start()
    server.knownChats.add('zhangsan').add('wr-group')
    received = []
    channel = build(server)
  })
  afterEach(async () => {
    await channel.stop()
    await server.die()
  })

  it('mentions the asker by id, so that no name can call everybody', async () => {
    await start()
    await eventually(isOnline, 'it is online')
    await channel.send(outgoing(toGroup, '上午九点。', { mention: { externalId: 'zhangsan', nickname: '@所有人' } }))
    expect(server.sent).toEqual([{ chatid: 'wr-group', content: '<@zhangsan> 上午九点。' }])
  })

  it('says in words what its buttons would say', async () => {
    await start()
    await eventually(isOnline, 'it is online')
    await channel.send(outgoing(toAlice, '都对吗？', { buttons: [{ label: '对', text: '确认' }, { label: '改', text: '修改' }] }))
    expect(server.sent.at(-1)?.content).toBe('都对吗？\n可以回复：确认、修改')
  })

  it('takes what was spoken as text, and a photo as an attachment', async () => {
    await start()
    await eventually(isOnline, 'it is online')
    server.say({ from: { userid: 'zhangsan' }, chattype: 'single', msgtype: 'voice', voice: { content: '灯坏了' } })
    server.say({ from: { userid: 'zhangsan' }, chattype: 'single', msgtype: 'image', image: { url: 'http://127.0.0.1/x' } })
    server.say({ from: { userid: 'zhangsan' }, chattype: 'single', msgtype: 'mixed', mixed: { msg_item: [{ msgtype: 'text', text: { content: '这里漏水' } }, { msgtype: 'image', image: { url: 'x' } }] } })
    await eventually(() => received.length === 3, 'three messages')
    expect(received.map(({ text, attachments }) => [text, attachments.map(({ kind }) => kind)])).toEqual([['灯坏了', []], ['', ['photo']], ['这里漏水', ['photo']]])
  })

  it('is back by itself after the network was gone, and nothing is blamed meanwhile', async () => {
    await start()
    await eventually(isOnline, 'it is online')
    const port = await server.die()
    await eventually(() => channel.status().state === 'degraded', 'it is degraded')
    expect(channel.status().detail).toContain('网络')
    expect((await channel.send(outgoing(toAlice, '您好'))).outcome).toBe('retry')
    await server.start(port)
    await eventually(isOnline, 'it is online again')
    expect((await channel.send(outgoing(toAlice, '您好'))).outcome).toBe('sent')
  })

  it('says what to mend when the secret is wrong', async () => {
    channel = build(server, 'wrong')
    await start()
    await eventually(() => channel.status().detail.includes('WECOM_BOT_SECRET'), 'the remedy is told')
    expect(channel.status().state).toBe('degraded')
  })

  it('leaves the connection to a second program, and comes back after a pause without a war', async () => {
    await start()
    await eventually(isOnline, 'it is online')
    const second = build(server)
    await second.start(async () => undefined)
    await eventually(() => channel.status().detail.includes('另一个程序'), 'the first one yields')
    const during = server.subscriptions
    expect(during).toBe(2)
    await second.stop()
    await eventually(isOnline, 'it comes back when the other is gone')
    expect(server.subscriptions).toBe(3)
  })

  it.each([
    [{ errcode: 45009, errmsg: 'api freq out of limit' }, { outcome: 'retry', pausesAccount: true }],
    [{ errcode: 86008, errmsg: 'chat not exist' }, { outcome: 'recipient_gone' }],
    [{ errcode: 40058, errmsg: 'invalid parameter' }, { outcome: 'rejected' }],
    ['hang_up' as const, { outcome: 'unknown' }],
  ])('tells what became of a send that met %j', async (fault, expected) => {
    await start()
    await eventually(isOnline, 'it is online')
    server.faults.push(fault)
    expect(await channel.send(outgoing(toAlice, '您好'))).toMatchObject(expected)
  })

  it('does not know of a send that was taken without an answer', async () => {
    await start()
    await eventually(isOnline, 'it is online')
    server.faults.push('silence')
    expect((await channel.send(outgoing(toAlice, '您好'))).outcome).toBe('unknown')
    expect(server.sent).toHaveLength(1)
  }, 10_000)
})

describe('the WeCom group webhook', () => {
  let server: FakeWecom
  let channel: ReturnType<typeof createWecomWebhookChannel>
  const toRoom = { kind: 'group', externalId: '幸福社区群' } as const

  beforeEach(async () => {
    server = new FakeWecom()
    await server.start()
    channel = createWecomWebhookChannel({ groups: [{ name: '幸福社区群', webhookUrl: server.webhookUrl('k1') }], log: pino({ level: 'silent' }), now: () => new Date() })
    await channel.start(async () => undefined)
  })
  afterEach(() => server.die().catch(() => undefined))

  it('posts an announcement as text, in numbered parts within 2,048 bytes', async () => {
    const result = await channel.send(outgoing(toRoom, '明天上午九点到下午五点停水，请提前备水。'.repeat(60), { kind: 'announcement' }))
    expect(result.outcome).toBe('sent')
    const texts = server.webhookPosts.map(({ body }) => (body as { text: { content: string } }).text.content)
    expect(texts.length).toBeGreaterThan(1)
    expect(texts.every((text, index) => Buffer.byteLength(text) <= 2_048 && text.startsWith(`（${index + 1}/${texts.length}）`))).toBe(true)
    expect(server.webhookPosts.every(({ key }) => key === 'k1')).toBe(true)
  })

  it.each([
    [{ body: { errcode: 45009, errmsg: 'freq' } }, 'retry'],
    [{ body: { errcode: 93000, errmsg: 'invalid webhook url' } }, 'recipient_gone'],
    [{ body: { errcode: 44004, errmsg: 'empty content' } }, 'rejected'],
    [{ status: 502, body: {} }, 'unknown'],
    [{ status: 404, body: {} }, 'rejected'],
  ])('tells what an answer of %j means', async (answer, outcome) => {
    server.webhookAnswers.push(answer)
    const result = await channel.send(outgoing(toRoom, '停水'))
    expect(result.outcome).toBe(outcome)
    expect(JSON.stringify(result)).not.toContain('k1')
  })

  it('tries again later when it cannot connect, and knows no group that was taken out', async () => {
    expect((await channel.send(outgoing({ kind: 'group', externalId: '别的群' }, '停水'))).outcome).toBe('recipient_gone')
    await server.die()
    expect(await channel.send(outgoing(toRoom, '停水'))).toMatchObject({ outcome: 'retry' })
  })
})
