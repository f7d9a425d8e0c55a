import { describe, expect, test } from 'vitest'
import { findAvailability, findTime } from '../../src/language/times.ts'
import { NOW } from './labelled/label.ts'

describe('a time is read as long as what was said (today is Tuesday, 24 November 2026, 10:30)', () => {
  test.each([
    ['昨天晚上8点', '2026-11-23T20:00'],
    ['明天下午三点', '2026-11-25T15:00'],
    ['后天', '2026-11-26'],
    ['大前天', '2026-11-21'],
    ['下周三上午', '2026-12-02'],
    ['本周五', '2026-11-27'],
    ['这个周末', '2026-11-28'],
    ['礼拜天下午2点半', '2026-11-29T14:30'],
    ['月底', '2026-11-30'],
    ['下个月5号', '2026-12-05'],
    ['十二月一号上午', '2026-12-01'],
    ['2026年12月1日14:30', '2026-12-01T14:30'],
    ['2026/12/5', '2026-12-05'],
    ['3天后', '2026-11-27'],
    ['两周后', '2026-12-08'],
    ['半小时前', '2026-11-24T10:00'],
    ['一个半小时后', '2026-11-24T12:00'],
    ['刚才', '2026-11-24'],
    ['今早', '2026-11-24'],
    ['昨晚十点多', '2026-11-23T22:00'],
    ['晚上8点半', '2026-11-24T20:30'],
    ['晚上12点', '2026-11-25T00:00'],
    ['中午12点', '2026-11-24T12:00'],
    ['大后天上午十点一刻', '2026-11-27T10:15'],
    ['明天9点20', '2026-11-25T09:20'],
    ['周三（25号）下午3点', '2026-11-25T15:00'],
    ['元旦', '2027-01-01'],
    ['除夕', '2027-02-05'],
    ['中秋节', '2027-09-15'],
    ['1月5号', '2027-01-05'],
    ['28号上午', '2026-11-28'],
    ['15号来修', '2026-12-15'],
  ])('%s -> %s', (text, time) => {
    expect(findTime(text, NOW)).toBe(time)
  })

  test('a weekday that a trouble began on lies behind, one that is wished for lies ahead', () => {
    expect(findTime('周日就坏了', NOW)).toBe('2026-11-22')
    expect(findTime('周日来修', NOW)).toBe('2026-11-29')
  })

  test('of two times the one when somebody should come counts', () => {
    expect(findTime('上周五开始漏水，希望明天上午来修', NOW)).toBe('2026-11-25')
    expect(findTime('昨天晚上8点多开始停水，到现在还没来', NOW)).toBe('2026-11-23T20:00')
  })

  test.each(['3号楼2单元', '有一点漏水', '快一点来', '每周三下午', '24小时', '1-2-301', '两点建议', '13800138001', '坏了三天了', '后面的路灯'])('%s says no time', (text) => {
    expect(findTime(text, NOW)).toBeUndefined()
  })

  test('the day is Shanghai\'s, not the machine\'s', () => {
    expect(findTime('明天', new Date('2026-11-24T17:00:00Z'))).toBe('2026-11-26')
  })
})

describe('when a volunteer is free', () => {
  test.each([
    ['周末都行', '周末'],
    ['工作日晚上有空', '工作日晚上'],
    ['每周三下午可以', '每周三下午'],
    ['周一到周五晚上都可以', '周一到周五晚上'],
    ['下班后有空', '下班后'],
    ['平时上班，周末有时间', '周末'],
    ['晚上7点以后有空', '晚上7点以后'],
    ['随时', '随时'],
  ])('%s -> %s', (text, availability) => {
    expect(findAvailability(text)).toBe(availability)
  })

  test('a single date is no rule', () => {
    expect(findAvailability('下周三来修')).toBeUndefined()
  })
})
