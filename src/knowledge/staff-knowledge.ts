import type { KnowledgeDocument, KnownGap } from '../domain/answers.ts'
import type { AnswerKnowledge } from './knowledge-index.ts'

/** The documents and gaps of the knowledge folder with what staff added in the admin pages. */
export function addStaffKnowledge(
  knowledge: AnswerKnowledge,
  questions: readonly { documentId: string; clause: string; text: string }[],
  gaps: readonly { documentId: string; clause: string | null; text: string }[],
): { documents: KnowledgeDocument[]; gaps: KnownGap[] } {
  const documents = knowledge.documents.map((document) => ({
    ...document,
    passages: document.passages.map((passage) => ({
      ...passage,
      typicalQuestions: [...passage.typicalQuestions, ...questions.filter((added) => added.documentId === document.id && added.clause === passage.clause).map((added) => added.text)],
    })),
  }))
  return { documents, gaps: [...knowledge.gaps, ...gaps.map((added) => ({ documentId: added.documentId, clause: added.clause, question: added.text }))] }
}
