import { Prisma } from './generated/client.ts'
import type { Transaction } from './store.ts'
import { eraseMisread } from './talk/misread-notes.ts'
import { eraseOffers } from './volunteer-erasure.ts'
import { eraseVotes } from './votes.ts'

/**
 * Blanks what one person said, and was told, since a form was opened: the messages named and all received since then, but for
 * the one under way. What the next turn would have remembered goes too.
 */
export async function blankMessages(transaction: Transaction, erasure: { personId: string; inboundIds: string[]; since: Date; exceptId: string; now: Date }): Promise<void> {
  const { personId, inboundIds, since, exceptId, now } = erasure
  const blanked = await transaction.inboundMessage.findMany({
    where: { personId, id: { not: exceptId }, OR: [{ id: { in: inboundIds } }, { receivedAt: { gte: since } }] },
    select: { id: true },
  })
  const ids = blanked.map((message) => message.id)
  await transaction.inboundMessage.updateMany({ where: { id: { in: ids } }, data: { text: '', attachments: [], replies: [], answered: Prisma.DbNull, erasedAt: now } })
  await eraseMisread(transaction, { inboundIds: ids })
  await transaction.outboxMessage.updateMany({ where: { inboundId: { in: ids } }, data: { text: '', extras: { buttons: [], citations: [] } } })
  await transaction.dialogState.deleteMany({ where: { personId } })
}

/**
 * Deletes what is known of a person. What the community must keep (that a request was made, and its course) stays without
 * name, telephone, address or words; the platform's ids stay, so that a redelivered message is still recognised.
 */
export async function erasePerson(transaction: Transaction, erasure: { personId: string; now: Date }): Promise<void> {
  const { personId, now } = erasure
  const requests = await transaction.serviceRequest.findMany({ where: { requesterId: personId }, select: { id: true } })
  const requestIds = requests.map((request) => request.id)
  await eraseOffers(transaction, { personId, requestIds, now })
  await transaction.serviceRequest.updateMany({
    where: { id: { in: requestIds } },
    data: { requesterName: null, requesterPhone: null, address: null, description: '（居民已删除）', ratingComment: null, requesterId: null, conversationId: null },
  })
  await transaction.serviceRequest.updateMany({ where: { id: { in: requestIds }, status: { notIn: ['resolved', 'closed', 'rejected', 'merged', 'cancelled'] } }, data: { status: 'cancelled', updatedAt: now } })
  await transaction.activity.updateMany({ where: { requestId: { in: requestIds } }, data: { note: '' } })
  await transaction.volunteer.deleteMany({ where: { personId } })
  await transaction.draft.deleteMany({ where: { personId } })
  await transaction.consent.deleteMany({ where: { personId } })
  await transaction.personTag.deleteMany({ where: { personId } })
  await eraseVotes(transaction, personId)
  await eraseMisread(transaction, { personId })
  await transaction.inboundMessage.updateMany({ where: { personId }, data: { text: '', attachments: [], replies: [], answered: Prisma.DbNull, erasedAt: now } })
  await transaction.outboxMessage.updateMany({ where: { personId }, data: { text: '', extras: { buttons: [], citations: [] } } })
  await transaction.outboxMessage.updateMany({ where: { personId, status: 'queued' }, data: { status: 'cancelled' } })
  await transaction.dialogState.deleteMany({ where: { personId } })
  await transaction.conversation.updateMany({ where: { personId }, data: { title: '' } })
  await transaction.person.updateMany({ where: { id: personId }, data: { nickname: '', areaCode: null, isSubscribed: false, optedOutAt: null, erasedAt: now } })
}
