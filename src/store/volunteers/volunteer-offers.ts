import { helpNotes } from '../../domain/help-text.ts'
import { MOST_CARRIED } from '../../domain/volunteers/matching.ts'
import type { OfferRefusal, OfferStatus, OwnOffer } from '../../domain/volunteers/offers.ts'
import type { Change } from '../../domain/messages/outcome.ts'
import type { Reply } from '../../domain/messages/messages.ts'
import { AUTHOR_NAMES, isAtWork, isFinished, type RequestStatus } from '../../domain/requests/requests.ts'
import type { Prisma } from '../generated/client.ts'
import { StoreError } from '../../domain/errors.ts'
import { moveRequest, type Move } from '../requests/move-request.ts'
import type { RequestRecord } from '../requests/requests.ts'
import type { Store, Transaction } from '../engine/store.ts'

const WITH_REQUEST = { volunteer: true, search: { include: { request: true } } } satisfies Prisma.VolunteerOfferInclude
type OfferRow = Prisma.VolunteerOfferGetPayload<{ include: typeof WITH_REQUEST }>
type SearchRow = OfferRow['search']

/** Offers that a volunteer may still come back to. */
const MOST_OWN_OFFERS = 20

/** Whether the request still waits for a volunteer: nobody has it, it is not finished, and staff have not taken it over. */
export const isOpenSearch = (search: Pick<SearchRow, 'state' | 'statusAtStart'> & { request: { status: string } }): boolean =>
  (search.state === 'seeking' || search.state === 'staff') && !isFinished(search.request) && !isTakenOver(search)

/** Whether staff have set to work on it, or have sent somebody, since it was looked for volunteers. */
export const isTakenOver = ({ statusAtStart, request }: Pick<SearchRow, 'statusAtStart'> & { request: { status: string } }): boolean =>
  isAtWork(request) && request.status !== statusAtStart

/** What this person was asked for, what they have promised first, then the newest, and how often they have helped; [] for who was never asked. */
export async function listOwnOffers(store: Store, personId: string): Promise<{ offers: OwnOffer[]; done: number }> {
  // Nearly every turn asks, and hardly anybody was.
  const asked = await store.read.$queryRaw<unknown[]>`SELECT o."id" FROM "Volunteer" v JOIN "VolunteerOffer" o ON o."volunteerId" = v."id" WHERE v."personId" = ${personId} LIMIT 1`
  if (asked.length === 0) return { offers: [], done: 0 }
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
  if (search.state === 'accepted' && !isFinished(search.request)) return 'taken'
  if (!isOpenSearch(search) || !(await mayTellOf(transaction, search.request))) return 'not_needed'
  if (volunteer?.status !== 'active') return 'not_active'
  const carrying = await transaction.volunteerOffer.count({ where: { volunteerId: volunteer.id, status: 'accepted' } })
  if (carrying >= MOST_CARRIED) {
    await decline(transaction, offer, now)
    return 'carries_enough'
  }
  await transaction.volunteerOffer.updateMany({ where: { id: offer.id }, data: { status: 'accepted', answeredAt: now, acceptedIn: inboundId, toldAt: null } })
  await transaction.volunteerSearch.updateMany({ where: { requestId: offer.requestId }, data: { state: 'accepted', dueAt: now, updatedAt: now } })
  await moveForHelp(transaction, search.request, { to: 'dispatched', note: helpNotes.accepted(volunteer.number), author: 'volunteer' }, now)
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
  if (isFinished(request)) return
  const { status } = await moveForHelp(transaction, request, { to: 'returned', note, author: 'volunteer' }, now)
  await transaction.volunteerSearch.updateMany({ where: { requestId: offer.requestId }, data: { state: 'seeking', statusAtStart: status, dueAt: now, updatedAt: now } })
}

async function finish(transaction: Transaction, offer: OfferRow, notice: Extract<OfferChange, { type: 'finish_offer' }>['notice'], now: Date): Promise<void> {
  const { request } = offer.search
  await transaction.volunteerOffer.updateMany({ where: { id: offer.id }, data: { status: 'done', answeredAt: now } })
  await transaction.volunteerSearch.updateMany({ where: { requestId: offer.requestId }, data: { state: 'ended', dueAt: now, updatedAt: now } })
  const tell: NonNullable<Move['notice']> = (_, reader) => (reader === 'requester' ? { text: notice.text, extras: { buttons: notice.buttons, citations: [] } } : { text: notice.toFollowers, extras: { buttons: [], citations: [] } })
  // Where it is done already, its requester has heard so.
  await moveForHelp(transaction, request, { ...(request.status !== 'resolved' && { to: 'resolved', notice: tell }), note: helpNotes.done(offer.volunteer?.number ?? ''), author: 'volunteer' }, now)
}

/** What a volunteer, or looking for one, does to a request: the status changes where the flow allows it, the line stands in its history in any case. Returns the request as it is now. */
export async function moveForHelp(transaction: Transaction, request: { id: string }, move: { to?: RequestStatus; note: string; author: 'volunteer' | 'system'; notice?: NonNullable<Move['notice']> }, now: Date): Promise<RequestRecord> {
  const by = AUTHOR_NAMES[move.author]
  const moved = await moveRequest(transaction, request.id, { ...move, kind: move.to === undefined ? 'internal' : 'status', by }, now)
  const result = moved.outcome === 'not_allowed' ? await moveRequest(transaction, request.id, { kind: 'internal', note: move.note, author: move.author, by }, now) : moved
  if (result.outcome !== 'moved') throw new StoreError(`The request ${request.id} is not there any more.`)
  return result.request
}

/** Whether volunteers may be told who the requester is: there is a telephone, and the consent to its use stands. */
export async function mayTellOf(transaction: Transaction, request: { requesterId: string | null; requesterPhone: string | null }): Promise<boolean> {
  if (request.requesterId === null || request.requesterPhone === null) return false
  return (await transaction.consent.count({ where: { personId: request.requesterId, withdrawnAt: null } })) > 0
}
