import type { Area } from '../../domain/services.ts'
import { normalize } from '../normalize.ts'
import { COMPOUND_SURNAMES as COMPOUND, SURNAMES as SINGLE } from '../values/surnames.ts'
import { hashName } from './classifiers/hash.ts'
import { soundOf, type Syllables } from './syllables.ts'

const SURNAMES = new Set(SINGLE)
const COMPOUND_SURNAMES = new Set(COMPOUND)
/** So many characters before count wherever they stand: whose name or number it is was said there. */
const NEAR = 9
const HAN_NUMBERS = new Set('零〇一二三四五六七八九十百两幺')
const MARKS = new Set(',，.。;；:：!！?？、~～…"“”\'‘’()（）[]【】<>《》')

/** What sort of character it is: a digit, a number in words, a letter, a mark, a blank, any other. */
function sortOf(character: string): string {
  if (character === '') return '|'
  if (character >= '0' && character <= '9') return 'd'
  if (HAN_NUMBERS.has(character)) return 'n'
  if ((character >= 'a' && character <= 'z')) return 'a'
  if (MARKS.has(character)) return 'm'
  return character === ' ' || character === '\n' ? 'b' : 'h'
}

const isDigit = (character: string): boolean => character >= '0' && character <= '9'

/** For each place how long the run of digits is that it stands in, and how far in: blanks and hyphens between digits belong to it. */
function digitRuns(characters: readonly string[]): { length: number; at: number }[] {
  const runs = characters.map(() => ({ length: 0, at: 0 }))
  for (let from = 0; from < characters.length; from += 1) {
    if (!isDigit(characters[from]!)) continue
    let to = from
    let digits = 0
    let last = from
    while (to < characters.length && (isDigit(characters[to]!) || ((characters[to] === ' ' || characters[to] === '-') && to - last < 2))) {
      if (isDigit(characters[to]!)) {
        digits += 1
        last = to
      }
      to += 1
    }
    for (let at = from; at <= last; at += 1) runs[at] = { length: digits, at: at - from }
    from = last
  }
  return runs
}

/** For each place how long the run of words is that it stands in, and how far in, up to `LONGEST_ALONE`: between marks, blanks and numbers a name stands alone. */
function wordRuns(sorts: readonly string[]): { length: number; at: number }[] {
  const runs = sorts.map(() => ({ length: 0, at: 0 }))
  const isWord = (at: number): boolean => sorts[at] === 'h' || sorts[at] === 'n'
  for (let from = 0; from < sorts.length; from += 1) {
    if (!isWord(from)) continue
    let to = from
    while (isWord(to)) to += 1
    if (to - from <= LONGEST_ALONE) for (let at = from; at < to; at += 1) runs[at] = { length: to - from, at: at - from }
    from = to
  }
  return runs
}
const LONGEST_ALONE = 5

export interface TagContext {
  /** The form that is open, or the sort of message. */
  form: string
  /** What was asked last; '' when nothing. */
  asked: string
  /** Names of places, longest first in no matter: a community's and what people call it. */
  places: ReadonlySet<string>
}

const LONGEST_PLACE = 8

function placeMarks(text: string, places: ReadonlySet<string>): string[] {
  const marks = new Array<string>(text.length).fill('')
  for (let at = 0; at < text.length; at += 1) {
    for (let length = Math.min(LONGEST_PLACE, text.length - at); length >= 2; length -= 1) {
      if (!places.has(text.slice(at, at + length))) continue
      for (let inside = 0; inside < length; inside += 1) marks[at + inside] = inside === 0 ? 'B' : inside === length - 1 ? 'E' : 'I'
      at += length - 1
      break
    }
  }
  return marks
}

/**
 * Hashed features of each place of a text (as `normalize` gives it): its characters around, what sort they are, how they sound, runs of digits,
 * surnames, known places, and what was asked.
 */
export function tagFeatures(text: string, syllables: Syllables, context: TagContext): Uint32Array[] {
  const characters = text.split('')
  const sorts = characters.map(sortOf)
  const sounds = characters.map((character) => soundOf(character, syllables))
  const runs = digitRuns(characters)
  const alone = wordRuns(sorts)
  const places = placeMarks(text, context.places)
  const at = (place: number): string => characters[place] ?? (place < 0 ? '^' : '$')
  const sort = (place: number): string => sorts[place] ?? '|'
  const asked = `${context.form}/${context.asked}`
  const size = characters.length <= 4 ? 'xs' : characters.length <= 12 ? 's' : 'l'
  return characters.map((_, i) => {
    const [a, b, c, d, e, f, g] = [at(i - 3), at(i - 2), at(i - 1), at(i), at(i + 1), at(i + 2), at(i + 3)]
    const run = runs[i]!
    const number = run.length === 0 ? '' : run.length >= 11 ? 'L' : run.length >= 7 ? 'M' : String(run.length)
    const shape = sort(i - 2) + sort(i - 1) + sort(i) + sort(i + 1) + sort(i + 2)
    const names = [
      `0${d}`, `-1${c}`, `+1${e}`, `-2${b}`, `+2${f}`, `-3${a}`, `+3${g}`,
      `-10${c}${d}`, `01${d}${e}`, `-2-1${b}${c}`, `12${e}${f}`, `-11${c}${e}`, `-20${b}${d}`, `02${d}${f}`,
      `-210${b}${c}${d}`, `-101${c}${d}${e}`, `012${d}${e}${f}`, `123${e}${f}${g}`, `-3-1${a}${b}${c}`, `-30${a}${b}${c}${d}`, `03${d}${e}${f}${g}`, `-212${b}${c}${e}${f}`,
      `sh${shape}`, `s3${sort(i - 1)}${sort(i)}${sort(i + 1)}`, `s1${sort(i)}${d}`,
      `p${sounds[i] ?? ''}`, `pp${sounds[i - 1] ?? ''} ${sounds[i] ?? ''}`, `pn${sounds[i] ?? ''} ${sounds[i + 1] ?? ''}`,
      `fo${context.form}`, `ask${asked}`, `aske${asked}${size}`, `asks${asked}${sort(i - 1)}${sort(i)}`,
    ]
    for (let near = 1; near <= NEAR; near += 1) {
      const before = at(i - near)
      if (before === '^') break
      names.push(`b-${before}`)
      if (near > 1) names.push(`b-${before}${at(i - near + 1)}`)
    }
    if (number !== '') names.push(`r${number}`, `rp${number}${Math.min(run.at, 12)}`, `rn${number}${sort(i + 1)}${e}`)
    const { length, at: inside } = alone[i]!
    if (length > 0) {
      const first = characters[i - inside]!
      const isNamed = SURNAMES.has(first) || COMPOUND_SURNAMES.has(first + at(i - inside + 1))
      names.push(`al${length}${inside}`, `al${length}${inside}${isNamed ? 's' : ''}${sort(i - inside - 1)}${sort(i - inside + length)}`)
    }
    if (SURNAMES.has(d)) names.push('sur', `sur${sort(i - 1)}${sort(i + 1)}`, `sur${e}`, `surl${c}`)
    if (SURNAMES.has(c)) names.push('sur-1', `sur-1${e}`)
    if (SURNAMES.has(b)) names.push('sur-2')
    if (COMPOUND_SURNAMES.has(d + e)) names.push('sur2')
    if (COMPOUND_SURNAMES.has(c + d)) names.push('sur2-1')
    const place = places[i]
    if (place !== '') names.push(`pl${place}`)
    if (places[i - 1] === 'E') names.push('pl+1')
    return Uint32Array.from(new Set(names), (name) => hashName(name))
  })
}

/** Names of places as the tagger knows them. */
export const placesOf = (areas: readonly Area[]): ReadonlySet<string> => new Set(areas.flatMap(({ name, words }) => [name, ...words]).map(normalize))
