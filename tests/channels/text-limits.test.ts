import { describe, expect, it } from 'vitest'
import { splitText, textLength, type TextUnit } from '../../src/channels/text-limits.ts'

const unnumbered = (parts: string[]): string => parts.map((part) => part.replace(/^（\d+\/\d+）/, '')).join('')

describe('splitText', () => {
  it('leaves a text that fits as it is, and gives nothing for a blank one', () => {
    expect(splitText('您好。', 9, 'utf8')).toEqual(['您好。'])
    expect(splitText('  \n', 9, 'utf8')).toEqual([])
  })

  it.each<[TextUnit, number]>([['utf8', 2_000], ['utf16', 4_096], ['utf16', 60], ['utf8', 80]])('keeps every part within the limit in %s of %d, and loses nothing', (unit, limit) => {
    const text = '第一条，社区服务（含养老、助残）由社区负责！“对吗？”对。家庭👨‍👩‍👧‍👦和国旗🇨🇳也在👍🏽。'.repeat(100)
    const parts = splitText(text, limit, unit)
    expect(Math.max(...parts.map((part) => textLength(part, unit)))).toBeLessThanOrEqual(limit)
    expect(unnumbered(parts)).toBe(text)
  })

  it('cuts after the marks and quotes that close a sentence', () => {
    expect(splitText('他问：“今天停水吗？”我说不停。明天停。', 54, 'utf8')).toEqual(['（1/2）他问：“今天停水吗？”', '（2/2）我说不停。明天停。'])
  })

  it('cuts at a pause where there is no end of a sentence, else between characters', () => {
    expect(splitText('一二三四，五六七八九十', 14, 'utf16')).toEqual(['一二三四，五六七八九十'])
    expect(splitText('一二三四，五六七八九十甲乙丙丁', 14, 'utf16')).toEqual(['（1/3）一二三四，', '（2/3）五六七八九十甲乙丙', '（3/3）丁'])
  })

  it('never cuts inside an emoji or a joined sequence', () => {
    const family = '👨‍👩‍👧‍👦'
    for (const part of splitText(family.repeat(40), 100, 'utf8')) expect(part).toMatch(new RegExp(`^（\\d+/\\d+）(?:${family})+$`, 'u'))
  })

  it('takes a joined sequence apart only when no message could hold it', () => {
    const tower = `a${'\u0301'.repeat(300)}`
    const parts = splitText(tower, 100, 'utf8')
    expect(Math.max(...parts.map((part) => textLength(part, 'utf8')))).toBeLessThanOrEqual(100)
    expect(unnumbered(parts)).toBe(tower)
  })

  it('does not cut a decimal or a host in two sentences', () => {
    expect(splitText('共有3.5万人参加了志愿服务活动并登记在册的统计', 20, 'utf16')[0]).not.toMatch(/3\.$/)
  })

  it('makes room for numbers of several digits', () => {
    const parts = splitText('好。'.repeat(500), 12, 'utf16')
    expect(parts.length).toBeGreaterThan(99)
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(12)
  })
})
