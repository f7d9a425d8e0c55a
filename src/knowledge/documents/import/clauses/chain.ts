import { readNumberedLoosely, SCHEMES } from '../numbering.ts'
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

/** The numbers of one scheme in the order of lines, with what is asked of those that come later. */
interface SchemePlaces {
  places: Place[]
  /** For each place, and behind the last, the first from there on that is a clear 1, and the first that is clear; the length of `places` where there is none. */
  nextOne: number[]
  nextClear: number[]
  /** The last place of each number, and of each that is clear. */
  lastOf: Map<number, number>
  lastClearOf: Map<number, number>
}

/** The numbers of some lines, each line read once, so that numberings are followed from any line on without reading what comes before or long after. */
export class NumberedLines {
  readonly #byScheme = new Map<Scheme, SchemePlaces>()

  constructor(lines: readonly FlowLine[]) {
    for (const scheme of SCHEMES) this.#byScheme.set(scheme, { places: [], nextOne: [], nextClear: [], lastOf: new Map(), lastClearOf: new Map() })
    for (const [at, line] of lines.entries()) {
      const numbered = line.rows === undefined && line.role === undefined ? readNumberedLoosely(line.text) : null
      if (numbered === null) continue
      const { places, lastOf, lastClearOf } = this.of(numbered.scheme)
      lastOf.set(numbered.number, places.length)
      if (numbered.isDoubtful !== true) lastClearOf.set(numbered.number, places.length)
      places.push({ at, numbered })
    }
    for (const { places, nextOne, nextClear } of this.#byScheme.values()) {
      nextOne[places.length] = places.length
      nextClear[places.length] = places.length
      for (let index = places.length - 1; index >= 0; index -= 1) {
        const isClear = places[index]?.numbered.isDoubtful !== true
        nextClear[index] = isClear ? index : (nextClear[index + 1] ?? places.length)
        nextOne[index] = isClear && places[index]?.numbered.number === 1 ? index : (nextOne[index + 1] ?? places.length)
      }
    }
  }

  of(scheme: Scheme): SchemePlaces {
    const found = this.#byScheme.get(scheme)
    if (found === undefined) throw new Error(`No numbering ${scheme}`)
    return found
  }
}

/** The first place on line `from` or below. */
function firstFrom(places: readonly Place[], from: number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle]?.at ?? 0) < from) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * 条 wherever they are counted from the first; else the finest numbering that runs through all without starting again; else 条 from a later number on.
 * @param from the first line that counts
 */
export function chooseChain(lines: readonly FlowLine[], from = 0, numbers = new NumberedLines(lines)): Chain | null {
  const articles = readChain(lines, 'article', from, numbers)
  if (articles !== null && articles.places[0]?.numbered.number === 1) return articles
  let chosen: Chain | null = null
  for (const scheme of ['chinese', 'bracketed', 'digits'] as const) {
    const chain = readChain(lines, scheme, from, numbers)
    if (chain === null || chain.places[0]?.numbered.number !== 1 || (scheme !== 'chinese' && isOnlyList(lines, from, chain))) continue
    if (chosen === null) chosen = chain
    else if (!chain.isNested && chain.restartAt === null && dividesMost(chosen.places, chain.places)) chosen = chain
    else break
  }
  return chosen ?? articles
}

/** Finer numbers that start again, or that are few beside the other text and led in by it, are lists in a text. */
function isOnlyList(lines: readonly FlowLine[], from: number, chain: Chain): boolean {
  if (chain.restartAt !== null || chain.isNested) return true
  const own = new Set(chain.places.map(({ at }) => at))
  const [first, last] = [chain.places[0]?.at ?? 0, chain.places.at(-1)?.at ?? 0]
  const headings: number[] = []
  let [ownLength, length] = [0, 0]
  for (let at = from; at < lines.length; at += 1) {
    if (lines[at]?.level !== undefined && !own.has(at)) headings.push(at)
    length += lines[at]?.text.length ?? 0
    if (own.has(at)) ownLength += lines[at]?.text.length ?? 0
  }
  // Under one of several headings.
  if (headings.length > 1 && (headings[0] ?? 0) < first && headings.every((at) => at < first || at > last)) return true
  return isListLead(lines, first, from) && ownLength * 2 < length
}

/** Whether finer parts stand in two and in most of the coarser ones. */
function dividesMost(coarse: readonly Place[], fine: readonly Place[]): boolean {
  const divided = coarse.filter((place, index) => (fine[firstFrom(fine, place.at + 1)]?.at ?? Infinity) < (coarse[index + 1]?.at ?? Infinity))
  return divided.length >= 2 && divided.length * 2 > coarse.length
}

/** The chain of one scheme below line `start`, from its first 1 on, else from its first number; null when it has fewer than two numbers. */
export function readChain(lines: readonly FlowLine[], scheme: Scheme, start = 0, numbers = new NumberedLines(lines)): Chain | null {
  const all = numbers.of(scheme)
  const { places } = all
  const begin = firstFrom(places, start)
  const one = all.nextOne[begin] ?? places.length
  const from = one < places.length ? one : (all.nextClear[begin] ?? places.length)
  const first = places[from]
  if (first === undefined) return null
  const chain: Chain = { scheme, places: [first], restartAt: null, isNested: false, repeated: [] }
  const known = new Set([first.numbered.number])
  const take = (place: Place) => {
    chain.places.push(place)
    known.add(place.numbered.number)
  }
  const longestGap = scheme === 'article' ? LONGEST_ARTICLE_GAP : LONGEST_GAP
  for (let index = from + 1; index < places.length; index += 1) {
    const place = places[index]
    if (place === undefined) break
    const last = chain.places.at(-1)?.numbered ?? first.numbered
    const { number, suffix, isDoubtful } = place.numbered
    if (isDoubtful === true && !isNext(lines, start, place, last, (all.lastClearOf.get(number) ?? -1) > index)) continue
    if (number === last.number && suffix !== null && suffix > (last.suffix ?? 0)) take(place)
    else if (number === last.number + 1) take(place)
    else if (number > last.number && number <= last.number + longestGap && (all.lastOf.get(last.number + 1) ?? -1) <= index) take(place)
    else if (number === 1 && suffix === null) {
      const resumed = findResumption(lines, start, all, index, last.number)
      if (resumed === null && !isLed(lines, start, place.at, chain.places.at(-1)?.at)) {
        chain.restartAt = place.at
        break
      }
      chain.isNested = true
      if (resumed === null) break
      index = resumed - 1
    } else if (number <= last.number && known.has(number)) chain.repeated.push(place)
  }
  return chain.places.length >= LEAST_NUMBERED ? chain : null
}

/** Whether a doubtful label goes on counting: it is the next, the line before it has ended, and the same number does not come clearly later. */
function isNext(lines: readonly FlowLine[], from: number, { at, numbered }: Place, last: Numbered, comesClearly: boolean): boolean {
  const before = at > from ? lines[at - 1] : undefined
  const hasEnded = before === undefined || before.rows !== undefined || !/[，、：:\p{Script=Han}]$/u.test(before.text)
  return numbered.number === last.number + 1 && hasEnded && !comesClearly
}

/** Which place, after a 1 inside of an item, is where the numbering itself goes on; null when it does not. */
function findResumption(lines: readonly FlowLine[], from: number, { places, lastOf }: SchemePlaces, start: number, last: number): number | null {
  const isSurelyLed = isListLead(lines, places[start]?.at ?? 0, from)
  const end = lastOf.get(last + 1) ?? -1
  let inner = 1
  for (let index = start + 1; index <= end; index += 1) {
    const number = places[index]?.numbered.number
    if (number === last + 1 && (isSurelyLed || number !== inner + 1)) return index
    if (number === inner + 1) inner = number
    else if (number === 1) inner = 1
  }
  return null
}

/** Whether a 1 begins a list inside of the last item: a colon leads it in, or nothing but the item's heading stands above it. */
function isLed(lines: readonly FlowLine[], from: number, at: number, item: number | undefined): boolean {
  return isListLead(lines, at, from) || (item === at - 1 && !/[。；！？]$/.test(lines[item]?.text ?? ''))
}

/** A line that ends with a colon leads a list in. */
const isListLead = (lines: readonly FlowLine[], at: number, from: number): boolean => at > from && /[：:]$/.test(lines[at - 1]?.text ?? '')
