import { residentText } from '../../domain/office/alert-text.ts'
import { StoreError } from '../../domain/errors.ts'
import type { TurnContext } from '../../domain/office/facts.ts'
import type { RequestCorrection } from '../../domain/kept-state.ts'
import type { Change } from '../../domain/messages/outcome.ts'
import { AUTHOR_NAMES, isEmergency, isWaiting, OPEN_STATUSES } from '../../domain/requests/requests.ts'
import { raiseAlert, type Said } from '../duty/alerts.ts'
import type { Transaction } from '../engine/store.ts'
import { addPhotos } from '../requests/add-photos.ts'
import { addFollower, throughMerges } from '../requests/followers.ts'
import { noteFed } from '../requests/fed-records.ts'
import { moveRequest, type Move, type MoveResult } from '../requests/move-request.ts'
import { joinPhotos } from '../requests/photos.ts'
import type { RequestRecord } from '../requests/requests.ts'
import { tellStaff } from '../staff/staff-notices.ts'
import { prolongTakeover } from './takeover.ts'

/** What a resident does to requests of their own needs of the turn. */
export interface OwnTurn {
  context: TurnContext
  now: Date
  numbers: {
    requests: string[]
    /** What came of an alert, as a sentence. */
    alert?: string
  }
}

export const residentOf = ({ context }: Pick<OwnTurn, 'context'>) => ({ author: 'resident', by: AUTHOR_NAMES.resident, personId: context.person.id }) as const

/** An emergency, or more of it: in the transaction that writes it down, staff are alerted. */
export async function alertStaff(transaction: Transaction, requestId: string, said: Omit<Said, 'requestId' | 'by' | 'now'>, turn: OwnTurn): Promise<void> {
  const told = await raiseAlert(transaction, { ...said, requestId, by: AUTHOR_NAMES.resident, now: turn.now })
  if (told !== null) turn.numbers.alert = (told.isAgain ? residentText.toldAgain : residentText.told)(told, told.names, told.call)
}

/**
 * A line of the resident's own in a request of theirs, or one that they follow; of one that was merged, in that which it went into.
 * The message counts as told there.
 * @throws {StoreError} when it is neither
 */
export async function moveOwn(transaction: Transaction, named: string, turn: OwnTurn, move: Pick<Move, 'kind' | 'to' | 'note' | 'values'>): Promise<MoveResult> {
  const personId = turn.context.person.id
  const requestId = await throughMerges(transaction, named)
  const own = await transaction.$queryRaw<unknown[]>`
    SELECT r."id" FROM "ServiceRequest" r WHERE r."id" = ${requestId} AND (r."requesterId" = ${personId} OR EXISTS (SELECT 1 FROM "RequestFollower" f WHERE f."requestId" = r."id" AND f."personId" = ${personId}))`
  if (own.length === 0) throw new StoreError(`The request ${named} is not this person's any more.`)
  const moved = await moveRequest(transaction, requestId, { ...residentOf(turn), ...move }, turn.now)
  if (moved.outcome === 'moved') await noteFed(transaction, [turn.context.inboundId], moved.request.number)
  return moved
}

/** Of a request of this person's, or one that they follow. What comes with a report stands with it; what comes later has a line of its own. */
export async function putPhotos(transaction: Transaction, { request: which, messageIds }: Extract<Change, { type: 'add_photos' }>, turn: OwnTurn): Promise<void> {
  const where = which === 'new' ? { number: turn.numbers.requests[0] ?? '' } : which
  const personId = turn.context.person.id
  const request = await transaction.serviceRequest.findFirst({ where: { ...where, OR: [{ requesterId: personId }, { followers: { some: { personId } } }] }, select: { id: true, number: true, status: true } })
  if (request === null) return
  if (which === 'new') await joinPhotos(transaction, { requestId: request.id, inboundIds: messageIds, now: turn.now })
  else await addPhotos(transaction, { request, personId, inboundIds: messageIds, now: turn.now })
  await noteFed(transaction, messageIds, request.number)
}

type SaidOfOwn = Omit<Extract<Change, { type: 'note_on_request' }>, 'type'> & { values?: NonNullable<Move['values']>; isSafe?: true }

/** What the resident says of a request of theirs: the words, what they put right, and word to whoever has it; of an emergency staff are alerted. */
export async function sayOfOwn(transaction: Transaction, said: SaidOfOwn, turn: OwnTurn): Promise<void> {
  const { requestId, note, to, correction = {}, urges, values, call, isSafe } = said
  const line = { kind: 'resident', note, values: { ...values, ...(urges && { urgedAt: turn.now }) } } as const
  const moved = await moveOwn(transaction, requestId, turn, to === undefined ? line : { ...line, to })
  // Staff have moved it on in the same moment: the words are kept all the same.
  const noted = moved.outcome === 'not_allowed' ? await moveOwn(transaction, requestId, turn, line) : moved
  if (noted.outcome !== 'moved') return
  const { lineId, before, request } = noted
  const put = correctionOf(request, correction)
  if (put !== null) await moveRequest(transaction, request.id, { ...residentOf(turn), kind: 'correction', ...put }, turn.now)
  if (isEmergency(request)) await alertStaff(transaction, request.id, { words: note, ...(call !== undefined && { call }), ...(isSafe && { isSafe }) }, turn)
  else await tellWhoHasIt(transaction, request, { key: lineId, note, did: isWaiting(before) ? '回答了' : urges ? '在催' : '又说' }, turn.now)
}

/**
 * A resident who reports what somebody else has reported already follows that, and their words stand in it.
 * @throws {StoreError} when it has ended in the same moment: the turn is decided again
 */
export async function joinReport(transaction: Transaction, join: { requestId: string; note: string; conversationId: string; messageIds: string[] }, turn: OwnTurn): Promise<void> {
  const requestId = await throughMerges(transaction, join.requestId)
  const isThere = await transaction.serviceRequest.count({ where: { id: requestId, status: { in: [...OPEN_STATUSES] } } })
  if (isThere === 0) throw new StoreError('A request ended while somebody joined it.', { retryable: true })
  await addFollower(transaction, { requestId, personId: turn.context.person.id, conversationId: join.conversationId, since: turn.now })
  await sayOfOwn(transaction, { requestId, note: join.note }, turn)
  const { number } = await transaction.serviceRequest.findUniqueOrThrow({ where: { id: requestId }, select: { number: true } })
  await noteFed(transaction, join.messageIds, number)
}

/** Withdrawn, or opened again. @returns false when the flow does not allow it any more: the words are kept all the same, staff must read them. */
export async function moveOwnTo(transaction: Transaction, change: Pick<Extract<Change, { type: 'change_request' }>, 'requestId' | 'status' | 'note'>, turn: OwnTurn): Promise<boolean> {
  const { requestId, status, note } = change
  const moved = await moveOwn(transaction, requestId, turn, { kind: 'status', to: status, note })
  const isAllowed = moved.outcome !== 'not_allowed'
  const noted = isAllowed ? moved : await moveOwn(transaction, requestId, turn, { kind: 'resident', note })
  if (noted.outcome === 'moved') await tellWhoHasIt(transaction, noted.request, { key: noted.lineId, note, did: status === 'cancelled' ? '撤回了' : '说没解决' }, turn.now)
  return isAllowed
}

const CORRECTED = { name: ['姓名', 'requesterName'], phone: ['电话', 'requesterPhone'], address: ['地址', 'address'], wantedTime: ['希望时间', 'wantedTime'] } as const

/** The line that tells what was put right; null when nothing is different. */
function correctionOf(request: RequestRecord, correction: RequestCorrection): Pick<Move, 'note' | 'values'> | null {
  const changed = (Object.keys(CORRECTED) as (keyof typeof CORRECTED)[]).flatMap((key) => {
    const [label, column] = CORRECTED[key]
    const value = correction[key]
    return value === undefined || value === request[column] ? [] : [{ label, column, before: request[column] ?? '没有', value }]
  })
  if (changed.length === 0) return null
  return { note: changed.map(({ label, before, value }) => `${label}：${before} → ${value}`).join('；'), values: Object.fromEntries(changed.map(({ column, value }) => [column, value])) }
}

/** Its assignee, or who said something of it last, and who speaks with the resident at the moment; where nobody has it, it is seen on the desk. */
async function tellWhoHasIt(transaction: Transaction, request: RequestRecord, told: { key: string; note: string; did: string }, now: Date): Promise<void> {
  const speaker = await prolongTakeover(transaction, request.id, now)
  const last = request.activities.findLast(({ author }) => author === 'staff')?.by
  const users = [...(request.assigneeId === null && last !== undefined ? [last] : []), ...(speaker === null ? [] : [speaker.by])]
  const named = users.length === 0 ? [] : await transaction.staffMember.findMany({ where: { user: { in: users }, disabledAt: null }, select: { id: true } })
  const text = `${request.number} ${request.category}：居民${told.did}：${told.note}`
  for (const staffId of new Set([...(request.assigneeId === null ? [] : [request.assigneeId]), ...named.map(({ id }) => id)])) await tellStaff(transaction, { staffId, requestId: request.id, key: told.key, text }, now)
}
