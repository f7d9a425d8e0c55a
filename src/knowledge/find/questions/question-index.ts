import { readAskedKinds } from './asked-kind.ts'
import type { AskedKind } from './asked-kind.ts'
import { Bm25Index } from '../words/bm25.ts'
import type { KeptOptions } from '../numbers/kept-file.ts'
import { QuestionHead } from './question-head.ts'
import type { HeadScores } from './question-head.ts'
import { tokenizeQuestion } from '../words/tokens.ts'
import type { VectorIndex } from '../vectors/vector-index.ts'

/** A question somebody wrote down: a typical question of a passage, or a known gap near one (-1 = near none). */
export interface KnownQuestion {
  text: string
  passage: number
  isGap: boolean
  /** A gap that has nothing to do with any document here. */
  isOtherDomain?: boolean
  /** What stands over the passage, in a paper of questions and answers. */
  isHeading?: boolean
}

/** How near a resident's question is to the known ones of one owner: the nearest, and the mean of the nearest three. */
export interface Nearness {
  best: number
  mean: number
  /** Logarithm of the share that the passage's questions have among all near ones, each counting the more the nearer it is. */
  vote: number
}

export interface QuestionNearness {
  /** By passage; passages whose questions have nothing in common are absent. */
  passages: Map<number, Nearness>
  /** The known gap that is nearest, among those not left out. */
  gap: { question: KnownQuestion; nearness: number } | null
  /** The nearest known questions of both sorts, best first. */
  nearest: { question: KnownQuestion; position: number; nearness: number }[]
}

const NEIGHBOURS_READ = 160
const NEAREST_LISTED = 40

/** All questions that somebody wrote down, by words and by vectors. */
export class QuestionIndex {
  readonly questions: readonly KnownQuestion[]
  /** What each of them asks for, by position. */
  readonly kinds: readonly (readonly AskedKind[])[]
  readonly #terms: readonly number[][]
  readonly #ofPassage: ReadonlyMap<number, number[]>
  readonly #words: Bm25Index
  readonly #head: QuestionHead | null
  readonly #vectors: VectorIndex | null
  /** The mean of the vectors of all questions of other domains; null without any. */
  readonly otherDomainsCentre: Float32Array | null

  /**
   * @param options.kept where what is learnt of the questions is kept
   * @param options.added vectors for an index that has been read already: nothing is read twice
   */
  constructor(questions: readonly KnownQuestion[], { kept, added }: { kept?: KeptOptions | undefined; added?: { to: QuestionIndex; vectors: VectorIndex } } = {}) {
    this.questions = questions
    this.kinds = added ? added.to.kinds : questions.map((question) => readAskedKinds(question.text))
    this.#terms = added ? added.to.#terms : questions.map((question) => tokenizeQuestion(question.text))
    this.#words = added ? added.to.#words : Bm25Index.build(this.#terms)
    this.#ofPassage = added ? added.to.#ofPassage : groupByPassage(questions)
    this.#head = added ? added.to.#head : learn(questions, this.#terms, this.kinds, (term) => this.#words.termWeight(term), kept)
    this.#vectors = added?.vectors ?? null
    this.otherDomainsCentre = this.#vectors === null ? null : meanOf(this.#vectors, [...questions.keys()].filter((position) => questions[position]?.isOtherDomain === true))
  }

  get hasTypical(): boolean {
    return this.#head !== null
  }

  /** What the words of all known questions together say; null when there are none. */
  headScores(terms: readonly number[], kinds: readonly AskedKind[], leftOut?: ReadonlySet<number>): HeadScores | null {
    return this.#head?.scores(terms, kinds, leftOut) ?? null
  }

  /** Whether somebody wrote down what a passage is asked, other than what stands over it. */
  hasTypicalOf(passage: number): boolean {
    return this.#ofPassage.get(passage)?.some((position) => this.questions[position]?.isHeading !== true) === true
  }

  /** All terms of a passage's typical questions. */
  termsOf(passage: number, leftOut?: ReadonlySet<number>): Set<number> {
    const positions = (this.#ofPassage.get(passage) ?? []).filter((position) => !leftOut?.has(position))
    return new Set(positions.flatMap((position) => this.#terms[position] ?? []))
  }

  /** The same questions with their vectors (embedded as passages: questions are compared without the instruction). */
  withVectors(vectors: VectorIndex): QuestionIndex {
    return new QuestionIndex(this.questions, { added: { to: this, vectors } })
  }

  /** These and a few more behind them; what is learnt of their words is learnt anew. */
  withMore(questions: readonly KnownQuestion[], vectors: readonly Float32Array[] | null): QuestionIndex {
    const all = new QuestionIndex([...this.questions, ...questions])
    return vectors === null || this.#vectors === null ? all : all.withVectors(this.#vectors.extend(vectors))
  }

  /** How rare a term is in questions: 能…吗 and 怎么 weigh little there, whatever the documents say. */
  termWeight(term: number): number {
    return this.#words.termWeight(term)
  }

  /** @param leftOut positions of questions to look past: when measuring, the question itself must not be found */
  nearByWords(terms: readonly number[], leftOut?: ReadonlySet<number>): QuestionNearness {
    const { scores, ideal } = this.#words.search(terms)
    const near = new NearnessCollector(this.questions, VOTE_FADES.words)
    for (let position = 0; position < scores.length; position += 1) {
      const score = scores[position] ?? 0
      if (score > 0 && !leftOut?.has(position)) near.add(position, score / ideal)
    }
    return near.result()
  }

  nearByMeaning(vector: Float32Array, leftOut?: ReadonlySet<number>): QuestionNearness {
    const near = new NearnessCollector(this.questions, VOTE_FADES.meaning)
    for (const { position, cosine } of this.#vectors?.search(vector, NEIGHBOURS_READ) ?? []) {
      if (!leftOut?.has(position)) near.add(position, cosine)
    }
    return near.result()
  }

  /** The cosine of the nearest question of another domain, however many others are nearer; 0 without vectors. */
  nearestOtherDomain(vector: Float32Array): number {
    let nearest = 0
    for (const [position, { isOtherDomain }] of this.questions.entries()) {
      if (isOtherDomain === true && this.#vectors !== null) nearest = Math.max(nearest, this.#vectors.cosine(vector, position))
    }
    return nearest
  }
}

function learn(
  questions: readonly KnownQuestion[],
  terms: readonly number[][],
  kinds: readonly (readonly AskedKind[])[],
  weigh: (term: number) => number,
  kept: KeptOptions | undefined,
): QuestionHead | null {
  if (questions.every(({ isGap }) => isGap)) return null
  const examples = questions.map(({ passage, isGap, isOtherDomain }, position) => ({
    terms: terms[position] ?? [],
    kinds: kinds[position] ?? [],
    owner: isOtherDomain === true ? ('otherDomain' as const) : isGap ? ('gap' as const) : passage,
  }))
  return new QuestionHead(examples, weigh, kept)
}

function meanOf(vectors: VectorIndex, positions: readonly number[]): Float32Array | null {
  if (positions.length === 0) return null
  const mean = new Float32Array(vectors.dimensions)
  for (const position of positions) for (const [place, value] of vectors.vector(position).entries()) mean[place]! += value / positions.length
  return mean
}

function groupByPassage(questions: readonly KnownQuestion[]): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  for (const [position, { passage, isGap }] of questions.entries()) {
    if (!isGap) groups.set(passage, [...(groups.get(passage) ?? []), position])
  }
  return groups
}

const NEAREST_KEPT = 3
/** How fast a question's vote fades: a distance of this much divides it by e. */
const VOTE_FADES = { words: 0.2, meaning: 0.05 }
const LEAST_SHARE = 1e-3
export const NO_VOTE = Math.log(LEAST_SHARE)

class NearnessCollector {
  readonly #questions: readonly KnownQuestion[]
  readonly #nearest = new Map<number, number[]>()
  readonly #votes = new Map<number, number>()
  readonly #fade: number
  readonly #all: { position: number; nearness: number }[] = []

  constructor(questions: readonly KnownQuestion[], fade: number) {
    this.#questions = questions
    this.#fade = fade
  }

  add(position: number, nearness: number): void {
    const question = this.#questions[position]
    if (question === undefined) return
    this.#all.push({ position, nearness })
    if (question.isGap) return
    this.#votes.set(question.passage, (this.#votes.get(question.passage) ?? 0) + Math.exp((nearness - 1) / this.#fade))
    const kept = this.#nearest.get(question.passage) ?? []
    kept.push(nearness)
    if (kept.length > NEAREST_KEPT) kept.splice(kept.indexOf(Math.min(...kept)), 1)
    this.#nearest.set(question.passage, kept)
  }

  result(): QuestionNearness {
    const passages = new Map<number, Nearness>()
    const votes = [...this.#votes.values()].reduce((sum, vote) => sum + vote, 1e-12)
    for (const [passage, kept] of this.#nearest) {
      passages.set(passage, { best: Math.max(...kept), mean: kept.reduce((sum, value) => sum + value, 0) / NEAREST_KEPT, vote: Math.log(LEAST_SHARE + (this.#votes.get(passage) ?? 0) / votes) })
    }
    const all = this.#all.sort((left, right) => right.nearness - left.nearness).flatMap(({ position, nearness }) => {
      const question = this.#questions[position]
      return question === undefined ? [] : [{ question, position, nearness }]
    })
    return { passages, gap: all.find(({ question }) => question.isGap) ?? null, nearest: all.slice(0, NEAREST_LISTED) }
  }
}
