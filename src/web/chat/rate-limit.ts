/** A bucket of tokens per key: `burst` at once, then `perMinute` evenly. */
export interface RateLimit {
  /** Takes one token; the answer is how many seconds to wait when there is none, else 0. */
  take(key: string, now: Date): number
}

interface Bucket {
  tokens: number
  at: number
}

/** Keys remembered at most; beyond it those that are full again are forgotten, then the oldest. */
const MOST_KEYS = 20_000

export function createRateLimit(options: { perMinute: number; burst: number }): RateLimit {
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

  return {
    take(key, now) {
      const nowMs = now.getTime()
      const known = buckets.get(key)
      if (!known && buckets.size >= MOST_KEYS) forgetSome(nowMs)
      const tokens = known ? fill(known, nowMs) : options.burst
      if (tokens < 1) {
        buckets.set(key, { tokens, at: nowMs })
        return Math.ceil((1 - tokens) / perMs / 1000)
      }
      buckets.set(key, { tokens: tokens - 1, at: nowMs })
      return 0
    },
  }
}
