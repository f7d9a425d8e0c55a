import { AUTHOR_NAMES } from '../../domain/requests/requests.ts'
import { beginTakeover, endTakeover, findIdleTakeover, findTakeover } from '../../store/conversations/takeover.ts'
import type { Transaction } from '../../store/engine/store.ts'
import { moveRequest } from '../../store/requests/move-request.ts'
import { findRequestIn } from '../../store/requests/requests.ts'
import type { Actor } from '../actor.ts'
import type { DeskServices } from '../services.ts'
import { deskText } from './text.ts'

export type TakeoverResult =
  | { outcome: 'taken_over' | 'unchanged' | 'not_found' | 'unreachable' }
  /** A colleague speaks there at the moment. */
  | { outcome: 'held'; by: string }
export type HandBackResult = { outcome: 'handed_back' | 'unchanged' | 'not_found' }

/**
 * Lets a member of staff speak to a request's resident in the assistant's place: it is silent there, but for danger, until it is
 * handed back or nobody has said anything for half an hour. The resident is told in one line.
 */
export async function takeOver(services: DeskServices, actor: Actor, { id }: { id: string }): Promise<TakeoverResult> {
  const now = services.now()
  const result = await services.store.write(async (transaction): Promise<TakeoverResult> => {
    const request = await findRequestIn(transaction, id)
    if (request === null) return { outcome: 'not_found' }
    const { conversationId } = request
    if (conversationId === null) return { outcome: 'unreachable' }
    const present = await findTakeover(transaction, conversationId, now)
    if (present !== null && present.by !== actor.user) return { outcome: 'held', by: present.by }
    if (present?.requestId === id) return { outcome: 'unchanged' }
    await beginTakeover(transaction, { conversationId, by: actor.user, requestId: id }, now)
    await note(transaction, actor, { id, line: deskText.tookOverLine, told: deskText.tookOver(actor.name), action: 'take_over' }, now)
    return { outcome: 'taken_over' }
  })
  if (result.outcome === 'taken_over') services.wakeOutbox()
  return result
}

/** Lets the assistant answer again; any colleague may. */
export async function handBack(services: DeskServices, actor: Actor, { id }: { id: string }): Promise<HandBackResult> {
  const now = services.now()
  const result = await services.store.write(async (transaction): Promise<HandBackResult> => {
    const request = await findRequestIn(transaction, id)
    if (request === null) return { outcome: 'not_found' }
    const present = request.conversationId === null ? null : await findTakeover(transaction, request.conversationId, now)
    if (present === null) return { outcome: 'unchanged' }
    await endTakeover(transaction, present.conversationId)
    await note(transaction, actor, { id, line: deskText.handedBackLine, told: deskText.handedBack(actor.name), action: 'hand_back' }, now)
    return { outcome: 'handed_back' }
  })
  if (result.outcome === 'handed_back') services.wakeOutbox()
  return result
}

/**
 * The assistant answers again where nobody has said anything for half an hour, and says so: once, since it is told in the transaction
 * that ends it.
 */
export async function endIdleTakeover(services: DeskServices, conversationId: string): Promise<void> {
  const now = services.now()
  const isOver = await services.store.write(async (transaction) => {
    const idle = await findIdleTakeover(transaction, conversationId, now)
    if (idle === null) return false
    await endTakeover(transaction, conversationId)
    const line = { kind: 'internal', author: 'system', by: AUTHOR_NAMES.system, note: deskText.idleLine } as const
    await moveRequest(transaction, idle.requestId, { ...line, notice: (_request, reader) => (reader === 'requester' ? { text: deskText.idle, extras: { buttons: [], citations: [] } } : null) }, now)
    return true
  })
  if (isOver) services.wakeOutbox()
}

const note = (transaction: Transaction, actor: Actor, said: { id: string; line: string; told: string; action: string }, now: Date) =>
  moveRequest(
    transaction,
    said.id,
    {
      kind: 'internal',
      note: said.line,
      author: 'staff',
      by: actor.user,
      notice: (_request, reader) => (reader === 'requester' ? { text: said.told, extras: { buttons: [], citations: [] } } : null),
      audit: { action: said.action, detail: '' },
    },
    now,
  )
