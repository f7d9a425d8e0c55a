import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { User } from 'grammy/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEventNoter } from '../../src/channels/events.ts'
import { createLeasedChannel } from '../../src/channels/leased.ts'
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts'
import { createWechatChannel, type WechatOptions } from '../../src/channels/wechat/channel.ts'
import { createWecomChannel } from '../../src/channels/wecom/channel.ts'
import { createWecomWebhookChannel } from '../../src/channels/wecom/webhook-channel.ts'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { acquireLease, releaseLease } from '../../src/store/channels/channel-accounts.ts'
import { eventually, outgoing } from '../channels/contract.ts'
import { TIMING } from '../channels/telegram-world.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'
import { FakeGateway, FakeWechat } from '../fakes/wechat/gateway.ts'
import { FakeWecom } from '../fakes/wecom/server.ts'
import { ScriptedChannel, VirtualTime } from '../outbox/virtual.ts'
import { addGroup, openTestStore } from '../outbox/world.ts'
import { captureLog, type CapturedLog } from '../support/log.ts'
import { EVERYTHING, expectOneLine, PERSONAL } from './lines.ts'

const QUIET = 15 * 60_000
const alice: User = { id: 101, is_bot: false, first_name: PERSONAL.name }
const toAlice = { kind: 'private', externalId: '101' } as const

let log: CapturedLog
let folder: string
/** How far the clock of the channel is ahead of the real one, in ms. */
let ahead: number
const now = () => new Date(Date.now() + ahead)
const closing: (() => Promise<unknown>)[] = []
beforeEach(() => {
  log = captureLog()
  ahead = 0
  folder = mkdtempSync(join(tmpdir(), 'linli-lines-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  rmSync(folder, { recursive: true, force: true })
})

const state = (channel: Channel, wanted: string, ms?: number) => eventually(() => channel.status().state === wanted, `the channel is ${wanted}`, ms)
const nothing = async (): Promise<void> => undefined

describe('Telegram leaves one line', () => {
  let api: FakeBotApi
  beforeEach(async () => {
    api = new FakeBotApi({ token: PERSONAL.token })
    await api.start()
    closing.push(() => api.die())
  })

  async function open(more: { webhook?: { url: string; secret: string }; receive?: () => Promise<void> } = {}): Promise<Channel> {
    const offsets = { read: async () => null, write: nothing }
    const channel = createTelegramChannel({ token: api.token, apiRoot: api.apiRoot, log: log.log, now, offsets, timing: TIMING, ...(more.webhook && { webhook: more.webhook }) })
    closing.push(() => channel.stop())
    await channel.start(more.receive ?? nothing)
    return channel
  }
  const polls = (count: number) => eventually(() => api.callsOf('getUpdates').length >= count, `${count} polls`)
  const refused = (code: number) => ({ kind: 'error', code, description: `refused ${EVERYTHING}` }) as const

  it('T7: for a network that is dead, however often it is tried', async () => {
    const channel = await open()
    await state(channel, 'online')
    await api.die()
    await state(channel, 'degraded')
    await new Promise((resolve) => setTimeout(resolve, 400))
    await api.start()
    await state(channel, 'online')
    expectOneLine(log, { fault: 'network', tells: /goes on by itself when the network is back/ })
  })

  it('for a token that is not accepted', async () => {
    api.fail('getMe', refused(401), refused(401), refused(401))
    await state(await open(), 'online')
    expectOneLine(log, { fault: 'token-refused', tells: /Get a new one from @BotFather, set TELEGRAM_BOT_TOKEN and restart/, times: 3 })
  })

  it('T5: for a second program that receives for the same bot', async () => {
    api.fail('getUpdates', refused(409), refused(409), refused(409))
    const channel = await open()
    await polls(5)
    await state(channel, 'online')
    expectOneLine(log, { fault: 'second-poller', tells: /Stop one of them/, times: 3 })
  })

  it('for a Telegram that takes no requests for a while', async () => {
    api.fail('getUpdates', refused(502), refused(502))
    const channel = await open()
    await polls(4)
    await state(channel, 'online')
    expectOneLine(log, { fault: 'busy', tells: /by itself, and nothing is lost\. Nothing to do/, times: 2 })
  })

  it('for messages that cannot be stored by a mistake', async () => {
    let failures = 3
    const channel = await open({ receive: async () => { if ((failures -= 1) >= 0) throw new TypeError(EVERYTHING) } })
    api.say(alice, { id: 101, type: 'private', first_name: PERSONAL.name }, PERSONAL.text)
    await eventually(() => failures < 0, 'it is stored')
    await state(channel, 'online')
    expectOneLine(log, { fault: 'not-stored', tells: /tried again until it is, and nothing is lost/ })
  })

  it('T24: for buttons of messages that Telegram does not know any more', async () => {
    const channel = await open()
    await state(channel, 'online')
    for (let count = 0; count < 3; count += 1) api.press(alice, { chatId: 101, messageId: 999 }, EVERYTHING.slice(0, 20))
    await eventually(() => api.callsOf('answerCallbackQuery').length === 3, 'the buttons are answered')
    ahead = QUIET
    api.say(alice, { id: 101, type: 'private', first_name: PERSONAL.name }, PERSONAL.text)
    await eventually(() => api.pending().length === 0, 'what follows is taken in')
    expectOneLine(log, { fault: 'stale-button', tells: /told to write instead\. Nothing to do/, times: 3 })
  })

  it('T22: for calls of the webhook with a wrong secret', async () => {
    const channel = await open({ webhook: { url: 'https://linli.example/hook', secret: PERSONAL.secret } })
    await state(channel, 'online')
    const call = (secret: string) => channel.webhook?.handle(new Request('https://linli.example/hook', { method: 'POST', headers: { 'x-telegram-bot-api-secret-token': secret }, body: '{}' }))
    for (let count = 0; count < 5; count += 1) expect((await call(EVERYTHING.replace(/\P{ASCII}/gu, '')))?.status).toBe(401)
    ahead = QUIET
    expect((await call(PERSONAL.secret))?.status).toBe(400)
    expectOneLine(log, { fault: 'webhook-secret', tells: /refused; nothing was stored\. If messages do not arrive either, restart/, times: 5 })
  })
})

describe('what a platform tells of a group leaves one line', () => {
  it.each([
    ['T9: when the assistant is sent away', { type: 'gone', conversation: { kind: 'group', externalId: 'x-g' } }, 'sent-away', /let an administrator of the group add it again/],
    ['T10: when the group moves', { type: 'moved', conversation: { kind: 'group', externalId: 'x-g' }, to: 'x-new' }, 'group-moved', /went along\. Nothing to do/],
  ] as const)('%s, once told or thrice', async (_, event, fault, tells) => {
    const world = await openTestStore(log.log)
    closing.push(() => world.close())
    await addGroup(world.store, 'g')
    const note = createEventNoter({ id: 'fake', account: 'a1' }, { store: world.store, log: log.log, now })
    for (let count = 0; count < 3; count += 1) await note(event)
    ahead = QUIET
    await note({ type: 'back', conversation: { kind: 'group', externalId: 'x-nowhere' } })
    expectOneLine(log, { fault, tells, times: 1 })
  })
})

describe('WeChat leaves one line', () => {
  const open = (options: Partial<WechatOptions>): Channel => {
    const channel = createWechatChannel({ stateDir: join(folder, 'wechat'), log: log.log, now, printQr: () => undefined, timing: { firstBackoffMs: 20, longestBackoffMs: 200, random: () => 1 }, ...options })
    closing.push(() => channel.stop())
    return channel
  }

  async function logIn(): Promise<{ wechat: FakeWechat; channel: Channel }> {
    const wechat = new FakeWechat()
    const channel = open({ puppet: wechat.puppet })
    await channel.start(nothing)
    await eventually(() => wechat.puppet.listenerCount('login') > 0, 'the channel listens')
    return { wechat, channel }
  }

  it('for an account that is not logged in, however many codes it shows', async () => {
    const { wechat, channel } = await logIn()
    for (const code of ['one', 'two', 'three']) wechat.scan(`https://login.weixin.qq.com/l/${code}`)
    await state(channel, 'needs_login')
    wechat.login()
    await state(channel, 'online')
    expectOneLine(log, { fault: 'needs-login', tells: /Scan the QR code in the terminal or on the admin page/, times: 3 })
  })

  it('for an account that is banned', async () => {
    const { wechat, channel } = await logIn()
    wechat.login()
    await state(channel, 'online')
    for (let count = 0; count < 2; count += 1) wechat.puppet.emit('logout', { contactId: wechat.selfId, data: `账号被限制登录 ${EVERYTHING}` })
    await state(channel, 'banned')
    expectOneLine(log, { fault: 'banned', tells: /Lift the restriction in WeChat on the phone, then restart/, end: 'none' })
  })

  it('T21: for a gateway that is gone for a while', async () => {
    const homeBefore = process.env['HOME']
    // wechaty's client keeps names under the home folder.
    process.env['HOME'] = folder
    closing.push(async () => { process.env['HOME'] = homeBefore })
    const gateway = new FakeGateway(`insecure_lines${Date.now()}`)
    closing.push(() => gateway.die())
    await gateway.start()
    const channel = open({ serviceToken: gateway.token, endpoint: gateway.endpoint, noTls: true })
    await channel.start(nothing)
    const online = () => eventually(() => {
      if (gateway.wechat.puppet.listenerCount('message') > 0) gateway.wechat.login()
      return channel.status().state === 'online'
    }, 'the channel is online', 30_000)
    await online()
    await gateway.die()
    await state(channel, 'degraded')
    await gateway.start()
    await online()
    expectOneLine(log, { fault: 'gateway-down', tells: /back within 30 s of its return.*Check that the gateway runs/ })
  })
})

describe('WeCom leaves one line', () => {
  let server: FakeWecom
  beforeEach(async () => {
    server = new FakeWecom()
    await server.start()
    closing.push(() => server.die().catch(() => undefined))
  })
  const open = (secret = server.secret): Channel => {
    const channel = createWecomChannel({ botId: server.botId, secret, wsUrl: server.wsUrl, log: log.log, now, timing: { firstBackoffMs: 20, longestBackoffMs: 100, heartbeatMs: 200, takenMs: 200, random: () => 1 } })
    closing.push(() => channel.stop())
    return channel
  }

  it('for a secret that is not accepted, however often it is tried', async () => {
    await open('wrong').start(nothing)
    await eventually(() => log.faults().length > 0, 'the secret is refused')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expectOneLine(log, { fault: 'token-refused', tells: /set WECOM_BOT_ID and WECOM_BOT_SECRET, and restart/, end: 'none' })
  })

  it('T7: for a network that is dead', async () => {
    const channel = open()
    await channel.start(nothing)
    await state(channel, 'online')
    const port = await server.die()
    await state(channel, 'degraded')
    await new Promise((resolve) => setTimeout(resolve, 200))
    await server.start(port)
    await state(channel, 'online')
    expectOneLine(log, { fault: 'network', tells: /goes on by itself when the network is back/ })
  })

  it('T7: for a group webhook that cannot be reached, whatever the number of messages', async () => {
    const channel = createWecomWebhookChannel({ groups: [{ name: '幸福社区群', webhookUrl: server.webhookUrl(PERSONAL.secret) }], log: log.log, now })
    await channel.start(nothing)
    const send = () => channel.send(outgoing({ kind: 'group', externalId: '幸福社区群' }, EVERYTHING))
    const port = await server.die()
    for (let count = 0; count < 3; count += 1) expect((await send()).outcome).toBe('retry')
    await server.start(port)
    expect((await send()).outcome).toBe('sent')
    expectOneLine(log, { fault: 'network', tells: /goes on by itself/, times: 3 })
  })
})

describe('an account that another process holds leaves one line', () => {
  it('T5: however often the lease is asked for', async () => {
    const world = await openTestStore(log.log)
    closing.push(() => world.close())
    const key = { channel: 'fake', account: 'a1' }
    const until = () => new Date(Date.now() + 20_000)
    await acquireLease(world.store, { ...key, owner: 'other', now: new Date(), until: until(), isGone: () => false })
    let asked = 0
    const lease = {
      acquire: () => {
        asked += 1
        return acquireLease(world.store, { ...key, owner: 'ours', now: new Date(), until: until(), isGone: () => false })
      },
      release: () => releaseLease(world.store, { ...key, owner: 'ours' }),
    }
    const channel = createLeasedChannel(new ScriptedChannel(new VirtualTime(new Date().toISOString())), lease, log.log, now, 20)
    closing.push(() => channel.stop())
    await channel.start(nothing)
    await eventually(() => asked > 5, 'the lease is asked for again and again')
    expect(await channel.send(outgoing(toAlice, EVERYTHING))).toMatchObject({ outcome: 'retry' })
    await releaseLease(world.store, { ...key, owner: 'other' })
    await state(channel, 'online')
    expectOneLine(log, { fault: 'account-held', tells: /takes over within 30 s of its end\. Nothing to do if that is meant; otherwise stop one of them/ })
  })
})
