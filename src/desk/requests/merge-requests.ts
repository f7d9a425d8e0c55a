import { isEmergency, isFinished, type RequestStatus } from '../../domain/requests/requests.ts'
import type { Transaction } from '../../store/engine/store.ts'
import { addFollower, removeFollowersFrom } from '../../store/requests/followers.ts'
import { moveRequest, type MoveResult } from '../../store/requests/move-request.ts'
import { findRequestIn, type RequestRecord } from '../../store/requests/requests.ts'
import type { Actor } from '../actor.ts'
import type { DeskServices } from '../services.ts'
import { ifSeen, readNote, refusedMove, type NoteTooLong, type NotFound, type Stale } from './outcomes.ts'
import { deskText } from './text.ts'

export interface Merging {
  id: string
  /** Number of the request that it goes into. */
  into: string
  /** Told with it to those of the request that goes. */
  note?: string
  /** What the actor last saw of it. */
  ifUpdatedAt?: Date
}

/** Why two requests do not become one. `number`: of the request that the sentence is about. */
export interface MayNotMerge {
  outcome: 'may_not_merge'
  why: 'no_target' | 'itself' | 'unknown' | 'circle' | 'target_merged' | 'target_ended' | 'merged_already' | 'emergency' | 'not_merged' | 'target_went_on'
  number: string
}

type NotAllowed = Extract<MoveResult, { outcome: 'not_allowed' }>
export type MergingResult = { outcome: 'merged'; request: RequestRecord } | MayNotMerge | NotAllowed | NotFound | NoteTooLong | Stale
export type UnmergingResult = { outcome: 'unmerged'; request: RequestRecord } | MayNotMerge | NotFound | Stale

/**
 * Two reports of one thing become one request: the merged one ends and keeps its history, and its requester and followers are told
 * of the other from now on, as they are told once. The same again changes nothing.
 */
export async function mergeRequests(services: DeskServices, actor: Actor, merging: Merging): Promise<MergingResult> {
  const result = await services.store.write((transaction) => mergeIn(transaction, actor, merging, services.now()))
  if (result.outcome === 'merged') services.wakeOutbox()
  return result
}

/** The same within a transaction that does more. */
export async function mergeIn(transaction: Transaction, actor: Actor, merging: Merging, now: Date): Promise<MergingResult> {
  const read = readNote(merging.note ?? '')
  if (!('note' in read)) return read
  const source = await findRequestIn(transaction, merging.id)
  if (source === null) return { outcome: 'not_found' }
  const number = merging.into.trim().toUpperCase()
  const target = await transaction.serviceRequest.findUnique({ where: { number }, select: { id: true, number: true, kind: true, status: true, mergedInto: { select: { id: true, number: true } } } })
  if (target === null) return { outcome: 'may_not_merge', why: 'unknown', number }
  if (source.mergedIntoId === target.id) return { outcome: 'merged', request: source }
  const why = whyNot(source, target)
  if (why !== null) return why
  const moved = await moveRequest(
    transaction,
    source.id,
    {
      kind: 'status',
      to: 'merged',
      note: deskText.mergedInto(target.number, read.note),
      author: 'staff',
      by: actor.user,
      values: { mergedIntoId: target.id },
      notice: (request, reader) => ({ text: deskText.mergedNotice(request, target.number, read.note, reader) }),
      audit: { action: 'merge_request', detail: `-> ${target.number}` },
      ...ifSeen(merging.ifUpdatedAt),
    },
    now,
  )
  if (moved.outcome === 'not_allowed') return moved
  if (moved.outcome !== 'moved') return refusedMove(moved, merging.ifUpdatedAt)
  const { requesterId, conversationId, followers } = source
  const told = [...(requesterId !== null && conversationId !== null ? [{ personId: requesterId, conversationId }] : []), ...followers]
  for (const { personId, conversationId: where } of told) await addFollower(transaction, { requestId: target.id, personId, conversationId: where, followsFromId: source.id, since: now })
  await moveRequest(transaction, target.id, { kind: 'correction', note: deskText.mergedHere(source.number), author: 'staff', by: actor.user }, now)
  return { outcome: 'merged', request: moved.request }
}

function whyNot(source: RequestRecord, target: { id: string; number: string; kind: string; status: string; mergedInto: { id: string; number: string } | null }): MayNotMerge | null {
  const refuse = (why: MayNotMerge['why'], number: string): MayNotMerge => ({ outcome: 'may_not_merge', why, number })
  if (source.id === target.id) return refuse('itself', target.number)
  if (target.mergedInto?.id === source.id) return refuse('circle', target.number)
  if (source.mergedInto !== null) return refuse('merged_already', source.mergedInto.number)
  // In which none leads to one that was merged itself, there is no circle.
  if (target.mergedInto !== null) return refuse('target_merged', target.mergedInto.number)
  if (isFinished(target)) return refuse('target_ended', target.number)
  // What is said of an emergency alerts staff, and is answered with what to do: of what is none it would not, and the other way round it would for nothing.
  if (isEmergency(source) !== isEmergency(target)) return refuse('emergency', isEmergency(source) ? source.number : target.number)
  return null
}

/** Takes a merge back: the request is as it was before, and those who came with it follow the other no more, as they are told once. */
export async function unmergeRequest(services: DeskServices, actor: Actor, undo: { id: string; ifUpdatedAt?: Date }): Promise<UnmergingResult> {
  const result = await services.store.write((transaction) => unmergeIn(transaction, actor, undo, services.now()))
  if (result.outcome === 'unmerged') services.wakeOutbox()
  return result
}

/** The same within a transaction that does more. */
export async function unmergeIn(transaction: Transaction, actor: Actor, { id, ifUpdatedAt: seen }: { id: string; ifUpdatedAt?: Date }, now: Date): Promise<UnmergingResult> {
  const source = await findRequestIn(transaction, id)
  if (source === null) return { outcome: 'not_found' }
  const { mergedInto } = source
  if (mergedInto === null) return { outcome: 'may_not_merge', why: 'not_merged', number: source.number }
  const target = await transaction.serviceRequest.findUniqueOrThrow({ where: { id: mergedInto.id }, select: { mergedInto: { select: { number: true } } } })
  // Those who came with it are told of a third one by now.
  if (target.mergedInto !== null) return { outcome: 'may_not_merge', why: 'target_went_on', number: mergedInto.number }
  const before = source.activities.findLast(({ status }) => status !== 'merged')?.status ?? 'submitted'
  const moved = await moveRequest(
    transaction,
    id,
    {
      kind: 'status',
      to: before as RequestStatus,
      takesBack: true,
      note: deskText.unmergedFrom(mergedInto.number),
      author: 'staff',
      by: actor.user,
      values: { mergedIntoId: null },
      notice: (request, reader) => ({ text: deskText.unmergedNotice(request, mergedInto.number, reader) }),
      audit: { action: 'unmerge_request', detail: `<- ${mergedInto.number}` },
      ...ifSeen(seen),
    },
    now,
  )
  // It takes back, so the flow refuses nothing.
  if (moved.outcome === 'not_allowed') throw new Error('A move that takes back was refused.')
  if (moved.outcome !== 'moved') return refusedMove(moved, seen)
  await removeFollowersFrom(transaction, { requestId: mergedInto.id, followsFromId: id })
  await moveRequest(transaction, mergedInto.id, { kind: 'correction', note: deskText.unmergedHere(source.number), author: 'staff', by: actor.user }, now)
  return { outcome: 'unmerged', request: moved.request }
}
