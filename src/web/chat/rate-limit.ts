import type { Others } from '../../store/engine/others.ts'

/** A bucket of tokens per key: `burst` at once, then `perMinute` evenly. */
export interface RateLimit {
  /** Takes so many tokens; the answer is how many seconds to wait when there are not enough, else 0. Of more than there can ever be, a full bucket is enough. */
  take(key: string, now: Date, amount?: number): number
  /** How many seconds `take` would have whoever asks wait; takes nothing. */
  wait(key: string, now: Date, amount?: number): number
}

/** One bucket that something is taken from. */
export interface Taking {
  limit: RateLimit
  key: string
  amount?: number
}

/** Takes from all of these, or, where one of them has not enough, from none: what is refused uses nothing up. @returns seconds to wait, 0 = taken */
export function takeFromAll(takings: readonly Taking[], now: Date): number {
  const waitSeconds = Math.max(0, ...takings.map(({ limit, key, amount }) => limit.wait(key, now, amount)))
  if (waitSeconds === 0) for (const { limit, key, amount } of takings) limit.take(key, now, amount)
  return waitSeconds
}

interface Bucket {
  tokens: number
  at: number
}

/** Keys remembered at most; beyond it those that are full again are forgotten, then the oldest. */
const MOST_KEYS = 20_000

/** `shared`: callers reach any of several processes, so each tells the others, under this name, what was taken from it. */
export function createRateLimit(options: { perMinute: number; burst: number }, shared?: { name: string; others: Others | undefined }): RateLimit {
  const perMs = options.perMinute / 60_000
  const buckets = new Map<string, Bucket>()

  const fill = (bucket: Bucket, nowMs: number): number => Math.min(options.burst, bucket.tokens + Math.max(0, nowMs - bucket.at) * perMs)

  const forgetSome = (nowMs: number): void => {
    for (const [key, bucket] of buckets) if (fill(bucket, nowMs) >= options.burst) buckets.delete(key)
    for (const key of buckets.keys()) {
      if (buckets.size < MOST_KEYS) break
      buckets.delete(key)
    }
  }

  const tokensOf = (key: string, nowMs: number): number => {
    const known = buckets.get(key)
    if (!known && buckets.size >= MOST_KEYS) forgetSome(nowMs)
    return known ? fill(known, nowMs) : options.burst
  }

  shared?.others?.hear('rate', (detail) => {
    const [name, key, nowMs, amount = 1] = (detail === '' ? [] : JSON.parse(detail)) as [string?, string?, number?, number?]
    if (name === shared.name && key !== undefined && nowMs !== undefined) buckets.set(key, { tokens: Math.max(0, tokensOf(key, nowMs) - amount), at: nowMs })
  })

  const missing = (key: string, nowMs: number, amount: number): number => Math.max(0, Math.min(amount, options.burst) - tokensOf(key, nowMs))
  const toSeconds = (tokens: number): number => Math.ceil(tokens / perMs / 1000)

  return {
    wait: (key, now, amount = 1) => (buckets.has(key) ? toSeconds(missing(key, now.getTime(), amount)) : 0),
    take(key, now, amount = 1) {
      const nowMs = now.getTime()
      const tokens = tokensOf(key, nowMs)
      const lacking = missing(key, nowMs, amount)
      if (lacking > 0) {
        buckets.set(key, { tokens, at: nowMs })
        return toSeconds(lacking)
      }
      buckets.set(key, { tokens: Math.max(0, tokens - amount), at: nowMs })
      shared?.others?.tell('rate', JSON.stringify([shared.name, key, nowMs, amount]))
      return 0
    },
  }
}
