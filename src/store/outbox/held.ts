import type { Store, Transaction } from '../engine/store.ts'
import { addAudit } from '../staff/audit.ts'

/** A store that was brought back from a backup, about whose waiting messages staff have not decided. */
export interface HeldStore {
  backupAt: Date
  restoredAt: Date
  /** Messages that wait. */
  messages: number
  /** Announcements that are paused, for whatever reason. */
  announcements: number
}

/** null when nothing is held, as in every store that was never restored. */
export async function readHeld(store: Store): Promise<HeldStore | null> {
  const restoration = await store.read.restoration.findFirst({ where: { decidedAt: null }, orderBy: { restoredAt: 'desc' }, select: { backupAt: true, restoredAt: true } })
  if (restoration === null) return null
  const [messages, announcements] = await Promise.all([store.read.outboxMessage.count({ where: { status: 'held' } }), store.read.announcement.count({ where: { status: 'paused' } })])
  return { ...restoration, messages, announcements }
}

/**
 * Since when the store is held. A store is restored before anything is started on it, so that one which is not held never will be,
 * and is asked no more.
 */
export function watchHeld(store: Store): () => Promise<Date | null> {
  let known: Date | null | undefined
  return async () => {
    if (known === null) return null
    // While the database can't be read nothing is sent anyhow.
    known = await readHeld(store).then((held) => held?.restoredAt ?? null, () => known)
    return known ?? null
  }
}

/** What was received before the backup and decided only after the restore was answered long ago: its replies wait too. */
export async function holdOldReplies(transaction: Transaction, restoredAt: Date): Promise<void> {
  await transaction.$executeRaw`UPDATE "OutboxMessage" SET "status" = 'held' WHERE "status" = 'queued' AND "inboundId" IN (SELECT "id" FROM "InboundMessage" WHERE "receivedAt" < ${restoredAt})`
}

/** The word of staff: what waits goes out as if it had just been queued, or is cancelled. */
export function decideHeld(store: Store, { by, decision, now }: { by: string; decision: 'sent' | 'cancelled'; now: Date }): Promise<{ outcome: 'decided'; messages: number } | { outcome: 'nothing_held' }> {
  return store.write(async (transaction) => {
    const decided = await transaction.restoration.updateMany({ where: { decidedAt: null }, data: { decision, decidedBy: by, decidedAt: now } })
    if (decided.count === 0) return { outcome: 'nothing_held' as const }
    const { count } = await transaction.outboxMessage.updateMany({ where: { status: 'held' }, data: { status: decision === 'sent' ? 'queued' : 'cancelled' } })
    await addAudit(transaction, { at: now, actor: by, action: `held_${decision}`, subject: '', detail: String(count) })
    return { outcome: 'decided' as const, messages: count }
  })
}
