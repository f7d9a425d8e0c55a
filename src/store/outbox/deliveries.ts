import type { Page } from '../requests/requests.ts'
import type { Store, Transaction } from '../engine/store.ts'

export const DELIVERY_STATUSES = ['queued', 'held', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'expired', 'opted_out'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** What became of an announcement at one recipient. */
export interface Delivery {
  id: string
  channel: string
  /** The platform's id of the conversation. */
  conversation: string
  status: DeliveryStatus
  attempts: number
  /** What the platform said when it did not go well, for `explainDeliveryError`. */
  error: string | null
  sentAt: Date | null
  acknowledgedAt: Date | null
}

/** Deliveries of one announcement in the order of sending. null for a cursor that is none of them. */
export async function listDeliveries(store: Store, announcementId: string, page: { status?: DeliveryStatus; limit: number; cursor?: string }): Promise<Page<Delivery> | null> {
  const after = page.cursor === undefined ? 0 : /^\d{1,15}$/.test(page.cursor) ? Number(page.cursor) : null
  if (after === null) return null
  if (after > 0 && (await store.read.outboxMessage.count({ where: { seq: after, announcementId } })) === 0) return null
  const rows = await store.read.outboxMessage.findMany({
    where: { announcementId, pictureOf: null, seq: { gt: after }, ...(page.status !== undefined && { status: page.status }) },
    orderBy: { seq: 'asc' },
    take: page.limit + 1,
    include: { conversation: { select: { channel: true, externalId: true } } },
  })
  const items = rows.slice(0, page.limit).map((row) => ({
    id: String(row.seq),
    channel: row.conversation.channel,
    conversation: row.conversation.externalId,
    status: row.status as DeliveryStatus,
    attempts: row.attempts,
    error: row.error,
    sentAt: row.sentAt,
    acknowledgedAt: row.acknowledgedAt,
  }))
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null }
}

/** Notes that a person has read an announcement, by default the last one that was delivered to them; in the caller's transaction. */
export async function acknowledgeIn(transaction: Transaction, personId: string, now: Date, announcementId?: string): Promise<{ outcome: 'acknowledged' | 'already' | 'nothing' }> {
  const conversations = await transaction.conversation.findMany({ where: { personId, kind: 'private' }, select: { id: true } })
  const last = await transaction.outboxMessage.findFirst({
    // What is unknown may have arrived, and did when it is answered.
    where: { conversationId: { in: conversations.map((conversation) => conversation.id) }, personId, announcementId: announcementId ?? { not: null }, pictureOf: null, status: { in: ['sent', 'unknown'] } },
    orderBy: [{ sentAt: 'desc' }, { seq: 'desc' }],
    select: { seq: true, acknowledgedAt: true },
  })
  if (last === null) return { outcome: 'nothing' }
  if (last.acknowledgedAt !== null) return { outcome: 'already' }
  await transaction.outboxMessage.updateMany({ where: { seq: last.seq }, data: { acknowledgedAt: now } })
  return { outcome: 'acknowledged' }
}

/** Notes 收到 from a person for the last announcement that was delivered to them. */
export const acknowledge = (store: Store, personId: string, now: Date): ReturnType<typeof acknowledgeIn> => store.write((transaction) => acknowledgeIn(transaction, personId, now))
