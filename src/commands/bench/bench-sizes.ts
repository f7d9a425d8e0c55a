import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { KnowledgeDocument } from '../../domain/answers.ts'
import { CorpusIndex } from '../../knowledge/find/corpus-index.ts'
import { createRandom } from '../../knowledge/learn/fit/fit-data.ts'
import { topPositions } from '../../knowledge/find/passage-index.ts'
import type { IndexedPassage } from '../../knowledge/find/passage-index.ts'
import { Bm25Index } from '../../knowledge/find/words/bm25.ts'
import { tokenize, tokenizeQuestion } from '../../knowledge/find/words/tokens.ts'
import { splitSentences } from '../../knowledge/find/words/windows.ts'
import type { EmbeddingModel } from '../../model/embedding/embedding.ts'
import { toUnitLength } from '../../model/vectors.ts'
import { percentiles } from './percentiles.ts'

export const SIZES = [5, 500, 5_000, 56_000]
const WARM_UP = 20
const LIMIT = 10
const SENTENCES_PER_CLAUSE = 3
/** How much of a made-up vector is chance. */
const NOISE = 0.8

/** Times of one question at one size, milliseconds. */
export interface SizeFigures {
  clauses: number
  /** null = without a model. */
  withModel: { p50: number; p95: number } | null
  words: { p50: number; p95: number }
  /** BM25 alone over the same clauses: the floor. */
  floor: { p50: number; p95: number }
}

/**
 * How long a question takes from 5 clauses to 56,000, and how long BM25 alone takes in the same run. The clauses are put together from sentences of the knowledge
 * folder; their vectors are made up near those of real sentences (embedding 56,000 takes half an hour and says nothing about questions); a question's is real.
 */
export async function measureSizes(documents: readonly KnowledgeDocument[], questions: readonly string[], model: EmbeddingModel | null, sizes = SIZES): Promise<SizeFigures[]> {
  const sentences = documents.flatMap(({ passages }) => passages.flatMap(({ text }) => splitSentences(text).map(({ start, end }) => text.slice(start, end))))
  const madeUp = model === null ? null : await makeUpVectors(model, sentences)
  const figures: SizeFigures[] = []
  for (const size of sizes) {
    const passages = writeClauses(sentences, size)
    figures.push({
      clauses: size,
      withModel: madeUp === null ? null : await withCorpus(passages, madeUp, (corpus) => time(questions, (question) => corpus.search(question, LIMIT))),
      words: await withCorpus(passages, null, (corpus) => time(questions, (question) => corpus.search(question, LIMIT))),
      floor: await timeFloor(passages, questions),
    })
  }
  return figures
}

/** The same clauses at every run: sentences drawn at random, so that their words are as common as in real documents. */
function writeClauses(sentences: readonly string[], size: number): IndexedPassage[] {
  const random = createRandom(size)
  const draw = () => sentences[Math.floor(random() * sentences.length)] ?? ''
  return Array.from({ length: size }, (_, place) => ({ title: '', text: `${Array.from({ length: SENTENCES_PER_CLAUSE }, draw).join('')}（${place + 1}）` }))
}

async function makeUpVectors(model: EmbeddingModel, sentences: readonly string[]): Promise<EmbeddingModel> {
  const real = await model.embed(sentences.slice(0, 200), 'passage')
  const random = createRandom(1)
  const near = () => toUnitLength(Float32Array.from(real[Math.floor(random() * real.length)] ?? [], (value) => value + (NOISE * (random() - 0.5)) / Math.sqrt(model.dimensions / 12)))
  return { id: 'made-up', dimensions: model.dimensions, embed: (texts, purpose) => (purpose === 'question' ? model.embed(texts, purpose) : Promise.resolve(texts.map(near))) }
}

async function withCorpus<T>(passages: readonly IndexedPassage[], model: EmbeddingModel | null, use: (corpus: CorpusIndex) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'linli-bench-'))
  try {
    return await use(await CorpusIndex.build(passages, { model, cacheDirectory: directory }))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function timeFloor(passages: readonly IndexedPassage[], questions: readonly string[]): Promise<{ p50: number; p95: number }> {
  const index = Bm25Index.build(passages.map(({ text }) => tokenize(text)))
  return time(questions, (question) => Promise.resolve(topPositions(index.search(tokenizeQuestion(question)).scores, LIMIT)))
}

async function time(questions: readonly string[], ask: (question: string) => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  const times: number[] = []
  for (const question of questions.slice(0, WARM_UP)) await ask(question)
  for (const question of questions) {
    const startedAt = performance.now()
    await ask(question)
    times.push(performance.now() - startedAt)
  }
  return percentiles(times)
}

/** On a quiet machine, up to so many clauses. */
const TARGETS = [
  { upTo: 500, withModel: 25, words: 8 },
  { upTo: 5_000, withModel: 40, words: 10 },
  { upTo: Infinity, withModel: 60, words: 20 },
] as const

/** One line for each size and way of finding, with the ratio to BM25 alone. */
export function describeSizes(figures: readonly SizeFigures[]): string {
  const lines = figures.flatMap(({ clauses, withModel, words, floor }) => {
    const target = TARGETS.find(({ upTo }) => clauses <= upTo)
    const line = (how: string, { p50, p95 }: { p50: number; p95: number }, most: number | undefined) =>
      `${`finding: ${clauses} clauses, ${how}`.padEnd(52)}p50 ${p50.toFixed(1)} / p95 ${p95.toFixed(1)} ms   target p95 ${most ?? '-'} ms; ${(p95 / Math.max(1e-3, floor.p95)).toFixed(1)} times BM25 alone (${floor.p95.toFixed(2)} ms)`
    return [...(withModel === null ? [] : [line('with the model', withModel, target?.withModel)]), line('by words', words, target?.words)]
  })
  return `${lines.join('\n')}\n`
}
