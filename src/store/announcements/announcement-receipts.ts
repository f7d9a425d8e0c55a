import type { PictureReference } from '../../domain/pictures/pictures.ts'
import type { DeliveryStatus } from '../outbox/deliveries.ts'
import { recipientName, STAFF_LOGINS } from '../people/resident-board.ts'
import { queueMessages } from '../outbox/outbox.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** What became of an announcement at one recipient, with what staff need to reach them another way. */
export interface Receipt {
  seq: number
  channel: string
  /** A nickname as it is shown, or a group's title. */
  recipient: string
  name: string
  phone: string
  areaCode: string | null
  status: DeliveryStatus
  error: string | null
  sentAt: Date | null
  acknowledgedAt: Date | null
}

/** Receipts in the order of sending; `unacknowledged` = only those who were to get it and have not answered 收到. */
export async function listReceipts(store: Store, announcementId: string, options: { unacknowledged?: boolean } = {}): Promise<Receipt[]> {
  const rows = await store.read.outboxMessage.findMany({
    where: { announcementId, pictureOf: null, ...(options.unacknowledged === true && { personId: { not: null }, acknowledgedAt: null, status: { in: ['sent', 'unknown', 'failed'] } }) },
    orderBy: { seq: 'asc' },
    select: { seq: true, personId: true, status: true, error: true, sentAt: true, acknowledgedAt: true, conversation: { select: { channel: true, title: true, areaCode: true } } },
  })
  const people = await store.read.person.findMany({
    where: { id: { in: rows.flatMap(({ personId }) => personId ?? []) } },
    select: {
      id: true,
      nickname: true,
      ...STAFF_LOGINS,
      areaCode: true,
      volunteer: { select: { name: true, phone: true } },
      requests: { where: { requesterPhone: { not: null } }, orderBy: { createdAt: 'desc' }, take: 1, select: { requesterName: true, requesterPhone: true } },
    },
  })
  const byId = new Map(people.map((person) => [person.id, person]))
  return rows.map((row) => {
    const person = row.personId === null ? undefined : byId.get(row.personId)
    const [request] = person?.requests ?? []
    return {
      seq: row.seq,
      channel: row.conversation.channel,
      recipient: recipientName(person, row.conversation.title),
      name: person?.volunteer?.name ?? request?.requesterName ?? '',
      phone: person?.volunteer?.phone ?? request?.requesterPhone ?? '',
      areaCode: person?.areaCode ?? row.conversation.areaCode,
      status: row.status as DeliveryStatus,
      error: row.error,
      sentAt: row.sentAt,
      acknowledgedAt: row.acknowledgedAt,
    }
  })
}

/** How many pictures that went apart from their text did not arrive, or may not have: those recipients have the text alone. */
export const countPicturesInDoubt = (store: Store, announcementId: string): Promise<number> =>
  store.read.outboxMessage.count({ where: { announcementId, pictureOf: { not: null }, status: { in: ['failed', 'unknown'] } } })

export interface UnknownDecision {
  announcementId: string
  /** One row; absent = all that are unknown. */
  seq?: number
  /** `sent`: it arrived, staff know. `again`: it is sent once more, on their word alone. */
  as: 'sent' | 'again'
  /** Staff user. */
  by: string
  now: Date
}

/** Decides about deliveries of which nobody knows whether they arrived. @returns how many were decided */
export function decideUnknown(store: Store, { announcementId, seq, as, by, now }: UnknownDecision): Promise<number> {
  return store.write(async (transaction) => {
    const where = { announcementId, pictureOf: null, status: 'unknown', ...(seq !== undefined && { seq }) }
    const { count } = await transaction.outboxMessage.updateMany({ where, data: as === 'sent' ? { status: 'sent', sentAt: now, error: null } : { status: 'queued', attempts: 0, notBefore: now, error: null } })
    if (count > 0 && as === 'again') await transaction.announcement.updateMany({ where: { id: announcementId, status: 'finished' }, data: { status: 'sending', finishedAt: null } })
    if (count > 0) await transaction.auditEntry.createMany({ data: [{ at: now, actor: by, action: `announcement_unknown_${as}`, subject: announcementId, detail: `${count}` }] })
    return count
  })
}

/** Sends what recipients would read to the staff member's own private conversations. @returns to how many: none until they have bound a login */
export function queueTestSend(store: Store, test: { announcementId: string; text: string; picture: PictureReference | null; staffId: string; now: Date }): Promise<number> {
  return store.write(async (transaction) => {
    const conversations = await findOwnConversations(transaction, test.staffId)
    await queueMessages(
      transaction,
      conversations.map(({ id, personId }) => ({ key: `test:${test.announcementId}:${id}:${test.now.getTime()}`, conversationId: id, ...(personId !== null && { personId }), priority: 'notice' as const, kind: 'announcement' as const, text: `（试发，只有您收到）\n${test.text}`, isPushed: true, ...(test.picture && { extras: { buttons: [], citations: [], picture: test.picture } }) })),
      test.now,
    )
    return conversations.length
  })
}

async function findOwnConversations(transaction: Transaction, staffId: string): Promise<{ id: string; personId: string | null }[]> {
  const identities = await transaction.identity.findMany({ where: { staffId }, select: { channel: true, account: true, personId: true } })
  return transaction.conversation.findMany({ where: { kind: 'private', OR: identities.map(({ channel, account, personId }) => ({ channel, account, personId })) }, select: { id: true, personId: true } })
}
