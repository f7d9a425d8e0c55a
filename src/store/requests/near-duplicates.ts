import { OPEN_STATUSES } from '../../domain/requests/requests.ts'
import { nearReports, type Report } from '../../language/compare/same-matter.ts'
import { Prisma } from '../generated/client.ts'
import type { Store } from '../engine/store.ts'
import { NEWEST_FIRST } from './requests.ts'

/** What was reported longer ago is another time that it broke. */
const RECENT_MS = 30 * 24 * 60 * 60 * 1000
/** Of one service in that time; what is older than so many is not compared. */
const MOST_COMPARED = 300

const COMPARED = { id: true, number: true, serviceCode: true, category: true, areaCode: true, address: true, description: true, status: true, createdAt: true, requesterId: true } satisfies Prisma.ServiceRequestSelect
export type ComparedRequest = Prisma.ServiceRequestGetPayload<{ select: typeof COMPARED }>

/** Open requests for these services, the newest of the last month. `exceptPersonId`: without those that are theirs, or that they follow. */
export function listOpenReports(store: Store, of: { serviceCodes: string[]; exceptPersonId?: string; now: Date }): Promise<ComparedRequest[]> {
  const { serviceCodes, exceptPersonId, now } = of
  // SQL: a requester who is not known is not unequal to anybody.
  const others =
    exceptPersonId === undefined
      ? Prisma.empty
      : Prisma.sql`AND (r."requesterId" IS NULL OR r."requesterId" <> ${exceptPersonId}) AND NOT EXISTS (SELECT 1 FROM "RequestFollower" f WHERE f."requestId" = r."id" AND f."personId" = ${exceptPersonId})`
  return store.read.$queryRaw<ComparedRequest[]>`
    SELECT r."id", r."number", r."serviceCode", r."category", r."areaCode", r."address", r."description", r."status", r."createdAt", r."requesterId" FROM "ServiceRequest" r
    WHERE r."serviceCode" IN (${Prisma.join(serviceCodes)}) AND r."createdAt" >= ${new Date(now.getTime() - RECENT_MS)} AND r."status" IN (${Prisma.join([...OPEN_STATUSES])}) AND r."kind" = 'service' ${others}
    ORDER BY r."createdAt" DESC, r."id" DESC LIMIT ${MOST_COMPARED}`
}

/** Open requests that may be the same thing as this one, the likeliest first, at most `limit`. */
export async function nearDuplicates(store: Store, request: Report & { id: string }, { now, limit = 5 }: { now: Date; limit?: number }): Promise<ComparedRequest[]> {
  if (request.serviceCode === null || request.address === null) return []
  const open = await listOpenReports(store, { serviceCodes: [request.serviceCode], now })
  return nearReports(request, open.filter(({ id }) => id !== request.id)).slice(0, limit)
}

/** Of those that went into this one, the latest. */
export const listMerged = (store: Store, id: string, limit = 50): Promise<ComparedRequest[]> =>
  store.read.serviceRequest.findMany({ where: { mergedIntoId: id }, orderBy: NEWEST_FIRST, take: limit, select: COMPARED })
