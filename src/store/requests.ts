import { randomUUID } from 'node:crypto'
import type { RequestSummary } from '../domain/facts.ts'
import { isAllowedChange, type RequestKind, type RequestStatus } from '../domain/requests.ts'
import { readConversationState } from '../domain/kept-state.ts'
import { SYSTEM, VOLUNTEER } from '../domain/help-text.ts'
import { writeDialogState } from './dialog-state.ts'
import type { Prisma } from './generated/client.ts'
import { queueMessages, type NewOutboxMessage } from './outbox.ts'
import { searchWords, SEARCHED_OF_REQUESTS } from './search-words.ts'
import type { Store, Transaction } from './store.ts'

const WITH_HISTORY = { activities: { orderBy: { at: 'asc' } } } satisfies Prisma.ServiceRequestInclude
export type RequestRecord = Prisma.ServiceRequestGetPayload<{ include: typeof WITH_HISTORY }>

export interface Page<T> {
  items: T[]
  /** Pass it to get the next page; null = this was the last. */
  nextCursor: string | null
}

/**
 * Rows newest first, from a cursor on. The cursor is the id of the last row seen, so that rows that arrive meanwhile neither
 * repeat nor hide one. An unknown cursor gives an empty page.
 */
export async function pageNewestFirst<T extends { id: string; createdAt: Date }>(
  find: (args: { before?: { createdAt: Date; id: string }; take: number }) => Promise<T[]>,
  findCursor: (id: string) => Promise<{ id: string; createdAt: Date } | null>,
  page: { limit: number; cursor?: string },
): Promise<Page<T>> {
  const before = page.cursor === undefined ? undefined : await findCursor(page.cursor)
  if (before === null) return { items: [], nextCursor: null }
  const rows = await find({ take: page.limit + 1, ...(before && { before }) })
  const items = rows.slice(0, page.limit)
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null }
}

/** `where` for rows that come after `before` in newest-first order. */
export const olderThan = (before: { createdAt: Date; id: string } | undefined) =>
  before === undefined ? {} : { OR: [{ createdAt: { lt: before.createdAt } }, { createdAt: before.createdAt, id: { lt: before.id } }] }

export const NEWEST_FIRST = [{ createdAt: 'desc' }, { id: 'desc' }] satisfies Prisma.ServiceRequestOrderByWithRelationInput[]

export interface RequestFilter {
  statuses?: RequestStatus[]
  kinds?: RequestKind[]
  areaCode?: string
  /** Words looked for in number, description, address, name, phone and category. */
  search?: string
}

/** Requests with their history, newest first. */
export function listRequests(store: Store, filter: RequestFilter, page: { limit: number; cursor?: string }): Promise<Page<RequestRecord>> {
  const conditions: Prisma.ServiceRequestWhereInput[] = []
  if (filter.statuses) conditions.push({ status: { in: filter.statuses } })
  if (filter.kinds) conditions.push({ kind: { in: filter.kinds } })
  if (filter.areaCode) conditions.push({ areaCode: filter.areaCode })
  conditions.push(...searchWords(filter.search, SEARCHED_OF_REQUESTS))
  return pageNewestFirst(
    ({ before, take }) => store.read.serviceRequest.findMany({ where: { AND: [...conditions, olderThan(before)] }, orderBy: NEWEST_FIRST, take, include: WITH_HISTORY }),
    (id) => store.read.serviceRequest.findUnique({ where: { id }, select: { id: true, createdAt: true } }),
    page,
  )
}

/** Lines that looking for a volunteer writes: no word of staff. */
const isByItself = ({ by }: { by: string }): boolean => by === SYSTEM || by === VOLUNTEER

/** One request by id or number; null when there is none. */
export function findRequest(store: Store, idOrNumber: string): Promise<RequestRecord | null> {
  return store.read.serviceRequest.findFirst({ where: { OR: [{ id: idOrNumber }, { number: idOrNumber }] }, include: WITH_HISTORY })
}

export const findRequestIn = (transaction: Transaction, id: string): Promise<RequestRecord> => transaction.serviceRequest.findUniqueOrThrow({ where: { id }, include: WITH_HISTORY })

/** A person's own requests, newest first. */
export async function listOwnRequests(store: Store, personId: string, limit = 20): Promise<RequestSummary[]> {
  const accepted = { where: { status: 'accepted' }, select: { volunteer: { select: { name: true, phone: true } } } }
  const rows = await store.read.serviceRequest.findMany({ where: { requesterId: personId }, orderBy: NEWEST_FIRST, take: limit, include: { ...WITH_HISTORY, search: { select: { offers: accepted } } } })
  return rows.map((row) => ({
    ...helperOf(row.search?.offers[0]?.volunteer),
    id: row.id,
    number: row.number,
    kind: row.kind as RequestKind,
    category: row.category,
    status: row.status as RequestStatus,
    description: row.description,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    lastNote: row.activities.findLast((activity) => activity.note !== '' && activity.by !== '居民' && !isByItself(activity))?.note ?? '',
    rating: row.ratingScore,
    address: row.address,
    requesterName: row.requesterName,
    requesterPhone: row.requesterPhone,
  }))
}

const helperOf = (volunteer: { name: string; phone: string } | null | undefined): Pick<RequestSummary, 'helper'> => (volunteer ? { helper: volunteer } : {})

export interface RequestChange {
  id: string
  status: RequestStatus
  note: string
  /** Staff user. */
  by: string
  now: Date
  /** What the resident is told of it; null = nothing. */
  notice: (request: RequestRecord) => Pick<NewOutboxMessage, 'text' | 'extras'> | null
}

export type RequestChangeResult =
  | { outcome: 'changed' | 'unchanged'; request: RequestRecord }
  | { outcome: 'not_found' }
  | { outcome: 'not_allowed'; from: RequestStatus }

/**
 * Changes a request's status as staff do, writes its history and queues the notice to the resident, in one transaction.
 * The same status and note again change nothing; the same status with a new note adds the note and tells it.
 */
export function changeRequest(store: Store, change: RequestChange): Promise<RequestChangeResult> {
  return store.write(async (transaction) => {
    const before = await transaction.serviceRequest.findUnique({ where: { id: change.id }, include: WITH_HISTORY })
    if (!before) return { outcome: 'not_found' }
    const from = before.status as RequestStatus
    if (from === change.status) {
      const last = before.activities.findLast((activity) => activity.status === change.status && !isByItself(activity))
      if (change.note === '' || last?.note === change.note) return { outcome: 'unchanged', request: before }
    } else if (!isAllowedChange(from, change.status)) {
      return { outcome: 'not_allowed', from }
    }
    const activityId = randomUUID()
    await transaction.activity.createMany({ data: [{ id: activityId, requestId: before.id, at: change.now, status: change.status, note: change.note, by: change.by }] })
    const request = await transaction.serviceRequest.update({ where: { id: before.id }, data: { status: change.status, updatedAt: change.now, ...(before.acknowledgedAt === null && { acknowledgedAt: change.now }) }, include: WITH_HISTORY })
    await queueNotice(transaction, request, change, activityId)
    await transaction.auditEntry.createMany({ data: [{ at: change.now, actor: change.by, action: 'change_request', subject: request.number, detail: `${from} -> ${change.status}` }] })
    return { outcome: 'changed', request }
  })
}

/** Tells the resident of a change, and waits for the score where it was the last one. */
export async function queueNotice(transaction: Transaction, request: RequestRecord, change: Pick<RequestChange, 'status' | 'now' | 'notice'>, activityId: string): Promise<void> {
  const notice = change.notice(request)
  if (notice === null || request.conversationId === null) return
  await queueMessages(
    transaction,
    [
      {
        key: `notice:${activityId}`,
        conversationId: request.conversationId,
        ...(request.requesterId !== null && { personId: request.requesterId }),
        requestId: request.id,
        priority: 'notice',
        kind: 'notice',
        isPushed: true,
        ...notice,
      },
    ],
    change.now,
  )
  if (change.status === 'resolved' && request.requesterId !== null) {
    const key = { conversationId: request.conversationId, personId: request.requesterId }
    const kept = await transaction.dialogState.findUnique({ where: { conversationId_personId: key }, select: { state: true } })
    const { value: state } = readConversationState(kept?.state)
    await writeDialogState(transaction, { ...key, state: { ...state, waitingFor: { type: 'rating', question: `notice:${activityId}`, at: change.now.toISOString(), requestId: request.id } }, now: change.now })
  }
}
