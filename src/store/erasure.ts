import type { Transaction } from './store.ts'

/** Blanks messages of one person and the replies to them, so that no value they held is left. */
export async function blankMessages(transaction: Transaction, erasure: { personId: string; inboundIds: string[]; now: Date }): Promise<void> {
  const which = { id: { in: erasure.inboundIds }, personId: erasure.personId }
  await transaction.inboundMessage.updateMany({ where: which, data: { text: '', attachments: [], replies: [], erasedAt: erasure.now } })
  await transaction.outboxMessage.updateMany({
    where: { inboundId: { in: erasure.inboundIds }, personId: erasure.personId },
    data: { text: '', extras: { buttons: [], citations: [] } },
  })
}

/**
 * Deletes what is known of a person. What the community must keep (that a request was made, and its course) stays without
 * name, telephone, address or words; the platform's ids stay, so that a redelivered message is still recognised.
 */
export async function erasePerson(transaction: Transaction, erasure: { personId: string; now: Date }): Promise<void> {
  const { personId, now } = erasure
  const requests = await transaction.serviceRequest.findMany({ where: { requesterId: personId }, select: { id: true } })
  const requestIds = requests.map((request) => request.id)
  await transaction.serviceRequest.updateMany({
    where: { id: { in: requestIds } },
    data: { requesterName: null, requesterPhone: null, address: null, description: '（居民已删除）', ratingComment: null, requesterId: null, conversationId: null },
  })
  await transaction.serviceRequest.updateMany({ where: { id: { in: requestIds }, status: { notIn: ['resolved', 'closed', 'rejected', 'merged', 'cancelled'] } }, data: { status: 'cancelled', updatedAt: now } })
  await transaction.activity.updateMany({ where: { requestId: { in: requestIds } }, data: { note: '' } })
  await transaction.volunteer.deleteMany({ where: { personId } })
  await transaction.draft.deleteMany({ where: { personId } })
  await transaction.consent.deleteMany({ where: { personId } })
  await transaction.inboundMessage.updateMany({ where: { personId }, data: { text: '', attachments: [], replies: [], erasedAt: now } })
  await transaction.outboxMessage.updateMany({ where: { personId }, data: { text: '', extras: { buttons: [], citations: [] } } })
  await transaction.outboxMessage.updateMany({ where: { personId, status: 'queued' }, data: { status: 'cancelled' } })
  await transaction.conversation.updateMany({ where: { personId }, data: { state: {}, title: '' } })
  await transaction.person.updateMany({ where: { id: personId }, data: { nickname: '', areaCode: null, isSubscribed: false, erasedAt: now } })
}
