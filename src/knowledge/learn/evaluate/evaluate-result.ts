import type { Answer } from '../../../domain/answers.ts'

/** What a right answer does with a question. */
export type Expected = 'answer' | 'refusal' | 'correction'

/** Words that must stand in the answer; of several in a row one is enough. */
export type Fact = string | readonly string[]

/** A labelled question. */
export interface EvalQuestion {
  id: string
  question: string
  /** The question of the turn before, of a follow-up. */
  previous?: string
  /** Clauses any of which answers it, or puts it right; none = it must be refused. */
  gold: readonly string[]
  /** Clauses all of which the answer needs, where one is not enough; of several in a row one will do. */
  goldAll: readonly Fact[]
  expect: Expected
  facts: readonly Fact[]
  /** Groups the tables: who speaks or where it comes from, what is asked, and how it is put (a follow-up, two questions in one). */
  set: string
  kind: string
  form: string
}

export interface EvalResult extends EvalQuestion {
  answer: Answer
  ms: number
}

/** Whether the text of an answer holds a fact. */
export const holdsFact = ({ text }: Answer, fact: Fact): boolean => [fact].flat().some((one) => text.includes(one))
export const holdsFacts = ({ answer, facts }: Pick<EvalResult, 'answer' | 'facts'>): boolean => facts.every((fact) => holdsFact(answer, fact))

/** Whether a right clause is cited; each clause that it needs, where one is not enough. */
export function isCitedRight({ answer, gold, goldAll }: EvalResult): boolean {
  const isCited = (clauses: Fact) => answer.citations.some(({ clause }) => clauses.includes(clause))
  return goldAll.length > 0 ? goldAll.every((clauses) => isCited([clauses].flat())) : isCited(gold)
}

/** Whether a right clause is among the first found. */
export function hasGold(result: EvalResult, limit: number): boolean {
  return result.answer.ranked.slice(0, limit).some(({ clause }) => result.gold.includes(clause))
}
