import { describe, expect, test } from 'vitest'
import type { Span, SpanKind } from '../../../src/domain/messages/talk.ts'
import { alignAddresses } from '../../../src/language/reader/align-addresses.ts'

const addressIn = (text: string, marked: string, others: readonly (readonly [SpanKind, string])[] = []): string | undefined => {
  const mark = (kind: SpanKind, words: string): Span => ({ kind, start: text.indexOf(words), end: text.indexOf(words) + words.length })
  const spans = [mark('address', marked), ...others.map(([kind, words]) => mark(kind, words))].sort((one, other) => one.start - other.start)
  const address = alignAddresses(text, spans).find(({ kind }) => kind === 'address')
  return address && text.slice(address.start, address.end)
}

describe('an address of which a part was marked is made whole', () => {
  test.each([
    ['路灯坏了，和睦大街12号门前', '睦大街12号门前', '和睦大街12号门前'],
    ['没人扫雪，云顶华府北门', '华府北门', '云顶华府北门'],
    ['没人扫雪，云顶华府北门', '北门', '云顶华府北门'],
    ['漏水了，石桥街6号院2号楼', '6号院2号楼', '石桥街6号院2号楼'],
    ['太吵了，D区7号1203', '7号1203', 'D区7号1203'],
    ['车被刮了，C2-118车位', '2-118', 'C2-118'],
    ['我家在和安里5号楼', '安里5号楼', '和安里5号楼'],
  ])('at its head: %s', (text, marked, whole) => {
    expect(addressIn(text.toLowerCase(), marked)).toBe(whole.toLowerCase())
  })

  test.each([
    ['结冰了，4单元门口台阶口那块', '4单元门口', '4单元门口台阶口'],
    ['太黑了，西山公园荷花池', '西山公园', '西山公园荷花池'],
    ['汽车站公厕没水', '汽车站', '汽车站公厕'],
    ['6号楼2单元502停水', '6号楼2', '6号楼2单元502'],
  ])('at its end: %s', (text, marked, whole) => {
    expect(addressIn(text, marked)).toBe(whole)
  })

  test.each([
    ['听说3号楼停水了', '3号楼', '3号楼'],
    ['3号楼和5号楼都停水了', '5号楼', '5号楼'],
    ['3号楼下水道堵了', '3号楼', '3号楼'],
    ['我是3号楼的王岩', '3号楼', '3号楼'],
  ])('what is said around it stays out: %s', (text, marked, whole) => {
    expect(addressIn(text, marked)).toBe(whole)
  })

  test('a request’s number is none, and a way from one place to another neither', () => {
    expect(addressIn('sr-20261119-0004 到哪了', 'sr-202')).toBeUndefined()
    expect(addressIn('从菜市场跟到楼门口', '菜市场跟到楼门口')).toBe('楼门口')
    expect(addressIn('太黑了，沿河路从码头到水塔那段', '沿河路从码头到水塔那段')).toBe('沿河路从码头到水塔那段')
  })
})

test('beside an address, what is no place by itself is none', () => {
  expect(addressIn('窗户走风，灌冷气，新兴里3号楼2单元', '灌冷气', [['address', '新兴里3号楼2单元']])).toBe('新兴里3号楼2单元')
  expect(addressIn('地点石桥街6号院', '石桥街6号院')).toBe('石桥街6号院')
})
