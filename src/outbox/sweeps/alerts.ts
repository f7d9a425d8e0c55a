import { StoreError } from '../../domain/errors.ts'
import { createFaultLog, describeError, type Fault, type FaultLogger } from '../../domain/faults.ts'
import { advanceAlert, findDueAlerts } from '../../store/duty/alerts.ts'
import type { Store } from '../../store/engine/store.ts'

export interface Alerts {
  /** Tells whoever is to be told by now; resolves with the instant at which the next are, null = none is known. Never throws. */
  sweep(): Promise<Date | null>
}

const AGAIN_MS = 5_000

const ALERTS_FAILED: Fault = {
  name: 'alerts',
  level: 'error',
  message: 'Staff could not be alerted of an emergency; it is tried again every 5 s. Look at the emergencies in the staff’s pages now, and report it with this line.',
  end: 'Staff are alerted of emergencies again.',
}

/** Alerts staff of emergencies until somebody answers, from what the store holds alone: any process may stop or start at any time. */
export function createAlerts({ store, log, now }: { store: Store; log: FaultLogger; now: () => Date }): Alerts {
  const faults = createFaultLog(log, now)
  return {
    async sweep() {
      try {
        const { due, nextAt } = await findDueAlerts(store, now())
        for (const id of due) await advanceAlert(store, id, now())
        const next = due.length === 0 ? nextAt : (await findDueAlerts(store, now())).nextAt
        faults.over(ALERTS_FAILED.name)
        return next
      } catch (error) {
        // Of the database the store itself has spoken.
        if (!(error instanceof StoreError)) faults.say(ALERTS_FAILED, {}, describeError(error))
        return new Date(now().getTime() + AGAIN_MS)
      }
    },
  }
}
