import type { Passage } from '../../domain/answers.ts'
import { findFalsePremise } from './premise.ts'
import type { FalsePremise } from './premise.ts'
import { readClaim } from './premise-claim.ts'
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

/** A claim stands in one or two sentences: of a longer message its head is read for one. */
const LONGEST_CLAIM = 300

/** What is wrong with a question's premise by the clauses found for it, best first; null when nothing is, or when the best clause confirms it. */
export function choosePremise(message: string, ranked: readonly RatedPassage[]): { premise: FalsePremise; passage: Passage } | null {
  const question = message.slice(0, LONGEST_CLAIM)
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

/**
 * What is wrong with a question's premise by a clause of any document: only what it asserts ("…对吧", "听说…") is put right, and only where a figure or an office
 * stands otherwise or the clause says the opposite in words. A question that asks for something claims nothing.
 */
export function contradictBare(message: string, passage: Passage): { premise: FalsePremise; passage: Passage } | null {
  const question = message.slice(0, LONGEST_CLAIM)
  const claim = readClaim(question)
  if (!claim.isAsserted || claim.isOpen || confirmsClaim(question, passage.text)) return null
  const premise = findFalsePremise(question, passage.text)
  return premise === null || (premise.kind === 'condition' && (premise.isByTone || claim.isQuestion)) ? null : { premise, passage }
}
