import { createHash } from 'node:crypto'
import { Bm25Index } from './bm25.ts'
import { B, K1 } from './bm25-build.ts'
import { openKept } from '../numbers/kept-file.ts'
import type { KeptKind, KeptOptions } from '../numbers/kept-file.ts'
import { tokenize } from './tokens.ts'

const WORDS: KeptKind<Bm25Index> = { prefix: 'words-', most: 3, load: (columns) => Bm25Index.load(columns), columnsOf: (index) => index.columns() }
/** Smaller corpora are read faster than a file is opened and checked. */
const KEPT_FROM = 500
/** Texts whose terms are read anew and compared, so that an index made by another way of reading is never taken. */
const SAMPLED = 64

/** The index over texts by words: the kept one where there is one for exactly these texts, in this order; else built, and kept. */
export function openWords(texts: readonly string[], kept: KeptOptions): Bm25Index {
  const build = () => Bm25Index.build(generateTerms(texts))
  return texts.length < KEPT_FROM ? build() : openKept(WORDS, hashTexts(texts), kept, build)
}

export function* generateTerms(texts: readonly string[]): Generator<number[]> {
  for (const text of texts) yield tokenize(text)
}

/** What the index is made from: the formula, every text, and what terms are read from some of them. */
function hashTexts(texts: readonly string[]): string {
  const hash = createHash('sha256').update(`bm25/${K1}/${B}/${texts.length}`)
  for (const text of texts) hash.update(`\n${text.length}\n${text}`)
  const step = Math.ceil(texts.length / SAMPLED)
  for (let position = 0; position < texts.length; position += step) hash.update(Float64Array.from(tokenize(texts[position] ?? '')))
  return hash.digest('hex').slice(0, 32)
}
