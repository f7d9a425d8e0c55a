import type { EmbeddingModel } from './embedding.ts'

/** A message that is not embedded by then is read by words alone. */
const READING_MS = 300

/** Sentences' vectors of the model that the reader's weights were learnt with; null until it is there, and where it is another one. */
export function createSentenceVectors(modelId: string | undefined) {
  let model: EmbeddingModel | null = null
  let opening: Promise<EmbeddingModel | null> = Promise.resolve(null)
  return {
    of: async (text: string): Promise<Float32Array | null> => {
      if (model?.id !== modelId || model === null) return null
      const embedded = model.embed([text], 'passage').then(([vector]) => vector ?? null, () => null)
      return Promise.race([embedded, new Promise<null>((resolve) => setTimeout(() => resolve(null), READING_MS).unref())])
    },
    use: async (loading: Promise<EmbeddingModel | null>) => {
      opening = loading
      model = await loading
      return model
    },
    /** Ends the thread that the model runs on, or is about to. */
    close: async () => (await opening)?.close?.(),
  }
}

export type SentenceVectors = ReturnType<typeof createSentenceVectors>
