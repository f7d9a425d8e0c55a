import { normalize } from '../../normalize.ts'
import { followingPartAt, nameEndAt, nearbyPartAt, numberedPartAt } from './address-tokens.ts'
import type { AddressPart } from './address-tokens.ts'
import { hideSpans, LONGEST_READ, lookBack, MARKS_AT_END, trimEndOf } from '../times/look-back.ts'
import { findPhones } from '../phones.ts'
import { canBeInName, isNoPlace, leadLength, spotLengthAt } from './place-names.ts'

export interface FoundAddress {
  /** As typed. */
  address: string
  start: number
  end: number
}

/** Some parts of an address that stand together. */
interface Run {
  start: number
  end: number
  parts: AddressPart[]
}

const LONGEST_NAME = 12
const LONGEST_ROAD_NAME = 8
const IN_A_NAME = /[\u3400-\u9fffa-z0-9·]/
const IN_A_REGION = /[\u3400-\u9fff·]/

/** Where the name begins whose ending was found: behind what leads in, at most some characters back, never before `floor`. */
function nameStart(text: string, ending: AddressPart, floor: number): number | undefined {
  const most = ending.kind === 'road' ? LONGEST_ROAD_NAME : LONGEST_NAME
  const inName = ending.kind === 'estate' ? IN_A_NAME : IN_A_REGION
  let from = ending.start
  while (from > floor && ending.start - from < most && inName.test(text.charAt(from - 1))) from -= 1
  const start = from + leadLength(text.slice(from, ending.end), from === floor ? floor === 0 : !inName.test(text.charAt(from - 1)))
  return start >= ending.start ? undefined : start
}

/** The parts of addresses in a text, in the order said; one look at each place. */
function readParts(text: string): AddressPart[] {
  const parts: AddressPart[] = []
  for (let at = 0; at < text.length; ) {
    const part = partAt(text, at, parts.at(-1))
    if (part !== undefined) parts.push(part)
    at = part?.end ?? at + 1
  }
  return parts
}

const isJoiner = (text: string): boolean => text === '' || text === ' ' || text === ',' || text === '的'

function partAt(text: string, at: number, last: AddressPart | undefined): AddressPart | undefined {
  const isBehind = last !== undefined && at - last.end <= 1 && isJoiner(text.slice(last.end, at))
  const isInNumber = /[\da-z]/.test(text.charAt(at)) && /[\da-z]/.test(text.charAt(at - 1))
  const numbered = isInNumber && last?.end !== at ? undefined : numberedPartAt(text, at)
  if (numbered !== undefined) return numbered
  if (isBehind) {
    const following = last.kind === 'nearby' ? undefined : followingPartAt(text, at, last.kind)
    if (following !== undefined) return following
    const nearby = at === last.end && last.kind !== 'nearby' ? nearbyPartAt(text, at) : undefined
    if (nearby !== undefined) return nearby
  }
  const ending = nameEndAt(text, at)
  if (ending === undefined) return undefined
  // 白桦花园 + 小区: one name.
  if (last?.end === at && last.kind === ending.kind) return { ...ending, start: at }
  const start = nameStart(text, ending, last?.end ?? 0)
  return start === undefined ? undefined : { ...ending, start }
}

const IN_A_GAP = /^[\u3400-\u9fffa-z0-9·_ -]*$/
const LONGEST_GAP = 10

/** Whether two parts are of one address: side by side, or parted only by an unknown name ("浦东大道|陆家嘴花城|3号楼"). */
function belongTogether(text: string, last: AddressPart, next: AddressPart): boolean {
  const gap = next.start - last.end > LONGEST_GAP ? undefined : text.slice(last.end, next.start)
  if (gap === undefined) return false
  const isPlainJoin = isJoiner(gap) && (gap !== ',' || (next.kind !== 'region' && next.kind !== 'road' && next.kind !== 'estate')) && (gap !== '的' || next.kind !== 'region')
  // 光明路和建设街
  if (last.kind === 'road' && next.kind === 'road' && /^[和与、]$/.test(gap)) return true
  return isPlainJoin || (IN_A_GAP.test(gap) && canBeInName(gap))
}

function joinParts(text: string, parts: readonly AddressPart[]): Run[] {
  const runs: Run[] = []
  for (const part of parts) {
    const last = runs.at(-1)
    const before = last?.parts.at(-1)
    if (last !== undefined && before !== undefined && belongTogether(text, before, part)) {
      last.end = part.end
      last.parts.push(part)
    } else runs.push({ start: part.start, end: part.end, parts: [part] })
  }
  return runs
}

const NAME_BEFORE = /[\u3400-\u9fffa-z·]{1,14}$/
const PLACE_FOLLOWS = /^.*(?:住在|家在|家住|位于|就在|住|在|地址[是:]?)/

/** Takes in an unknown name before a house number where a word says that a place follows: "我家住翰林5号楼". */
function extendLeft(text: string, run: Run): Run {
  const before = NAME_BEFORE.exec(lookBack(text, run.start, 14))?.[0] ?? ''
  const cue = PLACE_FOLLOWS.exec(before)?.[0]
  const name = cue === undefined ? '' : before.slice(cue.length)
  const isName = name.length >= 2 && name.length <= 8 && leadLength(name) === 0 && canBeInName(name)
  return isName ? { ...run, start: run.start - name.length } : run
}

const STRONG: ReadonlySet<AddressPart['kind']> = new Set<AddressPart['kind']>(['building', 'unit', 'group', 'house', 'dashed'])
const NAMED: ReadonlySet<AddressPart['kind']> = new Set<AddressPart['kind']>(['region', 'road', 'estate'])
const LEAST_SCORE = 2

function scoreOf(text: string, { start, end, parts }: Run): number {
  const said = text.slice(start, end)
  if (isNoPlace(said)) return 0
  const isStrong = parts.some((part) => STRONG.has(part.kind)) || /[室层]/.test(said)
  return (isStrong ? 4 : 0) + (parts.some((part) => NAMED.has(part.kind)) ? 2 : 0) + Math.min(said.length, 30) / 30
}

// What looks like part of an address and is not: request numbers, dates, clocks, ages.
const NOT_ADDRESSES: readonly RegExp[] = [
  /(?:sr|vl)-?\d{8}-?\d+/g,
  /\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?/g,
  /[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}[号日]?/g,
  /\d{1,2}[:点](?:\d{1,2}分|[0-5]\d(?![号栋幢单楼\d]))?/g,
  /(?:\d{1,3}|[一二三四五六七八九十]{1,4})岁/g,
]

function hideOthers(plain: string): string {
  const withoutPhones = hideSpans(plain, findPhones(plain))
  return NOT_ADDRESSES.reduce((left, pattern) => left.replace(pattern, (word) => '。'.repeat(word.length)), withoutPhones)
}

/** Where request numbers, dates, clocks and ages stand in a text in the form of `normalize`. */
export const noAddressesIn = (plain: string): { start: number; end: number }[] => NOT_ADDRESSES.flatMap((pattern) => Array.from(plain.matchAll(pattern), ({ 0: word, index }) => ({ start: index, end: index + word.length })))

const HOUSE_ALREADY = /(?:单元|门|号楼|栋|幢)$/
const ROOM_APART = /^[,。\s]*(?:(?:他家|她家|我家|家里?|门牌号?|房号|房间号)(?:是|在|住|:)?|是)\s*(\d{3,4}室?)(?![\d元块年月日号栋单点%-])/

/** A room said apart from its staircase: "2号楼4单元，他家是601". */
function roomAfter(text: string, { start, end }: Run): string {
  if (!HOUSE_ALREADY.test(lookBack(text, end, Math.min(4, end - start)))) return ''
  return ROOM_APART.exec(text.slice(end, end + 24))?.[1] ?? ''
}

const scoredRuns = (hidden: string): { run: Run; score: number }[] =>
  joinParts(hidden, readParts(hidden)).map((run) => extendLeft(hidden, run)).map((run) => ({ run, score: scoreOf(hidden, run) })).filter(({ run, score }) => score >= LEAST_SCORE && run.end - run.start >= 2)

/** Every address in a text with its place, in the order said: what names an estate, a road, a village or a house; not mere places such as 电梯口. */
export function findAddresses(text: string): FoundAddress[] {
  return scoredRuns(hideOthers(normalize(text.slice(0, LONGEST_READ)))).map(({ run: { start, end } }) => ({ address: text.slice(start, end).trim(), start, end }))
}

/** Where it is, word for word as typed: the fullest address, or a place of a report ("小区南门", "电梯口"); undefined when nothing is said. */
export function findAddress(text: string): string | undefined {
  const hidden = hideOthers(normalize(text.slice(0, LONGEST_READ)))
  const [best] = scoredRuns(hidden).toSorted((one, other) => other.score - one.score || one.run.start - other.run.start)
  if (best !== undefined) return text.slice(best.run.start, best.run.end).trim() + roomAfter(hidden, best.run)
  for (let at = 0; at < hidden.length; at += 1) {
    const length = spotLengthAt(hidden, at)
    if (length > 0) return text.slice(at, at + length)
  }
  return undefined
}

/** The longest answer that can be an address. */
const LONGEST_ADDRESS = 60
const LEAD = /^[,，。、\s]*(?:(?:(?:我|俺|咱|他|她)们?的?家?|家)?(?:就|现在|现|还)?(?:住在|家住|住|在|是)|(?:我们?|我家|家)?的?(?:地址|住址|地点|位置)(?:就?是|在|改成|改为)?)+[:：,，\s]*(?=\S)/

/** An address as a span of a message or a whole short answer gives it, as typed: "我家住在幸福小区5号楼。" -> "幸福小区5号楼"; undefined when nothing is left. */
export function readAddress(said: string): string | undefined {
  const typed = said.trim().slice(0, LONGEST_ADDRESS)
  const plain = normalize(typed)
  const address = trimEndOf(typed.slice(LEAD.exec(plain)?.[0].length ?? 0), MARKS_AT_END)
  return /[\p{L}\p{N}]/u.test(address) ? address : undefined
}
