import { LONGEST_NOTE } from '../../domain/requests/requests.ts'
import { cleanTyped } from '../../language/clean.ts'
import type { MoveResult } from '../../store/requests/move-request.ts'
import type { RequestRecord } from '../../store/requests/requests.ts'

/** There is no such request. */
export interface NotFound {
  outcome: 'not_found'
}

/** Somebody changed it since the actor saw it: `since` are the lines that came in between. Nothing was written. */
export interface Stale {
  outcome: 'stale'
  request: RequestRecord
  since: RequestRecord['activities']
}

export interface NoteTooLong {
  outcome: 'note_too_long'
  longest: number
}

/** A note as it is kept, or that it is too long: the bound is the same in chat, on the pages and over HTTP. */
export function readNote(typed: string): { note: string } | NoteTooLong {
  const note = cleanTyped(typed)
  return Array.from(note).length > LONGEST_NOTE ? { outcome: 'note_too_long', longest: LONGEST_NOTE } : { note }
}

/** What a move that was not made comes to, where it goes nowhere and so can't be refused by the flow. */
export function refusedMove(result: Exclude<MoveResult, { outcome: 'moved' }>, seen: Date | undefined): NotFound | Stale {
  if (result.outcome === 'not_found') return result
  return toStale(result.request, seen)
}

export const toStale = (request: RequestRecord, seen: Date | undefined): Stale => ({ outcome: 'stale', request, since: request.activities.filter(({ at }) => seen !== undefined && at > seen) })

/** Of what the actor last saw, as an argument of a move. */
export const ifSeen = (seen: Date | undefined): { ifUpdatedAt?: Date } => (seen === undefined ? {} : { ifUpdatedAt: seen })
