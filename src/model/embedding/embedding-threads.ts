import { Worker } from 'node:worker_threads'
import { ModelCallError } from '../../domain/errors.ts'
import { toUnitLength } from '../vectors.ts'
import type { EmbeddingLanes, EmbeddingPurpose } from './embedding.ts'
import type { LocalModelFiles } from './embedding-local.ts'

/** What a thread is asked, and what it answers; `id` is the question's. */
export interface ThreadQuestion {
  id: number
  texts: readonly string[]
}
export type ThreadAnswer = { id: number; vectors: Float32Array[] } | { id: number; error: string }

interface Waiting {
  resolve(vectors: Float32Array[]): void
  reject(error: ModelCallError): void
}

interface Lane {
  worker: Worker
  waiting: Map<number, Waiting>
  /** Why it ended; null = it runs. */
  ended: { cause: unknown } | null
  gone: Promise<unknown>
}

const QUESTION_INSTRUCTION = '为这个句子生成表示以用于检索相关文章：'

/**
 * The local model on `count` threads of their own, some 100 MB each: onnxruntime computes on the thread that asks, so that only threads use several
 * processors, and meanwhile the asking one is free. A thread that ended fails what it was asked; the next question begins another.
 */
export function openEmbeddingThreads(files: LocalModelFiles, count: number): EmbeddingLanes {
  const lanes = Array.from({ length: count }, () => openLane(files))
  let lastId = 0
  let isClosed = false
  return {
    embed(texts: readonly string[], purpose: EmbeddingPurpose) {
      const freest = lanes.reduce((least, lane, index) => (lane.waiting.size < (lanes[least]?.waiting.size ?? Infinity) ? index : least), 0)
      if (lanes[freest]?.ended && !isClosed) lanes[freest] = openLane(files)
      const lane = lanes[freest]
      const question: ThreadQuestion = { id: (lastId += 1), texts: purpose === 'question' ? texts.map((text) => QUESTION_INSTRUCTION + text) : texts }
      return new Promise<Float32Array[]>((resolve, reject) => {
        if (lane === undefined || lane.ended !== null) return reject(threadEnded(lane?.ended?.cause))
        lane.waiting.set(question.id, { resolve, reject })
        lane.worker.ref()
        lane.worker.postMessage(question)
      })
    },
    async close() {
      isClosed = true
      for (const { worker } of lanes) {
        worker.ref()
        worker.postMessage('close')
      }
      await Promise.all(lanes.map((lane) => lane.gone))
    },
  }
}

function openLane(files: LocalModelFiles): Lane {
  const worker = new Worker(new URL('./embedding-thread.mjs', import.meta.url), { workerData: files, execArgv: [] })
  // It keeps the program running only while somebody waits for it.
  worker.unref()
  const lane: Lane = { worker, waiting: new Map(), ended: null, gone: new Promise((resolve) => worker.once('exit', resolve)) }
  const take = (id: number) => {
    const asked = lane.waiting.get(id)
    lane.waiting.delete(id)
    if (lane.waiting.size === 0) worker.unref()
    return asked
  }
  const end = (cause: unknown) => {
    lane.ended ??= { cause }
    for (const id of [...lane.waiting.keys()]) take(id)?.reject(threadEnded(cause))
  }
  worker.on('message', (answer: ThreadAnswer) => {
    const asked = take(answer.id)
    if ('vectors' in answer) asked?.resolve(answer.vectors.map(toUnitLength))
    else asked?.reject(new ModelCallError('The embedding model failed on a text', { cause: answer.error, retryable: true }))
  })
  worker.on('error', end)
  worker.on('exit', (code) => end(new Error(`exit code ${code}`)))
  return lane
}

const threadEnded = (cause: unknown) => new ModelCallError('A thread of the embedding model ended', { cause, retryable: true })
