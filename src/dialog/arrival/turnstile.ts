import { setImmediate as nextTick } from 'node:timers/promises'

/**
 * Lets those who ask pass in their order, one in each turn of the event loop: SQLite answers at once, so that sixteen messages that came
 * together would be decided in one go, and whatever else comes in would be heard after the last of them.
 */
export function createTurnstile(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return () => (last = last.then(() => nextTick()))
}
