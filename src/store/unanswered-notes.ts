import { randomUUID } from 'node:crypto'
import type { Answer } from '../domain/answers.ts'
import type { Transaction } from './store.ts'

/**
 * A question that was refused joins staff's list, or counts up there. One that staff thought answered by a clause, and is refused all the same,
 * waits for them again; one that counts as a typical question or gap itself, or was dismissed, stays decided.
 */
export async function noteRefused(transaction: Transaction, refused: { question: string; answer: Pick<Answer, 'ranked'> }, now: Date): Promise<void> {
  const { question, answer } = refused
  if (question === '') return
  const nearest = answer.ranked[0]
  const row = await transaction.unansweredQuestion.upsert({
    where: { question },
    create: { id: randomUUID(), question, documentId: nearest?.document ?? null, clause: nearest?.clause ?? null, score: nearest?.score ?? 0, status: 'open', createdAt: now, lastAskedAt: now },
    update: { timesAsked: { increment: 1 }, lastAskedAt: now, wasRefused: true },
    select: { id: true, status: true },
  })
  if (row.status !== 'typical') return
  const counts = await transaction.typicalQuestion.count({ where: { id: row.id, removedAt: null } })
  if (counts === 0) await transaction.unansweredQuestion.updateMany({ where: { id: row.id }, data: { status: 'open', decidedBy: null, decidedAt: null, decisionId: null } })
}
