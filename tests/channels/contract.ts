import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../src/domain/messages/channel.ts'
import type { InboundMessage, OutgoingMessage, SendResult } from '../../src/domain/messages/messages.ts'
import { textLength } from '../../src/channels/text-limits.ts'

/** Who may speak in the contract's stage: two residents, one of whom bears the assistant's name, another bot, ourselves. */
export type Speaker = 'alice' | 'namesake' | 'otherBot' | 'ourselves'

export interface Said {
  /** Delivers the same message once more, as a platform does after a failure. */
  again(): void
}

/** What a channel's test provides so that the contract can be played on its fake. */
export interface ContractStage {
  channel: Channel
  /** False where the platform hands over nothing of a group but what mentions the assistant, by its own reckoning. */
  hearsGroupTalk?: boolean
  /** False where the platform tells ids only. */
  tellsNames?: boolean
  /** `@` and the name by which people mention the assistant. */
  mention: string
  /** How people's clients complete a mention of the resident who bears the assistant's name. */
  mentionOfNamesake: string
  say(who: Speaker, where: 'private' | 'group', text: string, options?: { mentions?: 'assistant' | 'namesake' }): Said
  ids: { alice: string; group: string; stranger: string }
  /** Texts that the platform took, oldest first. */
  sent(): { conversation: string; text: string }[]
  /** The channel starts again with this receiver. */
  start(receive: (message: InboundMessage) => Promise<void>): Promise<void>
  close(): Promise<void>
}

export async function eventually<T>(read: () => T | undefined | false | null, what: string, ms = 8_000): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const value = read()
    if (value !== undefined && value !== false && value !== null) return value
    if (Date.now() > end) throw new Error(`It did not happen within ${ms} ms: ${what}`)
    await delay(10)
  }
}

let keys = 0
export function outgoing(conversation: OutgoingMessage['conversation'], text: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  keys += 1
  return { key: `key-${keys}`, conversation, kind: 'text', text, buttons: [], ...more }
}

const HOSTILE = '@所有人 <b>x</b>\u202e\u2005http://evil.example/'

/** Plays the same scenes on every channel with groups. */
export function describeChannelContract(name: string, open: () => Promise<ContractStage>): void {
  describe(`${name} keeps the channel contract`, () => {
    let stage: ContractStage
    let received: InboundMessage[]
    let failOnce = false

    beforeAll(async () => {
      stage = await open()
      await stage.start(async (message) => {
        if (failOnce) {
          failOnce = false
          throw new Error('the store is locked')
        }
        received.push(message)
      })
      await eventually(() => stage.channel.status().state === 'online', 'the channel is online', 15_000)
    })
    beforeEach(() => { received = [] })
    afterAll(async () => { await stage.close() })

    const next = (count = 1): Promise<InboundMessage> => eventually(() => received[count - 1], `message ${count} is handed over`)
    /** A message that comes after what must be dropped, so that "nothing came" is known and not waited for. */
    const marker = async (): Promise<void> => {
      stage.say('alice', 'private', '以上')
      await eventually(() => received.some((message) => message.text === '以上'), 'the marker is handed over')
      received = received.filter((message) => message.text !== '以上')
    }

    it('hands over what is said in private, as addressed, with its sender', async () => {
      stage.say('alice', 'private', '社区几点上班？')
      const message = await next()
      expect(message).toMatchObject({ channel: stage.channel.id, account: stage.channel.account, text: '社区几点上班？', isAddressed: true, conversation: { kind: 'private', externalId: stage.ids.alice }, sender: { externalId: stage.ids.alice, ...(stage.tellsNames === false ? {} : { nickname: '张三' }) }, attachments: [] })
      expect(Math.abs(message.sentAt.getTime() - Date.now())).toBeLessThan(60_000)
    })

    /** Expects `count` messages that are talk among residents: not addressed, or, where the platform keeps them back, not there at all. */
    const expectTalk = async (count: number): Promise<void> => {
      if (stage.hearsGroupTalk !== false) await next(count)
      else await marker()
      expect(received.map((message) => message.isAddressed)).toEqual(stage.hearsGroupTalk === false ? [] : Array.from({ length: count }, () => false))
    }

    it('hands over group talk as not addressed', async () => {
      stage.say('alice', 'group', '今天停水吗？')
      await expectTalk(1)
      if (stage.hearsGroupTalk !== false) expect(received[0]).toMatchObject({ text: '今天停水吗？', conversation: { kind: 'group', externalId: stage.ids.group } })
    })

    it.each([
      ['a Chinese comma after it', (at: string) => `${at}，几点?`, '几点?'],
      ['U+2005 after it', (at: string) => `${at}\u2005几点?`, '几点?'],
      ['a blank after it', (at: string) => `${at} 几点?`, '几点?'],
      ['it at the end', (at: string) => `几点? ${at}`, '几点?'],
      ['it twice', (at: string) => `${at} ${at} 几点?`, '几点?'],
      ['it in the middle', (at: string) => `请问${at} 几点?`, '请问几点?'],
      ['nothing but it', (at: string) => at, ''],
    ])('T20: is addressed by a mention with %s, and the text comes without it', async (_, write, expected) => {
      stage.say('alice', 'group', write(stage.mention))
      expect(await next()).toMatchObject({ text: expected, isAddressed: true })
    })

    it('T20: is not addressed by its name inside an address', async () => {
      stage.say('alice', 'group', `写信到 x${stage.mention}.com 吧`)
      stage.say('alice', 'group', `a${stage.mention} 这个邮箱`)
      await expectTalk(2)
    })

    it('T20: is not addressed by a longer name that begins with its own', async () => {
      stage.say('alice', 'group', `${stage.mention}二号\u2005几点?`)
      await expectTalk(1)
    })

    it('T20: is not addressed by a mention of a resident who bears its name', async () => {
      stage.say('alice', 'group', `${stage.mentionOfNamesake} 晚上打牌吗`, { mentions: 'namesake' })
      await expectTalk(1)
    })

    it('T20: takes a resident who bears its name for a resident', async () => {
      stage.say('namesake', stage.hearsGroupTalk === false ? 'private' : 'group', '我是张三的邻居')
      const message = await next()
      expect(message.text).toBe('我是张三的邻居')
      expect(message.sender.externalId).not.toBe(stage.ids.alice)
    })

    it('T19: drops its own messages and those of other bots', async () => {
      stage.say('ourselves', 'group', `${stage.mention} 几点?`)
      stage.say('otherBot', 'group', `${stage.mention} 几点?`)
      await marker()
      expect(received).toEqual([])
    })

    it('gives a message that is delivered again the same external id', async () => {
      const said = stage.say('alice', 'group', `${stage.mention} 办证要什么`)
      await next()
      said.again()
      await marker()
      expect(new Set(received.map((message) => message.externalId)).size).toBe(1)
    })

    it('hands a message over once more when it could not be stored', async () => {
      failOnce = true
      stage.say('alice', 'private', '灯坏了')
      expect((await next()).text).toBe('灯坏了')
      expect(failOnce).toBe(false)
      await eventually(() => stage.channel.status().state === 'online', 'the channel is online again')
    })

    it('sends to a person and says that it is sent', async () => {
      const result = await stage.channel.send(outgoing({ kind: 'private', externalId: stage.ids.alice }, '您好，已登记。'))
      expect(result.outcome).toBe('sent')
      expect(stage.sent().at(-1)).toEqual({ conversation: stage.ids.alice, text: '您好，已登记。' })
    })

    it('T20: keeps a hostile nickname harmless when it names the asker', async () => {
      const result = await stage.channel.send(outgoing({ kind: 'group', externalId: stage.ids.group }, '上午九点。', { mention: { externalId: stage.ids.alice, nickname: HOSTILE } }))
      expect(result.outcome).toBe('sent')
      const text = stage.sent().at(-1)?.text ?? ''
      expect(text.endsWith('上午九点。')).toBe(true)
      expect(text).not.toMatch(/所有人|<|http|\u202e|@@/)
    })

    it('T15: sends a long text in numbered messages within the limit, cut at sentences', async () => {
      const { limit, unit } = stage.channel.capabilities.longestText
      const sentence = '志愿者报名后由社区联系您，请保持电话畅通👩‍👩‍👧‍👦🇨🇳。'
      const text = sentence.repeat(Math.ceil((limit * 2.5) / textLength(sentence, unit)))
      const before = stage.sent().length
      const result: SendResult = await stage.channel.send(outgoing({ kind: 'private', externalId: stage.ids.alice }, text))
      expect(result.outcome).toBe('sent')
      const parts = stage.sent().slice(before).map((sent) => sent.text)
      expect(parts.length).toBeGreaterThan(2)
      for (const [index, part] of parts.entries()) {
        expect(textLength(part, unit)).toBeLessThanOrEqual(limit)
        expect(part).toMatch(new RegExp(`^（${index + 1}/${parts.length}）.*。$`, 's'))
      }
      expect(parts.map((part) => part.replace(/^（\d+\/\d+）/, '')).join('')).toBe(text)
    })

    it('says that a recipient it does not know is gone', async () => {
      const result = await stage.channel.send(outgoing({ kind: 'private', externalId: stage.ids.stranger }, '您好'))
      expect(result.outcome).toBe('recipient_gone')
    })

    it('hands nothing over and sends nothing once it is stopped', async () => {
      const started = Date.now()
      await stage.channel.stop()
      expect(Date.now() - started).toBeLessThan(2_000)
      expect(stage.channel.status().state).toBe('stopped')
      const before = stage.sent().length
      expect((await stage.channel.send(outgoing({ kind: 'private', externalId: stage.ids.alice }, '您好'))).outcome).toBe('retry')
      expect(stage.sent().length).toBe(before)
      expect(received).toEqual([])
    })
  })
}
