import type { EmbeddingModel } from '../../model/embedding/embedding.ts'
import { calibrate } from './numbers/logistic.ts'
import { oddsOf } from './numbers/plain-sum.ts'
import { PassageIndex } from './passage-index.ts'
import type { IndexedPassage } from './passage-index.ts'
import { embedForPassages } from './embed-question.ts'
import { lanesForMany, VectorCache } from './vectors/vector-cache.ts'
import { WEIGHTS } from './numbers/weights.ts'
import type { Weights } from './numbers/weights.ts'

export interface CorpusOptions {
  /** null = by words alone. */
  model: EmbeddingModel | null
  /** Where the finished index is kept, and loaded from when nothing has changed. */
  cacheDirectory: string
  /** Told when a finished index could not be kept. */
  onNotKept?: (error: unknown) => void
  onProgress?: (done: number, total: number) => void
  weights?: Weights['corpus']
}

/** Any corpus of passages, ranked as documents are that nobody wrote typical questions for: by a plain sum that was judged on corpora it had not seen. */
export class CorpusIndex {
  readonly index: PassageIndex
  readonly #model: EmbeddingModel | null
  readonly #weights: Weights['corpus']

  private constructor(index: PassageIndex, model: EmbeddingModel | null, weights: Weights['corpus']) {
    this.index = index
    this.#model = model
    this.#weights = weights
  }

  static async build(passages: readonly IndexedPassage[], options: CorpusOptions): Promise<CorpusIndex> {
    const notKept = options.onNotKept === undefined ? {} : { onNotKept: options.onNotKept }
    const lexical = PassageIndex.build(passages, [], { directory: options.cacheDirectory, ...notKept })
    const weights = options.weights ?? WEIGHTS.corpus
    if (options.model === null) return new CorpusIndex(lexical, null, weights)
    const cache = new VectorCache(options.cacheDirectory, options.model)
    const index = await lexical.withVectors(cache, { lanes: lanesForMany(), ...notKept, ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }) })
    return new CorpusIndex(index, options.model, weights)
  }

  /** At most `limit` passages, best first, with their calibrated probability. */
  async search(question: string, limit: number): Promise<{ passage: number; score: number }[]> {
    const vectors = this.#model === null ? null : await embedForPassages(this.#model, question)
    const weights = vectors === null ? this.#weights.lexical : this.#weights.hybrid
    const candidates = this.index
      .find(question, vectors, { limit })
      .candidates.map((candidate) => ({ passage: candidate.passage, odds: oddsOf(weights, candidate) }))
      .sort((left, right) => right.odds - left.odds || left.passage - right.passage)
    const scores = calibrate(weights.calibration, candidates.map((candidate) => candidate.odds))
    return candidates.slice(0, limit).map(({ passage }, place) => ({ passage, score: Math.round((scores[place] ?? 0) * 1e6) / 1e6 }))
  }
}
