import { expiryAt, type Retention } from '../../domain/retention.ts'
import { toLocalDay } from '../../domain/time.ts'
import type { Store, Transaction } from '../engine/store.ts'
import { EXPIRING, EXPIRING_KINDS, type ExpiringKind } from './expiring.ts'
import type { ExpiryRules } from './expiry-rules.ts'

/** How many of each kind. */
export type ExpiryCounts = Partial<Record<ExpiringKind, number>>

/** When it was last gone through, in minutes since 1970: of what was overheard before, nothing is left. */
const LAST_SWEEP = 'retention:swept'
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** When all that had expired was gone; null = never. */
export async function findLastSweep(read: Pick<Store['read'] | Transaction, 'counter'>): Promise<Date | null> {
  const row = await read.counter.findUnique({ where: { key: LAST_SWEEP } })
  return row === null ? null : new Date(row.value * MINUTE_MS)
}

async function rulesAt(read: Pick<Store['read'] | Transaction, 'counter'>, store: Store, { retention, now }: { retention: Retention; now: Date }): Promise<ExpiryRules> {
  const last = await findLastSweep(read)
  // Twice the time after which it goes, so that what came in between is not passed over.
  const overheardSince = last === null ? new Date(0) : new Date(last.getTime() - 2 * DAY_MS)
  return { ...expiryAt(now, retention), overheardSince, digestOf: store.digestOf }
}

/** What would go now; nothing is changed. */
export async function countExpired(store: Store, options: { retention: Retention; now: Date }): Promise<ExpiryCounts> {
  const rules = await rulesAt(store.read, store, options)
  const counts: ExpiryCounts = {}
  for (const kind of EXPIRING_KINDS) counts[kind] = await EXPIRING[kind].count(store.read, rules)
  return counts
}

export interface Expired {
  counts: ExpiryCounts
  /** There is more: it is to be called again. */
  hasMore: boolean
}

/** Lets some of what has expired go, in one short transaction with its line in the log: safe to be repeated and to be done by several at once. */
export function expireSome(store: Store, { retention, now, by, kinds = EXPIRING_KINDS }: { retention: Retention; now: Date; by: string; kinds?: readonly ExpiringKind[] }): Promise<Expired> {
  return store.write(async (transaction) => {
    const rules = await rulesAt(transaction, store, { retention, now })
    const counts: ExpiryCounts = {}
    let hasMore = false
    let left = 1
    for (const kind of kinds) {
      const { most } = EXPIRING[kind]
      const limit = Math.max(1, Math.floor(left * most))
      const gone = await EXPIRING[kind].expire(transaction, rules, limit)
      if (gone > 0) counts[kind] = gone
      left -= gone / most
      hasMore = gone >= limit
      if (hasMore) break
    }
    await noteInLog(transaction, counts, { by, now })
    if (!hasMore && kinds === EXPIRING_KINDS) await noteSweep(transaction, now)
    return { counts, hasMore }
  })
}

async function noteSweep(transaction: Transaction, now: Date): Promise<void> {
  const value = Math.floor(now.getTime() / MINUTE_MS)
  await transaction.counter.upsert({ where: { key: LAST_SWEEP }, create: { key: LAST_SWEEP, value }, update: { value } })
}

export const ACTION_EXPIRED = 'retention'

/** One line a day and who did it, which counts up. */
async function noteInLog(transaction: Transaction, counts: ExpiryCounts, { by, now }: { by: string; now: Date }): Promise<void> {
  if (Object.keys(counts).length === 0) return
  const line = { actor: by, action: ACTION_EXPIRED, subject: toLocalDay(now) }
  const before = await transaction.auditEntry.findFirst({ where: line, select: { id: true, detail: true } })
  const all = addCounts(before === null ? {} : readCounts(before.detail), counts)
  const detail = describeCounts(all)
  if (before === null) await transaction.auditEntry.createMany({ data: [{ at: now, ...line, detail }] })
  else await transaction.auditEntry.updateMany({ where: { id: before.id }, data: { detail } })
}

export function addCounts(counts: ExpiryCounts, more: ExpiryCounts): ExpiryCounts {
  const sum: ExpiryCounts = { ...counts }
  for (const kind of EXPIRING_KINDS) if (more[kind] !== undefined) sum[kind] = (sum[kind] ?? 0) + more[kind]
  return sum
}

/** As staff read it: 收到的消息 120，没填完的表 3. */
export const describeCounts = (counts: ExpiryCounts): string => EXPIRING_KINDS.flatMap((kind) => ((counts[kind] ?? 0) > 0 ? [`${EXPIRING[kind].label} ${counts[kind]}`] : [])).join('，')

function readCounts(detail: string): ExpiryCounts {
  const counts: ExpiryCounts = {}
  for (const part of detail.split('，')) {
    const kind = EXPIRING_KINDS.find((candidate) => part.startsWith(`${EXPIRING[candidate].label} `))
    if (kind !== undefined) counts[kind] = Number(part.slice(EXPIRING[kind].label.length + 1))
  }
  return counts
}
