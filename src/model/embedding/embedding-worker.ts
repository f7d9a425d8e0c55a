import { parentPort, workerData } from 'node:worker_threads'
import type { EmbeddingPurpose } from './embedding.ts'
import { openLocalEmbedding } from './embedding-local.ts'
import type { LocalModelFiles } from './embedding-local.ts'

/** What a thread is asked, and what it answers; `id` is the question's. */
export interface WorkerQuestion {
  id: number
  texts: readonly string[]
  purpose: EmbeddingPurpose
}
export type WorkerAnswer = { id: number; vectors: Float32Array[] } | { id: number; error: string }

const model = openLocalEmbedding(workerData as LocalModelFiles)

parentPort?.on('message', ({ id, texts, purpose }: WorkerQuestion) => {
  const answer = (value: WorkerAnswer) => parentPort?.postMessage(value)
  model
    .then((opened) => opened.embed(texts, purpose))
    .then((vectors) => answer({ id, vectors }))
    .catch((error: unknown) => answer({ id, error: error instanceof Error ? error.message : String(error) }))
})
