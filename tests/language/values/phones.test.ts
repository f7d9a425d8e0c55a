import { describe, expect, test } from 'vitest'
import { findSecretNumbers, isBankCard, isIdNumber } from '../../../src/language/values/id-numbers.ts'
import { explainPhoneFault, findPhones, readPhone } from '../../../src/language/values/phones.ts'

describe('phones are found however they are written', () => {
  test.each([
    ['我电话13800138001', ['13800138001']],
    ['138-0013-8001', ['13800138001']],
    ['138 0013 8001', ['13800138001']],
    ['１３８００１３８００１', ['13800138001']],
    ['+86 138 0013 8001', ['13800138001']],
    ['008613800138001', ['13800138001']],
    ['幺三八零零一三八零零一', ['13800138001']],
    ['一三八，零零幺三，八零零幺', ['13800138001']],
    ['座机0457-2123456', ['04572123456']],
    ['(010)62345678转801', ['01062345678']],
    ['家里电话 2123456', ['2123456']],
    ['打400-810-1234', ['4008101234']],
    ['电话0457-2123456转8', ['04572123456']],
    ['3号楼2单元501 13800138001', ['13800138001']],
    ['打13800138001或者13900139001', ['13800138001', '13900139001']],
    ['13800138001，13800138001', ['13800138001']],
  ])('%s', (text, phones) => {
    expect([...new Set(findPhones(text).map((found) => found.phone))]).toEqual(phones)
  })

  test.each(['身份证11010119900307747X', '身份证110101199003077475', '卡号6222021234567890123', '订单号13800138001', 'SR-20261123-0007', '2026-11-24 14:30', '二零二六年十一月二十四日', '编号A13800138001B', '12345678901', '2123456', '13800138001@qq.com'])('%s holds no phone', (text) => {
    expect(findPhones(text)).toEqual([])
  })
})

test('where a phone was asked for, a local landline is one, and its extension is left out', () => {
  expect(['2123456', '21234567', '212-3456', '2123456转8', '家里2123456', '0457-2123456转8', '13800138001', '400-810-1234'].map(readPhone)).toEqual(['2123456', '21234567', '2123456', '2123456', '2123456', '04572123456', '13800138001', '4008101234'])
  expect(['1380013', '138001', '3号楼501', '不知道', '12345678', '110101199003077475'].map(readPhone)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined])
  expect([explainPhoneFault('2123456'), explainPhoneFault('2123456转8')]).toEqual([undefined, undefined])
})

test('a wrong phone is explained in one sentence', () => {
  expect(explainPhoneFault('1380013800')).toContain('少了几位')
  expect(explainPhoneFault('138001380012')).toContain('多了几位')
  expect(explainPhoneFault('没有')).toContain('没有看到')
  expect(explainPhoneFault('110101199003077475')).toContain('证件号')
  expect(explainPhoneFault('23800138001')).toContain('1 开头')
  expect(explainPhoneFault('就打13800138001')).toBeUndefined()
})

test('identity and card numbers are known by their check digits', () => {
  expect([isIdNumber('11010519491231002X'), isIdNumber('110105194912310021'), isIdNumber('110105194913310020')]).toEqual([true, false, false])
  expect([isBankCard('4111 1111 1111 1111'), isBankCard('4111111111111112')]).toEqual([true, false])
  expect(findSecretNumbers('我的身份证 11010519491231002X，卡 4111 1111 1111 1111')).toEqual(['11010519491231002X', '4111111111111111'])
})

test('numbers are found with their places and extensions', () => {
  expect(findPhones('打0457-2123456转8或138 0013 8001')).toEqual([
    { phone: '04572123456', start: 1, end: 13, extension: '8' },
    { phone: '13800138001', start: 16, end: 29 },
  ])
})

test.each([
  ['幺三八，四五七，零零九，二二', '13845700922'],
  ['138.4757.0012', '13847570012'],
  ['1 3 8 4 5 7 0 9 9 1 2', '13845709912'],
  ['86-13845788019', '13845788019'],
  ['１３８０４５７８７６５', '13804578765'],
  ['139457 78833', '13945778833'],
  ['0457 3185 027', '04573185027'],
  ['一三八00一三八00一', '13800138001'],
])('the span %s is %s', (span, phone) => {
  expect(readPhone(span)).toBe(phone)
})

test.each(['110', '12345', '一三九四五七六八零一', '2026年11月24日', '1380013800元', '1'.repeat(10_000), '1-'.repeat(5_000)])('the span %s is no phone', (span) => {
  expect(readPhone(span)).toBeUndefined()
})
