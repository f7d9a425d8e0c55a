import { expect, it } from 'vitest'
import { afterWaking } from '../../src/outbox/sweeps/waking-time.ts'

const NIGHT = { fromMinutes: 21 * 60 + 30, toMinutes: 7 * 60 + 30 }
const HOURS = 60 * 60 * 1000

it.each([
  ['2026-11-24T10:00:00+08:00', '2026-11-24T12:00:00+08:00'],
  ['2026-11-24T20:30:00+08:00', '2026-11-25T08:30:00+08:00'],
  ['2026-11-24T23:00:00+08:00', '2026-11-25T09:30:00+08:00'],
  ['2026-11-24T19:30:00+08:00', '2026-11-24T21:30:00+08:00'],
])('two hours after %s, the night left out, are over at %s', (start, end) => {
  expect(afterWaking(NIGHT, new Date(start), 2 * HOURS)).toEqual(new Date(end))
})

it('counts every hour where there are no quiet ones', () => {
  expect(afterWaking(undefined, new Date('2026-11-24T20:30:00Z'), 2 * HOURS)).toEqual(new Date('2026-11-24T22:30:00Z'))
})
