import OpenAI from 'openai'
import { ModelCallError } from '../../domain/errors.ts'
import type { EmbeddingModel, EmbeddingPurpose } from './embedding.ts'
import { toUnitLength } from '../vectors.ts'

export interface EmbeddingServer {
  model: string
  apiKey: string
  /** Ends in /v1 as a rule; absent = OpenAI's own. */
  baseUrl?: string | undefined
}

const TEXTS_PER_CALL = 64
const CALL_TIMEOUT_MS = 20_000

/**
 * Opens an OpenAI-compatible embeddings server, asking it for one vector to learn its dimensions.
 * @throws {ModelCallError} when the server cannot be reached or answers with something else
 */
export async function openServerEmbedding(server: EmbeddingServer, signal?: AbortSignal): Promise<EmbeddingModel> {
  const client = new OpenAI({ apiKey: server.apiKey, baseURL: server.baseUrl ?? 'https://api.openai.com/v1', timeout: CALL_TIMEOUT_MS, maxRetries: 2 })
  const [probe] = await callServer(client, server.model, ['社区'], signal)
  if (probe === undefined) throw new ModelCallError(`The embeddings server gave no vector for ${server.model}`)
  return new ServerEmbedding(client, server.model, probe.length)
}

class ServerEmbedding implements EmbeddingModel {
  readonly id: string
  readonly dimensions: number
  readonly #client: OpenAI
  readonly #model: string

  constructor(client: OpenAI, model: string, dimensions: number) {
    this.id = `server:${model}`
    this.dimensions = dimensions
    this.#client = client
    this.#model = model
  }

  /** Servers differ in the instructions they want, so texts are sent as they are, whatever the purpose. */
  async embed(texts: readonly string[], _purpose: EmbeddingPurpose): Promise<Float32Array[]> {
    const vectors: Float32Array[] = []
    for (let start = 0; start < texts.length; start += TEXTS_PER_CALL) {
      const part = texts.slice(start, start + TEXTS_PER_CALL)
      const answered = await callServer(this.#client, this.#model, part)
      if (answered.some((vector) => vector.length !== this.dimensions)) throw new ModelCallError('The embeddings server changed the length of its vectors')
      vectors.push(...answered)
    }
    return vectors
  }
}

async function callServer(client: OpenAI, model: string, texts: string[], signal?: AbortSignal): Promise<Float32Array[]> {
  let data: { index: number; embedding: unknown }[]
  try {
    // The SDK asks for base64 unless told otherwise, and many compatible servers do not know it.
    const response = await client.embeddings.create({ model, input: texts, encoding_format: 'float' }, signal === undefined ? {} : { signal })
    data = response.data
  } catch (error) {
    throw new ModelCallError(`The embeddings server failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error, retryable: true })
  }
  if (!Array.isArray(data) || data.length !== texts.length) throw new ModelCallError('The embeddings server gave another number of vectors than texts')
  return [...data].sort((left, right) => left.index - right.index).map((item) => readVector(item.embedding))
}

function readVector(embedding: unknown): Float32Array {
  if (Array.isArray(embedding) && embedding.length > 0 && embedding.every((value) => typeof value === 'number' && Number.isFinite(value))) {
    return toUnitLength(Float32Array.from(embedding as number[]))
  }
  // Some servers answer base64 whatever was asked for.
  if (typeof embedding === 'string' && embedding !== '') {
    const bytes = Buffer.from(embedding, 'base64')
    if (bytes.length > 0 && bytes.length % 4 === 0) return toUnitLength(new Float32Array(new Uint8Array(bytes).buffer))
  }
  throw new ModelCallError('The embeddings server gave something that is no vector')
}
