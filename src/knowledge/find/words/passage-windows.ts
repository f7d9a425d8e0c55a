import { B, K1 } from './bm25-build.ts'
import type { Bm25Index } from './bm25.ts'
import { tokenize } from './tokens.ts'
import { sentenceWindows, splitSentences } from './windows.ts'
import type { Span } from './windows.ts'

/** Terms in a window of usual length, for BM25's length norm. */
const USUAL_WINDOW_TERMS = 120
const PASSAGES_REMEMBERED = 4096

interface WindowTerms {
  span: Span
  terms: Int32Array
  counts: Uint8Array
  length: number
}

/** Scores windows of one and two sentences by BM25 with the weights of the whole corpus; counts terms when a passage is first looked at. */
export class PassageWindows {
  readonly #texts: readonly string[]
  readonly #index: Bm25Index
  readonly #remembered = new Map<number, WindowTerms[]>()

  constructor(texts: readonly string[], index: Bm25Index) {
    this.#texts = texts
    this.#index = index
  }

  /** A question's term weights by term number, as `scores` needs them. */
  weigh(question: readonly number[]): Float32Array {
    const weights = new Float32Array(this.#index.termCount)
    for (const term of question) {
      const id = this.#index.termId(term)
      if (id !== undefined) weights[id] = this.#index.weight(id)
    }
    return weights
  }

  /** The passage's windows with their scores, in the order of `sentenceWindows`. */
  scores(passage: number, weights: Float32Array): { span: Span; score: number }[] {
    return this.#windowsOf(passage).map(({ span, terms, counts, length }) => {
      const norm = K1 * (1 - B + (B * length) / USUAL_WINDOW_TERMS)
      let score = 0
      for (let index = 0; index < terms.length; index += 1) {
        const weight = weights[terms[index]!]!
        if (weight > 0) score += (weight * counts[index]! * (K1 + 1)) / (counts[index]! + norm)
      }
      return { span, score }
    })
  }

  #windowsOf(passage: number): WindowTerms[] {
    const known = this.#remembered.get(passage)
    if (known !== undefined) return known
    const text = this.#texts[passage] ?? ''
    const windows = sentenceWindows(splitSentences(text)).map((span) => this.#count(text, span))
    if (this.#remembered.size >= PASSAGES_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(passage, windows)
    return windows
  }

  #count(text: string, span: Span): WindowTerms {
    const terms = tokenize(text.slice(span.start, span.end))
    const counts = new Map<number, number>()
    for (const term of terms) {
      const id = this.#index.termId(term)
      if (id !== undefined) counts.set(id, Math.min(255, (counts.get(id) ?? 0) + 1))
    }
    return { span, terms: Int32Array.from(counts.keys()), counts: Uint8Array.from(counts.values()), length: terms.length }
  }
}
