import { helpNotes } from '../../domain/help-text.ts'
import type { Button } from '../../domain/messages/messages.ts'
import { AUTHOR_NAMES } from '../../domain/requests/requests.ts'
import { queueMessages, UNSENT } from '../outbox/outbox.ts'
import type { Transaction } from '../engine/store.ts'
import { moveRequest } from '../requests/move-request.ts'

interface When {
  now: Date
  /** Pushed messages wait until then; null = they go at once. */
  quietUntil: Date | null
}

interface Told {
  /** What makes it one message, however often it is written. */
  key: string
  text: string
}

/** Begins the keys of all messages of a search. */
const PREFIX = 'help:'
/** And of those that tell a requester who comes; the offer's id follows. */
export const COMING = `${PREFIX}coming:`

/** Tells the requester, in private: where they only spoke in a group and nothing private is known, staff are asked to call. */
export async function tellRequester(transaction: Transaction, request: { id: string; status: string; requesterId: string | null; conversationId: string | null }, told: Told, when: When): Promise<void> {
  if (request.requesterId === null) return
  const conversationId = await findPrivate(transaction, request.requesterId, request.conversationId)
  if (conversationId === null) {
    await moveRequest(transaction, request.id, { kind: 'internal', author: 'system', by: AUTHOR_NAMES.system, note: helpNotes.untold }, when.now)
    return
  }
  await queue(transaction, { ...told, conversationId, personId: request.requesterId, requestId: request.id, buttons: [] }, when)
}

/** The conversation itself where it is private, else the person's latest private one that can be reached. */
async function findPrivate(transaction: Transaction, personId: string, conversationId: string | null): Promise<string | null> {
  const rows = await transaction.conversation.findMany({ where: { personId, kind: 'private', goneAt: null }, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], select: { id: true } })
  return (rows.find(({ id }) => id === conversationId) ?? rows[0])?.id ?? null
}

/** Tells a volunteer; nobody where there is no way to. */
export async function tellVolunteer(transaction: Transaction, request: { id: string }, volunteer: { personId: string; conversationId: string | null } | null, told: Told & { buttons: Button[]; expiresAt?: Date }, when: When): Promise<void> {
  if (volunteer === null || volunteer.conversationId === null) return
  await queue(transaction, { ...told, conversationId: volunteer.conversationId, personId: volunteer.personId, requestId: request.id }, when)
}

async function queue(transaction: Transaction, message: Told & { conversationId: string; personId: string; requestId: string; buttons: Button[]; expiresAt?: Date }, { now, quietUntil }: When): Promise<void> {
  const { key, buttons, ...rest } = message
  await queueMessages(transaction, [{ ...rest, key: `${PREFIX}${key}`, priority: 'notice', kind: 'notice', extras: { buttons, citations: [] }, isPushed: true, ...(quietUntil !== null && { notBefore: quietUntil }) }], now)
}

const offerKey = (offer: { id: string; times: number }): string => `${PREFIX}offer:${offer.id}:${offer.times}`

/** Of offers that wait for an answer, those that never arrived: blocked, gone, refused by the platform. */
export async function readFailedOffers(reader: Pick<Transaction, 'outboxMessage'>, offers: readonly { id: string; times: number; status: string }[]): Promise<Set<string>> {
  const waiting = new Map(offers.filter(({ status }) => status === 'offered').map((offer) => [offerKey(offer), offer.id]))
  if (waiting.size === 0) return new Set()
  const rows = await reader.outboxMessage.findMany({ where: { key: { in: [...waiting.keys()] }, status: 'failed' }, select: { key: true } })
  return new Set(rows.flatMap(({ key }) => waiting.get(key) ?? []))
}

/** Takes back an offer that has not been sent yet; false when it may have been read. */
export async function unsendOffer(transaction: Transaction, offer: { id: string; times: number }): Promise<boolean> {
  const { count } = await transaction.outboxMessage.updateMany({ where: { key: offerKey(offer), status: UNSENT }, data: { status: 'cancelled' } })
  return count > 0
}
