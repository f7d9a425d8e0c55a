import type { EmbeddingModel } from './embedding.ts'
import { dropCachedFiles, listEmbeddingSources } from './embedding-files.ts'
import type { EmbeddingSource, EmbeddingSourceOptions } from './embedding-files.ts'
import { openLocalEmbedding } from './embedding-local.ts'
import { isKnownModel } from './known-vector.ts'
import type { EmbeddingServer } from './openai-embedding.ts'

export interface EmbeddingOptions extends EmbeddingSourceOptions {
  /** An OpenAI-compatible server is asked instead of the local model. */
  server?: EmbeddingServer | undefined
}

export type LoadedEmbedding =
  /** `from` says where it is, for people: a folder or a server's address. */
  | { outcome: 'ready'; model: EmbeddingModel; source: EmbeddingSource['name'] | 'server'; from: string }
  /** One reason for each place that was asked; answers then come from words alone. */
  | { outcome: 'unavailable'; reasons: string[] }

/** Finds, fetches, verifies and opens the embedding model. Never throws for what a network, a disk or a file can do. */
export async function loadEmbeddingModel(options: EmbeddingOptions): Promise<LoadedEmbedding> {
  if (options.server !== undefined) return openFromServer(options.server, options)
  const reasons: string[] = []
  for (const source of listEmbeddingSources(options)) {
    if (options.signal?.aborted) return { outcome: 'unavailable', reasons: [...reasons, 'stopped'] }
    if (source.name === 'hub' || source.name === 'maven') options.log.info({ source: source.name }, 'Fetching the embedding model (24 MB)')
    const fetched = await source.fetch()
    if (fetched.outcome === 'missing') {
      reasons.push(fetched.reason)
      continue
    }
    const model = await openVerified(fetched.files)
    if (typeof model !== 'string') return { outcome: 'ready', model, source: source.name, from: fetched.files.modelPath }
    reasons.push(`${source.name}: ${model}`)
    if (source.name !== 'EMBEDDING_MODEL_DIR') await dropCachedFiles(fetched.files)
  }
  return { outcome: 'unavailable', reasons }
}

async function openVerified(files: { modelPath: string; tokenizerPath: string }): Promise<EmbeddingModel | string> {
  try {
    const model = await openLocalEmbedding(files)
    if (await isKnownModel(model)) return model
    await model.close?.()
    return `${files.modelPath} is another model: it gives another vector for a known question`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function openFromServer(server: EmbeddingServer, options: EmbeddingOptions): Promise<LoadedEmbedding> {
  try {
    const { openServerEmbedding } = await import('./openai-embedding.ts')
    const model = await openServerEmbedding(server, options.signal)
    return { outcome: 'ready', model, source: 'server', from: server.baseUrl ?? 'https://api.openai.com/v1' }
  } catch (error) {
    return { outcome: 'unavailable', reasons: [error instanceof Error ? error.message : String(error)] }
  }
}
