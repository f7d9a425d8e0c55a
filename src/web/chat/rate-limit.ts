import type { Others } from '../../store/engine/others.ts'

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
    const [name, key, nowMs] = (detail === '' ? [] : JSON.parse(detail)) as [string?, string?, number?]
    if (name === shared.name && key !== undefined && nowMs !== undefined) buckets.set(key, { tokens: Math.max(0, tokensOf(key, nowMs) - 1), at: nowMs })
  })

  return {
    take(key, now) {
      const nowMs = now.getTime()
      const tokens = tokensOf(key, nowMs)
      if (tokens < 1) {
        buckets.set(key, { tokens, at: nowMs })
        return Math.ceil((1 - tokens) / perMs / 1000)
      }
      buckets.set(key, { tokens: tokens - 1, at: nowMs })
      shared?.others?.tell('rate', JSON.stringify([shared.name, key, nowMs]))
      return 0
    },
  }
}
