import { codesWithin } from '../../domain/areas.ts'
import type { Area } from '../../domain/services.ts'
import { countAudience, AUDIENCE_ROLES, type AudienceRole } from './announcement-audience.ts'
import { Prisma } from '../generated/client.ts'
import type { Reader } from '../engine/store.ts'

/** How many each choice would reach now if it were the only one; what reaches nobody may be absent. */
export interface AudienceSizes {
  roles: Record<AudienceRole, number>
  /** Residents, by area code; those of an area that lies in it are its own too. */
  areas: ReadonlyMap<string, number>
  tags: ReadonlyMap<string, { people: number; groups: number }>
}

/** Areas that are counted by one statement: each brings two values for every area that lies in it. */
const CHUNK = 200

export async function readAudienceSizes(read: Reader, areas: readonly Area[]): Promise<AudienceSizes> {
  const [roles, counted, tags] = await Promise.all([Promise.all(AUDIENCE_ROLES.map((role) => countAudience(read, { roles: [role] }))), countByArea(read, areas), countByTag(read)])
  const [resident = 0, volunteer = 0, group = 0] = roles
  return { roles: { resident, volunteer, group }, areas: counted, tags }
}

/** Whoever has a place in several areas is counted in each of them, and once in what both lie in. */
async function countByArea(read: Reader, areas: readonly Area[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (let start = 0; start < areas.length; start += CHUNK) {
    const pairs = areas.slice(start, start + CHUNK).flatMap(({ code }) => codesWithin(code, areas).map((within) => Prisma.sql`(${within}, ${code})`))
    const rows = await read.$queryRaw<{ area: string; count: number | bigint }[]>`
      WITH "Within" ("code", "area") AS (VALUES ${Prisma.join(pairs)}),
        "Reached" ("person", "code") AS MATERIALIZED (
          SELECT p."id", p."areaCode" FROM "Person" p
          WHERE p."isSubscribed" = TRUE AND EXISTS (SELECT 1 FROM "Conversation" c WHERE c."personId" = p."id" AND c."kind" = 'private' AND c."goneAt" IS NULL)),
        "Lives" ("person", "code") AS (
          SELECT "person", "code" FROM "Reached"
          UNION SELECT v."personId", v."areaCode" FROM "Volunteer" v WHERE v."personId" IN (SELECT "person" FROM "Reached")
          UNION SELECT r."requesterId", r."areaCode" FROM "ServiceRequest" r WHERE r."requesterId" IN (SELECT "person" FROM "Reached"))
      SELECT w."area" AS "area", COUNT(DISTINCT l."person") AS "count" FROM "Within" w JOIN "Lives" l ON l."code" = w."code" GROUP BY w."area"`
    for (const { area, count } of rows) counts.set(area, Number(count))
  }
  return counts
}

async function countByTag(read: Reader): Promise<Map<string, { people: number; groups: number }>> {
  const [people, groups] = await Promise.all([
    read.personTag.groupBy({ by: ['tag'], where: { person: { isSubscribed: true, conversations: { some: { kind: 'private', goneAt: null } } } }, _count: { _all: true } }),
    read.roomTag.groupBy({ by: ['tag'], where: { conversation: { kind: 'group', boundAt: { not: null }, goneAt: null } }, _count: { _all: true } }),
  ])
  const counts = new Map(people.map(({ tag, _count }) => [tag, { people: _count._all, groups: 0 }]))
  for (const { tag, _count } of groups) counts.set(tag, { people: counts.get(tag)?.people ?? 0, groups: _count._all })
  return counts
}
