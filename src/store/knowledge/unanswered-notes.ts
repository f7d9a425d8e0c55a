import { randomUUID } from 'node:crypto'
import type { Answer } from '../../domain/answers.ts'
import type { Transaction } from '../engine/store.ts'
import { noteAsker } from './askers.ts'

/**
 * A question that was refused joins staff's list, or counts up there. One that staff thought answered by a clause, and is refused all the same,
 * waits for them again; one that counts as a typical question or gap itself, or was dismissed, stays decided.
 */
export async function noteRefused(transaction: Transaction, refused: { question: string; answer: Pick<Answer, 'ranked'> }, by: { inboundId: string; personId: string; now: Date }): Promise<void> {
  const { now } = by
  const { question, answer } = refused
  if (question === '') return
  const nearest = answer.ranked[0]
  const row = await transaction.unansweredQuestion.upsert({
    where: { question },
    create: { id: randomUUID(), question, documentId: nearest?.document ?? null, clause: nearest?.clause ?? null, score: nearest?.score ?? 0, status: 'open', createdAt: now, lastAskedAt: now },
    update: { timesAsked: { increment: 1 }, lastAskedAt: now, wasRefused: true },
    select: { id: true, status: true },
  })
  await noteAsker(transaction, { questionId: row.id, ...by })
  if (row.status !== 'typical' && row.status !== 'answered') return
  const where = { id: row.id, removedAt: null }
  const counts = row.status === 'typical' ? await transaction.typicalQuestion.count({ where }) : await transaction.officeAnswer.count({ where })
  if (counts === 0) await transaction.unansweredQuestion.updateMany({ where: { id: row.id }, data: { status: 'open', decidedBy: null, decidedAt: null, decisionId: null } })
}
