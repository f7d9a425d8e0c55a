import { Worker } from 'node:worker_threads'
import { ModelCallError } from '../../domain/errors.ts'
import type { EmbeddingLanes, EmbeddingPurpose } from './embedding.ts'
import type { LocalModelFiles } from './embedding-local.ts'
import type { WorkerAnswer, WorkerQuestion } from './embedding-worker.ts'

interface Waiting {
  resolve(vectors: Float32Array[]): void
  reject(error: ModelCallError): void
}

interface Lane {
  worker: Worker
  waiting: Map<number, Waiting>
  /** Why it ended; null = it runs. */
  ended: { cause: unknown } | null
}

/**
 * The local model on `count` threads of their own, some 100 MB each: onnxruntime computes on the thread that asks, so that only
 * threads use several processors, and meanwhile the asking one is free.
 */
export function openEmbeddingWorkers(files: LocalModelFiles, count: number): EmbeddingLanes {
  const lanes = Array.from({ length: count }, () => openLane(files))
  let lastId = 0
  return {
    embed(texts: readonly string[], purpose: EmbeddingPurpose) {
      const lane = lanes.reduce((freest, other) => (other.waiting.size < freest.waiting.size ? other : freest))
      const question: WorkerQuestion = { id: (lastId += 1), texts, purpose }
      return new Promise<Float32Array[]>((resolve, reject) => {
        if (lane.ended !== null) return reject(threadEnded(lane.ended.cause))
        lane.waiting.set(question.id, { resolve, reject })
        lane.worker.postMessage(question)
      })
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.worker.terminate()))
    },
  }
}

function openLane(files: LocalModelFiles): Lane {
  const worker = new Worker(new URL('./embedding-worker.mjs', import.meta.url), { workerData: files })
  const lane: Lane = { worker, waiting: new Map(), ended: null }
  const take = (id: number) => {
    const asked = lane.waiting.get(id)
    lane.waiting.delete(id)
    return asked
  }
  const end = (cause: unknown) => {
    lane.ended ??= { cause }
    for (const id of [...lane.waiting.keys()]) take(id)?.reject(threadEnded(cause))
  }
  worker.on('message', (answer: WorkerAnswer) => {
    const asked = take(answer.id)
    if ('vectors' in answer) asked?.resolve(answer.vectors)
    else asked?.reject(new ModelCallError(answer.error))
  })
  worker.on('error', end)
  worker.on('exit', (code) => end(new Error(`exit code ${code}`)))
  return lane
}

const threadEnded = (cause: unknown) => new ModelCallError('A thread of the embedding model ended', { cause, retryable: true })
