import { describe, expect, test } from 'vitest'
import { cleanForEcho, cleanNickname, cleanTyped, isBlank, showNickname } from '../../src/language/clean.ts'

describe('what a person typed, cleaned for the store', () => {
  test.each([
    ['路灯\u0000坏了\u0007', '路灯坏了'],
    ['\ufeff路\u200b灯\u200c坏\u2060了', '路灯坏了'],
    ['\u202e灯路\u202c坏了\u2066', '灯路坏了'],
    ['坏\ud800了\udc00', '坏了'],
    ['路灯 \t 坏了\u3000\u3000快来', '路灯 坏了 快来'],
    ['第一行\r\n\r\n\r\n\r\n第二行', '第一行\n\n第二行'],
    ['a\u{e0041}b', 'ab'],
    ['路\u0600灯\u0605坏\u06dd了', '路灯坏了'],
    ['路\ufff0灯\ufff8坏\u{1d173}了\u{1d17a}', '路灯坏了'],
    ['路\u{13430}灯\u{1343f}坏\u{e0000}了\u{e0100}\u{e0fff}', '路灯坏了'],
    ['路\u2064灯\u206a坏\u180e了\u{1bca0}\u{110bd}\u08e2', '路灯坏了'],
    ['1\ufe0f3\ufe0e8\ufe0100', '13800'],
    ['好\ufe0f\ufe0f👍\ufe0f\ufe0f', '好👍\ufe0f'],
    ['1\ufe0f\u20e3 ☀\ufe0f ❤\ufe0f\u200d🔥', '1\ufe0f\u20e3 ☀\ufe0f ❤\ufe0f\u200d🔥'],
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
    ['＜script＞刘＜/script＞', '刘'],
    ['＜ｉｍｇ src=x＞刘', '刘'],
    ['&lt;script&gt;刘&lt;/script&gt;', '刘'],
    ['&#60;b&#x3e;刘&amp;lt;/b&amp;gt;', '刘'],
    ['去http：//evil.example/x看', '去看'],
    ['去ｈｔｔｐｓ：／／evil.example 看', '去 看'],
    ['看 evil．com', '看'],
    ['看 ｅｖｉｌ．ｃｏｍ／ａ，好', '看 ，好'],
    ['看𝐞𝐯𝐢𝐥.𝐜𝐨𝐦', '看'],
    ['看 evil。com', '看'],
    ['看www。evil。com。好', '看。好'],
    ['看 evil。zip/x', '看'],
    ['看 evil.zip/x', '看'],
    ['邮箱user.name@host.com。', '邮箱。'],
    ['邮箱ｕｓｅｒ＠ｈｏｓｔ．ｃｏｍ', '邮箱'],
    ['看1.2.3.4/x', '看'],
    ['看 1.2.3.4:8080', '看'],
    ['看xn--fiqs8s.xn--fiqs8s/x', '看'],
    ['看evil.xn--p1ai', '看'],
    ['看 evil.中国', '看'],
    ['看 evil.网址/x', '看'],
    ['恶意.中国', '恶意'],
    ['恶意.com', '恶意'],
    ['ev[il.c`om', ''],
    ['evil<.com', ''],
    ['evil@.com', ''],
    ['@ａｌｌ', ''],
    ['@全 体 成 员 开会', '开会'],
    ['@群成员', ''],
    ['@ e v e r y o n e', ''],
    ['＠ 所有人', ''],
    ['@所 有_人', ''],
    ['@@所有人所有人', '所有人'],
    ['@全體成員', ''],
  ])('%j is repeated as %j', (typed, echoed) => {
    expect(cleanForEcho(typed)).toBe(echoed)
  })

  test.each([
    '路灯坏了。3号楼也坏了。OK。就这样',
    '水压3.5公斤，1-2-301，1.5米，2.5kg/天',
    '我家在1-2-301。电话13800138000。',
    'Tel：13800138000，tel:13800138000',
    '1.手机没信号 2.网络不通 3.公司门口堵了',
    '找了物业.公司没人管.手机13800138001',
    '我用的iPhone。app打不开',
    '我爱你。中国加油',
    '温度＜5度，《社区公约》第3条',
    '2026.11.24 14:30，No.3，A。B栋',
    '版本1.2.3.4，速度3.5km/h，是/否',
    '他说：“明天来”。/两点也行',
    '小区有A&B两栋',
  ])('ordinary words stay as they are: %s', (text) => {
    expect(cleanForEcho(text)).toBe(text)
  })

  test('a text made to be cleaned again and again is cleaned in little time', () => {
    const startedAt = performance.now()
    for (const text of ['<'.repeat(5000) + 'b>'.repeat(2500), 'a'.repeat(10_000), 'a.'.repeat(5000), '['.repeat(10_000), '@'.repeat(10_000), 'a@'.repeat(5000), '&amp;'.repeat(2000), '@所'.repeat(5000), 'ｅ．'.repeat(5000), '1.'.repeat(5000), `@a${' '.repeat(9000)}`]) cleanForEcho(text)
    expect(performance.now() - startedAt).toBeLessThan(2000)
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
    ['官\u200b方', '官方'],
    ['系统工程师老王', '系统工程师老王'],
    ['＜b＞老王', '老王'],
    ['@ａｌｌ', '邻居'],
    ['wang@evil.com', '邻居'],
  ])('%j is shown as %j', (name, shown) => {
    expect(cleanNickname(name)).toBe(shown)
  })

  test.each(['社区居委会', '幸福社区居委会', '工作人员', '派出所', '派出所小王', '管理员', '管理員', '【系 统】', '官.方 客.服', '网格员老李', '人民警察', '王主任', 'Admin01', '１２３４５热线', '邻里小助手'])('%s poses as an office: 居民 stands beside it', (name) => {
    const shown = showNickname(cleanNickname(name))
    expect(shown).toBe(`${cleanNickname(name)}（居民）`)
    // However often it is cleaned and shown on its way.
    expect(cleanNickname(shown)).toBe(shown)
    expect(showNickname(shown)).toBe(shown)
  })

  test('a long one keeps the mark, however long it is', () => {
    const name = '幸福社区居民委员会工作人员值班室电话接待专员小王'
    expect(cleanNickname(showNickname(cleanNickname(name)))).toBe('幸福社区居民委员会工作人员值班室电话接待（居民）')
  })

  test.each(['刘桂兰', '老王', '一楼的小张', '😀', 'Tony', '阳光', ''])('%j poses as nobody', (name) => {
    expect(showNickname(name)).toBe(name)
  })

  test('a name of twenty stacked marks or a megabyte does no harm', () => {
    expect(cleanNickname('a' + '\u0301'.repeat(5000)).length).toBeLessThanOrEqual(80)
    expect(cleanNickname('好'.repeat(1_000_000))).toHaveLength(20)
  })
})

test('a blank message says of what kind it is', () => {
  expect([isBlank(''), isBlank(' \n\u200b'), isBlank('😀👍🏻'), isBlank('1️⃣'), isBlank('？！……'), isBlank('好'), isBlank('5')]).toEqual(['empty', 'empty', 'emoji', 'emoji', 'punctuation', undefined, undefined])
})
