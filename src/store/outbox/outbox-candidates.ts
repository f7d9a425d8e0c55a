import type { OutgoingMessage } from '../../domain/messages/messages.ts'
import type { PictureCapability } from '../../domain/pictures/pictures.ts'
import type { Prisma } from '../generated/client.ts'
import { claimedPicture } from './outbox-pictures.ts'
import type { ClaimedRow } from './outbox-sending.ts'
import { PRIORITIES, type OutboxExtras } from './outbox.ts'

/** What a claim reads of a row. */
export const CANDIDATE = {
  seq: true, key: true, pictureOf: true, conversationId: true, personId: true, announcementId: true, priority: true, kind: true, text: true, extras: true, attempts: true, expiresAt: true, createdAt: true,
  conversation: { select: { channel: true, account: true, externalId: true, kind: true, boundAt: true, goneAt: true } },
} satisfies Prisma.OutboxMessageSelect
export type Candidate = Prisma.OutboxMessageGetPayload<{ select: typeof CANDIDATE }>

/** Why a row is closed instead of sent. */
export const END = {
  expired: { status: 'expired' },
  erased: { status: 'cancelled' },
  optedOut: { status: 'opted_out' },
  gone: { status: 'failed', error: 'recipient_gone: The platform said so before this message: blocked, kicked or left.' },
  unbound: { status: 'failed', error: 'unbound: The group is no longer bound.' },
} as const
export const ENDS = Object.values(END)
export type End = (typeof ENDS)[number]

/** Why it is closed instead of sent; null when it may go. */
export function endOf(row: Candidate, isAnnouncement: boolean, isUnsubscribed: ReadonlySet<string>, now: Date, isSilentUntilBound: boolean): End | null {
  if (row.expiresAt !== null && row.expiresAt <= now) return END.expired
  if (row.text === '') return END.erased
  const isUnbound = row.conversation.kind === 'group' && row.conversation.boundAt === null
  if (!isAnnouncement) return isUnbound && isSilentUntilBound && row.priority !== PRIORITIES.reply ? END.unbound : null
  if (row.personId !== null && isUnsubscribed.has(row.personId)) return END.optedOut
  if (row.conversation.goneAt !== null) return END.gone
  return isUnbound ? END.unbound : null
}

/** A row with the lease that the claim gave it. */
export function toClaimedRow(row: Candidate, leaseUntil: Date, capability: PictureCapability | undefined): ClaimedRow {
  const extras = row.extras as unknown as OutboxExtras
  return {
    seq: row.seq,
    channel: row.conversation.channel,
    account: row.conversation.account,
    conversationId: row.conversationId,
    isAnnouncement: row.priority === PRIORITIES.announcement,
    attempts: row.attempts + 1,
    createdAt: row.createdAt,
    leaseUntil,
    message: {
      key: row.key,
      conversation: { kind: row.conversation.kind as 'private' | 'group', externalId: row.conversation.externalId },
      ...(extras.mention && { mention: extras.mention }),
      ...(extras.quotes !== undefined && { quotes: extras.quotes }),
      ...(extras.thread !== undefined && { thread: extras.thread }),
      kind: row.kind as OutgoingMessage['kind'],
      text: row.pictureOf === null ? row.text : '',
      buttons: row.pictureOf === null ? extras.buttons : [],
    },
    picture: claimedPicture(row, capability),
  }
}
