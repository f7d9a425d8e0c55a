import { isAllowedChange, type RequestStatus } from '../../domain/requests/requests.ts'
import type { Transaction } from '../../store/engine/store.ts'
import { prolongTakeover } from '../../store/conversations/takeover.ts'
import { moveRequest } from '../../store/requests/move-request.ts'
import { findRequestIn, type RequestRecord } from '../../store/requests/requests.ts'
import type { Actor } from '../actor.ts'
import type { DeskServices } from '../services.ts'
import { readNote, type NoteTooLong, type NotFound } from './outcomes.ts'
import { deskText } from './text.ts'

export interface Telling {
  id: string
  said: string
  /** An answer is waited for: the request says so, where its state allows that. */
  asks?: boolean
}

export type TellingResult =
  | { outcome: 'told'; request: RequestRecord }
  /** The same was said by the same person just before. */
  | { outcome: 'unchanged'; request: RequestRecord }
  /** Nothing is known of a conversation with them: telephone. */
  | { outcome: 'unreachable'; request: RequestRecord }
  | { outcome: 'empty' }
  | NotFound
  | NoteTooLong

/** Says something to the requester in their conversation, and to nobody else; it stands in the history. */
export async function tellResident(services: DeskServices, actor: Actor, input: Telling): Promise<TellingResult> {
  const result = await services.store.write((transaction) => tellIn(transaction, actor, input, services.now()))
  if (result.outcome === 'told') services.wakeOutbox()
  return result
}

async function tellIn(transaction: Transaction, actor: Actor, input: Telling, now: Date): Promise<TellingResult> {
  const read = readNote(input.said)
  if (!('note' in read)) return read
  const { note } = read
  if (note === '') return { outcome: 'empty' }
  const known = await findRequestIn(transaction, input.id)
  if (known === null) return { outcome: 'not_found' }
  if (known.conversationId === null) return { outcome: 'unreachable', request: known }
  const last = known.activities.at(-1)
  if (last?.kind === 'staff_note' && last.note === note && last.by === actor.user) return { outcome: 'unchanged', request: known }
  const waits = input.asks === true && isAllowedChange(known.status as RequestStatus, 'waiting_resident')
  const isTakenOver = (await prolongTakeover(transaction, known.id, now)) !== null
  const said = isTakenOver ? `${actor.name}：${note}` : [deskText.toResident(actor.name, known, note), ...(input.asks === true ? [deskText.pleaseReply] : [])].join('\n')
  const moved = await moveRequest(
    transaction,
    known.id,
    {
      kind: 'staff_note',
      ...(waits && { to: 'waiting_resident' as const }),
      note,
      author: 'staff',
      by: actor.user,
      notice: (_request, reader) => (reader === 'requester' ? { text: said, extras: { buttons: [], citations: [] } } : null),
      audit: { action: 'tell_resident', detail: '' },
    },
    now,
  )
  return moved.outcome === 'moved' ? { outcome: 'told', request: moved.request } : { outcome: 'not_found' }
}
