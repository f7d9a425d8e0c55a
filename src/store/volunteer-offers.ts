import { randomUUID } from 'node:crypto'
import { helpNotes, VOLUNTEER } from '../domain/help-text.ts'
import { MOST_CARRIED } from '../domain/matching.ts'
import type { OfferRefusal, OfferStatus, OwnOffer } from '../domain/offers.ts'
import type { Change } from '../domain/outcome.ts'
import type { Reply } from '../domain/messages.ts'
import { isAllowedChange, isFinished, type RequestStatus } from '../domain/requests.ts'
import type { Prisma } from './generated/client.ts'
import { findRequestIn, queueNotice } from './requests.ts'
import type { Store, Transaction } from './store.ts'

const WITH_REQUEST = { volunteer: true, search: { include: { request: true } } } satisfies Prisma.VolunteerOfferInclude
type OfferRow = Prisma.VolunteerOfferGetPayload<{ include: typeof WITH_REQUEST }>
type SearchRow = OfferRow['search']

/** Offers that a volunteer may still come back to. */
const MOST_OWN_OFFERS = 20

/** Whether the request still waits for a volunteer: nobody has it, it is not finished, and staff have not taken it over. */
export const isOpenSearch = (search: Pick<SearchRow, 'state' | 'statusAtStart'> & { request: { status: string } }): boolean =>
  (search.state === 'seeking' || search.state === 'staff') && !isFinished(search.request.status as RequestStatus) && !isTakenOver(search)

/** Whether staff have set to work on it, or have sent somebody, since it was looked for volunteers. */
export const isTakenOver = ({ statusAtStart, request }: Pick<SearchRow, 'statusAtStart'> & { request: { status: string } }): boolean =>
  (request.status === 'dispatched' || request.status === 'in_progress') && request.status !== statusAtStart

/** What this person was asked for, what they have promised first, then the newest, and how often they have helped; [] for who was never asked. */
export async function listOwnOffers(store: Store, personId: string): Promise<{ offers: OwnOffer[]; done: number }> {
  const find = (where: Prisma.VolunteerOfferWhereInput) => store.read.volunteerOffer.findMany({ where: { ...where, volunteer: { personId } }, orderBy: [{ offeredAt: 'desc' }, { id: 'asc' }], take: MOST_OWN_OFFERS, include: WITH_REQUEST })
  // However long ago: what was accepted can be given back or finished.
  const [promised, others] = await Promise.all([find({ status: 'accepted' }), find({ status: { not: 'accepted' } })])
  const rows = [...promised, ...others]
  const done = rows.length === 0 ? 0 : await store.read.volunteerOffer.count({ where: { volunteer: { personId }, status: 'done' } })
  return { offers: rows.map(toOwnOffer), done }
}

function toOwnOffer(row: OfferRow): OwnOffer {
  const { request } = row.search
  const { number, category, description, wantedTime, address, requesterName: name, requesterPhone: phone } = request
  const isOpen = isOpenSearch(row.search) && ['offered', 'lapsed', 'declined', 'taken'].includes(row.status)
  return { id: row.id, requestId: request.id, status: row.status as OfferStatus, offeredAt: row.offeredAt, isOpen, number, category, description, wantedTime, address, name, phone }
}

type OfferChange = Extract<Change, { type: 'accept_offer' | 'decline_offer' | 'give_up_offer' | 'finish_offer' }>

/**
 * Writes what a volunteer answered, inside the turn's transaction: of two who accept at the same moment one gets it.
 * @returns the replies of the turn where they are others than was decided
 */
export async function applyOfferChange(transaction: Transaction, change: OfferChange, turn: { personId: string; inboundId: string; now: Date }): Promise<Reply[] | undefined> {
  const offer = await transaction.volunteerOffer.findFirst({ where: { id: change.offerId, volunteer: { personId: turn.personId } }, include: WITH_REQUEST })
  switch (change.type) {
    case 'accept_offer': {
      const refusal = offer === null ? 'not_needed' : await accept(transaction, offer, turn)
      return refusal === null ? undefined : change.otherwise[refusal]
    }
    case 'decline_offer':
      if (offer !== null) await decline(transaction, offer, turn.now)
      return undefined
    case 'give_up_offer':
      if (offer?.status === 'accepted') await giveUp(transaction, offer, helpNotes.gaveUp(offer.volunteer?.number ?? ''), turn.now)
      return undefined
    case 'finish_offer':
      if (offer?.status === 'accepted') await finish(transaction, offer, change.notice, turn.now)
      return undefined
    default:
      return change satisfies never
  }
}

async function accept(transaction: Transaction, offer: OfferRow, { inboundId, now }: { inboundId: string; now: Date }): Promise<OfferRefusal | null> {
  const { search, volunteer } = offer
  if (offer.status === 'accepted') return null
  if (search.state === 'accepted' && !isFinished(search.request.status as RequestStatus)) return 'taken'
  if (!isOpenSearch(search) || !(await mayTellOf(transaction, search.request))) return 'not_needed'
  if (volunteer?.status !== 'active') return 'not_active'
  const carrying = await transaction.volunteerOffer.count({ where: { volunteerId: volunteer.id, status: 'accepted' } })
  if (carrying >= MOST_CARRIED) {
    await decline(transaction, offer, now)
    return 'carries_enough'
  }
  await transaction.volunteerOffer.updateMany({ where: { id: offer.id }, data: { status: 'accepted', answeredAt: now, acceptedIn: inboundId, toldAt: null } })
  await transaction.volunteerSearch.updateMany({ where: { requestId: offer.requestId }, data: { state: 'accepted', dueAt: now, updatedAt: now } })
  await moveRequest(transaction, search.request, 'dispatched', helpNotes.accepted(volunteer.number), VOLUNTEER, now)
  return null
}

async function decline(transaction: Transaction, offer: OfferRow, now: Date): Promise<void> {
  if (!['offered', 'lapsed', 'taken'].includes(offer.status)) return
  await transaction.volunteerOffer.updateMany({ where: { id: offer.id }, data: { status: 'declined', answeredAt: now } })
  await transaction.volunteerSearch.updateMany({ where: { requestId: offer.requestId, state: 'seeking' }, data: { dueAt: now, updatedAt: now } })
}

/** Whoever had accepted does not come after all: it is offered again. */
export async function giveUp(transaction: Transaction, offer: { id: string; requestId: string; search: SearchRow }, note: string, now: Date): Promise<void> {
  const { request } = offer.search
  await transaction.volunteerOffer.updateMany({ where: { id: offer.id }, data: { status: 'given_up', answeredAt: now, toldAt: null } })
  if (isFinished(request.status as RequestStatus)) return
  const status = await moveRequest(transaction, request, 'returned', note, VOLUNTEER, now)
  await transaction.volunteerSearch.updateMany({ where: { requestId: offer.requestId }, data: { state: 'seeking', statusAtStart: status, dueAt: now, updatedAt: now } })
}

async function finish(transaction: Transaction, offer: OfferRow, notice: Extract<OfferChange, { type: 'finish_offer' }>['notice'], now: Date): Promise<void> {
  const { request } = offer.search
  await transaction.volunteerOffer.updateMany({ where: { id: offer.id }, data: { status: 'done', answeredAt: now } })
  await transaction.volunteerSearch.updateMany({ where: { requestId: offer.requestId }, data: { state: 'ended', dueAt: now, updatedAt: now } })
  const activityId = randomUUID()
  const status = await moveRequest(transaction, request, 'resolved', helpNotes.done(offer.volunteer?.number ?? ''), VOLUNTEER, now, activityId)
  if (status !== 'resolved' || request.status === 'resolved') return
  await queueNotice(transaction, await findRequestIn(transaction, request.id), { status: 'resolved', now, notice: () => ({ text: notice.text, extras: { buttons: notice.buttons, citations: [] } }) }, activityId)
}

/** Changes a request's status where the flow allows it, and writes the line into its history in any case; returns the status that it has now. */
export async function moveRequest(transaction: Transaction, request: { id: string; status: string }, to: RequestStatus, note: string, by: string, now: Date, activityId: string = randomUUID()): Promise<string> {
  const status = isAllowedChange(request.status as RequestStatus, to) ? to : request.status
  await transaction.serviceRequest.updateMany({ where: { id: request.id }, data: { status, updatedAt: now } })
  await transaction.activity.createMany({ data: [{ id: activityId, requestId: request.id, at: now, status, note, by }] })
  return status
}

/** Whether volunteers may be told who the requester is: there is a telephone, and the consent to its use stands. */
export async function mayTellOf(transaction: Transaction, request: { requesterId: string | null; requesterPhone: string | null }): Promise<boolean> {
  if (request.requesterId === null || request.requesterPhone === null) return false
  return (await transaction.consent.count({ where: { personId: request.requesterId, withdrawnAt: null } })) > 0
}
