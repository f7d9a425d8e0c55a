import { describe, expect, it } from 'vitest'
import { cleanTag, isTag, readTags } from '../../src/language/tags.ts'

describe('a tag', () => {
  it.each([
    ['独居老人', '独居老人'],
    ['  三期 业主 ', '三期业主'],
    ['ＡＢ座（南）', 'AB座(南)'],
    ['3-5号楼', '3-5号楼'],
    ['A/B座', 'A/B座'],
    ['党员（退休）', '党员(退休)'],
    ['#重点户', '重点户'],
    ['“低保”户', '低保户'],
    ['独\u200b居\u202e老\u0000人\ufeff', '独居老人'],
    ['<script>alert(1)</script>', 'alert(1)'],
    ['<b onclick=x>独居</b>', '独居'],
    ['=HYPERLINK(1)', 'HYPERLINK(1)'],
    ['+1-2', '1-2'],
    ['[点这里](https://evil.example/x)', '点这里'],
    ['⭐重点', '重点'],
    ['\ud83d独居', '独居'],
  ])('%j is kept as %j', (typed, kept) => {
    expect(cleanTag(typed)).toBe(kept)
  })

  it.each(['', '   ', '！！', '---', '()', '@所有人', '😀', '\u200b\u202e', '\u0301'])('%j is none', (typed) => {
    expect(cleanTag(typed)).toBe('')
    expect(isTag(typed)).toBe(false)
  })

  it.each(['独居老人', '3-5号楼', 'alert(1)', '1-2', 'AB座(南)', '𠮷'.repeat(20)])('%j is cleaned to itself', (tag) => {
    expect(cleanTag(tag)).toBe(tag)
    expect(isTag(tag)).toBe(true)
  })

  it('is cleaned to itself, whatever it was made of', () => {
    const parts = ['老', '人', 'a', 'A', '3', '.', 'com', 'cn', '/', '-', '(', ')', '[', ']', '<', '>', ':', '@', '·', '\u0301', '\u200d', 'ﬀ', '①', '㎡', '＜', '．', '👩', ' ', 'www', 'http', '#', '_', '*']
    let seed = 7
    const next = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below
    for (let round = 0; round < 4_000; round += 1) {
      const typed = Array.from({ length: 1 + next(12) }, () => parts[next(parts.length)]).join('')
      const tag = cleanTag(typed)
      expect(cleanTag(tag), typed).toBe(tag)
      expect(tag, typed).toMatch(/^[\p{L}\p{M}\p{N}·\-/()]*$/u)
    }
  })

  it('is told from one that is kept in another way, or is too long', () => {
    expect(isTag('独居 老人')).toBe(false)
    expect(isTag('老'.repeat(21))).toBe(false)
  })

  it.each(['[-A>[👩‹́http', '[1)A[人()W[（ａ'])('%j is cleaned to itself too', (typed) => {
    expect(cleanTag(cleanTag(typed))).toBe(cleanTag(typed))
  })

  // A reading that goes over the text again and again would not end before the test's time is over.
  it('of a million characters is a tag, or none', () => {
    for (const typed of ['<'.repeat(1_000_000), '老'.repeat(1_000_000), '[('.repeat(500_000), 'a.'.repeat(500_000)]) expect(cleanTag(cleanTag(typed))).toBe(cleanTag(typed))
  })
})

describe('a field of tags', () => {
  it('names several, each once, in the order typed', () => {
    expect(readTags('独居老人，三期业主、党员;独居老人 ａ座\n')).toEqual({ tags: ['独居老人', '三期业主', '党员', 'a座'], tooLong: [] })
  })

  it('does not cut what is too long: a part would be another tag', () => {
    expect(readTags(`${'老'.repeat(20)}，${'人'.repeat(21)}`)).toEqual({ tags: ['老'.repeat(20)], tooLong: ['人'.repeat(21)] })
  })

  it('of nothing but marks holds none', () => {
    expect(readTags(' ，、；😀 ')).toEqual({ tags: [], tooLong: [] })
  })
})
