import { randomUUID } from 'node:crypto'
import { helpNotes, helpText, offerButtons, wantedInstant } from '../../domain/help-text.ts'
import { MOST_ASKED_AT_ONCE, type VolunteerCandidate } from '../../domain/volunteers/matching.ts'
import { AUTHOR_NAMES, isDone, isFinished } from '../../domain/requests/requests.ts'
import type { Prisma } from '../generated/client.ts'
import type { Store, Transaction } from '../engine/store.ts'
import { moveRequest } from '../requests/move-request.ts'
import { loadCandidates, type CandidateRules } from './volunteer-candidates.ts'
import { giveUp, isTakenOver, mayTellOf, moveForHelp } from './volunteer-offers.ts'
import { readFailedOffers, tellRequester, tellVolunteer, unsendOffer } from './volunteer-notices.ts'

const WHOLE = { request: true, offers: { include: { volunteer: true }, orderBy: [{ offeredAt: 'asc' }, { id: 'asc' }] } } satisfies Prisma.VolunteerSearchInclude
export type WholeSearch = Prisma.VolunteerSearchGetPayload<{ include: typeof WHOLE }>
export type WholeOffer = WholeSearch['offers'][number]

/** What a step of a search is given of the world outside the store. */
export interface SearchRules extends CandidateRules {
  /** When the quiet hours end in which now lies; null outside of them. */
  quietUntil: Date | null
  /** Until when an offer made now waits for its answer. */
  answerBy: Date
  choose: (search: WholeSearch, candidates: VolunteerCandidate[], count: number) => VolunteerCandidate[]
  /** What and where, without anybody's particulars. */
  describe: (request: WholeSearch['request']) => { what: string; place: string }
}

/** Begins to look for a volunteer, or begins again: the next sweep asks the first. */
export async function beginSearch(transaction: Transaction, request: { id: string; status: string }, begun: { by: string; allowsMinors: boolean; now: Date }): Promise<void> {
  const { now, ...rest } = begun
  const fresh = { ...rest, state: 'seeking', statusAtStart: request.status, dueAt: now, updatedAt: now }
  await transaction.volunteerSearch.upsert({ where: { requestId: request.id }, create: { requestId: request.id, ...fresh, createdAt: now }, update: { ...fresh, round: { increment: 1 } } })
}

export type BeginResult = 'begun' | 'running' | 'has_volunteer' | 'finished' | 'may_not_tell' | 'not_found'

/** Staff look for a volunteer for an open request. */
export function beginSearchAsStaff(store: Store, input: { requestId: string; by: string; allowsMinors: boolean; now: Date }): Promise<BeginResult> {
  const { requestId, by, allowsMinors, now } = input
  return store.write(async (transaction) => {
    const request = await transaction.serviceRequest.findUnique({ where: { id: requestId }, include: { search: true } })
    if (request === null) return 'not_found'
    if (isFinished(request)) return 'finished'
    if (request.search?.state === 'accepted') return 'has_volunteer'
    if (request.search?.state === 'seeking') return 'running'
    if (!(await mayTellOf(transaction, request))) return 'may_not_tell'
    await beginSearch(transaction, request, { by, allowsMinors, now })
    await moveRequest(transaction, request.id, { kind: 'internal', author: 'staff', by, note: helpNotes.begun, audit: { action: 'search_volunteer', detail: allowsMinors ? '含未成年' : '' } }, now)
    return 'begun'
  })
}

const AT_WORK = ['seeking', 'accepted']

/** Requests whose search has something to do now, and when the next one falls due; null = none is known. */
export async function findDueSearches(store: Store, now: Date): Promise<{ due: string[]; nextAt: Date | null }> {
  const rows = await store.read.volunteerSearch.findMany({
    where: { OR: [{ state: { in: AT_WORK } }, { dueAt: { not: null } }] },
    orderBy: [{ createdAt: 'asc' }, { requestId: 'asc' }],
    select: {
      requestId: true, state: true, dueAt: true, statusAtStart: true, request: { select: { status: true } },
      offers: { where: { status: { in: ['offered', 'accepted'] } }, select: { id: true, times: true, status: true, volunteer: { select: { status: true } } } },
    },
  })
  const failed = await readFailedOffers(store.read, rows.flatMap(({ offers }) => offers))
  const isDue = (row: (typeof rows)[number]): boolean =>
    (row.dueAt !== null && row.dueAt <= now) || isFinished(row.request) || (row.state === 'seeking' && isTakenOver(row)) || row.offers.some((offer) => offer.volunteer?.status !== 'active' || failed.has(offer.id))
  const later = rows.filter((row) => !isDue(row)).flatMap(({ dueAt }) => dueAt ?? [])
  return { due: rows.filter(isDue).map(({ requestId }) => requestId), nextAt: later.length === 0 ? null : new Date(Math.min(...later.map((at) => at.getTime()))) }
}

/** Does what is due for one request, in one transaction, so that of two processes one does it: safe to be repeated at any time. */
export function advanceSearch(store: Store, requestId: string, rules: SearchRules): Promise<void> {
  return store.write(async (transaction) => {
    const load = () => transaction.volunteerSearch.findUnique({ where: { requestId }, include: WHOLE })
    const before = await load()
    if (before === null || (before.dueAt === null && !AT_WORK.includes(before.state))) return
    await dropLeavers(transaction, before, rules)
    const search = (await load()) ?? before
    await tellAccepted(transaction, search, rules)
    if (isFinished(search.request) || search.state === 'ended') return endSearch(transaction, search, rules)
    if (search.state !== 'seeking') return setSearch(transaction, search, { dueAt: null }, rules.now)
    if (isTakenOver(search)) return endSearch(transaction, search, rules)
    await seek(transaction, search, rules)
  })
}

const setSearch = async (transaction: Transaction, { requestId }: { requestId: string }, data: Prisma.VolunteerSearchUpdateManyMutationInput, now: Date): Promise<void> => {
  await transaction.volunteerSearch.updateMany({ where: { requestId }, data: { ...data, updatedAt: now } })
}

const setOffer = async (transaction: Transaction, offer: { id: string }, data: Prisma.VolunteerOfferUpdateManyMutationInput): Promise<void> => {
  await transaction.volunteerOffer.updateMany({ where: { id: offer.id }, data })
}

/** Who has left, is paused or has deleted everything neither is asked any more nor comes. */
async function dropLeavers(transaction: Transaction, search: WholeSearch, { now }: SearchRules): Promise<void> {
  for (const offer of search.offers.filter(({ volunteer }) => volunteer?.status !== 'active')) {
    if (offer.status === 'offered') await setOffer(transaction, offer, { status: 'withdrawn' })
    if (offer.status === 'accepted') await giveUp(transaction, { ...offer, search }, helpNotes.volunteerLeft, now)
  }
}

/** The requester hears who comes; the others hear that it is taken. */
async function tellAccepted(transaction: Transaction, search: WholeSearch, rules: SearchRules): Promise<void> {
  const { request } = search
  const isOpen = !isFinished(request)
  for (const offer of search.offers.filter(({ toldAt, status }) => toldAt === null && status === 'accepted')) {
    const { volunteer } = offer
    if (isOpen && volunteer !== null) await tellRequester(transaction, request, { key: `coming:${offer.id}:${offer.times}`, text: helpText.coming({ ...request, name: volunteer.name, phone: volunteer.phone }) }, rules)
    await setOffer(transaction, offer, { toldAt: rules.now })
  }
  if (!search.offers.some(({ status }) => status === 'accepted' || status === 'done')) return
  // Who comes instead is told: that somebody else does not come is no news any more.
  for (const offer of search.offers.filter(isUntoldLoss)) await setOffer(transaction, offer, { toldAt: rules.now })
  for (const offer of search.offers.filter(({ status }) => status === 'offered')) await callOff(transaction, search, offer, { status: 'taken', text: helpText.taken(request) }, rules)
}

const isUntoldLoss = ({ toldAt, status }: WholeOffer): boolean => toldAt === null && status === 'given_up'

/** The requester hears that whoever had promised does not come, while others are asked. */
async function tellGivenUp(transaction: Transaction, search: WholeSearch, rules: SearchRules): Promise<void> {
  for (const offer of search.offers.filter(isUntoldLoss)) {
    await tellRequester(transaction, search.request, { key: `off:${offer.id}:${offer.times}`, text: helpText.offAgain(search.request) }, rules)
    await setOffer(transaction, offer, { toldAt: rules.now })
  }
}

/** An offer that nobody needs to answer any more; who has read it is told. */
async function callOff(transaction: Transaction, search: WholeSearch, offer: WholeOffer, end: { status: 'taken' | 'withdrawn' | 'done'; text: string }, rules: SearchRules): Promise<void> {
  await setOffer(transaction, offer, { status: end.status })
  offer.status = end.status
  if (await unsendOffer(transaction, offer)) return
  await tellVolunteer(transaction, search.request, offer.volunteer, { key: `${end.status}:${offer.id}:${offer.times}`, text: end.text, buttons: [] }, rules)
}

async function endSearch(transaction: Transaction, search: WholeSearch, rules: SearchRules): Promise<void> {
  const { request } = search
  const wasDone = isDone(request)
  for (const offer of search.offers) {
    if (offer.status === 'accepted') await callOff(transaction, search, offer, wasDone ? { status: 'done', text: helpText.settledByStaff(request) } : { status: 'withdrawn', text: helpText.over(request) }, rules)
    if (offer.status === 'offered') await callOff(transaction, search, offer, { status: 'withdrawn', text: helpText.over(request) }, rules)
  }
  await setSearch(transaction, search, { state: 'ended', dueAt: null }, rules.now)
}

async function seek(transaction: Transaction, search: WholeSearch, rules: SearchRules): Promise<void> {
  const { request } = search
  const { now, quietUntil } = rules
  const wantedAt = wantedInstant(request.wantedTime)
  // A time that was over when it was asked for is when it happened.
  const wishedBy = wantedAt !== null && wantedAt > request.createdAt ? wantedAt : null
  if (!(await mayTellOf(transaction, request))) return leaveToStaff(transaction, search, helpNotes.mayNotTell, rules)
  if (wishedBy !== null && wishedBy <= now) return leaveToStaff(transaction, search, helpNotes.timeIsOver, rules)
  const failed = await readFailedOffers(transaction, search.offers)
  for (const offer of search.offers.filter((one) => one.status === 'offered' && (one.answerBy <= now || failed.has(one.id)))) {
    await setOffer(transaction, offer, { status: 'lapsed' })
    offer.status = 'lapsed'
  }
  const open = search.offers.filter(({ status }) => status === 'offered')
  if (quietUntil !== null) {
    if (wishedBy !== null && wishedBy <= quietUntil && open.length === 0) return leaveToStaff(transaction, search, helpNotes.timeIsQuiet, rules)
    await tellGivenUp(transaction, search, rules)
    return setSearch(transaction, search, { dueAt: quietUntil }, now)
  }
  const missing = MOST_ASKED_AT_ONCE - open.length
  const chosen = missing > 0 ? rules.choose(search, await loadCandidates(transaction, search, rules), missing) : []
  const answerBy = wishedBy !== null && wishedBy < rules.answerBy ? wishedBy : rules.answerBy
  for (const candidate of chosen) await ask(transaction, search, candidate, answerBy, rules)
  if (open.length + chosen.length === 0) return leaveToStaff(transaction, search, search.offers.length === 0 ? helpNotes.nobodyThere : helpNotes.nobodyLeft, rules)
  await tellGivenUp(transaction, search, rules)
  if (chosen.length > 0) await moveForHelp(transaction, request, { note: helpNotes.asked(chosen.length), author: 'system' }, now)
  const ends = [...open.map((offer) => offer.answerBy), ...(chosen.length > 0 ? [answerBy] : [])].map((at) => at.getTime())
  await setSearch(transaction, search, { dueAt: new Date(Math.min(...ends)) }, now)
}

async function ask(transaction: Transaction, search: WholeSearch, candidate: VolunteerCandidate, answerBy: Date, rules: SearchRules): Promise<void> {
  const { request, round } = search
  const known = search.offers.find(({ volunteerId }) => volunteerId === candidate.id)
  const asked = { status: 'offered', round, offeredAt: rules.now, answerBy }
  const offer = known ?? { id: randomUUID(), times: 0 }
  const times = offer.times + 1
  if (known) await setOffer(transaction, known, { ...asked, times, answeredAt: null, acceptedIn: null, toldAt: null })
  else await transaction.volunteerOffer.createMany({ data: [{ id: offer.id, requestId: request.id, volunteerId: candidate.id, ...asked, times }] })
  const words = helpText.offer({ number: request.number, wantedTime: request.wantedTime, ...rules.describe(request) })
  const volunteer = await transaction.volunteer.findUnique({ where: { id: candidate.id } })
  await tellVolunteer(transaction, request, volunteer, { key: `offer:${offer.id}:${times}`, text: words, buttons: offerButtons(request.number), expiresAt: answerBy }, rules)
}

/** Nobody is left: staff see it in the history and on the request's page, and the requester is told that they look after it. */
async function leaveToStaff(transaction: Transaction, search: WholeSearch, note: string, rules: SearchRules): Promise<void> {
  for (const offer of search.offers) if (offer.status === 'offered') await callOff(transaction, search, offer, { status: 'withdrawn', text: helpText.over(search.request) }, rules)
  const lost = search.offers.filter(isUntoldLoss)
  for (const offer of lost) await setOffer(transaction, offer, { toldAt: rules.now })
  await setSearch(transaction, search, { state: 'staff', dueAt: null }, rules.now)
  await moveForHelp(transaction, search.request, { note, author: 'system' }, rules.now)
  // Staff who began it know; the requester does, where somebody had promised to come.
  const wasPromised = search.offers.some(({ status }) => status === 'given_up')
  if (search.by !== AUTHOR_NAMES.system && !wasPromised) return
  await tellRequester(transaction, search.request, { key: `staff:${search.requestId}:${rules.now.getTime()}`, text: helpText.withStaff(search.request, lost.length > 0) }, rules)
}
