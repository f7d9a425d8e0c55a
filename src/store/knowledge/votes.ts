import { randomUUID } from 'node:crypto'
import type { AnsweredQuestion } from '../../domain/messages/outcome.ts'
import { fromJson } from '../engine/json.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** An answer that a person votes on. */
export interface VotedAnswer {
  /** The message that was answered. */
  inboundId: string
  answered: AnsweredQuestion
  /** How this person voted on it before; null = not yet. */
  before: boolean | null
}

/** Names an answer within its conversation: the first characters of its message's id, which are random. */
export const codeOfAnswer = (inboundId: string): string => inboundId.slice(0, 6)

const VOTED = { id: true, answered: true, votes: { select: { personId: true, isUseful: true } } } as const

interface Row {
  id: string
  answered: unknown
  votes: { personId: string; isUseful: boolean }[]
}

const readAnswered = (row: Row | null | undefined): AnsweredQuestion | null => fromJson(row?.answered) as AnsweredQuestion | null

function toVoted(row: Row | null | undefined, personId: string): VotedAnswer | null {
  const answered = readAnswered(row)
  if (!row || answered === null) return null
  return { inboundId: row.id, answered, before: row.votes.find((vote) => vote.personId === personId)?.isUseful ?? null }
}

/** The answer that a button's code names, in this conversation and no other; null when it is gone. */
export async function findAnswerByCode(store: Store, code: string, of: { conversationId: string; personId: string }): Promise<VotedAnswer | null> {
  // A range instead of startsWith, so that the index serves it. `g` comes after all hexadecimal digits and the hyphen.
  const row = await store.read.inboundMessage.findFirst({ where: { id: { gte: code, lt: `${code}g` }, conversationId: of.conversationId }, select: VOTED })
  return toVoted(row, of.personId)
}

/** So many of the last things said to a person are looked at: votes may be changed, and an answer may come in several lines. */
const LINES_LOOKED_AT = 12

/** The answer that was the last thing said to this person in the conversation, but for thanks for votes on it; null when something else was. */
export async function findAnswerJustGiven(store: Store, of: { conversationId: string; personId: string; since: Date }): Promise<VotedAnswer | null> {
  const { conversationId, personId, since } = of
  const lines = await store.read.outboxMessage.findMany({
    where: { conversationId, OR: [{ personId }, { personId: null }] },
    orderBy: { seq: 'desc' },
    take: LINES_LOOKED_AT,
    select: { inboundId: true },
  })
  const ids = lines.flatMap(({ inboundId }) => inboundId ?? [])
  const rows = await store.read.inboundMessage.findMany({ where: { id: { in: ids }, receivedAt: { gte: since } }, select: VOTED })
  for (const { inboundId } of lines) {
    const row = rows.find((candidate) => candidate.id === inboundId)
    if (readAnswered(row)?.votedOn === undefined) return toVoted(row, personId)
  }
  return null
}

/** Keeps a vote; the last one of a person on an answer counts. A bad one puts the question on staff's list, a good one after it takes it off. */
export async function voteOnAnswer(transaction: Transaction, vote: { inboundId: string; personId: string; isUseful: boolean; answered: AnsweredQuestion; now: Date }): Promise<void> {
  const { inboundId, personId, isUseful, answered, now } = vote
  const where = { inboundId_personId: { inboundId, personId } }
  const before = await transaction.answerVote.findUnique({ where })
  if (before?.isUseful === isUseful) return
  const questionId = isUseful ? null : await noteUseless(transaction, answered, now)
  const values = { isUseful, questionId, updatedAt: now }
  await transaction.answerVote.upsert({ where, create: { inboundId, personId, createdAt: now, ...values }, update: values })
  if (before?.questionId) await dropUnfounded(transaction, [before.questionId])
}

/** What was refused is on the list already and was counted there; what was answered is listed for this vote. */
async function noteUseless(transaction: Transaction, answered: AnsweredQuestion, now: Date): Promise<string | null> {
  const { question, kind, document, clause, score } = answered
  if (question === '') return null
  const isRefusal = kind === 'refusal'
  const row = await transaction.unansweredQuestion.upsert({
    where: { question },
    create: { id: randomUUID(), question, documentId: document, clause, score, status: 'open', createdAt: now, lastAskedAt: now, wasRefused: isRefusal },
    update: isRefusal ? {} : { timesAsked: { increment: 1 }, lastAskedAt: now },
    select: { id: true },
  })
  return row.id
}

/** Takes questions off the list that stood there for votes only, when none of those is left. */
async function dropUnfounded(transaction: Transaction, ids: string[]): Promise<void> {
  await transaction.unansweredQuestion.deleteMany({ where: { id: { in: ids }, wasRefused: false, status: 'open', votes: { none: {} } } })
}

/** Deletes what a person thought of answers, and votes on the answers that this person got; what was listed for those alone goes too. */
export async function eraseVotes(transaction: Transaction, personId: string): Promise<void> {
  const where = { OR: [{ personId }, { inbound: { personId } }] }
  const listed = await transaction.answerVote.findMany({ where: { ...where, questionId: { not: null } }, select: { questionId: true } })
  await transaction.answerVote.deleteMany({ where })
  await dropUnfounded(transaction, listed.flatMap(({ questionId }) => questionId ?? []))
}

export async function countOwnVotes(store: Store, personId: string): Promise<{ useful: number; useless: number }> {
  const [useful, useless] = await Promise.all([true, false].map((isUseful) => store.read.answerVote.count({ where: { personId, isUseful } })))
  return { useful: useful ?? 0, useless: useless ?? 0 }
}
