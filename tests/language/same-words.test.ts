import { describe, expect, it } from 'vitest'
import { hasSameWords } from '../../src/language/compare/same-words.ts'

describe('the same words', () => {
  it.each([
    ['灯坏了', '灯坏了。'],
    ['灯坏了', '灯坏了！！'],
    ['灯 坏了', '灯坏了'],
    ['灯坏了', '燈壞了'],
    ['3号楼,灯坏了', '３号楼，灯坏了'],
    ['灯坏了', '灯坏了😀'],
    ['OK', 'ok'],
    ['😀', '😀'],
  ])('%s and %s', (one, other) => {
    expect(hasSameWords(one, other)).toBe(true)
  })

  it.each([
    ['3号楼', '5号楼'],
    ['3.5平方米', '35平方米'],
    ['1-2单元', '12单元'],
    ['3 4', '34'],
    ['灯坏了', '灯没坏'],
    ['😀', '😡'],
    ['', '灯坏了'],
    ['？', '。'],
  ])('not %s and %s', (one, other) => {
    expect(hasSameWords(one, other)).toBe(false)
  })
})
