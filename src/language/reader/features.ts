import { normalize } from '../normalize.ts'
import { hashName } from './classifiers/hash.ts'
import { soundOf, splitPinyin, type Syllables } from './syllables.ts'

/** Longest text that is read closely, in UTF-16 units: of a longer one its head and its end, where the point mostly is. */
const LONGEST_HEAD = 500
const LONGEST_END = 300

/** Numbers count by their kind: a telephone's, a room's, a floor's. Blanks and lines become one mark. */
export function readingForm(text: string): string {
  const cut = text.length <= LONGEST_HEAD + LONGEST_END ? text : `${text.slice(0, LONGEST_HEAD)}\n${text.slice(-LONGEST_END)}`
  return normalize(cut)
    .replace(/\d[\d -]{5,}\d/g, '☎')
    .replace(/\d{3,}/g, '№')
    .replace(/\d+/g, '#')
    .replace(/\s+/g, ' ')
    .replace(/(.)\1{3,}/gu, '$1$1$1')
    .trim()
}

const LONGEST_GRAM = 4
const LONGEST_SOUND_GRAM = 3

/** Names of what a text holds: runs of one to four characters, runs of one to three syllables, words of letters. Each once. */
export function featureNames(text: string, syllables: Syllables, known: ReadonlySet<string>): Set<string> {
  const names = new Set<string>()
  const framed = `^${readingForm(text)}$`
  const characters = Array.from(framed)
  for (let at = 0; at < characters.length; at += 1) {
    let gram = ''
    for (let length = 1; length <= LONGEST_GRAM && at + length <= characters.length; length += 1) {
      gram += characters[at + length - 1]!
      names.add(gram)
    }
  }
  const sounds = soundsOf(characters, syllables, known)
  for (let at = 0; at < sounds.length; at += 1) {
    let gram = 's:'
    for (let length = 1; length <= LONGEST_SOUND_GRAM && at + length <= sounds.length; length += 1) {
      gram += ` ${sounds[at + length - 1]!}`
      if (sounds[at + length - 1] === '') break
      names.add(gram)
    }
  }
  names.add(`len:${lengthClass(characters.length - 2)}`)
  return names
}

const lengthClass = (length: number): number => (length <= 6 ? length : length <= 10 ? 7 : length <= 20 ? 8 : length <= 40 ? 9 : length <= 80 ? 10 : 11)

/** Syllables in order; '' where something breaks the sound. */
function soundsOf(characters: readonly string[], syllables: Syllables, known: ReadonlySet<string>): string[] {
  const sounds: string[] = []
  let letters = ''
  const flush = () => {
    if (letters.length > 1) {
      sounds.push(...splitPinyin(letters, known))
    }
    letters = ''
  }
  for (const character of characters) {
    if (character >= 'a' && character <= 'z') {
      letters += character
      continue
    }
    flush()
    const sound = soundOf(character, syllables)
    if (sound !== '') sounds.push(sound)
    else if (character !== ' ') sounds.push('')
  }
  flush()
  return sounds
}

export const hashNames = (names: Iterable<string>): Uint32Array => Uint32Array.from(names, hashName)
