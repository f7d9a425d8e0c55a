import type { RequestKind, RequestStatus } from '../domain/requests.ts'
import { REQUEST_STATUSES, isFinished } from '../domain/requests.ts'
import type { Prisma, ServiceRequest } from './generated/client.ts'
import { readNumberedPage, type NumberedPage } from './numbered-page.ts'
import { NEWEST_FIRST } from './requests.ts'
import { searchWords, SEARCHED_OF_REQUESTS } from './search-words.ts'
import type { Store } from './store.ts'

/** A request without its history. */
export type RequestRow = ServiceRequest

export const OPEN_STATUSES: readonly RequestStatus[] = REQUEST_STATUSES.filter((status) => !isFinished(status))

export interface BoardFilter {
  /** `open` = somebody still has to do something. */
  status?: RequestStatus | 'open'
  kind?: RequestKind
  /** Codes of an area and of all that lie in it. */
  areaCodes?: string[]
  assigneeId?: string
  /** Only those whose time was over at this instant. */
  overdueAt?: Date
  /** Words looked for in number, description, address, name, phone and category; each must stand somewhere. */
  search?: string
}

function toWhere(filter: BoardFilter): Prisma.ServiceRequestWhereInput {
  const conditions: Prisma.ServiceRequestWhereInput[] = []
  if (filter.status === 'open') conditions.push({ status: { in: [...OPEN_STATUSES] } })
  else if (filter.status) conditions.push({ status: filter.status })
  if (filter.kind) conditions.push({ kind: filter.kind })
  if (filter.areaCodes) conditions.push({ areaCode: { in: filter.areaCodes } })
  if (filter.assigneeId) conditions.push({ assigneeId: filter.assigneeId })
  if (filter.overdueAt) conditions.push({ dueAt: { lt: filter.overdueAt }, status: { in: [...OPEN_STATUSES] } })
  conditions.push(...searchWords(filter.search, SEARCHED_OF_REQUESTS))
  return { AND: conditions }
}

/** Requests as staff leaf through them, newest first, 20 a page. */
export function pageRequests(store: Store, filter: BoardFilter, page: number): Promise<NumberedPage<ServiceRequest>> {
  const where = toWhere(filter)
  return readNumberedPage(page, 20, () => store.read.serviceRequest.count({ where }), (range) => store.read.serviceRequest.findMany({ where, orderBy: NEWEST_FIRST, ...range }))
}

/**
 * The request that somebody means by a number as people say it: whole (`SR-20261123-0007`) or its end (`1123-7`, `7`).
 * @returns null when none or more than one fits
 */
export async function findByNumber(store: Store, typed: string): Promise<{ id: string; number: string } | null> {
  const text = typed.normalize('NFKC').toUpperCase().replaceAll(/[\s\p{Pd}_.]+/gu, '-')
  const whole = /^SR-?(\d{8})-?(\d{1,6})$/.exec(text)
  const select = { id: true, number: true } as const
  if (whole) return store.read.serviceRequest.findUnique({ where: { number: `SR-${whole[1]}-${(whole[2] ?? '').padStart(4, '0')}` }, select })
  const end = /^(?:(\d{4})-)?(\d{1,4})$/.exec(text)
  if (!end) return null
  const suffix = `${end[1] ?? ''}-${(end[2] ?? '').padStart(4, '0')}`
  const found = await store.read.serviceRequest.findMany({ where: { number: { endsWith: suffix } }, orderBy: NEWEST_FIRST, take: 2, select })
  return found.length === 1 ? (found[0] ?? null) : null
}

export type AssignResult = 'changed' | 'unchanged' | 'not_found'

/** Says who looks after a request; `staffId` null = nobody. Residents are not told. */
export function assignRequest(store: Store, input: { id: string; staffId: string | null; by: string; now: Date }): Promise<AssignResult> {
  return store.write(async (transaction) => {
    const request = await transaction.serviceRequest.findUnique({ where: { id: input.id }, select: { id: true, number: true, assigneeId: true } })
    if (!request) return 'not_found'
    if (request.assigneeId === input.staffId) return 'unchanged'
    const staff = input.staffId === null ? null : await transaction.staffMember.findUnique({ where: { id: input.staffId }, select: { user: true } })
    await transaction.serviceRequest.updateMany({ where: { id: request.id }, data: { assigneeId: input.staffId } })
    await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: input.by, action: 'assign_request', subject: request.number, detail: staff?.user ?? '' }] })
    return 'changed'
  })
}

/** One line of the conversation around a request. */
export interface TalkLine {
  from: 'resident' | 'assistant'
  text: string
  at: Date
  /** What became of sending it; null for what the resident wrote. */
  sending: string | null
  isErased: boolean
}

/** How far before the request the conversation is shown: the form it came from. */
const TALK_BEFORE_MS = 60 * 60 * 1000

/**
 * What the requester and the assistant said to each other from an hour before the request on, oldest first; the latest `limit`
 * lines. Nobody else's words, even where the conversation is a group.
 */
export async function readTalk(store: Store, request: Pick<ServiceRequest, 'conversationId' | 'requesterId' | 'createdAt'>, limit = 80): Promise<TalkLine[]> {
  const { conversationId, requesterId } = request
  if (conversationId === null || requesterId === null) return []
  const since = new Date(request.createdAt.getTime() - TALK_BEFORE_MS)
  const [inbound, outbound] = await Promise.all([
    store.read.inboundMessage.findMany({ where: { conversationId, personId: requesterId, receivedAt: { gte: since } }, orderBy: { receivedAt: 'desc' }, take: limit }),
    store.read.outboxMessage.findMany({ where: { conversationId, personId: requesterId, createdAt: { gte: since } }, orderBy: { seq: 'desc' }, take: limit }),
  ])
  const lines: TalkLine[] = [
    ...inbound.reverse().map((row): TalkLine => ({ from: 'resident', text: describeInbound(row.text, row.attachments), at: row.receivedAt, sending: null, isErased: row.erasedAt !== null })),
    ...outbound.reverse().map((row): TalkLine => ({ from: 'assistant', text: row.text, at: row.createdAt, sending: row.status, isErased: row.text === '' })),
  ]
  return lines.sort((a, b) => a.at.getTime() - b.at.getTime()).slice(-limit)
}

const ATTACHMENT_NAMES: Record<string, string> = { photo: '图片', voice: '语音', video: '视频', file: '文件', location: '位置', sticker: '表情', contact: '名片', other: '附件' }

function describeInbound(text: string, attachments: unknown): string {
  const parts = Array.isArray(attachments) ? (attachments as { kind: string; caption: string }[]) : []
  const names = parts.map((part) => `［${ATTACHMENT_NAMES[part.kind] ?? '附件'}${part.caption ? `：${part.caption}` : ''}］`)
  return [text, ...names].filter(Boolean).join('\n')
}
