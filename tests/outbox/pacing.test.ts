import { describe, expect, it } from 'vitest'
import { createAlarm } from '../../src/outbox/sweeps/alarm.ts'
import { endOfQuiet } from '../../src/outbox/quiet-hours.ts'
import { retryDelayMs, TokenBucket } from '../../src/outbox/rates.ts'

const at = (iso: string) => new Date(iso)

describe('quiet hours', () => {
  const night = { fromMinutes: 21 * 60 + 30, toMinutes: 7 * 60 + 30 }
  it.each([
    ['before they begin', '2026-11-24T13:29:59Z', null],
    ['as they begin', '2026-11-24T13:30:00Z', '2026-11-24T23:30:00Z'],
    ['just before midnight', '2026-12-31T15:59:59Z', '2026-12-31T23:30:00Z'],
    ['just after midnight, on another date', '2026-12-31T16:00:00Z', '2026-12-31T23:30:00Z'],
    ['in the last minute', '2026-11-24T23:29:59Z', '2026-11-24T23:30:00Z'],
    ['at their end', '2026-11-24T23:30:00Z', null],
  ])('over midnight, %s', (_, now, end) => {
    expect(endOfQuiet(night, at(now))).toEqual(end === null ? null : at(end))
  })

  it('within one day, and none at all', () => {
    const noon = { fromMinutes: 12 * 60, toMinutes: 14 * 60 }
    expect(endOfQuiet(noon, at('2026-11-24T05:00:00Z'))).toEqual(at('2026-11-24T06:00:00Z'))
    expect(endOfQuiet(noon, at('2026-11-24T06:00:00Z'))).toBeNull()
    expect(endOfQuiet(undefined, at('2026-11-24T15:00:00Z'))).toBeNull()
    expect(endOfQuiet({ fromMinutes: 60, toMinutes: 60 }, at('2026-11-23T17:00:00Z'))).toBeNull()
  })
})

describe('a token bucket', () => {
  const start = at('2026-11-24T00:00:00Z')
  const later = (ms: number) => new Date(start.getTime() + ms)

  it('starts empty, fills at its rate and holds a burst at most', () => {
    const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, start)
    expect(bucket.msUntil(1, start)).toBe(500)
    expect(bucket.msUntil(1, later(500))).toBe(0)
    bucket.take(later(500))
    expect(bucket.msUntil(1, later(999))).toBe(1)
    expect([3, 4].map((count) => bucket.msUntil(count, later(60_000)))).toEqual([0, 500])
  })

  it('says how many may go up to an instant ahead, so that they can be claimed before it', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 1 }, start)
    expect([0, 99, 100, 550].map((ms) => bucket.upTo(later(ms), start))).toEqual([0, 0, 1, 5])
  })

  it('gives nothing while the platform wants a pause, one send the moment it is over, and no burst', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 30 }, start)
    expect(bucket.msUntil(30, later(5_000))).toBe(0)
    bucket.empty(later(20_000))
    expect(bucket.msUntil(1, later(10_000))).toBe(10_000)
    expect(bucket.msUntil(1, later(20_000))).toBe(0)
    bucket.take(later(20_000))
    expect(bucket.msUntil(1, later(20_000))).toBe(100)
  })

  it('makes up for a delay, but never beyond what the platform counts within a span', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 4, most: { sends: 5, withinMs: 1_000 } }, start)
    for (let count = 0; count < 4; count += 1) {
      expect(bucket.msUntil(1, later(2_000))).toBe(0)
      bucket.take(later(2_000))
    }
    expect(bucket.msUntil(1, later(2_000))).toBe(100)
    bucket.take(later(2_100))
    expect(bucket.msUntil(1, later(2_400))).toBe(600)
  })

  it('does not go mad when the clock is set back', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 5 }, start)
    expect(bucket.upTo(later(-3_600_000), later(-3_600_000))).toBe(0)
    expect(bucket.upTo(later(2_000), later(2_000))).toBe(2)
  })

  it('of an infinite rate is never spent', () => {
    const bucket = new TokenBucket({ perSecond: Infinity, burst: Infinity }, start)
    for (let count = 0; count < 1_000; count += 1) bucket.take(start)
    expect([bucket.upTo(start, start), bucket.msUntil(1_000, start)]).toEqual([Infinity, 0])
  })
})

describe('waits between attempts', () => {
  const limits = { firstMs: 1_000, longestMs: 60_000 }
  it('double up to the longest, with a jitter of half', () => {
    expect([1, 2, 3, 4].map((attempt) => retryDelayMs(attempt, limits, () => 1))).toEqual([1_000, 2_000, 4_000, 8_000])
    expect(retryDelayMs(1, limits, () => 0)).toBe(500)
    expect(retryDelayMs(1_000, limits, () => 1)).toBe(60_000)
  })
})

describe('the alarm', () => {
  it('hears a ring that came before the sleep, once', async () => {
    const asked: number[] = []
    const alarm = createAlarm((callback, ms) => {
      asked.push(ms)
      callback()
      return () => undefined
    })
    alarm.ring()
    await alarm.sleep(1_000)
    expect(asked).toEqual([])
    await alarm.sleep(2_000)
    expect(asked).toEqual([2_000])
  })

  it('gives the late value only when the promise is late', async () => {
    let fire: (() => void) | undefined
    const alarm = createAlarm((callback) => {
      fire = callback
      return () => undefined
    })
    expect(await alarm.within(Promise.resolve('in time'), 10, () => 'late')).toBe('in time')
    const never = alarm.within(new Promise<string>(() => undefined), 10, () => 'late')
    fire?.()
    expect(await never).toBe('late')
  })
})
