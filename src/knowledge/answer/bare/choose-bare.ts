import type { KnowledgeDocument, Passage } from '../../../domain/answers.ts'
import { logit, sigmoid } from '../../find/numbers/logistic.ts'
import type { BareDecision } from '../../find/numbers/weights.ts'
import type { KnowledgeIndex } from '../../find/knowledge-index.ts'
import type { QuestionView } from '../question-view.ts'
import { bareFeatures, nearestOf } from './bare-features.ts'
import type { Nearest } from './bare-features.ts'
import { namesColumn, tableOf } from './table-rows.ts'

/** Clauses that are looked at closely. */
const LOOKED_AT = 10
/** From so many documents on there are many. */
const MANY_DOCUMENTS = 20

/** A clause that holds what is asked for, with the measures of how it answers. */
export interface MeasuredClause {
  position: number
  passage: Passage
  document: KnowledgeDocument
  nearest: Nearest
  features: number[]
}

/** A clause that may answer, by its text alone. */
export interface BareCandidate extends Omit<MeasuredClause, 'features'> {
  /** Log-odds that it is the clause asked for, beside the others. */
  choice: number
  /** Log-odds that it answers at all, less the threshold: from 0 on it does. */
  margin: number
}

export interface MeasureInput {
  knowledge: KnowledgeIndex
  /** Ranked by text alone. */
  view: QuestionView
  isHybrid: boolean
  /** Documents whose clauses may answer. */
  isOpen: (document: KnowledgeDocument) => boolean
}

/**
 * The clauses that may answer a question by their text alone, best first; [] where none holds what is asked for. No measure depends on
 * typical questions or on how many clauses there are.
 */
export function chooseBare(input: MeasureInput & { decision: BareDecision }): BareCandidate[] {
  const { choice, refusal, among } = input.decision
  const open = [...input.knowledge.documents.values()].filter(input.isOpen).length
  const threshold = refusal.threshold + among * Math.min(1, Math.log(Math.max(1, open)) / Math.log(MANY_DOCUMENTS))
  const candidates = chooseBareFeatures(input).map(({ features, ...clause }): BareCandidate => ({ ...clause, choice: logit(choice, features), margin: logit(refusal, features) - threshold }))
  return withRows(input.view.question, candidates).sort((left, right) => right.choice - left.choice)
}

const MOST_LIKELY = 0.95

/** What is asked of a column is asked of every row: of rows none of which is named, one or the other answers. */
function withRows(question: string, candidates: readonly BareCandidate[]): BareCandidate[] {
  return candidates.map((candidate) => {
    const table = tableOf(candidate.passage)
    if (table === null || !namesColumn(question, candidate.passage.text)) return candidate
    const rows = candidates.filter(({ passage, document }) => document.id === candidate.document.id && tableOf(passage) === table)
    const together = Math.min(MOST_LIKELY, rows.reduce((sum, { margin }) => sum + sigmoid(margin), 0))
    return { ...candidate, margin: Math.max(candidate.margin, Math.log(together / (1 - together))) }
  })
}

/** The nearest clauses that hold what is asked for, in the order of the ranking, with their features. */
export function chooseBareFeatures({ knowledge, view, isHybrid, isOpen }: MeasureInput): MeasuredClause[] {
  const looked = view.ranked.flatMap(({ passage: position }) => {
    const passage = knowledge.passages[position]
    const document = passage === undefined ? undefined : knowledge.documents.get(passage.documentId)
    return passage === undefined || document === undefined || !isOpen(document) ? [] : [{ position, passage, document }]
  })
  const found = looked.slice(0, LOOKED_AT).map((candidate) => ({ ...candidate, nearest: nearestOf(view, candidate.position, candidate.passage, candidate.document) }))
  const most = { words: Math.max(0, ...found.map(({ nearest }) => nearest?.words ?? 0)), meaning: Math.max(0, ...found.map(({ nearest }) => nearest?.meaning ?? 0)) }
  return found.flatMap((clause): MeasuredClause[] => {
    const { nearest, document } = clause
    const ofDocument = found.filter((other) => other.document.id === document.id).length / found.length
    return nearest === null ? [] : [{ ...clause, nearest, features: bareFeatures({ ...clause, view, nearest, most, ofDocument, isOfFirst: found[0]?.document.id === document.id, isHybrid }) }]
  })
}
