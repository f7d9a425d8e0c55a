import type { Area } from '../../domain/services.ts'
import type { RequestStatus } from '../../domain/requests/requests.ts'
import type { Transaction } from '../../store/engine/store.ts'
import { moveRequest } from '../../store/requests/move-request.ts'
import { findRequestIn, type RequestRecord } from '../../store/requests/requests.ts'
import type { Actor } from '../actor.ts'
import type { CatalogueServices, DeskServices } from '../services.ts'
import type { MayNotMerge } from './merge-requests.ts'
import { ifSeen, readNote, toStale, type NoteTooLong, type NotFound, type Stale } from './outcomes.ts'
import { raiseLevel } from './raise-level.ts'
import { statusNotice } from './text.ts'

export interface RequestChange {
  id: string
  /** Absent = it stays as it is, and the note is told. */
  status?: RequestStatus
  /** What requester and followers are told of it; '' = only the status. */
  note: string
  /** What the actor last saw of it. */
  ifUpdatedAt?: Date
  /** Requester and followers are not told before then: it may be taken back until then. */
  tellsAt?: Date
}

export type RequestChangeResult = { outcome: 'changed' | 'unchanged'; request: RequestRecord } | { outcome: 'not_allowed'; from: RequestStatus; request: RequestRecord } | MayNotMerge | NotFound | NoteTooLong | Stale

/**
 * Changes a request's status as staff do and tells requester and followers once. The same status and note again change
 * nothing; the same status with a new note adds the note and tells it.
 */
export async function changeRequest(services: DeskServices & Partial<Pick<CatalogueServices, 'areas'>>, actor: Actor, change: RequestChange): Promise<RequestChangeResult> {
  const result = await services.store.write((transaction) => changeIn(transaction, actor, change, { now: services.now(), areas: services.areas ?? [] }))
  if (result.outcome === 'changed') services.wakeOutbox()
  return result
}

/** The same within a transaction that does more. */
export async function changeIn(transaction: Transaction, actor: Actor, change: RequestChange, { now, areas }: { now: Date; areas: readonly Area[] }): Promise<RequestChangeResult> {
  const read = readNote(change.note)
  if (!('note' in read)) return read
  const { note } = read
  const known = await findRequestIn(transaction, change.id)
  if (known === null) return { outcome: 'not_found' }
  const status = change.status ?? (known.status as RequestStatus)
  const isSame = known.status === status
  if (status === 'merged' && !isSame) return { outcome: 'may_not_merge', why: 'no_target', number: known.number }
  if (isSame && (note === '' || known.activities.findLast(isSaid)?.note === note)) return { outcome: 'unchanged', request: known }
  const moved = await moveRequest(
    transaction,
    known.id,
    {
      kind: isSame ? 'staff_note' : 'status',
      to: status,
      note,
      author: 'staff',
      by: actor.user,
      notice: (request, reader) => ({ ...statusNotice(request, note, reader), ...(change.tellsAt !== undefined && { notBefore: change.tellsAt }) }),
      audit: { action: 'change_request', detail: `${known.status} -> ${status}` },
      ...ifSeen(change.ifUpdatedAt),
    },
    now,
  )
  if (moved.outcome === 'moved') return { outcome: 'changed', request: status === 'escalated' && !isSame ? await raiseLevel(transaction, actor, { request: moved.request, note, areas }, now) : moved.request }
  return moved.outcome === 'stale' ? toStale(moved.request, change.ifUpdatedAt) : moved
}

/** What staff told the resident, or the resident staff. */
const isSaid = ({ author, kind }: { author: string; kind: string }): boolean => author === 'resident' || (author === 'staff' && (kind === 'status' || kind === 'staff_note'))
