import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { createAnswerer } from '../../knowledge/answer/answerer.ts'
import { CorpusIndex } from '../../knowledge/find/corpus-index.ts'
import { KEPT_VECTORS } from '../../knowledge/find/vectors/kept-vectors.ts'
import { loadKnowledge } from '../../knowledge/documents/load.ts'
import { VECTORS_FOLDER } from '../../knowledge/find/vectors/vector-cache.ts'
import type { EmbeddingModel } from '../../model/embedding/embedding.ts'
import { loadPeers } from './bench-peers.ts'
import type { Finder, Rows } from './bench-peers.ts'
import { percentiles } from './percentiles.ts'
import { readLabelledQueries } from '../eval/labelled.ts'
import type { LabelledQuery } from '../eval/labelled.ts'
import { readCorpus } from '../search.ts'

const LIMIT = 10
const WARM_UP = 20
const OWN_QUESTIONS = path.resolve(import.meta.dirname, '../../../tests/knowledge/regression/answerable.jsonl')

/** One way of finding, measured on one corpus. Quality is 0..1, times are milliseconds. */
export interface FindingFigures {
  name: string
  isPeer: boolean
  /** Share of the questions with a right passage first, and among the first five. */
  first: number
  firstFive: number
  /** Mean share of a question's right passages among the first ten. */
  recallTen: number
  /** Mean of 1 / place of the first right passage, 0 beyond the tenth. */
  reciprocalRank: number
  buildMs: number
  /** null = a peer's index, which is not kept. */
  loadMs: number | null
  p50: number
  p95: number
}

/** All ways of finding on one corpus, ours first. */
export interface FindingComparison {
  name: string
  passages: number
  questions: number
  rows: FindingFigures[]
}

/** A corpus with labelled questions, and our own ways of finding in it. */
interface Bench {
  name: string
  rows: Rows
  queries: readonly { text: string; gold: ReadonlySet<number> }[]
  /** Where its vectors are between runs. */
  cacheDirectory: string
  /** Opens our index: built the first time in an empty `directory`, loaded the second. */
  open(directory: string, model: EmbeddingModel | null): Promise<Finder>
}

export interface FindingOptions {
  config: Config
  log: Logger
  model: EmbeddingModel | null
  /** Corpora of `search`, each with its labelled questions; none = the knowledge folder. */
  corpora: readonly { corpus: string; queries: string }[]
  /** Labelled questions on the knowledge folder, gold = clauses; default the repository's regression set. */
  ownQueries?: string | undefined
  /** At most so many questions of a set, spread over it. */
  mostQuestions: number
}

/**
 * Our lexical and hybrid finding against MiniSearch and SQLite FTS5: the same corpus, the same questions, one after the other in one process.
 * Vectors come from the cache or are made beforehand; `buildMs` is the time from vectors to a finished index.
 */
export async function compareFinding(options: FindingOptions): Promise<FindingComparison[]> {
  const benches = options.corpora.length === 0 ? [await openKnowledge(options)] : []
  for (const { corpus, queries } of options.corpora) benches.push(await openCorpus(corpus, queries, path.join(options.config.cacheDirectory, 'search')))
  const compared = []
  for (const { queries, ...bench } of benches) {
    const asked = spread(queries, options.mostQuestions)
    compared.push({ name: bench.name, passages: bench.rows.length, questions: asked.length, rows: await compare({ ...bench, queries: asked }, options.model) })
  }
  return compared
}

async function openKnowledge({ config, log, ownQueries = OWN_QUESTIONS }: FindingOptions): Promise<Bench> {
  const knowledge = await loadKnowledge(config.knowledgeDirectory)
  const passages = knowledge.documents.flatMap((document) => document.passages)
  if (!fs.existsSync(ownQueries)) throw new SetupError(`${ownQueries} is not there: name labelled questions with --queries`)
  return {
    name: 'the knowledge folder',
    rows: passages.map(({ title, text, typicalQuestions }) => [title, text, typicalQuestions.join('\n')]),
    cacheDirectory: config.cacheDirectory,
    queries: labelPositions(await readLabelledQueries(ownQueries), passages.map(({ clause }) => clause)),
    async open(directory, model) {
      const answerer = createAnswerer({ ...knowledge, cacheDirectory: directory, log, now: () => new Date() })
      if (model !== null) await answerer.useEmbedding(model)
      const positions = new Map(passages.map(({ documentId, clause }, position) => [`${documentId} ${clause}`, position]))
      return { rank: async (question, limit) => (await answerer.rank(question, limit)).map(({ document, clause }) => positions.get(`${document} ${clause}`) ?? -1) }
    },
  }
}

async function openCorpus(corpus: string, queries: string, cacheDirectory: string): Promise<Bench> {
  const { ids, passages } = await readCorpus(corpus)
  return {
    name: corpus,
    rows: passages.map(({ title, text }) => [title, text]),
    cacheDirectory,
    queries: labelPositions(await readLabelledQueries(queries), ids.map(String)),
    async open(directory, model) {
      const index = await CorpusIndex.build(passages, { model, cacheDirectory: directory, onProgress: showProgress })
      return { rank: async (question, limit) => (await index.search(question, limit)).map(({ passage }) => passage) }
    },
  }
}

/** The same id may stand for several passages (a clause number of two documents): any of them is right. */
function labelPositions(queries: readonly LabelledQuery[], ids: readonly string[]): Bench['queries'] {
  const positions = new Map<string, number[]>()
  for (const [position, id] of ids.entries()) positions.set(id, [...(positions.get(id) ?? []), position])
  return queries.map(({ text, gold }) => ({ text, gold: new Set(gold.flatMap((id) => positions.get(id) ?? [])) })).filter(({ gold }) => gold.size > 0)
}

function spread<T>(all: readonly T[], most: number): T[] {
  const step = Math.max(1, all.length / most)
  return Array.from({ length: Math.min(most, all.length) }, (_, place) => all[Math.floor(place * step)]).filter((one) => one !== undefined)
}

async function compare(bench: Bench, model: EmbeddingModel | null): Promise<FindingFigures[]> {
  const rows = [await measureOurs('Linli, words', bench, null)]
  if (model !== null) rows.push(await measureOurs('Linli, words and meaning', bench, model))
  for (const peer of await loadPeers()) {
    const startedAt = performance.now()
    const finder = peer.build(bench.rows)
    rows.push({ name: peer.name, isPeer: true, buildMs: performance.now() - startedAt, loadMs: null, ...(await measure(finder, bench.queries)) })
    finder.close?.()
  }
  return rows
}

async function measureOurs(name: string, bench: Bench, model: EmbeddingModel | null): Promise<FindingFigures> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-bench-'))
  try {
    if (model !== null) await copyVectors(bench, model, directory)
    const startedAt = performance.now()
    await bench.open(directory, model)
    const builtAt = performance.now()
    const finder = await bench.open(directory, model)
    return { name, isPeer: false, buildMs: builtAt - startedAt, loadMs: performance.now() - builtAt, ...(await measure(finder, bench.queries)) }
  } finally {
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

/** Vectors, made if need be, but no finished index: building that is what is to be measured. */
async function copyVectors(bench: Bench, model: EmbeddingModel, directory: string): Promise<void> {
  const { cacheDirectory } = bench
  await bench.open(cacheDirectory, model)
  const isFinished = (file: string) => path.basename(file).startsWith(KEPT_VECTORS)
  for (const folder of fs.readdirSync(cacheDirectory).filter((name) => name.startsWith(VECTORS_FOLDER))) {
    fs.cpSync(path.join(cacheDirectory, folder), path.join(directory, folder), { recursive: true, filter: (file) => !isFinished(file) })
  }
}

async function measure(finder: Finder, queries: Bench['queries']): Promise<Pick<FindingFigures, 'first' | 'firstFive' | 'recallTen' | 'reciprocalRank' | 'p50' | 'p95'>> {
  const times: number[] = []
  const sums = { first: 0, firstFive: 0, recallTen: 0, reciprocalRank: 0 }
  for (const { text } of queries.slice(0, WARM_UP)) await finder.rank(text, LIMIT)
  for (const { text, gold } of queries) {
    const startedAt = performance.now()
    const found = await finder.rank(text, LIMIT)
    times.push(performance.now() - startedAt)
    const place = found.findIndex((position) => gold.has(position))
    if (place === 0) sums.first += 1
    if (place !== -1 && place < 5) sums.firstFive += 1
    if (place !== -1) sums.reciprocalRank += 1 / (place + 1)
    sums.recallTen += found.filter((position) => gold.has(position)).length / gold.size
  }
  const mean = (sum: number) => sum / Math.max(1, queries.length)
  return { first: mean(sums.first), firstFive: mean(sums.firstFive), recallTen: mean(sums.recallTen), reciprocalRank: mean(sums.reciprocalRank), ...percentiles(times) }
}

function showProgress(done: number, total: number): void {
  if (done % 1600 === 0 || done === total) process.stderr.write(`Embedded ${done} of ${total}\n`)
}
