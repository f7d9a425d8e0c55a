import { normalize, plain } from '../../language/normalize.ts'
import { holdsKind, isStrictKind, readAskedKinds } from './questions/asked-kind.ts'
import type { AskedKind } from './questions/asked-kind.ts'
import { Bm25Index } from './words/bm25.ts'
import { toFeatures } from './numbers/features.ts'
import type { Measures } from './numbers/features.ts'
import { generateTerms, openWords } from './words/kept-words.ts'
import type { KeptOptions } from './numbers/kept-file.ts'
import { PassageWindows } from './words/passage-windows.ts'
import { NO_VOTE, QuestionIndex } from './questions/question-index.ts'
import type { HeadScores } from './questions/question-head.ts'
import type { KnownQuestion, QuestionNearness } from './questions/question-index.ts'
import { tokenize, tokenizeQuestion } from './words/tokens.ts'
import type { VectorIndex } from './vectors/vector-index.ts'
import type { IndexOptions, VectorCache } from './vectors/vector-cache.ts'
import { planWindows, WindowVectors } from './window-vectors.ts'

/** What is indexed of a passage, whatever the corpus. */
export interface IndexedPassage {
  title: string
  text: string
  /** What stands over it, and the title of the document that it is of: found by, never quoted. */
  headings?: readonly string[]
  document?: string
}

/** A question's two vectors: with the instruction for passages, without it for questions. */
export interface QuestionVectors {
  forPassages: Float32Array
  forQuestions: Float32Array
}

/** A passage that may answer, with the features that its score is made of. */
export interface Candidate {
  passage: number
  features: number[]
  measures: Measures
}

/** Shares of the question's words, weighted by how rare they are. */
export interface Coverage {
  inText: number
  inEither: number
}

export interface Candidates {
  candidates: Candidate[]
  words: QuestionNearness
  meaning: QuestionNearness | null
  head: HeadScores | null
}

interface Semantic {
  vectors: VectorIndex
  /** The passage that a vector belongs to, by the vector's position; the first `passages.length` vectors are whole passages. */
  owners: Int32Array
  windows: WindowVectors
}

const CANDIDATES_BY_WORDS = 40
const CANDIDATES_BY_MEANING = 60
const NEIGHBOURS_READ = 80
/** A passage without typical questions: neither like them nor quite unlike. */
const NOT_LEARNT = -0.9
/** Passages whose windows are looked at closely when they are not kept. */
const PREPARED = 3

/**
 * The index over a corpus and its known questions: by words at once, by meaning too once `withVectors` has built it.
 * Never changed after it is built; the same code serves 37 clauses and 56,000 articles.
 */
export class PassageIndex {
  readonly passages: readonly IndexedPassage[]
  readonly windows: PassageWindows
  readonly #questions: QuestionIndex
  readonly #words: Bm25Index
  readonly #semantic: Semantic | null
  readonly #normalized = new Map<number, string>()

  private constructor(passages: readonly IndexedPassage[], words: Bm25Index, questions: QuestionIndex, semantic: Semantic | null) {
    this.passages = passages
    this.#words = words
    this.#questions = questions
    this.#semantic = semantic
    this.windows = new PassageWindows(passages.map((passage) => passage.text), words)
  }

  /**
   * @param kept where the index by words of a large corpus and what was learnt of the questions are kept, and loaded from when nothing has changed
   */
  static build(passages: readonly IndexedPassage[], questions: readonly KnownQuestion[], kept?: KeptOptions): PassageIndex {
    const hasFields = passages.some(({ headings = [], document = '' }) => headings.length > 0 || document !== '')
    const texts = passages.map((passage) => ({ own: wholeText(passage), beside: hasFields ? [(passage.headings ?? []).join('\n'), passage.document ?? ''] : [] }))
    const words = kept === undefined ? Bm25Index.buildFielded(generateTerms(texts)) : openWords(texts, kept)
    return new PassageIndex(passages, words, new QuestionIndex(questions, { kept }), null)
  }

  /** The same corpus with vectors; what the cache holds is neither embedded nor built again. */
  async withVectors(cache: VectorCache, options: IndexOptions = {}): Promise<PassageIndex> {
    const whole = this.passages.map((passage, position) => (this.#questions.hasTypicalOf(position) ? wholeText(passage) : inContext(passage)))
    const own = this.passages.map((passage) => passage.text)
    const over = this.passages.map((passage) => [standsOver(passage), passage.text.startsWith(passage.title) ? '' : passage.title].filter((line) => line !== '').join('\n'))
    const planned = planWindows(own, (passage) => this.#questions.hasTypicalOf(passage), whole.length, undefined, over)
    const vectors = await cache.openIndex([...whole, ...planned.texts], 'passage', options)
    const semantic = { vectors, owners: Int32Array.from([...whole.keys(), ...planned.owners]), windows: new WindowVectors(own, vectors, planned.kept, cache.model, over) }
    const questions = await cache.openIndex(this.#questions.questions.map((question) => plain(question.text)), 'passage', options)
    return new PassageIndex(this.passages, this.#words, this.#questions.withVectors(questions), semantic)
  }

  /** The same passages with a few more known questions, with their vectors where there are vectors: nothing of the passages is read again. */
  withMoreQuestions(questions: readonly KnownQuestion[], vectors: readonly Float32Array[] | null): PassageIndex {
    return new PassageIndex(this.passages, this.#words, this.#questions.withMore(questions, vectors), vectors === null ? null : this.#semantic)
  }

  get hasVectors(): boolean {
    return this.#semantic !== null
  }

  /** Whether anybody wrote down what its passages are asked. */
  get hasTypical(): boolean {
    return this.#questions.hasTypical
  }

  get questions(): QuestionIndex {
    return this.#questions
  }

  /**
   * Cosines of a passage's windows, in the order in which `windows.scores` has them, at every size of the corpus; null without vectors.
   * Where windows are not kept, those that `prepareWindows` embedded for this question; the others count as their passage does.
   */
  windowCosines(passage: number, vectors: QuestionVectors): number[] | null {
    return this.#semantic?.windows.cosines(passage, vectors.forPassages) ?? null
  }

  /** Embeds sentences of the passages nearest to a question where windows are not kept (a large corpus): to be awaited before the question is viewed. */
  async prepareWindows(question: string, vectors: QuestionVectors): Promise<void> {
    const windows = this.#semantic?.windows
    if (windows === undefined || windows.isComplete) return
    const { candidates } = this.find(question, vectors)
    const nearness = ({ measures }: Candidate) => (measures.clauseWords ?? 0) + (measures.clauseMeaning ?? 0)
    const nearest = candidates.sort((left, right) => nearness(right) - nearness(left)).slice(0, PREPARED)
    const weights = this.windows.weigh(tokenizeQuestion(question))
    await windows.prepare(vectors.forPassages, nearest.map(({ passage }) => passage), (passage) => this.windows.scores(passage, weights).map(({ score }) => score))
  }

  /** The score by which BM25 scores of windows are divided to compare questions of different length. */
  idealScore(terms: readonly number[]): number {
    return this.#words.idealScore(terms)
  }

  /** A question term's weight; one that no passage has weighs most. */
  termWeight(term: number): number {
    return this.#words.termWeight(term)
  }

  /** How much of a question a passage speaks of, in its own text and with its typical questions. */
  coverage(question: string, passage: number, leftOut?: ReadonlySet<number>): Coverage {
    const terms = new Set(tokenizeQuestion(question))
    const own = new Set(tokenize(wholeText(this.passages[passage] ?? { title: '', text: '' })))
    const typical = this.#questions.termsOf(passage, leftOut)
    let all = 1e-6
    let inText = 0
    let inEither = 0
    for (const term of terms) {
      const weight = this.#questions.termWeight(term)
      all += weight
      if (own.has(term)) inText += weight
      if (own.has(term) || typical.has(term)) inEither += weight
    }
    return { inText: inText / all, inEither: inEither / all }
  }

  /**
   * Passages that may answer, unordered, with features. By words only when `vectors` is null or the index has none.
   * @param options.leftOut known questions to look past, when measuring
   * @param options.limit at least so many candidates, where words or vectors find them
   */
  find(question: string, vectors: QuestionVectors | null, options: { leftOut?: ReadonlySet<number>; limit?: number } = {}): Candidates {
    const { leftOut } = options
    const terms = tokenizeQuestion(question)
    const { scores, ideal } = this.#words.search(terms)
    const words = this.#questions.nearByWords(terms, leftOut)
    const kinds = readAskedKinds(question)
    const head = this.#questions.headScores(terms, kinds, leftOut)
    const semantic = vectors === null ? null : this.#semantic
    const meaning = vectors === null || semantic === null ? null : this.#questions.nearByMeaning(vectors.forQuestions, leftOut)
    const chosen = this.#choose(scores, words, meaning, semantic, vectors, options.limit ?? 0)
    const weights = this.windows.weigh(terms)
    const plainQuestion = normalize(question)
    const centre = this.#questions.otherDomainsCentre
    const asked = kinds.filter(isStrictKind)
    const measured = chosen.map((passage): Measures => {
      const measures: Measures = {
        clauseWords: (scores[passage] ?? 0) / ideal,
        windowWords: Math.max(0, ...this.windows.scores(passage, weights).map((window) => window.score)) / ideal,
        typicalWords: words.passages.get(passage)?.best ?? 0,
        typicalWordsMean: words.passages.get(passage)?.mean ?? 0,
        typicalWordsVote: words.passages.get(passage)?.vote ?? NO_VOTE,
        commonRun: longestCommonRun(plainQuestion, this.#normalizedText(passage)) / Math.max(4, plainQuestion.length),
        typicalHead: head?.passages.get(passage) ?? NOT_LEARNT,
        holdsAsked: this.#shareHeld(passage, asked),
        textLength: Math.log(1 + (this.passages[passage]?.text.length ?? 0)),
      }
      if (vectors === null || semantic === null) return measures
      const clauseMeaning = semantic.vectors.cosine(vectors.forPassages, passage)
      const windowMeaning = semantic.windows.nearest(passage, vectors.forPassages)
      return {
        ...measures,
        clauseMeaning,
        windowMeaning,
        strayMeaning: centre === null ? 0 : semantic.vectors.cosine(centre, passage),
        // Passages whose windows are kept must not look nearer for that alone.
        nearestMeaning: semantic.windows.isComplete ? Math.max(clauseMeaning, windowMeaning) : clauseMeaning,
        typicalMeaning: meaning?.passages.get(passage)?.best ?? 0.3,
        typicalMeaningMean: meaning?.passages.get(passage)?.mean ?? 0.1,
        typicalMeaningVote: meaning?.passages.get(passage)?.vote ?? NO_VOTE,
      }
    })
    const features = toFeatures({ isHybrid: semantic !== null, hasTypical: head !== null }, measured)
    return { candidates: chosen.map((passage, index) => ({ passage, features: features[index] ?? [], measures: measured[index] ?? {} })), words, meaning, head }
  }

  #choose(scores: Float32Array, words: QuestionNearness, meaning: QuestionNearness | null, semantic: Semantic | null, vectors: QuestionVectors | null, limit: number): number[] {
    const chosen = new Set(topPositions(scores, Math.max(limit, CANDIDATES_BY_WORDS)))
    for (const near of [words, meaning]) {
      for (const [passage] of [...(near?.passages ?? [])].sort((left, right) => right[1].best - left[1].best).slice(0, CANDIDATES_BY_WORDS)) chosen.add(passage)
    }
    if (semantic !== null && vectors !== null) {
      const owners = new Set(semantic.vectors.search(vectors.forPassages, Math.max(limit, NEIGHBOURS_READ)).map(({ position }) => semantic.owners[position] ?? 0))
      for (const passage of [...owners].slice(0, Math.max(limit, CANDIDATES_BY_MEANING))) chosen.add(passage)
    }
    return [...chosen]
  }

  /** Of the kinds of thing asked for (a sum, a date, a telephone number), the share that the passage holds; 0 where none is asked for. */
  #shareHeld(passage: number, asked: readonly AskedKind[]): number {
    if (asked.length === 0) return 0
    const { text = '', headings = [] } = this.passages[passage] ?? {}
    return asked.filter((kind) => holdsKind(kind, [...headings, text].join('\n'))).length / asked.length
  }

  #normalizedText(passage: number): string {
    const known = this.#normalized.get(passage)
    if (known !== undefined) return known
    const text = normalize(this.passages[passage]?.text ?? '')
    if (this.#normalized.size > 4096) this.#normalized.clear()
    this.#normalized.set(passage, text)
    return text
  }
}

function wholeText({ title, text }: IndexedPassage): string {
  return title === '' || text.startsWith(title) ? text : `${title}\n${text}`
}

/** A passage so short says little by itself: its meaning is that of what stands over it too. */
const SHORT_PASSAGE = 80
const standsOver = ({ document = '', headings = [] }: IndexedPassage): string => [document, ...headings].filter((line) => line !== '').join('\n')
const inContext = (passage: IndexedPassage): string => (passage.text.length > SHORT_PASSAGE ? wholeText(passage) : [standsOver(passage), wholeText(passage)].filter((line) => line !== '').join('\n'))

/** Positions of the highest scores above 0, best first. */
export function topPositions(scores: Float32Array, limit: number): number[] {
  const best: number[] = []
  let least = 0
  for (let position = 0; position < scores.length; position += 1) {
    const score = scores[position]!
    if (score <= least) continue
    let place = best.length
    while (place > 0 && scores[best[place - 1]!]! < score) place -= 1
    best.splice(place, 0, position)
    if (best.length > limit) best.pop()
    if (best.length === limit) least = scores[best[limit - 1]!]!
  }
  return best
}

/** The length of the longest run of characters that stands in both texts; only the question's first 60 characters are looked at. */
export function longestCommonRun(question: string, text: string): number {
  const short = question.slice(0, 60)
  let longest = 0
  for (let start = 0; start + longest < short.length; start += 1) {
    while (start + longest < short.length && text.includes(short.slice(start, start + longest + 1))) longest += 1
  }
  return longest
}
