import { markGone, moveConversation } from '../conversations/conversation-events.ts'
import { Prisma } from '../generated/client.ts'
import { takePushSeqs } from './outbox.ts'
import { closeWithTheirAnnouncement } from './outbox-sending.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** What became of one attempt, as it is to be stored. */
export type RowNote = { seq: number } & (
  | { status: 'sent'; at: Date; platformMessageId: string | null; moved?: { conversationId: string; externalId: string } }
  | { status: 'unknown'; error: string }
  /** `gone`: the conversation that nothing reaches any more. */
  | { status: 'failed'; error: string; gone?: { conversationId: string } }
  | { status: 'queued'; notBefore: Date; error: string }
  /** Claimed and not tried. */
  | { status: 'queued'; attempts: { decrement: 1 } }
)

export interface AccountPause {
  channel: string
  account: string
  until: Date
  reason: string
}

/** Stores what became of attempts of `owner`. A row that was taken for lost meanwhile is corrected by what is known of it. */
export function noteResults(store: Store, notes: { owner: string; now: Date; rows: RowNote[]; pauses: AccountPause[] }): Promise<void> {
  return store.write(async (transaction) => {
    const { owner, now } = notes
    const mine = { leaseOwner: owner, status: { in: ['sending', 'unknown'] } }
    await noteSent(transaction, notes.rows.filter((row) => row.status === 'sent'), owner)
    for (const row of notes.rows) {
      if (row.status === 'sent') continue
      const { seq, gone, ...data } = { gone: undefined, ...row }
      if (gone !== undefined) await markGone(transaction, [gone.conversationId], now)
      await transaction.outboxMessage.updateMany({ where: { seq, ...mine }, data: { ...data, leaseUntil: null } })
    }
    await closeWithTheirAnnouncement(transaction, notes.rows.filter((row) => row.status === 'queued').map((row) => row.seq))
    for (const { channel, account, until, reason } of notes.pauses) {
      const data = { pausedUntil: until, pauseReason: reason, updatedAt: now }
      await transaction.channelAccount.upsert({ where: { channel_account: { channel, account } }, create: { channel, account, ...data }, update: data })
    }
  })
}

async function noteSent(transaction: Transaction, rows: Extract<RowNote, { status: 'sent' }>[], owner: string): Promise<void> {
  if (rows.length === 0) return
  // One statement for all: with one each, noting would be what bounds the pace. The ELSE tells PostgreSQL the type.
  const ids = Prisma.join(rows.map((row) => Prisma.sql`WHEN ${row.seq} THEN ${row.platformMessageId}`), ' ')
  const times = Prisma.join(rows.map((row) => Prisma.sql`WHEN ${row.seq} THEN ${row.at}`), ' ')
  const lastPush = await takePushSeqs(transaction, rows.length)
  const pushes = Prisma.join(rows.map((row, index) => Prisma.sql`WHEN ${row.seq} THEN ${lastPush - rows.length + index + 1}`), ' ')
  await transaction.$executeRaw`
    UPDATE "OutboxMessage" SET "status" = 'sent', "pushSeq" = COALESCE("pushSeq", CASE "seq" ${pushes} ELSE "pushSeq" END), "error" = NULL, "leaseUntil" = NULL, "platformMessageId" = CASE "seq" ${ids} ELSE "platformMessageId" END, "sentAt" = CASE "seq" ${times} ELSE "sentAt" END
    WHERE "seq" IN (${Prisma.join(rows.map((row) => row.seq))}) AND "leaseOwner" = ${owner} AND "status" IN ('sending', 'unknown')`
  for (const { moved } of rows) if (moved) await moveConversation(transaction, moved.conversationId, moved.externalId)
}
