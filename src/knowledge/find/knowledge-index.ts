import type { KnowledgeDocument, Passage } from '../../domain/answers.ts'
import type { AnswerKnowledge } from '../documents/staff-knowledge.ts'
import type { KeptOptions } from './numbers/kept-file.ts'
import { OTHER_DOMAINS } from './questions/other-domains.ts'
import { PassageIndex } from './passage-index.ts'
import type { KnownQuestion } from './questions/question-index.ts'

/** The knowledge as it was indexed at one moment: passage numbers of the index are positions in `passages`. */
export interface KnowledgeIndex {
  documents: ReadonlyMap<string, KnowledgeDocument>
  passages: readonly Passage[]
  questions: readonly KnownQuestion[]
  index: PassageIndex
}

/**
 * Indexes all clauses of all documents, with their typical questions and the known gaps, by words: some 70 ms for 37 clauses.
 * @param kept where the index of a large knowledge is kept
 */
export function buildKnowledgeIndex({ documents, gaps }: AnswerKnowledge, kept?: KeptOptions): KnowledgeIndex {
  const passages = documents.flatMap((document) => document.passages)
  const positions = new Map(passages.map((passage, position) => [`${passage.documentId} ${passage.clause}`, position]))
  const questions: KnownQuestion[] = passages.flatMap((passage, position) => passage.typicalQuestions.map((text) => ({ text, passage: position, isGap: false })))
  for (const gap of gaps) {
    questions.push({ text: gap.question, passage: gap.clause === null ? -1 : (positions.get(`${gap.documentId} ${gap.clause}`) ?? -1), isGap: true })
  }
  for (const text of OTHER_DOMAINS) questions.push({ text, passage: -1, isGap: true, isOtherDomain: true })
  const titles = new Map(documents.map(({ id, title }) => [id, title]))
  const indexed = passages.map(({ documentId, title, text, headings = [] }) => ({ title, text, headings, document: titles.get(documentId) ?? '' }))
  return { documents: new Map(documents.map((document) => [document.id, document])), passages, questions, index: PassageIndex.build(indexed, questions, kept) }
}
