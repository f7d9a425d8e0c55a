import type { KnownGap, OfficeAnswer, Prisma, TypicalQuestion, UnansweredQuestion } from '../generated/client.ts'
import { readNumberedPage, type NumberedPage } from '../engine/numbered-page.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** Questions that staff added to clauses, oldest first; the answerer adds them to those of the knowledge folder. */
export function listTypicalQuestions(store: Store): Promise<TypicalQuestion[]> {
  return store.read.typicalQuestion.findMany({ where: { removedAt: null }, orderBy: { createdAt: 'asc' } })
}

/** Known gaps that staff added, oldest first. */
export function listKnownGaps(store: Store): Promise<KnownGap[]> {
  return store.read.knownGap.findMany({ where: { removedAt: null }, orderBy: { createdAt: 'asc' } })
}

/** Answers that staff typed, oldest first; the answerer adds them to the pairs of the office's file. */
export function listTypedAnswers(store: Store): Promise<OfficeAnswer[]> {
  return store.read.officeAnswer.findMany({ where: { removedAt: null }, orderBy: { createdAt: 'asc' } })
}

/** A question on staff's list, with how often an answer to it was called useless. */
export interface ListedQuestion extends UnansweredQuestion {
  uselessVotes: number
}

const WITH_VOTES = { _count: { select: { votes: { where: { isUseful: false } } } } } satisfies Prisma.UnansweredQuestionInclude
type Counted = Prisma.UnansweredQuestionGetPayload<{ include: typeof WITH_VOTES }>
const toListed = ({ _count, ...question }: Counted): ListedQuestion => ({ ...question, uselessVotes: _count.votes })

/** Questions that wait for staff, most asked first, and how many there are in all. */
export async function listOpenQuestions(store: Store, limit: number): Promise<{ questions: ListedQuestion[]; total: number }> {
  const where = { status: 'open' }
  const [rows, total] = await Promise.all([
    store.read.unansweredQuestion.findMany({ where, orderBy: [{ timesAsked: 'desc' }, { lastAskedAt: 'desc' }, { id: 'asc' }], take: limit, include: WITH_VOTES }),
    store.read.unansweredQuestion.count({ where }),
  ])
  return { questions: rows.map(toListed), total }
}

/** Those of the questions that still wait, in the order of `ids`. */
export async function findOpenQuestions(store: Store, ids: readonly string[]): Promise<ListedQuestion[]> {
  const rows = await store.read.unansweredQuestion.findMany({ where: { id: { in: [...ids] }, status: 'open' }, include: WITH_VOTES })
  return ids.flatMap((id) => rows.filter((row) => row.id === id).map(toListed))
}

/** One decision of staff: the question that stands for it, and how many were decided with it. */
export interface DecidedGroup extends ListedQuestion {
  wordings: number
}

/** Decisions, latest first, 20 a page. */
export async function pageDecided(store: Store, page: number): Promise<NumberedPage<DecidedGroup>> {
  const { fields } = store.read.unansweredQuestion
  const where: Prisma.UnansweredQuestionWhereInput = { status: { not: 'open' }, OR: [{ decisionId: null }, { decisionId: { equals: fields.id } }] }
  const orderBy = [{ decidedAt: { sort: 'desc' as const, nulls: 'last' as const } }, { lastAskedAt: 'desc' as const }, { id: 'asc' as const }]
  return readNumberedPage(page, 20, () => store.read.unansweredQuestion.count({ where }), async (range) => withWordings(store, await store.read.unansweredQuestion.findMany({ where, orderBy, ...range, include: WITH_VOTES })))
}

/** What was decided with this question as the one that stands for it; null when there is no such decision. */
export async function findDecided(store: Store, id: string): Promise<DecidedGroup | null> {
  const row = await store.read.unansweredQuestion.findFirst({ where: { id, status: { not: 'open' } }, include: WITH_VOTES })
  return row && ((await withWordings(store, [row]))[0] ?? null)
}

async function withWordings(store: Store, rows: Counted[]): Promise<DecidedGroup[]> {
  const counts = await store.read.unansweredQuestion.groupBy({ by: ['decisionId'], where: { decisionId: { in: rows.map((row) => row.id) } }, _count: true })
  return rows.map((row) => ({ ...toListed(row), wordings: counts.find((count) => count.decisionId === row.id)?._count ?? 1 }))
}

export type Decision =
  /** `print`: the fingerprint of the clause's words, which it is tied to. */
  | { as: 'typical'; documentId: string; clause: string; print?: string }
  | { as: 'gap'; documentId: string; clause: string | null; print?: string }
  /** What staff typed; `clause` is where it stands, if they said so. */
  | { as: 'answered'; answer: string; documentId: string | null; clause: string | null; print?: string }
  | { as: 'dismissed' }

/**
 * Decides what a group of questions is: ways to ask for a clause, known gaps, or nothing. Of them `added` join the knowledge; what they become has their
 * ids, so that `undoDecision` finds it. The first of those stands for the decision. The log holds ids, not words: they may be personal and have to be
 * erasable. The knowledge has to be loaded again to make it count.
 * @returns the id that stands for the decision; null when none of the questions is there
 */
export function decideQuestions(store: Store, input: DecisionInput): Promise<string | null> {
  return store.write((transaction) => decideQuestionsIn(transaction, input))
}

export interface DecisionInput {
  ids: readonly string[]
  added: readonly string[]
  decision: Decision
  by: string
  now: Date
}

/** The same within a transaction that does more. */
export async function decideQuestionsIn(transaction: Transaction, input: DecisionInput): Promise<string | null> {
  const { decision, by, now } = input
  const rows = await transaction.unansweredQuestion.findMany({ where: { id: { in: [...input.ids] } } })
  const ids = input.ids.filter((id) => rows.some((row) => row.id === id))
  const added = decision.as === 'dismissed' ? [] : rows.filter((row) => input.added.includes(row.id))
  const decisionId = added.find((row) => row.id === ids[0])?.id ?? added[0]?.id ?? ids[0]
  if (decisionId === undefined) return null
  await removeAdded(transaction, ids, now)
  for (const row of added) await addQuestion(transaction, row, input)
  const placed = decision.as === 'dismissed' ? {} : { documentId: decision.documentId, clause: decision.clause, print: decision.print ?? null }
  await transaction.unansweredQuestion.updateMany({ where: { id: { in: ids } }, data: { status: decision.as, decidedBy: by, decidedAt: now, decisionId, ...placed } })
  await transaction.auditEntry.createMany({ data: [{ at: now, actor: by, action: `question_${decision.as}`, subject: decisionId, detail: decision.as === 'dismissed' ? '' : (decision.clause ?? '') }] })
  return decisionId
}

async function addQuestion(transaction: Transaction, { id, question }: UnansweredQuestion, { decision, by, now }: { decision: Decision; by: string; now: Date }): Promise<void> {
  if (decision.as === 'dismissed') return
  if (decision.as === 'answered') {
    const answered = { question, answer: decision.answer, documentId: decision.documentId, clause: decision.clause, print: decision.print ?? null, addedBy: by, createdAt: now, removedAt: null }
    await transaction.officeAnswer.upsert({ where: { id }, create: { id, ...answered }, update: answered })
    return
  }
  const values = { text: question, addedBy: by, createdAt: now, removedAt: null, documentId: decision.documentId, print: decision.print ?? null }
  if (decision.as === 'typical') {
    const typical = { ...values, clause: decision.clause }
    await transaction.typicalQuestion.upsert({ where: { id }, create: { id, ...typical }, update: typical })
  } else {
    const gap = { ...values, clause: decision.clause }
    await transaction.knownGap.upsert({ where: { id }, create: { id, ...gap }, update: gap })
  }
}

async function removeAdded(transaction: Transaction, ids: readonly string[], now: Date): Promise<void> {
  const where = { id: { in: [...ids] }, removedAt: null }
  await transaction.typicalQuestion.updateMany({ where, data: { removedAt: now } })
  await transaction.knownGap.updateMany({ where, data: { removedAt: now } })
  await transaction.officeAnswer.updateMany({ where, data: { removedAt: now } })
}

/** Takes a decision back: all its questions wait again, and what they became counts no more. @returns their ids, the one that stood for it first; [] when there is none */
export function undoDecision(store: Store, input: { id: string; by: string; now: Date }): Promise<string[]> {
  const { id, by, now } = input
  return store.write(async (transaction) => {
    const rows = await transaction.unansweredQuestion.findMany({ where: { OR: [{ id }, { decisionId: id }], status: { not: 'open' } }, select: { id: true, status: true } })
    const ids = rows.map((row) => row.id)
    if (ids.length === 0) return []
    await removeAdded(transaction, ids, now)
    await transaction.unansweredQuestion.updateMany({ where: { id: { in: ids } }, data: { status: 'open', decidedBy: null, decidedAt: null, decisionId: null } })
    await transaction.auditEntry.createMany({ data: [{ at: now, actor: by, action: 'question_undo', subject: id, detail: rows[0]?.status ?? '' }] })
    return [...ids.filter((one) => one === id), ...ids.filter((one) => one !== id)]
  })
}
