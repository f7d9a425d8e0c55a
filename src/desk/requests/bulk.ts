import { randomUUID } from 'node:crypto'
import { isEmergency, type RequestStatus } from '../../domain/requests/requests.ts'
import { callBackNotices, findLastBulk, insertBulk, markUndone, type BulkChange, type BulkRecord } from '../../store/requests/bulk-actions.ts'
import type { Store, Transaction } from '../../store/engine/store.ts'
import { moveRequest } from '../../store/requests/move-request.ts'
import { findRequestIn, type RequestRecord } from '../../store/requests/requests.ts'
import type { Actor } from '../actor.ts'
import type { CatalogueServices, DeskServices } from '../services.ts'
import { editWithin, type Edit, type EditRefusal } from './edit-request.ts'
import { readNote, type NoteTooLong } from './outcomes.ts'
import { deskText } from './text.ts'

/** For so long the last one can be taken back: residents are told when that is over. */
export const UNDO_MS = 60_000
export const MOST_AT_ONCE = 100

/** What is done to each of several requests. */
export interface Bulk {
  ids: readonly string[]
  /** A staff user; null = nobody. */
  assignee?: string | null
  status?: RequestStatus
  /** Told to requester and followers. */
  note?: string
  internalNote?: string
}

export interface BulkRefusal {
  id: string
  /** null = there is no such request. */
  request: RequestRecord | null
  /** `emergency`: each wants somebody's whole attention. */
  why: EditRefusal | { outcome: 'emergency' }
}

export type BulkResult = { outcome: 'done'; changed: RequestRecord[]; unchanged: RequestRecord[]; refused: BulkRefusal[] } | { outcome: 'no_requests' | 'nothing_to_do' | 'too_many' } | NoteTooLong

/** Does the same to several requests, in one transaction: what can't be done to one is said of that one, and the others are done. What is not reported as done was not done. */
export async function editSeveral(services: CatalogueServices, actor: Actor & { staffId: string }, bulk: Bulk): Promise<BulkResult> {
  const ids = [...new Set(bulk.ids)]
  if (ids.length === 0) return { outcome: 'no_requests' }
  if (ids.length > MOST_AT_ONCE) return { outcome: 'too_many' }
  const note = readNote(bulk.note ?? '')
  if (!('note' in note)) return note
  const internal = readNote(bulk.internalNote ?? '')
  if (!('note' in internal)) return internal
  if (bulk.assignee === undefined && bulk.status === undefined && note.note === '' && internal.note === '') return { outcome: 'nothing_to_do' }
  const at = services.now()
  const edit = {
    ...(bulk.assignee !== undefined && { assignee: bulk.assignee }),
    ...(bulk.status !== undefined && { status: bulk.status }),
    ...(note.note !== '' && { note: note.note }),
    ...(internal.note !== '' && { internalNote: internal.note }),
    tellsAt: new Date(at.getTime() + UNDO_MS),
  } satisfies Omit<Edit, 'id'>
  const done = await services.store.write(async (transaction) => {
    const rows: BulkRows = { changed: [], unchanged: [], refused: [] }
    const changes: BulkChange[] = []
    for (const id of ids) changes.push(...(await editOne(transaction, services, actor, { id, ...edit }, rows)))
    await insertBulk(transaction, { id: randomUUID(), staffId: actor.staffId, at, changes })
    return rows
  })
  if (done.changed.length > 0) services.wakeOutbox()
  return { outcome: 'done', ...done }
}

type BulkRows = Omit<Extract<BulkResult, { outcome: 'done' }>, 'outcome'>

/** @returns what it takes to take it back; [] where nothing was changed */
async function editOne(transaction: Transaction, services: CatalogueServices, actor: Actor, edit: Edit, rows: BulkRows): Promise<BulkChange[]> {
  const before = await findRequestIn(transaction, edit.id)
  const result = before !== null && isEmergency(before) ? ({ outcome: 'emergency' } as const) : await editWithin(transaction, services, actor, edit)
  if (result.outcome !== 'edited') {
    rows.refused.push({ id: edit.id, request: before, why: result })
    return []
  }
  if (before === null || !hasChanged(before, result.request)) {
    rows.unchanged.push(result.request)
    return []
  }
  rows.changed.push(result.request)
  return [changeOf(before, result.request)]
}

const hasChanged = (before: RequestRecord, after: RequestRecord): boolean => before.updatedAt.getTime() !== after.updatedAt.getTime()

function changeOf(before: RequestRecord, after: RequestRecord): BulkChange {
  const known = new Set(before.activities.map(({ id }) => id))
  return {
    requestId: after.id,
    number: after.number,
    status: before.status,
    assigneeId: before.assigneeId,
    level: before.level,
    levelSince: before.levelSince?.toISOString() ?? null,
    lines: after.activities.map(({ id }) => id).filter((id) => !known.has(id)),
    updatedAt: after.updatedAt.toISOString(),
  }
}

/** What a member of staff did last to several requests, while it can be taken back; null = nothing. */
export async function findUndoable(store: Store, staffId: string, now: Date): Promise<BulkRecord | null> {
  const last = await findLastBulk(store.read, staffId)
  return last !== null && isUndoable(last, now) ? last : null
}

const isUndoable = ({ at, undoneAt, changes }: BulkRecord, now: Date): boolean => undoneAt === null && changes.length > 0 && now.getTime() - at.getTime() < UNDO_MS

export type UndoResult = { outcome: 'undone'; restored: string[]; left: string[] } | { outcome: 'too_late' }

/**
 * Takes back the last thing that the actor did to several requests, within a minute: status and assignee are as before, and nobody
 * is told. The lines stay in the histories. `left`: numbers of those that somebody has changed since.
 */
export async function undoLastBulk(services: DeskServices, actor: Actor & { staffId: string }): Promise<UndoResult> {
  const now = services.now()
  return services.store.write(async (transaction): Promise<UndoResult> => {
    const last = await findLastBulk(transaction, actor.staffId)
    if (last === null || !isUndoable(last, now)) return { outcome: 'too_late' }
    const restored: string[] = []
    const left: string[] = []
    for (const change of last.changes) (((await restore(transaction, actor, change, now)) ? restored : left).push(change.number))
    await markUndone(transaction, last.id, now)
    return { outcome: 'undone', restored, left }
  })
}

async function restore(transaction: Transaction, actor: Actor, change: BulkChange, now: Date): Promise<boolean> {
  const moved = await moveRequest(
    transaction,
    change.requestId,
    {
      kind: 'status',
      to: change.status as RequestStatus,
      takesBack: true,
      note: deskText.bulkUndone,
      author: 'staff',
      by: actor.user,
      values: { assigneeId: change.assigneeId, ...(change.level !== undefined && { level: change.level }), ...(change.levelSince !== undefined && { levelSince: change.levelSince === null ? null : new Date(change.levelSince) }) },
      audit: { action: 'bulk_undo', detail: '' },
      ifUpdatedAt: new Date(change.updatedAt),
    },
    now,
  )
  if (moved.outcome !== 'moved') return false
  await callBackNotices(transaction, change.lines)
  return true
}
