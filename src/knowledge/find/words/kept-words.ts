import { createHash } from 'node:crypto'
import { Bm25Index } from './bm25.ts'
import { B, B_BESIDE, K1 } from './bm25-build.ts'
import type { FieldedTerms } from './bm25-build.ts'
import { openKept } from '../numbers/kept-file.ts'
import type { KeptKind, KeptOptions } from '../numbers/kept-file.ts'
import { tokenize } from './tokens.ts'

const WORDS: KeptKind<Bm25Index> = { prefix: 'words-', most: 3, load: (columns) => Bm25Index.load(columns), columnsOf: (index) => index.columns() }
/** Smaller corpora are read faster than a file is opened and checked. */
const KEPT_FROM = 500
/** Texts whose terms are read anew and compared, so that an index made by another way of reading is never taken. */
const SAMPLED = 64
const MOST_READ_ONCE = 10_000

/** A text, and what stands beside it: the same number of fields for every text of a corpus. */
export interface FieldedText {
  own: string
  beside: readonly string[]
}

/** The index over texts by words: the kept one where there is one for exactly these texts, in this order; else built, and kept. */
export function openWords(texts: readonly FieldedText[], kept: KeptOptions): Bm25Index {
  const build = () => Bm25Index.buildFielded(generateTerms(texts))
  return texts.length < KEPT_FROM ? build() : openKept(WORDS, hashTexts(texts), kept, build)
}

/** What stands beside texts is mostly the same for many of them: it is read once. */
export function* generateTerms(texts: readonly FieldedText[]): Generator<FieldedTerms> {
  const read = new Map<string, number[]>()
  const readOnce = (text: string) => {
    const known = read.get(text)
    if (known !== undefined) return known
    const terms = tokenize(text)
    if (read.size < MOST_READ_ONCE) read.set(text, terms)
    return terms
  }
  for (const { own, beside } of texts) yield { own: tokenize(own), beside: beside.map(readOnce) }
}

/** What the index is made from: the formula, every text, and what terms are read from some of them. */
function hashTexts(texts: readonly FieldedText[]): string {
  const hash = createHash('sha256').update(`bm25f/${K1}/${B}/${B_BESIDE}/${texts.length}`)
  for (const { own, beside } of texts) for (const text of [own, ...beside]) hash.update(`\n${text.length}\n${text}`)
  const step = Math.ceil(texts.length / SAMPLED)
  for (let position = 0; position < texts.length; position += step) hash.update(Float64Array.from(tokenize(texts[position]?.own ?? '')))
  return hash.digest('hex').slice(0, 32)
}
