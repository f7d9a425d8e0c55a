import type { OfferStatus, SearchState } from '../../domain/volunteers/offers.ts'
import type { Store } from '../engine/store.ts'

/** Looking for a volunteer for one request, as staff see it. */
export interface SearchView {
  state: SearchState
  offers: OfferView[]
}

export interface OfferView {
  /** null = deleted everything. */
  volunteer: { number: string; name: string; phone: string } | null
  status: OfferStatus
  offeredAt: Date
  answerBy: Date
  answeredAt: Date | null
}

/** Who was asked for a request and what they said, the last first; null when nobody was looked for. */
export async function readSearch(store: Store, requestId: string): Promise<SearchView | null> {
  const row = await store.read.volunteerSearch.findUnique({
    where: { requestId },
    include: { offers: { orderBy: [{ offeredAt: 'desc' }, { id: 'asc' }], include: { volunteer: { select: { number: true, name: true, phone: true } } } } },
  })
  if (row === null) return null
  const offers = row.offers.map(({ volunteer, status, offeredAt, answerBy, answeredAt }) => ({ volunteer, status: status as OfferStatus, offeredAt, answerBy, answeredAt }))
  return { state: row.state as SearchState, offers }
}

/** What a volunteer has done, and what they have promised: requests by number, the last first, at most ten each. */
export async function readHelpGiven(store: Store, volunteerId: string): Promise<{ done: number; asked: number; carrying: { number: string; category: string }[]; lately: { number: string; category: string }[] }> {
  const list = async (status: OfferStatus) => {
    const rows = await store.read.volunteerOffer.findMany({ where: { volunteerId, status }, orderBy: [{ answeredAt: 'desc' }, { id: 'asc' }], take: 10, select: { search: { select: { request: { select: { number: true, category: true } } } } } })
    return rows.map(({ search }) => search.request)
  }
  const [done, asked, carrying, lately] = await Promise.all([
    store.read.volunteerOffer.count({ where: { volunteerId, status: 'done' } }),
    store.read.volunteerOffer.count({ where: { volunteerId } }),
    list('accepted'),
    list('done'),
  ])
  return { done, asked, carrying, lately }
}
