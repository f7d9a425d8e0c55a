import type { Deadlines } from '../../domain/requests/deadlines.ts'
import { StoreError } from '../../domain/errors.ts'
import { createFaultLog, describeError, type Fault, type FaultLogger } from '../../domain/faults.ts'
import type { Area, Service } from '../../domain/services.ts'
import type { Store } from '../../store/engine/store.ts'
import { climb, findClimbing, type ClimbingRules } from '../../store/requests/climbing.ts'

export interface ClimbingOptions {
  store: Store
  services: () => readonly Service[]
  areas: () => readonly Area[]
  deadlines: () => Deadlines
  log: FaultLogger
  now: () => Date
}

export interface Climbing {
  /** Passes on what is overdue; resolves with the instant at which to look again. Never throws. */
  sweep(): Promise<Date>
}

/** Times are to the minute. */
const LOOK_AGAIN_MS = 30_000

const CLIMBING_FAILED: Fault = {
  name: 'climbing',
  level: 'error',
  message: 'Passing overdue requests on to the next level failed and is tried again every half a minute; nothing else is held up. If it does not end within an hour, look through the overdue requests by hand and report it with this line.',
  end: 'Overdue requests are passed on again.',
}

/** Lets overdue requests climb, from what the store holds alone: any process may stop or start at any time. */
export function createClimbing({ store, services, areas, deadlines, log, now }: ClimbingOptions): Climbing {
  const faults = createFaultLog(log, now)
  let lookAgainAt = new Date(0)
  const rulesAt = (at: Date): ClimbingRules => {
    const byCode = new Map(services().map((service) => [service.code, service]))
    return { now: at, deadlines: deadlines(), areas: areas(), serviceOf: (code) => (code === null ? undefined : byCode.get(code)) }
  }
  return {
    async sweep() {
      const at = now()
      if (at < lookAgainAt) return lookAgainAt
      // Set first: a fault too is tried again then, and no sooner.
      lookAgainAt = new Date(at.getTime() + LOOK_AGAIN_MS)
      try {
        const rules = rulesAt(at)
        for (const id of await findClimbing(store, rules)) await climb(store, id, rules)
        faults.over(CLIMBING_FAILED.name)
      } catch (error) {
        if (!(error instanceof StoreError)) faults.say(CLIMBING_FAILED, {}, describeError(error))
      }
      return lookAgainAt
    },
  }
}
