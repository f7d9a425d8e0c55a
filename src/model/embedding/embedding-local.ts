import { ModelCallError } from '../../domain/errors.ts'
import type { EmbeddingModel, EmbeddingPurpose } from './embedding.ts'
import { openEmbeddingThreads } from './embedding-threads.ts'

export const LOCAL_MODEL_ID = 'bge-small-zh-v1.5-int8'
const DIMENSIONS = 512
/** Texts whose vectors stay at hand: a message is read, and is then asked as a question in the same words. */
const MOST_REMEMBERED = 64

export interface LocalModelFiles {
  modelPath: string
  tokenizerPath: string
}

/**
 * bge-small-zh-v1.5 on a thread of its own, so that nobody waits while it computes: [CLS] pooling, vectors of length 1; about 4 ms a question and 35 ms for
 * 300 characters.
 * @throws {ModelCallError} when the files are no such model
 */
export async function openLocalEmbedding(files: LocalModelFiles): Promise<EmbeddingModel> {
  const thread = openEmbeddingThreads(files, 1)
  try {
    await thread.embed([], 'passage')
  } catch (error) {
    await thread.close()
    throw new ModelCallError(`The embedding model cannot be read from ${files.modelPath}`, { cause: error })
  }
  const remembered = new Map<string, Promise<Float32Array[]>>()
  const embedOne = (texts: readonly string[], purpose: EmbeddingPurpose) => {
    const key = `${purpose}\n${texts.join('')}`
    const known = remembered.get(key)
    if (known !== undefined) return known
    const asked = thread.embed(texts, purpose)
    asked.catch(() => remembered.delete(key))
    remembered.set(key, asked)
    for (const oldest of remembered.keys()) {
      if (remembered.size <= MOST_REMEMBERED) break
      remembered.delete(oldest)
    }
    return asked
  }
  return {
    id: LOCAL_MODEL_ID,
    dimensions: DIMENSIONS,
    embed: (texts, purpose) => (texts.length === 1 ? embedOne(texts, purpose) : thread.embed(texts, purpose)),
    openLanes: (count) => openEmbeddingThreads(files, count),
    close: () => thread.close(),
  }
}
