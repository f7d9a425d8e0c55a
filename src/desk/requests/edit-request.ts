import type { RequestStatus } from '../../domain/requests/requests.ts'
import { attempt, type Transaction } from '../../store/engine/store.ts'
import { findRequestIn, type RequestRecord } from '../../store/requests/requests.ts'
import type { Actor } from '../actor.ts'
import type { CatalogueServices } from '../services.ts'
import { assignIn, type AssignmentResult } from './assign-request.ts'
import { changeIn, type RequestChangeResult } from './change-request.ts'
import { correctIn, type Correction, type CorrectionResult } from './correct-request.ts'
import { mergeIn, unmergeIn, type MergingResult, type UnmergingResult } from './merge-requests.ts'
import { noteIn, type InternalNoteResult } from './note-internally.ts'
import { toStale } from './outcomes.ts'

/** Several things done to a request at once: all of them, or none. */
export interface Edit {
  id: string
  status?: RequestStatus
  /** Told to requester and followers. */
  note?: string
  internalNote?: string
  /** A staff user; null = nobody. */
  assignee?: string | null
  correction?: Omit<Correction, 'id' | 'ifUpdatedAt'>
  /** Number of the request that it goes into; null = it is taken out again. */
  mergeInto?: string | null
  ifUpdatedAt?: Date
  /** Requester and followers are not told before then. */
  tellsAt?: Date
}

type Parts = RequestChangeResult | AssignmentResult | CorrectionResult | InternalNoteResult | MergingResult | UnmergingResult
export type EditRefusal = Exclude<Parts, { outcome: 'changed' | 'unchanged' | 'assigned' | 'corrected' | 'noted' | 'merged' | 'unmerged' }>
export type EditResult = { outcome: 'edited'; request: RequestRecord } | EditRefusal

const DONE = ['changed', 'unchanged', 'assigned', 'corrected', 'noted', 'merged', 'unmerged'] as const
const isRefusal = (result: Parts): result is EditRefusal => !(DONE as readonly string[]).includes(result.outcome)

/** Takes back what was done before in the same transaction. */
class RefusedEdit extends Error {
  readonly refusal: EditRefusal
  constructor(refusal: EditRefusal) {
    super(refusal.outcome)
    this.refusal = refusal
  }
}

/** Does what is said, first what the request is and whose, then what becomes of it; where one part is refused, nothing is done. */
export async function editRequest(services: CatalogueServices, actor: Actor, edit: Edit): Promise<EditResult> {
  const result = await orRefusal(() => services.store.write((transaction) => editIn(transaction, services, actor, edit)))
  if (result.outcome === 'edited') services.wakeOutbox()
  return result
}

/** The same within a transaction that does more: a refusal takes back what this edit wrote, and nothing else. */
export const editWithin = (transaction: Transaction, services: CatalogueServices, actor: Actor, edit: Edit): Promise<EditResult> => orRefusal(() => attempt(transaction, () => editIn(transaction, services, actor, edit)))

async function orRefusal(edit: () => Promise<RequestRecord>): Promise<EditResult> {
  try {
    return { outcome: 'edited', request: await edit() }
  } catch (error) {
    if (error instanceof RefusedEdit) return error.refusal
    throw error
  }
}

async function editIn(transaction: Transaction, services: CatalogueServices, actor: Actor, edit: Edit): Promise<RequestRecord> {
  const { id, ifUpdatedAt: seen } = edit
  const now = services.now()
  const insist = (result: Parts): void => {
    if (isRefusal(result)) throw new RefusedEdit(result)
  }
  const known = await findRequestIn(transaction, id)
  if (known === null) throw new RefusedEdit({ outcome: 'not_found' })
  // What this edit itself does to it must not make it stale.
  if (seen !== undefined && known.updatedAt.getTime() !== seen.getTime()) throw new RefusedEdit(toStale(known, seen))
  if (edit.correction !== undefined) insist(await correctIn(transaction, services, actor, { id, ...edit.correction }, now))
  // Who names the assignee knows whose it is.
  if (edit.assignee !== undefined) insist(await assignIn(transaction, actor, { id, to: edit.assignee, takesOver: true }, now))
  if (edit.internalNote !== undefined) insist(await noteIn(transaction, actor, { id, note: edit.internalNote }, now))
  // A status of its own comes with being merged, and the words to the resident go with it.
  const merges = typeof edit.mergeInto === 'string' && (edit.status === undefined || edit.status === 'merged')
  if (merges) insist(await mergeIn(transaction, actor, { id, into: edit.mergeInto ?? '', note: edit.note ?? '' }, now))
  else if (edit.mergeInto === null) insist(await unmergeIn(transaction, actor, { id }, now))
  if (!merges && (edit.status !== undefined || (edit.note ?? '') !== '')) insist(await changeIn(transaction, actor, { id, note: edit.note ?? '', ...(edit.status !== undefined && { status: edit.status }), ...(edit.tellsAt !== undefined && { tellsAt: edit.tellsAt }) }, { now, areas: services.areas }))
  if (!merges && typeof edit.mergeInto === 'string') insist(await mergeIn(transaction, actor, { id, into: edit.mergeInto }, now))
  return (await findRequestIn(transaction, id)) ?? known
}
