import { Prisma } from '../generated/client.ts'
import type { Transaction } from '../engine/store.ts'
import { COMING } from './volunteer-notices.ts'

const BLANK = { text: '', extras: { buttons: [], citations: [] } }

/**
 * Ends what somebody who deletes everything was asked for and had asked for, and takes them out of what others were told of
 * them: the requester who comes, the volunteer whom they help. Before the person's own records go.
 */
export async function eraseOffers(transaction: Transaction, { personId, requestIds, now }: { personId: string; requestIds: readonly string[]; now: Date }): Promise<void> {
  await eraseVolunteer(transaction, personId, now)
  await eraseRequesters(transaction, requestIds)
}

/**
 * Whoever they only named and who waits still goes too: nobody else has told of them. Of those whom staff have taken in since, what holds the
 * eraser's own particulars goes, and a child whose guardian they were waits for another. Their word as a guardian is nobody's any more.
 */
export async function eraseWhomTheyAnswerFor(transaction: Transaction, personId: string, now: Date): Promise<void> {
  const named = await transaction.volunteer.findMany({ where: { namedById: personId }, select: { id: true, personId: true, status: true, guardianName: true } })
  const waiting = named.filter(({ status }) => status === 'pending')
  await transaction.volunteer.deleteMany({ where: { id: { in: waiting.map(({ id }) => id) } } })
  await transaction.person.deleteMany({ where: { id: { in: waiting.map((one) => one.personId) }, identities: { none: {} } } })
  await transaction.volunteer.updateMany({ where: { namedById: personId, guardianName: { not: null } }, data: { guardianName: null, guardianPhone: null, status: 'pending', updatedAt: now } })
  await transaction.volunteer.updateMany({ where: { namedById: personId }, data: { namedById: null } })
  await transaction.guardianConsent.updateMany({ where: { personId }, data: { guardianName: '', guardianPhone: '', personId: null } })
}

async function eraseVolunteer(transaction: Transaction, personId: string, now: Date): Promise<void> {
  const offers = await transaction.volunteerOffer.findMany({
    where: { volunteer: { personId } },
    select: { id: true, requestId: true, status: true, volunteer: { select: { phone: true } }, search: { select: { request: { select: { requesterId: true } } } } },
  })
  for (const { id } of offers) await transaction.outboxMessage.updateMany({ where: { key: { startsWith: `${COMING}${id}:` } }, data: BLANK })
  await blankWhatTells(transaction, offers.flatMap(({ search }) => search.request.requesterId ?? []), offers.flatMap(({ volunteer }) => volunteer?.phone ?? []))
  // The next sweep gives up what they had accepted, and tells those who wait for them.
  const open = offers.filter(({ status }) => status === 'offered' || status === 'accepted').map(({ requestId }) => requestId)
  await transaction.volunteerSearch.updateMany({ where: { requestId: { in: open } }, data: { dueAt: now } })
}

/** Takes those who asked for help out of what their helpers were told. */
export async function eraseRequesters(transaction: Transaction, requestIds: readonly string[]): Promise<void> {
  const offers = await transaction.volunteerOffer.findMany({
    where: { requestId: { in: [...requestIds] }, acceptedIn: { not: null } },
    select: { acceptedIn: true, volunteer: { select: { personId: true } }, search: { select: { request: { select: { requesterPhone: true } } } } },
  })
  const messageIds = offers.flatMap(({ acceptedIn }) => acceptedIn ?? [])
  await transaction.inboundMessage.updateMany({ where: { id: { in: messageIds } }, data: { replies: [] } })
  await transaction.outboxMessage.updateMany({ where: { inboundId: { in: messageIds } }, data: BLANK })
  await blankWhatTells(transaction, offers.flatMap(({ volunteer }) => volunteer?.personId ?? []), offers.flatMap(({ search }) => search.request.requesterPhone ?? []))
}

/** Blanks what these people were told in which one of these telephone numbers stands. */
async function blankWhatTells(transaction: Transaction, personIds: string[], phones: string[]): Promise<void> {
  for (const phone of personIds.length === 0 ? [] : new Set(phones)) {
    await transaction.outboxMessage.updateMany({ where: { personId: { in: personIds }, text: { contains: phone } }, data: BLANK })
    const answered = await transaction.$queryRaw<{ id: string }[]>(Prisma.sql`SELECT "id" FROM "InboundMessage" WHERE "personId" IN (${Prisma.join(personIds)}) AND CAST("replies" AS TEXT) LIKE ${`%${phone}%`}`)
    await transaction.inboundMessage.updateMany({ where: { id: { in: answered.map(({ id }) => id) } }, data: { replies: [] } })
  }
}
