import { readDraftState, type DraftState } from '../../domain/kept-state.ts'
import type { RequestKind, RequestStatus } from '../../domain/requests/requests.ts'
import { fromJson } from '../engine/json.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** The request that a message's words went into. */
export interface FedRequest {
  id: string
  number: string
  kind: RequestKind
  status: RequestStatus
  rating: number | null
  /** When a correction of it was last written into its history; null = never. */
  lastCorrectedAt: Date | null
}

/** What a message led to; at most one of them. */
export interface Fed {
  request?: FedRequest
  /** Number of a volunteer who is still registered. */
  volunteer?: string
  /** An open form in the sender's private conversation, when the message stands in a group. */
  draft?: DraftState
}

/** How a line of a request's history begins that tells of a corrected message. */
export const CORRECTION = '居民修改了消息'

/** Remembers into which record's words these messages went: `number` is a request's or a volunteer's. */
export async function noteFed(transaction: Transaction, inboundIds: readonly string[], number: string): Promise<void> {
  for (const id of inboundIds) await transaction.$executeRaw`UPDATE "InboundMessage" SET "recordNumber" = ${number} WHERE "id" = ${id}`
}

/** What the earlier version of a message led to, as far as it is the same person's. */
export async function findFed(store: Store, earlier: { inboundId: string; recordNumber: string | null }, of: { personId: string; isInGroup: boolean }): Promise<Fed> {
  const { recordNumber } = earlier
  if (recordNumber?.startsWith('SR-') === true) return findFedRequest(store, recordNumber, of.personId)
  if (recordNumber !== null) {
    const volunteer = await store.read.volunteer.findFirst({ where: { number: recordNumber, personId: of.personId, status: { not: 'left' } }, select: { number: true } })
    return volunteer === null ? {} : { volunteer: volunteer.number }
  }
  return of.isInGroup ? findFedDraft(store, earlier.inboundId, of.personId) : {}
}

async function findFedRequest(store: Store, number: string, personId: string): Promise<Fed> {
  const row = await store.read.serviceRequest.findFirst({
    where: { number, requesterId: personId },
    select: { id: true, kind: true, status: true, ratingScore: true, activities: { where: { note: { startsWith: CORRECTION } }, orderBy: { at: 'desc' }, take: 1, select: { at: true } } },
  })
  if (row === null) return {}
  return { request: { id: row.id, number, kind: row.kind as RequestKind, status: row.status as RequestStatus, rating: row.ratingScore, lastCorrectedAt: row.activities[0]?.at ?? null } }
}

async function findFedDraft(store: Store, inboundId: string, personId: string): Promise<Fed> {
  const rows = await store.read.draft.findMany({ where: { personId, conversation: { kind: 'private' } }, select: { state: true } })
  const draft = rows.map((row) => readDraftState(fromJson(row.state)).value).find((state) => state?.messageIds.includes(inboundId))
  return draft == null ? {} : { draft }
}
