import { describe, expect, it } from 'vitest'
import { isFreeAt, joinAvailability, readAvailability } from '../../../src/language/values/times/availability.ts'

/** 28 November 2026 is a Saturday. */
describe('whether somebody is free', () => {
  it.each<[string, string, boolean | null]>([
    ['周末', '2026-11-28', true],
    ['周末', '2026-11-27T15:00', false],
    ['工作日晚上', '2026-11-27T19:00', true],
    ['工作日晚上', '2026-11-27T15:00', false],
    ['工作日晚上', '2026-11-28T19:00', false],
    ['每周三下午', '2026-11-25T15:00', true],
    ['每周三下午', '2026-11-26T15:00', false],
    ['周一到周五', '2026-11-28', false],
    ['周五到周日', '2026-11-29', true],
    ['周一、三、五', '2026-11-25', true],
    ['周六日', '2026-11-29', true],
    ['周末上午和下午', '2026-11-28T15:00', true],
    ['周末，工作日晚上', '2026-11-26T18:30', true],
    ['随时', '2026-11-25T03:00', true],
    ['每天上午', '2026-11-25T15:00', false],
    ['白天', '2026-11-25T20:00', false],
    ['除了周三都行', '2026-11-25', null],
    ['不一定', '2026-11-25', null],
    ['', '2026-11-25', null],
    ['周末', '下午吧', null],
  ])('%s at %s: %s', (availability, time, isFree) => {
    expect(isFreeAt(availability, time)).toBe(isFree)
  })

  it('is not known where no time was wished', () => {
    expect(isFreeAt('周末', null)).toBeNull()
  })
})

describe('what is kept of when somebody is free', () => {
  it.each([
    ['周末', '周末'],
    ['一般周末都行吧。', '周末'],
    ['工作日晚上有空', '工作日晚上'],
    ['什么时候都行', '什么时候都行'],
    ['没课的时候', '没课的时候'],
    ['有空的时间：每周三下午', '每周三下午'],
    ['冰场开的时候', '冰场开的时候'],
  ])('%s -> %s', (said, kept) => {
    expect(readAvailability(said)).toBe(kept)
  })

  it('is nothing where no word is left', () => {
    expect(['', '。。。', '，'].map(readAvailability)).toEqual([undefined, undefined, undefined])
  })

  it('joins what was said in several places, each once', () => {
    expect(joinAvailability(['周末', '工作日晚上有空', '周末都行'])).toBe('周末、工作日晚上')
    expect(joinAvailability([])).toBeUndefined()
  })
})
