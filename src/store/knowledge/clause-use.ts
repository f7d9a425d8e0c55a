import type { Store, Transaction } from '../engine/store.ts'
import type { AnsweredQuestion } from '../../domain/messages/outcome.ts'

/** Counts that a clause was the answer. A refusal counts for none. */
export async function countUse(transaction: Transaction, answered: AnsweredQuestion | undefined, now: Date): Promise<void> {
  if (answered?.print === undefined || answered.document === null || answered.kind === 'refusal' || answered.votedOn !== undefined) return
  const key = { documentId: answered.document, print: answered.print }
  await transaction.clauseUse.upsert({ where: { documentId_print: key }, create: { ...key, answered: 1, lastAt: now }, update: { answered: { increment: 1 }, lastAt: now } })
}

/** How often each clause of a document was the answer, by its fingerprint. */
export async function listUse(store: Store, documentId: string): Promise<Map<string, number>> {
  const rows = await store.read.clauseUse.findMany({ where: { documentId } })
  return new Map(rows.map(({ print, answered }) => [print, answered]))
}
