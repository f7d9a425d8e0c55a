import { describe, expect, it } from 'vitest'
import { readTypedDay } from '../../../../src/knowledge/documents/import/written-date.ts'

describe('A day that a person types', () => {
  it.each([['2024-03-01', '2024-03-01'], ['2024年3月1日', '2024-03-01'], ['２０２４年３月１号', '2024-03-01'], ['二〇二四年三月一日', '2024-03-01'], ['2024/3/1', '2024-03-01']])('%s is %s', (typed, day) => {
    expect(readTypedDay(typed)).toBe(day)
  })

  it.each(['', '昨天', '2024-02-30', '2024年3月', '2024-03-01起', '13800138001'])('“%s” is none', (typed) => {
    expect(readTypedDay(typed)).toBeNull()
  })
})
