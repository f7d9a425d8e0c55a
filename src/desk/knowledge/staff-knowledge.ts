import { neededHistories, type Tie } from '../../knowledge/documents/identity/follow-rows.ts'
import type { Knowledge } from '../../knowledge/documents/load.ts'
import { addStaffKnowledge, toPair } from '../../knowledge/documents/staff-knowledge.ts'
import type { Store } from '../../store/engine/store.ts'
import { listFormerDocuments } from '../../store/knowledge/document-versions.ts'
import { listKnownGaps, listTypedAnswers, listTypicalQuestions } from '../../store/knowledge/unanswered.ts'

/** What the folder holds, with what staff added to it in the store; the history of documents is read only where something hangs on words that are no more. */
export async function withStaffKnowledge(store: Store, read: Knowledge): Promise<ReturnType<typeof addStaffKnowledge>> {
  const [questions, gaps, answers] = await Promise.all([listTypicalQuestions(store), listKnownGaps(store), listTypedAnswers(store)])
  const typed = answers.map(toPair)
  const pairs = [...typed, ...(read.office?.questions ?? [])]
  const ties: Tie[] = [...questions, ...gaps, ...pairs.flatMap(({ clause }) => (clause === undefined ? [] : [{ documentId: clause.document, clause: clause.number, print: clause.print }]))]
  return addStaffKnowledge(read, questions, gaps, typed, await listFormerDocuments(store, neededHistories(read.documents, ties)))
}
