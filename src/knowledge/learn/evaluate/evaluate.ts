import type { Passage } from '../../../domain/answers.ts'
import { findFailures } from './evaluate-failures.ts'
import type { EvalFailure } from './evaluate-failures.ts'
import { hasGold, holdsFacts, isCitedRight } from './evaluate-result.ts'
import type { EvalResult, Expected } from './evaluate-result.ts'
import { readFigures } from '../../find/words/figures.ts'

/** One row of a table; shares are 0..1, null where no question counts. */
export interface EvalRow {
  name: string
  questions: number
  first: number | null
  firstThree: number | null
  /** Of those that the text answers. */
  answered: number | null
  /** Of those that the text answers: put right, although nothing in the question was wrong. */
  contradicted: number | null
  /** Of those answered or put right: a right clause is cited, or each one that it needs. */
  citesRight: number | null
  /** Of those answered or corrected, and that name facts: all of them stand in the text. */
  facts: number | null
  refused: number | null
  corrected: number | null
}

export interface EvalSummary {
  bySet: EvalRow[]
  byKind: EvalRow[]
  byForm: EvalRow[]
  /** Told in everyday words, where the sets are registers; null where none of them is. */
  colloquial: EvalRow | null
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
  /** By tenths of the best clause's probability, of the questions that the text answers. */
  reliability: ReliabilityBin[]
  failures: EvalFailure[]
}

/** What the best clause's probability promised on average, and the share that was right; both null without questions. */
export interface ReliabilityBin {
  from: number
  to: number
  questions: number
  promised: number | null
  right: number | null
}

const COLLOQUIAL = ['spoken', 'north_eastern', 'situation']

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
    byForm: toRows(results, ({ form }) => form),
    colloquial: results.some(({ set }) => COLLOQUIAL.includes(set)) ? toRow('colloquial', results.filter(({ set }) => COLLOQUIAL.includes(set))) : null,
    all: toRow('all', results),
    quotes: citations.length,
    brokenQuotes: broken.length,
    figures: figures.length,
    strayFigures: figures.filter((isCovered) => !isCovered).length,
    p95Length: at(lengths, 0.95),
    p50Ms: at(times, 0.5),
    p95Ms: at(times, 0.95),
    reliability: readReliability(results),
    failures: findFailures(results),
  }
}

/** For each figure that an answer states before its source: whether it stands in a clause that it cites, or was the resident's own. */
function readStatedFigures({ answer, question, previous }: EvalResult, passageOf: (document: string, clause: string) => Passage | null): boolean[] {
  if (answer.kind === 'refusal') return []
  const said = answer.text.split('\n').filter((line) => !line.startsWith('——') && !line.startsWith('（')).join('\n')
  const known = [question, previous ?? '', ...answer.citations.map(({ document, clause }) => passageOf(document, clause)?.text ?? '')].flatMap((text) => readFigures(text))
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
    contradicted: share(expecting('answer'), (result) => result.answer.kind === 'correction'),
    citesRight: share(answered, isCitedRight),
    facts: share(answered.filter((result) => result.facts.length > 0), holdsFacts),
    refused: share(expecting('refusal'), (result) => result.answer.kind === 'refusal'),
    corrected: share(expecting('correction'), (result) => result.answer.kind === 'correction' && holdsFacts(result)),
  }
}

const toThousandths = (value: number): number => Math.round(value * 1000) / 1000

function share<T>(items: readonly T[], isTrue: (item: T) => boolean): number | null {
  return items.length === 0 ? null : toThousandths(items.filter(isTrue).length / items.length)
}

function readReliability(results: readonly EvalResult[]): ReliabilityBin[] {
  const promised = ({ answer }: EvalResult) => answer.ranked[0]?.score ?? 0
  return Array.from({ length: 10 }, (_, tenth) => {
    const inBin = results.filter((result) => result.gold.length > 0 && Math.min(9, Math.floor(promised(result) * 10)) === tenth)
    const mean = inBin.reduce((sum, result) => sum + promised(result), 0) / inBin.length
    return { from: tenth / 10, to: (tenth + 1) / 10, questions: inBin.length, promised: inBin.length === 0 ? null : toThousandths(mean), right: share(inBin, (result) => hasGold(result, 1)) }
  })
}
