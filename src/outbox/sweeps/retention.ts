import { StoreError } from '../../domain/errors.ts'
import { createFaultLog, describeError, type Fault, type FaultLogger } from '../../domain/faults.ts'
import { AUTHOR_NAMES } from '../../domain/requests/requests.ts'
import type { Retention } from '../../domain/retention.ts'
import { fromLocalIso, toLocalDay } from '../../domain/time.ts'
import type { Store } from '../../store/engine/store.ts'
import { expireSome, findLastSweep } from '../../store/erasing/expire.ts'
import type { ExpiringKind } from '../../store/erasing/expiring.ts'

export interface RetentionOptions {
  store: Store
  /** Whose files go with what names them. */
  photos: { clear(): Promise<void> }
  retention: Retention
  log: FaultLogger
  now: () => Date
  /** Milliseconds that have really passed, whatever the clock was set to. */
  elapsedMs?: () => number
}

export interface RetentionSweep {
  /** Lets a little of what has expired go; resolves with the instant at which to go on. Never throws. */
  sweep(): Promise<Date>
}

/** What must not wait for the night: its periods are counted in hours. */
const HOURLY: readonly ExpiringKind[] = ['drafts', 'states', 'conversations']
const HOUR_MS = 60 * 60_000
/** In local time, when the fewest write. */
const NIGHTLY_AT = '03:20'
/** What it would take a year to notice must not happen because of a clock that is wrong for a minute. */
const LONGEST_GAP_MS = 7 * 24 * HOUR_MS
const CLOCK_IS_BELIEVED_AFTER_MS = 6 * HOUR_MS

const RETENTION_FAILED: Fault = {
  name: 'retention',
  level: 'error',
  message: 'Letting go of what is kept no longer failed and is tried again in an hour; nothing else is held up. If it comes again, run `npm run -s linli -- retention` by hand and report it with this line.',
  end: 'What is kept no longer goes again.',
}

const CLOCK_JUMPED: Fault = {
  name: 'retention-waits',
  level: 'warn',
  message: 'By the clock more than a week has passed since what is kept no longer was last let go of. In case the clock is wrong, nothing goes for six hours. If the date is right, there is nothing to do; if not, set it right now.',
  end: 'What is kept no longer goes again.',
}

/**
 * Lets go of what is kept no longer: every night, and when it starts; what is counted in hours, every hour. In short transactions, each whole
 * with its line in the audit log, from what the store holds alone: any process may stop or start at any time.
 */
export function createRetention({ store, photos, retention, log, now, elapsedMs = () => performance.now() }: RetentionOptions): RetentionSweep {
  const faults = createFaultLog(log, now)
  let nightAt = new Date(0)
  /** Before then there is nothing to do, whatever wakes it. */
  let nextAt = new Date(0)
  let hasGone = false
  let isAfterStart = true
  /** Since when a clock is watched that may be wrong. */
  let watchedSinceMs: number | null = null

  async function mayTrustClock(at: Date): Promise<boolean> {
    const last = await findLastSweep(store.read)
    if (last === null || at.getTime() - last.getTime() <= LONGEST_GAP_MS) {
      watchedSinceMs = null
      faults.over(CLOCK_JUMPED.name)
      return true
    }
    watchedSinceMs ??= elapsedMs()
    if (elapsedMs() - watchedSinceMs >= CLOCK_IS_BELIEVED_AFTER_MS) return true
    faults.say(CLOCK_JUMPED)
    return false
  }

  async function step(at: Date): Promise<void> {
    if (!(await mayTrustClock(at))) return
    const isNight = at >= nightAt
    const { counts, hasMore } = await expireSome(store, { retention, now: at, by: AUTHOR_NAMES.system, ...(!isNight && { kinds: HOURLY }) })
    hasGone ||= Object.keys(counts).length > 0
    if (hasMore) {
      nextAt = at
      return
    }
    if (isNight) nightAt = nextNight(at)
    if (nightAt < nextAt) nextAt = nightAt
    if (hasGone) await photos.clear()
    // At the start too: whatever kept it from being done may have ended with the last process.
    if (hasGone || isAfterStart) await store.forgetErased()
    hasGone = false
    isAfterStart = false
  }

  return {
    async sweep() {
      const at = now()
      if (at < nextAt) return nextAt
      // Set first: a fault too is tried again then, and no sooner.
      nextAt = new Date(at.getTime() + HOUR_MS)
      try {
        await step(at)
        faults.over(RETENTION_FAILED.name)
      } catch (error) {
        // Of the database the store itself has spoken.
        if (!(error instanceof StoreError)) faults.say(RETENTION_FAILED, {}, describeError(error))
      }
      return nextAt
    },
  }
}

/** The first such hour after this instant. */
function nextNight(at: Date): Date {
  const tonight = fromLocalIso(`${toLocalDay(at)}T${NIGHTLY_AT}`)
  return tonight > at ? tonight : new Date(tonight.getTime() + 24 * HOUR_MS)
}
