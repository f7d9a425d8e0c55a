import type { KnowledgeDocument } from '../../domain/answers.ts'
import { printOf } from '../../knowledge/documents/identity/clause-print.ts'
import { clauseOfFate, RowFollower } from '../../knowledge/documents/identity/follow-rows.ts'
import type { Store, Transaction } from '../../store/engine/store.ts'
import { listFormerDocuments } from '../../store/knowledge/document-versions.ts'
import { moveTies, type Placement } from '../../store/knowledge/ties.ts'
import { keptClauses } from './library-change.ts'

/**
 * What staff added to one document goes with its words into another that takes its place, or back.
 * @param isAll whether questions and gaps whose words are not there go too, to be held; else they stay
 */
export async function moveRows(store: Store, from: KnowledgeDocument, to: KnowledgeDocument, { isAll }: { isAll: boolean }): Promise<(transaction: Transaction) => Promise<void>> {
  const former = [{ documentId: from.id, clauses: keptClauses(from) }, ...(await listFormerDocuments(store, [from.id, to.id]))]
  const rows = new RowFollower([to], former)
  const placeOf = ({ clause, print }: Placement): Placement | null => {
    const ofClause = from.passages.find((passage) => passage.clause === clause)
    const tied = print ?? (ofClause === undefined ? null : printOf(ofClause))
    // Without words nobody knows: the number says nothing in another document.
    const now = tied === null ? null : clauseOfFate(rows.follow({ documentId: to.id, clause, print: tied }))
    const passage = to.passages.find((one) => one.clause === now)
    return passage === undefined ? null : { clause: passage.clause, print: printOf(passage) }
  }
  return (transaction) => moveTies(transaction, { from: from.id, to: to.id, placeOf, isAll })
}
