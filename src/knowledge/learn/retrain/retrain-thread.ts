import { Worker } from 'node:worker_threads'
import { AppError } from '../../../domain/errors.ts'
import type { RetrainAnswer, RetrainJob, RetrainQuestion, RetrainSetup } from './retrain-worker.ts'

/** Learning again did not come to its end. */
export class RetrainError extends AppError {
  readonly code = 'not_learnt'
}

interface Waiting {
  resolve(answer: RetrainAnswer): void
  reject(error: RetrainError): void
}

/** The thread holds the folder's messages in memory, some 150 MB: it ends when nothing was asked for so long. */
const IDLE_MS = 10 * 60_000

/** A thread that learns, begun at the first job and again after it ended: what it takes it takes from no resident. */
export class RetrainThread {
  readonly #setup: RetrainSetup
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #idle: NodeJS.Timeout | undefined
  #lastId = 0

  constructor(setup: RetrainSetup) {
    this.#setup = setup
  }

  /** Jobs are done one after the other. @throws {RetrainError} */
  ask(job: RetrainJob): Promise<RetrainAnswer> {
    clearTimeout(this.#idle)
    const worker = (this.#worker ??= this.#open())
    const question: RetrainQuestion = { id: (this.#lastId += 1), job }
    return new Promise<RetrainAnswer>((resolve, reject) => {
      this.#waiting.set(question.id, { resolve, reject })
      worker.postMessage(question)
    }).finally(() => this.#rest())
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#worker?.terminate()
  }

  #open(): Worker {
    const worker = new Worker(new URL('./retrain-worker.mjs', import.meta.url), { workerData: this.#setup })
    worker.unref()
    worker.on('message', (answer: RetrainAnswer) => {
      const asked = this.#take(answer.id)
      if ('error' in answer) asked?.reject(new RetrainError(answer.error))
      else asked?.resolve(answer)
    })
    const end = (cause: unknown) => {
      if (this.#worker !== worker) return
      this.#worker = null
      for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(new RetrainError('The thread that learns ended', { cause, retryable: true }))
    }
    worker.on('error', end)
    worker.on('exit', (code) => end(new Error(`exit code ${code}`)))
    return worker
  }

  #take(id: number): Waiting | undefined {
    const asked = this.#waiting.get(id)
    this.#waiting.delete(id)
    return asked
  }

  #rest(): void {
    clearTimeout(this.#idle)
    if (this.#waiting.size > 0) return
    this.#idle = setTimeout(() => void this.#worker?.terminate(), IDLE_MS)
    this.#idle.unref()
  }
}
