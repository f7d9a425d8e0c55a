import type { Store } from './store.ts'

/** How often something may fail before it has to wait, and for how long: the wait doubles from `firstWaitMs` up to `longestWaitMs`. */
export interface ThrottleRule {
  key: string
  freeAttempts: number
  firstWaitMs: number
  longestWaitMs: number
}

/** Failures are forgotten after this long without a new one. */
const FORGET_AFTER_MS = 60 * 60 * 1000

/**
 * Counts one attempt under every rule before it is made, so that attempts made at the same time can't slip through together.
 * @returns how long to wait, in ms, when one of the rules says so (nothing is counted then); 0 = go ahead
 */
export function takeAttempt(store: Store, rules: ThrottleRule[], now: Date): Promise<number> {
  return store.write(async (transaction) => {
    const rows = await transaction.failedAttempt.findMany({ where: { key: { in: rules.map((rule) => rule.key) } } })
    const waits = rows.map((row) => ({ row, ms: (row.lockedUntil?.getTime() ?? 0) - now.getTime(), mostMs: rules.find((rule) => rule.key === row.key)?.longestWaitMs ?? 0 }))
    // A clock that was set back would lock somebody out until the day it showed: nobody waits longer than the rule says.
    for (const { row, mostMs } of waits.filter(({ ms, mostMs }) => ms > mostMs)) {
      await transaction.failedAttempt.update({ where: { key: row.key }, data: { lockedUntil: new Date(now.getTime() + mostMs), updatedAt: now } })
    }
    const longest = Math.max(0, ...waits.map(({ ms, mostMs }) => Math.min(ms, mostMs)))
    if (longest > 0) return longest
    for (const rule of rules) {
      const row = rows.find((candidate) => candidate.key === rule.key)
      const isForgotten = !row || now.getTime() - row.updatedAt.getTime() > FORGET_AFTER_MS
      const count = isForgotten ? 1 : row.count + 1
      const waitMs = count < rule.freeAttempts ? 0 : Math.min(rule.longestWaitMs, rule.firstWaitMs * 2 ** Math.min(20, count - rule.freeAttempts))
      const values = { count, updatedAt: now, lockedUntil: waitMs === 0 ? null : new Date(now.getTime() + waitMs) }
      await transaction.failedAttempt.upsert({ where: { key: rule.key }, create: { key: rule.key, ...values }, update: values })
    }
    return 0
  })
}

/** Takes an attempt back after it succeeded: `forget` keys start anew, `undo` keys lose this one attempt. */
export function noteSuccess(store: Store, keys: { forget: string[]; undo: string[] }): Promise<void> {
  return store.write(async (transaction) => {
    await transaction.failedAttempt.deleteMany({ where: { key: { in: keys.forget } } })
    await transaction.failedAttempt.updateMany({ where: { key: { in: keys.undo }, count: { gt: 0 } }, data: { count: { decrement: 1 }, lockedUntil: null } })
  })
}
