/** How Chinese characters sound, without tones: what a sound-alike, or pinyin typed for want of characters, has in common with what was meant. */
export interface Syllables {
  /** The syllables that occur, sorted; a character's entry in `of` is its place in here, counted from 1. */
  names: readonly string[]
  /** By code point from U+4E00 on; 0 = none known. */
  of: Uint16Array
}

export const FIRST_CHARACTER = 0x4e00
export const CHARACTERS = 0x9fa6 - FIRST_CHARACTER

/** Sounds that many people don't tell apart, or that fingers mix up: zh and z, ing and in. */
const fold = (syllable: string): string => syllable.replace(/^([zcs])h/, '$1').replace(/ng$/, 'n').replace(/v/g, 'u')

/** The folded syllable of a character; '' when it has none. */
export function soundOf(character: string, { names, of }: Syllables): string {
  const code = character.charCodeAt(0) - FIRST_CHARACTER
  const place = code >= 0 && code < of.length ? of[code]! : 0
  return place === 0 ? '' : fold(names[place - 1]!)
}

const LONGEST_SYLLABLE = 6

/** Letters as syllables, the longest first: dianti = dian, ti. What is none is left out. */
export function splitPinyin(letters: string, known: ReadonlySet<string>): string[] {
  const found: string[] = []
  for (let at = 0; at < letters.length; ) {
    let length = Math.min(LONGEST_SYLLABLE, letters.length - at)
    while (length > 0 && !known.has(letters.slice(at, at + length))) length -= 1
    if (length > 0) found.push(fold(letters.slice(at, at + length)))
    at += Math.max(1, length)
  }
  return found
}
