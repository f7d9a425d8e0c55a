import { readFileSync } from 'node:fs'
import path from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cleanForEcho, cleanNickname, cleanTyped } from '../../src/language/clean.ts'
import { normalize, plain } from '../../src/language/normalize.ts'
import { mergeAddress } from '../../src/language/values/places/address-parts.ts'
import { findAddress, findAddresses, readAddress } from '../../src/language/values/places/addresses.ts'
import { readAge } from '../../src/language/values/ages.ts'
import { joinAvailability, readAvailability } from '../../src/language/values/times/availability.ts'
import { findCommunity, readCommunity } from '../../src/language/values/places/communities.ts'
import { findSecretNumbers } from '../../src/language/values/id-numbers.ts'
import { cleanName, readName } from '../../src/language/values/names.ts'
import { explainPhoneFault, findPhones, readPhone } from '../../src/language/values/phones.ts'
import { readSkills } from '../../src/language/values/skills.ts'
import { findTime, locateTimes, readTime } from '../../src/language/values/times/times.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

const LONGEST = 10_000
/** Other processes share the machine: of so many tries the best one counts. */
const MOST_TRIES = 8
/** No text may take longer than so many times what an honest one of the same length takes on the same machine in the same minute. */
const MOST_TIMES_HONEST = 3

const NOW = new Date('2026-11-24T10:30:00+08:00')

const UNITS = [
  'a', '1', '0', '一', '十', '。', '，', ',', ' ', '\n', '\t', '\u3000', '@', '?', '？', '号', '楼', '月', '日', '点', '半', '的', '我', '了', '叫', '是', '不', '会', '能', '和', '路', '街', '村', '市', '县', '岁', '零', '转', '-', '+', '.', ':', '/', '<', '&', '*', '`', '[', ']',
  '(', '（', '【', '「', '“', '"', "'", '《', '》', '\u200d', '\ufe0f', '😀', '👨‍👩‍👧', 'ａ', '著', '繁體', '&#', '&lt;', '](', '[a](', 'http://', 'a.b/', 'a@b.', 'www.', '**',
  '第一条', '志愿服务', '端午', '号楼', '1-1-1-', '1-', '1 ', '一1', 'a1', '我叫', '姓王', '张三', '138', '1380013800', '幺三八', '0457-', '2026年', '12月', '明天', '下午三点', '周一', '每周', '初八', '差五分', '三天后', '3号楼2单元', '幸福小区', '社区', '小区', '大门', '电梯', '一二三四五六七八九',
  '怎么', '多少', '有没有', '是不是', '百分之', '100元', '我想报修', '同意', '取消', '算了', '谢谢', '漏水', '灯坏了', '着火', '今年', '帮', 'SR-20261123-', '，吗', '1.',
]
const fill = (unit: string): string => unit.repeat(Math.ceil(LONGEST / unit.length)).slice(0, LONGEST)

/** The same every time: units in an order that looks like chance. */
function mixed(seed: number): string {
  let state = seed
  let text = ''
  while (text.length < LONGEST) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    text += UNITS[(state >>> 16) % UNITS.length] ?? ''
  }
  return text.slice(0, LONGEST)
}

const HOSTILE: readonly (readonly [name: string, text: string])[] = [
  ...UNITS.map((unit) => [JSON.stringify(unit), fill(unit)] as const),
  ...UNITS.filter((_, index) => index % 4 === 0).map((unit) => [`${JSON.stringify(unit)} and an end`, `我${fill(unit).slice(0, LONGEST - 2)}x`] as const),
  ...[1, 2, 3, 4, 5].map((seed) => [`mixed ${seed}`, mixed(seed)] as const),
]

const AREAS = [{ code: 'a', name: '幸福社区', level: 'community' as const, parent: null, words: ['幸福小区', '朝阳路'] }]

const PARSERS: Record<string, (text: string) => unknown> = {
  normalize, plain, cleanTyped, cleanForEcho, cleanNickname, findPhones, readPhone, explainPhoneFault, findSecretNumbers, findAddress, findAddresses, readAddress, readName, cleanName, readSkills, readAvailability,
  locateTimes: (text) => locateTimes(text, NOW),
  findTime: (text) => findTime(text, NOW),
  readTime: (text) => readTime(text, NOW, { direction: 'future' }),
  readAge: (text) => readAge(text, NOW),
  joinAvailability: (text) => joinAvailability([text, text]),
  findCommunity: (text) => findCommunity(text, AREAS),
  readCommunity: (text) => readCommunity(text, AREAS),
  mergeAddress: (text) => mergeAddress('迎宾小区3号楼2单元', text),
  mergeIntoIt: (text) => mergeAddress(text, '5号楼'),
}

/** The shortest of some tries, which end as soon as one is short enough. */
async function shortest(measure: () => number | Promise<number>, enough = 0): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < MOST_TRIES && best >= enough; attempt += 1) best = Math.min(best, await measure())
  return best
}

/** What a person might well paste: an official text. */
const HONEST = readFileSync(path.resolve(import.meta.dirname, '../../knowledge/documents/hexie-shequ-2012.md'), 'utf8').replaceAll(/[#\n]/g, '').slice(-LONGEST)
/** The same text in other words each time, so that nothing is remembered. */
const again = (text: string, attempt: number): string => `${text.slice(0, -1)}${attempt}`

function timed(run: () => unknown): number {
  const startedAt = performance.now()
  run()
  return performance.now() - startedAt
}

describe('no parser takes long over any text', () => {
  /** All parsers together over the honest text: what one of them takes over any other is to be less. */
  let honest = 0
  beforeAll(async () => {
    let attempt = 0
    honest = await shortest(() => timed(() => Object.values(PARSERS).map((parse) => parse(again(HONEST, (attempt += 1))))))
  })

  test.each(Object.entries(PARSERS))('%s', async (_, parse) => {
    const slow: string[] = []
    for (const [name, text] of HOSTILE) {
      let attempt = 0
      const ms = await shortest(() => timed(() => parse(again(text, (attempt += 1)))), honest)
      if (ms >= honest) slow.push(`${name}: ${(ms / honest).toFixed(1)} times all parsers over an honest text`)
    }
    expect(slow).toEqual([])
  })
})

/** What was said before, so that the hostile message answers that question. */
const BEFORE: Record<string, readonly string[]> = {
  nothing: [],
  'the consent': ['灯坏了'],
  'an address': ['灯坏了', '同意'],
  'a name': ['灯坏了', '同意', '3号楼2单元501'],
  'a telephone': ['灯坏了', '同意', '3号楼2单元501', '刘桂兰'],
  'a summary': ['灯坏了', '同意', '3号楼2单元501', '刘桂兰', '13800138001'],
  'a time': ['灯坏了', '同意', '3号楼2单元501', '刘桂兰', '13800138001', '修改', '时间'],
  'an age': ['报名志愿者', '同意', '刘桂兰', '13800138001'],
  'what one can do': ['报名志愿者', '同意', '刘桂兰', '13800138001', '62'],
}

describe('no message holds the event loop', () => {
  let linli: TestAssistant
  let sender = 0
  let honest = 0
  beforeAll(async () => {
    linli = await openTestAssistant()
    // The first messages compile what the others use.
    for (const text of ['社区有没有食堂', '灯坏了', '3号楼2单元灯坏了，我叫刘桂兰']) await linli.say(text, { sender: 'warm' })
    let attempt = 0
    honest = await shortest(() => longestHold(again(HONEST, (attempt += 1)), []))
  })
  afterAll(() => linli.close())

  /** How long the loop stood still at most while the message was dealt with. */
  async function longestHold(text: string, before: readonly string[]): Promise<number> {
    sender += 1
    const from = { sender: `resident-${sender}` }
    for (const said of before) await linli.say(said, from)
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    await sleep(3)
    delay.reset()
    await linli.say(text, from)
    await sleep(3)
    delay.disable()
    return delay.max / 1e6
  }

  test.each(Object.entries(BEFORE))('that answers the question for %s', { timeout: 600_000 }, async (_, before) => {
    const slow: string[] = []
    // Every text to the first question, some of them and 端午 to each of the others.
    const texts = before.length === 0 ? HOSTILE : HOSTILE.filter(([name], index) => index % 11 === before.length || /端午|一1|mixed 1/.test(name))
    for (const [name, text] of texts) {
      const ms = await shortest(() => longestHold(text, before), MOST_TIMES_HONEST * honest)
      if (ms >= MOST_TIMES_HONEST * honest) slow.push(`${name}: ${(ms / honest).toFixed(1)} times an honest text`)
    }
    expect(slow).toEqual([])
  })
})
