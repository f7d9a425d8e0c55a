import { describe, expect, it } from 'vitest'
import { createClock } from '../src/clock.ts'
import { captureLog } from './support/log.ts'
import { expectOneLine } from './faults/lines.ts'

const DAY_MS = 24 * 3_600_000
const START = Date.parse('2026-12-01T02:00:00Z')

/** A machine whose clock can be set while its time goes on. */
function machine() {
  const log = captureLog()
  const state = { ranMs: 0, setBy: 0 }
  const clock = createClock(log.log, { wallMs: () => START + state.ranMs + state.setBy, monotonicMs: () => state.ranMs })
  const moves: number[] = []
  clock.watch((byMs) => moves.push(byMs))
  return { log, clock, moves, state, run: (ms: number) => void (state.ranMs += ms), at: () => clock.now().getTime() - START, steadyAt: () => clock.steadyNow().getTime() - START }
}

describe.each([400, -400])('A machine whose clock is set by %i days', (days) => {
  it('is not followed while it may be a slip, and time goes on', () => {
    const { log, moves, state, run, at } = machine()
    state.setBy = days * DAY_MS
    expect(at()).toBe(0)
    run(9 * 60_000)
    expect(at()).toBe(9 * 60_000)
    state.setBy = 0
    run(60_000)
    expect(at()).toBe(10 * 60_000)
    expect(moves).toEqual([])
    expectOneLine(log, { fault: 'clock-moved', tells: /Check the date of the machine/ })
  })

  it('is followed once it has lasted; who waits is told by how much, and what others sent is judged as before', () => {
    const { moves, state, run, at, steadyAt } = machine()
    state.setBy = days * DAY_MS
    expect(at()).toBe(0)
    run(10 * 60_000)
    at()
    expect(moves).toEqual([days * DAY_MS])
    expect(at()).toBe(days * DAY_MS + 10 * 60_000)
    expect(steadyAt()).toBe(10 * 60_000)
  })
})

describe('A machine', () => {
  it('that slept for a night wakes up in the morning', () => {
    const { log, moves, state, at, steadyAt } = machine()
    state.setBy = 8 * 3_600_000
    expect(at()).toBe(8 * 3_600_000)
    expect(steadyAt()).toBe(8 * 3_600_000)
    expect(moves).toEqual([8 * 3_600_000])
    expect(log.faults()).toEqual([])
  })

  it('that is put right by seconds is followed at once', () => {
    const { moves, state, at } = machine()
    state.setBy = -20_000
    expect(at()).toBe(-20_000)
    expect(moves).toEqual([])
  })
})
