import { recipientName, STAFF_LOGINS } from '../people/resident-board.ts'
import type { DeliveryStatus } from './deliveries.ts'
import type { Prisma } from '../generated/client.ts'
import { readNumberedPage, type NumberedPage } from '../engine/numbered-page.ts'
import type { Store } from '../engine/store.ts'

export interface LoggedDelivery {
  seq: number
  /** A nickname as it is shown, or a group's title. */
  recipient: string
  channel: string
  announcement: { id: string; title: string; text: string } | null
  requestId: string | null
  /** A picture that went before its text, which is a delivery of its own. */
  isPicture: boolean
  status: DeliveryStatus
  error: string | null
  attempts: number
  createdAt: Date
  sentAt: Date | null
  acknowledgedAt: Date | null
}

export interface DeliveryFilter {
  /** Part of a nickname or a group's title, or a telephone number somebody left. */
  recipient?: string
  status?: DeliveryStatus
}

const PAGE = 50

/** What was pushed (announcements and notices), newest first: who got what, and what became of it. Replies belong to their conversation. */
export async function listDeliveryLog(store: Store, filter: DeliveryFilter, page: number): Promise<NumberedPage<LoggedDelivery>> {
  const where: Prisma.OutboxMessageWhereInput = {
    isPushed: true,
    ...(filter.status !== undefined && { status: filter.status }),
    ...(filter.recipient !== undefined && filter.recipient !== '' && { conversation: { OR: [{ title: { contains: filter.recipient } }, { person: { OR: personConditions(filter.recipient) } }] } }),
  }
  const read = (range: { skip: number; take: number }) =>
    store.read.outboxMessage.findMany({
      where,
      orderBy: { seq: 'desc' },
      ...range,
      include: { announcement: { select: { id: true, title: true, text: true } }, conversation: { select: { channel: true, title: true, person: { select: { nickname: true, ...STAFF_LOGINS } } } } },
    })
  return readNumberedPage(page, PAGE, () => store.read.outboxMessage.count({ where }), async (range) => (await read(range)).map(toLogged))
}

function personConditions(recipient: string): Prisma.PersonWhereInput[] {
  const digits = recipient.replaceAll(/\D/g, '')
  const byPhone = digits.length < 4 ? [] : [{ volunteer: { phone: { contains: digits } } }, { requests: { some: { requesterPhone: { contains: digits } } } }]
  return [{ nickname: { contains: recipient } }, ...byPhone]
}

type Row = Prisma.OutboxMessageGetPayload<{ include: { announcement: { select: { id: true; title: true; text: true } }; conversation: { select: { channel: true; title: true; person: { select: { nickname: true } & typeof STAFF_LOGINS } } } } }>

const toLogged = (row: Row): LoggedDelivery => ({
  seq: row.seq,
  recipient: recipientName(row.conversation.person, row.conversation.title),
  channel: row.conversation.channel,
  announcement: row.announcement,
  requestId: row.requestId,
  isPicture: row.pictureOf !== null,
  status: row.status as DeliveryStatus,
  error: row.error,
  attempts: row.attempts,
  createdAt: row.createdAt,
  sentAt: row.sentAt,
  acknowledgedAt: row.acknowledgedAt,
})
