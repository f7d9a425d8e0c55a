import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../src/domain/messages/channel.ts'
import type { InboundMessage } from '../../src/domain/messages/messages.ts'
import { resolvePuppet } from '../../src/channels/wechat/bot.ts'
import type { WechatOptions } from '../../src/channels/wechat/channel.ts'
import { FakeGateway } from '../fakes/wechat/gateway.ts'
import { FakeLine } from '../fakes/wechat/line.ts'
import { describeChannelContract, eventually, outgoing } from './contract.ts'
import { build, populate, ROOM, stage, TIMING, toAlice, toRoom, useWechatFolder } from './wechat-world.ts'

useWechatFolder()

describeChannelContract('WeChat over gRPC', async () => {
  const gateway = new FakeGateway('insecure_contract')
  populate(gateway.wechat)
  await gateway.start()
  return stage(gateway.wechat, build({ puppetName: 'wechaty-puppet-service', serviceToken: gateway.token, endpoint: gateway.endpoint, noTls: true }), () => gateway.die())
})

describe('the puppet that WECHATY_PUPPET names', () => {
  it.each([
    ['wechaty-puppet-wechat4u', 'PuppetWechat4u'],
    ['wechat4u', 'PuppetWechat4u'],
    ['wechaty-puppet-service', 'AttentivePuppetService'],
  ])('%s is %s', async (puppetName, expected) => {
    expect((await resolvePuppet({ puppetName, serviceToken: 'insecure_x', endpoint: '127.0.0.1:1', noTls: true })).constructor.name).toBe(expected)
  })

  it('is told to be missing when it is not installed', async () => {
    const channel = build({ puppetName: 'wechaty-puppet-nowhere' })
    await channel.start(async () => undefined)
    await eventually(() => channel.status().state === 'degraded', 'it says so')
    expect(channel.status().detail).toContain('没有安装所选的微信组件')
    await channel.stop()
  })
})

describe('the WeChat channel\'s connection over gRPC', () => {
  let gateway: FakeGateway
  let channel: Channel
  let received: InboundMessage[]
  let log: { level: number; msg: string }[]

  beforeEach(async () => {
    gateway = new FakeGateway(`insecure_connection${Math.random().toString(36).slice(2)}`)
    populate(gateway.wechat)
    received = []
    log = []
  })
  afterEach(async () => {
    await channel.stop()
    await gateway.die()
  })

  const open = (endpoint = gateway.endpoint, more: Partial<WechatOptions> = {}): Channel =>
    build({
      puppetName: 'service',
      serviceToken: gateway.token,
      endpoint,
      noTls: true,
      ...more,
      log: pino({ level: 'info' }, { write: (line: string) => { log.push(JSON.parse(line) as { level: number; msg: string }) } }),
    })
  const start = async (endpoint?: string, more?: Partial<WechatOptions>): Promise<void> => {
    channel = open(endpoint, more)
    await channel.start(async (message) => { received.push(message) })
  }
  /** As the phone does: the login comes when the gateway asks for it. */
  const online = (ms = 30_000): Promise<true> => eventually(() => {
    if (gateway.wechat.puppet.listenerCount('message') > 0) gateway.wechat.login()
    return channel.status().state === 'online'
  }, 'the channel is online', ms)

  it('carries a question and its answer, with the asker mentioned', async () => {
    await gateway.start()
    await start()
    await online()
    gateway.wechat.say('wxid_alice', { roomId: ROOM.id }, '@社区小助手\u2005几点上班？', { mentionIdList: ['wxid_assistant'] })
    const message = await eventually(() => received[0], 'the question is handed over')
    expect(message).toMatchObject({ text: '几点上班？', isAddressed: true, conversation: { externalId: ROOM.id, title: '阳光花园3栋' }, sender: { nickname: '张三' } })
    expect(await channel.send(outgoing(toRoom, '九点。', { mention: { externalId: message.sender.externalId, nickname: '张三' } }))).toMatchObject({ outcome: 'sent' })
    expect(gateway.wechat.sent).toEqual([{ conversationId: ROOM.id, text: '@张三\u2005九点。', mentionIds: ['wxid_alice'] }])
  })

  it('T21: is back within 30 s after the gateway was gone, and sends nothing meanwhile', async () => {
    await gateway.start()
    await start()
    await online()
    await gateway.die()
    await eventually(() => channel.status().state === 'degraded', 'the loss is noticed', 5_000)
    expect(channel.status().detail).toContain('自动重连')
    expect((await channel.send(outgoing(toAlice, '您好'))).outcome).toBe('retry')
    await gateway.start()
    const back = Date.now()
    await online()
    expect(Date.now() - back).toBeLessThan(30_000)
    gateway.wechat.say('wxid_alice', 'private', '回来了吗')
    await eventually(() => received.length > 0, 'a message after the return')
    expect((await channel.send(outgoing(toAlice, '回来了'))).outcome).toBe('sent')
    expect(log.filter((line) => line.level >= 40 && line.msg.includes('gateway cannot be reached'))).toHaveLength(1)
  })

  it('leaves WeChat logged in at the gateway when the service is restarted', async () => {
    await gateway.start()
    await start()
    await online()
    await channel.stop()
    expect(gateway.wechat.isLoggedIn).toBe(true)
    await start()
    await eventually(() => channel.status().state === 'online', 'the channel is online without a new login')
    gateway.wechat.say('wxid_alice', 'private', '还在吗')
    await eventually(() => received.length > 0, 'a message after the restart')
  })

  it('shows the QR code that the gateway was showing before the service came', async () => {
    await gateway.start()
    gateway.wechat.scan('https://login.weixin.qq.com/l/early')
    await start()
    await eventually(() => channel.status().qrCode === 'https://login.weixin.qq.com/l/early', 'the QR code is in the status')
  })

  it('does not push in where another program is connected', async () => {
    await gateway.start()
    await start()
    await online()
    const second = open()
    await second.start(async () => undefined)
    await eventually(() => second.status().state === 'degraded', 'the second program is turned away', 15_000)
    expect(second.status().detail).toContain('另一个程序')
    await second.stop()
    gateway.wechat.say('wxid_alice', 'private', '还在吗')
    await eventually(() => received.length > 0, 'the first program still receives')
    expect(channel.status().state).toBe('online')
  })

  it('T21: notices a line that is dead without a word, and is back within 30 s of its return, without a new login', async () => {
    await gateway.start()
    const line = new FakeLine(gateway.endpoint)
    try {
      await start(await line.open(), { timing: { ...TIMING, probeMs: 600 } })
      await online()
      // The mock answers a probe after a second.
      await delay(1_500)
      line.freeze()
      await eventually(() => channel.status().state === 'degraded', 'the silence is noticed', 5_000)
      expect(gateway.wechat.isLoggedIn).toBe(true)
      line.thaw()
      await eventually(() => channel.status().state === 'online', 'the channel is online', 30_000)
      gateway.wechat.say('wxid_alice', 'private', '回来了吗')
      await eventually(() => received.length > 0, 'a message after the return')
      await channel.stop()
    } finally {
      await line.close()
    }
  })

  it('starts without a gateway, and connects when there is one', async () => {
    await gateway.start()
    await gateway.die()
    await start()
    await eventually(() => channel.status().state === 'degraded', 'it says that the gateway is away', 20_000)
    await gateway.start()
    await online()
  })
})
