import type { Passage } from '../../domain/answers.ts'
import { findFalsePremise } from './premise.ts'
import type { FalsePremise } from './premise.ts'
import { confirmsClaim } from './premise-confirm.ts'

export interface RatedPassage {
  passage: Passage
  /** The calibrated probability that it answers. */
  score: number
}

/** A question is put right by its best clause from this probability on, even where an answer would be doubtful: the contradiction itself tells that the text speaks of this. */
const CORRECTED_FROM = 0.5
/** The second and third clause are looked at too when they may well be meant instead. */
const NEXT_FROM = 0.2
const NEXT_SHARE = 0.35
const NEXT_LOOKED_AT = 2

/** What is wrong with a question's premise by the clauses found for it, best first; null when nothing is, or when the best clause confirms it. */
export function choosePremise(question: string, ranked: readonly RatedPassage[]): { premise: FalsePremise; passage: Passage } | null {
  const [first, ...others] = ranked
  if (first === undefined || first.score < CORRECTED_FROM / 2) return null
  if (first.score >= CORRECTED_FROM) {
    const premise = findFalsePremise(question, first.passage.text)
    if (premise !== null) return { premise, passage: first.passage }
  }
  if (confirmsClaim(question, first.passage.text)) return null
  for (const { passage, score } of others.slice(0, NEXT_LOOKED_AT)) {
    if (score < NEXT_FROM || score < first.score * NEXT_SHARE || passage.documentId !== first.passage.documentId) continue
    const premise = findFalsePremise(question, passage.text)
    // That a sentence only sounds otherwise is too little where another clause is nearer.
    if (premise !== null && !(premise.kind === 'condition' && premise.isByTone)) return { premise, passage }
  }
  return null
}
