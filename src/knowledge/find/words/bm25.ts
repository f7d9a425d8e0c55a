import { buildPostings, weighTerms } from './bm25-build.ts'
import type { FieldedTerms, Postings } from './bm25-build.ts'
import type { Columns } from '../numbers/kept-file.ts'
import { TermTable } from './term-table.ts'

/** One search's result: a score for every text, and the score that a text saying all of the question would come near to. */
export interface Bm25Scores {
  /** By the text's position; 0 = nothing in common. */
  scores: Float32Array
  /** Sum of the question terms' weights, at least a tiny positive number; `score / ideal` compares questions of different length. */
  ideal: number
}

/**
 * BM25 (k1 1.2, b 0.75, inverse document frequency ln(1 + (n - df + 0.5) / (df + 0.5))) over texts given as terms.
 * Each posting's share of the score is computed when building, so that a search only adds. Built or loaded once, never changed.
 */
export class Bm25Index {
  /** How many texts there are. */
  readonly size: number
  readonly #terms: TermTable
  readonly #postings: Postings
  readonly #weights: Float32Array

  private constructor(postings: Postings) {
    this.size = postings.size
    this.#terms = new TermTable(postings.terms)
    this.#postings = postings
    this.#weights = weighTerms(postings)
  }

  static build(texts: Iterable<readonly number[]>): Bm25Index {
    return Bm25Index.buildFielded(withoutFields(texts))
  }

  /** The same over texts that have something beside them: what stands over a clause, its document's title. */
  static buildFielded(texts: Iterable<FieldedTerms>): Bm25Index {
    return new Bm25Index(buildPostings(texts))
  }

  /** The index whose `columns` these were; null when they can't be one's. */
  static load({ terms, starts, texts, impacts, size }: Columns): Bm25Index | null {
    const isWhole =
      terms instanceof Float64Array && starts instanceof Uint32Array && texts instanceof Uint32Array && impacts instanceof Float32Array && starts.length === terms.length + 1 && texts.length === impacts.length
    return isWhole && starts.at(-1) === texts.length ? new Bm25Index({ terms, starts, texts, impacts, size: size?.[0] ?? 0 }) : null
  }

  /** Everything that `load` needs. */
  columns(): Columns {
    const { size, ...columns } = this.#postings
    return { ...columns, size: Uint32Array.of(size) }
  }

  /** The term's number in this index; undefined when no text has it. */
  termId(term: number): number | undefined {
    return this.#terms.get(term)
  }

  /** Inverse document frequency by term number. */
  weight(termId: number): number {
    return this.#weights[termId] ?? 0
  }

  /** A term's inverse document frequency; a term that no text has weighs most, for it makes a question harder to satisfy. */
  termWeight(term: number): number {
    const id = this.#terms.get(term)
    return id === undefined ? Math.log(1 + (this.size + 0.5) / 0.5) : this.weight(id)
  }

  idealScore(question: readonly number[]): number {
    let ideal = 1e-6
    for (const term of new Set(question)) ideal += this.termWeight(term)
    return ideal
  }

  get termCount(): number {
    return this.#weights.length
  }

  search(question: readonly number[]): Bm25Scores {
    const { starts, texts, impacts } = this.#postings
    const scores = new Float32Array(this.size)
    for (const term of new Set(question)) {
      const id = this.#terms.get(term)
      if (id === undefined) continue
      const end = starts[id + 1] ?? 0
      for (let at = starts[id] ?? 0; at < end; at += 1) scores[texts[at]!]! += impacts[at]!
    }
    return { scores, ideal: this.idealScore(question) }
  }
}

function* withoutFields(texts: Iterable<readonly number[]>): Generator<FieldedTerms> {
  for (const own of texts) yield { own, beside: [] }
}
