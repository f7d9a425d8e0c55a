import type { OfficePair } from '../../domain/office/office.ts'
import { normalize, plain } from '../../language/normalize.ts'
import { dot } from '../../model/vectors.ts'
import { readAskedKinds, type AskedKind } from '../find/questions/asked-kind.ts'
import { Bm25Index } from '../find/words/bm25.ts'
import { tokenizeQuestion } from '../find/words/tokens.ts'
import type { Competition } from './margin.ts'
import { AROUND } from './wordings.ts'

/** The pair that a question asks, and how surely. */
export interface FoundPair {
  pair: OfficePair
  /** 1 = in the same words. */
  nearness: number
}

/**
 * How near a question must be to a pair's, and by how much nearer than to a typical question of the documents: chosen so that the pairs of
 * tests/knowledge/office/asked.integration.test.ts are found in other words, and other questions of the same matter are not.
 */
const LEAST = { words: 0.55, meaning: 0.84 }
const AHEAD = { words: 0.05, meaning: 0.01 }
/** So much of the question must stand in the pair's own questions or only around it: what is left changes what is asked. */
const LEAST_EXPLAINED = { words: 0.62, meaning: 0.42 }

const NO_VECTOR = new Float32Array()

interface Known {
  pair: OfficePair
  text: string
  kinds: readonly AskedKind[]
}

/** Letters and digits alone: what only differs in marks is the same question. */
const bare = (text: string): string => normalize(text).replaceAll(/[^\p{L}\p{N}]/gu, '')

/** Questions that the community itself answered in writing. */
export class PairIndex {
  readonly #known: readonly Known[]
  readonly #words: Bm25Index
  readonly #exact: ReadonlyMap<string, OfficePair>
  readonly #around = new Set(AROUND.flatMap(tokenizeQuestion))
  readonly #terms: ReadonlyMap<OfficePair, ReadonlySet<number>>
  readonly #vectors: readonly Float32Array[] | null

  private constructor(pairs: readonly OfficePair[], vectors: readonly Float32Array[] | null) {
    this.#known = pairs.flatMap((pair) => wordingsOf(pair).map((text) => ({ pair, text, kinds: readAskedKinds(text) })))
    this.#words = Bm25Index.build(this.#known.map(({ text }) => tokenizeQuestion(text)))
    // What stands further behind was written later.
    this.#exact = new Map(this.#known.map(({ pair, text }) => [bare(text), pair]))
    this.#terms = new Map(pairs.map((pair) => [pair, new Set(wordingsOf(pair).flatMap(tokenizeQuestion))]))
    this.#vectors = vectors
  }

  /** @param embed vectors of questions, in order; null = by words alone */
  static async build(pairs: readonly OfficePair[], embed: ((texts: readonly string[]) => Promise<Float32Array[]>) | null): Promise<PairIndex> {
    const texts = pairs.flatMap(wordingsOf).map((text) => plain(text))
    return new PairIndex(pairs, embed === null || texts.length === 0 ? null : await embed(texts))
  }

  get isEmpty(): boolean {
    return this.#known.length === 0
  }

  sameWords(question: string): OfficePair | null {
    return this.#exact.get(bare(question)) ?? null
  }

  /** The nearest pair, where it is near enough and nearer than what the documents are known to be asked. */
  find(question: string, asked: { vector: Float32Array | null; words: Competition; meaning: Competition | null; weigh: (term: number) => number }): FoundPair | null {
    const same = this.sameWords(question)
    if (same !== null) return { pair: same, nearness: 1 }
    const terms = tokenizeQuestion(question)
    const { scores, ideal } = this.#words.search(terms)
    const kinds = readAskedKinds(question)
    const { vector } = asked
    const sort = vector !== null && this.#vectors !== null ? 'meaning' : 'words'
    const typical = (sort === 'meaning' ? asked.meaning : asked.words)?.typical ?? 0
    let best: FoundPair | null = null
    for (const [position, { pair, kinds: own }] of this.#known.entries()) {
      const nearness = sort === 'words' ? (scores[position] ?? 0) / ideal : dot(vector ?? NO_VECTOR, this.#vectors?.[position] ?? NO_VECTOR)
      if (nearness < LEAST[sort] || nearness < typical + AHEAD[sort] || nearness <= (best?.nearness ?? 0) || !wantSame(kinds, own)) continue
      if (this.#explained(terms, pair, asked.weigh) >= LEAST_EXPLAINED[sort]) best = { pair, nearness }
    }
    return best
  }

  #explained(terms: readonly number[], pair: OfficePair, weigh: (term: number) => number): number {
    const own = this.#terms.get(pair)
    let all = 1e-6
    let strange = 0
    for (const term of new Set(terms)) {
      all += weigh(term)
      if (own?.has(term) !== true && !this.#around.has(term)) strange += weigh(term)
    }
    return 1 - strange / all
  }
}

export const wordingsOf = ({ question, also = [] }: OfficePair): string[] => [question, ...also]

/** Asking the same kind of thing; one in which none is recognised may ask anything. */
const wantSame = (left: readonly AskedKind[], right: readonly AskedKind[]): boolean => left[0] === undefined || right[0] === undefined || left.some((kind) => right.includes(kind))
