import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { INTENTS } from '../../src/domain/understanding.ts'
import type { Slots } from '../../src/domain/understanding.ts'
import { loadKnowledge } from '../../src/knowledge/load.ts'
import { createUnderstanding } from '../../src/language/understand.ts'
import type { Understand } from '../../src/language/understand.ts'
import { HARDER } from './labelled/harder.ts'
import { HEARD } from './labelled/heard.ts'
import { IN_FORMS } from './labelled/in-forms.ts'
import { NOW } from './labelled/label.ts'
import type { Labelled } from './labelled/label.ts'
import { ANNOUNCEMENTS, CANCELS, EMERGENCIES, HANDOFFS, OTHERS, RATINGS, SMALLTALK, STATUS } from './labelled/others.ts'
import { QUESTIONS } from './labelled/questions.ts'
import { REPORTS } from './labelled/reports.ts'
import { VOLUNTEERS } from './labelled/volunteers.ts'

const MESSAGES: Labelled[] = [...REPORTS, ...QUESTIONS, ...VOLUNTEERS, ...EMERGENCIES, ...STATUS, ...ANNOUNCEMENTS, ...RATINGS, ...HANDOFFS, ...CANCELS, ...SMALLTALK, ...OTHERS, ...IN_FORMS, ...HARDER, ...HEARD]
const KNOWLEDGE = path.resolve(import.meta.dirname, '../../knowledge')

let understand: Understand

beforeAll(async () => {
  understand = createUnderstanding(await loadKnowledge(KNOWLEDGE))
})

const read = (message: Labelled) => understand(message.text, { now: NOW, form: message.form })

function agrees<K extends keyof Slots>(key: K, got: Slots[K], want: Slots[K]): boolean {
  if (key === 'description') return typeof got === 'string' && typeof want === 'string' && got.includes(want)
  if (Array.isArray(want)) return Array.isArray(got) && want.every((word) => got.includes(word))
  return got === want
}

/** Share of right ones, and the wrong ones in words. */
function measure<T>(cases: T[], isRight: (one: T) => boolean, describeOne: (one: T) => string): { share: number; wrong: string[] } {
  const wrong = cases.filter((one) => !isRight(one)).map(describeOne)
  return { share: 1 - wrong.length / cases.length, wrong }
}

describe('labelled messages', () => {
  test('there are at least 300, over all eleven intents', () => {
    expect(MESSAGES.length).toBeGreaterThanOrEqual(300)
    expect(new Set(MESSAGES.map((message) => message.intent))).toEqual(new Set(INTENTS))
  })

  test('at least 97 % are given the intent that a careful reader gives them', () => {
    const { share, wrong } = measure(MESSAGES, (message) => read(message).intent === message.intent, (message) => `${message.text} -> ${read(message).intent}, not ${message.intent}`)
    expect(share, wrong.join('\n')).toBeGreaterThanOrEqual(0.97)
  })

  test('what testers said and was misread once is read', () => {
    expect(HEARD.map((message) => [message.text, read(message).intent, message.slots.category === undefined ? undefined : read(message).slots.category])).toEqual(HEARD.map(({ text, intent, slots }) => [text, intent, slots.category]))
  })

  test('no emergency is missed, and nothing else is taken for one', () => {
    const { wrong } = measure(MESSAGES, (message) => (read(message).intent === 'emergency') === (message.intent === 'emergency'), (message) => message.text)
    expect(wrong).toEqual([])
  })

  test.each(['name', 'phone', 'address', 'time', 'category', 'skills', 'availability', 'age'] as const)('at least 95 %% of what is said as %s is read', (key) => {
    const said = MESSAGES.filter((message) => message.slots[key] !== undefined)
    const { share, wrong } = measure(said, (message) => agrees(key, read(message).slots[key], message.slots[key]), (message) => `${message.text} -> ${JSON.stringify(read(message).slots[key])}`)
    expect(said.length).toBeGreaterThan(5)
    expect(share, wrong.join('\n')).toBeGreaterThanOrEqual(0.95)
  })

  test.each(['name', 'phone', 'age', 'skills', 'availability'] as const)('%s is not made up where nothing of it is said', (key) => {
    const silent = MESSAGES.filter((message) => message.slots[key] === undefined && message.intent !== 'volunteer_signup' && message.intent !== 'human_handoff')
    const { share, wrong } = measure(silent, (message) => read(message).slots[key] === undefined, (message) => `${message.text} -> ${JSON.stringify(read(message).slots[key])}`)
    expect(share, wrong.join('\n')).toBeGreaterThanOrEqual(0.99)
  })
})

describe('one message that says everything', () => {
  test('a broken light with name, phone and address needs no further question', () => {
    expect(understand('幸福小区3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', { now: NOW })).toEqual({
      intent: 'service_request',
      slots: { name: '刘桂兰', phone: '13800138001', address: '幸福小区3号楼2单元', community: '幸福社区', category: '公共照明', description: '幸福小区3号楼2单元楼道灯坏了' },
    })
  })

  test('the description holds neither name nor phone nor greeting', () => {
    const { slots } = understand('您好，麻烦您了，我叫王芳，13900139001，6号楼电梯坏了，老人下不了楼，谢谢', { now: NOW })
    expect(slots.description).toBe('6号楼电梯坏了，老人下不了楼')
  })
})

describe('a policy question and a report of the same thing', () => {
  test.each([
    ['物业跑路了，楼没人管了怎么办？', 'ask_policy'],
    ['我家楼没人管，垃圾堆成山了，来人清一下', 'service_request'],
    ['社区志愿者要占居民多少', 'ask_policy'],
    ['怎么报名当志愿者', 'volunteer_signup'],
    ['消防通道被堵了', 'service_request'],
    ['火灾演练什么时候', 'ask_policy'],
    ['着火了应该打什么电话', 'emergency'],
    ['能不能取消物业费', 'ask_policy'],
  ] as const)('%s -> %s', (text, intent) => {
    expect(understand(text, { now: NOW }).intent).toBe(intent)
  })
})

describe('with a form open', () => {
  test('a policy question is still a question and leaves the form alone', () => {
    expect(understand('社区志愿者要占居民多少', { now: NOW, form: 'service_request' })).toEqual({ intent: 'ask_policy', slots: {} })
  })

  test('an answer that is only a value brings no description with it', () => {
    expect(understand('3号楼2单元501', { now: NOW, form: 'service_request' }).slots).toEqual({ address: '3号楼2单元501' })
    expect(understand('明天下午三点', { now: NOW, form: 'service_request' }).slots).toEqual({ time: '2026-11-25T15:00' })
  })
})

describe('bad input', () => {
  test.each(['', '   ', '\u0000\u200b', '？！', '\ud800', '__proto__', 'constructor', '<script>alert(1)</script>', "'; DROP TABLE residents; --", '=1+1', '{}'])('%j is understood as something harmless', (text) => {
    expect(['other', 'smalltalk', 'ask_policy']).toContain(understand(text, { now: NOW }).intent)
  })

  // A reading that goes over the text again and again would not end before the test's time is over.
  test('a million characters are understood as something, whatever they are', () => {
    for (const text of ['漏'.repeat(1_000_000), '3号楼'.repeat(300_000), '1'.repeat(1_000_000), '我叫'.repeat(500_000), '1-'.repeat(500_000), '明天'.repeat(500_000)]) {
      expect(INTENTS).toContain(understand(text, { now: NOW }).intent)
    }
  })
})

test('the same message is understood the same way every time, in about a millisecond', () => {
  const first = MESSAGES.map((message) => JSON.stringify(read(message)))
  const startedAt = performance.now()
  const second = MESSAGES.map((message) => JSON.stringify(read(message)))
  const perMessageMs = (performance.now() - startedAt) / MESSAGES.length
  expect(second).toEqual(first)
  expect(perMessageMs).toBeLessThan(3)
})
