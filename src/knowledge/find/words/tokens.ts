import { normalize, plain } from '../../../language/normalize.ts'

const HAN = /[\u3400-\u9fff\uf900-\ufaff]/
const RUNS = /[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9.%]+/g
/** Terms above it are pairs of characters, numbers and words. */
export const LARGEST_CHARACTER = 0xffff
const PAIR_BASE = 0x10000
/** Words in Latin letters and numbers are hashed into a range of their own, above all pairs of characters. */
const WORD_BASE = 2 ** 33

/**
 * The terms of a text as numbers: every Chinese character, every pair of neighbouring ones, every number or Latin word.
 * Full and half width, traditional and simplified, upper and lower case give the same terms.
 */
export function tokenize(text: string): number[] {
  return tokenizeNormalized(normalize(text))
}

/** Terms of a question; dialect words count as the plain ones. */
export function tokenizeQuestion(text: string): number[] {
  return tokenizeNormalized(plain(text))
}

function tokenizeNormalized(text: string): number[] {
  const terms: number[] = []
  for (const [run] of text.matchAll(RUNS)) {
    if (!HAN.test(run)) {
      const word = run.replace(/^\.+|\.+$/g, '')
      if (word !== '') terms.push(WORD_BASE + hash(word))
      continue
    }
    for (let index = 0; index < run.length; index += 1) {
      const code = run.charCodeAt(index)
      terms.push(code)
      if (index + 1 < run.length) terms.push(PAIR_BASE + code * PAIR_BASE + run.charCodeAt(index + 1))
    }
  }
  return terms
}

/** FNV-1a, 32 bits. */
function hash(word: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < word.length; index += 1) value = Math.imul(value ^ word.charCodeAt(index), 0x01000193)
  return value >>> 0
}
