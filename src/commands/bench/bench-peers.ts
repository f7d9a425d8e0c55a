import { SetupError } from '../../domain/errors.ts'
import { Fts5Index } from '../../store/engine/bench/bench-fts5.ts'

/** What a peer indexes: a row of columns for each passage. */
export type Rows = readonly (readonly string[])[]

/** Something that finds passages; positions best first. */
export interface Finder {
  rank(question: string, limit: number): number[] | Promise<number[]>
  close?(): void
}

/** A way of finding that can be built over rows. */
export interface Peer {
  name: string
  build(rows: Rows): Finder
}

/**
 * MiniSearch and SQLite FTS5 as somebody would set them up for Chinese who knows them well: both get single characters and pairs of
 * neighbouring ones, which does better with either than pairs alone, and any term of the question counts. FTS5's own trigrams for comparison.
 * @throws {SetupError} when MiniSearch, which only development needs, is not installed
 */
export async function loadPeers(): Promise<Peer[]> {
  return [
    await loadMiniSearch(),
    { name: 'SQLite FTS5, bigrams', build: (rows) => openFts5(rows.map((row) => row.map((column) => readGrams(column).join(' '))), 'unicode61', readGrams) },
    { name: 'SQLite FTS5, trigrams', build: (rows) => openFts5(rows.map((row) => row.map(unify)), 'trigram', readTrigrams) },
  ]
}

async function loadMiniSearch(): Promise<Peer> {
  const { default: MiniSearch } = await import('minisearch').catch((error: unknown) => {
    throw new SetupError('The comparison needs MiniSearch, which is installed for development only: run `npm ci` without --omit=dev', { cause: error })
  })
  return {
    name: 'MiniSearch',
    build(rows) {
      const fields = (rows[0] ?? []).map((_, place) => `column${place}`)
      const index = new MiniSearch<Record<string, string | number>>({ fields, tokenize: readGrams, processTerm: (term) => term })
      index.addAll(rows.map((row, id) => ({ id, ...Object.fromEntries(fields.map((field, place) => [field, row[place] ?? ''])) })))
      return { rank: (question, limit) => index.search(question, { combineWith: 'OR' }).slice(0, limit).map((result) => Number(result.id)) }
    },
  }
}

function openFts5(rows: Rows, tokenizer: 'unicode61' | 'trigram', read: (text: string) => string[]): Finder {
  const index = new Fts5Index(rows, tokenizer)
  return { rank: (question, limit) => index.rank(read(question), limit), close: () => index.close() }
}

const RUNS = /[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9.%]+/g
const HAN = /[\u3400-\u9fff\uf900-\ufaff]/

const unify = (text: string) => text.normalize('NFKC').toLowerCase()

/** Chinese characters, pairs of neighbouring ones, and whole words and numbers. */
function readGrams(text: string): string[] {
  return Array.from(unify(text).matchAll(RUNS), ([run]) => (HAN.test(run) ? [...run, ...cut(run, 2)] : [run])).flat()
}

function readTrigrams(text: string): string[] {
  return Array.from(unify(text).matchAll(RUNS), ([run]) => cut(run, 3)).flat()
}

function cut(run: string, length: number): string[] {
  return Array.from({ length: Math.max(0, run.length - length + 1) }, (_, start) => run.slice(start, start + length))
}
