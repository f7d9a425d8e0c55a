import { describe, expect, it } from 'vitest'
import { MessageInput, toInboundMessage } from '../../../src/web/api/message-input.ts'

const now = new Date('2026-11-24T02:00:00Z')
const base = { conversation: 'c', sender: { id: 's' }, text: '你好' }

describe('a line of chat --json', () => {
  it('is a private message, always addressed', () => {
    expect(toInboundMessage({ ...base, id: 'm', sender: { id: 's', name: ' <b>刘阿姨</b> ' } }, now)).toEqual({
      id: 'm',
      message: {
        channel: 'http',
        account: 'api',
        externalId: '["c","s","m"]',
        conversation: { kind: 'private', externalId: 'c' },
        sender: { externalId: 's', nickname: '刘阿姨' },
        isAddressed: true,
        text: '你好',
        attachments: [],
        sentAt: now,
      },
    })
  })

  it('is a message of the group when there is one, addressed only when mentioned', () => {
    const inGroup = { ...base, id: 'm', group: { id: 'g', name: '阳光花园' } }
    expect(toInboundMessage(inGroup, now).message).toMatchObject({ externalId: '["g","s","m"]', conversation: { kind: 'group', externalId: 'g', title: '阳光花园' }, isAddressed: false })
    expect(toInboundMessage({ ...inGroup, mentioned: true }, now).message.isAddressed).toBe(true)
    expect(toInboundMessage({ ...inGroup, mentioned: false }, now).message.isAddressed).toBe(false)
  })

  it('keeps ids apart that look alike when they are joined', () => {
    const ids = [['a', 'b","c'], ['a","b', 'c']].map(([conversation, id]) => toInboundMessage({ ...base, conversation: String(conversation), id: String(id) }, now).message.externalId)
    expect(new Set(ids).size).toBe(2)
  })

  it('makes up an id, a new one each time', () => {
    expect(toInboundMessage(base, now).id).not.toBe(toInboundMessage(base, now).id)
  })

  it('reads the first ten thousand units of a text of a million', () => {
    expect(toInboundMessage({ ...base, text: '水'.repeat(1_000_000) }, now).message.text).toHaveLength(10_000)
  })

  it('counts characters as JSON Schema does, and refuses what a database cannot keep', () => {
    const isTaken = (conversation: string) => MessageInput.safeParse({ ...base, conversation }).success
    expect([isTaken('𠮷'.repeat(200)), isTaken('𠮷'.repeat(201)), isTaken(''), isTaken('a\0'), isTaken('\ud800')]).toEqual([true, false, false, false, false])
  })
})
