import { bareQuestion } from '../documents/identity/clause-print.ts'
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
  /** What a question in the very words of a known one is answered with. */
  sameWords: ReadonlyMap<string, SameWords>
}

/** A passage, or null for a gap. `byStaff`: a decision about this very question, which goes before all that is only likely. */
export interface SameWords {
  passage: number | null
  byStaff: boolean
  /** Nobody has said yet in which of these it is answered now that its clause is another; in no other one. */
  among?: readonly number[]
}

/** What is known of a question in the same words; punctuation and blanks make no difference. */
export const findSameWords = ({ sameWords }: Pick<KnowledgeIndex, 'sameWords'>, question: string): SameWords | null => sameWords.get(bareQuestion(question)) ?? null

/**
 * Indexes all clauses of all documents, with their typical questions and the known gaps, by words; what was asked of a clause that is no more is a gap: some 70 ms for 37 clauses.
 * @param kept where the index of a large knowledge is kept
 */
export function buildKnowledgeIndex({ documents, gaps, decided = [], held = [] }: AnswerKnowledge, kept?: KeptOptions): KnowledgeIndex {
  const passages = documents.flatMap((document) => document.passages)
  const positions = new Map(passages.map((passage, position) => [`${passage.documentId} ${passage.clause}`, position]))
  const questions: KnownQuestion[] = passages.flatMap(({ title, typicalQuestions }, position) => typicalQuestions.map((text) => ({ text, passage: position, isGap: false, ...(text === title && { isHeading: true }) })))
  for (const gap of gaps) {
    questions.push({ text: gap.question, passage: gap.clause === null ? -1 : (positions.get(`${gap.documentId} ${gap.clause}`) ?? -1), isGap: true })
  }
  const sameWords = new Map(questions.map(({ text, passage, isGap }): [string, SameWords] => [bareQuestion(text), { passage: isGap ? null : passage, byStaff: false }]))
  for (const { question, answeredBy } of decided) {
    const passage = answeredBy === null ? null : positions.get(`${answeredBy.documentId} ${answeredBy.clause}`)
    if (passage !== undefined) sameWords.set(bareQuestion(question), { passage, byStaff: true })
  }
  for (const { documentId, question, near } of held.filter(({ isGap }) => !isGap)) {
    const among = near.flatMap((clause) => positions.get(`${documentId} ${clause}`) ?? [])
    if (sameWords.get(bareQuestion(question))?.byStaff === true) continue
    if (among.length === 0) questions.push({ text: question, passage: -1, isGap: true })
    sameWords.set(bareQuestion(question), { passage: null, byStaff: false, ...(among.length > 0 && { among }) })
  }
  // A question of marks alone says nothing.
  sameWords.delete('')
  for (const text of OTHER_DOMAINS) questions.push({ text, passage: -1, isGap: true, isOtherDomain: true })
  const titles = new Map(documents.map(({ id, title }) => [id, title]))
  const indexed = passages.map(({ documentId, title, text, headings = [] }) => ({ title, text, headings, document: titles.get(documentId) ?? '' }))
  return { documents: new Map(documents.map((document) => [document.id, document])), passages, questions, sameWords, index: PassageIndex.build(indexed, questions, kept) }
}
