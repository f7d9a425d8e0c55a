import { CLAIM_FEATURES } from '../../answer/claim/claim-features.ts'
import { measureClaim } from '../../answer/several-documents.ts'
import type { KnowledgeIndex } from '../../find/knowledge-index.ts'
import { fitLogistic, logit } from '../../find/numbers/logistic.ts'
import type { LogisticSample } from '../../find/numbers/logistic.ts'
import type { ClaimDecision, RefusalModel, Weights } from '../../find/numbers/weights.ts'
import type { QuestionVectors } from '../../find/passage-index.ts'
import { areaUnderCurve, round } from './fit.ts'
import { createRandom, foldOf } from './fit-data.ts'

/** A question of which it is known whether the documents with typical questions are asked. */
export interface ClaimQuestion {
  text: string
  vectors: QuestionVectors | null
  isTold: boolean
  /** What it was collected with, left out together: a paper, a file. */
  collection: string
  /** Known questions to look past: itself, of a known one. */
  leftOut?: ReadonlySet<number>
}

export interface ClaimFolder {
  knowledge: KnowledgeIndex
  weights: Weights
  questions: readonly ClaimQuestion[]
}

const PENALTY = 5
const FOLDS = 5

interface Sample extends LogisticSample {
  isBeside: boolean
  collection: string
  fold: number
}

/**
 * Fits whether a question is asked of the documents that typical questions were written for: in folders where they lie alone, and beside others.
 * Thresholds and figures come from models that had not seen the collection (of questions on these documents: the fold).
 * @param givenUp the share of questions on the told documents that may be turned away
 */
export function fitClaim(folders: readonly ClaimFolder[], givenUp: number): { decision: ClaimDecision; figures: Record<string, number> } {
  const samples = folders.flatMap(({ knowledge, weights, questions }) => questions.flatMap((question, position) => sample(knowledge, weights, question, position)))
  const isHybrid = folders.some(({ questions }) => questions.some(({ vectors }) => vectors !== null))
  const mode = isHybrid ? 'hybrid' : 'lexical'
  const alone = fitOn(CLAIM_FEATURES.alone[mode], samples.filter(({ isBeside }) => !isBeside), givenUp)
  const beside = fitOn(CLAIM_FEATURES.beside[mode], samples.filter(({ isBeside }) => isBeside), givenUp)
  return { decision: { alone: alone.model, beside: beside.model }, figures: { ...named('alone', alone.figures), ...named('beside', beside.figures) } }
}

const named = (prefix: string, figures: Record<string, number>) => Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix} ${name}`, value]))

function sample(knowledge: KnowledgeIndex, weights: Weights, { text, vectors, isTold, collection, leftOut = new Set() }: ClaimQuestion, position: number): Sample[] {
  const measured = measureClaim({ knowledge, weights, question: text, asked: text, vectors, leftOut })
  return measured === null ? [] : [{ ...measured, label: isTold ? 1 : 0, collection, fold: foldOf(position, FOLDS) }]
}

/** Both sorts count alike, however many there are of each. */
function fitModel(names: readonly string[], samples: readonly Sample[]) {
  const told = samples.filter(({ label }) => label === 1).length
  return fitLogistic(names, samples.map((one) => ({ ...one, weight: one.label === 1 ? 1 : told / Math.max(1, samples.length - told) })), { penalty: PENALTY })
}

function fitOn(names: readonly string[], samples: readonly Sample[], givenUp: number): { model: RefusalModel; figures: Record<string, number> } {
  const told = samples.filter(({ label }) => label === 1)
  const collections = [...new Set(samples.flatMap(({ label, collection }) => (label === 1 ? [] : [collection])))]
  const judge = (seen: readonly Sample[], unseen: readonly Sample[]) => {
    const model = fitModel(names, seen)
    return unseen.map((one) => ({ ...one, odds: logit(model, one.features) }))
  }
  const judged = [
    ...Array.from({ length: FOLDS }, (_, fold) => judge(samples.filter((one) => one.label === 0 || one.fold !== fold), told.filter((one) => one.fold === fold))).flat(),
    ...collections.flatMap((collection) => judge(samples.filter((one) => one.label === 1 || one.collection !== collection), samples.filter((one) => one.label === 0 && one.collection === collection))),
  ]
  const odds = judged.flatMap((one) => (one.label === 1 ? [one.odds] : [])).sort((left, right) => left - right)
  const threshold = odds[Math.floor(givenUp * odds.length)] ?? 0
  const others = judged.filter(({ label }) => label === 0)
  const turnedAway = others.filter((one) => one.odds < threshold).length / Math.max(1, others.length)
  const auc = areaUnderCurve(judged.map((one) => one.odds), judged.map(({ label }) => label))
  return { model: { ...fitModel(names, samples), threshold }, figures: { told: told.length, others: others.length, turnedAway: round(turnedAway), auc: round(auc) } }
}

/** At most so many of a list, evenly drawn, the same at every fit. */
export function drawSome<T>(list: readonly T[], most: number): T[] {
  const random = createRandom(1)
  return list.map((item) => ({ item, draw: random() })).sort((left, right) => left.draw - right.draw).slice(0, most).map(({ item }) => item)
}
