import type { Citation } from '../domain/answers.ts'
import type { Button, ReplyKind } from '../domain/messages.ts'
import { toJson } from './json.ts'
import type { Store, Transaction } from './store.ts'

/** In which order an account sends: replies before notices before announcements. */
export const PRIORITIES = { reply: 0, notice: 1, announcement: 2 } as const
export type Priority = keyof typeof PRIORITIES

export interface OutboxExtras {
  buttons: Button[]
  citations: Citation[]
  mention?: { externalId: string; nickname: string }
  quotes?: string
}

export interface NewOutboxMessage {
  /** Idempotency key: queued twice, it is sent once. */
  key: string
  conversationId: string
  personId?: string
  inboundId?: string
  requestId?: string
  announcementId?: string
  priority: Priority
  kind: ReplyKind
  text: string
  extras?: OutboxExtras
  /** True when committing it is delivering it. */
  isDelivered?: boolean
  /** True when it did not answer a message of the same conversation. */
  isPushed: boolean
  notBefore?: Date
  expiresAt?: Date
}

/** Adds rows to the outbox within a transaction; rows whose key is there already are left as they are. */
export async function queueMessages(transaction: Transaction, messages: NewOutboxMessage[], now: Date): Promise<void> {
  if (messages.length === 0) return
  const known = await transaction.outboxMessage.findMany({ where: { key: { in: messages.map((message) => message.key) } }, select: { key: true } })
  const isKnown = new Set(known.map((row) => row.key))
  const fresh = messages.filter((message) => !isKnown.has(message.key))
  await transaction.outboxMessage.createMany({
    data: fresh.map(({ priority, extras, isDelivered, ...message }) => ({
      ...message,
      priority: PRIORITIES[priority],
      extras: toJson(extras ?? { buttons: [], citations: [] }),
      status: isDelivered ? 'sent' : 'queued',
      sentAt: isDelivered ? now : null,
      notBefore: message.notBefore ?? now,
      createdAt: now,
    })),
  })
}

export interface PushedMessage {
  seq: number
  kind: ReplyKind
  text: string
  at: Date
}

/**
 * What was pushed into a conversation after `afterSeq`, oldest first: notices and announcements, and forms that moved here
 * from a group. An announcement counts once it is sent, the rest as soon as it is committed.
 */
export async function listPushed(store: Store, conversation: { channel: string; account: string; externalId: string }, afterSeq: number, limit = 200): Promise<PushedMessage[]> {
  const rows = await store.read.outboxMessage.findMany({
    where: {
      conversation,
      isPushed: true,
      seq: { gt: afterSeq },
      OR: [{ status: 'sent' }, { status: { in: ['queued', 'sending'] }, priority: { lt: PRIORITIES.announcement } }],
    },
    orderBy: { seq: 'asc' },
    take: limit,
    select: { seq: true, kind: true, text: true, createdAt: true, sentAt: true },
  })
  return rows.map((row) => ({ seq: row.seq, kind: row.kind as ReplyKind, text: row.text, at: row.sentAt ?? row.createdAt }))
}

/** Rows of the outbox by status, for /metrics. */
export async function countOutbox(store: Store): Promise<Record<string, number>> {
  const groups = await store.read.outboxMessage.groupBy({ by: ['status'], _count: true })
  return Object.fromEntries(groups.map((group) => [group.status, group._count]))
}
