import type { DeskServices } from '../../desk/services.ts'
import { endIdleTakeover } from '../../desk/requests/take-over.ts'
import { StoreError } from '../../domain/errors.ts'
import { createFaultLog, describeError, type Fault, type FaultLogger } from '../../domain/faults.ts'
import { findIdleTakeovers } from '../../store/conversations/takeover.ts'

export interface Takeovers {
  /** Ends those that are idle; resolves with the instant of the next, null = nobody speaks anywhere. Never throws. */
  sweep(): Promise<Date | null>
}

const AGAIN_MS = 30_000

const TAKEOVERS_FAILED: Fault = {
  name: 'takeovers',
  level: 'error',
  message: 'Telling a resident that the assistant answers again failed and is tried again every half a minute; it answers all the same. Report it with this line.',
  end: 'Residents are told again when the assistant answers in place of staff.',
}

/** Tells residents that the assistant answers again where staff have fallen silent, from what the store holds alone: any process may stop or start at any time. */
export function createTakeovers({ store, log, now, wakeOutbox }: DeskServices & { log: FaultLogger }): Takeovers {
  const faults = createFaultLog(log, now)
  return {
    async sweep() {
      try {
        const { idle, nextAt } = await findIdleTakeovers(store, now())
        for (const id of idle) await endIdleTakeover({ store, now, wakeOutbox }, id)
        faults.over(TAKEOVERS_FAILED.name)
        return nextAt
      } catch (error) {
        // Of the database the store itself has spoken.
        if (!(error instanceof StoreError)) faults.say(TAKEOVERS_FAILED, {}, describeError(error))
        return new Date(now().getTime() + AGAIN_MS)
      }
    },
  }
}
