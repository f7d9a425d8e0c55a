import type { Citation } from '../../domain/answers.ts'
import type { Button, ReplyKind } from '../../domain/messages/messages.ts'
import type { PictureReference } from '../../domain/pictures/pictures.ts'
import { removeCredentials } from '../../language/links.ts'
import { countUp } from '../engine/numbers.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** In which order an account sends: alerts of an emergency before replies before notices before announcements. */
export const PRIORITIES = { alert: -1, reply: 0, notice: 1, announcement: 2 } as const
export type Priority = keyof typeof PRIORITIES

/** Not gone out yet: on its way, or held until staff say so. */
export const UNSENT = { in: ['queued', 'held'] }

export interface OutboxExtras {
  buttons: Button[]
  citations: Citation[]
  /** Id of the question that it asks: its buttons answer that one and no other. */
  question?: string
  mention?: { externalId: string; nickname: string }
  quotes?: string
  thread?: string
  picture?: PictureReference
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

/** Adds rows to the outbox within a transaction; rows whose key is there already are left as they are. No link in them names a password. */
export async function queueMessages(transaction: Transaction, messages: NewOutboxMessage[], now: Date): Promise<void> {
  if (messages.length === 0) return
  // A reply's key is that of its turn, which is committed once: only what has another cause can be there already.
  const keys = messages.filter((message) => message.priority !== 'reply').map((message) => message.key)
  const known = keys.length === 0 ? [] : await transaction.outboxMessage.findMany({ where: { key: { in: keys } }, select: { key: true } })
  const isKnown = new Set(known.map((row) => row.key))
  const fresh = messages.filter((message) => !isKnown.has(message.key))
  // What waits for the morning gets its place when it is sent, as announcements do.
  const isVisibleNow = (message: NewOutboxMessage) => message.isPushed && message.priority !== 'announcement' && (message.notBefore ?? now) <= now
  const visible = fresh.filter(isVisibleNow)
  const lastPush = visible.length > 0 ? await takePushSeqs(transaction, visible.length) : 0
  for (const message of fresh) {
    const pushSeq = isVisibleNow(message) ? lastPush - visible.length + 1 + visible.indexOf(message) : null
    const extras = JSON.stringify(message.extras ?? NO_EXTRAS)
    const [status, sentAt] = message.isDelivered ? ['sent', now] : ['queued', null]
    // Plain SQL, since every turn pays for it.
    await transaction.$executeRaw`
      INSERT INTO "OutboxMessage" ("key", "conversationId", "personId", "inboundId", "requestId", "announcementId", "priority", "kind", "text", "extras", "status", "isPushed", "pushSeq", "notBefore", "expiresAt", "attempts", "createdAt", "sentAt")
      VALUES (${message.key}, ${message.conversationId}, ${message.personId ?? null}, ${message.inboundId ?? null}, ${message.requestId ?? null}, ${message.announcementId ?? null}, ${PRIORITIES[message.priority]}, ${message.kind}, ${removeCredentials(message.text)}, ${extras},
        ${status}, ${message.isPushed}, ${pushSeq}, ${message.notBefore ?? now}, ${message.expiresAt ?? null}, 0, ${now}, ${sentAt})`
  }
}

const NO_EXTRAS: OutboxExtras = { buttons: [], citations: [] }

export interface PushedMessage {
  seq: number
  kind: ReplyKind
  text: string
  /** Name of the picture that goes with it. */
  picture?: string
  at: Date
}

/** Takes the next `count` places in the order of what was pushed; returns the last of them. */
export const takePushSeqs = (transaction: Transaction, count: number): Promise<number> => countUp(transaction, 'push', count)

/**
 * What was pushed into a conversation after `afterSeq`, oldest first: notices and announcements, and forms that moved here
 * from a group. An announcement gets its place in the order when it is sent, the rest as soon as it is committed.
 */
export async function listPushed(store: Store, conversation: { channel: string; account: string; externalId: string }, afterSeq: number, limit = 200): Promise<PushedMessage[]> {
  const rows = await store.read.outboxMessage.findMany({
    where: {
      conversation,
      isPushed: true,
      pushSeq: { gt: afterSeq },
      status: { notIn: ['cancelled', 'expired', 'opted_out'] },
      text: { not: '' },
    },
    orderBy: { pushSeq: 'asc' },
    take: limit,
    select: { pushSeq: true, kind: true, text: true, extras: true, createdAt: true, sentAt: true },
  })
  return rows.map((row) => {
    const { picture } = row.extras as unknown as OutboxExtras
    return { seq: row.pushSeq ?? 0, kind: row.kind as ReplyKind, text: row.text, at: row.sentAt ?? row.createdAt, ...(picture && { picture: picture.name }) }
  })
}
