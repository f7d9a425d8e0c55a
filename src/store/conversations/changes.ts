import { randomUUID } from 'node:crypto'
import { StoreError } from '../../domain/errors.ts'
import type { Reply } from '../../domain/messages/messages.ts'
import type { Change, NewRequest, NewVolunteer } from '../../domain/messages/outcome.ts'
import { insertAnnouncementIn } from '../announcements/announcements.ts'
import { acknowledgeIn } from '../outbox/deliveries.ts'
import { moveRoom } from './conversation-events.ts'
import { alertStaff, joinReport, moveOwn, moveOwnTo, putPhotos, residentOf, sayOfOwn, type OwnTurn } from './own-requests.ts'
import { blankMessages, erasePerson } from '../people/erasure.ts'
import { alertText } from '../../domain/office/alert-text.ts'
import { AUTHOR_NAMES, isEmergency } from '../../domain/requests/requests.ts'
import { answerAlert, type AlertAnswer } from '../duty/alert-answers.ts'
import { beginDrill } from '../duty/alerts.ts'
import { addFollower, throughMerges } from '../requests/followers.ts'
import { noteFed } from '../requests/fed-records.ts'
import { insertRequest, moveRequest } from '../requests/move-request.ts'
import { letGoOfWaitingPhotos } from '../requests/photos.ts'
import { GUARDIAN } from '../../domain/volunteers/guardians.ts'
import { addGuardianConsent } from '../volunteers/guardian-consents.ts'
import type { DigestOf } from '../engine/erased/digests.ts'
import { nextNumber } from '../engine/numbers.ts'
import type { Transaction } from '../engine/store.ts'
import { noteMisread } from '../knowledge/misread-notes.ts'
import { noteRefused } from '../knowledge/unanswered-notes.ts'
import { applyOfferChange } from '../volunteers/volunteer-offers.ts'
import { beginSearch } from '../volunteers/volunteer-search.ts'
import { voteOnAnswer } from '../knowledge/votes.ts'

/** Numbers of the records that this turn made, for its replies. */
export interface CreatedNumbers {
  /** In the order in which they were made. */
  requests: string[]
  volunteer?: string
  /** The conversation of ours that the group of this turn turned out to be; its own is no more. */
  room?: string
  /** What came of an alert, as a sentence. */
  alert?: string
  /** Replies of this turn in place of those that were decided: what was decided could not be done. */
  instead?: Reply[]
}

interface Turn extends OwnTurn {
  /** Where the message came in. */
  channel: string
  /** Where the resident is told what becomes of the record. */
  conversationId: string
  numbers: CreatedNumbers
  digestOf: DigestOf
}

const callOf = ({ call }: { call?: string }): { call?: string } => (call === undefined ? {} : { call })

/** Writes one record of a turn inside its transaction. */
export async function applyChange(transaction: Transaction, change: Change, turn: Turn): Promise<void> {
  const { context, now } = turn
  const personId = context.person.id
  switch (change.type) {
    case 'create_request': {
      const number = await createRequest(transaction, change.request, turn, callOf(change))
      turn.numbers.requests.push(number)
      if (!change.isFurther) await noteFed(transaction, [context.inboundId, ...(change.fedBy ?? [])], number)
      return
    }
    case 'change_request':
      if (!(await moveOwnTo(transaction, change, turn))) turn.numbers.instead = change.otherwise
      return
    case 'note_on_request':
      await sayOfOwn(transaction, change, turn)
      return
    case 'join_report':
      await joinReport(transaction, { ...change, conversationId: turn.conversationId }, turn)
      return
    case 'complete_request': {
      // Of what somebody else has filed, into which theirs was merged, the words stand there and the values are not theirs to give.
      const own = await transaction.serviceRequest.findFirst({ where: { id: await throughMerges(transaction, change.requestId), requesterId: personId }, select: { address: true, requesterPhone: true } })
      const values = own === null ? {} : { address: own.address ?? change.address, requesterPhone: own.requesterPhone ?? change.phone }
      await sayOfOwn(transaction, { requestId: change.requestId, note: change.note, values, ...(change.isSafe && { isSafe: true }) }, turn)
      return
    }
    case 'add_photos':
      await putPhotos(transaction, change, turn)
      return
    case 'rate_request':
      await moveOwn(transaction, change.requestId, turn, {
        kind: 'resident',
        note: `评价 ${change.score} 分${change.comment ? `：${change.comment}` : ''}`,
        values: { ratingScore: change.score, ratingComment: change.comment },
      })
      return
    case 'save_volunteer':
      if (change.isFurther === true) {
        await saveNamedVolunteer(transaction, change.volunteer, turn)
        return
      }
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
      await letGoOfWaitingPhotos(transaction, { personId, now })
      return
    case 'blank_messages':
      await blankMessages(transaction, { personId, inboundIds: change.messageIds, since: new Date(change.since), exceptId: context.inboundId, now })
      return
    case 'erase_person':
      await erasePerson(transaction, { personId, exceptId: context.inboundId, digestOf: turn.digestOf, now })
      return
    case 'set_subscribed':
      await transaction.person.updateMany({ where: { id: personId }, data: { isSubscribed: change.isSubscribed, optedOutAt: change.isSubscribed ? null : now } })
      return
    case 'note_unanswered':
      await noteRefused(transaction, change, { inboundId: context.inboundId, personId, now })
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
    case 'answer_alert': {
      const answer = await answerAlert(transaction, { alertId: change.alertId, user: context.person.staff?.user ?? '', now })
      turn.numbers.alert = describeAnswer(answer, context.conversation.kind === 'group')
      return
    }
    case 'begin_drill': {
      const drill = await beginDrill(transaction, { by: context.person.staff?.user ?? '', words: alertText.drillWords, now })
      turn.numbers.alert = drill.outcome === 'begun' ? alertText.drillBegun(drill.number, alertText.drillTold(drill.told, drill.told.names)) : alertText.drillRunning(drill.number)
      return
    }
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
    case 'join_request': {
      const { requestId } = await takeCode(transaction, change.codeId, 'request', now)
      if (requestId !== null) await joinRequest(transaction, requestId, turn)
      return
    }
    case 'confirm_child': {
      const { volunteerId } = await takeCode(transaction, change.codeId, 'guardian', now)
      const volunteer = volunteerId === null ? null : await transaction.volunteer.findUnique({ where: { id: volunteerId } })
      if (volunteer !== null) await addGuardianConsent(transaction, volunteer, { how: '监护人在自己的聊天里用确认码同意', by: GUARDIAN, personId, now })
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

function describeAnswer(answer: AlertAnswer, isInGroup: boolean): string {
  switch (answer.outcome) {
    case 'answered':
      return isInGroup ? alertText.answeredInGroup(answer.particulars.number) : alertText.answered(answer.particulars)
    case 'answered_before':
      return alertText.answeredBefore(answer.number, answer.name)
    case 'over':
    case 'not_found':
      return alertText.nothingOpen
    default:
      return answer satisfies never
  }
}

async function createRequest(transaction: Transaction, request: NewRequest, turn: Turn, calls: { call?: string }): Promise<string> {
  const { context, now, channel, conversationId } = turn
  const { id, number } = await insertRequest(transaction, request, { ...residentOf(turn), channel, requesterId: context.person.id, conversationId }, now)
  if (request.kind === 'help') await beginSearch(transaction, { id, status: 'submitted' }, { by: AUTHOR_NAMES.system, allowsMinors: false, now })
  if (isEmergency(request)) await alertStaff(transaction, id, { words: request.description, ...calls }, turn)
  if (request.areaCode !== null) await transaction.person.updateMany({ where: { id: context.person.id, areaCode: null }, data: { areaCode: request.areaCode } })
  return number
}

const JOINED = '接上了聊天'

/** A chat joins a request that was filed for its resident; where somebody else's has joined before, it follows. */
async function joinRequest(transaction: Transaction, requestId: string, turn: Turn): Promise<void> {
  const { id: personId } = turn.context.person
  const { conversationId, now } = turn
  const { requesterId } = await transaction.serviceRequest.findUniqueOrThrow({ where: { id: requestId }, select: { requesterId: true } })
  if (requesterId !== null) await addFollower(transaction, { requestId, personId, conversationId, since: now })
  const into = await throughMerges(transaction, requestId)
  if (into !== requestId) await addFollower(transaction, { requestId: into, personId, conversationId, followsFromId: requestId, since: now })
  const values = requesterId === null ? { requesterId: personId, conversationId } : {}
  await moveRequest(transaction, requestId, { ...residentOf(turn), kind: 'resident', note: JOINED, values }, now)
}

async function saveVolunteer(transaction: Transaction, volunteer: NewVolunteer, turn: Turn): Promise<string> {
  const { context, now } = turn
  const { guardian, skills, ...rest } = volunteer
  const values = { ...rest, skills, guardianName: guardian?.name ?? null, guardianPhone: guardian?.phone ?? null, conversationId: turn.conversationId, updatedAt: now }
  const known = await transaction.volunteer.findUnique({ where: { personId: context.person.id }, select: { id: true, number: true, guardianName: true, guardianPhone: true } })
  if (known) {
    // A code that was made for one guardian is no word of another.
    const isSameGuardian = known.guardianName === values.guardianName && known.guardianPhone === values.guardianPhone
    if (!isSameGuardian) await transaction.oneTimeCode.updateMany({ where: { volunteerId: known.id, usedAt: null }, data: { expiresAt: now } })
    await transaction.volunteer.update({ where: { id: known.id }, data: values })
    return known.number
  }
  const number = await nextNumber(transaction, 'VL', now)
  await transaction.volunteer.createMany({ data: [{ id: randomUUID(), number, personId: context.person.id, ...values, createdAt: now }] })
  return number
}

/** One who was named by somebody else: a person of their own, whom no chat reaches. Named again by the same person, the row that waits is put right. */
async function saveNamedVolunteer(transaction: Transaction, { guardian, skills, ...rest }: NewVolunteer, { context, now }: Turn): Promise<void> {
  const values = { ...rest, skills, guardianName: guardian?.name ?? null, guardianPhone: guardian?.phone ?? null, updatedAt: now }
  const known = await transaction.volunteer.findFirst({ where: { namedById: context.person.id, name: rest.name, status: { not: 'left' } }, select: { id: true, status: true } })
  if (known?.status === 'pending') await transaction.volunteer.update({ where: { id: known.id }, data: values })
  if (known !== null) return
  const personId = randomUUID()
  await transaction.person.createMany({ data: [{ id: personId, nickname: '', createdAt: now }] })
  await transaction.volunteer.createMany({ data: [{ id: randomUUID(), number: await nextNumber(transaction, 'VL', now), personId, ...values, conversationId: null, namedById: context.person.id, createdAt: now }] })
}

async function takeCode(transaction: Transaction, codeId: string, purpose: 'staff' | 'room' | 'request' | 'guardian', now: Date) {
  const { count } = await transaction.oneTimeCode.updateMany({ where: { id: codeId, purpose, usedAt: null, expiresAt: { gt: now } }, data: { usedAt: now } })
  if (count === 0) throw new StoreError('A one-time code was used by somebody else in the same moment.', { retryable: true })
  return transaction.oneTimeCode.findUniqueOrThrow({ where: { id: codeId }, include: { staff: true } })
}
