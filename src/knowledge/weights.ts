import type { LogisticModel } from './logistic.ts'
import type { RefusalModel } from './refusal.ts'
import stored from './weights.json' with { type: 'json' }

/** Fitted numbers: how a passage's features become a probability, and when a question is refused. Written by `eval --fit`. */
export interface Weights {
  fitted: { on: string; data: string; figures: Record<string, number> }
  ranking: { hybrid: LogisticModel; lexical: LogisticModel }
  refusal: { hybrid: RefusalModel; lexical: RefusalModel }
  /** For corpora without typical questions (`search`). */
  corpus: { fitted: { on: string; data: string; figures: Record<string, number> }; hybrid: LogisticModel; lexical: LogisticModel }
}

export const WEIGHTS: Weights = stored
