import type { Workings } from '../answer/answerer.ts'
import { viewQuestion } from '../answer/question-view.ts'
import { embedQuestion } from '../find/embed-question.ts'

/** A clause that was found for a question, and what speaks for it. */
export interface FoundClause {
  document: string
  clause: string
  /** Probability that it answers, 0..1. */
  score: number
  /** How much of the question's words its best sentence has, 0..1. */
  words: number
  /** How near its best sentence is in meaning, 0..1; null = by words alone. */
  meaning: number | null
  /** The most alike of the questions that are written down for it. */
  typical: { text: string; nearness: number } | null
}

export interface Explanation {
  found: FoundClause[]
  /** The known gap that is nearer than any typical question; null when there is none. */
  gap: string | null
}

const SHOWN = 5

/** What is found for a question, best first, and why. */
export async function explainFinding(workings: Workings, question: string): Promise<Explanation> {
  const { knowledge, weights, embedding } = workings
  const vectors = embedding === null ? null : await embedQuestion(embedding.model, question).catch(() => null)
  const view = viewQuestion(question, { index: knowledge.index, weights: weights.ranking[vectors === null ? 'lexical' : 'hybrid'], vectors })
  const found = view.ranked.slice(0, SHOWN).flatMap(({ passage, score }): FoundClause[] => {
    const clause = knowledge.passages[passage]
    if (clause === undefined) return []
    const windows = view.windowsOf(passage)
    const typical = view.alike(passage)[0]
    const best = (values: readonly number[]) => Math.min(1, Math.max(0, ...values))
    return [{ document: clause.documentId, clause: clause.clause, score, words: best(windows.map(({ words }) => words)), meaning: vectors === null ? null : best(windows.map(({ meaning }) => meaning)), typical: typical === undefined ? null : { text: typical.text, nearness: best([typical.nearness]) } }]
  })
  return { found, gap: view.gap?.text ?? null }
}
