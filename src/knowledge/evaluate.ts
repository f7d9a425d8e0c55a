import type { Answer, Passage } from '../domain/answers.ts'
import { readFigures } from './figures.ts'

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
  /** Clauses that answer it, or put it right; none = it must be refused. */
  gold: readonly string[]
  expect: Expected
  facts: readonly Fact[]
  /** Groups the tables: who speaks or where it comes from, and what is asked. */
  set: string
  kind: string
}

export interface EvalResult extends EvalQuestion {
  answer: Answer
  ms: number
}

/** One row of a table; shares are 0..1, null where no question counts. */
export interface EvalRow {
  name: string
  questions: number
  first: number | null
  firstThree: number | null
  answered: number | null
  citesRight: number | null
  /** Of those answered or corrected, and that name facts: all of them stand in the text. */
  facts: number | null
  refused: number | null
  corrected: number | null
}

export interface EvalSummary {
  bySet: EvalRow[]
  byKind: EvalRow[]
  all: EvalRow
  quotes: number
  /** Quotes that do not stand word for word in their clause and in the answer: must be 0. */
  brokenQuotes: number
  figures: number
  /** Figures of an answer that stand in none of the clauses that it cites: must be 0. */
  strayFigures: number
  /** Characters that 95 % of the texts do not exceed. */
  p95Length: number
  p50Ms: number
  p95Ms: number
  /** By tenths of the best clause's probability: how many, and the share that was right. */
  reliability: { probability: string; questions: number; right: number | null }[]
  failures: string[]
}

/** Counts what the answers were worth. @param passageOf looks a cited clause up */
export function summarize(results: readonly EvalResult[], passageOf: (document: string, clause: string) => Passage | null): EvalSummary {
  const citations = results.flatMap(({ answer }) => answer.citations.map((citation) => ({ citation, answer })))
  const broken = citations.filter(({ citation, answer }) => !(passageOf(citation.document, citation.clause)?.text.includes(citation.quote) ?? false) || !answer.text.includes(citation.quote))
  const figures = results.flatMap((result) => readStatedFigures(result, passageOf))
  const times = results.map((result) => result.ms).sort((left, right) => left - right)
  const lengths = results.map(({ answer }) => answer.text.length).sort((left, right) => left - right)
  const at = (values: readonly number[], share: number) => values[Math.floor(values.length * share)] ?? 0
  return {
    bySet: toRows(results, ({ set }) => set),
    byKind: toRows(results, ({ kind }) => kind),
    all: toRow('all', results),
    quotes: citations.length,
    brokenQuotes: broken.length,
    figures: figures.length,
    strayFigures: figures.filter((isCovered) => !isCovered).length,
    p95Length: at(lengths, 0.95),
    p50Ms: at(times, 0.5),
    p95Ms: at(times, 0.95),
    reliability: readReliability(results),
    failures: results.flatMap((result) => describeFailure(result) ?? []),
  }
}

/** For each figure that an answer states before its source: whether it stands in a clause that it cites, or was the resident's own. */
function readStatedFigures({ answer, question }: EvalResult, passageOf: (document: string, clause: string) => Passage | null): boolean[] {
  if (answer.kind === 'refusal') return []
  const said = answer.text.split('\n').filter((line) => !line.startsWith('——') && !line.startsWith('（')).join('\n')
  const known = [question, ...answer.citations.map(({ document, clause }) => passageOf(document, clause)?.text ?? '')].flatMap((text) => readFigures(text))
  return readFigures(said).map((figure) => known.some((other) => other.unit === figure.unit && other.from === figure.from && other.to === figure.to))
}

const toRows = (results: readonly EvalResult[], nameOf: (result: EvalResult) => string): EvalRow[] =>
  [...new Set(results.map(nameOf))].map((name) => toRow(name, results.filter((result) => nameOf(result) === name)))

function toRow(name: string, results: readonly EvalResult[]): EvalRow {
  const expecting = (expected: Expected) => results.filter((result) => result.expect === expected)
  const found = results.filter((result) => result.gold.length > 0)
  const answered = found.filter((result) => result.answer.kind !== 'refusal')
  return {
    name,
    questions: results.length,
    first: share(found, (result) => hasGold(result, 1)),
    firstThree: share(found, (result) => hasGold(result, 3)),
    answered: share(expecting('answer'), (result) => result.answer.kind !== 'refusal'),
    citesRight: share(answered, (result) => result.answer.citations.some(({ clause }) => result.gold.includes(clause))),
    facts: share(answered.filter((result) => result.facts.length > 0), holdsFacts),
    refused: share(expecting('refusal'), (result) => result.answer.kind === 'refusal'),
    corrected: share(expecting('correction'), (result) => result.answer.kind === 'correction' && holdsFacts(result)),
  }
}

export const holdsFacts = ({ answer, facts }: Pick<EvalResult, 'answer' | 'facts'>): boolean =>
  facts.every((fact) => (typeof fact === 'string' ? answer.text.includes(fact) : fact.some((one) => answer.text.includes(one))))

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
  const { question, gold, answer, expect } = result
  const found = answer.ranked.slice(0, 3).map(({ clause, score }) => `${clause} (${score.toFixed(2)})`).join(', ')
  const described = (fault: string) => `${fault}: ${question} <- ${found}`
  if (expect === 'refusal') return answer.kind === 'refusal' ? null : described('answered, should be refused')
  if (answer.kind === 'refusal') return described(`refused, stands in ${gold.join(', ')}`)
  if (expect === 'correction' && answer.kind !== 'correction') return described(`not put right by ${gold.join(', ')}`)
  if (expect === 'answer' && answer.kind === 'correction') return described('put right although it was right')
  if (!hasGold(result, 1)) return described(`wrong clause first, right is ${gold.join(', ')}`)
  return holdsFacts(result) ? null : described(`says not ${result.facts.flat().join(' / ')}`)
}
