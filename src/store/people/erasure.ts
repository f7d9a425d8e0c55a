import { AUTHOR_NAMES, isOpen } from '../../domain/requests/requests.ts'
import { Prisma } from '../generated/client.ts'
import type { Transaction } from '../engine/store.ts'
import { eraseMisread } from '../knowledge/misread-notes.ts'
import { blankHistory, moveRequest } from '../requests/move-request.ts'
import { emptyRequests, NO_WORDS } from '../requests/empty-requests.ts'
import { forgetLogins, markMessages, type Forgetting } from '../erasing/logins.ts'
import { readParticulars, scrubParticulars } from '../erasing/particulars.ts'
import { letGoOfPhotos, letGoOfWaitingPhotos } from '../requests/photos.ts'
import { eraseOffers, eraseWhomTheyAnswerFor } from '../volunteers/volunteer-erasure.ts'
import { eraseAskers } from '../knowledge/askers.ts'
import { eraseVotes } from '../knowledge/votes.ts'
import { UNSENT } from '../outbox/outbox.ts'

/**
 * Blanks what one person said, and was told, since a form was opened: the messages named and all received since then, but for
 * the one under way. What the next turn would have remembered goes too.
 */
export async function blankMessages(transaction: Transaction, erasure: FormWords & { exceptId: string }): Promise<void> {
  await blankFormMessages(transaction, erasure)
  await transaction.dialogState.deleteMany({ where: { personId: erasure.personId } })
}

/** What was said in a form. */
interface FormWords {
  personId: string
  inboundIds: string[]
  /** When it was opened, and last touched; absent = it still is. */
  since: Date
  until?: Date
  exceptId?: string
  now: Date
}

export async function blankFormMessages(transaction: Transaction, { personId, inboundIds, since, until, exceptId, now }: FormWords): Promise<void> {
  const blanked = await transaction.inboundMessage.findMany({
    where: { personId, ...(exceptId !== undefined && { id: { not: exceptId } }), OR: [{ id: { in: inboundIds } }, { receivedAt: { gte: since, ...(until && { lte: until }) } }] },
    select: { id: true },
  })
  const ids = blanked.map((message) => message.id)
  await transaction.inboundMessage.updateMany({ where: { id: { in: ids } }, data: { text: '', attachments: [], replies: [], answered: Prisma.DbNull, erasedAt: now } })
  await letGoOfWaitingPhotos(transaction, { personId, inboundIds: exceptId === undefined ? ids : [...ids, exceptId], now })
  await eraseMisread(transaction, { inboundIds: ids })
  await eraseAskers(transaction, { inboundIds: ids })
  await transaction.outboxMessage.updateMany({ where: { inboundId: { in: ids } }, data: NO_WORDS })
}

const ERASED = '（居民已删除）'

/**
 * Deletes what is known of a person. What the community must keep (that a request was made, and its course) stays without name, telephone,
 * address or words. In the place of the platform's ids stand marks: a redelivered message is recognised, and who opted out stays so.
 */
export async function erasePerson(transaction: Transaction, erasure: { personId: string } & Forgetting): Promise<void> {
  const { personId, now, digestOf } = erasure
  const person = await transaction.person.findUniqueOrThrow({ where: { id: personId }, select: { id: true, optedOutAt: true } })
  const particulars = await readParticulars(transaction, personId)
  await forgetLogins(transaction, person, erasure)
  const requests = await transaction.serviceRequest.findMany({ where: { requesterId: personId }, select: { id: true, number: true, category: true, status: true, followers: { where: { personId: { not: personId } }, orderBy: [{ since: 'asc' }, { personId: 'asc' }], take: 1 } } })
  const requestIds = requests.map((request) => request.id)
  await letGoOfPhotos(transaction, { personId, now })
  await eraseOffers(transaction, { personId, requestIds, now })
  await transaction.requestFollower.deleteMany({ where: { personId } })
  await emptyRequests(transaction, requests, { words: ERASED, now })
  for (const { id, followers: [next], ...request } of requests) {
    if (next !== undefined) await handToFollower(transaction, next)
    else if (isOpen(request)) await moveRequest(transaction, id, { kind: 'status', to: 'cancelled', note: '', author: 'resident', by: AUTHOR_NAMES.resident }, now)
  }
  await blankHistory(transaction, { personId, requestIds })
  await eraseWhomTheyAnswerFor(transaction, personId, now)
  await transaction.volunteer.deleteMany({ where: { personId } })
  await transaction.guardianConsent.updateMany({ where: { personId }, data: { personId: null } })
  await transaction.draft.deleteMany({ where: { personId } })
  await transaction.consent.deleteMany({ where: { personId } })
  await transaction.personTag.deleteMany({ where: { personId } })
  await transaction.failedAttempt.deleteMany({ where: { key: `code:${personId}` } })
  await eraseVotes(transaction, personId)
  await eraseMisread(transaction, { personId })
  await eraseAskers(transaction, { personId })
  await markMessages(transaction, personId, digestOf)
  await transaction.inboundMessage.updateMany({ where: { personId }, data: { text: '', attachments: [], replies: [], answered: Prisma.DbNull, origin: Prisma.DbNull, edits: null, recordNumber: null, erasedAt: now } })
  await transaction.outboxMessage.updateMany({ where: { personId, status: UNSENT }, data: { status: 'cancelled' } })
  await transaction.outboxMessage.updateMany({ where: { personId }, data: { ...NO_WORDS, error: null, platformMessageId: null } })
  await transaction.dialogState.deleteMany({ where: { personId } })
  await transaction.person.updateMany({ where: { id: personId }, data: { nickname: '', areaCode: null, isSubscribed: false, optedOutAt: null, erasedAt: now } })
  await scrubParticulars(transaction, particulars)
}

/** What others wait for too goes on without the one who reported it first. */
async function handToFollower(transaction: Transaction, next: { requestId: string; personId: string; conversationId: string }): Promise<void> {
  await transaction.serviceRequest.updateMany({ where: { id: next.requestId }, data: { requesterId: next.personId, conversationId: next.conversationId } })
  await transaction.requestFollower.deleteMany({ where: { requestId: next.requestId, personId: next.personId } })
}
