import { describe, expect, test } from 'vitest'
import type { Area } from '../../../src/domain/services.ts'
import { findAddress, findAddresses, readAddress } from '../../../src/language/values/places/addresses.ts'
import { findCommunity, readCommunity } from '../../../src/language/values/places/communities.ts'

describe('addresses are taken word for word', () => {
  test.each([
    ['3号楼2单元501', '3号楼2单元501'],
    ['三号楼二单元五零一', '三号楼二单元五零一'],
    ['三栋漏水了', '三栋'],
    ['我住1-2-301，电话13800138001', '1-2-301'],
    ['我家住在幸福小区5号楼', '幸福小区5号楼'],
    ['3号楼2单元楼道灯坏了', '3号楼2单元'],
    ['昨天晚上8点3号楼停水', '3号楼'],
    ['大杨树镇红旗街24号', '大杨树镇红旗街24号'],
    ['人民路12号院门口井盖丢了', '人民路12号院门口'],
    ['朝阳村三组水管爆了', '朝阳村三组'],
    ['家在阳光家园6-3-502', '阳光家园6-3-502'],
    ['3號樓2單元燈壞了', '3號樓2單元'],
    ['和平路33号', '和平路33号'],
    ['光明路和建设街交叉口', '光明路和建设街交叉口'],
    ['楼上漏水漏到我家了，2号楼3单元302', '2号楼3单元302'],
    ['我家住翰林5号楼', '翰林5号楼'],
    ['小区南门的路灯不亮', '小区南门'],
    ['电梯口有人抽烟', '电梯口'],
    ['广场上的健身器材坏了', '广场'],
  ])('%s -> %s', (text, address) => {
    expect(findAddress(text)).toBe(address)
  })

  test.each(['志愿者要占居民多少', '12月3号来', '今年68岁', '每周三下午', '电话改成13900139001', '路灯坏了', '广场舞太吵', '一点小问题', 'SR-20261123-0007'])('%s holds no address', (text) => {
    expect(findAddress(text)).toBeUndefined()
  })
})

const AREAS: Area[] = [
  { code: 'a', name: '幸福社区', level: 'community', parent: null, words: ['幸福小区', '朝阳路'] },
  { code: 'a-1', name: '幸福社区第一网格', level: 'grid', parent: 'a', words: ['幸福小区南院'] },
  { code: 'b', name: '和平社区', level: 'community', parent: null, words: ['和平街'] },
]

test('a community is known by its name, its streets and its grids, and otherwise given as said', () => {
  expect(findCommunity('我住幸福小区南院', AREAS)).toBe('幸福社区')
  expect(findCommunity('朝阳路上的灯', AREAS)).toBe('幸福社区')
  expect(findCommunity('和平社区朝阳路', AREAS)).toBe('和平社区')
  expect(findCommunity('我是红星社区的', AREAS)).toBe('红星社区')
  expect(findCommunity('朝阳村三组', AREAS)).toBe('朝阳村')
  expect(findCommunity('我们社区有什么活动', AREAS)).toBeUndefined()
})

test('a community as a span gives it is called as it was said, by a street of it as the area tree calls it', () => {
  expect(['幸福小区', '住幸福小区南院', '和平街', '熙和苑', '祥和小区。', '北沟屯', ''].map((span) => readCommunity(span, AREAS))).toEqual(['幸福小区', '幸福社区', '和平社区', '熙和苑', '祥和小区', '北沟屯', undefined])
})

test('all addresses of a message are found with their places', () => {
  expect(findAddresses('我住幸福小区5号楼，我妈在朝阳村三组，都停水了')).toEqual([
    { address: '幸福小区5号楼', start: 2, end: 9 },
    { address: '朝阳村三组', start: 13, end: 18 },
  ])
  expect(findAddresses('')).toEqual([])
})

test.each([
  ['我家住在幸福小区5号楼。', '幸福小区5号楼'],
  ['地址是：六栋四单元', '六栋四单元'],
  ['家属区二十栋', '家属区二十栋'],
  ['三趟房东头', '三趟房东头'],
  ['顶楼', '顶楼'],
  ['3號樓', '3號樓'],
  ['504', '504'],
  ['。', undefined],
  ['', undefined],
])('a span or a whole answer is kept as typed: %s', (said, address) => {
  expect(readAddress(said)).toBe(address)
})

describe('和 at the head of a name is part of it, between two places it is not', () => {
  test.each([
    ['灯坏了，和顺家园6号楼', '和顺家园6号楼'],
    ['我家住和畅小区2号楼', '和畅小区2号楼'],
    ['在和美大街18号', '和美大街18号'],
  ])('%s -> %s', (text, address) => {
    expect(findAddress(text)).toBe(address)
  })

  test('two houses are two addresses', () => {
    expect(findAddresses('3号楼和5号楼都停水').map(({ address }) => address)).toEqual(['3号楼', '5号楼'])
  })
})

test.each([
  ['我有辆五座车，能接送老人', undefined],
  ['七座的面包车一直占着道', undefined],
  ['七座2单元漏水', '七座2单元'],
  ['我家在B座1203', 'B座1203'],
])('座 counts seats before a noun: %s', (text, address) => {
  expect(findAddress(text)).toBe(address)
})
