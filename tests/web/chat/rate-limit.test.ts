import { describe, expect, it } from 'vitest'
import { createRateLimit } from '../../../src/web/chat/rate-limit.ts'

const at = (seconds: number) => new Date(1_000_000 + seconds * 1000)

describe('a limit on how much one visitor sends', () => {
  it('lets a burst through, then one every two seconds', () => {
    const limit = createRateLimit({ perMinute: 30, burst: 3 })
    expect([0, 0, 0, 0].map(() => limit.take('a', at(0)))).toEqual([0, 0, 0, 2])
    expect(limit.take('a', at(1))).toBe(1)
    expect(limit.take('a', at(2))).toBe(0)
    expect(limit.take('a', at(2))).toBe(2)
  })

  it('counts each by itself', () => {
    const limit = createRateLimit({ perMinute: 1, burst: 1 })
    expect(limit.take('a', at(0))).toBe(0)
    expect(limit.take('b', at(0))).toBe(0)
    expect(limit.take('a', at(0))).toBe(60)
  })

  it('does not give more than the burst after a long silence', () => {
    const limit = createRateLimit({ perMinute: 30, burst: 2 })
    limit.take('a', at(0))
    expect([0, 0, 0].map(() => limit.take('a', at(3600)))).toEqual([0, 0, 2])
  })

  it('is not confused by a clock that goes back', () => {
    const limit = createRateLimit({ perMinute: 30, burst: 2 })
    limit.take('a', at(100))
    limit.take('a', at(100))
    expect(limit.take('a', at(50))).toBe(2)
  })

  it('still holds whoever is at the limit when very many others come', () => {
    const limit = createRateLimit({ perMinute: 30, burst: 1 })
    for (let index = 0; index < 19_990; index += 1) limit.take(`old-${index}`, at(0))
    limit.take('busy', at(600))
    for (let index = 0; index < 100; index += 1) limit.take(`new-${index}`, at(600))
    expect(limit.take('busy', at(600))).toBeGreaterThan(0)
  })
})
