import type { KnowledgeDocument, KnownGap } from '../../domain/answers.ts'
import type { Deadlines } from '../../domain/requests/deadlines.ts'
import type { Office, OfficePair } from '../../domain/office/office.ts'
import type { Service } from '../../domain/services.ts'
import { toLocalDay } from '../../domain/time.ts'
import { clauseOfFate, RowFollower, type FormerDocument, type Tie } from './identity/follow-rows.ts'
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
  held?: readonly HeldQuestion[]
  /** Answers that staff typed to questions, besides those of the office's file. */
  typed?: readonly OfficePair[]
}

/** A typed answer as a pair of the office. */
export const toPair = ({ question, answer, documentId, clause, print, createdAt }: { question: string; answer: string; documentId: string | null; clause: string | null; print?: string | null; createdAt: Date }): OfficePair => ({
  question,
  answer,
  ...(documentId !== null && clause !== null && { clause: { document: documentId, number: clause, ...(print != null && { print }) } }),
  changed: toLocalDay(createdAt),
})

/** A question that staff added to a clause, or called a gap near one. */
interface StaffQuestion extends Tie {
  /** Of its row. */
  id?: string
  text: string
}

/**
 * The knowledge folder with what staff added in the admin pages; `typed` are answers to questions that the documents do not answer. All of it goes to
 * the words that it was tied to, whatever their number is now; what has none any more is held.
 * @param former documents as they were, newest first
 */
export function addStaffKnowledge(
  knowledge: AnswerKnowledge,
  questions: readonly (StaffQuestion & { clause: string })[],
  gaps: readonly StaffQuestion[],
  typed: readonly OfficePair[] = [],
  former: readonly FormerDocument[] = [],
): AnswerKnowledge & { held: HeldQuestion[] } {
  const rows = new RowFollower(knowledge.documents, former)
  const placed = questions.map((row) => ({ row, fate: rows.follow(row) }))
  const documents = knowledge.documents.map((document) => ({
    ...document,
    passages: document.passages.map((passage) => ({
      ...passage,
      typicalQuestions: [...passage.typicalQuestions, ...placed.filter(({ row, fate }) => row.documentId === document.id && clauseOfFate(fate) === passage.clause).map(({ row }) => row.text)],
    })),
  }))
  const nears = gaps.map((row) => ({ documentId: row.documentId, clause: clauseOfFate(rows.follow(row)), question: row.text }))
  const decided = [
    ...placed.flatMap(({ row, fate }) => {
      const clause = clauseOfFate(fate)
      return clause === null ? [] : [{ question: row.text, answeredBy: { documentId: row.documentId, clause } }]
    }),
    ...gaps.map(({ text }) => ({ question: text, answeredBy: null })),
  ]
  const held = placed.flatMap(({ row, fate }): HeldQuestion[] =>
    clauseOfFate(fate) === null ? [{ documentId: row.documentId, question: row.text, isGap: false, key: row.clause, text: rows.wordsOf(row), near: fate.fate === 'near' ? fate.clauses : [], ...(row.id !== undefined && { row: row.id }) }] : [],
  )
  return {
    ...knowledge,
    documents,
    decided,
    gaps: [...knowledge.gaps, ...nears],
    typed: typed.map((pair) => followPair(pair, rows)),
    held: [...(knowledge.held ?? []), ...held],
    ...(knowledge.office != null && { office: { ...knowledge.office, questions: knowledge.office.questions.map((pair) => followPair(pair, rows)) } }),
  }
}

/** An answer stays the community's own word; only what it points to may be gone. */
function followPair({ clause, ...pair }: OfficePair, rows: RowFollower): OfficePair {
  if (clause === undefined) return pair
  const now = clauseOfFate(rows.follow({ documentId: clause.document, clause: clause.number, print: clause.print }))
  return now === null ? pair : { ...pair, clause: { ...clause, number: now } }
}
