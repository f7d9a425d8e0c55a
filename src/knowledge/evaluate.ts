import type { Answer, Passage } from '../domain/answers.ts'

/** A question with the clauses that answer it; none = it must be refused. `set` groups the table. */
export interface EvalQuestion {
  id: string
  question: string
  gold: readonly string[]
  set: string
}

export interface EvalResult extends EvalQuestion {
  answer: Answer
  ms: number
}

/** One row of the table; shares are 0..1, null where no question of the set counts. */
export interface EvalRow {
  set: string
  questions: number
  first: number | null
  firstThree: number | null
  answered: number | null
  citesRight: number | null
  refused: number | null
}

export interface EvalSummary {
  rows: EvalRow[]
  quotes: number
  /** Quotes that do not stand word for word in their clause and in the answer: must be 0. */
  brokenQuotes: number
  /** Answers longer than 300 characters. */
  longAnswers: number
  p50Ms: number
  p95Ms: number
  /** By tenths of the best clause's probability: how many, and the share that was right. */
  reliability: { probability: string; questions: number; right: number | null }[]
  failures: string[]
}

export const LONGEST_ANSWER = 300

/** Counts what the answers were worth. @param passageOf looks a cited clause up */
export function summarize(results: readonly EvalResult[], passageOf: (document: string, clause: string) => Passage | null): EvalSummary {
  const sets = [...new Set(results.map((result) => result.set))]
  const citations = results.flatMap(({ answer }) => answer.citations.map((citation) => ({ citation, answer })))
  const broken = citations.filter(({ citation, answer }) => !(passageOf(citation.document, citation.clause)?.text.includes(citation.quote) ?? false) || !answer.text.includes(citation.quote))
  const times = results.map((result) => result.ms).sort((left, right) => left - right)
  return {
    rows: [...sets.map((set) => toRow(set, results.filter((result) => result.set === set))), ...(sets.length > 1 ? [toRow('all', results)] : [])],
    quotes: citations.length,
    brokenQuotes: broken.length,
    longAnswers: results.filter(({ answer }) => answer.text.length > LONGEST_ANSWER).length,
    p50Ms: times[Math.floor(times.length / 2)] ?? 0,
    p95Ms: times[Math.floor(times.length * 0.95)] ?? 0,
    reliability: readReliability(results),
    failures: results.flatMap((result) => describeFailure(result) ?? []),
  }
}

function toRow(set: string, results: readonly EvalResult[]): EvalRow {
  const answerable = results.filter((result) => result.gold.length > 0)
  const answered = answerable.filter((result) => result.answer.kind !== 'refusal')
  const unanswerable = results.filter((result) => result.gold.length === 0)
  return {
    set,
    questions: results.length,
    first: share(answerable, (result) => hasGold(result, 1)),
    firstThree: share(answerable, (result) => hasGold(result, 3)),
    answered: share(answerable, (result) => result.answer.kind !== 'refusal'),
    citesRight: share(answered, (result) => result.answer.citations.some(({ clause }) => result.gold.includes(clause))),
    refused: share(unanswerable, (result) => result.answer.kind === 'refusal'),
  }
}

function hasGold(result: EvalResult, limit: number): boolean {
  return result.answer.ranked.slice(0, limit).some(({ clause }) => result.gold.includes(clause))
}

function share<T>(items: readonly T[], isTrue: (item: T) => boolean): number | null {
  return items.length === 0 ? null : Math.round((items.filter(isTrue).length / items.length) * 1000) / 1000
}

function readReliability(results: readonly EvalResult[]): EvalSummary['reliability'] {
  return Array.from({ length: 10 }, (_, tenth) => {
    const inBin = results.filter(({ gold, answer }) => gold.length > 0 && Math.min(9, Math.floor((answer.ranked[0]?.score ?? 0) * 10)) === tenth)
    return { probability: `${(tenth / 10).toFixed(1)}-${((tenth + 1) / 10).toFixed(1)}`, questions: inBin.length, right: share(inBin, (result) => hasGold(result, 1)) }
  })
}

function describeFailure(result: EvalResult): string | null {
  const { question, gold, answer } = result
  const found = answer.ranked.slice(0, 3).map(({ clause, score }) => `${clause} (${score.toFixed(2)})`).join(', ')
  if (gold.length === 0) return answer.kind === 'refusal' ? null : `answered, should be refused: ${question} <- ${found}`
  if (answer.kind === 'refusal') return `refused, stands in ${gold.join(', ')}: ${question} <- ${found}`
  return hasGold(result, 1) ? null : `wrong clause first, right is ${gold.join(', ')}: ${question} <- ${found}`
}
