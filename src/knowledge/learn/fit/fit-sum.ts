import type { Measures } from '../../find/numbers/features.ts'
import { CALIBRATION_FEATURES, calibrationFeatures, fitLogistic } from '../../find/numbers/logistic.ts'
import type { LogisticModel } from '../../find/numbers/logistic.ts'
import { SUM_OF, sumRow } from '../../find/numbers/plain-sum.ts'
import type { SumModel } from '../../find/numbers/plain-sum.ts'
import type { PassageIndex, QuestionVectors } from '../../find/passage-index.ts'
import { round } from './fit.ts'
import type { LabelledQuestion } from './fit-data.ts'

/** One question's candidates, with how many right passages the corpus has. */
export interface SumQuestion {
  candidates: { isRight: boolean; measures: Measures }[]
  right: number
}

export interface SumCorpus {
  name: string
  questions: readonly SumQuestion[]
}

export interface FittedSum {
  model: SumModel & { calibration: LogisticModel }
  /** Of each corpus, by numbers that were fitted on the others; by its own where there is no other. */
  unseen: { name: string; weights: Record<string, number>; figures: Record<string, number> }[]
  /** Over all corpora, each counting the same. */
  figures: Record<string, number>
}

type Mode = keyof typeof SUM_OF

/** Measures every question with a right passage; what is known of typical questions is looked past. */
export function collectSum(name: string, input: { index: PassageIndex; questions: readonly LabelledQuestion[]; vectors: readonly (QuestionVectors | null)[] }): SumCorpus {
  const questions = input.questions.flatMap(({ text, gold, leftOut }, position): SumQuestion[] => {
    if (gold.size === 0) return []
    const { candidates } = input.index.find(text, input.vectors[position] ?? null, { leftOut })
    return [{ right: gold.size, candidates: candidates.map(({ passage, measures }) => ({ isRight: gold.has(passage), measures })) }]
  })
  return { name, questions }
}

/**
 * Fits the few numbers of the plain sum so that the right passages of a question have the most of its candidates' weight (a softmax over them),
 * every corpus counting the same; judged by leaving whole corpora out.
 */
export function fitSum(corpora: readonly SumCorpus[], mode: Mode): FittedSum {
  const names = SUM_OF[mode]
  const read = corpora.map((corpus) => readRows(corpus, names))
  const unseen = read.map((corpus, place) => {
    const others = read.length === 1 ? read : read.filter((_, other) => other !== place)
    const weights = climb(others, names.length)
    return { name: corpora[place]?.name ?? '', named: weights, figures: describe(corpus, weights), scores: scoreAll(corpus, weights), usual: usualTotal(others.map((other) => scoreAll(other, weights))) }
  })
  const weights = climb(read, names.length)
  const usual = usualTotal(read.map((corpus) => scoreAll(corpus, weights)))
  // Each corpus by numbers that have not seen it, and their own usual total.
  const odds = unseen.map(({ scores, usual: own }) => scores.map((rows) => rows.map(({ isRight, score }) => ({ label: isRight ? (1 as const) : (0 as const), logit: score - own }))))
  const samples = odds.flatMap((corpus) => corpus.flatMap((rows) => calibrationSamples(rows, 1 / corpus.length)))
  const total = samples.reduce((sum, { weight }) => sum + weight, 0) / Math.max(1, samples.length)
  const calibration = fitLogistic(CALIBRATION_FEATURES, samples.map((sample) => ({ ...sample, weight: sample.weight / total })), { penalty: 0.1 })
  const figureNames = Object.keys(unseen[0]?.figures ?? {}).filter((name) => name !== 'questions')
  return {
    model: { of: 'measures', features: [...names], means: names.map(() => 0), scales: names.map(() => 1), weights, bias: -usual, calibration },
    unseen: unseen.map(({ name, named, figures }) => ({ name, figures, weights: Object.fromEntries(names.map((measure, place) => [measure, round(named[place] ?? 0)])) })),
    figures: Object.fromEntries(figureNames.map((name) => [name, round(unseen.reduce((sum, { figures }) => sum + (figures[name] ?? 0), 0) / Math.max(1, unseen.length))])),
  }
}

interface Row {
  isRight: boolean
  values: number[]
}
interface ReadCorpus {
  questions: Row[][]
  right: number[]
}

function readRows({ questions }: SumCorpus, names: readonly string[]): ReadCorpus {
  return { questions: questions.map(({ candidates }) => candidates.map(({ isRight, measures }) => ({ isRight, values: sumRow(names, measures) }))), right: questions.map(({ right }) => right) }
}

const ROUNDS = 400
const STEP = 60
const PENALTY = 5e-4
const START = 3

/** Gradient ascent on the mean logarithm of the right passages' share; the sum is concave enough for a fixed step. */
function climb(corpora: readonly ReadCorpus[], size: number): number[] {
  const weights = new Array<number>(size).fill(START)
  for (let round = 0; round < ROUNDS; round += 1) {
    const gradient = weights.map((weight) => -PENALTY * weight)
    for (const { questions } of corpora) for (const rows of questions) addGradient(rows, weights, gradient, 1 / (questions.length * corpora.length))
    for (let place = 0; place < size; place += 1) weights[place]! += STEP * gradient[place]!
  }
  return weights
}

function addGradient(rows: readonly Row[], weights: readonly number[], gradient: number[], share: number): void {
  if (!rows.some(({ isRight }) => isRight)) return
  const scores = rows.map(({ values }) => scoreOf(values, weights))
  const best = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - best))
  const all = powers.reduce((sum, power) => sum + power, 0)
  const right = powers.reduce((sum, power, place) => sum + (rows[place]?.isRight === true ? power : 0), 0)
  for (const [at, { isRight, values }] of rows.entries()) {
    const pull = share * ((isRight ? powers[at]! / right : 0) - powers[at]! / all)
    for (let place = 0; place < values.length; place += 1) gradient[place]! += pull * values[place]!
  }
}

const scoreOf = (values: readonly number[], weights: readonly number[]): number => values.reduce((sum, value, place) => sum + value * (weights[place] ?? 0), 0)

type Scored = { isRight: boolean; score: number }[]
const scoreAll = ({ questions }: ReadCorpus, weights: readonly number[]): Scored[] => questions.map((rows) => rows.map(({ isRight, values }) => ({ isRight, score: scoreOf(values, weights) })))

/** What is taken off the sum so that a usual question's candidates have even odds together. */
function usualTotal(corpora: readonly Scored[][]): number {
  const totals = corpora.map((questions) => questions.reduce((sum, rows) => sum + logTotal(rows.map(({ score }) => score)), 0) / Math.max(1, questions.length))
  return totals.reduce((sum, total) => sum + total, 0) / Math.max(1, totals.length)
}

function logTotal(scores: readonly number[]): number {
  const best = Math.max(0, ...scores)
  return best + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - best), 0) || 1)
}

const CALIBRATED_ON = 3

/** Only the best few: those are the ones whose probability anybody reads. */
function calibrationSamples(rows: readonly { label: 0 | 1; logit: number }[], weight: number) {
  const logits = rows.map(({ logit }) => logit)
  const least = [...logits].sort((left, right) => right - left)[CALIBRATED_ON - 1] ?? -Infinity
  return calibrationFeatures(logits).flatMap((features, place) => ((logits[place] ?? 0) < least ? [] : [{ features, label: rows[place]?.label ?? (0 as const), weight }]))
}

/** What is found: the right passage first, among three, five and ten, the mean of 1 / its place, and the share of all right ones among ten. */
function describe(corpus: ReadCorpus, weights: readonly number[]): Record<string, number> {
  const found = scoreAll(corpus, weights).map((rows) => [...rows].sort((left, right) => right.score - left.score).map(({ isRight }) => isRight))
  const count = Math.max(1, found.length)
  const within = (limit: number) => round(found.filter((rows) => rows.slice(0, limit).includes(true)).length / count)
  const reciprocal = found.reduce((sum, rows) => sum + (rows.slice(0, 10).includes(true) ? 1 / (rows.indexOf(true) + 1) : 0), 0)
  const recall = found.reduce((sum, rows, place) => sum + rows.slice(0, 10).filter((isRight) => isRight).length / Math.max(1, corpus.right[place] ?? 1), 0)
  return { questions: found.length, first: within(1), firstThree: within(3), firstFive: within(5), firstTen: within(10), reciprocalRank: round(reciprocal / count), recallTen: round(recall / count) }
}
