import type { Fault, FaultLogger } from './domain/faults.ts'
import { createFaultLog } from './domain/faults.ts'

export interface Clock {
  /** The time that everything goes by. */
  now: () => Date
  /** What it would be had nobody set the machine's clock since the start: by it is judged how long ago others' clocks say something was. */
  steadyNow: () => Date
  /** Calls `onMoved` with by how much `now` has moved, in ms, each time that it has. Returns what ends it. */
  watch(onMoved: (byMs: number) => void): () => void
}

/** Corrections of a running clock are smaller. */
const SMALLEST_JUMP_MS = 60_000
/** A machine that slept is awake later: that is no fault, and counts at once. */
const LONGEST_SLEEP_MS = 7 * 24 * 3_600_000
/** Any other jump may be a slip that is put right soon: it counts once it has lasted. */
const CONFIRMED_AFTER_MS = 10 * 60_000
const LOOK_EVERY_MS = 5_000

const MOVED: Fault = {
  name: 'clock-moved',
  level: 'warn',
  message: 'The clock of this machine was set by more than a minute. For ten minutes the service goes on by the time it had, then by the new one; nothing that waits waits longer for it. Check the date of the machine, and that it is kept by NTP.',
  end: 'The time of the service and that of the machine are the same.',
}

export interface ClockSources {
  wallMs?: () => number
  monotonicMs?: () => number
}

/** A clock that does not jump with the machine's before it is sure that it must. */
export function createClock(log: FaultLogger, { wallMs = Date.now, monotonicMs = () => performance.now() }: ClockSources = {}): Clock {
  /** What is added to the monotonic time. */
  let offset = wallMs() - monotonicMs()
  let steadyOffset = offset
  let doubtedSince: number | null = null
  const faults = createFaultLog(log, () => new Date(monotonicMs() + steadyOffset))
  let listener: (byMs: number) => void = () => undefined

  const adopt = (byMs: number) => {
    offset += byMs
    doubtedSince = null
    if (Math.abs(byMs) >= SMALLEST_JUMP_MS) listener(byMs)
  }

  const look = (): number => {
    const monotonic = monotonicMs()
    const byMs = wallMs() - monotonic - offset
    if (Math.abs(byMs) < SMALLEST_JUMP_MS) {
      steadyOffset += byMs
      adopt(byMs)
      faults.over(MOVED.name)
    } else if (byMs > 0 && byMs <= LONGEST_SLEEP_MS) {
      steadyOffset += byMs
      adopt(byMs)
    } else {
      doubtedSince ??= monotonic
      faults.say(MOVED, {}, { seconds: Math.round(byMs / 1000) })
      if (monotonic - doubtedSince >= CONFIRMED_AFTER_MS) adopt(byMs)
    }
    return monotonic
  }

  return {
    now: () => new Date(look() + offset),
    steadyNow: () => new Date(look() + steadyOffset),
    watch(onMoved) {
      listener = onMoved
      const timer = setInterval(look, LOOK_EVERY_MS).unref()
      return () => {
        listener = () => undefined
        clearInterval(timer)
      }
    },
  }
}
