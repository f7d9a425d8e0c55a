import { beforeEach, describe, expect, it } from 'vitest'
import { eventually, outgoing } from './contract.ts'
import { alice, group, home, toAlice, toGroup, useTelegram } from './telegram-stage.ts'

const telegram = useTelegram()

describe('the Telegram channel, sending', () => {
  beforeEach(async () => {
    await telegram.start()
    await telegram.online()
  })

  it('quotes the asker in a group, and still arrives when the question was deleted', async () => {
    const asked = telegram.api.say(alice, group, '@linli_test_bot 几点')
    const { externalId } = await telegram.next()
    await telegram.channel.send(outgoing(toGroup, '九点。', { quotes: externalId, mention: { externalId: '101', nickname: '张三' } }))
    await telegram.channel.send(outgoing(toGroup, '九点。', { quotes: '-1001:424242' }))
    await telegram.channel.send(outgoing(toGroup, '九点。', { quotes: '-77:1', mention: { externalId: '101', nickname: '张三' } }))
    expect(telegram.api.sent.map(({ text, replyTo }) => [text, replyTo])).toEqual([['九点。', asked.message?.message_id], ['九点。', null], ['张三，九点。', null]])
  })

  it('sends hostile text as it is, without any markup', async () => {
    const text = '<b>*_[x](tg://user?id=1)_*</b> `code`'
    await telegram.channel.send(outgoing(toAlice, text))
    const call = telegram.api.callsOf('sendMessage')[0]
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
    telegram.api.fail('sendMessage', { kind: 'error', ...error })
    expect(await telegram.channel.send(outgoing(toAlice, '您好'))).toMatchObject(expected)
  })

  it('does not know what became of a message when the answer was lost or late', async () => {
    telegram.api.fail('sendMessage', { kind: 'lost_answer' }, { kind: 'slow', ms: 1_500 })
    expect((await telegram.channel.send(outgoing(toAlice, '一'))).outcome).toBe('unknown')
    expect((await telegram.channel.send(outgoing(toAlice, '二'))).outcome).toBe('unknown')
    expect(telegram.api.sent[0]?.text).toBe('一')
  })

  it('may send again what never left', async () => {
    await telegram.api.die()
    expect((await telegram.channel.send(outgoing(toAlice, '您好'))).outcome).toBe('retry')
    await telegram.api.start()
  })

  it('follows a group to its new id', async () => {
    telegram.api.migrate(-1001, -1002)
    expect(await telegram.channel.send(outgoing(toGroup, '一', { quotes: '-1001:1' }))).toMatchObject({ outcome: 'sent', movedTo: '-1002' })
    await telegram.channel.send(outgoing(toGroup, '二'))
    expect(telegram.api.sent.map(({ chatId, text }) => [chatId, text])).toEqual([[-1002, '一'], [-1002, '二']])
    expect(telegram.api.callsOf('sendMessage').length).toBe(3)
  })

  it('goes on with the part that is missing when a long message fails in the middle', async () => {
    const message = outgoing(toAlice, '请带身份证。'.repeat(1_000))
    telegram.api.fail('sendMessage', { kind: 'slow', ms: 0 }, { kind: 'error', code: 429, description: 'Too Many Requests', parameters: { retry_after: 1 } })
    expect((await telegram.channel.send(message)).outcome).toBe('retry')
    expect((await telegram.channel.send(message)).outcome).toBe('sent')
    expect(telegram.api.sent.map((sent) => sent.text.slice(0, 5))).toEqual(['（1/2）', '（2/2）'])
  })

  it('refuses a button whose text no platform could carry', async () => {
    expect(await telegram.channel.send(outgoing(toAlice, '选一个', { buttons: [{ label: '长', text: '很'.repeat(22) }] }))).toMatchObject({ outcome: 'rejected' })
    expect(telegram.api.sent).toEqual([])
  })
})

describe('the Telegram channel, in trouble', () => {
  it('says so while the network is dead, and comes back by itself', async () => {
    await telegram.start()
    await telegram.online()
    await telegram.api.die()
    await eventually(() => telegram.channel.status().state === 'degraded', 'the channel is degraded')
    expect(telegram.channel.status().detail).toContain('自动重试')
    await telegram.api.start()
    await telegram.online()
    telegram.api.say(alice, home, '在吗')
    expect((await telegram.next()).text).toBe('在吗')
    expect(telegram.log.filter((line) => line.level >= 40)).toHaveLength(1)
  })

  it('starts without a network, and connects when there is one', async () => {
    await telegram.api.die()
    await telegram.start()
    await eventually(() => telegram.channel.status().state === 'degraded', 'the channel is degraded')
    await telegram.api.start()
    await telegram.online()
  })

  it('names the remedy for a token that is not accepted, and never logs the token', async () => {
    telegram.api.fail('getMe', { kind: 'error', code: 401, description: 'Unauthorized' })
    await telegram.start()
    await eventually(() => telegram.channel.status().state === 'degraded', 'the channel is degraded')
    expect(telegram.channel.status().detail).toContain('TELEGRAM_BOT_TOKEN')
    expect(JSON.stringify(telegram.log)).not.toContain('TEST-token')
    await telegram.online()
  })

  it('takes away a webhook that an earlier set-up left, and names a second poller', async () => {
    telegram.api.webhookUrl = 'https://old.example/hook'
    await telegram.start()
    await telegram.online()
    expect(telegram.api.webhookUrl).toBe('')
    telegram.api.fail('getUpdates', { kind: 'error', code: 409, description: 'Conflict: terminated by other getUpdates request' })
    telegram.api.say(alice, home, '在吗')
    await eventually(() => telegram.channel.status().state === 'degraded', 'the channel is degraded')
    expect(telegram.channel.status().detail).toContain('另一个程序')
  })

  it('ends a poll under way within two seconds', async () => {
    await telegram.start()
    await telegram.online()
    const started = Date.now()
    await telegram.channel.stop()
    expect(Date.now() - started).toBeLessThan(2_000)
    const polls = telegram.api.callsOf('getUpdates').length
    telegram.api.say(alice, home, '在吗')
    expect(telegram.api.callsOf('getUpdates').length).toBe(polls)
    expect(telegram.received).toEqual([])
  })
})
