import { createHmac } from 'node:crypto'
import { StoreError } from '../domain/errors.ts'
import { createFaultLog, describeError, QUIET_MS, type Fault, type FaultLogger } from '../domain/faults.ts'
import type { Store } from '../store/engine/store.ts'
import { forgetOldWebhooks, nextWebhookAt, settleWebhook, takeDueWebhook, type WebhookDelivery } from '../store/webhooks/webhooks.ts'
import type { Sweep } from './sweeps/sweeps.ts'

/** Where changes of requests are pushed, and by what whoever gets them knows that they are ours. */
export interface WebhookTarget {
  url: string
  /** `whsec_` and base64 as Standard Webhooks writes it, or any text. */
  secret: string
}

export interface Webhooks {
  /** Begins to send what is due, unless it is at it; resolves with the instant at which to look again. Never throws. */
  sweep: Sweep
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>
  /** Breaks off what is being sent: it is tried again after the next start. */
  stop(): Promise<void>
}

/** How long whoever gets it may take to answer. */
const LONGEST_ANSWER_MS = 10_000
/** After this one that was being tried belongs to a process that died. */
const LOST_AFTER_MS = 30_000
const LOOK_AGAIN_MS = 5_000
const MINUTE_MS = 60_000
/** Waits after the first failure, the second, and so on; the last for all that follow. */
const WAITS_MS = [5_000, 30_000, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS, 120 * MINUTE_MS]
const FORGETS_EVERY_MS = 60 * MINUTE_MS

const NOT_TAKEN: Fault = {
  name: 'webhook-not-taken',
  level: 'warn',
  message: 'The program at WEBHOOKS_URL does not take what is pushed to it; each change is tried again for a day. Look at that program, and at 最近的推送 in the staff’s pages.',
  end: 'The program at WEBHOOKS_URL takes what is pushed to it again.',
}
const FAILED: Fault = {
  name: 'webhooks',
  level: 'error',
  message: 'Changes of requests could not be pushed by a mistake in this program; it is tried again. Report it with this line.',
  end: 'Changes of requests have been pushed for ten minutes.',
  quietMs: QUIET_MS,
}

/** Pushes changes of requests, one after the other and the oldest first, from what the store holds alone. Without a target it does nothing. */
export function createWebhooks(options: { store: Store; target: WebhookTarget | undefined; log: FaultLogger; now: () => Date }): Webhooks {
  const { store, target, log, now } = options
  const faults = createFaultLog(log, now)
  const stopping = new AbortController()
  let sending: Promise<void> | null = null
  let forgetsAt = 0

  async function sendAllDue(to: WebhookTarget): Promise<void> {
    while (!stopping.signal.aborted) {
      const due = await takeDueWebhook(store, now(), new Date(now().getTime() + LOST_AFTER_MS))
      if (due === null) return
      const error = await post(to, due, now(), stopping.signal)
      if (stopping.signal.aborted && error !== null) return
      await settle(due, error)
    }
  }

  async function settle(due: WebhookDelivery, error: string | null): Promise<void> {
    if (error === null) {
      faults.over(NOT_TAKEN.name)
      return settleWebhook(store, due.id, { sentAt: now() })
    }
    faults.say(NOT_TAKEN, {}, { reason: error })
    const dueAt = new Date(now().getTime() + (WAITS_MS[due.attempts - 1] ?? WAITS_MS.at(-1) ?? 0))
    if (dueAt <= due.givesUpAt) return settleWebhook(store, due.id, { dueAt, error })
    await settleWebhook(store, due.id, { failed: true, error })
    log.warn({ fault: 'webhook-given-up', webhook: due.id, attempts: due.attempts, reason: error }, 'A change of a request was not taken by the program at WEBHOOKS_URL for a day and is given up. 最近的推送 in the staff’s pages sends it again.')
  }

  const begin = (to: WebhookTarget): void => {
    sending ??= sendAllDue(to)
      .catch((error: unknown) => {
        // Of the database the store itself has spoken.
        if (!(error instanceof StoreError)) faults.say(FAILED, {}, describeError(error))
      })
      .finally(() => {
        sending = null
      })
  }

  return {
    async sweep() {
      if (target === undefined || stopping.signal.aborted) return null
      try {
        faults.sweep()
        if (now().getTime() >= forgetsAt) {
          await forgetOldWebhooks(store, now())
          forgetsAt = now().getTime() + FORGETS_EVERY_MS
        }
        const next = await nextWebhookAt(store)
        if (next !== null && next <= now()) begin(target)
        return sending === null ? next : new Date(now().getTime() + LOOK_AGAIN_MS)
      } catch (error) {
        if (!(error instanceof StoreError)) faults.say(FAILED, {}, describeError(error))
        return new Date(now().getTime() + LOOK_AGAIN_MS)
      }
    },
    idle: async () => sending ?? undefined,
    stop: async () => {
      stopping.abort()
      await sending
    },
  }
}

/** One try. @returns why it was not taken, in a few words; null = it was */
async function post({ url, secret }: WebhookTarget, { id, type, number, status, at }: WebhookDelivery, now: Date, stopped: AbortSignal): Promise<string | null> {
  const body = JSON.stringify({ type, number, status, at: at.toISOString() })
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const headers = { 'Content-Type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${sign(secret, `${id}.${timestamp}.${body}`)}` }
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.any([stopped, AbortSignal.timeout(LONGEST_ANSWER_MS)]) })
    await response.body?.cancel()
    return response.ok ? null : `HTTP ${response.status}`
  } catch (error) {
    return explain(error)
  }
}

const KEY = /^whsec_(?=.{4})([A-Za-z0-9+/]+={0,2})$/

/** As Standard Webhooks has it: HMAC-SHA256 with the key that the secret stands for, in base64. */
export function sign(secret: string, text: string): string {
  const [, encoded] = KEY.exec(secret) ?? []
  return createHmac('sha256', encoded === undefined ? secret : Buffer.from(encoded, 'base64')).update(text).digest('base64')
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection'
  if (error.name === 'TimeoutError') return `no answer within ${LONGEST_ANSWER_MS / 1000} s`
  const { cause } = error
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no connection'
}
