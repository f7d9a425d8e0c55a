import { describe as group, expect, test } from 'vitest'
import type { Span, SpanKind } from '../../../src/domain/messages/talk.ts'
import { describe } from '../../../src/language/reader/describe.ts'

const marks = (text: string, marked: readonly (readonly [SpanKind, string])[]): Span[] =>
  marked.map(([kind, words]) => ({ kind, start: text.indexOf(words), end: text.indexOf(words) + words.length })).sort((one, other) => one.start - other.start)

group('what a resident says of the matter stands in the description whole', () => {
  test.each<[string, (readonly [SpanKind, string])[], string]>([
    ['树倒了，挡道，北岗路5号，我叫王岩，电话13800138001', [['problem', '树倒了'], ['address', '北岗路5号'], ['name', '王岩'], ['phone', '13800138001']], '树倒了，挡道'],
    ['帮我爸申请助浴，他九十了，住北岗路5号', [['problem', '申请助浴'], ['other_age', '九十'], ['address', '北岗路5号']], '帮我爸申请助浴，他九十了'],
    ['我七十五，腿疼，灯泡坏了换不了', [['age', '七十五'], ['problem', '灯泡坏了']], '我七十五，腿疼，灯泡坏了换不了'],
    ['北岗路5号漏水', [['address', '北岗路5号']], '北岗路5号漏水'],
    ['锁坏了 请来人 王岩 电话13800138001', [['problem', '锁坏了'], ['name', '王岩'], ['phone', '13800138001']], '锁坏了 请来人'],
  ])('%s', (text, marked, told) => {
    expect(describe(text, marks(text, marked))).toBe(told)
  })

  test('also what was taken for a name and is none', () => {
    const text = '井里全是泥汤子 往外冒'
    expect(describe(text, marks(text, [['problem', '往外冒'], ['name', '泥汤子']]))).toBe(text)
  })
})

group('contacts, places alone and courtesies are none of it', () => {
  test.each<[string, (readonly [SpanKind, string])[]]>([
    ['你好，灯不亮，谢谢', [['problem', '灯不亮']]],
    ['灯不亮，有事打13800138001', [['problem', '灯不亮'], ['phone', '13800138001']]],
    ['联系人：王岩 13800138001，灯不亮', [['problem', '灯不亮'], ['name', '王岩'], ['phone', '13800138001']]],
    ['灯不亮，我家在北岗路5号这边', [['problem', '灯不亮'], ['address', '北岗路5号']]],
  ])('%s', (text, marked) => {
    expect(describe(text, marks(text, marked))).toBe('灯不亮')
  })

  test('nothing is told by name and place alone', () => {
    const text = '我叫王岩，住北岗路5号'
    expect(describe(text, marks(text, [['name', '王岩'], ['address', '北岗路5号']]))).toBeUndefined()
  })
})
