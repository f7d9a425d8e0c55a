import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../src/domain/messages/channel.ts'
import type { InboundMessage } from '../../src/domain/messages/messages.ts'
import { FakeWechat } from '../fakes/wechat/gateway.ts'
import { describeChannelContract, eventually, outgoing } from './contract.ts'
import { build, populate, ROOM, stage, toAlice, toRoom, useWechatFolder } from './wechat-world.ts'

useWechatFolder()

describeChannelContract('WeChat on a puppet in this process', async () => {
  const wechat = new FakeWechat()
  populate(wechat)
  return stage(wechat, build({ puppet: wechat.puppet }), async () => undefined)
})

describe('the WeChat channel', () => {
  let wechat: FakeWechat
  let channel: Channel
  let received: InboundMessage[]
  let drawings: string[]

  const next = (count = 1): Promise<InboundMessage> => eventually(() => received[count - 1], `message ${count} is handed over`)
  const inRoom = (text: string, mentionIdList: string[] = [], more: { type?: number } = {}): string => wechat.say('wxid_alice', { roomId: ROOM.id }, text, { mentionIdList, ...more })

  beforeEach(async () => {
    wechat = new FakeWechat()
    populate(wechat)
    received = []
    drawings = []
    channel = build({ puppet: wechat.puppet, printQr: (drawing) => { drawings.push(drawing) }, ignoredSenderIds: ['wxid_robot'] })
    await channel.start(async (message) => { received.push(message) })
    await eventually(() => wechat.puppet.listenerCount('message') > 0, 'the channel listens')
  })
  afterEach(() => channel.stop())

  it('shows the QR code in its status and in the terminal, once, until somebody logs in', async () => {
    expect(channel.status().state).toBe('starting')
    wechat.scan('https://login.weixin.qq.com/l/abc')
    wechat.scan('https://login.weixin.qq.com/l/abc')
    expect(channel.status()).toMatchObject({ state: 'needs_login', qrCode: 'https://login.weixin.qq.com/l/abc' })
    await eventually(() => drawings.length > 0, 'the code is drawn')
    expect(drawings).toHaveLength(1)
    expect(drawings[0]).toContain('▄')
    expect((await channel.send(outgoing(toAlice, '您好'))).outcome).toBe('retry')
    wechat.login()
    expect(channel.status()).toMatchObject({ state: 'online', detail: '' })
    expect(channel.status().qrCode).toBeUndefined()
    await wechat.puppet.logout()
    expect(channel.status().state).toBe('needs_login')
  })

  it('says that the account is banned, and asks for a log-in otherwise, when WeChat throws it out', () => {
    wechat.login()
    wechat.puppet.emit('logout', { contactId: wechat.selfId, data: '你的账号已被限制登录' })
    expect(channel.status()).toMatchObject({ state: 'banned' })
    expect(channel.status().detail).toContain('解除限制')
    wechat.puppet.emit('logout', { contactId: wechat.selfId, data: '你在别的手机上登录了' })
    expect(channel.status()).toMatchObject({ state: 'needs_login' })
  })

  describe('receiving', () => {
    beforeEach(() => wechat.login())

    it('is not addressed by a mention of everybody, even where the platform lists us among them', async () => {
      inRoom('@所有人 明天停水', ['wxid_assistant', 'wxid_alice'])
      inRoom('@All\u2005明天停水', ['announce@all'])
      inRoom('@所有人 @社区小助手\u2005几点停水?', ['wxid_assistant', 'wxid_alice'])
      await next(3)
      expect(received.map(({ isAddressed }) => isAddressed)).toEqual([false, false, true])
    })

    it('T20: believes the platform\'s ids before names', async () => {
      inRoom('@老王改的名\u2005几点?', ['wxid_assistant'])
      inRoom('@社区小助手\u2005几点?', ['wxid_namesake'])
      inRoom('@社区小助手\u2005@社区小助手\u2005几点?', ['wxid_namesake', 'wxid_assistant'])
      await next(3)
      expect(received.map(({ text, isAddressed }) => [text, isAddressed])).toEqual([['几点?', true], ['@社区小助手 几点?', false], ['几点?', true]])
    })

    it('is not addressed inside a quote of somebody else, and is by a quote of its own words, although somebody bears its name', async () => {
      await channel.send(outgoing(toRoom, '上午九点。\n中午休息。', { mention: { externalId: 'wxid_alice', nickname: '张三' } }))
      inRoom('「张三：@社区小助手 几点？」\n- - - - - - - - - - - - - - -\n我也想知道')
      inRoom('「张三：@社区小助手 几点？」\n- - - - - - - - - - - - - - -\n我也想知道', ['wxid_assistant'])
      inRoom('「张三：几点？」\n- - - - - - - - - - - - - - -\n@社区小助手\u2005你说呢')
      inRoom('「社区小助手：@张三\u2005上午九点。…」\n- - - - - - - - - - - - - - -\n周末呢')
      inRoom('「社区小助手：上午九点。」\n- - - - - - - - - - - - - - -\n节假日呢', ['wxid_assistant'])
      inRoom('「社区小助手：上午九点。」\n- - - - - - - - - - - - - - -\n@张三\u2005你看看', ['wxid_alice'])
      await next(6)
      expect(received.map(({ text, isAddressed }) => [text, isAddressed])).toEqual([['我也想知道', false], ['我也想知道', false], ['你说呢', true], ['周末呢', true], ['节假日呢', true], ['@张三 你看看', false]])
    })

    it('believes the name in a quote where nobody else in the room bears it; otherwise only the ids or its own words', async () => {
      wechat.addRoom({ ...ROOM, id: '2002@chatroom', memberIdList: ['wxid_assistant', 'wxid_alice'] })
      const quoting = (roomId: string, mentionIdList: string[]): string => wechat.say('wxid_alice', { roomId }, '「社区小助手：晚上打牌。」\n- - - - - - - - - - - - - - -\n几点', { mentionIdList })
      quoting('2002@chatroom', [])
      quoting(ROOM.id, [])
      quoting(ROOM.id, ['wxid_assistant'])
      await next(3)
      expect(received.map((message) => message.isAddressed)).toEqual([true, false, true])
    })

    it('T19: answers a bot that looks like a person only so often, and others as ever', async () => {
      for (let count = 0; count < 25; count += 1) inRoom('@社区小助手\u2005收到您的消息', ['wxid_assistant'])
      wechat.say('wxid_namesake', { roomId: ROOM.id }, '@社区小助手\u2005几点?', { mentionIdList: ['wxid_assistant'] })
      await next(26)
      expect(received.map((message) => message.isAddressed)).toEqual([...Array.from({ length: 25 }, (_, index) => index < 20), true])
    })

    it('T19: drops system text, recalls, unknown types, WeChat\'s own accounts and other bots', async () => {
      for (const type of [0, 10, 13, 16]) inRoom('@社区小助手 几点', ['wxid_assistant'], { type })
      wechat.addContact({ id: 'weixin', name: '微信团队' })
      wechat.addContact({ id: 'wxid_robot', name: '群管家' })
      for (const id of ['weixin', 'gh_weather', 'wxid_robot', wechat.selfId]) wechat.say(id, 'private', '您好')
      wechat.say('wxid_alice', 'private', '以上')
      expect((await next()).text).toBe('以上')
    })

    it('takes pictures, voice, files and the like as typed attachments', async () => {
      const kinds: [number, string][] = [[6, 'photo'], [2, 'voice'], [15, 'video'], [1, 'file'], [8, 'location'], [3, 'contact'], [5, 'sticker'], [14, 'other'], [12, 'other']]
      for (const [type] of kinds) wechat.say('wxid_alice', 'private', '<msg/>', { type, ...(type === 1 ? { filename: '<b>申请表</b>.doc' } : {}) })
      await next(kinds.length)
      expect(received.map(({ text, attachments }) => [text, attachments.map((attachment) => attachment.kind)])).toEqual(kinds.map(([, kind]) => ['', [kind]]))
      expect(received[3]?.attachments[0]?.caption).toBe('申请表.doc')
      expect(received[4]?.attachments[0]?.caption).toContain('东升乡人民政府')
    })

    it('T18: hands an old message over with the time at which it was sent, in seconds or milliseconds', async () => {
      const sent = Date.UTC(2026, 10, 20, 1, 2, 3)
      wechat.say('wxid_alice', 'private', '甲', { timestamp: sent })
      wechat.say('wxid_alice', 'private', '乙', { timestamp: sent / 1000 })
      await next(2)
      expect(received.map((message) => message.sentAt.getTime())).toEqual([sent, sent])
    })

    it('T17: takes a text of wechat4u in full that has a colon at the end of a line', async () => {
      wechat.sayByWechat4u('wxid_alice', ROOM.id, `@${wechat.name} 报修:\n3栋2单元灯坏了\n电话:\n13800138001`)
      expect(await next()).toMatchObject({ text: '报修:\n3栋2单元灯坏了\n电话:\n13800138001', isAddressed: true })
    })

    it('keeps the order of a burst', async () => {
      for (let count = 0; count < 50; count += 1) wechat.say('wxid_alice', 'private', `第${count}条`)
      await next(50)
      expect(received.map((message) => message.text)).toEqual(Array.from({ length: 50 }, (_, count) => `第${count}条`))
    })

    it('skips a message that cannot be read, and goes on', async () => {
      wechat.deliver('msg-of-nowhere')
      wechat.say('wxid_alice', 'private', '在吗')
      expect((await next()).text).toBe('在吗')
    })
  })

  describe('sending', () => {
    beforeEach(() => wechat.login())

    it('mentions the asker by id and cleaned nickname, and offers in words what other platforms offer as buttons', async () => {
      const sent = await channel.send(outgoing(toRoom, '确认提交吗？', { mention: { externalId: 'wxid_alice', nickname: '张三' }, buttons: [{ label: '是', text: '确认' }, { label: '否', text: '取消' }] }))
      expect(sent).toEqual({ outcome: 'sent', platformMessageId: 'sent-1' })
      expect(wechat.sent).toEqual([{ conversationId: ROOM.id, text: '@张三\u2005确认提交吗？\n可以回复：取消', mentionIds: ['wxid_alice'] }])
    })

    it('T15: cuts 1,400 Chinese characters with joined emoji for a group at sentences, each part within 2,000 bytes, the asker named once', async () => {
      const sentence = '志愿者报名后由社区联系您👩‍👩‍👧‍👦，请保持电话畅通。'
      const text = sentence.repeat(60)
      expect(Array.from(text.replace(/[^\p{Script=Han}]/gu, '')).length).toBeGreaterThan(1_100)
      expect(text.length).toBeGreaterThan(1_400)
      expect((await channel.send(outgoing(toRoom, text, { mention: { externalId: 'wxid_alice', nickname: '张三' } }))).outcome).toBe('sent')
      const parts = wechat.sent.map((sent) => sent.text)
      expect(parts.length).toBeGreaterThan(1)
      for (const part of parts) {
        expect(Buffer.byteLength(part, 'utf8')).toBeLessThanOrEqual(2_000)
        expect(part.endsWith('。')).toBe(true)
      }
      expect(parts.map((part) => part.replace(/^（\d+\/\d+）/, '')).join('')).toBe(`@张三\u2005${text}`)
    })

    it('is careful with announcements unless told otherwise, and never with replies', () => {
      const { announcementRate, announcementLimits, rate } = channel.capabilities
      expect([announcementRate, announcementLimits]).toEqual([{ perSecond: 0.25, burst: 1 }, { perHour: 120, perDay: 300 }])
      expect(rate).toEqual({ perSecond: 1, burst: 5 })
      expect(build({ puppet: wechat.puppet, announcementsPerHour: 40, announcementsPerDay: 90 }).capabilities.announcementLimits).toEqual({ perHour: 40, perDay: 90 })
    })

    it.each([
      ['3: 操作太频繁，请稍后再试', { outcome: 'retry', pausesAccount: true }],
      ['对方还不是你的好友', { outcome: 'recipient_gone' }],
      ['not logged in', { outcome: 'retry' }],
      ['read ECONNRESET', { outcome: 'unknown' }],
      ['text too long', { outcome: 'rejected' }],
    ])('says what the failure "%s" means', async (message, expected) => {
      wechat.failures.push(new Error(message))
      expect(await channel.send(outgoing(toAlice, '您好'))).toMatchObject(expected)
      expect(wechat.sent).toEqual([])
    })
  })
})
