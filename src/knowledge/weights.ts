import type { LogisticModel } from './logistic.ts'
import type { RefusalDecision } from './refusal.ts'
import bare from './weights-bare.json' with { type: 'json' }
import stored from './weights.json' with { type: 'json' }

/** Log-odds from features, and probabilities from log-odds. */
export interface RankingModel extends LogisticModel {
  calibration: LogisticModel
}

/** When, on what and how well: cross-validated figures by mode. */
export interface FitRecord {
  on: string
  data: string
  figures: { hybrid: Record<string, number>; lexical: Record<string, number> }
}

/** Fitted numbers: how a passage's features become a probability, and when a question is refused. Written by `eval --fit`. */
export interface Weights {
  fitted: FitRecord
  ranking: { hybrid: RankingModel; lexical: RankingModel }
  refusal: { hybrid: RefusalDecision; lexical: RefusalDecision }
  /** For corpora without typical questions (`search`). */
  corpus: { fitted: FitRecord; hybrid: RankingModel; lexical: RankingModel }
}

/** Refusing for documents without typical questions, whose clauses are ranked by the weights for corpora. */
export interface BareWeights {
  fitted: FitRecord
  refusal: { hybrid: RefusalDecision; lexical: RefusalDecision }
}

export const WEIGHTS: Weights = stored
export const BARE_WEIGHTS: BareWeights = bare
