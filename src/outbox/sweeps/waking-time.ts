import { endOfQuiet, type QuietHours } from '../quiet-hours.ts'

const STEP_MS = 60_000

/** The instant at which `ms` of time outside quiet hours have passed since `start`, to the minute. */
export function afterWaking(hours: QuietHours | undefined, start: Date, ms: number): Date {
  let at = start.getTime()
  for (let left = ms; left > 0; ) {
    const end = endOfQuiet(hours, new Date(at))
    if (end !== null) at = end.getTime()
    const step = Math.min(STEP_MS, left)
    at += step
    left -= step
  }
  return new Date(at)
}
