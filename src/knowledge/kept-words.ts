import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Bm25Index } from './bm25.ts'
import { B, K1 } from './bm25-build.ts'
import { readColumns, removeOldFiles, touch, writeColumns } from './kept-file.ts'
import { tokenize } from './tokens.ts'

export interface KeptOptions {
  directory: string
  /** Told when a finished index could not be kept: it is used all the same, and built again at the next start. */
  onNotKept?: (error: unknown) => void
}

const PREFIX = 'words-'
/** Of one folder: the corpus as it is, and as it was before the last changes. */
const MOST_KEPT = 3
/** Smaller corpora are read faster than a file is opened and checked. */
const KEPT_FROM = 500
/** Texts whose terms are read anew and compared, so that an index made by another way of reading is never taken. */
const SAMPLED = 64

/** The index over texts by words: the kept one where there is one for exactly these texts, in this order; else built, and kept. */
export function openWords(texts: readonly string[], { directory, onNotKept }: KeptOptions): Bm25Index {
  if (texts.length < KEPT_FROM) return Bm25Index.build(generateTerms(texts))
  const hash = hashTexts(texts)
  const file = path.join(directory, `${PREFIX}${hash}.bin`)
  const kept = readWords(file, hash)
  if (kept !== null) {
    touch(file)
    return kept
  }
  const index = Bm25Index.build(generateTerms(texts))
  try {
    writeColumns(file, hash, index.columns())
    removeOldFiles(directory, PREFIX, MOST_KEPT)
  } catch (error) {
    onNotKept?.(error)
  }
  return index
}

export function* generateTerms(texts: readonly string[]): Generator<number[]> {
  for (const text of texts) yield tokenize(text)
}

function readWords(file: string, hash: string): Bm25Index | null {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch {
    return null
  }
  const columns = readColumns(bytes, hash)
  return columns === null ? null : Bm25Index.load(columns)
}

/** What the index is made from: the formula, every text, and what terms are read from some of them. */
function hashTexts(texts: readonly string[]): string {
  const hash = createHash('sha256').update(`bm25/${K1}/${B}/${texts.length}`)
  for (const text of texts) hash.update(`\n${text.length}\n${text}`)
  const step = Math.ceil(texts.length / SAMPLED)
  for (let position = 0; position < texts.length; position += step) hash.update(Float64Array.from(tokenize(texts[position] ?? '')))
  return hash.digest('hex').slice(0, 32)
}
