import type { Passage } from '../../domain/answers.ts'
import { normalize } from '../../language/normalize.ts'
import { agrees, readFigures } from '../find/words/figures.ts'
import type { Figure } from '../find/words/figures.ts'
import { splitSentences } from '../find/words/windows.ts'

export interface Conflict {
  passage: Passage
  /** A verbatim run of the passage's text around its figure. */
  quote: string
}

/** Years and numbers to call differ between documents without contradicting each other. */
const NOT_COMPARED = new Set(['年份', '号码'])
/** What stands before a figure says what it is of (每百户不少于, 罚款): so much is looked at. */
const LOOKED_AT = 12
const BOUND_WORDS = /(?:不得|应当|必须)?(?:不?(?:少|低|高|多|超|大|小)于|不?超过|至少|最少|最低|最多|最高|达到|为|是|在|按)+/g
/** This much of it in common means the same thing, and a little less does when the sentences have a good part in common. */
const SAME_RUN = 3
const NEARLY_SAME_RUN = 2
const SHARED_PAIRS = 0.6
/** Of the sentences, or of the parts between commas around the figures, so much must be shared in any case: 处…以上…以下罚款 alone stands in every law. */
const LEAST_SHARED_PAIRS = 0.4
const LONGEST_BEFORE = 24
const LONGEST_AFTER = 12

/** Where another document's clause has another figure of the same thing than what is quoted; null when it has none. */
export function findConflict(quotes: readonly string[], rival: Passage): Conflict | null {
  const others = placeFigures(rival.text)
  for (const said of quotes.flatMap(placeFigures)) {
    const ofSame = others.filter((other) => other.figure.unit === said.figure.unit && isOfSame(said, other))
    const other = ofSame[0]
    if (other !== undefined && !ofSame.some(({ figure }) => agrees(figure, said.figure))) return { passage: rival, quote: quoteAround(rival.text, other) }
  }
  return null
}

interface PlacedFigure {
  figure: Figure
  at: number
  /** What stands before it, without the words for least and most. */
  before: string
  sentence: string
}

function placeFigures(text: string): PlacedFigure[] {
  const plain = normalize(text)
  // Where normalising has changed the length, places in it are none of the text.
  if (plain.length !== text.length) return []
  const sentences = splitSentences(plain)
  let from = 0
  return readFigures(text).flatMap((figure) => {
    const at = plain.indexOf(figure.text, from)
    // 第九条 is where something stands, not how much it is.
    if (at === -1 || NOT_COMPARED.has(figure.unit) || /第\s*$/.test(plain.slice(0, at)) || /第/.test(figure.text)) return []
    from = at + figure.text.length
    const span = sentences.find(({ start, end }) => start <= at && at < end)
    return [{ figure, at, before: plain.slice(Math.max(0, at - LOOKED_AT), at).replaceAll(BOUND_WORDS, ''), sentence: span === undefined ? '' : plain.slice(span.start, span.end) }]
  })
}

function isOfSame(left: PlacedFigure, right: PlacedFigure): boolean {
  const run = commonEnd(left.before, right.before)
  const shared = sharedPairs(left.sentence, right.sentence)
  return (run >= SAME_RUN && shared >= LEAST_SHARED_PAIRS) || (run >= NEARLY_SAME_RUN && shared >= SHARED_PAIRS)
}

/** How many characters at the end two texts have in common, marks left out. */
function commonEnd(left: string, right: string): number {
  const [one, other] = [left, right].map((text) => [...text.replaceAll(/[\p{P}\s]/gu, '')].reverse())
  const differing = (one ?? []).findIndex((character, index) => character !== other?.[index])
  return differing === -1 ? (one?.length ?? 0) : differing
}

/** The share of the shorter sentence's pairs of characters that stand in the other. */
export function sharedPairs(left: string, right: string): number {
  const pairs = (text: string) => new Set([...text.replaceAll(/[\p{P}\s\d]/gu, '')].flatMap((character, index, all) => (index === 0 ? [] : [`${all[index - 1] ?? ''}${character}`])))
  const [small, large] = [pairs(left), pairs(right)].sort((one, other) => one.size - other.size)
  return small === undefined || large === undefined || small.size === 0 ? 0 : [...small].filter((pair) => large.has(pair)).length / small.size
}

/** From the mark before the figure to the mark behind it. */
function quoteAround(text: string, { at, figure }: PlacedFigure): string {
  const end = at + figure.text.length
  const before = text.slice(Math.max(0, at - LONGEST_BEFORE), at)
  const after = text.slice(end, end + LONGEST_AFTER)
  const start = at - (/[^，,。；;：:“”《》\n]*$/.exec(before)?.[0].length ?? 0)
  return text.slice(start, end + (/^[^，,。；;：:“”《》\n]*/.exec(after)?.[0].length ?? 0))
}
