import { randomUUID } from 'node:crypto'
import { readConversationState } from '../../domain/kept-state.ts'
import type { NewRequest } from '../../domain/messages/outcome.ts'
import { isAllowedChange, isFinished, isWaiting, type ActivityAuthor, type ActivityKind, type RequestStatus } from '../../domain/requests/requests.ts'
import { closeAlertsOf } from '../duty/alert-close.ts'
import { writeDialogState } from '../conversations/dialog-state.ts'
import { nextNumber } from '../engine/numbers.ts'
import { searchTextOf } from '../engine/search-words.ts'
import type { Transaction } from '../engine/store.ts'
import type { ServiceRequest } from '../generated/client.ts'
import { queueMessages, type NewOutboxMessage } from '../outbox/outbox.ts'
import { queueWebhook } from '../webhooks/webhooks.ts'
import { WITH_HISTORY, type RequestRecord } from './requests.ts'

/** Who writes a line of a request's history. */
export interface Writer {
  author: ActivityAuthor
  /** As it is shown: a staff user, or one of AUTHOR_NAMES. */
  by: string
  /** The resident whose words the line holds. */
  personId?: string
}

/** Whom a notice is for: the requester, or somebody who follows the request. */
export type NoticeReader = 'requester' | 'follower'

export type Notice = Pick<NewOutboxMessage, 'text' | 'extras' | 'notBefore'>

/** What may change with a line besides the status and its dates. */
export type RequestValues = Partial<Omit<ServiceRequest, 'id' | 'number' | 'channel' | 'status' | 'createdAt' | 'updatedAt' | 'waitingSince' | 'finishedAt' | 'searchText'>>

/** One step of a request: always one line of its history, with whatever changes by it. */
export interface Move extends Writer {
  kind: ActivityKind
  note: string
  /** Where it goes; absent = it stays where it is. */
  to?: RequestStatus
  /** Other values that are different from this line on. */
  values?: RequestValues
  /** What requester and followers are told of it, from the request as it is afterwards; null or absent = nothing. */
  notice?: (request: RequestRecord, reader: NoticeReader) => Notice | null
  /** What staff see in their forms stays as it is, so that none goes stale by it: `updatedAt` is left alone. */
  isQuiet?: true
  /** It takes an earlier move back: the flow is not asked. */
  takesBack?: true
  /** What the caller last saw of it: refused when the request has changed since. */
  ifUpdatedAt?: Date
  /** Id of the line; absent = a new one. The key of its notice is `notice:` and this. */
  lineId?: string
  /** The line of the audit log; absent = none. */
  audit?: { action: string; detail: string }
}

export type MoveResult =
  | { outcome: 'moved'; request: RequestRecord; before: RequestRecord; lineId: string }
  /** Nothing was written. */
  | { outcome: 'not_allowed'; from: RequestStatus; request: RequestRecord }
  | { outcome: 'stale'; request: RequestRecord }
  | { outcome: 'not_found' }

/** What the desk notes for itself is no change that others hear of. */
const WITHIN_THE_DESK: readonly ActivityKind[] = ['internal', 'alert']
/** Staff who do this have seen it. */
const ACKNOWLEDGING: readonly ActivityKind[] = ['status', 'staff_note', 'alert']

/**
 * The one writer of a request's status and history: for residents, staff, volunteers and the program itself. Checks the flow,
 * keeps the dates that hang on the status, writes the line, and queues what requester and followers are told. Lines of one
 * request never share an instant, so that `updatedAt` says which state somebody has seen.
 */
export async function moveRequest(transaction: Transaction, id: string, move: Move, now: Date): Promise<MoveResult> {
  const before = await transaction.serviceRequest.findUnique({ where: { id }, include: WITH_HISTORY })
  if (before === null) return { outcome: 'not_found' }
  if (move.ifUpdatedAt !== undefined && before.updatedAt.getTime() !== move.ifUpdatedAt.getTime()) return { outcome: 'stale', request: before }
  const from = before.status as RequestStatus
  const status = move.to ?? from
  if (status !== from && !move.takesBack && !isAllowedChange(from, status)) return { outcome: 'not_allowed', from, request: before }
  const at = afterAll(before, now)
  const lineId = move.lineId ?? randomUUID()
  await writeLine(transaction, { id: lineId, requestId: id, at, status, move })
  const data = { ...move.values, ...(move.values !== undefined && { searchText: searchTextOf({ ...before, ...move.values }) }), status, updatedAt: move.isQuiet ? before.updatedAt : at, ...datesOf({ before, status, at }), ...(before.acknowledgedAt === null && move.author === 'staff' && ACKNOWLEDGING.includes(move.kind) && { acknowledgedAt: at }) }
  const row = await transaction.serviceRequest.update({ where: { id }, data })
  if (!WITHIN_THE_DESK.includes(move.kind)) await queueWebhook(transaction, { type: 'request.updated', number: row.number, status, at })
  const line = { id: lineId, requestId: id, at, status, kind: move.kind, author: move.author, by: move.by, note: move.note, personId: move.personId ?? null }
  // Its history is what it was and this line; whom it hangs on is looked up where that is somebody else now.
  const hangsOnOthers = row.assigneeId !== before.assigneeId || row.mergedIntoId !== before.mergedIntoId
  const request = hangsOnOthers ? await transaction.serviceRequest.findUniqueOrThrow({ where: { id }, include: WITH_HISTORY }) : { ...before, ...row, activities: [...before.activities, line] }
  if (move.author === 'staff' && ACKNOWLEDGING.includes(move.kind)) await closeAlertsOf(transaction, { requestId: id, user: move.by, now })
  if (move.notice !== undefined) await tellOfMove(transaction, request, { ...move, notice: move.notice, lineId, isResolved: status === 'resolved' && from !== 'resolved' }, now)
  if (move.takesBack && from === 'resolved' && status !== 'resolved') await dropRating(transaction, request, now)
  if (move.audit !== undefined) await transaction.auditEntry.createMany({ data: [{ at: now, actor: move.by, action: move.audit.action, subject: request.number, detail: move.audit.detail }] })
  return { outcome: 'moved', request, before, lineId }
}

/** Now, or just after the last line. */
function afterAll({ updatedAt, activities }: RequestRecord, now: Date): Date {
  const last = Math.max(updatedAt.getTime(), activities.at(-1)?.at.getTime() ?? 0)
  return now.getTime() > last ? now : new Date(last + 1)
}

function datesOf({ before, status, at }: { before: RequestRecord; status: RequestStatus; at: Date }): { waitingSince: Date | null; finishedAt: Date | null } {
  return {
    waitingSince: isWaiting({ status }) ? (isWaiting(before) ? before.waitingSince : at) : null,
    finishedAt: isFinished({ status }) ? (isFinished(before) ? before.finishedAt : at) : null,
  }
}

const writeLine = (transaction: Transaction, line: { id: string; requestId: string; at: Date; status: string; move: Pick<Move, 'kind' | 'author' | 'by' | 'note' | 'personId'> }) => {
  const { id, requestId, at, status, move } = line
  return transaction.$executeRaw`
    INSERT INTO "Activity" ("id", "requestId", "at", "kind", "author", "status", "note", "by", "personId")
    VALUES (${id}, ${requestId}, ${at}, ${move.kind}, ${move.author}, ${status}, ${move.note}, ${move.by}, ${move.personId ?? null})`
}

/** A request that is filed: where and by whom. */
export interface Filing extends Writer {
  channel: string
  requesterId: string | null
  /** Where the resident is told what becomes of it; null = nowhere. */
  conversationId: string | null
}

/** Makes a request with the first line of its history; returns its id and number. */
export async function insertRequest(transaction: Transaction, request: NewRequest, filing: Filing, now: Date): Promise<{ id: string; number: string }> {
  const id = randomUUID()
  const number = await nextNumber(transaction, 'SR', now)
  const { channel, requesterId, conversationId, ...writer } = filing
  await transaction.serviceRequest.create({ data: { id, number, ...request, status: 'submitted', channel, requesterId, conversationId, searchText: searchTextOf({ number, ...request }), createdAt: now, updatedAt: now }, select: { id: true } })
  await writeLine(transaction, { id: randomUUID(), requestId: id, at: now, status: 'submitted', move: { ...writer, kind: 'status', note: '' } })
  await queueWebhook(transaction, { type: 'request.created', number, status: 'submitted', at: now })
  return { id, number }
}

/** Takes out of all histories what this person said, if one is named, and all that was written about these requests. The lines themselves stay. */
export async function blankHistory(transaction: Transaction, { personId, requestIds }: { personId?: string; requestIds: string[] }): Promise<void> {
  await transaction.activity.updateMany({ where: { OR: [...(personId === undefined ? [] : [{ personId }]), { requestId: { in: requestIds } }] }, data: { note: '', personId: null } })
}

/** Takes somebody's particulars out of what others wrote: telephones from everywhere, names from what is not a resident's own word. */
export async function scrubHistories(transaction: Transaction, { needles, phones, scrub }: { needles: readonly string[]; phones: readonly string[]; scrub: (text: string) => string }): Promise<void> {
  const holds = (words: readonly string[]) => ({ OR: words.map((word) => ({ note: { contains: word } })) })
  const lines = await transaction.activity.findMany({ where: { OR: [{ ...holds(needles), author: { not: 'resident' } }, ...(phones.length > 0 ? [holds(phones)] : [])] }, select: { id: true, note: true } })
  for (const { id, note } of lines) await transaction.activity.updateMany({ where: { id }, data: { note: scrub(note) } })
}

/** Tells requester and followers, each where they are told of it; whose score is asked for is waited for. */
async function tellOfMove(transaction: Transaction, request: RequestRecord, told: { notice: NonNullable<Move['notice']>; lineId: string; isResolved: boolean }, now: Date): Promise<void> {
  const { lineId, notice } = told
  const rows: NewOutboxMessage[] = []
  const add = (reader: NoticeReader, key: string, to: { conversationId: string; personId: string | null }) => {
    const words = notice(request, reader)
    if (words === null) return false
    rows.push({ ...words, key, conversationId: to.conversationId, ...(to.personId !== null && { personId: to.personId }), requestId: request.id, priority: 'notice', kind: 'notice', isPushed: true })
    return true
  }
  const { conversationId, requesterId } = request
  const key = `notice:${lineId}`
  const isRequesterTold = conversationId !== null && add('requester', key, { conversationId, personId: requesterId })
  for (const follower of request.followers) if (follower.personId !== requesterId) add('follower', `${key}:${follower.personId}`, follower)
  await queueMessages(transaction, rows, now)
  if (isRequesterTold && requesterId !== null && told.isResolved) await awaitRating(transaction, { conversationId, personId: requesterId }, { question: key, requestId: request.id }, now)
}

async function awaitRating(transaction: Transaction, key: { conversationId: string; personId: string }, of: { question: string; requestId: string }, now: Date): Promise<void> {
  const kept = await transaction.dialogState.findUnique({ where: { conversationId_personId: key }, select: { state: true } })
  const { value: state } = readConversationState(kept?.state)
  await writeDialogState(transaction, { ...key, state: { ...state, waitingFor: { type: 'rating', ...of, at: now.toISOString() } }, now })
}

/** What was taken back is not rated. */
async function dropRating(transaction: Transaction, { id, conversationId, requesterId }: RequestRecord, now: Date): Promise<void> {
  if (conversationId === null || requesterId === null) return
  const key = { conversationId, personId: requesterId }
  const kept = await transaction.dialogState.findUnique({ where: { conversationId_personId: key }, select: { state: true } })
  const { waitingFor, ...state } = readConversationState(kept?.state).value
  if (waitingFor?.type === 'rating' && waitingFor.requestId === id) await writeDialogState(transaction, { ...key, state, now })
}
