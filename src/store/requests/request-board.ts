import type { RequestKind, RequestStatus } from '../../domain/requests/requests.ts'
import type { Prisma } from '../generated/client.ts'
import { readNumberedPage, type NumberedPage } from '../engine/numbered-page.ts'
import { NEWEST_FIRST, ofAssignee, type RequestRecord } from './requests.ts'
import { boxes } from './request-boxes.ts'
import { searchRequests } from '../engine/search-words.ts'
import type { Store } from '../engine/store.ts'

/** A request without its history, and who has it. */
export const WITH_ASSIGNEE = { assignee: { select: { id: true, user: true, name: true, disabledAt: true } } } satisfies Prisma.ServiceRequestInclude
export type RequestRow = Prisma.ServiceRequestGetPayload<{ include: typeof WITH_ASSIGNEE }>

export interface BoardFilter {
  /** `open` = somebody still has to do something. */
  status?: RequestStatus | 'open'
  kind?: RequestKind
  /** Codes of an area and of all that lie in it. */
  areaCodes?: string[]
  /** null = nobody who could log in. */
  assigneeId?: string | null
  /** Only those of a heap. */
  box?: Prisma.ServiceRequestWhereInput
  /** Words looked for in number, description, address, name, phone and category; each must stand somewhere. */
  search?: string
}

function toWhere(filter: BoardFilter): Prisma.ServiceRequestWhereInput {
  const conditions: Prisma.ServiceRequestWhereInput[] = []
  if (filter.status === 'open') conditions.push(boxes.open)
  else if (filter.status) conditions.push({ status: filter.status })
  if (filter.kind) conditions.push({ kind: filter.kind })
  if (filter.areaCodes) conditions.push({ areaCode: { in: filter.areaCodes } })
  if (filter.assigneeId !== undefined) conditions.push(ofAssignee(filter.assigneeId))
  if (filter.box) conditions.push(filter.box)
  conditions.push(...searchRequests(filter.search))
  return { AND: conditions }
}

/** Requests as staff leaf through them, newest first, 20 a page. */
export function pageRequests(store: Store, filter: BoardFilter, page: number): Promise<NumberedPage<RequestRow>> {
  const where = toWhere(filter)
  return readNumberedPage(page, 20, () => store.read.serviceRequest.count({ where }), (range) => store.read.serviceRequest.findMany({ where, include: WITH_ASSIGNEE, orderBy: NEWEST_FIRST, ...range }))
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

/** One line of the conversation around a request. */
export interface TalkLine {
  from: 'resident' | 'assistant' | 'staff'
  /** Of what staff said: their user. */
  by?: string
  text: string
  at: Date
  /** What became of sending it; null for what the resident wrote. */
  sending: string | null
  /** Of what was sent to them: fetched by their page or program, acknowledged, or they wrote after it. */
  isSeen: boolean
  isErased: boolean
}

/** How far before the request the conversation is shown: the form it came from. */
const TALK_BEFORE_MS = 60 * 60 * 1000

/**
 * What the requester and the assistant said to each other from an hour before the request on, oldest first; the latest `limit`
 * lines. Nobody else's words, even where the conversation is a group.
 */
export async function readTalk(store: Store, request: Pick<RequestRecord, 'conversationId' | 'requesterId' | 'createdAt' | 'activities'>, limit = 80): Promise<TalkLine[]> {
  const { conversationId, requesterId } = request
  if (conversationId === null || requesterId === null) return []
  const since = new Date(request.createdAt.getTime() - TALK_BEFORE_MS)
  const [conversation, inbound, outbound] = await Promise.all([
    store.read.conversation.findUnique({ where: { id: conversationId }, select: { readAt: true } }),
    store.read.inboundMessage.findMany({ where: { conversationId, personId: requesterId, receivedAt: { gte: since } }, orderBy: { receivedAt: 'desc' }, take: limit }),
    store.read.outboxMessage.findMany({ where: { conversationId, personId: requesterId, createdAt: { gte: since } }, orderBy: { seq: 'desc' }, take: limit }),
  ])
  const seenUntil = Math.max(conversation?.readAt?.getTime() ?? 0, inbound[0]?.receivedAt.getTime() ?? 0)
  const staff = new Map(request.activities.filter(({ author }) => author === 'staff').map(({ id, by }) => [`notice:${id}`, by]))
  const lines: TalkLine[] = [
    ...inbound.reverse().map((row): TalkLine => ({ from: 'resident', text: describeInbound(row.text, row.attachments), at: row.receivedAt, sending: null, isSeen: false, isErased: row.erasedAt !== null })),
    ...outbound.reverse().map((row): TalkLine => {
      const by = staff.get(row.key)
      // An answer goes out with what it answers; what was written after it was read with it.
      const isSeen = row.status === 'sent' && (row.acknowledgedAt !== null || row.createdAt.getTime() < seenUntil || row.createdAt.getTime() === conversation?.readAt?.getTime())
      return { from: by === undefined ? 'assistant' : 'staff', ...(by !== undefined && { by }), text: row.text, at: row.createdAt, sending: row.status, isSeen, isErased: row.text === '' }
    }),
  ]
  return lines.sort((a, b) => a.at.getTime() - b.at.getTime()).slice(-limit)
}

const ATTACHMENT_NAMES: Record<string, string> = { photo: '图片', voice: '语音', video: '视频', file: '文件', location: '位置', sticker: '表情', contact: '名片', other: '附件' }

function describeInbound(text: string, attachments: unknown): string {
  const parts = Array.isArray(attachments) ? (attachments as { kind: string; caption: string }[]) : []
  const names = parts.map((part) => `［${ATTACHMENT_NAMES[part.kind] ?? '附件'}${part.caption ? `：${part.caption}` : ''}］`)
  return [text, ...names].filter(Boolean).join('\n')
}
