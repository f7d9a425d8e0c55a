import type { KnownGap, TypicalQuestion, UnansweredQuestion } from './generated/client.ts'
import { readNumberedPage, type NumberedPage } from './numbered-page.ts'
import type { Store } from './store.ts'

export type UnansweredRecord = UnansweredQuestion

/** Questions that staff added to clauses, oldest first; the answerer adds them to those of the knowledge folder. */
export function listTypicalQuestions(store: Store): Promise<TypicalQuestion[]> {
  return store.read.typicalQuestion.findMany({ where: { removedAt: null }, orderBy: { createdAt: 'asc' } })
}

/** Known gaps that staff added, oldest first. */
export function listKnownGaps(store: Store): Promise<KnownGap[]> {
  return store.read.knownGap.findMany({ where: { removedAt: null }, orderBy: { createdAt: 'asc' } })
}

/** Questions that wait for staff (most asked first) or that were decided (latest first), 20 a page. */
export function pageUnanswered(store: Store, which: 'open' | 'decided', page: number): Promise<NumberedPage<UnansweredQuestion>> {
  const where = which === 'open' ? { status: 'open' } : { status: { not: 'open' } }
  const orderBy = which === 'open' ? [{ timesAsked: 'desc' as const }, { lastAskedAt: 'desc' as const }, { id: 'asc' as const }] : [{ lastAskedAt: 'desc' as const }, { id: 'asc' as const }]
  return readNumberedPage(page, 20, () => store.read.unansweredQuestion.count({ where }), (range) => store.read.unansweredQuestion.findMany({ where, orderBy, ...range }))
}

/** One question; null when there is none. */
export const findUnanswered = (store: Store, id: string): Promise<UnansweredQuestion | null> => store.read.unansweredQuestion.findUnique({ where: { id } })

export type Decision =
  | { as: 'typical'; documentId: string; clause: string }
  | { as: 'gap'; documentId: string; clause: string | null }
  | { as: 'dismissed' }

/**
 * Decides what an unanswered question is: a way to ask for a clause, a known gap, or nothing. What it becomes has the
 * question's id, so that `undoDecision` finds it. The log holds the id, not the words: they may be personal and have to be erasable. The knowledge has to be loaded again to make it count.
 */
export function decideUnanswered(store: Store, input: { id: string; decision: Decision; by: string; now: Date }): Promise<UnansweredQuestion | null> {
  const { id, decision, by, now } = input
  return store.write(async (transaction) => {
    const row = await transaction.unansweredQuestion.findUnique({ where: { id } })
    if (!row) return null
    const added = { text: row.question, addedBy: by, createdAt: now, removedAt: null }
    await transaction.typicalQuestion.updateMany({ where: { id, removedAt: null }, data: { removedAt: now } })
    await transaction.knownGap.updateMany({ where: { id, removedAt: null }, data: { removedAt: now } })
    if (decision.as === 'typical') {
      const values = { ...added, documentId: decision.documentId, clause: decision.clause }
      await transaction.typicalQuestion.upsert({ where: { id }, create: { id, ...values }, update: values })
    }
    if (decision.as === 'gap') {
      const values = { ...added, documentId: decision.documentId, clause: decision.clause }
      await transaction.knownGap.upsert({ where: { id }, create: { id, ...values }, update: values })
    }
    const placed = decision.as === 'dismissed' ? {} : { documentId: decision.documentId, clause: decision.clause }
    await transaction.auditEntry.createMany({ data: [{ at: now, actor: by, action: `question_${decision.as}`, subject: id, detail: decision.as === 'dismissed' ? '' : (decision.clause ?? '') }] })
    return transaction.unansweredQuestion.update({ where: { id }, data: { status: decision.as, decidedBy: by, ...placed } })
  })
}

/** Takes a decision back: the question waits again, and what it became counts no more. */
export function undoDecision(store: Store, input: { id: string; by: string; now: Date }): Promise<UnansweredQuestion | null> {
  const { id, by, now } = input
  return store.write(async (transaction) => {
    const row = await transaction.unansweredQuestion.findUnique({ where: { id } })
    if (!row) return null
    if (row.status === 'open') return row
    await transaction.typicalQuestion.updateMany({ where: { id, removedAt: null }, data: { removedAt: now } })
    await transaction.knownGap.updateMany({ where: { id, removedAt: null }, data: { removedAt: now } })
    await transaction.auditEntry.createMany({ data: [{ at: now, actor: by, action: 'question_undo', subject: id, detail: row.status }] })
    return transaction.unansweredQuestion.update({ where: { id }, data: { status: 'open', decidedBy: null } })
  })
}
