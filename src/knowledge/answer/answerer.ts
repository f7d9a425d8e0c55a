import { setImmediate as nextTick } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Answer, KnowledgeDocument, KnownGap, Passage, RankedPassage } from '../../domain/answers.ts'
import { createFaultLog, describeError, type FaultLog } from '../../domain/faults.ts'
import { toLocalDay } from '../../domain/time.ts'
import { cleanTyped } from '../../language/clean.ts'
import type { EmbeddingModel } from '../../model/embedding/embedding.ts'
import { answerQuestion, rankedPassages } from './answer-question.ts'
import type { Answered } from './answer-question.ts'
import type { AnswerWriter } from '../write/answer-writer.ts'
import { INDEX_NOT_KEPT, NO_VECTORS, NOT_EMBEDDED, WRITER_MISTAKE } from './answerer-faults.ts'
import { completeQuestion, joinQuestions, mayFollowUp } from './follow-up.ts'
import type { CompletedQuestion } from './follow-up.ts'
import { buildKnowledgeIndex, findSameWords } from '../find/knowledge-index.ts'
import type { AnswerKnowledge } from '../documents/staff-knowledge.ts'
import type { KnowledgeIndex } from '../find/knowledge-index.ts'
import { readOffTopic } from './off-topic/off-topic.ts'
import type { QuestionVectors } from '../find/passage-index.ts'
import { splitAsking } from './question-parts.ts'
import type { QuestionRewriter, RewritingOutcome } from '../write/question-rewriter.ts'
import { embedQuestion } from '../find/embed-question.ts'
import { viewQuestion } from './question-view.ts'
import { VectorCache } from '../find/vectors/vector-cache.ts'
import { WEIGHTS } from '../find/numbers/weights.ts'
import type { Weights } from '../find/numbers/weights.ts'

export interface AnswererOptions {
  documents: readonly KnowledgeDocument[]
  gaps: readonly KnownGap[]
  /** Begins to be used at once, in the background; `ready` tells when. */
  embedding?: EmbeddingModel
  /** Vectors are kept here between starts. */
  cacheDirectory: string
  /** Writes answers in its own words; without one every answer is extractive. */
  write?: AnswerWriter
  /** Puts a question that finds nothing sure into other words; which of the two is answered is decided by the calibrated score. */
  rewrite?: QuestionRewriter
  onRewritten?: (outcome: RewritingOutcome) => void
  log: Logger
  now: () => Date
  /** Fitted numbers other than the stored ones, when measuring. */
  weights?: Weights
}

export interface AnswerOptions {
  /** The question of the turn before, which a short follow-up goes on from. */
  previousQuestion?: string
  /** Neither vectors nor a language model. */
  lexicalOnly?: boolean
  signal?: AbortSignal
}

export interface AnswererState {
  mode: 'lexical' | 'hybrid'
  passages: number
}

/** Finds and answers. From its creation on it answers by words; by meaning too once the vectors are there. */
export interface Answerer {
  /** Never rejects for what a model does: the extractive answer by words is always there. */
  answer(question: string, options?: AnswerOptions): Promise<Answer>
  /** Whether a message surely asks what the community itself answers (its telephone, its hours), whatever else it may read like. */
  asksCommunity(message: string, options?: { previousQuestion?: string; leastOdds?: number }): Promise<boolean>
  /** The passages that answer most probably, best first, without deciding whether they do. */
  rank(question: string, limit: number, options?: Pick<AnswerOptions, 'lexicalOnly'>): Promise<RankedPassage[]>
  /** Indexes other knowledge and, when that is finished, answers from it; the last call wins. */
  replace(knowledge: AnswerKnowledge): Promise<void>
  /** Builds the vectors and then answers by meaning too. Resolves to false when that failed; answers by words go on. */
  useEmbedding(model: EmbeddingModel): Promise<boolean>
  /** Resolves when nothing is being built. */
  ready(): Promise<void>
  state(): AnswererState
  passage(documentId: string, clause: string): Passage | null
  /** What is answered from at this moment, for trying out other knowledge (try-out.ts). */
  workings(): Workings
}

export interface Workings {
  knowledge: KnowledgeIndex
  weights: Weights
  /** null = by words alone. */
  embedding: { model: EmbeddingModel; cache: VectorCache } | null
  /** ISO day, Shanghai's. */
  today: string
  /** How a question is answered from this or other knowledge, without a language model. */
  answer(question: string, knowledge: KnowledgeIndex): Promise<Answer>
}

/** The longest question that is read; of a longer message its head, so that nobody holds up the others. */
const LONGEST_QUESTION = 1_000
const LONG_QUESTION = 200
const headOf = (question: string): string => cleanTyped(question.slice(0, 2 * LONGEST_QUESTION), { longest: LONGEST_QUESTION })

/** A best passage from this probability on needs no other wording. */
const SURE_FROM = 0.8
/** Knowledge that is out of date answers no longer than this while the vectors of the new one are made: words alone do then. */
const LONGEST_OLD_MS = 2_000
/** Other words must raise the probability by so much to be better: less is chance. */
const LEAST_GAIN = 0.1

const probability = ({ answer }: Answered): number => answer.ranked[0]?.score ?? 0

/**
 * A wording in which what was asked before no longer stands says better what is meant, unless it is found with much less certainty.
 * What is refused beside the question before stays refused: a shorter wording only hides what the text doesn't say.
 */
function isBetterWording(other: Answered, found: Answered): boolean {
  if (other.answer.kind === 'refusal' || found.answer.kind === 'refusal') return false
  return probability(other) >= SURE_FROM || probability(other) - probability(found) > -LEAST_GAIN
}

export function createAnswerer(options: AnswererOptions): Answerer {
  return new IndexedAnswerer(options)
}

class IndexedAnswerer implements Answerer {
  readonly #options: AnswererOptions
  readonly #faults: FaultLog
  readonly #weights: Weights
  #current: KnowledgeIndex
  /** By words, as it was built last, and from what. */
  #lexical: KnowledgeIndex
  #indexed: AnswerKnowledge
  #model: EmbeddingModel | null = null
  #knowledge: AnswerKnowledge
  #building: Promise<unknown> = Promise.resolve()

  constructor(options: AnswererOptions) {
    this.#options = options
    this.#faults = createFaultLog(options.log, options.now)
    this.#weights = options.weights ?? WEIGHTS
    this.#knowledge = options
    this.#indexed = options
    this.#lexical = this.#buildLexical(options)
    this.#current = this.#lexical
    if (options.embedding !== undefined) void this.useEmbedding(options.embedding)
  }

  async answer(question: string, options: AnswerOptions = {}): Promise<Answer> {
    // The index of this moment serves the whole question, whatever is swapped meanwhile.
    const knowledge = this.#current
    const [completed, asTyped] = await this.#findInContext(knowledge, headOf(question), options)
    const { answer, passages } = (await this.#findInOtherWords(knowledge, completed, asTyped, options)) ?? asTyped
    if (this.#options.write === undefined || options.lexicalOnly === true || answer.kind === 'refusal') return answer
    return (await this.#write(this.#options.write, completed.question, passages, answer, options.signal)) ?? answer
  }

  asksCommunity(): Promise<boolean> {
    return Promise.resolve(false)
  }

  async rank(question: string, limit: number, options: Pick<AnswerOptions, 'lexicalOnly'> = {}): Promise<RankedPassage[]> {
    const knowledge = this.#current
    const vectors = await this.#embed(knowledge, question, options)
    const view = viewQuestion(question, { index: knowledge.index, weights: this.#weights.ranking[vectors === null ? 'lexical' : 'hybrid'], vectors })
    return rankedPassages(knowledge, view, limit)
  }

  async replace(knowledge: AnswerKnowledge): Promise<void> {
    this.#knowledge = knowledge
    await this.#enqueue(() => this.#build())
  }

  async useEmbedding(model: EmbeddingModel): Promise<boolean> {
    this.#model = model
    return this.#enqueue(async () => {
      await this.#build()
      return this.#current.index.hasVectors
    })
  }

  async ready(): Promise<void> {
    await this.#building
  }

  state(): AnswererState {
    return { mode: this.#current.index.hasVectors ? 'hybrid' : 'lexical', passages: this.#current.passages.length }
  }

  passage(documentId: string, clause: string): Passage | null {
    return this.#current.passages.find((passage) => passage.documentId === documentId && passage.clause === clause) ?? null
  }

  workings(): Workings {
    return {
      knowledge: this.#current,
      weights: this.#weights,
      embedding: this.#model !== null && this.#current.index.hasVectors ? { model: this.#model, cache: new VectorCache(this.#options.cacheDirectory, this.#model) } : null,
      today: toLocalDay(this.#options.now()),
      answer: async (question, knowledge) => (await this.#findInContext(knowledge, headOf(question), {}))[1].answer,
    }
  }

  /** One build at a time, in the order in which they were asked for: the last one asked for is the one that stays. */
  #enqueue<T>(build: () => Promise<T>): Promise<T> {
    const result = this.#building.then(build)
    this.#building = result.catch(() => undefined)
    return result
  }

  async #build(): Promise<void> {
    const knowledge = this.#knowledge
    const isNew = this.#indexed !== knowledge
    const lexical = isNew ? this.#buildLexical(knowledge) : this.#lexical
    this.#indexed = knowledge
    this.#lexical = lexical
    const early = isNew ? setTimeout(() => (this.#current = lexical), LONGEST_OLD_MS) : undefined
    this.#current = this.#model === null ? lexical : await this.#addVectors(lexical, this.#model)
    clearTimeout(early)
  }

  #buildLexical(knowledge: AnswerKnowledge): KnowledgeIndex {
    return buildKnowledgeIndex(knowledge, { directory: this.#options.cacheDirectory, onNotKept: this.#warnNotKept })
  }

  readonly #warnNotKept = (error: unknown) => this.#faults.say(INDEX_NOT_KEPT, {}, describeError(error))

  async #addVectors(lexical: KnowledgeIndex, model: EmbeddingModel): Promise<KnowledgeIndex> {
    const startedAt = this.#options.now().getTime()
    try {
      const onProgress = (done: number, total: number) => {
        if (done === total || done % 320 === 0) this.#options.log.info({ done, total }, 'Embedding passages and typical questions')
      }
      const index = await lexical.index.withVectors(new VectorCache(this.#options.cacheDirectory, model), { onProgress, onNotKept: this.#warnNotKept })
      this.#options.log.info({ model: model.id, passages: lexical.passages.length, ms: this.#options.now().getTime() - startedAt }, 'Answering by words and meaning')
      this.#faults.over(NO_VECTORS.name, { model: model.id })
      return { ...lexical, index }
    } catch (error) {
      this.#faults.say(NO_VECTORS, { model: model.id }, describeError(error))
      return lexical
    }
  }

  async #embed(knowledge: KnowledgeIndex, question: string, options: Pick<AnswerOptions, 'lexicalOnly'>): Promise<QuestionVectors | null> {
    if (options.lexicalOnly === true || this.#model === null || !knowledge.index.hasVectors) return null
    try {
      const vectors = await embedQuestion(this.#model, question)
      await knowledge.index.prepareWindows(question, vectors)
      this.#faults.over(NOT_EMBEDDED.name, { model: this.#model.id })
      return vectors
    } catch (error) {
      this.#faults.say(NOT_EMBEDDED, { model: this.#model.id }, describeError(error))
      return null
    }
  }

  /** The question by itself or as it goes on from the turn before; of a short one that could be either, the better found. */
  async #findInContext(knowledge: KnowledgeIndex, question: string, options: AnswerOptions): Promise<[CompletedQuestion, Answered]> {
    const { previousQuestion } = options
    const same = findSameWords(knowledge, question)
    if (same?.byStaff === true) {
      const completed = { question, asked: question }
      return [completed, await this.#find(knowledge, completed, options)]
    }
    const [first, ...others] = completeQuestion(question, previousQuestion)
    let [completed, found] = [first, await this.#find(knowledge, first, options)]
    for (const other of others) {
      const foundOther = await this.#find(knowledge, other, options)
      if (isBetterWording(foundOther, found)) [completed, found] = [other, foundOther]
    }
    const isSure = found.answer.kind !== 'refusal' && probability(found) >= SURE_FROM
    const couldGoOn = completed.question === question && mayFollowUp(question) && !found.isForeign && readOffTopic(question) === null
    if (previousQuestion === undefined || previousQuestion.trim() === '' || isSure || !couldGoOn) return [completed, found]
    const joined = joinQuestions(question, previousQuestion)
    const foundJoined = await this.#find(knowledge, joined, options)
    return foundJoined.answer.kind !== 'refusal' && probability(foundJoined) > probability(found) ? [joined, foundJoined] : [completed, found]
  }

  async #find(knowledge: KnowledgeIndex, { question, asked }: CompletedQuestion, options: AnswerOptions): Promise<Answered> {
    // What a follow-up goes on from has been answered.
    const texts = asked === question ? splitAsking(question) : []
    const parts = texts.length < 2 ? [] : await Promise.all(texts.map(async (part) => ({ question: part, vectors: await this.#embed(knowledge, part, options) })))
    const vectors = await this.#embed(knowledge, question, options)
    // A long message took its time to be read: others get their turn before it is answered.
    if (question.length > LONG_QUESTION) await nextTick()
    return answerQuestion({ knowledge, weights: this.#weights, question, asked, vectors, parts, today: toLocalDay(this.#options.now()) })
  }

  /** The answer to the question as a language model words it, when that is found with more certainty; what is asked for is still read from the resident's own words. */
  async #findInOtherWords(knowledge: KnowledgeIndex, completed: CompletedQuestion, asTyped: Answered, options: AnswerOptions): Promise<Answered | null> {
    const { rewrite, onRewritten } = this.#options
    if (rewrite === undefined || options.lexicalOnly === true || asTyped.isDecided || probability(asTyped) >= SURE_FROM || readOffTopic(completed.question) !== null) return null
    const question = await rewrite.rewrite(completed.question, options.signal)
    const found = question === null ? null : await this.#find(knowledge, { question, asked: completed.asked }, options)
    const isBetter = found !== null && found.answer.kind !== 'refusal' && probability(found) >= probability(asTyped) + LEAST_GAIN
    onRewritten?.(question === null ? 'unavailable' : isBetter ? 'better' : 'not_better')
    return isBetter ? { ...found, answer: { ...found.answer, question: completed.question } } : null
  }

  async #write(writer: AnswerWriter, question: string, passages: readonly Passage[], extractive: Answer, signal: AbortSignal | undefined): Promise<Answer | null> {
    try {
      return await writer.write({ question, passages, extractive, ...(signal === undefined ? {} : { signal }) })
    } catch (error) {
      this.#faults.say(WRITER_MISTAKE, {}, describeError(error))
      return null
    }
  }
}
