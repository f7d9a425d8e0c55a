import { normalize } from '../../language/normalize.ts'
import { parseNumber, readSpokenDigits } from '../../language/values/numbers.ts'

/** Where a word may stand for a request to be found by it. */
const SEARCHED_OF_REQUESTS = ['number', 'category', 'description', 'address', 'requesterName', 'requesterPhone'] as const
export const SEARCHED_OF_VOLUNTEERS = ['number', 'name', 'phone', 'availability'] as const

/** More words than anybody types; each costs a look at every row. */
const MOST_WORDS = 6

const wordsOf = (typed: string | undefined): string[] => typed?.split(/\s+/).filter(Boolean).slice(0, MOST_WORDS) ?? []

/**
 * Conditions that each word of what was typed stands in one of `fields`; [] when nothing was typed.
 * Numbers are kept in capitals and looked for so: people type sr-2026…, and PostgreSQL tells small letters from capitals.
 */
export function searchWords<Field extends string>(typed: string | undefined, fields: readonly Field[]): { OR: { [name in Field]?: { contains: string } }[] }[] {
  return wordsOf(typed).map((word) => ({ OR: fields.map((field) => ({ [field]: { contains: field === 'number' ? word.toUpperCase() : word } }) as { [name in Field]?: { contains: string } }) }))
}

const CHINESE_NUMBERS = /[零〇一二三四五六七八九十百千两廿卅]+/g
/** What LIKE takes for a sign of its own, as characters that nobody types. */
const WILD: Record<string, string> = { '%': '\ue000', _: '\ue001', '\\': '\ue002' }

/** One form for what is written in many ways: half width, simplified, small letters, numbers in digits; no sign in it means anything to LIKE. */
export const foldForSearch = (text: string): string =>
  normalize(text)
    .replace(CHINESE_NUMBERS, (said) => String(parseNumber(said) ?? readSpokenDigits(said)))
    .replace(/[%_\\]/g, (sign) => WILD[sign] ?? sign)

type Searched = Record<(typeof SEARCHED_OF_REQUESTS)[number], string | null>

/** What a request is found by. */
export const searchTextOf = (request: Searched): string => foldForSearch(SEARCHED_OF_REQUESTS.map((field) => request[field] ?? '').join('\n'))

/** Conditions that each word of what was typed stands in a request, however it is written there; [] when nothing was typed. */
export const searchRequests = (typed: string | undefined): { searchText: { contains: string } }[] => wordsOf(typed).map((word) => ({ searchText: { contains: foldForSearch(word) } }))
