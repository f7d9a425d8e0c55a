import type { VolunteerCandidate } from '../../domain/volunteers/matching.ts'
import type { Prisma } from '../generated/client.ts'
import type { Transaction } from '../engine/store.ts'
import type { WholeSearch } from './volunteer-search.ts'

export interface CandidateRules {
  now: Date
  /** Codes of the areas from which somebody may be near; null = all. */
  areasNear: (areaCode: string | null) => string[] | null
  /** Whether somebody who said they are free so is free then; null = that is not known. */
  isFreeAt: (availability: string, wantedTime: string | null) => boolean | null
  /** For how long after somebody's message an account may write to them: null = always, undefined = never. */
  windowOf: (channel: string, account: string) => number | null | undefined
}

/** How long a help given counts as lately. */
const RECENT_MS = 30 * 24 * 60 * 60 * 1000
/** How far back it is looked who was asked last. */
const ASKED_MS = 90 * 24 * 60 * 60 * 1000
/** Most volunteers that one choice looks at. */
const MOST_CANDIDATES = 3_000

/** Active volunteers from places that may be near, with what decides whether they are asked. */
export async function loadCandidates(transaction: Transaction, search: WholeSearch, rules: CandidateRules): Promise<VolunteerCandidate[]> {
  const { request } = search
  const codes = rules.areasNear(request.areaCode)
  const rows = await transaction.volunteer.findMany({
    where: { status: 'active', conversationId: { not: null }, ...(codes !== null && { OR: [{ areaCode: { in: codes } }, { areaCode: null, person: { OR: [{ areaCode: null }, { areaCode: { in: codes } }] } }] }) },
    orderBy: { number: 'asc' },
    take: MOST_CANDIDATES,
    include: { person: { select: { areaCode: true } } },
  })
  const [isReachable, carrying, recent, lastAskedAt] = [
    await readReachable(transaction, rows.flatMap(({ conversationId }) => conversationId ?? []), rules),
    await countOffers(transaction, { status: 'accepted' }),
    await countOffers(transaction, { status: { in: ['accepted', 'done'] }, answeredAt: { gt: new Date(rules.now.getTime() - RECENT_MS) } }),
    await readLastAsked(transaction, new Date(rules.now.getTime() - ASKED_MS)),
  ]
  return rows.map((row): VolunteerCandidate => {
    const offer = search.offers.find(({ volunteerId }) => volunteerId === row.id)
    return {
      id: row.id,
      number: row.number,
      personId: row.personId,
      status: 'active',
      phone: row.phone,
      age: row.age,
      hasGuardian: row.guardianName !== null,
      areaCode: row.areaCode ?? row.person.areaCode,
      skills: row.skills as string[],
      isFree: rules.isFreeAt(row.availability, request.wantedTime),
      isReachable: isReachable(row.conversationId ?? ''),
      wasAsked: offer !== undefined && isSettled(offer, search.round),
      carrying: carrying.get(row.id) ?? 0,
      recent: recent.get(row.id) ?? 0,
      lastAskedAt: lastAskedAt.get(row.id) ?? null,
    }
  })
}

/** Who said no stays unasked; who was told that it is taken may be asked again, and the others when staff begin anew. */
function isSettled(offer: { status: string; round: number }, round: number): boolean {
  if (offer.status === 'declined' || offer.status === 'given_up') return true
  return offer.status !== 'taken' && offer.round === round
}

async function countOffers(transaction: Transaction, where: Prisma.VolunteerOfferWhereInput): Promise<Map<string | null, number>> {
  const groups = await transaction.volunteerOffer.groupBy({ by: ['volunteerId'], where, _count: { _all: true } })
  return new Map(groups.map((group) => [group.volunteerId, group._count._all]))
}

async function readLastAsked(transaction: Transaction, since: Date): Promise<Map<string | null, Date | null>> {
  const groups = await transaction.volunteerOffer.groupBy({ by: ['volunteerId'], where: { offeredAt: { gt: since } }, _max: { offeredAt: true } })
  return new Map(groups.map((group) => [group.volunteerId, group._max.offeredAt]))
}

async function readReachable(transaction: Transaction, ids: string[], rules: CandidateRules): Promise<(conversationId: string) => boolean> {
  const rows = await transaction.conversation.findMany({ where: { id: { in: ids }, kind: 'private', goneAt: null }, select: { id: true, channel: true, account: true } })
  const windows = new Map(rows.map((row) => [row.id, rules.windowOf(row.channel, row.account)]))
  const limited = rows.filter(({ id }) => typeof windows.get(id) === 'number').map(({ id }) => id)
  const heard = limited.length === 0 ? [] : await transaction.inboundMessage.groupBy({ by: ['conversationId'], where: { conversationId: { in: limited } }, _max: { receivedAt: true } })
  const heardAt = new Map(heard.map((group) => [group.conversationId, group._max.receivedAt?.getTime() ?? -Infinity]))
  return (id) => {
    const window = windows.get(id)
    return window === null || (typeof window === 'number' && rules.now.getTime() - (heardAt.get(id) ?? -Infinity) < window)
  }
}
