import { randomUUID } from 'node:crypto'
import type { Store, Transaction } from '../engine/store.ts'
import { Prisma } from '../generated/client.ts'
import type { DigestOf } from '../engine/erased/digests.ts'

/** One login on one platform. */
export interface Login {
  channel: string
  account: string
  externalId: string
}

const markOf = (digestOf: DigestOf, { channel, account, externalId }: Login): string => digestOf('login', channel, account, externalId)

/** Since when whoever had this login, and had everything deleted, wanted no notices; null = nobody did. */
export async function findOptOut(transaction: Transaction, digestOf: DigestOf, login: Login): Promise<Date | null> {
  const row = await transaction.erasedLogin.findUnique({ where: { digest: markOf(digestOf, login) }, select: { optedOutAt: true } })
  return row?.optedOutAt ?? null
}

export interface Forgetting {
  now: Date
  digestOf: DigestOf
  /** The message that asks for it. */
  exceptId?: string
}

/**
 * Lets go of the platform's ids of a person: of each login a mark remains from which nobody can tell whose it was, of each private conversation
 * its row, until what is on its way has gone. A login that is bound to a member of staff stays bound. What was received and not decided yet was
 * said after they had everything deleted: they have come back with it, as somebody new.
 */
export async function forgetLogins(transaction: Transaction, person: { id: string; optedOutAt: Date | null }, { now, digestOf, exceptId }: Forgetting): Promise<void> {
  const personId = person.id
  const logins = await transaction.identity.findMany({ where: { personId, staffId: null } })
  for (const login of logins) {
    const values = { erasedAt: now, optedOutAt: person.optedOutAt }
    await transaction.erasedLogin.upsert({ where: { digest: markOf(digestOf, login) }, create: { digest: markOf(digestOf, login), ...values }, update: values })
  }
  const ids = logins.map(({ id }) => id)
  const later = await transaction.inboundMessage.findMany({ where: { personId, decidedAt: null, ...(exceptId !== undefined && { id: { not: exceptId } }) }, select: { id: true } })
  const conversation = { title: '', takenBy: null, takenFor: null, takenUntil: null }
  if (later.length === 0) {
    await transaction.identity.deleteMany({ where: { id: { in: ids } } })
    await transaction.conversation.updateMany({ where: { personId }, data: { ...conversation, personId: null } })
    return
  }
  const backAs = randomUUID()
  await transaction.person.createMany({ data: [{ id: backAs, nickname: '', optedOutAt: person.optedOutAt, createdAt: now }] })
  await transaction.identity.updateMany({ where: { id: { in: ids } }, data: { personId: backAs } })
  await transaction.conversation.updateMany({ where: { personId }, data: { ...conversation, personId: backAs } })
  await transaction.inboundMessage.updateMany({ where: { id: { in: later.map((message) => message.id) } }, data: { personId: backAs } })
}

/** Messages whose ids are written by one statement. */
const CHUNK = 100

/** Puts marks in the place of the platform's ids of all that a person wrote: delivered again it is recognised, and says nothing of whose it was. */
export async function markMessages(transaction: Transaction, personId: string, digestOf: DigestOf): Promise<void> {
  const rows = await transaction.inboundMessage.findMany({ where: { personId }, select: { id: true, channel: true, account: true, externalId: true } })
  const marked = rows.filter(({ externalId }) => !externalId.startsWith('~')).map(({ id, channel, account, externalId }) => Prisma.sql`(${id}, ${digestOf('message', channel, account, externalId)})`)
  for (let start = 0; start < marked.length; start += CHUNK) {
    await transaction.$executeRaw`UPDATE "InboundMessage" SET "externalId" = v."column2" FROM (VALUES ${Prisma.join(marked.slice(start, start + CHUNK))}) AS v WHERE "InboundMessage"."id" = v."column1"`
  }
}

/** What a backup that is older than these erasures has to be told of. */
export interface Erasure {
  digest: string
  erasedAt: Date
  optedOutAt: Date | null
}

/** All erasures that are still known, for `findErasedSince` after an older backup was brought back. */
export const listErasures = (store: Store): Promise<Erasure[]> => store.read.erasedLogin.findMany({ orderBy: { erasedAt: 'asc' } })

/** Persons of this store whose login was erased in another, later state of it. Who came after the erasing is another. */
export async function findErasedSince(store: Store, erasures: readonly Erasure[]): Promise<{ personId: string; erasure: Erasure }[]> {
  const byDigest = new Map(erasures.map((erasure) => [erasure.digest, erasure]))
  const logins = await store.read.identity.findMany({ where: { staffId: null }, select: { personId: true, channel: true, account: true, externalId: true, createdAt: true } })
  return logins.flatMap(({ personId, createdAt, ...login }) => {
    const erasure = byDigest.get(markOf(store.digestOf, login))
    return erasure === undefined || createdAt > erasure.erasedAt ? [] : [{ personId, erasure }]
  })
}
