import { describe, expect, test } from 'vitest'
import { readRating } from '../../src/language/ratings.ts'

describe('what a rating says besides that it is one', () => {
  test.each([
    ['5分', 5], ['五星，师傅很热情', 5], ['给4分', 4], ['三颗星', 3], ['不满意', 2], ['非常不满意', 1], ['非常满意', 5], ['满意', 4], ['还行', 3], ['差评', 1], ['好评', 5],
  ])('%s: %i', (text, score) => {
    expect(readRating(text, false)).toMatchObject({ score })
  })

  test('a bare digit is a score only where one was asked for', () => {
    expect(readRating('4', true)).toEqual({ score: 4 })
    expect(readRating('4', false).score).toBeUndefined()
  })

  test.each(['10分', '0分', '一百分', '零分'])('%s is out of range, and no score', (text) => {
    expect(readRating(text, true)).toMatchObject({ isOutOfRange: true })
    expect(readRating(text, true).score).toBeUndefined()
  })

  test('the comment is kept', () => {
    expect(readRating('5分，修得很快', true)).toEqual({ score: 5, comment: '修得很快' })
  })
})
