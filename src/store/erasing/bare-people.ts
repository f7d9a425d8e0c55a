import { Prisma } from '../generated/client.ts'
import type { Transaction } from '../engine/store.ts'
import { forgetLogins } from './logins.ts'
import type { ExpiryRules, Reads } from './expiry-rules.ts'

/**
 * Of whom nothing is left but that they once wrote, or were overheard: no message that is kept, no request, no sign-up, nothing that they agreed to
 * lately or wait for. Who opted out stays so by the mark of their login.
 */
const bare = ({ overheard, messages, requests }: ExpiryRules): Prisma.Sql => Prisma.sql`
  FROM "Person" p WHERE p."createdAt" < ${overheard} AND p."isSubscribed" = false
    AND NOT EXISTS (SELECT 1 FROM "InboundMessage" m WHERE m."personId" = p."id" AND (m."decidedAt" IS NULL OR (m."decidedAt" >= ${messages} AND (m."isAddressed" = true OR m."decidedAt" >= ${overheard}))))
    AND NOT EXISTS (SELECT 1 FROM "Identity" i WHERE i."personId" = p."id" AND i."staffId" IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM "Consent" c WHERE c."personId" = p."id" AND c."grantedAt" >= ${requests})
    AND NOT EXISTS (SELECT 1 FROM "ServiceRequest" r WHERE r."requesterId" = p."id")
    AND NOT EXISTS (SELECT 1 FROM "RequestFollower" f WHERE f."personId" = p."id")
    AND NOT EXISTS (SELECT 1 FROM "Volunteer" v WHERE v."personId" = p."id" OR v."namedById" = p."id")
    AND NOT EXISTS (SELECT 1 FROM "GuardianConsent" g WHERE g."personId" = p."id")
    AND NOT EXISTS (SELECT 1 FROM "PersonTag" t WHERE t."personId" = p."id")
    AND NOT EXISTS (SELECT 1 FROM "Draft" d WHERE d."personId" = p."id")`

export async function countBarePeople(read: Reads, rules: ExpiryRules): Promise<number> {
  const [row] = await read.$queryRaw<{ count: number | bigint }[]>(Prisma.sql`SELECT COUNT(*) AS "count" ${bare(rules)}`)
  return Number(row?.count ?? 0)
}

export async function removeBarePeople(transaction: Transaction, rules: ExpiryRules, most: number): Promise<number> {
  const rows = await transaction.$queryRaw<{ id: string }[]>(Prisma.sql`SELECT p."id" ${bare(rules)} LIMIT ${most}`)
  for (const { id } of rows) {
    const person = await transaction.person.findUniqueOrThrow({ where: { id }, select: { id: true, optedOutAt: true } })
    await forgetLogins(transaction, person, rules)
    await transaction.person.delete({ where: { id } })
  }
  return rows.length
}
