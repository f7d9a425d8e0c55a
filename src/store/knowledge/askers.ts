import { OPEN_STATUSES } from '../../domain/requests/requests.ts'
import { queueMessages, type NewOutboxMessage } from '../outbox/outbox.ts'
import type { Transaction } from '../engine/store.ts'

/** Remembers whose message asked a question that was refused. */
export async function noteAsker(transaction: Transaction, asker: { questionId: string; inboundId: string; personId: string; now: Date }): Promise<void> {
  const { questionId, inboundId, personId, now } = asker
  await transaction.questionAsker.upsert({ where: { inboundId }, create: { inboundId, personId, questionId, createdAt: now }, update: { questionId } })
}

/** Forgets that somebody asked; what nobody else asked goes from the list, unless staff made it knowledge. */
export async function eraseAskers(transaction: Transaction, of: { personId: string } | { inboundIds: readonly string[] }): Promise<void> {
  const where = 'personId' in of ? { personId: of.personId } : { inboundId: { in: [...of.inboundIds] } }
  const asked = await transaction.questionAsker.findMany({ where, select: { questionId: true } })
  if (asked.length === 0) return
  await transaction.questionAsker.deleteMany({ where })
  await transaction.unansweredQuestion.deleteMany({ where: { id: { in: asked.map(({ questionId }) => questionId) }, status: { in: ['open', 'dismissed'] }, askers: { none: {} }, votes: { none: {} } } })
}

/** Somebody who asked one of some questions, or called the answer to one useless: each once, where they asked last. */
export interface Asker {
  personId: string
  /** The messages in which they did. */
  inboundIds: readonly string[]
  /** Numbers of the requests that those messages went into: the question was passed on. */
  requests: readonly string[]
  conversation: { id: string; kind: 'private' | 'group' }
}

const ASKED = { id: true, personId: true, recordNumber: true, receivedAt: true, conversation: { select: { id: true, kind: true, channel: true, account: true, goneAt: true } } } as const

/**
 * Those who may be told: neither erased nor opted out, and their conversation is there. Who asked in a group is told in private where
 * they have a conversation of their own.
 */
export async function listAskers(transaction: Transaction, questionIds: readonly string[]): Promise<Asker[]> {
  const of = { in: [...questionIds] }
  const rows = await transaction.inboundMessage.findMany({
    where: { OR: [{ asked: { some: { questionId: of } } }, { votes: { some: { questionId: of, isUseful: false } } }], erasedAt: null },
    orderBy: { receivedAt: 'desc' },
    select: ASKED,
  })
  const people = await transaction.person.findMany({ where: { id: { in: rows.map(({ personId }) => personId) }, erasedAt: null, optedOutAt: null }, select: { id: true } })
  const askers: Asker[] = []
  for (const { id: personId } of people) {
    const own = rows.filter((row) => row.personId === personId)
    const last = own.find(({ conversation }) => conversation.goneAt === null)
    if (last === undefined) continue
    const { channel, account, kind } = last.conversation
    const privately = kind === 'private' ? null : await transaction.conversation.findFirst({ where: { channel, account, kind: 'private', personId, goneAt: null }, select: { id: true }, orderBy: { createdAt: 'desc' } })
    askers.push({
      personId,
      inboundIds: own.map(({ id }) => id),
      requests: own.flatMap(({ recordNumber }) => (recordNumber?.startsWith('SR-') === true ? [recordNumber] : [])),
      conversation: privately === null ? { id: last.conversation.id, kind: kind === 'group' ? 'group' : 'private' } : { id: privately.id, kind: 'private' },
    })
  }
  return askers
}

/** Tells each of them once, in a group once for all: `cause` is the same for the same answer. @returns how many messages go out */
export async function tellAskers(transaction: Transaction, askers: readonly Asker[], told: { cause: string; text: string; now: Date }): Promise<number> {
  const messages = new Map<string, NewOutboxMessage>()
  for (const { personId, conversation } of askers) {
    const key = `answer:${told.cause}:${conversation.kind === 'group' ? conversation.id : personId}`
    messages.set(key, { key, conversationId: conversation.id, ...(conversation.kind === 'private' && { personId }), priority: 'notice', kind: 'notice', text: told.text, isPushed: true })
  }
  await queueMessages(transaction, [...messages.values()], told.now)
  return messages.size
}

/** Open requests by which one of these passed a question on. */
export async function listOpenQuestionRequests(transaction: Transaction, numbers: readonly string[]): Promise<{ id: string; number: string; requesterId: string | null }[]> {
  return transaction.serviceRequest.findMany({ where: { number: { in: [...numbers] }, kind: 'question', status: { in: [...OPEN_STATUSES] } }, select: { id: true, number: true, requesterId: true } })
}
