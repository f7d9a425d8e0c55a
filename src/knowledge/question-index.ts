import { dot } from '../model/vectors.ts'
import { Bm25Index } from './bm25.ts'
import { tokenizeQuestion } from './tokens.ts'
import { VectorIndex } from './vector-index.ts'

/** A question somebody wrote down: a typical question of a passage, or a known gap near one (-1 = near none). */
export interface KnownQuestion {
  text: string
  passage: number
  isGap: boolean
}

/** How near a resident's question is to the known ones of one owner: the nearest, and the mean of the nearest three. */
export interface Nearness {
  best: number
  mean: number
}

export interface QuestionNearness {
  /** By passage; passages whose questions have nothing in common are absent. */
  passages: Map<number, Nearness>
  /** The known gap that is nearest, among those not left out. */
  gap: { question: KnownQuestion; nearness: number } | null
}

const NEIGHBOURS_READ = 160

/** All questions that somebody wrote down, by words and by vectors. */
export class QuestionIndex {
  readonly questions: readonly KnownQuestion[]
  readonly #words: Bm25Index
  #vectors: VectorIndex | null = null

  constructor(questions: readonly KnownQuestion[]) {
    this.questions = questions
    this.#words = new Bm25Index(questions.map((question) => tokenizeQuestion(question.text)))
  }

  /** The same questions with their vectors (embedded as passages: questions are compared without the instruction). */
  async withVectors(vectors: readonly Float32Array[]): Promise<QuestionIndex> {
    const copy = new QuestionIndex(this.questions)
    copy.#vectors = await VectorIndex.build(vectors)
    return copy
  }

  /** @param leftOut positions of questions to look past: when measuring, the question itself must not be found */
  nearByWords(terms: readonly number[], leftOut?: ReadonlySet<number>): QuestionNearness {
    const { scores, ideal } = this.#words.search(terms)
    const near = new NearnessCollector(this.questions)
    for (let position = 0; position < scores.length; position += 1) {
      const score = scores[position] ?? 0
      if (score > 0 && !leftOut?.has(position)) near.add(position, score / ideal)
    }
    return near.result()
  }

  nearByMeaning(vector: Float32Array, leftOut?: ReadonlySet<number>): QuestionNearness {
    const near = new NearnessCollector(this.questions)
    for (const { position, cosine } of this.#vectors?.search(vector, NEIGHBOURS_READ) ?? []) {
      if (!leftOut?.has(position)) near.add(position, cosine)
    }
    return near.result()
  }

  /** Cosine of two known questions; 0 without vectors. */
  similarity(left: number, right: number): number {
    const vectors = this.#vectors?.vectors
    const first = vectors?.[left]
    const second = vectors?.[right]
    return first === undefined || second === undefined ? 0 : dot(first, second)
  }
}

const NEAREST_KEPT = 3

class NearnessCollector {
  readonly #questions: readonly KnownQuestion[]
  readonly #nearest = new Map<number, number[]>()
  #gap: QuestionNearness['gap'] = null

  constructor(questions: readonly KnownQuestion[]) {
    this.#questions = questions
  }

  add(position: number, nearness: number): void {
    const question = this.#questions[position]
    if (question === undefined) return
    if (question.isGap) {
      if (nearness > (this.#gap?.nearness ?? -1)) this.#gap = { question, nearness }
      return
    }
    const kept = this.#nearest.get(question.passage) ?? []
    kept.push(nearness)
    if (kept.length > NEAREST_KEPT) kept.splice(kept.indexOf(Math.min(...kept)), 1)
    this.#nearest.set(question.passage, kept)
  }

  result(): QuestionNearness {
    const passages = new Map<number, Nearness>()
    for (const [passage, kept] of this.#nearest) {
      passages.set(passage, { best: Math.max(...kept), mean: kept.reduce((sum, value) => sum + value, 0) / NEAREST_KEPT })
    }
    return { passages, gap: this.#gap }
  }
}
