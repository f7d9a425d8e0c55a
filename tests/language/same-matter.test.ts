import { describe, expect, it } from 'vitest'
import { answersSame, isAtHome, likenessOf, nearReports } from '../../src/language/compare/same-matter.ts'
import { isSamePlace, publicPlaceOf } from '../../src/language/values/places/same-place.ts'

const report = (description: string, address: string | null = '幸福小区3号楼', more: { serviceCode?: string | null; areaCode?: string | null; createdAt?: Date } = {}) => ({ serviceCode: 'lift', areaCode: null, createdAt: new Date('2026-11-24T02:00:00Z'), description, address, ...more })

describe('one place', () => {
  it.each([
    ['幸福小区3号楼2单元', '幸福小区3号楼'],
    ['幸福小区3号楼2单元501', '幸福小区3号楼2单元302'],
    ['3号楼', '幸福小区3号楼1单元'],
    ['幸福小区三号楼', '幸福小区3栋'],
    ['幸福小区', '幸福小区3号楼'],
  ])('%s may be %s', (one, other) => {
    expect([isSamePlace(one, other), isSamePlace(other, one)]).toEqual([true, true])
  })

  it.each([
    ['幸福小区3号楼', '幸福小区5号楼'],
    ['幸福小区3号楼1单元', '幸福小区3号楼2单元'],
    ['幸福小区3号楼', '阳光小区3号楼'],
    ['3号楼', '幸福小区'],
    ['3号楼5楼', '3号楼2楼'],
    ['迎宾路', '人民路'],
  ])('%s is not %s', (one, other) => {
    expect([isSamePlace(one, other), isSamePlace(other, one)]).toEqual([false, false])
  })

  it.each([
    ['幸福小区3号楼2单元501', '幸福小区3号楼2单元'],
    ['我家在幸福小区3号楼5楼', '幸福小区3号楼'],
    ['老王家门口', ''],
  ])('of %s everybody’s is “%s”', (address, shown) => {
    expect(publicPlaceOf(address)).toBe(shown)
  })
})

describe('one matter', () => {
  it('is told in words that are alike, whatever the place and the order', () => {
    expect(likenessOf(report('幸福小区3号楼电梯坏了'), report('电梯停了，老人下不来楼')).part).toBeGreaterThanOrEqual(0.3)
    expect(likenessOf(report('幸福小区3号楼垃圾没人收'), report('幸福小区3号楼有野狗粪便'))).toEqual({ part: 0, whole: 0 })
  })

  it('is of one service, in one place and community; the most alike first, then the earliest', () => {
    const [early, late] = [report('电梯坏了', '3号楼', { createdAt: new Date('2026-11-20T00:00:00Z') }), report('电梯坏了', '3号楼')]
    const alike = report('电梯坏了，困过人', '3号楼')
    const others = [late, early, alike, report('电梯坏了', '4号楼'), report('电梯坏了', '3号楼', { serviceCode: 'light' }), report('电梯坏了', '3号楼', { areaCode: 'b' }), report('电梯坏了', null), report('垃圾没人收', '3号楼')]
    expect(nearReports(report('电梯坏了，困过人', '3号楼', { areaCode: 'a' }), others)).toEqual([alike, early, late])
    expect(nearReports(report('电梯坏了', '3号楼', { serviceCode: null }), others)).toEqual([])
  })

  it('in somebody’s home is nobody else’s', () => {
    expect(['我家客厅灯坏了', '楼道灯坏了'].map((description) => isAtHome({ description }))).toEqual([true, false])
  })
})

it.each([
  ['是，就是这件', true], ['就是这件事', true], ['对，是同一件事', true], ['不是这件', false], ['不是一回事', false],
  ['同意', undefined], ['确认', undefined], ['好的', undefined], ['是的', undefined], ['不同意', undefined], ['不是3号楼，是5号楼', undefined],
])('“%s” to whether it is the same is %s', (said, answer) => {
  expect(answersSame(said)).toBe(answer)
})
