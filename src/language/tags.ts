import { LONGEST_TAG } from '../domain/tags.ts'
import { cleanForEcho } from './clean.ts'

const LONGEST_TYPED = 2_000
const BETWEEN = /[\s,，、;；。|]+/u
/** Beside letters and figures: what stands inside words like 3-5号楼, A/B座 and 党员(退休). */
const NO_PART_OF_A_TAG = /[^\p{L}\p{M}\p{N}·\-/()]/gu
const AT_THE_EDGE = /^[^\p{L}\p{N}(]+|[^\p{L}\p{M}\p{N})]+$/gu

/** Tags as they were typed in one field. `tooLong`: those of more than LONGEST_TAG characters, which are not cut, since a part is another tag. */
export interface ReadTags {
  tags: string[]
  tooLong: string[]
}

/** One tag as it is kept and compared: one form of each character, no blanks, links, markup nor marks that begin a formula; '' when nothing is left. */
export function cleanTag(typed: string): string {
  let word = typed.slice(0, LONGEST_TYPED)
  // What is taken out may have stood between the parts of a link, or between a letter and its accent; each pass leaves less.
  for (let before = ''; word !== before; ) {
    before = word
    word = cleanForEcho(word.normalize('NFKC')).replace(NO_PART_OF_A_TAG, '').replace(AT_THE_EDGE, '').normalize('NFKC')
  }
  return /[\p{L}\p{N}]/u.test(word) ? word : ''
}

/** The tags of a text that names several, with commas, 、 or blanks between them; each once, in the order typed. */
export function readTags(typed: string): ReadTags {
  const words = [...new Set(typed.slice(0, LONGEST_TYPED).split(BETWEEN).map(cleanTag))].filter((word) => word !== '')
  const isShort = (word: string) => Array.from(word).length <= LONGEST_TAG
  return { tags: words.filter(isShort), tooLong: words.filter((word) => !isShort(word)) }
}

/** Whether a text is a tag as it is kept. */
export const isTag = (text: string): boolean => text !== '' && Array.from(text).length <= LONGEST_TAG && cleanTag(text) === text
