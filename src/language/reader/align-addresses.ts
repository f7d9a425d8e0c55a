import type { Span } from '../../domain/messages/talk.ts'
import { IS_PLACE } from '../values/places/address-parts.ts'
import { findAddresses, noAddressesIn } from '../values/places/addresses.ts'
import { canBeInName, leadLength } from '../values/places/place-names.ts'
import { wordsIn, type Word } from '../values/places/words.ts'

/** What may be left of counted parts: 3号楼2|单元, 2单|元, 5号|楼, 3号楼|2单元501. */
const REST = /^(?:号?楼|单元|元|栋|室|层|号|门|[\d一二三四五六七八九十百]{1,4})+$/
const BREAK = /[^\u3400-\u9fffa-z\d·#()-]/
const IN_A_NAME = /^[\u3400-\u9fffa-z\d·]{1,8}$/
/** Morphemes that the names of places end in. */
const ENDS_AS_PLACE = /(?:[厅室口道湖亭棚池库厕坡桥院门房场站园店厂楼街路巷区]|门前|[东南西北]侧)$/
const POINTS = /(?:的|[那这](?:块儿?|边|头|儿|里|片|疙瘩))+$/
/** What somebody does between two places: 从公交站跟到单元门 is no place, 从桥头到加油站那段 is. */
const GOES = new Set(['跟', '走', '追', '跑', '撵'])

/** The unbroken stretch of a text around some place of it: a clause, as far as places go. */
function stretchAround(text: string, { start, end }: Span): { from: number; to: number } {
  let [from, to] = [start, end]
  while (from > 0 && !BREAK.test(text.charAt(from - 1))) from -= 1
  while (to < text.length && !BREAK.test(text.charAt(to))) to += 1
  return { from, to }
}

/** The beginning of the name whose head was not marked: of the word it was cut in, of what the parser reads before it, of the clause that is all name. */
function startOf(text: string, span: Span, { from, to }: { from: number; to: number }, words: readonly Word[]): number {
  const cut = words.find(({ start, end }) => start < span.start && span.start < end)
  const parsed = findAddresses(text).find(({ start, end }) => start < span.start && span.start < end)
  const first = Math.min(cut?.start ?? span.start, parsed?.start ?? span.start)
  const lead = from + leadLength(text.slice(from, first), true)
  const head = text.slice(lead, first)
  const isName = IN_A_NAME.test(head) && canBeInName(head.replace(/^[和与跟]/, ''))
  return Math.max(from, isName && (span.end === to || /[a-z]$/.test(head)) ? lead : first)
}

/** The end of the name whose last word was not marked: what follows up to the end of the clause, or until something is said of it, where that ends as places do. */
function endOf(text: string, span: Span, to: number): number {
  const rest = text.slice(span.end, to)
  const bare = rest.replace(POINTS, '')
  if (bare.length <= LONGEST_TAIL && bare !== '' && ENDS_AS_PLACE.test(bare) && !SAYS.test(bare)) return span.end + bare.length
  const noun = rest.slice(0, Math.max(0, rest.search(SAYS)))
  return noun.length >= 2 && noun.length <= LONGEST_TAIL && ENDS_AS_PLACE.test(noun) && canBeInName(noun) ? span.end + noun.length : span.end
}
const LONGEST_TAIL = 6
const SAYS = /[没有不在上下里的坏漏堵停丢着了被把]/

function mend(text: string, span: Span, floor: number, others: readonly Span[]): Span {
  const around = stretchAround(text, span)
  const before = others.filter(({ end }) => end <= span.start).map(({ end }) => end)
  const behind = others.filter(({ kind, start }) => start >= span.end && kind !== 'problem').map(({ start }) => start)
  const [from, to] = [Math.max(around.from, floor, ...before), Math.min(around.to, ...behind)]
  const words = wordsIn(text, from, to)
  const start = startOf(text, span, { from, to }, words)
  const parsed = findAddresses(text).find((found) => found.start < span.end && span.start < found.end && span.end < found.end && REST.test(text.slice(span.end, found.end)))
  const end = parsed?.end ?? endOf(text, span, to)
  const goes = /\d/.test(text.slice(start, end)) ? undefined : words.findLast((word) => word.start > start && word.end < end && GOES.has(text.slice(word.start, word.end)))
  return { ...span, start: goes === undefined ? start : goes.end + (text.startsWith('到', goes.end) ? 1 : 0), end }
}

/** What says where by itself: a number, a side, a name that ends as places do. */
const SAYS_WHERE = /\d|[一二三四五六七八九十][期区栋幢组队委排号楼层]|[东南西北旁边面内外里对]/
const isPlaceAlone = (said: string): boolean => SAYS_WHERE.test(said) || IS_PLACE.test(said) || ENDS_AS_PLACE.test(said)

/** "灌冷风，6号楼": beside an address with a number, what is no place by itself and stands apart is none. */
const isNone = (text: string, span: Span, all: readonly Span[]): boolean =>
  !isPlaceAlone(text.slice(span.start, span.end)) && BREAK.test(text.charAt(span.end)) && all.some((other) => other !== span && other.kind === 'address' && /\d/.test(text.slice(other.start, other.end)))

const ENDS_AS_ESTATE_OR_ROAD = /.(?:[路街巷弄园苑里村屯湾城庄坊府]|小区|新村|公寓|家园|花园|大厦|宿舍|家属[院楼])$/
/** What ends as places do and runs into a number is no name of a person: 石榴园|12号. */
const isHeadOfAddress = (text: string, { kind, start, end }: Span, all: readonly Span[]): boolean =>
  (kind === 'name' || kind === 'other_name') && ENDS_AS_ESTATE_OR_ROAD.test(text.slice(start, end)) && all.some((other) => other.kind === 'address' && other.start === end)

/**
 * Marked addresses made whole: from the head of their name to the end of their last part (3号楼2 to 3号楼2单元); what is marked after them begins where
 * they end. A request's number or a date is none.
 */
export function alignAddresses(text: string, marked: readonly Span[]): Span[] {
  const spans = marked.map((span) => (isHeadOfAddress(text, span, marked) ? { ...span, kind: 'community' as const } : span))
  if (!spans.some(({ kind }) => kind === 'address')) return [...spans]
  const noAddresses = noAddressesIn(text)
  const aligned: Span[] = []
  for (const span of spans) {
    if (span.kind === 'address' && noAddresses.some(({ start, end }) => start < span.end && span.start < end && /^sr|^vl/.test(text.slice(start, end)))) continue
    const floor = aligned.at(-1)?.end ?? 0
    const start = Math.max(span.start, floor)
    if (start >= span.end) continue
    aligned.push(span.kind === 'address' ? mend(text, { ...span, start }, floor, spans.filter((other) => other !== span)) : { ...span, start })
  }
  return aligned.filter((span) => span.kind !== 'address' || !isNone(text, span, aligned))
}
