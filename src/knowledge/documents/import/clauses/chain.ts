import { readNumberedLoosely } from '../numbering.ts'
import type { Numbered, Scheme } from '../numbering.ts'
import type { FlowLine } from './flow.ts'

export interface Place {
  at: number
  numbered: Numbered
}

/** One numbering that runs through lines. */
export interface Chain {
  scheme: Scheme
  /** Where its numbers stand, in order; what starts again inside of an item, or is quoted there, is not among them. */
  places: Place[]
  /** The line from which on it starts again for good; null when it does not. */
  restartAt: number | null
  /** Whether some of its numbers start again inside of its items. */
  isNested: boolean
  /** Lines with a number that had already come. */
  repeated: Place[]
}

export const LEAST_NUMBERED = 2
/** A number may be missing; more are not: what jumps further is quoted from elsewhere. */
const LONGEST_GAP = 3
const LONGEST_ARTICLE_GAP = 10

const placesOf = (lines: readonly FlowLine[], scheme: Scheme): Place[] =>
  lines.flatMap((line, at) => {
    const numbered = line.rows === undefined && line.role === undefined ? readNumberedLoosely(line.text) : null
    return numbered?.scheme === scheme ? [{ at, numbered }] : []
  })

/** 条 wherever they are counted from the first; else the finest numbering that runs through all without starting again; else 条 from a later number on. */
export function chooseChain(lines: readonly FlowLine[]): Chain | null {
  const articles = readChain(lines, 'article')
  if (articles !== null && articles.places[0]?.numbered.number === 1) return articles
  let chosen: Chain | null = null
  for (const scheme of ['chinese', 'bracketed', 'digits'] as const) {
    const chain = readChain(lines, scheme)
    if (chain === null || chain.places[0]?.numbered.number !== 1 || (scheme !== 'chinese' && isOnlyList(lines, chain))) continue
    if (chosen === null) chosen = chain
    else if (!chain.isNested && chain.restartAt === null && dividesMost(chosen.places, chain.places)) chosen = chain
    else break
  }
  return chosen ?? articles
}

/** Finer numbers that start again, or that are few beside the other text and led in by it, are lists in a text. */
function isOnlyList(lines: readonly FlowLine[], chain: Chain): boolean {
  if (chain.restartAt !== null || chain.isNested) return true
  const [first, last] = [chain.places[0]?.at ?? 0, chain.places.at(-1)?.at ?? 0]
  const headings = lines.flatMap((line, at) => (line.level !== undefined && !chain.places.some((place) => place.at === at) ? [at] : []))
  // Under one of several headings.
  if (headings.length > 1 && (headings[0] ?? 0) < first && headings.every((at) => at < first || at > last)) return true
  if (!isListLead(lines, first)) return false
  const own = chain.places.reduce((sum, { at }) => sum + (lines[at]?.text.length ?? 0), 0)
  return own * 2 < lines.reduce((sum, line) => sum + line.text.length, 0)
}

/** Whether finer parts stand in two and in most of the coarser ones. */
function dividesMost(coarse: readonly Place[], fine: readonly Place[]): boolean {
  const divided = coarse.filter((place, index) => fine.some(({ at }) => at > place.at && at < (coarse[index + 1]?.at ?? Infinity)))
  return divided.length >= 2 && divided.length * 2 > coarse.length
}

/** The chain of one scheme, from its first 1 on, else from its first number; null when it has fewer than two numbers. */
export function readChain(lines: readonly FlowLine[], scheme: Scheme): Chain | null {
  const all = placesOf(lines, scheme)
  const first = all.findIndex(({ numbered }) => numbered.number === 1 && numbered.isDoubtful !== true)
  const from = first !== -1 ? first : all.findIndex(({ numbered }) => numbered.isDoubtful !== true)
  const start = all[from]
  if (start === undefined) return null
  const chain: Chain = { scheme, places: [start], restartAt: null, isNested: false, repeated: [] }
  const longestGap = scheme === 'article' ? LONGEST_ARTICLE_GAP : LONGEST_GAP
  for (let index = from + 1; index < all.length; index += 1) {
    const place = all[index]
    if (place === undefined) break
    const last = chain.places.at(-1)?.numbered ?? start.numbered
    const { number, suffix, isDoubtful } = place.numbered
    const rest = all.slice(index + 1)
    if (isDoubtful === true && !isNext(lines, place, last, rest)) continue
    if (number === last.number && suffix !== null) chain.places.push(place)
    else if (number === last.number + 1) chain.places.push(place)
    else if (number > last.number && number <= last.number + longestGap && !rest.some((later) => later.numbered.number === last.number + 1)) chain.places.push(place)
    else if (number === 1) {
      const resumed = findResumption(lines, place, last.number, rest)
      if (resumed === null && !isLed(lines, place.at, chain.places.at(-1)?.at)) {
        chain.restartAt = place.at
        break
      }
      chain.isNested = true
      if (resumed === null) break
      index = all.indexOf(resumed) - 1
    } else if (number <= last.number && chain.places.some((earlier) => earlier.numbered.number === number)) chain.repeated.push(place)
  }
  return chain.places.length >= LEAST_NUMBERED ? chain : null
}

/** Whether a doubtful label goes on counting: it is the next, the line before it has ended, and the same number does not come clearly later. */
function isNext(lines: readonly FlowLine[], { at, numbered }: Place, last: Numbered, rest: readonly Place[]): boolean {
  const before = lines[at - 1]
  const hasEnded = before === undefined || before.rows !== undefined || !/[，、：:\p{Script=Han}]$/u.test(before.text)
  return numbered.number === last.number + 1 && hasEnded && !rest.some((later) => later.numbered.isDoubtful !== true && later.numbered.number === numbered.number)
}

/** Where, after a 1 inside of an item, the numbering itself goes on; null when it does not. */
function findResumption(lines: readonly FlowLine[], start: Place, last: number, rest: readonly Place[]): Place | null {
  const isSurelyLed = isListLead(lines, start.at)
  let inner = 1
  for (const place of rest) {
    const { number } = place.numbered
    if (number === last + 1 && (isSurelyLed || number !== inner + 1)) return place
    if (number === inner + 1) inner = number
    else if (number === 1) inner = 1
  }
  return null
}

/** Whether a 1 begins a list inside of the last item: a colon leads it in, or nothing but the item's heading stands above it. */
function isLed(lines: readonly FlowLine[], at: number, item: number | undefined): boolean {
  return isListLead(lines, at) || (item === at - 1 && !/[。；！？]$/.test(lines[item]?.text ?? ''))
}

/** A line that ends with a colon leads a list in. */
const isListLead = (lines: readonly FlowLine[], at: number): boolean => /[：:]$/.test(lines[at - 1]?.text ?? '')
