import type { Transaction } from '../../store/engine/store.ts'
import { moveRequest } from '../../store/requests/move-request.ts'
import { findRequestIn, type RequestRecord } from '../../store/requests/requests.ts'
import { tellStaff } from '../../store/staff/staff-notices.ts'
import type { Actor } from '../actor.ts'
import type { DeskServices } from '../services.ts'
import { findColleague, type Colleague, type FoundColleague } from '../staff/colleagues.ts'
import { ifSeen, readNote, refusedMove, type NoteTooLong, type NotFound, type Stale } from './outcomes.ts'
import { deskText } from './text.ts'

export interface Assignment {
  id: string
  /** A staff user; null = back to nobody. */
  to: string | null
  /** Why, for both; '' = it is not said. */
  reason?: string
  /** The actor knows that a colleague has it, and takes it all the same. */
  takesOver?: boolean
  ifUpdatedAt?: Date
}

export type AssignmentResult =
  | { outcome: 'assigned' | 'unchanged'; request: RequestRecord }
  /** A colleague has it: ask first, then say `takesOver`. */
  | { outcome: 'held'; by: Colleague; request: RequestRecord }
  | Exclude<FoundColleague, { outcome: 'found' }>
  | NotFound
  | NoteTooLong
  | Stale

/** Says who has a request. Who gets it and who had it are told, on their page and in the chat that is bound to them; residents are not. */
export async function assignRequest(services: DeskServices, actor: Actor, input: Assignment): Promise<AssignmentResult> {
  const result = await services.store.write((transaction) => assignIn(transaction, actor, input, services.now()))
  if (result.outcome === 'assigned') services.wakeOutbox()
  return result
}

/** The same within a transaction that does more. */
export async function assignIn(transaction: Transaction, actor: Actor, input: Assignment, now: Date): Promise<AssignmentResult> {
  const read = readNote(input.reason ?? '')
  if (!('note' in read)) return read
  const reason = read.note
  const known = await findRequestIn(transaction, input.id)
  if (known === null) return { outcome: 'not_found' }
  const found = input.to === null ? null : await findColleague(transaction, input.to)
  if (found !== null && found.outcome !== 'found') return found
  const to = found?.colleague ?? null
  const from = known.assignee
  if ((from?.id ?? null) === (to?.id ?? null)) return { outcome: 'unchanged', request: known }
  const isTaken = from !== null && from.disabledAt === null && from.id !== actor.staffId
  if (isTaken && to !== null && to.id === actor.staffId && !input.takesOver) return { outcome: 'held', by: from, request: known }
  const move = { kind: 'assignment', author: 'staff', by: actor.user, note: deskText.assignment(from, to, reason), values: { assigneeId: to?.id ?? null } } as const
  const moved = await moveRequest(transaction, known.id, { ...move, audit: { action: 'assign_request', detail: to?.user ?? '' }, ...ifSeen(input.ifUpdatedAt) }, now)
  if (moved.outcome !== 'moved') return refusedMove(moved, input.ifUpdatedAt)
  const { request, lineId } = moved
  const tell = (staffId: string, text: string) => tellStaff(transaction, { staffId, requestId: known.id, key: lineId, text }, now)
  if (to !== null && to.id !== actor.staffId) await tell(to.id, deskText.given(actor.name, request, reason))
  if (isTaken) await tell(from.id, deskText.taken(actor.name, request, to?.name ?? null, reason))
  return { outcome: 'assigned', request }
}
