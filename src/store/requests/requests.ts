import type { RequestSummary } from '../../domain/office/facts.ts'
import { OPEN_STATUSES, type RequestKind, type RequestStatus } from '../../domain/requests/requests.ts'
import { Prisma } from '../generated/client.ts'
import { searchRequests, searchTextOf } from '../engine/search-words.ts'
import type { Store, Transaction } from '../engine/store.ts'
import { PHOTOS_OF_REQUEST } from './photos.ts'

/** A request with its history, oldest line first, who has it, who follows it, and into what it was merged. */
export const WITH_HISTORY = {
  activities: { orderBy: [{ at: 'asc' }, { id: 'asc' }] },
  assignee: { select: { id: true, user: true, name: true, disabledAt: true } },
  followers: { orderBy: [{ since: 'asc' }, { personId: 'asc' }] },
  photos: PHOTOS_OF_REQUEST,
  mergedInto: { select: { id: true, number: true } },
} satisfies Prisma.ServiceRequestInclude
export type RequestRecord = Prisma.ServiceRequestGetPayload<{ include: typeof WITH_HISTORY }>

export interface Page<T> {
  items: T[]
  /** Pass it to get the next page; null = this was the last. */
  nextCursor: string | null
}

/**
 * Rows newest first, from a cursor on. The cursor is the id of the last row seen, so that rows that arrive meanwhile neither
 * repeat nor hide one.
 * @returns null for a cursor that is none of these rows
 */
export async function pageNewestFirst<T extends { id: string; createdAt: Date }>(
  find: (args: { before?: { createdAt: Date; id: string }; take: number }) => Promise<T[]>,
  findCursor: (id: string) => Promise<{ id: string; createdAt: Date } | null>,
  page: { limit: number; cursor?: string },
): Promise<Page<T> | null> {
  const before = page.cursor === undefined ? undefined : await findCursor(page.cursor)
  if (before === null) return null
  const rows = await find({ take: page.limit + 1, ...(before && { before }) })
  const items = rows.slice(0, page.limit)
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null }
}

/** `where` for rows that come after `before` in newest-first order. */
export const olderThan = (before: { createdAt: Date; id: string } | undefined) =>
  before === undefined ? {} : { OR: [{ createdAt: { lt: before.createdAt } }, { createdAt: before.createdAt, id: { lt: before.id } }] }

export const NEWEST_FIRST = [{ createdAt: 'desc' }, { id: 'desc' }] satisfies Prisma.ServiceRequestOrderByWithRelationInput[]

export interface RequestFilter {
  status?: RequestStatus
  /** null = nobody who could log in. */
  assigneeId?: string | null
  /** Codes of an area and of all that lie in it. */
  areaCodes?: string[]
  category?: string
  /** Only open ones whose time was over at this instant. */
  overdueAt?: Date
  /** Words looked for in number, description, address, name, phone and category, however they are written. */
  search?: string
}

/** Those that a member of staff has; null: those that nobody has who could log in. */
export const ofAssignee = (assigneeId: string | null): Prisma.ServiceRequestWhereInput => (assigneeId === null ? { OR: [{ assigneeId: null }, { assignee: { disabledAt: { not: null } } }] } : { assigneeId })

/** Requests with their history, newest first; null for an unknown cursor. */
export function listRequests(store: Store, filter: RequestFilter, page: { limit: number; cursor?: string }): Promise<Page<RequestRecord> | null> {
  const conditions: Prisma.ServiceRequestWhereInput[] = []
  if (filter.status) conditions.push({ status: filter.status })
  if (filter.assigneeId !== undefined) conditions.push(ofAssignee(filter.assigneeId))
  if (filter.areaCodes) conditions.push({ areaCode: { in: filter.areaCodes } })
  if (filter.category !== undefined) conditions.push({ category: filter.category })
  if (filter.overdueAt) conditions.push({ status: { in: [...OPEN_STATUSES] }, dueAt: { lt: filter.overdueAt } })
  conditions.push(...searchRequests(filter.search))
  return pageNewestFirst(
    ({ before, take }) => store.read.serviceRequest.findMany({ where: { AND: [...conditions, olderThan(before)] }, orderBy: NEWEST_FIRST, take, include: WITH_HISTORY }),
    (id) => store.read.serviceRequest.findUnique({ where: { id }, select: { id: true, createdAt: true } }),
    page,
  )
}

/** What a member of staff still has to do, oldest first. */
export const listOpenRequestsOf = (reader: Pick<Transaction, 'serviceRequest'>, staffId: string): Promise<RequestRecord[]> =>
  reader.serviceRequest.findMany({ where: { assigneeId: staffId, status: { in: [...OPEN_STATUSES] } }, orderBy: [{ createdAt: 'asc' }, { number: 'asc' }], include: WITH_HISTORY })

const FILLED_AT_ONCE = 200

/** Makes what requests are found by, where an older version of the program has made none; where none lacks it, nothing is written. */
export async function fillSearchTexts(store: Store): Promise<void> {
  if ((await store.read.serviceRequest.findFirst({ where: { searchText: '' }, select: { id: true } })) === null) return
  for (let count = FILLED_AT_ONCE; count === FILLED_AT_ONCE; ) {
    count = await store.write(async (transaction) => {
      const rows = await transaction.serviceRequest.findMany({ where: { searchText: '' }, take: FILLED_AT_ONCE })
      for (const row of rows) await transaction.serviceRequest.updateMany({ where: { id: row.id }, data: { searchText: searchTextOf(row) } })
      return rows.length
    })
  }
}

/** One request by id or number; null when there is none. */
export function findRequest(store: Store, idOrNumber: string): Promise<RequestRecord | null> {
  return store.read.serviceRequest.findFirst({ where: { OR: [{ id: idOrNumber }, { number: idOrNumber }] }, include: WITH_HISTORY })
}

/** The same within a transaction, by id alone. */
export const findRequestIn = (transaction: Pick<Transaction, 'serviceRequest'>, id: string): Promise<RequestRecord | null> => transaction.serviceRequest.findUnique({ where: { id }, include: WITH_HISTORY })

/** Lines with what staff said to the resident; what they wrote to the requester alone is no follower's business. */
const isTold = ({ kind, author }: { kind: string; author: string }, isOwn: boolean): boolean => author === 'staff' && (kind === 'status' || (isOwn && kind === 'staff_note'))

/**
 * A person's own requests and those that they follow, newest first; what was merged stands in that which it went into. Of what somebody
 * else filed nothing particular is told but this person's own words.
 */
export async function listOwnRequests(store: Store, personId: string, limit = 20): Promise<RequestSummary[]> {
  const rows = await readOwnRequests(store, personId, limit)
  return withMerged(rows, personId).map(({ row, also, told }) => ({
    ...(row.requesterId === personId ? particularsOf(row) : withoutParticulars(told)),
    id: row.id,
    isOwn: row.requesterId === personId,
    number: row.number,
    kind: row.kind as RequestKind,
    category: row.category,
    status: row.status as RequestStatus,
    ...(also.length > 0 && { also }),
    createdAt: row.createdAt,
    updatedAt: row.activities.findLast((activity) => activity.kind !== 'internal')?.at ?? row.updatedAt,
    finishedAt: row.finishedAt,
    waitingSince: row.waitingSince,
    urgedAt: row.urgedAt,
    dueAt: row.dueAt,
    wantedTime: row.requesterId === personId ? row.wantedTime : null,
    serviceCode: row.serviceCode,
    assignee: row.assignee,
    lastNote: row.activities.findLast((activity) => activity.note !== '' && isTold(activity, row.requesterId === personId))?.note ?? '',
    rating: row.ratingScore,
  }))
}

interface OwnRow extends Pick<RequestRecord, 'id' | 'number' | 'mergedIntoId' | 'requesterId' | 'kind' | 'category' | 'status' | 'description' | 'address' | 'requesterName' | 'requesterPhone'>,
  Pick<RequestRecord, 'createdAt' | 'updatedAt' | 'finishedAt' | 'waitingSince' | 'urgedAt' | 'dueAt' | 'wantedTime' | 'serviceCode' | 'ratingScore'> {
  assignee: string | null
  /** The volunteer who has accepted to help. */
  helperName: string | null
  helperPhone: string | null
  activities: OwnLine[]
  photos: string[]
}
type OwnLine = Pick<RequestRecord['activities'][number], 'requestId' | 'kind' | 'author' | 'at' | 'note' | 'personId'>

/** In three plain statements, since nearly every turn asks. */
async function readOwnRequests(store: Store, personId: string, limit: number): Promise<OwnRow[]> {
  const rows = await store.read.$queryRaw<Omit<OwnRow, 'activities' | 'photos'>[]>`
    SELECT r."id", r."number", r."mergedIntoId", r."requesterId", r."kind", r."category", r."status", r."description", r."address", r."requesterName", r."requesterPhone", r."createdAt", r."updatedAt", r."finishedAt", r."waitingSince", r."urgedAt", r."dueAt",
      r."wantedTime", r."serviceCode", r."ratingScore", s."name" AS "assignee", v."name" AS "helperName", v."phone" AS "helperPhone"
    FROM "ServiceRequest" r
    LEFT JOIN "StaffMember" s ON s."id" = r."assigneeId"
    LEFT JOIN "VolunteerOffer" o ON o."id" = (SELECT a."id" FROM "VolunteerOffer" a WHERE a."requestId" = r."id" AND a."status" = 'accepted' ORDER BY a."id" LIMIT 1)
    LEFT JOIN "Volunteer" v ON v."id" = o."volunteerId"
    WHERE r."id" IN (SELECT q."id" FROM "ServiceRequest" q WHERE q."requesterId" = ${personId} UNION SELECT f."requestId" FROM "RequestFollower" f WHERE f."personId" = ${personId})
    ORDER BY r."createdAt" DESC, r."id" DESC LIMIT ${limit}`
  if (rows.length === 0) return []
  const ids = Prisma.join(rows.map(({ id }) => id))
  const lines = await store.read.$queryRaw<OwnLine[]>`SELECT "requestId", "kind", "author", "at", "note", "personId" FROM "Activity" WHERE "requestId" IN (${ids}) ORDER BY "at", "id"`
  const photos = await store.read.$queryRaw<{ requestId: string; name: string }[]>`SELECT "requestId", "name" FROM "Photo" WHERE "requestId" IN (${ids}) ORDER BY "createdAt", "position"`
  return rows.map((row) => ({ ...row, activities: lines.filter(({ requestId }) => requestId === row.id), photos: photos.filter(({ requestId }) => requestId === row.id).map(({ name }) => name) }))
}

type Particulars = Pick<RequestSummary, 'description' | 'address' | 'requesterName' | 'requesterPhone' | 'helper' | 'photos'>

const particularsOf = ({ description, address, requesterName, requesterPhone, photos, helperName, helperPhone }: OwnRow): Particulars => ({
  ...(helperName !== null && { helper: { name: helperName, phone: helperPhone ?? '' } }),
  description,
  address,
  requesterName,
  requesterPhone,
  ...(photos.length > 0 && { photos }),
})

const withoutParticulars = (told: string): Particulars => ({ description: told, address: null, requesterName: null, requesterPhone: null })

interface Own {
  row: OwnRow
  /** Ids and numbers of those that went into it. */
  also: string[]
  /** What this person told of it. */
  told: string
}

/** Each request that went into another of these stands in that one. */
function withMerged(rows: readonly OwnRow[], personId: string): Own[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const intoOf = (row: OwnRow): OwnRow => {
    let at = row
    // No more steps than there are rows, though a circle is never written.
    for (let step = 0; step < rows.length && at.mergedIntoId !== null; step += 1) at = byId.get(at.mergedIntoId) ?? at
    return at
  }
  return rows
    .filter((row) => intoOf(row) === row)
    .map((row) => {
      const merged = rows.filter((other) => other !== row && intoOf(other) === row)
      const own = [row, ...merged].find(({ requesterId }) => requesterId === personId)?.description
      return { row, also: merged.flatMap(({ id, number }) => [id, number]), told: own ?? row.activities.find((line) => line.personId === personId && line.note !== '')?.note ?? row.category }
    })
}
