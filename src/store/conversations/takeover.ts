import { TAKEOVER_IDLE_MS } from '../../domain/requests/takeover.ts'
import { StoreError } from '../../domain/errors.ts'
import type { Reader, Store, Transaction } from '../engine/store.ts'

/** Who speaks in a conversation in the assistant's place, and about which request. */
export interface Takeover {
  conversationId: string
  /** Staff user. */
  by: string
  requestId: string
}

const goesOn = (now: Date) => ({ takenBy: { not: null }, takenUntil: { gt: now } })

/** Who has taken a conversation over and has not been idle since; null = the assistant answers. */
export async function findTakeover(reader: Pick<Reader | Transaction, 'conversation'>, conversationId: string, now: Date): Promise<Takeover | null> {
  const row = await reader.conversation.findFirst({ where: { id: conversationId, ...goesOn(now) }, select: { takenBy: true, takenFor: true } })
  return row === null || row.takenBy === null || row.takenFor === null ? null : { conversationId, by: row.takenBy, requestId: row.takenFor }
}

export async function beginTakeover(transaction: Transaction, { conversationId, by, requestId }: Takeover, now: Date): Promise<void> {
  await transaction.conversation.updateMany({ where: { id: conversationId }, data: { takenBy: by, takenFor: requestId, takenUntil: untilIdle(now) } })
}

export async function endTakeover(transaction: Transaction, conversationId: string): Promise<void> {
  await transaction.conversation.updateMany({ where: { id: conversationId }, data: { takenBy: null, takenFor: null, takenUntil: null } })
}

/** Those that nobody has spoken in for too long, and when the next is; null = nobody speaks anywhere. */
export async function findIdleTakeovers(store: Store, now: Date): Promise<{ idle: string[]; nextAt: Date | null }> {
  const rows = await store.read.conversation.findMany({ where: { takenBy: { not: null }, takenUntil: { not: null } }, orderBy: [{ takenUntil: 'asc' }, { id: 'asc' }], select: { id: true, takenUntil: true } })
  const isIdle = ({ takenUntil }: (typeof rows)[number]): boolean => takenUntil !== null && takenUntil <= now
  return { idle: rows.filter(isIdle).map(({ id }) => id), nextAt: rows.find((row) => !isIdle(row))?.takenUntil ?? null }
}

/** Who spoke in a conversation until nobody had said anything for too long; null = somebody does, or nobody did. */
export async function findIdleTakeover(transaction: Transaction, conversationId: string, now: Date): Promise<Takeover | null> {
  const row = await transaction.conversation.findFirst({ where: { id: conversationId, takenBy: { not: null }, takenUntil: { lte: now } }, select: { takenBy: true, takenFor: true } })
  return row === null || row.takenBy === null || row.takenFor === null ? null : { conversationId, by: row.takenBy, requestId: row.takenFor }
}

/** Something was said where a request's conversation is taken over: it is not idle. @returns who speaks there; null = nobody took it over */
export async function prolongTakeover(transaction: Transaction, requestId: string, now: Date): Promise<Takeover | null> {
  const [row] = await transaction.$queryRaw<{ id: string; takenBy: string }[]>`SELECT "id", "takenBy" FROM "Conversation" WHERE "takenFor" = ${requestId} AND "takenBy" IS NOT NULL AND "takenUntil" > ${now} LIMIT 1`
  if (row === undefined) return null
  await transaction.conversation.updateMany({ where: { id: row.id }, data: { takenUntil: untilIdle(now) } })
  return { conversationId: row.id, by: row.takenBy, requestId }
}

const untilIdle = (now: Date): Date => new Date(now.getTime() + TAKEOVER_IDLE_MS)

/** The readers of a conversation fetched something that was pushed at `newest`; written only where that is news. What can't be written now is noted the next time. */
export async function markFetched(store: Store, conversation: { channel: string; account: string; externalId: string }, newest: Date, now: Date): Promise<void> {
  const where = { ...conversation, OR: [{ readAt: null }, { readAt: { lt: newest } }] }
  if ((await store.read.conversation.count({ where })) === 0) return
  try {
    await store.write((transaction) => transaction.conversation.updateMany({ where, data: { readAt: now } }))
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
  }
}
