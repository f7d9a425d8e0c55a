import type { Store, Transaction } from '../engine/store.ts'
import { queueMessages } from '../outbox/outbox.ts'

/** Begins the keys of what staff are told in their own chats. */
export const STAFF_NOTICE = 'staff:'

/**
 * Tells a member of staff something about a request or an announcement: on their page, and in the private conversation of every login that is
 * bound to them and can be reached. `key` makes it one notice, however often it is written.
 */
export async function tellStaff(transaction: Transaction, told: { staffId: string; requestId?: string; announcementId?: string; key: string; text: string }, now: Date): Promise<void> {
  const { staffId, requestId = null, announcementId = null, key, text } = told
  const id = `${key}:${staffId}`
  if ((await transaction.staffNotice.count({ where: { id } })) > 0) return
  await transaction.staffNotice.createMany({ data: [{ id, staffId, requestId, announcementId, text, at: now }] })
  const conversations = await findStaffConversations(transaction, [staffId])
  await queueMessages(
    transaction,
    conversations.map(({ id: conversationId, personId }) => ({ key: `${STAFF_NOTICE}${id}:${conversationId}`, conversationId, personId, ...(requestId !== null && { requestId }), priority: 'notice' as const, kind: 'notice' as const, text, extras: { buttons: [], citations: [] }, isPushed: true })),
    now,
  )
}

export interface StaffConversation {
  id: string
  staffId: string
  personId: string
  channel: string
}

/** The latest private conversation of each login that is bound to one of these members of staff, as long as they are not disabled. */
export async function findStaffConversations(transaction: Pick<Transaction, 'identity' | 'conversation'>, staffIds: readonly string[]): Promise<StaffConversation[]> {
  const logins = await transaction.identity.findMany({ where: { staffId: { in: [...staffIds] }, staff: { disabledAt: null } }, orderBy: { id: 'asc' }, select: { channel: true, account: true, personId: true, staffId: true } })
  const found: StaffConversation[] = []
  for (const { channel, account, personId, staffId } of logins) {
    const conversation = await transaction.conversation.findFirst({ where: { channel, account, personId, kind: 'private', goneAt: null }, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], select: { id: true } })
    if (conversation !== null && staffId !== null) found.push({ id: conversation.id, staffId, personId, channel })
  }
  return found
}

export interface StaffNoticeView {
  id: string
  text: string
  at: Date
  seenAt: Date | null
  /** What it is about: one of the two. */
  request: { id: string; number: string; category: string } | null
  announcement: { id: string; title: string } | null
}

/** What a member of staff was told and has not marked as seen, newest first. */
export function listStaffNotices(store: Store, staffId: string, limit = 50): Promise<StaffNoticeView[]> {
  return store.read.staffNotice.findMany({
    where: { staffId, seenAt: null, text: { not: '' } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit,
    select: { id: true, text: true, at: true, seenAt: true, request: { select: { id: true, number: true, category: true } }, announcement: { select: { id: true, title: true } } },
  })
}

/** Marks what a member of staff was told as seen: all of it, or what is about one request or announcement. */
export async function markStaffNoticesSeen(store: Store, seen: { staffId: string; requestId?: string; announcementId?: string; now: Date }): Promise<void> {
  const { staffId, requestId, announcementId } = seen
  const where = { staffId, seenAt: null, ...(requestId !== undefined && { requestId }), ...(announcementId !== undefined && { announcementId }) }
  if ((await store.read.staffNotice.count({ where })) === 0) return
  await store.write((transaction) => transaction.staffNotice.updateMany({ where, data: { seenAt: seen.now } }))
}
