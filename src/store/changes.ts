import { randomUUID } from 'node:crypto'
import type { TurnContext } from '../domain/facts.ts'
import { StoreError } from '../domain/errors.ts'
import { SYSTEM } from '../domain/help-text.ts'
import type { Reply } from '../domain/messages.ts'
import type { Change, NewRequest, NewVolunteer } from '../domain/outcome.ts'
import { insertAnnouncementIn } from './announcements.ts'
import { acknowledgeIn } from './deliveries.ts'
import { moveRoom } from './conversation-events.ts'
import { blankMessages, erasePerson } from './erasure.ts'
import { noteFed, noteFedRequest } from './fed-records.ts'
import { nextNumber } from './numbers.ts'
import type { Transaction } from './store.ts'
import { noteMisread } from './talk/misread-notes.ts'
import { noteRefused } from './unanswered-notes.ts'
import { applyOfferChange } from './volunteer-offers.ts'
import { beginSearch } from './volunteer-search.ts'
import { voteOnAnswer } from './votes.ts'

/** Numbers of the records that this turn made, for its replies. */
export interface CreatedNumbers {
  /** In the order in which they were made. */
  requests: string[]
  volunteer?: string
  /** The conversation of ours that the group of this turn turned out to be; its own is no more. */
  room?: string
  /** Replies of this turn in place of those that were decided: what was decided could not be done. */
  instead?: Reply[]
}

interface Turn {
  context: TurnContext
  /** Where the resident is told what becomes of the record. */
  conversationId: string
  now: Date
  numbers: CreatedNumbers
}

export const RESIDENT = '居民'

/** Writes one record of a turn inside its transaction. */
export async function applyChange(transaction: Transaction, change: Change, turn: Turn): Promise<void> {
  const { context, now } = turn
  const personId = context.person.id
  switch (change.type) {
    case 'create_request': {
      const number = await createRequest(transaction, change.request, turn)
      turn.numbers.requests.push(number)
      if (!change.isFurther) await noteFed(transaction, [context.inboundId, ...(change.fedBy ?? [])], number)
      return
    }
    case 'change_request':
      await transaction.serviceRequest.updateMany({ where: { id: change.requestId, requesterId: personId }, data: { status: change.status, updatedAt: now } })
      await addActivity(transaction, change.requestId, change.status, change.note, now)
      await noteFedRequest(transaction, context.inboundId, change.requestId)
      return
    case 'note_on_request': {
      const request = await transaction.serviceRequest.findFirstOrThrow({ where: { id: change.requestId, requesterId: personId } })
      await transaction.serviceRequest.updateMany({ where: { id: request.id }, data: { updatedAt: now } })
      await addActivity(transaction, request.id, request.status, change.note, now)
      await noteFed(transaction, [context.inboundId], request.number)
      return
    }
    case 'complete_request': {
      const request = await transaction.serviceRequest.findFirstOrThrow({ where: { id: change.requestId, requesterId: personId } })
      const completed = { address: request.address ?? change.address, requesterPhone: request.requesterPhone ?? change.phone }
      await transaction.serviceRequest.updateMany({ where: { id: request.id }, data: { ...completed, updatedAt: now } })
      await addActivity(transaction, request.id, request.status, change.note, now)
      await noteFed(transaction, [context.inboundId], request.number)
      return
    }
    case 'rate_request': {
      const request = await transaction.serviceRequest.findFirstOrThrow({ where: { id: change.requestId, requesterId: personId } })
      await transaction.serviceRequest.updateMany({ where: { id: request.id }, data: { ratingScore: change.score, ratingComment: change.comment, updatedAt: now } })
      await addActivity(transaction, request.id, request.status, `评价 ${change.score} 分${change.comment ? `：${change.comment}` : ''}`, now)
      await noteFed(transaction, [context.inboundId], request.number)
      return
    }
    case 'save_volunteer':
      turn.numbers.volunteer = await saveVolunteer(transaction, change.volunteer, turn)
      await noteFed(transaction, [context.inboundId, ...(change.fedBy ?? [])], turn.numbers.volunteer)
      return
    case 'leave_volunteers':
      await transaction.volunteer.updateMany({ where: { personId }, data: { status: 'left', updatedAt: now } })
      return
    case 'set_volunteering':
      await transaction.volunteer.updateMany({ where: { personId, status: change.isPaused ? 'active' : 'paused' }, data: { status: change.isPaused ? 'paused' : 'active', updatedAt: now } })
      return
    case 'accept_offer':
    case 'decline_offer':
    case 'give_up_offer':
    case 'finish_offer': {
      const instead = await applyOfferChange(transaction, change, { personId, inboundId: context.inboundId, now })
      if (instead !== undefined) turn.numbers.instead = instead
      return
    }
    case 'grant_consent':
      await transaction.consent.updateMany({ where: { personId, withdrawnAt: null }, data: { withdrawnAt: now } })
      await transaction.consent.createMany({ data: [{ id: randomUUID(), personId, noticeVersion: change.noticeVersion, grantedAt: now }] })
      if (change.subscribes) await transaction.person.updateMany({ where: { id: personId, optedOutAt: null }, data: { isSubscribed: true } })
      return
    case 'withdraw_consent':
      await transaction.consent.updateMany({ where: { personId, withdrawnAt: null }, data: { withdrawnAt: now } })
      await transaction.person.updateMany({ where: { id: personId }, data: { isSubscribed: false } })
      return
    case 'blank_messages':
      await blankMessages(transaction, { personId, inboundIds: change.messageIds, since: new Date(change.since), exceptId: context.inboundId, now })
      return
    case 'erase_person':
      await erasePerson(transaction, { personId, now })
      return
    case 'set_subscribed':
      await transaction.person.updateMany({ where: { id: personId }, data: { isSubscribed: change.isSubscribed, optedOutAt: change.isSubscribed ? null : now } })
      return
    case 'note_unanswered':
      await noteRefused(transaction, change, now)
      return
    case 'note_misread':
      await noteMisread(transaction, change.misread, { inboundId: change.inboundId ?? context.inboundId, personId, now })
      return
    case 'vote_answer':
      await voteOnAnswer(transaction, { ...change, personId, now })
      return
    case 'acknowledge':
      await acknowledgeIn(transaction, personId, now, change.announcementId)
      return
    case 'create_announcement':
      // Somebody who is no longer staff has none to create.
      await insertAnnouncementIn(transaction, { by: context.person.staff?.user ?? '', title: '', ...change.announcement, sendAt: null, expiresAt: null, isEmergency: false }, now)
      return
    case 'bind_staff': {
      const code = await takeCode(transaction, change.codeId, 'staff', now)
      const inbound = await transaction.inboundMessage.findUniqueOrThrow({ where: { id: context.inboundId }, select: { channel: true, account: true } })
      await transaction.identity.updateMany({ where: { personId, ...inbound }, data: { staffId: code.staffId } })
      await transaction.auditEntry.create({ data: { at: now, actor: code.staff?.user ?? '', action: 'bind_staff', subject: context.inboundId, detail: `${inbound.channel}` } })
      return
    }
    case 'bind_room': {
      const code = await takeCode(transaction, change.codeId, 'room', now)
      const roomId = code.roomId ?? context.conversation.id
      if (roomId !== context.conversation.id) {
        await moveRoom(transaction, roomId, context.conversation.id)
        turn.numbers.room = roomId
      }
      await transaction.conversation.updateMany({ where: { id: roomId }, data: { boundAt: now, ...(code.areaCode !== null && { areaCode: code.areaCode }) } })
      await transaction.auditEntry.create({ data: { at: now, actor: context.person.staff?.user ?? '', action: 'bind_room', subject: roomId, detail: code.areaCode ?? '' } })
      return
    }
    case 'count_failed_code':
      await transaction.failedAttempt.upsert({
        where: { key: `code:${personId}` },
        create: { key: `code:${personId}`, count: 1, updatedAt: now },
        update: { count: { increment: 1 }, updatedAt: now },
      })
      return
    default:
      change satisfies never
  }
}

async function createRequest(transaction: Transaction, request: NewRequest, turn: Turn): Promise<string> {
  const { context, now } = turn
  const number = await nextNumber(transaction, 'SR', now)
  const id = randomUUID()
  await transaction.serviceRequest.createMany({
    data: [{ id, number, ...request, status: 'submitted', requesterId: context.person.id, conversationId: turn.conversationId, createdAt: now, updatedAt: now }],
  })
  await addActivity(transaction, id, 'submitted', '', now)
  if (request.kind === 'help') await beginSearch(transaction, { id, status: 'submitted' }, { by: SYSTEM, allowsMinors: false, now })
  if (request.areaCode !== null) await transaction.person.updateMany({ where: { id: context.person.id, areaCode: null }, data: { areaCode: request.areaCode } })
  return number
}

const addActivity = (transaction: Transaction, requestId: string, status: string, note: string, at: Date) =>
  transaction.activity.createMany({ data: [{ id: randomUUID(), requestId, at, status, note, by: RESIDENT }] })

async function saveVolunteer(transaction: Transaction, volunteer: NewVolunteer, turn: Turn): Promise<string> {
  const { context, now } = turn
  const { guardian, skills, ...rest } = volunteer
  const values = { ...rest, skills, guardianName: guardian?.name ?? null, guardianPhone: guardian?.phone ?? null, conversationId: turn.conversationId, updatedAt: now }
  const known = await transaction.volunteer.findUnique({ where: { personId: context.person.id }, select: { id: true, number: true } })
  if (known) {
    await transaction.volunteer.update({ where: { id: known.id }, data: values })
    return known.number
  }
  const number = await nextNumber(transaction, 'VL', now)
  await transaction.volunteer.createMany({ data: [{ id: randomUUID(), number, personId: context.person.id, ...values, createdAt: now }] })
  return number
}

async function takeCode(transaction: Transaction, codeId: string, purpose: 'staff' | 'room', now: Date) {
  const { count } = await transaction.oneTimeCode.updateMany({ where: { id: codeId, purpose, usedAt: null, expiresAt: { gt: now } }, data: { usedAt: now } })
  if (count === 0) throw new StoreError('A one-time code was used by somebody else in the same moment.', { retryable: true })
  return transaction.oneTimeCode.findUniqueOrThrow({ where: { id: codeId }, include: { staff: true } })
}
