import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts'
import { eventually, outgoing } from './contract.ts'
import { alice, group, home, namesake, TIMING, toAlice, toGroup, useTelegram } from './telegram-stage.ts'

const telegram = useTelegram()

describe('the Telegram channel, receiving', () => {
  it('confirms an update only after it was stored', async () => {
    let release = (): void => undefined
    await telegram.channel.start((message) => new Promise((resolve) => {
      telegram.received.push(message)
      release = resolve
    }))
    const update = telegram.api.say(alice, home, '灯坏了')
    await telegram.next()
    expect(telegram.offsets.value).toBeNull()
    expect(telegram.api.pending()).toEqual([update.update_id])
    release()
    await eventually(() => telegram.api.pending().length === 0, 'the update is confirmed')
    expect(telegram.offsets.value).toBe(update.update_id + 1)
  })

  it('hands an update over again under the same id after a crash before it was stored, and not after', async () => {
    await telegram.channel.start(() => new Promise(() => undefined))
    telegram.api.say(alice, home, '灯坏了')
    await eventually(() => telegram.api.callsOf('getUpdates').length > 0, 'a poll')
    await telegram.channel.stop()
    telegram.channel = telegram.build()
    await telegram.start()
    const first = await telegram.next()
    await eventually(() => telegram.api.pending().length === 0, 'the update is confirmed')
    await telegram.channel.stop()
    telegram.channel = telegram.build()
    await telegram.start()
    await telegram.online()
    telegram.api.say(alice, home, '以上')
    expect((await telegram.next(2)).text).toBe('以上')
    expect(first.text).toBe('灯坏了')
  })

  it('is addressed by a reply to its message, not by a reply to somebody else', async () => {
    await telegram.start()
    await telegram.online()
    const sent = await telegram.channel.send(outgoing(toGroup, '九点上班。'))
    expect(sent.outcome).toBe('sent')
    const ours = { message_id: telegram.api.sent[0]?.messageId ?? 0, chat: group, from: telegram.api.me, date: 1, text: '九点上班。' }
    telegram.api.say(alice, group, { text: '那周末呢', reply_to_message: { ...ours, reply_to_message: undefined } as never })
    telegram.api.say(alice, group, { text: '那周末呢', reply_to_message: { ...ours, from: namesake } as never })
    await telegram.next(2)
    expect(telegram.received.map((message) => message.isAddressed)).toEqual([true, false])
  })

  it('understands commands of its menu, and leaves those of other bots alone', async () => {
    await telegram.start()
    telegram.api.say(alice, group, '/report@linli_test_bot 灯坏了')
    telegram.api.say(alice, group, '/progress')
    telegram.api.say(alice, group, '/report@weather_bot 雨')
    telegram.api.say(alice, group, '/roll')
    await telegram.next(4)
    expect(telegram.received.map(({ text, isAddressed }) => [text, isAddressed])).toEqual([['我要报修 灯坏了', true], ['查进度', true], ['/report@weather_bot 雨', false], ['/roll', false]])
    const menu = telegram.api.callsOf('setMyCommands')[0]?.params['commands'] as { command: string }[]
    expect(menu.map((entry) => entry.command)).toContain('report')
  })

  it('says what a deep link from the group stands for', async () => {
    await telegram.start()
    await telegram.online()
    expect(telegram.channel.privateLink?.('report')).toBe('https://t.me/linli_test_bot?start=report')
    expect(telegram.channel.privateLink?.('报修')).toBeNull()
    telegram.api.say(alice, home, '/start report')
    telegram.api.say(alice, home, '/start')
    await telegram.next(2)
    expect(telegram.received.map((message) => message.text)).toEqual(['我要报修', '你好'])
  })

  it.each(['go', 'cancel', 'nothing_known', '<b>x</b>', '确认', `x${'y'.repeat(80)}`])('does nothing for the payload "%s" of a link but say hello: who sends a link around commands nobody', async (payload) => {
    await telegram.start()
    telegram.api.say(alice, home, `/start ${payload}`)
    expect((await telegram.next()).text).toBe('你好')
  })

  it('talks to the Bot API that TELEGRAM_API_ROOT names, however its address ends', async () => {
    await telegram.channel.stop()
    const apiRoot = loadConfig({ TELEGRAM_BOT_TOKEN: telegram.api.token, TELEGRAM_API_ROOT: `${telegram.api.apiRoot}/` }).telegram?.apiRoot
    telegram.channel = createTelegramChannel({ token: telegram.api.token, ...(apiRoot !== undefined && { apiRoot }), log: pino({ level: 'silent' }), now: () => new Date(), offsets: telegram.offsets, timing: TIMING })
    await telegram.start()
    telegram.api.say(alice, home, '在吗')
    expect((await telegram.next()).text).toBe('在吗')
    expect((await telegram.channel.send(outgoing(toAlice, '在'))).outcome).toBe('sent')
    expect(telegram.api.calls.every((call) => call.method !== '')).toBe(true)
  })

  it('is not addressed by a mention in a quote or in a forwarded message', async () => {
    await telegram.start()
    const text = '@linli_test_bot 几点\n他问的'
    telegram.api.say(alice, group, { text, entities: [{ type: 'blockquote', offset: 0, length: 18 }, { type: 'mention', offset: 0, length: 15 }] })
    telegram.api.say(alice, group, { text: '@linli_test_bot 几点', entities: [{ type: 'mention', offset: 0, length: 15 }], forward_origin: { type: 'user', sender_user: namesake, date: 1 } })
    await telegram.next(2)
    expect(telegram.received.map((message) => message.isAddressed)).toEqual([false, false])
  })

  it('takes photos, voice, places, files, stickers and contacts as typed attachments with their caption', async () => {
    await telegram.start()
    const file = { file_id: 'f1', file_unique_id: 'u1' }
    telegram.api.say(alice, home, { photo: [{ ...file, file_id: 'small', width: 1, height: 1 }, { ...file, file_id: 'large', width: 9, height: 9 }], caption: '3号楼灯坏了' })
    telegram.api.say(alice, home, { voice: { ...file, duration: 3 } })
    telegram.api.say(alice, home, { location: { latitude: 30.1, longitude: 119.2 } })
    telegram.api.say(alice, home, { document: { ...file, file_name: '<b>申请表</b>.doc' } })
    telegram.api.say(alice, home, { sticker: { ...file, type: 'regular', width: 1, height: 1, is_animated: false, is_video: false, emoji: '👍' } })
    telegram.api.say(alice, home, { contact: { phone_number: '+8613800138000', first_name: '张三', user_id: 101 } })
    telegram.api.say(alice, home, { new_chat_title: '改名' })
    await telegram.next(6)
    expect(telegram.received.map(({ text, attachments }) => [text, attachments[0]?.kind, attachments[0]?.caption, attachments[0]?.reference])).toEqual([
      ['3号楼灯坏了', 'photo', '', 'large'],
      ['', 'voice', '', 'f1'],
      ['', 'location', '30.10000,119.20000', '30.10000,119.20000'],
      ['', 'file', '申请表.doc', 'f1'],
      ['', 'sticker', '👍', 'f1'],
      ['13800138000', 'contact', '张三', undefined],
    ])
  })

  it('turns a pressed button into what it says, once for one pressing, and confirms it', async () => {
    await telegram.start()
    await telegram.online()
    await telegram.channel.send(outgoing(toAlice, '确认提交吗？', { buttons: [{ label: '是', text: '确认' }, { label: '否', text: '取消' }] }))
    const asked = telegram.api.sent[0]
    expect(asked?.buttons).toEqual([{ label: '是', data: '确认' }, { label: '否', data: '取消' }])
    const update = telegram.api.press(alice, asked ?? telegram.api.sent[0]!, '确认')
    expect(await telegram.next()).toMatchObject({ text: '确认', isAddressed: true, sender: { externalId: '101' }, conversation: toAlice })
    await eventually(() => telegram.api.callsOf('answerCallbackQuery').some((call) => call.status === 200), 'the pressing is confirmed')
    telegram.api.deliver(update)
    expect((await telegram.next(2)).externalId).toBe(telegram.received[0]?.externalId)
  })

  it('confirms a pressed button at once, also while its words cannot be stored', async () => {
    await telegram.start()
    await telegram.online()
    await telegram.channel.send(outgoing(toAlice, '确认提交吗？', { buttons: [{ label: '是', text: '确认' }] }))
    await telegram.channel.stop()
    telegram.channel = telegram.build()
    await telegram.channel.start(() => Promise.reject(new Error('the store is locked')))
    const update = telegram.api.press(alice, telegram.api.sent[0]!, '确认')
    await eventually(() => telegram.api.callsOf('answerCallbackQuery').some((call) => call.status === 200), 'the pressing is confirmed')
    expect(telegram.api.unansweredQueries()).toEqual([])
    expect(telegram.api.pending()).toEqual([update.update_id])
  })

  it('ignores anonymous administrators, whose private answer would land in the group', async () => {
    await telegram.start()
    telegram.api.say({ id: 1087968824, is_bot: true, first_name: 'Group' }, group, { text: '/help', sender_chat: group })
    telegram.api.say({ id: 777000, is_bot: false, first_name: 'Telegram' }, group, { text: '@linli_test_bot 公告', sender_chat: { id: -5, type: 'channel', title: 'x' } })
    telegram.api.say(alice, home, '以上')
    expect((await telegram.next()).text).toBe('以上')
  })
})
