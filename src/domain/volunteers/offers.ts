import type { HelpParticulars } from '../help-text.ts'

/** What became of asking one volunteer for one request. */
export const OFFER_STATUSES = ['offered', 'accepted', 'declined', 'lapsed', 'taken', 'withdrawn', 'given_up', 'done'] as const
export type OfferStatus = (typeof OFFER_STATUSES)[number]

/** How far looking for a volunteer has come; `staff`: nobody is left to ask. */
export const SEARCH_STATES = ['seeking', 'accepted', 'staff', 'ended'] as const
export type SearchState = (typeof SEARCH_STATES)[number]

/** Why somebody who says 我去 does not get it. */
export type OfferRefusal = 'taken' | 'not_needed' | 'carries_enough' | 'not_active'

/** A request that somebody was asked for, as they may come back to it. */
export interface OwnOffer extends HelpParticulars {
  id: string
  requestId: string
  status: OfferStatus
  offeredAt: Date
  /** Whether it may still be accepted, as far as is known before it is tried. */
  isOpen: boolean
}
