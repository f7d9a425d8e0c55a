import { normalize } from '../normalize.ts'
import { followingPartAt, nameEndAt, nearbyPartAt, numberedPartAt } from '../values/places/address-tokens.ts'
import { COUNTED, IS_PLACE, isAddressLost, mergeAddress, numberOf, partsOf } from '../values/places/address-parts.ts'
import { hideSpans } from '../values/times/look-back.ts'
import { findPhones } from '../values/phones.ts'
import { isDeniedAfter, putsRight, type ValueChange } from './what-is-changed.ts'

const CLAUSE = /[^,，。;；!！?？\n]+/g
const SAYS_WRONG = /(?:地址|住址|门牌号?|楼号|单元号?|楼层|房号|位置|地方|[楼门栋院])[^,。;!?]{0,4}(?:错|反了|岔|不对)|(?:错|反)了?(?:地址|门牌|楼|单元|门|地方|位置)/
const BARE_ROOM = /^\d{3,4}$/

/** The parts of an address that stand together in a clause, with what stands before them. */
interface Told {
  words: string
  before: string
  after: string
}

/** The counted parts in a clause, those side by side together: "14号楼1单元302", "2单元". */
function toldIn(clause: string): Told[] {
  const form = normalize(clause)
  const told: { start: number; end: number }[] = []
  let kind: Parameters<typeof followingPartAt>[2] | undefined
  for (let at = 0; at < form.length; ) {
    const last = told.at(-1)
    const isInNumber = /[\da-z]/.test(form.charAt(at)) && /[\da-z]/.test(form.charAt(at - 1))
    const part = isInNumber && last?.end !== at ? undefined : (numberedPartAt(form, at) ?? followingPartAt(form, at, kind ?? 'unit') ?? nearbyPartAt(form, at))
    if (part === undefined || (last?.end !== at && part.kind === 'room' && /^\d+$/.test(form.slice(part.start, part.end)) && !BARE_ROOM.test(form.slice(part.start, part.end)))) {
      at += 1
      continue
    }
    if (last !== undefined && part.start - last.end <= 1) last.end = part.end
    else told.push({ start: part.start, end: part.end })
    kind = part.kind
    at = part.end
  }
  return told.map(({ start, end }, index) => ({ words: clause.slice(start, end), before: form.slice(told[index - 1]?.end ?? 0, start), after: form.slice(end, end + 8) }))
}

/** Where the words begin that an address ends in and that only point ("东侧", "南门口"); -1 where it ends in none. */
function nearbyAt(form: string): number {
  for (let at = 0; at < form.length; at += 1) if (nearbyPartAt(form, at)?.end === form.length) return at
  return -1
}

/** What stands up to the end of the last name in an address: "惠民小区" of 惠民小区东门. */
function namedHead(typed: string): string {
  const form = normalize(typed)
  let end = 0
  for (let at = 1; at < form.length; at += 1) end = Math.max(end, nameEndAt(form, at)?.end ?? 0)
  return typed.slice(0, end)
}

const NAME = /[\u3400-\u9fffa-z0-9·]{2,12}$/
const LEADS_TO_NAME = /^.*(?:不对|错了?|反了?|应该|[是在住]|改[成为到]|搬[到去]了?)/

/** "3单元也停了", "2单元的灯也坏": that place besides. */
const BESIDES = /^(?:[^,]{0,6}[也又]|的?[还都])/

/** The address with the affirmed parts in it, those left out that are known already, or denied. undefined where no part is new, or it is not said that one is wrong. */
function mergeParts(text: string, known: string, saysWrong: boolean): ValueChange {
  const old = partsOf(known)
  const knownNearby = nearbyAt(normalize(known))
  const fresh = new Map<string, string>()
  let merged = known
  let isContrast = saysWrong
  for (const [clause] of text.matchAll(CLAUSE)) {
    for (const { words, before, after } of toldIn(clause)) {
      if (isDeniedAfter(before)) {
        isContrast = true
        continue
      }
      if (BESIDES.test(after)) continue
      if (nearbyAt(normalize(words)) === 0) {
        if (knownNearby > 0 && !known.includes(words)) merged = merged.slice(0, knownNearby) + words
        continue
      }
      const said = partsOf(words)
      const fields = COUNTED.filter((field) => said[field] !== '' && numberOf(said[field]) !== numberOf(old[field]))
      // Two rooms, two houses: which of them is meant is not said.
      if (fields.some((field) => fresh.has(field) && fresh.get(field) !== numberOf(said[field]))) return 'unread'
      for (const field of fields) fresh.set(field, numberOf(said[field]))
      const name = (NAME.exec(before)?.[0] ?? '').replace(LEADS_TO_NAME, '')
      if (fields.length > 0) merged = mergeAddress(merged, IS_PLACE.test(name) || name === '' ? `${name}${words}` : words)
    }
  }
  return merged === known || !isContrast || isAddressLost(known, merged) ? undefined : { value: merged, isSure: true }
}

/** Its first character ends a name that is known ("桥北" and 解放桥): that name is meant. */
const ENDS_A_NAME = /[桥路街巷院楼门站村屯河江湖]/
function underKnownName(place: string, known: string): string {
  const first = place.charAt(0)
  const at = ENDS_A_NAME.test(first) ? known.indexOf(first) : -1
  if (at > 0) return known.slice(0, at) + place
  const head = namedHead(known)
  return namedHead(place) === '' && !place.includes(head) ? head + place : place
}

const POINTS = /[东南西北前后左右里外]|对[面过]|旁|边|附近|口|头|底下|楼下/

/**
 * What a text makes of the address that stands in a request: the known one with the parts put right that are named, another one where it is named
 * whole. An address never loses a part by it, and what is said to be not so is not taken.
 * @param place where the text says that it is, as it was read
 */
export function readAddressChange(text: string, { known, place, isCorrection }: { known: string; place: string | undefined; isCorrection: boolean }): ValueChange {
  const plain = normalize(text)
  if (known === '') return undefined
  const saysWrong = isCorrection || putsRight(plain)
  const merged = mergeParts(hideSpans(text, findPhones(text)), known, saysWrong)
  if (merged !== undefined) return merged
  if (!saysWrong) return undefined
  const at = place === undefined ? -1 : text.indexOf(place)
  if (place === undefined || at === -1 || known.includes(place) || isDeniedAfter(plain.slice(0, at))) return SAYS_WRONG.test(plain) ? 'unread' : undefined
  const isNamed = namedHead(place) !== ''
  const other = underKnownName(place, known)
  if (isAddressLost(known, other) || !(isNamed || POINTS.test(place))) return isNamed || SAYS_WRONG.test(plain) ? 'unread' : undefined
  return { value: other, isSure: false }
}
