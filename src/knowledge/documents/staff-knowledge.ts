import type { KnowledgeDocument, KnownGap } from '../../domain/answers.ts'
import type { Deadlines } from '../../domain/deadlines.ts'
import type { Office, OfficePair } from '../../domain/office.ts'
import type { Service } from '../../domain/services.ts'
import { toLocalDay } from '../../domain/time.ts'
import type { HeldQuestion } from './load-questions.ts'

/** A question that staff assigned to a clause, or called a gap. */
export interface DecidedQuestion {
  question: string
  answeredBy: { documentId: string; clause: string } | null
}

/** What answers come from. */
export interface AnswerKnowledge {
  documents: readonly KnowledgeDocument[]
  gaps: readonly KnownGap[]
  /** What the community says of itself; absent or null = nothing. */
  office?: Office | null
  /** The catalogue, for what one must bring. */
  services?: readonly Service[]
  /** Holidays and worked weekends, for when the office is open. */
  deadlines?: Pick<Deadlines, 'calendar'>
  /** What staff decided of single questions, latest last: asked in the same words, that counts, whatever a threshold says. `clause` null = the documents do not answer it. */
  decided?: readonly DecidedQuestion[]
  /** Questions that were asked of clauses as they are no more. */
  held?: readonly Pick<HeldQuestion, 'documentId' | 'question' | 'isGap' | 'near'>[]
  /** Answers that staff typed to questions, besides those of the office's file. */
  typed?: readonly OfficePair[]
}

/** A typed answer as a pair of the office. */
export const toPair = ({ question, answer, documentId, clause, createdAt }: { question: string; answer: string; documentId: string | null; clause: string | null; createdAt: Date }): OfficePair => ({
  question,
  answer,
  ...(documentId !== null && clause !== null && { clause: { document: documentId, number: clause } }),
  changed: toLocalDay(createdAt),
})

/** The knowledge folder with what staff added in the admin pages; `typed` are answers to questions that the documents do not answer. */
export function addStaffKnowledge(
  knowledge: AnswerKnowledge,
  questions: readonly { documentId: string; clause: string; text: string }[],
  gaps: readonly { documentId: string; clause: string | null; text: string }[],
  typed: readonly OfficePair[] = [],
): AnswerKnowledge {
  const documents = knowledge.documents.map((document) => ({
    ...document,
    passages: document.passages.map((passage) => ({
      ...passage,
      typicalQuestions: [...passage.typicalQuestions, ...questions.filter((added) => added.documentId === document.id && added.clause === passage.clause).map((added) => added.text)],
    })),
  }))
  const decided = [...questions.map(({ text, documentId, clause }) => ({ question: text, answeredBy: { documentId, clause } })), ...gaps.map(({ text }) => ({ question: text, answeredBy: null }))]
  return { ...knowledge, documents, decided, gaps: [...knowledge.gaps, ...gaps.map((added) => ({ documentId: added.documentId, clause: added.clause, question: added.text }))], typed }
}
