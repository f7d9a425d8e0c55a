import { describe, expect, test } from 'vitest'
import type { Service } from '../../src/domain/services.ts'
import { findAge } from '../../src/language/ages.ts'
import { findCategory } from '../../src/language/categories.ts'
import { normalize, plain } from '../../src/language/normalize.ts'
import { parseNumber } from '../../src/language/values/numbers.ts'
import { findSkills } from '../../src/language/skills.ts'

describe('the age of whom it is about', () => {
  test.each([
    ['我今年十五', 15],
    ['68岁', 68],
    ['我七十多了', 70],
    ['今年65了，身体好', 65],
    ['给我孙子报名，他12岁', 12],
    ['我妈想报名志愿者，她叫李桂琴，65岁', 65],
  ])('%s -> %i', (text, age) => {
    expect(findAge(text)).toBe(age)
  })

  test.each(['我上初二', '属虎的', '我孙子12岁', '我妈82了', '60岁以上老人有补贴吗', '300岁', '3号楼'])('%s does not say the sender\'s age', (text) => {
    expect(findAge(text)).toBeUndefined()
  })
})

describe('what somebody can do', () => {
  test.each([
    ['我会修电脑和理发', ['修电脑', '理发']],
    ['会做饭、开车，周末都行', ['做饭', '开车']],
    ['不会开车，会陪老人聊天', ['陪老人聊天']],
    ['我会打快板', ['打快板']],
    ['我会好好干的', []],
    ['社区会议几点开', []],
  ])('%s -> %j', (text, skills) => {
    expect(findSkills(text)).toEqual(skills)
  })
})

const service = (name: string, words: string[]): Service => ({ code: name, name, words, materials: [], steps: [], place: '', limitWorkingDays: null, fee: '', needsPersonalData: true, kind: 'service' })
const SERVICES = [service('公共照明', ['路灯', '灯坏了']), service('电梯故障', ['电梯']), service('噪音扰民', ['音响', '太吵了']), service('课后托管', ['写作业']), service('物业投诉', ['物业']), service('其他', ['别的问题'])]

describe('the service that a report is about', () => {
  test.each([
    ['楼道灯坏了', '公共照明'],
    ['音响太大，影响孩子写作业', '噪音扰民'],
    ['不是电梯，是路灯坏了', '公共照明'],
    ['電梯壞了', '电梯故障'],
    ['食堂的饭太咸', undefined],
    ['有别的问题', undefined],
  ])('%s -> %s', (text, name) => {
    expect(findCategory(text, SERVICES)?.name).toBe(name)
  })
})

test('normalising keeps every position, so that what is found can be quoted as typed', () => {
  const typed = '３號樓　Ａ座，我叫劉桂蘭①ﬁ㎡😀'
  expect(normalize(typed)).toHaveLength(typed.length)
  expect(normalize('３號樓　Ａ座')).toBe('3号楼 a座')
})

test('dialect and frequent slips are understood', () => {
  expect(plain('这嘎达灯怀了，咋整')).toBe('这地方灯坏了,怎么办')
})

test('numbers are read in figures and in words', () => {
  expect(['15', '十五', '二〇二六', '两百三', '廿九', '一百零二', '三十来', ''].map(parseNumber)).toEqual([15, 15, 2026, 230, 29, 102, undefined, undefined])
})
