import { expect, it } from 'vitest'
import { searchWords, SEARCHED_OF_VOLUNTEERS } from '../../../src/store/engine/search-words.ts'

it('looks for each word in every field, and for numbers in capitals, however they were typed', () => {
  expect(searchWords(' vl-2026  王 ', ['number', 'name'])).toEqual([
    { OR: [{ number: { contains: 'VL-2026' } }, { name: { contains: 'vl-2026' } }] },
    { OR: [{ number: { contains: '王' } }, { name: { contains: '王' } }] },
  ])
})

it('asks for nothing when nothing was typed, and for six words at most', () => {
  expect(searchWords('  ', SEARCHED_OF_VOLUNTEERS)).toEqual([])
  expect(searchWords(undefined, SEARCHED_OF_VOLUNTEERS)).toEqual([])
  expect(searchWords('一 二 三 四 五 六 七', SEARCHED_OF_VOLUNTEERS)).toHaveLength(6)
})
