export const K1 = 1.2
export const B = 0.75

/** One search's result: a score for every text, and the score that a text saying all of the question would come near to. */
export interface Bm25Scores {
  /** By the text's position; 0 = nothing in common. */
  scores: Float32Array
  /** Sum of the question terms' weights, at least a tiny positive number; `score / ideal` compares questions of different length. */
  ideal: number
}

/**
 * BM25 (k1 1.2, b 0.75, inverse document frequency ln(1 + (n - df + 0.5) / (df + 0.5))) over texts given as terms.
 * Each posting's share of the score is computed when building, so that a search only adds. Built once, never changed.
 */
export class Bm25Index {
  readonly size: number
  readonly #termIds = new Map<number, number>()
  readonly #starts: Uint32Array
  readonly #texts: Uint32Array
  readonly #impacts: Float32Array
  readonly #weights: Float32Array

  constructor(texts: Iterable<readonly number[]>) {
    const collected = this.#collect(texts)
    this.size = collected.lengths.length
    const terms = this.#termIds.size
    this.#starts = new Uint32Array(terms + 1)
    for (let index = 0; index < collected.count; index += 1) this.#starts[(collected.terms[index] ?? 0) + 1]! += 1
    this.#weights = new Float32Array(terms)
    for (let term = 0; term < terms; term += 1) {
      const frequency = this.#starts[term + 1] ?? 0
      this.#weights[term] = Math.log(1 + (this.size - frequency + 0.5) / (frequency + 0.5))
      this.#starts[term + 1]! += this.#starts[term] ?? 0
    }
    this.#texts = new Uint32Array(collected.count)
    this.#impacts = new Float32Array(collected.count)
    this.#fill(collected)
  }

  /** The term's number in this index; undefined when no text has it. */
  termId(term: number): number | undefined {
    return this.#termIds.get(term)
  }

  /** Inverse document frequency by term number. */
  weight(termId: number): number {
    return this.#weights[termId] ?? 0
  }

  /** A term's inverse document frequency; a term that no text has weighs most, for it makes a question harder to satisfy. */
  termWeight(term: number): number {
    const id = this.#termIds.get(term)
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
    const scores = new Float32Array(this.size)
    for (const term of new Set(question)) {
      const id = this.#termIds.get(term)
      if (id === undefined) continue
      const end = this.#starts[id + 1] ?? 0
      for (let at = this.#starts[id] ?? 0; at < end; at += 1) scores[this.#texts[at]!]! += this.#impacts[at]!
    }
    return { scores, ideal: this.idealScore(question) }
  }

  #collect(texts: Iterable<readonly number[]>) {
    let capacity = 1024
    let terms = new Uint32Array(capacity)
    let frequencies = new Uint16Array(capacity)
    const ends: number[] = []
    const lengths: number[] = []
    let count = 0
    const inText = new Map<number, number>()
    for (const text of texts) {
      inText.clear()
      for (const term of text) {
        let id = this.#termIds.get(term)
        if (id === undefined) this.#termIds.set(term, (id = this.#termIds.size))
        inText.set(id, (inText.get(id) ?? 0) + 1)
      }
      while (count + inText.size > capacity) {
        capacity *= 2
        terms = grow(terms, new Uint32Array(capacity))
        frequencies = grow(frequencies, new Uint16Array(capacity))
      }
      for (const [id, frequency] of inText) {
        terms[count] = id
        frequencies[count] = Math.min(frequency, 0xffff)
        count += 1
      }
      ends.push(count)
      lengths.push(text.length)
    }
    return { terms, frequencies, ends, lengths, count }
  }

  #fill(collected: { terms: Uint32Array; frequencies: Uint16Array; ends: number[]; lengths: number[] }): void {
    const mean = collected.lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, this.size) || 1
    const next = this.#starts.slice(0, -1)
    let from = 0
    for (let text = 0; text < this.size; text += 1) {
      const end = collected.ends[text] ?? from
      const norm = K1 * (1 - B + (B * (collected.lengths[text] ?? 0)) / mean)
      for (let at = from; at < end; at += 1) {
        const term = collected.terms[at]!
        const frequency = collected.frequencies[at]!
        const place = next[term]!
        next[term] = place + 1
        this.#texts[place] = text
        this.#impacts[place] = (this.#weights[term]! * frequency * (K1 + 1)) / (frequency + norm)
      }
      from = end
    }
  }
}

function grow<T extends Uint32Array | Uint16Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}
