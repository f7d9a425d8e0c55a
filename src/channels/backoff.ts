import { setTimeout as delay } from 'node:timers/promises'

export interface Backoff {
  firstBackoffMs: number
  longestBackoffMs: number
  /** 0..1, for the jitter. */
  random: () => number
}

/** How long to wait before try `attempt` (1 = first repetition): doubled each time up to the longest, its upper half jittered. */
export function backoffMs(attempt: number, { firstBackoffMs, longestBackoffMs, random }: Backoff): number {
  const full = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(attempt - 1, 30))
  return Math.round(full / 2 + (full / 2) * random())
}

/** Waits; ends early, without an error, when the signal fires. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined)
}

/** Resolves with the promise, or with 'timeout' after `ms`; rejects as the promise does. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'timeout'> {
  const timer = new AbortController()
  try {
    return await Promise.race([promise, delay(ms, 'timeout' as const, { signal: timer.signal })])
  } finally {
    timer.abort()
  }
}
