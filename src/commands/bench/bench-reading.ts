import { performance } from 'node:perf_hooks'
import type { Config } from '../../config.ts'
import { loadKnowledge, loadTalk } from '../../knowledge/documents/load.ts'
import { createReader } from '../../language/moves/reader.ts'
import { hashNames } from '../../language/reader/features.ts'
import { textFeatures } from '../../language/reader/lessons.ts'
import { MessageReader } from '../../language/reader/message-reader.ts'
import { loadReaderWeights } from '../../language/reader/open-reader.ts'
import type { EmbeddingModel } from '../../model/embedding/embedding.ts'
import { createSentenceVectors } from '../../model/embedding/sentence-vectors.ts'
import { percentiles } from './percentiles.ts'

export interface ReadingFigures {
  messages: number
  /** Milliseconds. */
  words: { p50: number; p95: number }
  /** null without the embedding model. */
  withModel: { p50: number; p95: number } | null
  /** What no reader of character n-grams can do without: making and hashing them once. */
  floor: { p50: number; p95: number }
}

/** How long one message takes to be read into moves, on the messages held back; in the same run what its n-grams alone take. */
export async function measureReading(config: Pick<Config, 'knowledgeDirectory'>, model: EmbeddingModel | null): Promise<ReadingFigures> {
  const [{ heldBack }, knowledge, weights] = [await loadTalk(config.knowledgeDirectory), await loadKnowledge(config.knowledgeDirectory), await loadReaderWeights(config.knowledgeDirectory)]
  const reader = new MessageReader(weights, knowledge)
  const vectors = createSentenceVectors(weights.dense?.model)
  const sounds = { syllables: weights.syllables, known: new Set(weights.syllables.names) }
  const read = createReader({ current: () => reader, areas: knowledge.areas, vectorOf: vectors.of })
  const now = new Date()
  const texts = heldBack.map(({ text }) => text)
  const readAll = () => timeEach(texts, (text) => read.read(text, { asked: 'nothing', now }))
  // The first time compiles.
  await readAll()
  const words = await readAll()
  const floor = await timeEach(texts, (text) => hashNames(textFeatures(text, sounds)))
  if (model === null) return { messages: texts.length, words, withModel: null, floor }
  await vectors.use(Promise.resolve(model))
  await readAll()
  return { messages: texts.length, words, withModel: await readAll(), floor }
}

async function timeEach(texts: readonly string[], work: (text: string) => unknown): Promise<{ p50: number; p95: number }> {
  const times: number[] = []
  for (const text of texts) {
    const startedAt = performance.now()
    await work(text)
    times.push(performance.now() - startedAt)
  }
  const { p50, p95 } = percentiles(times)
  return { p50, p95 }
}
