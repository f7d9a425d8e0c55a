import type { LogisticModel } from './logistic.ts'
import type { SumModel } from './plain-sum.ts'
import bare from './weights-bare.json' with { type: 'json' }
import claim from './weights-claim.json' with { type: 'json' }
import stored from './weights.json' with { type: 'json' }

/** Log-odds from features, and probabilities from log-odds. */
export interface RankingModel extends LogisticModel {
  calibration: LogisticModel
}

export interface RefusalModel extends LogisticModel {
  /** Log-odds of being answerable from which on a question is answered. */
  threshold: number
}

/** Two decisions on the same features, either of which may refuse: against near misses, and against other domains. */
export interface RefusalDecision {
  near: RefusalModel
  domain: RefusalModel
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
  /** For documents and corpora without typical questions: a plain sum. */
  corpus: { fitted: FitRecord; hybrid: RankingModel & SumModel; lexical: RankingModel & SumModel }
}

/** Which clause is meant, and whether it answers: two decisions on the same few features of a clause's own text. */
export interface BareDecision {
  choice: LogisticModel
  /** The threshold is that of a document by itself. */
  refusal: RefusalModel
  /** What is added to the threshold among many documents: some clause of one of them is near to whatever is asked. */
  among: number
}

/** Choosing and refusing for documents without typical questions. Written by `eval-papers --fit`. */
export interface BareWeights {
  fitted: FitRecord
  hybrid: BareDecision
  lexical: BareDecision
}

/** Whether a question is asked of the documents that typical questions were written for: of these alone, and beside others. */
export interface ClaimDecision {
  alone: RefusalModel
  beside: RefusalModel
}

/** Written by `eval-claims --fit`. */
export interface ClaimWeights {
  fitted: FitRecord
  hybrid: ClaimDecision
  lexical: ClaimDecision
}

export const WEIGHTS: Weights = { ...stored, corpus: { ...stored.corpus, hybrid: { ...stored.corpus.hybrid, of: 'measures' }, lexical: { ...stored.corpus.lexical, of: 'measures' } } }
export const BARE_WEIGHTS: BareWeights = bare
export const CLAIM_WEIGHTS: ClaimWeights = claim
