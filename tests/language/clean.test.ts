import { describe, expect, test } from 'vitest'
import { cleanForEcho, cleanNickname, cleanTyped, isBlank } from '../../src/language/clean.ts'

describe('what a person typed, cleaned for the store', () => {
  test.each([
    ['路灯\u0000坏了\u0007', '路灯坏了'],
    ['\ufeff路\u200b灯\u200c坏\u2060了', '路灯坏了'],
    ['\u202e灯路\u202c坏了\u2066', '灯路坏了'],
    ['坏\ud800了\udc00', '坏了'],
    ['路灯 \t 坏了\u3000\u3000快来', '路灯 坏了 快来'],
    ['第一行\r\n\r\n\r\n\r\n第二行', '第一行\n\n第二行'],
    ['a\u{e0041}b', 'ab'],
  ])('%j becomes %j', (typed, cleaned) => {
    expect(cleanTyped(typed)).toBe(cleaned)
  })

  test('a family emoji keeps its joiners, a joiner between letters goes', () => {
    expect(cleanTyped('👨‍👩‍👧 好')).toBe('👨‍👩‍👧 好')
    expect(cleanTyped('张\u200d三')).toBe('张三')
  })

  test('a long text is cut, but not inside an emoji', () => {
    expect(cleanTyped('好好😀😀', { longest: 5 })).toBe('好好😀')
  })
})

describe('what is repeated in a reply', () => {
  test.each([
    ['<b>刘</b><script>alert(1)</script>桂兰', '刘alert(1)桂兰'],
    ['看这里 https://evil.example/a?b=1，快点', '看这里 ，快点'],
    ['www.evil.com领红包', '领红包'],
    ['加我 evil.top/x', '加我'],
    ['@所有人 开会', '开会'],
    ['@all@everyone@全体成员', ''],
    ['[点我](https://evil.example)', '点我'],
    ['[点我](tg://resolve?domain=x)', '点我'],
    ['**粗**`码`', '粗码'],
    ['<<b>script>x', 'x'],
    ['＠所有人', ''],
  ])('%j is repeated as %j', (typed, echoed) => {
    expect(cleanForEcho(typed)).toBe(echoed)
  })

  test('an ordinary address, a clock and a decimal stay as they are', () => {
    expect(cleanForEcho('3号楼2-501，14:30，1.5米')).toBe('3号楼2-501，14:30，1.5米')
  })
})

describe('nicknames', () => {
  test.each([
    ['刘桂兰', '刘桂兰'],
    ['@所有人', '邻居'],
    ['', '邻居'],
    ['\u200b\u202e', '邻居'],
    ['<img src=x onerror=alert(1)>', '邻居'],
    ['=HYPERLINK("http://x.com")', 'HYPERLINK("'],
    ['一二三四五六七八九十一二三四五六七八九十多余', '一二三四五六七八九十一二三四五六七八九十'],
    ['第一行\n第二行', '第一行 第二行'],
  ])('%j is shown as %j', (name, shown) => {
    expect(cleanNickname(name)).toBe(shown)
  })

  test('a name of twenty stacked marks or a megabyte does no harm', () => {
    expect(cleanNickname('a' + '\u0301'.repeat(5000)).length).toBeLessThanOrEqual(80)
    expect(cleanNickname('好'.repeat(1_000_000))).toHaveLength(20)
  })
})

test('a blank message says of what kind it is', () => {
  expect([isBlank(''), isBlank(' \n\u200b'), isBlank('😀👍🏻'), isBlank('1️⃣'), isBlank('？！……'), isBlank('好'), isBlank('5')]).toEqual(['empty', 'empty', 'emoji', 'emoji', 'punctuation', undefined, undefined])
})
