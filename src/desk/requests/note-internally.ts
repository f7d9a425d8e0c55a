import type { Transaction } from '../../store/engine/store.ts'
import { moveRequest } from '../../store/requests/move-request.ts'
import { findRequestIn, type RequestRecord } from '../../store/requests/requests.ts'
import { tellStaff } from '../../store/staff/staff-notices.ts'
import type { Actor } from '../actor.ts'
import type { DeskServices } from '../services.ts'
import { findMentioned, type Colleague } from '../staff/colleagues.ts'
import { ifSeen, readNote, refusedMove, type NoteTooLong, type NotFound, type Stale } from './outcomes.ts'
import { deskText } from './text.ts'

export interface InternalNote {
  id: string
  note: string
  ifUpdatedAt?: Date
}

export type InternalNoteResult =
  /** `told`: the colleagues whom it names; `unknown`: what was meant for a name and is nobody's. */
  | { outcome: 'noted'; request: RequestRecord; told: Colleague[]; unknown: string[] }
  /** The same was noted by the same person just before. */
  | { outcome: 'unchanged'; request: RequestRecord }
  | { outcome: 'empty' }
  | NotFound
  | NoteTooLong
  | Stale

/** Writes down what never leaves the desk; `@colleague` tells that one, on the page and in the chat that is bound to them. */
export async function noteInternally(services: DeskServices, actor: Actor, input: InternalNote): Promise<InternalNoteResult> {
  const result = await services.store.write((transaction) => noteIn(transaction, actor, input, services.now()))
  if (result.outcome === 'noted' && result.told.length > 0) services.wakeOutbox()
  return result
}

/** The same within a transaction that does more. */
export async function noteIn(transaction: Transaction, actor: Actor, input: InternalNote, now: Date): Promise<InternalNoteResult> {
  const read = readNote(input.note)
  if (!('note' in read)) return read
  const { note } = read
  if (note === '') return { outcome: 'empty' }
  const known = await findRequestIn(transaction, input.id)
  if (known === null) return { outcome: 'not_found' }
  const last = known.activities.at(-1)
  if (last?.kind === 'internal' && last.note === note && last.by === actor.user) return { outcome: 'unchanged', request: known }
  const moved = await moveRequest(transaction, known.id, { kind: 'internal', note, author: 'staff', by: actor.user, audit: { action: 'note_request', detail: '' }, ...ifSeen(input.ifUpdatedAt) }, now)
  if (moved.outcome !== 'moved') return refusedMove(moved, input.ifUpdatedAt)
  const colleagues = await transaction.staffMember.findMany({ where: { disabledAt: null }, orderBy: { user: 'asc' }, select: { id: true, user: true, name: true } })
  const { mentioned, unknown } = findMentioned(note, colleagues)
  const told = mentioned.filter(({ id }) => id !== actor.staffId)
  for (const { id } of told) await tellStaff(transaction, { staffId: id, requestId: known.id, key: moved.lineId, text: deskText.mentioned(actor.name, moved.request, note) }, now)
  return { outcome: 'noted', request: moved.request, told, unknown }
}
