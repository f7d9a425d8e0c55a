import { featureNames } from '../../find/numbers/features.ts'
import { foldOf } from './fit-data.ts'
import type { LabelledQuestion } from './fit-data.ts'
import { calibrate, CALIBRATION_FEATURES, calibrationFeatures, fitLogistic, logit } from '../../find/numbers/logistic.ts'
import type { LogisticModel, LogisticSample } from '../../find/numbers/logistic.ts'
import type { PassageIndex, QuestionVectors } from '../../find/passage-index.ts'
import { viewQuestion } from '../../answer/question-view.ts'
import { HYBRID_REFUSAL_FEATURES, LEXICAL_REFUSAL_FEATURES, refusalFeatures } from '../../answer/refusal.ts'
import type { RefusalDecision, RefusalModel } from '../../find/numbers/weights.ts'
import type { RankingModel } from '../../find/numbers/weights.ts'

const FOLDS = 5
const CALIBRATED_ON = 3
const RANKING_PENALTY = 1
const REFUSAL_PENALTY = 10
/** Of the answerable questions that may be refused, the share that is given up for refusing near misses; the rest is for other domains. */
const GIVEN_UP_FOR_NEAR = 0.6

export interface FitInput {
  index: PassageIndex
  questions: readonly LabelledQuestion[]
  /** By question; null = words only. */
  vectors: readonly (QuestionVectors | null)[]
  /** Share of the answerable questions that must be answered. */
  answeredShare: number
}

export interface Fitted {
  ranking: RankingModel
  refusal: RefusalDecision
  /** Cross-validated, over five folds. */
  figures: Record<string, number>
}

/** Fits ranking and refusal; the figures come from folds that the numbers were not fitted on. */
export function fitAnswering(input: FitInput): Fitted {
  const ranking = fitRanking(input)
  const refusal = fitRefusal(input, ranking.modelOfFold)
  return { ranking: { ...ranking.model, calibration: ranking.calibration }, refusal: refusal.model, figures: { ...ranking.figures, ...refusal.figures } }
}

interface Row {
  features: number[]
  label: 0 | 1
}

export type RankingInput = Pick<FitInput, 'index' | 'questions' | 'vectors'>

/** Fits the ranking alone, on one corpus or on several together; only questions with a right passage count. */
export function fitRanking(...inputs: readonly RankingInput[]) {
  const isHybrid = inputs.some(({ vectors }) => vectors.some((vector) => vector !== null))
  const names = featureNames({ isHybrid, hasTypical: inputs.every(({ index }) => index.hasTypical) })
  const groups = inputs.flatMap(candidateRows)
  const fit = (isUsed: (position: number) => boolean) => fitLogistic(names, groups.filter((_, position) => isUsed(position)).flat(), { penalty: RANKING_PENALTY })
  const modelOfFold = Array.from({ length: FOLDS }, (_, fold) => fit((position) => foldOf(position, FOLDS) !== fold))
  const model = fit(() => true)
  const heldOut = groups.map((rows, position) => rows.map((row) => ({ label: row.label, logit: logit(modelOfFold[foldOf(position, FOLDS)] ?? model, row.features) })))
  const calibration = fitLogistic(CALIBRATION_FEATURES, heldOut.flatMap(calibrationSamples), { penalty: 0.1 })
  const questions = inputs.flatMap((input) => input.questions)
  const figuresOf = (from: number, to: number) => describeRanking(heldOut.slice(from, to), questions.slice(from, to), calibration)
  const starts = inputs.map((_, place) => inputs.slice(0, place).reduce((sum, input) => sum + input.questions.length, 0))
  return {
    model,
    modelOfFold,
    calibration,
    figures: figuresOf(0, questions.length),
    /** The same figures for each input by itself. */
    figuresByInput: starts.map((start, place) => figuresOf(start, start + (inputs[place]?.questions.length ?? 0))),
  }
}

function candidateRows({ index, questions, vectors }: RankingInput): Row[][] {
  return questions.map((question, position): Row[] => {
    if (question.gold.size === 0) return []
    const { candidates } = index.find(question.text, vectors[position] ?? null, { leftOut: question.leftOut })
    return candidates.map(({ features, passage }) => ({ features, label: question.gold.has(passage) ? 1 : 0 }))
  })
}

function describeRanking(heldOut: readonly Scored[], questions: readonly LabelledQuestion[], calibration: LogisticModel): Record<string, number> {
  const places = heldOut.flatMap((rows) => (rows.length === 0 ? [] : [placeOfGold(rows)]))
  return { ...ranks(places), recallTen: recallTen(heldOut, questions), ...reliability(heldOut, calibration) }
}

type Scored = readonly { label: 0 | 1; logit: number }[]

/** Only the best few: those are the ones whose probability anybody reads, and thousands of hopeless ones would bend the curve. */
function calibrationSamples(rows: Scored): LogisticSample[] {
  const logits = rows.map((row) => row.logit)
  const least = [...logits].sort((left, right) => right - left)[CALIBRATED_ON - 1] ?? -Infinity
  return calibrationFeatures(logits).flatMap((features, index) => ((logits[index] ?? 0) < least ? [] : [{ features, label: rows[index]?.label ?? 0 }]))
}

/** The mean share of a question's right passages among the first ten. */
function recallTen(groups: readonly Scored[], questions: readonly LabelledQuestion[]): number {
  const shares = groups.flatMap((rows, position) => {
    const gold = questions[position]?.gold.size ?? 0
    const found = [...rows].sort((left, right) => right.logit - left.logit).slice(0, 10).filter((row) => row.label === 1).length
    return gold === 0 ? [] : [found / gold]
  })
  return round(shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length))
}

/** 0 = first; Infinity = the right passage is not among the candidates. */
function placeOfGold(rows: Scored): number {
  const place = [...rows].sort((left, right) => right.logit - left.logit).findIndex((row) => row.label === 1)
  return place === -1 ? Infinity : place
}

function ranks(places: readonly number[]): Record<string, number> {
  const share = (limit: number) => round(places.filter((place) => place < limit).length / Math.max(1, places.length))
  const reciprocal = places.reduce((sum, place) => sum + (place < 10 ? 1 / (place + 1) : 0), 0) / Math.max(1, places.length)
  return { questions: places.length, first: share(1), firstThree: share(3), firstFive: share(5), firstTen: share(10), reciprocalRank: round(reciprocal) }
}

/** Ten bins of the best passages' probabilities: mean distance between probability and observed share, over all of them. */
function reliability(groups: readonly Scored[], calibration: LogisticModel): { calibrationError: number } {
  const bins = Array.from({ length: 10 }, () => ({ right: 0, probability: 0 }))
  const asked = groups.filter((rows) => rows.length > 0)
  for (const rows of asked) {
    const probabilities = calibrate(calibration, rows.map((row) => row.logit))
    const best = probabilities.indexOf(Math.max(...probabilities))
    const bin = bins[Math.min(9, Math.floor((probabilities[best] ?? 0) * 10))]
    if (bin === undefined) continue
    bin.right += rows[best]?.label ?? 0
    bin.probability += probabilities[best] ?? 0
  }
  return { calibrationError: round(bins.reduce((sum, bin) => sum + Math.abs(bin.right - bin.probability), 0) / Math.max(1, asked.length)) }
}

/**
 * Two decisions on the same features: typical questions against known gaps, and against other domains. Either may refuse, and each
 * may turn away its part of the answerable share that is given up.
 */
function fitRefusal({ index, questions, vectors, answeredShare }: FitInput, rankingOfFold: readonly LogisticModel[]) {
  const names = vectors.some((vector) => vector !== null) ? HYBRID_REFUSAL_FEATURES : LEXICAL_REFUSAL_FEATURES
  const samples = questions.map((question, position): RefusalSample => {
    const weights = rankingOfFold[foldOf(position, FOLDS)]
    if (weights === undefined) throw new RangeError('there is a ranking for every fold')
    const view = viewQuestion(question.text, { index, weights, vectors: vectors[position] ?? null, leftOut: question.leftOut })
    const sort = question.gold.size > 0 ? 'answerable' : question.isOtherDomain === true ? 'other' : 'near'
    return { features: refusalFeatures(view.refusal), label: sort === 'answerable' ? 1 : 0, sort }
  })
  const near = fitDecision(names, samples, 'near', (1 - answeredShare) * GIVEN_UP_FOR_NEAR)
  const domain = fitDecision(names, samples, 'other', (1 - answeredShare) * (1 - GIVEN_UP_FOR_NEAR))
  const isAnswered = (position: number) => (near.odds[position] ?? 0) >= near.model.threshold && (domain.odds[position] ?? 0) >= domain.model.threshold
  const answered = (sort: RefusalSample['sort']) => {
    const positions = [...samples.keys()].filter((position) => samples[position]?.sort === sort)
    return positions.filter(isAnswered).length / Math.max(1, positions.length)
  }
  return {
    model: { near: near.model, domain: domain.model },
    figures: { answered: round(answered('answerable')), nearMissesRefused: round(1 - answered('near')), nearMissAuc: near.auc, otherDomainsRefused: round(1 - answered('other')), otherDomainAuc: domain.auc },
  }
}

interface RefusalSample extends LogisticSample {
  sort: 'answerable' | 'near' | 'other'
}

/** Answerable questions against one sort of the others; the odds come from folds that the model was not fitted on. */
function fitDecision(names: readonly string[], samples: readonly RefusalSample[], against: 'near' | 'other', givenUp: number): { model: RefusalModel; odds: number[]; auc: number } {
  const counts = (sample: RefusalSample) => sample.sort === 'answerable' || sample.sort === against
  const fit = (isUsed: (position: number) => boolean) => fitLogistic(names, samples.filter((sample, position) => counts(sample) && isUsed(position)), { penalty: REFUSAL_PENALTY })
  const modelOfFold = Array.from({ length: FOLDS }, (_, fold) => fit((position) => foldOf(position, FOLDS) !== fold))
  const model = fit(() => true)
  const odds = samples.map((sample, position) => logit(modelOfFold[foldOf(position, FOLDS)] ?? model, sample.features))
  const answerable = odds.filter((_, position) => samples[position]?.label === 1).sort((left, right) => left - right)
  const threshold = answerable[Math.floor(givenUp * answerable.length)] ?? 0
  const compared = [...samples.keys()].filter((position) => counts(samples[position] ?? { features: [], label: 0, sort: 'near' }))
  return { model: { ...model, threshold }, odds, auc: round(areaUnderCurve(compared.map((position) => odds[position] ?? 0), compared.map((position) => samples[position]?.label ?? 0))) }
}

export function areaUnderCurve(odds: readonly number[], labels: readonly number[]): number {
  const order = odds.map((value, position) => ({ value, label: labels[position] ?? 0 })).sort((left, right) => left.value - right.value)
  let negatives = 0
  let pairs = 0
  for (const { label } of order) {
    if (label === 0) negatives += 1
    else pairs += negatives
  }
  return pairs / Math.max(1, negatives * (order.length - negatives))
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
