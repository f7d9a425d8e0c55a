import { describe, expect, it } from 'vitest'
import type { Area } from '../../../../src/domain/services.ts'
import { codesWithin } from '../../../../src/domain/areas.ts'
import { formatSpan, formatWhen, listAreaTree, maskPhone, shorten } from '../../../../src/web/admin/parts/format.ts'
import { formatWait } from '../../../../src/web/wait.ts'

const area = (code: string, parent: string | null): Area => ({ code, name: code, level: 'community', parent, words: [] })

describe('what staff read', () => {
  it('a masked telephone keeps its ends; a short one shows nothing', () => {
    expect([maskPhone('13800138001'), maskPhone('04572123456'), maskPhone('12349'), maskPhone(''), maskPhone(null)]).toEqual(['138****8001', '045****3456', '****', '', ''])
  })

  it('a time is as short as it is clear', () => {
    const now = new Date('2026-11-24T02:00:00Z')
    expect(formatWhen(new Date('2026-11-23T16:05:00Z'), now)).toBe('今天 00:05')
    expect(formatWhen(new Date('2026-11-23T15:55:00Z'), now)).toBe('昨天 23:55')
    expect(formatWhen(new Date('2026-11-03T00:00:00Z'), now)).toBe('11月3日 08:00')
    expect(formatWhen(new Date('2025-11-03T00:00:00Z'), now)).toBe('2025-11-03 08:00')
  })

  it('spans and waits are rounded for people, a wait never down', () => {
    expect([formatSpan(20_000), formatSpan(59 * 60_000), formatSpan(90 * 60_000), formatSpan(72 * 3_600_000)]).toEqual(['1 分钟', '59 分钟', '2 小时', '3 天'])
    expect([formatWait(1), formatWait(30_000), formatWait(60_000), formatWait(61_000), formatWait(3_600_000), formatWait(3_600_001)]).toEqual(['1 秒', '30 秒', '1 分钟', '2 分钟', '60 分钟', '2 小时'])
  })

  it('a shortened text is one line and never half a character', () => {
    expect(shorten('楼道\n灯坏了', 20)).toBe('楼道 灯坏了')
    expect(shorten('👍👍👍', 2)).toBe('👍👍…')
  })

  it('an area holds what lies in it, in whatever order the file has it', () => {
    const areas = [area('c', 'b'), area('b', 'a'), area('a', null), area('d', null)]
    expect(codesWithin('a', areas).sort()).toEqual(['a', 'b', 'c'])
    expect(codesWithin('unknown', areas)).toEqual(['unknown'])
    expect(listAreaTree(areas).map((entry) => `${entry.depth}${entry.area.code}`)).toEqual(['0a', '1b', '2c', '0d'])
  })
})
