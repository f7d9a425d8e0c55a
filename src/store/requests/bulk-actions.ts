import { z } from 'zod'
import type { Store, Transaction } from '../engine/store.ts'
import { UNSENT } from '../outbox/outbox.ts'

/** What was done to one request, and what it takes to take it back. */
const Change = z.object({
  requestId: z.string(),
  number: z.string(),
  /** Before it. */
  status: z.string(),
  assigneeId: z.string().nullable(),
  /** Absent in what was written before it was kept: it stays. */
  level: z.string().exactOptional(),
  levelSince: z.iso.datetime().nullable().exactOptional(),
  /** Ids of the lines that were written. */
  lines: z.array(z.string()),
  /** When the last of them was: a request that changed since is left as it is. */
  updatedAt: z.iso.datetime(),
})
export type BulkChange = z.infer<typeof Change>

export interface BulkRecord {
  id: string
  staffId: string
  at: Date
  undoneAt: Date | null
  changes: BulkChange[]
}

export const insertBulk = (transaction: Transaction, bulk: { id: string; staffId: string; at: Date; changes: BulkChange[] }): Promise<unknown> => transaction.bulkAction.createMany({ data: [bulk] })

/** What a member of staff did last to several requests; null = nothing. */
export async function findLastBulk(reader: Pick<Store['read'] | Transaction, 'bulkAction'>, staffId: string): Promise<BulkRecord | null> {
  const row = await reader.bulkAction.findFirst({ where: { staffId }, orderBy: [{ at: 'desc' }, { id: 'desc' }] })
  return row === null ? null : { ...row, changes: z.array(Change).parse(row.changes) }
}

export const markUndone = (transaction: Transaction, id: string, now: Date): Promise<unknown> => transaction.bulkAction.updateMany({ where: { id }, data: { undoneAt: now } })

/** What these lines would have told residents and colleagues, as far as it has not gone out, does not go out. */
export async function callBackNotices(transaction: Transaction, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await transaction.outboxMessage.updateMany({ where: { status: UNSENT, OR: [{ key: { startsWith: `notice:${line}` } }, { key: { startsWith: `staff:${line}` } }] }, data: { status: 'cancelled' } })
    await transaction.staffNotice.deleteMany({ where: { id: { startsWith: line }, seenAt: null } })
  }
}
