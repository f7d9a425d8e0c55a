import type { Chat, User } from 'grammy/types'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import type { InboundMessage } from '../../src/domain/messages/messages.ts'
import { createTelegramChannel, type TelegramTiming } from '../../src/channels/telegram/channel.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'
import { describeChannelContract, eventually, outgoing, type ContractStage, type Speaker } from './contract.ts'

const alice: User = { id: 101, is_bot: false, first_name: '张三' }
const namesake: User = { id: 102, is_bot: false, first_name: '社区小助手' }
const otherBot: User = { id: 103, is_bot: true, first_name: '天气', username: 'weather_bot' }
const home: Chat.PrivateChat = { id: 101, type: 'private', first_name: '张三' }
const group: Chat.SupergroupChat = { id: -1001, type: 'supergroup', title: '阳光花园3栋' }
const toAlice = { kind: 'private', externalId: '101' } as const
const toGroup = { kind: 'group', externalId: '-1001' } as const

const TIMING: Partial<TelegramTiming> = { pollSeconds: 2, sendTimeoutSeconds: 1, firstBackoffMs: 20, longestBackoffMs: 100, troubleMs: 200, random: () => 1 }

function memoryOffsets(): { value: number | null; read(): Promise<number | null>; write(offset: number): Promise<void> } {
  return {
    value: null,
    async read() { return this.value },
    async write(offset) { this.value = offset },
  }
}

describeChannelContract('Telegram', async (): Promise<ContractStage> => {
  const api = new FakeBotApi()
  await api.start()
  api.openChat(home)
  const channel = createTelegramChannel({ token: api.token, apiRoot: api.apiRoot, log: pino({ level: 'silent' }), now: () => new Date(), offsets: memoryOffsets(), timing: TIMING })
  const speakers: Record<Speaker, User> = { alice, namesake, otherBot, ourselves: api.me }
  return {
    channel,
    mention: `@${api.me.username}`,
    mentionOfNamesake: '@社区小助手',
    ids: { alice: '101', group: '-1001', stranger: '999' },
    say(who, where, text, options) {
      const entities = options?.mentions === 'namesake' ? [{ type: 'text_mention' as const, offset: 0, length: 6, user: namesake }] : undefined
      const update = api.say(speakers[who], where === 'private' ? home : group, entities === undefined ? text : { text, entities })
      return { again: () => api.deliver(update) }
    },
    sent: () => api.sent.map((sent) => ({ conversation: String(sent.chatId), text: sent.text })),
    start: (receive) => channel.start(receive),
    async close() {
      await channel.stop()
      await api.die()
    },
  }
})

describe('the Telegram channel', () => {
  let api: FakeBotApi
  let offsets: ReturnType<typeof memoryOffsets>
  let received: InboundMessage[]
  let log: { level: number; msg: string }[]
  let channel: ReturnType<typeof createTelegramChannel>

  const build = (): ReturnType<typeof createTelegramChannel> =>
    createTelegramChannel({
      token: api.token,
      apiRoot: api.apiRoot,
      log: pino({ level: 'info' }, { write: (line: string) => { log.push(JSON.parse(line) as { level: number; msg: string }) } }),
      now: () => new Date(),
      offsets,
      timing: TIMING,
    })
  const online = (): Promise<true> => eventually(() => channel.status().state === 'online', 'the channel is online')
  const next = (count = 1): Promise<InboundMessage> => eventually(() => received[count - 1], `message ${count} is handed over`)

  beforeEach(async () => {
    api = new FakeBotApi()
    await api.start()
    api.openChat(home)
    api.openChat(group)
    offsets = memoryOffsets()
    received = []
    log = []
    channel = build()
  })
  afterEach(async () => {
    await channel.stop()
    await api.die()
  })
  const start = (): Promise<void> => channel.start(async (message) => { received.push(message) })

  describe('receiving', () => {
    it('confirms an update only after it was stored', async () => {
      let release = (): void => undefined
      await channel.start((message) => new Promise((resolve) => {
        received.push(message)
        release = resolve
      }))
      const update = api.say(alice, home, '灯坏了')
      await next()
      expect(offsets.value).toBeNull()
      expect(api.pending()).toEqual([update.update_id])
      release()
      await eventually(() => api.pending().length === 0, 'the update is confirmed')
      expect(offsets.value).toBe(update.update_id + 1)
    })

    it('hands an update over again under the same id after a crash before it was stored, and not after', async () => {
      await channel.start(() => new Promise(() => undefined))
      api.say(alice, home, '灯坏了')
      await eventually(() => api.callsOf('getUpdates').length > 0, 'a poll')
      await channel.stop()
      channel = build()
      await start()
      const first = await next()
      await eventually(() => api.pending().length === 0, 'the update is confirmed')
      await channel.stop()
      channel = build()
      await start()
      await online()
      api.say(alice, home, '以上')
      expect((await next(2)).text).toBe('以上')
      expect(first.text).toBe('灯坏了')
    })

    it('is addressed by a reply to its message, not by a reply to somebody else', async () => {
      await start()
      await online()
      const sent = await channel.send(outgoing(toGroup, '九点上班。'))
      expect(sent.outcome).toBe('sent')
      const ours = { message_id: api.sent[0]?.messageId ?? 0, chat: group, from: api.me, date: 1, text: '九点上班。' }
      api.say(alice, group, { text: '那周末呢', reply_to_message: { ...ours, reply_to_message: undefined } as never })
      api.say(alice, group, { text: '那周末呢', reply_to_message: { ...ours, from: namesake } as never })
      await next(2)
      expect(received.map((message) => message.isAddressed)).toEqual([true, false])
    })

    it('understands commands of its menu, and leaves those of other bots alone', async () => {
      await start()
      api.say(alice, group, '/report@linli_test_bot 灯坏了')
      api.say(alice, group, '/progress')
      api.say(alice, group, '/report@weather_bot 雨')
      api.say(alice, group, '/roll')
      await next(4)
      expect(received.map(({ text, isAddressed }) => [text, isAddressed])).toEqual([['我要报修 灯坏了', true], ['查进度', true], ['/report@weather_bot 雨', false], ['/roll', false]])
      const menu = api.callsOf('setMyCommands')[0]?.params['commands'] as { command: string }[]
      expect(menu.map((entry) => entry.command)).toContain('report')
    })

    it('says what a deep link from the group stands for', async () => {
      await start()
      await online()
      expect(channel.privateLink?.('report')).toBe('https://t.me/linli_test_bot?start=report')
      expect(channel.privateLink?.('报修')).toBeNull()
      api.say(alice, home, '/start report')
      api.say(alice, home, '/start')
      await next(2)
      expect(received.map((message) => message.text)).toEqual(['我要报修', '你好'])
    })

    it.each(['go', 'cancel', 'nothing_known', '<b>x</b>', '确认', `x${'y'.repeat(80)}`])('does nothing for the payload "%s" of a link but say hello: who sends a link around commands nobody', async (payload) => {
      await start()
      api.say(alice, home, `/start ${payload}`)
      expect((await next()).text).toBe('你好')
    })

    it('talks to the Bot API that TELEGRAM_API_ROOT names, however its address ends', async () => {
      await channel.stop()
      const apiRoot = loadConfig({ TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: `${api.apiRoot}/` }).telegram?.apiRoot
      channel = createTelegramChannel({ token: api.token, ...(apiRoot !== undefined && { apiRoot }), log: pino({ level: 'silent' }), now: () => new Date(), offsets, timing: TIMING })
      await start()
      api.say(alice, home, '在吗')
      expect((await next()).text).toBe('在吗')
      expect((await channel.send(outgoing(toAlice, '在'))).outcome).toBe('sent')
      expect(api.calls.every((call) => call.method !== '')).toBe(true)
    })

    it('is not addressed by a mention in a quote or in a forwarded message', async () => {
      await start()
      const text = '@linli_test_bot 几点\n他问的'
      api.say(alice, group, { text, entities: [{ type: 'blockquote', offset: 0, length: 18 }, { type: 'mention', offset: 0, length: 15 }] })
      api.say(alice, group, { text: '@linli_test_bot 几点', entities: [{ type: 'mention', offset: 0, length: 15 }], forward_origin: { type: 'user', sender_user: namesake, date: 1 } })
      await next(2)
      expect(received.map((message) => message.isAddressed)).toEqual([false, false])
    })

    it('takes photos, voice, places, files, stickers and contacts as typed attachments with their caption', async () => {
      await start()
      const file = { file_id: 'f1', file_unique_id: 'u1' }
      api.say(alice, home, { photo: [{ ...file, file_id: 'small', width: 1, height: 1 }, { ...file, file_id: 'large', width: 9, height: 9 }], caption: '3号楼灯坏了' })
      api.say(alice, home, { voice: { ...file, duration: 3 } })
      api.say(alice, home, { location: { latitude: 30.1, longitude: 119.2 } })
      api.say(alice, home, { document: { ...file, file_name: '<b>申请表</b>.doc' } })
      api.say(alice, home, { sticker: { ...file, type: 'regular', width: 1, height: 1, is_animated: false, is_video: false, emoji: '👍' } })
      api.say(alice, home, { contact: { phone_number: '+8613800138000', first_name: '张三', user_id: 101 } })
      api.say(alice, home, { new_chat_title: '改名' })
      await next(6)
      expect(received.map(({ text, attachments }) => [text, attachments[0]?.kind, attachments[0]?.caption, attachments[0]?.reference])).toEqual([
        ['3号楼灯坏了', 'photo', '', 'large'],
        ['', 'voice', '', 'f1'],
        ['', 'location', '30.10000,119.20000', '30.10000,119.20000'],
        ['', 'file', '申请表.doc', 'f1'],
        ['', 'sticker', '👍', 'f1'],
        ['13800138000', 'contact', '张三', undefined],
      ])
    })

    it('turns a pressed button into what it says, once for one pressing, and confirms it', async () => {
      await start()
      await online()
      await channel.send(outgoing(toAlice, '确认提交吗？', { buttons: [{ label: '是', text: '确认' }, { label: '否', text: '取消' }] }))
      const asked = api.sent[0]
      expect(asked?.buttons).toEqual([{ label: '是', data: '确认' }, { label: '否', data: '取消' }])
      const update = api.press(alice, asked ?? api.sent[0]!, '确认')
      expect(await next()).toMatchObject({ text: '确认', isAddressed: true, sender: { externalId: '101' }, conversation: toAlice })
      await eventually(() => api.callsOf('answerCallbackQuery').some((call) => call.status === 200), 'the pressing is confirmed')
      api.deliver(update)
      expect((await next(2)).externalId).toBe(received[0]?.externalId)
    })

    it('confirms a pressed button at once, also while its words cannot be stored', async () => {
      await start()
      await online()
      await channel.send(outgoing(toAlice, '确认提交吗？', { buttons: [{ label: '是', text: '确认' }] }))
      await channel.stop()
      channel = build()
      await channel.start(() => Promise.reject(new Error('the store is locked')))
      const update = api.press(alice, api.sent[0]!, '确认')
      await eventually(() => api.callsOf('answerCallbackQuery').some((call) => call.status === 200), 'the pressing is confirmed')
      expect(api.unansweredQueries()).toEqual([])
      expect(api.pending()).toEqual([update.update_id])
    })

    it('ignores anonymous administrators, whose private answer would land in the group', async () => {
      await start()
      api.say({ id: 1087968824, is_bot: true, first_name: 'Group' }, group, { text: '/help', sender_chat: group })
      api.say({ id: 777000, is_bot: false, first_name: 'Telegram' }, group, { text: '@linli_test_bot 公告', sender_chat: { id: -5, type: 'channel', title: 'x' } })
      api.say(alice, home, '以上')
      expect((await next()).text).toBe('以上')
    })
  })

  describe('sending', () => {
    beforeEach(async () => {
      await start()
      await online()
    })

    it('quotes the asker in a group, and still arrives when the question was deleted', async () => {
      const asked = api.say(alice, group, '@linli_test_bot 几点')
      const { externalId } = await next()
      await channel.send(outgoing(toGroup, '九点。', { quotes: externalId, mention: { externalId: '101', nickname: '张三' } }))
      await channel.send(outgoing(toGroup, '九点。', { quotes: '-1001:424242' }))
      await channel.send(outgoing(toGroup, '九点。', { quotes: '-77:1', mention: { externalId: '101', nickname: '张三' } }))
      expect(api.sent.map(({ text, replyTo }) => [text, replyTo])).toEqual([['九点。', asked.message?.message_id], ['九点。', null], ['张三，九点。', null]])
    })

    it('sends hostile text as it is, without any markup', async () => {
      const text = '<b>*_[x](tg://user?id=1)_*</b> `code`'
      await channel.send(outgoing(toAlice, text))
      const call = api.callsOf('sendMessage')[0]
      expect(call?.params['text']).toBe(text)
      expect(Object.keys(call?.params ?? {})).not.toContain('parse_mode')
    })

    it.each([
      [{ code: 429, description: 'Too Many Requests: retry after 7', parameters: { retry_after: 7 } }, { outcome: 'retry', afterMs: 7_000, pausesAccount: true }],
      [{ code: 403, description: 'Forbidden: bot was blocked by the user' }, { outcome: 'recipient_gone' }],
      [{ code: 400, description: 'Bad Request: chat not found' }, { outcome: 'recipient_gone' }],
      [{ code: 400, description: 'Bad Request: not enough rights to send text messages to the chat' }, { outcome: 'rejected' }],
      [{ code: 500, description: 'Internal Server Error' }, { outcome: 'retry' }],
      [{ code: 502, description: 'Bad Gateway' }, { outcome: 'retry' }],
    ])('says what answer %j means', async (error, expected) => {
      api.fail('sendMessage', { kind: 'error', ...error })
      expect(await channel.send(outgoing(toAlice, '您好'))).toMatchObject(expected)
    })

    it('does not know what became of a message when the answer was lost or late', async () => {
      api.fail('sendMessage', { kind: 'lost_answer' }, { kind: 'slow', ms: 1_500 })
      expect((await channel.send(outgoing(toAlice, '一'))).outcome).toBe('unknown')
      expect((await channel.send(outgoing(toAlice, '二'))).outcome).toBe('unknown')
      expect(api.sent[0]?.text).toBe('一')
    })

    it('may send again what never left', async () => {
      await api.die()
      expect((await channel.send(outgoing(toAlice, '您好'))).outcome).toBe('retry')
      await api.start()
    })

    it('follows a group to its new id', async () => {
      api.migrate(-1001, -1002)
      expect(await channel.send(outgoing(toGroup, '一', { quotes: '-1001:1' }))).toMatchObject({ outcome: 'sent', movedTo: '-1002' })
      await channel.send(outgoing(toGroup, '二'))
      expect(api.sent.map(({ chatId, text }) => [chatId, text])).toEqual([[-1002, '一'], [-1002, '二']])
      expect(api.callsOf('sendMessage').length).toBe(3)
    })

    it('goes on with the part that is missing when a long message fails in the middle', async () => {
      const message = outgoing(toAlice, '请带身份证。'.repeat(1_000))
      api.fail('sendMessage', { kind: 'slow', ms: 0 }, { kind: 'error', code: 429, description: 'Too Many Requests', parameters: { retry_after: 1 } })
      expect((await channel.send(message)).outcome).toBe('retry')
      expect((await channel.send(message)).outcome).toBe('sent')
      expect(api.sent.map((sent) => sent.text.slice(0, 5))).toEqual(['（1/2）', '（2/2）'])
    })

    it('refuses a button whose text no platform could carry', async () => {
      expect(await channel.send(outgoing(toAlice, '选一个', { buttons: [{ label: '长', text: '很'.repeat(22) }] }))).toMatchObject({ outcome: 'rejected' })
      expect(api.sent).toEqual([])
    })
  })

  describe('trouble', () => {
    it('says so while the network is dead, and comes back by itself', async () => {
      await start()
      await online()
      await api.die()
      await eventually(() => channel.status().state === 'degraded', 'the channel is degraded')
      expect(channel.status().detail).toContain('自动重试')
      await api.start()
      await online()
      api.say(alice, home, '在吗')
      expect((await next()).text).toBe('在吗')
      expect(log.filter((line) => line.level >= 40)).toHaveLength(1)
    })

    it('starts without a network, and connects when there is one', async () => {
      await api.die()
      await start()
      await eventually(() => channel.status().state === 'degraded', 'the channel is degraded')
      await api.start()
      await online()
    })

    it('names the remedy for a token that is not accepted, and never logs the token', async () => {
      api.fail('getMe', { kind: 'error', code: 401, description: 'Unauthorized' })
      await start()
      await eventually(() => channel.status().state === 'degraded', 'the channel is degraded')
      expect(channel.status().detail).toContain('TELEGRAM_BOT_TOKEN')
      expect(JSON.stringify(log)).not.toContain('TEST-token')
      await online()
    })

    it('takes away a webhook that an earlier set-up left, and names a second poller', async () => {
      api.webhookUrl = 'https://old.example/hook'
      await start()
      await online()
      expect(api.webhookUrl).toBe('')
      api.fail('getUpdates', { kind: 'error', code: 409, description: 'Conflict: terminated by other getUpdates request' })
      api.say(alice, home, '在吗')
      await eventually(() => channel.status().state === 'degraded', 'the channel is degraded')
      expect(channel.status().detail).toContain('另一个程序')
    })

    it('ends a poll under way within two seconds', async () => {
      await start()
      await online()
      const started = Date.now()
      await channel.stop()
      expect(Date.now() - started).toBeLessThan(2_000)
      const polls = api.callsOf('getUpdates').length
      api.say(alice, home, '在吗')
      expect(api.callsOf('getUpdates').length).toBe(polls)
      expect(received).toEqual([])
    })
  })
})
