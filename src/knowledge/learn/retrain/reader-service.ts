import type { Logger } from 'pino'
import type { Area, Service } from '../../../domain/services.ts'
import type { TaughtMessage } from '../../../domain/messages/talk.ts'
import { describeError } from '../../../domain/faults.ts'
import type { MessageReader } from '../../../language/reader/message-reader.ts'
import type { TalkEffect } from '../../../language/reader/training/retrain.ts'
import type { WeightTable } from '../../../language/reader/classifiers/table.ts'
import { TaughtReader } from '../../../language/reader/taught-reader.ts'
import type { ReaderWeights } from '../../../language/reader/weights-file.ts'
import { digestTalkFolder, keyOfTable, readKeptTable } from './kept-tables.ts'
import { RetrainThread } from './retrain-thread.ts'

/** What staff's pages need to teach the reader. */
export interface TalkLearning {
  /** What would change if the message were an example. @throws {RetrainError} when it can't be tried out */
  tryOut(added: TaughtMessage): Promise<TalkEffect>
  /** Makes examples that were just added or taken back count: in the same words at once, in similar ones when the thread has learnt them, which isn't waited for. */
  reload(): Promise<void>
  /** Somebody is about to try something out: what that takes is made ready. */
  prepare(): void
  state(): LearningState
}

export interface LearningState {
  isLearning: boolean
  /** How many examples of staff count. */
  taught: number
  /** Why the last learning failed; null when it did not. */
  problem: string | null
}

/** Reads messages by what was learnt last, and learns again. */
export interface ReaderService extends TalkLearning {
  /** What reads now. Ask for it with every message: it is another one after each learning. */
  current(): MessageReader
  /** Brings staff's examples and what was learnt and kept before; what has to be learnt is learnt meanwhile. Never rejects. */
  start(): Promise<void>
  /** Resolves when nothing is being learnt any more. Never rejects. */
  settled(): Promise<void>
  close(): Promise<void>
}

export interface ReaderServiceOptions {
  weights: ReaderWeights
  /** Read anew with each message: the knowledge may change. */
  knowledge: { readonly services: readonly Service[]; readonly areas: readonly Area[] }
  /** In which `talk` lies; without it the weights stay as they are. */
  knowledgeDirectory: string
  /** Where learnt tables are kept for the next start, a folder below DATA_DIR. */
  keptDirectory: string
  /** The examples of staff that count now. */
  taught: () => Promise<TaughtMessage[]>
  log: Logger
}

export const createReaderService = (options: ReaderServiceOptions): ReaderService => new LearningReader(options)

class LearningReader implements ReaderService {
  readonly #options: ReaderServiceOptions
  readonly #thread: RetrainThread
  #reader: TaughtReader
  #madeOf: { services: readonly Service[]; areas: readonly Area[] }
  #weights: ReaderWeights
  #taught: readonly TaughtMessage[] = []
  #learning: Promise<void> | null = null
  #isAskedAgain = false
  #isClosed = false
  #problem: string | null = null

  constructor(options: ReaderServiceOptions) {
    const { weights, knowledgeDirectory, keptDirectory } = options
    this.#options = options
    this.#weights = weights
    this.#madeOf = { services: options.knowledge.services, areas: options.knowledge.areas }
    this.#reader = new TaughtReader(weights, this.#madeOf, [])
    const { data, trainedOn, syllables, calibration } = weights
    this.#thread = new RetrainThread({ knowledgeDirectory, keptDirectory, weights: { data, trainedOn, syllables, calibration } })
  }

  current(): MessageReader {
    const { services, areas } = this.#options.knowledge
    if (services !== this.#madeOf.services || areas !== this.#madeOf.areas) this.#make()
    return this.#reader
  }

  async start(): Promise<void> {
    const { knowledgeDirectory, keptDirectory, weights, log } = this.#options
    try {
      this.#taught = await this.#options.taught()
      this.#make()
      const folder = await digestTalkFolder(knowledgeDirectory)
      if (folder === null) return log.info('The knowledge folder has no talk: messages are read by the weights alone, and learnt from no more')
      const kept = await readKeptTable(keptDirectory, keyOfTable(folder, this.#taught, weights))
      if (kept === null) this.#learn()
      else this.#use(kept)
    } catch (error) {
      this.#fail(error)
    }
  }

  async reload(): Promise<void> {
    this.#taught = await this.#options.taught()
    this.#make()
    this.#learn()
  }

  async tryOut(added: TaughtMessage): Promise<TalkEffect> {
    const answer = await this.#thread.ask({ type: 'try_out', taught: this.#taught, added })
    if (!('effect' in answer)) throw new Error('The thread answered another question.')
    return answer.effect
  }

  prepare(): void {
    this.#thread.ask({ type: 'prepare', taught: this.#taught }).catch(() => undefined)
  }

  state(): LearningState {
    return { isLearning: this.#learning !== null, taught: this.#taught.length, problem: this.#problem }
  }

  async settled(): Promise<void> {
    while (this.#learning !== null) await this.#learning
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#thread.close()
    await this.settled()
  }

  /** One learning at a time; what changes meanwhile is learnt after it. */
  #learn(): void {
    this.#isAskedAgain = true
    this.#learning ??= this.#learnAll().finally(() => {
      this.#learning = null
      if (this.#isAskedAgain && !this.#isClosed) this.#learn()
    })
  }

  async #learnAll(): Promise<void> {
    while (this.#isAskedAgain && !this.#isClosed) {
      this.#isAskedAgain = false
      try {
        await this.#learnOnce()
      } catch (error) {
        if (!this.#isClosed) this.#fail(error)
      }
    }
  }

  async #learnOnce(): Promise<void> {
    const { log } = this.#options
    const startedAt = performance.now()
    const answer = await this.#thread.ask({ type: 'learn', taught: this.#taught })
    if (!('learnt' in answer)) return
    const { learnt, isFolderOfWeights, messages, notKept } = answer.learnt
    this.#problem = null
    this.#use(learnt)
    if (!isFolderOfWeights) log.warn({ data: this.#options.weights.data }, 'knowledge/talk is not what the weights were trained from: what messages are about has been learnt again; marks and moves are read as before until `npm run -s linli -- train` is run')
    if (notKept !== null) log.warn({ reason: notKept }, 'What was learnt could not be kept: it is learnt again at the next start')
    log.info({ messages, taught: this.#taught.length, seconds: Math.round((performance.now() - startedAt) / 100) / 10 }, 'Messages are read by what was learnt last')
  }

  #use(learnt: 'as_in_weights' | { table: WeightTable }): void {
    const { weights } = this.#options
    this.#weights = learnt === 'as_in_weights' ? weights : { ...weights, tables: { ...weights.tables, intents: learnt.table } }
    this.#make()
  }

  #make(): void {
    this.#madeOf = { services: this.#options.knowledge.services, areas: this.#options.knowledge.areas }
    this.#reader = new TaughtReader(this.#weights, this.#madeOf, this.#taught)
  }

  #fail(error: unknown): void {
    this.#problem = error instanceof Error ? error.message : String(error)
    this.#options.log.error({ fault: 'not-learnt', ...describeError(error) }, 'Learning again failed: messages are read by what was learnt before. Mend what the reason names; it is tried again when staff add an example, and at the next start.')
  }
}
