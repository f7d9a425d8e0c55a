import { ADULT_AGE } from '../../domain/volunteers/matching.ts'
import type { Area } from '../../domain/services.ts'
import type { Span, SpanKind } from '../../domain/messages/talk.ts'
import type { FormId, Slots } from '../../domain/messages/understanding.ts'
import { normalize } from '../normalize.ts'
import { findAddresses } from '../values/places/addresses.ts'
import { readAge } from '../values/ages.ts'
import { parseNumber } from '../values/numbers.ts'
import { findAvailability, joinAvailability } from '../values/times/availability.ts'
import { findCommunity, readCommunity } from '../values/places/communities.ts'
import { cleanName, isNameLike, isNoName } from '../values/names.ts'
import { findPhones } from '../values/phones.ts'
import { hideSpans } from '../values/times/look-back.ts'
import { findSkills, joinSkills } from '../values/skills.ts'
import { findTime, locateTimes, readTime, type FoundTime } from '../values/times/times.ts'
import { readCompanion } from './companion.ts'
import { phonesByOwner, type PhoneOwners } from './phone-owners.ts'

type Values = { [K in keyof Slots]: Slots[K] | undefined }

/** Leaves out what was not said. */
export function present(slots: Values): Slots {
  return Object.fromEntries(Object.entries(slots).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)))
}

/** The values that marked stretches of a text come to: numbers, times and places by their parsers, whose they are as marked. */
export function readSlots(text: string, spans: readonly Span[], context: { form: FormId; now: Date; areas: readonly Area[] }): Slots {
  const of = (kind: SpanKind) => spans.filter((span) => span.kind === kind).map((span) => text.slice(span.start, span.end))
  const located = spans.some(({ kind }) => kind === 'time' || kind === 'past_time') ? locateTimes(text, context.now) : []
  const timesOf = (kind: SpanKind) => spans.filter((span) => span.kind === kind).map((span) => withItsHour(text, wholeTime(text, span, located)))
  const phones = phonesByOwner(text, spans)
  const { now, areas } = context
  const isSignUp = context.form === 'volunteer_signup'
  const told = { name: bestName(of('other_name')), phone: phones.other }
  const contact = isSignUp ? undefined : contactOf(text, spans, phones)
  const other = contact === undefined ? told : { name: undefined, phone: undefined }
  const age = firstOf([...of('age'), ...ageBesideOwn(text, spans)].map((said) => readAge(said, now))) ?? (isSignUp ? ageAlone(text) : undefined)
  const { name, phone, guardian } = (isSignUp && age !== undefined && age < ADULT_AGE ? forChild(text, spans, phones) : undefined) ?? { name: bestName(plausibleNames(text, spans)) ?? contact?.name, phone: phones.own ?? contact?.phone, guardian: { name: bestName(of('guardian_name')), phone: phones.guardian } }
  const companion = isSignUp && age !== undefined && age >= ADULT_AGE ? readCompanion(text, spans, { name, phone, now }) : undefined
  return present({
    name,
    phone,
    address: addressOf(text, spans) ?? parsedAddress(text, spans),
    community: communityOf(text, spans, areas),
    time: isSignUp ? undefined : (timeOf(timesOf('time'), timesOf('past_time'), now) ?? findTime(withoutNames(text, spans), now)),
    age,
    skills: isSignUp ? orElse(joinSkills(withoutThose(of('skill'), companion?.skills)), () => (companion === undefined ? findSkills(text) : [])) : undefined,
    availability: isSignUp ? (joinAvailability([...of('availability'), ...of('time')]) ?? findAvailability(text)) : undefined,
    guardian: (guardian.name === undefined && guardian.phone === undefined) || (age !== undefined && age >= ADULT_AGE) ? undefined : present2(guardian),
    companion: companion?.person,
    forWhom: isSignUp || (other.name === undefined && other.phone === undefined) ? undefined : present2(other),
  })
}

/** 联系我媳妇, 有事找我儿子: whom to reach. */
const REACH = /(?:联系人?是?|[找打]|打给|问)[^,，。;；!！?？\d]{0,6}$/

/** "联系我媳妇小葛 151…": somebody else is reached in the place of who speaks, where nobody gives a name or a number of their own. */
function contactOf(text: string, spans: readonly Span[], phones: PhoneOwners): { name: string | undefined; phone: string } | undefined {
  const phone = phones.own ?? phones.other
  if (phone === undefined || (phones.own !== undefined && (phones.other !== undefined || spans.some(({ kind }) => kind === 'name')))) return undefined
  const beside = spans.find(({ kind, start }) => (kind === 'other_name' || kind === 'name') && REACH.test(text.slice(0, start)))
  const number = spans.find(({ kind, start }) => (kind === 'other_phone' || kind === 'phone') && REACH.test(text.slice(0, start)))
  if (beside === undefined && number === undefined) return undefined
  return { name: beside === undefined ? undefined : cleanName(text.slice(beside.start, beside.end)), phone }
}

/** "不对，我17", "我今年才十七": nothing else is said. */
const AGE_ALONE = /^[^\d一二三四五六七八九十]{0,8}(?:我|今年)(?:今年|其实|才|都|已经)*(\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?)(?:周?岁)?(?:了|呢|啊)?[。.!！]?$/
const ageAlone = (text: string): number | undefined => parseNumber(AGE_ALONE.exec(normalize(text).slice(0, LONGEST_ANSWER))?.[1] ?? '')
const LONGEST_ANSWER = 24

const ONLY_A_MARK = /^[\s,，、;；.。:：]*(?:年龄|今年|我今年)?[\s:：]*$/
/** In a list of particulars the age right behind the speaker's own name or telephone is the speaker's, whoever else it was marked for. */
function ageBesideOwn(text: string, spans: readonly Span[]): string[] {
  const isOwn = ({ kind }: Span) => kind === 'name' || kind === 'phone'
  return spans.filter(({ kind, start }) => kind === 'other_age' && spans.some((span) => isOwn(span) && span.end <= start && ONLY_A_MARK.test(text.slice(span.end, start)))).map(({ start, end }) => text.slice(start, end))
}

const withoutThose = (said: readonly string[], others: readonly string[] = []): string[] => said.filter((words) => !others.includes(words))
const orElse = (found: string[], other: () => string[]): string[] => (found.length > 0 ? found : other())

const CHILD = /儿子|女儿|闺女|姑娘|孩子|孙子|孙女|外孙|小子/
const SPEAKS = /(?:我叫|我是|我姓|本人|[爸妈爷奶姥]叫?)\s*$/
const NAMES: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'other_name', 'guardian_name'])

/** "给我儿子报名，他叫曹阳，12岁，我叫唐静": the child signs up, and whoever speaks answers for it. undefined where nobody speaks for a child. */
function forChild(text: string, spans: readonly Span[], phones: PhoneOwners): Named | undefined {
  if (!CHILD.test(text)) return undefined
  const names = spans.filter(({ kind }) => NAMES.has(kind))
  const speaker = names.find(({ start }) => SPEAKS.test(text.slice(0, start)))
  const child = names.find((span) => span !== speaker)
  if (speaker === undefined || child === undefined) return undefined
  const nameOf = ({ start, end }: Span) => cleanName(text.slice(start, end))
  return { name: nameOf(child), phone: undefined, guardian: { name: nameOf(speaker), phone: phones.guardian ?? phones.own ?? phones.other } }
}

interface Named {
  name: string | undefined
  phone: string | undefined
  guardian: { name: string | undefined; phone: string | undefined }
}

const present2 = (value: { name: string | undefined; phone: string | undefined }): { name?: string; phone?: string } => ({
  ...(value.name !== undefined && { name: value.name }),
  ...(value.phone !== undefined && { phone: value.phone }),
})

const firstOf = <T>(values: readonly (T | undefined)[]): T | undefined => values.find((value) => value !== undefined)

/** "后半夜十一点五十五分" and a few more. */
const LONGEST_HOUR = 16
const HOUR_GOES_ON = /^(?:的|[那当]天)?(?:凌晨|半夜|后半夜|夜里|早上|早晨|上午|头晌|中午|晌午|下午|下晌|傍晚|晚上|晚)?[零一二三四五六七八九十两\d]{1,3}(?:点|时|:)(?:[半钟多整]|[零一二三四五六七八九十\d]{1,3}分?)*/
const MINUTES_GO_ON = /^(?:半|一刻|三刻|[零一二三四五六七八九十\d]{1,3}分)/

const TO = /^[到至~～—–-]{1,2}$/

/** Of what was marked inside a time ("12点" of "明天8点到12点", "周六上午9" of "周六上午9点") all of it, from its beginning; the end of a span of time alone is none. */
function wholeTime(text: string, span: Span, located: readonly FoundTime[]): Span {
  const from = located.find(({ start, end }) => start <= span.start && (span.start < end || (end < span.start && TO.test(text.slice(end, span.start)))))
  return from === undefined ? span : { ...span, start: from.start, end: span.start < from.end ? Math.max(span.end, from.end) : from.end }
}

/** "昨天" was marked of "昨天下午四点": the hour that follows is part of it. */
function withItsHour(text: string, { start, end }: Span): string {
  const after = normalize(text).slice(end, end + LONGEST_HOUR)
  const more = text.slice(start, end).endsWith('点') ? MINUTES_GO_ON.exec(after) : HOUR_GOES_ON.exec(after)
  return text.slice(start, end + (more?.[0].length ?? 0))
}

const CLOCK_ALONE = /^(?:凌晨|半夜|后半夜|夜里|早上|早晨|上午|头晌|中午|晌午|下午|下晌|傍晚|晚上)?[零一二三四五六七八九十两\d]{1,2}(?:点|:)/
const DAY_LENGTH = 'YYYY-MM-DD'.length

/** The wanted day and hour, which may be told apart ("六号那天我休息，下午四点来"); where none is wanted, when it happened. */
function timeOf(wanted: readonly string[], past: readonly string[], now: Date): string | undefined {
  const times = wanted.flatMap((said) => {
    const time = readTime(said, now, { direction: 'future' })
    return time === undefined ? [] : [{ time, isClockAlone: CLOCK_ALONE.test(normalize(said)) }]
  })
  const [first] = times
  if (first === undefined) return firstOf(past.map((said) => readTime(said, now, { direction: 'past' })))
  const day = first.isClockAlone ? times.find(({ time, isClockAlone }) => !isClockAlone && time.length === DAY_LENGTH) : first
  const clock = first.isClockAlone ? first : times.find(({ isClockAlone }) => isClockAlone)
  return day !== undefined && clock !== undefined && day.time.length === DAY_LENGTH ? `${day.time}${clock.time.slice(DAY_LENGTH)}` : first.time
}

/** What a name is led in with. */
const LEADS_TO_NAME = /(?:[叫姓]|我是|是|姓名|名字|联系人?|找|本人|老[师板伴公婆]|师傅|主任|书记|老人|爱人|[爸妈爷奶哥姐弟妹])[:：,，\s]*$/
/** What somebody is called who is spoken to. */
const SPOKEN_TO = /^(?:大[哥姐爷妈娘叔婶嫂]|老[板师乡弟妹铁]|师傅|阿[姨拉]|叔叔|姑娘|闺女|小伙子?|同志|领导|亲们?|各位|大兄弟)$/
/** 老乔家, 老彭五金: somebody's house or shop. */
const HOUSE_OF = /^([老小阿][\u3400-\u9fff])(?:家的?|五金|粮油|面馆|饭店|超市|[^\s]?店|[^\s]?铺)$/
const NEXT_TO = 3
const BESIDE_NAME: ReadonlySet<SpanKind> = new Set<SpanKind>(['phone', 'age', 'address', 'community', 'skill', 'availability'])

/** What was marked as a name and may be one: led in as one, or like one and no place, or beside a telephone or where somebody lives. */
function plausibleNames(text: string, spans: readonly Span[]): string[] {
  return spans.filter(({ kind }) => kind === 'name').flatMap(({ start, end }) => {
    const said = text.slice(start, end)
    const name = HOUSE_OF.exec(said)?.[1] ?? said
    if (LEADS_TO_NAME.test(text.slice(0, start)) || !ONLY_HAN.test(said)) return [name]
    if (SPOKEN_TO.test(said)) return []
    const isBeside = spans.some((other) => BESIDE_NAME.has(other.kind) && other.start - end <= NEXT_TO && start - other.end <= NEXT_TO)
    return isNameLike(name) || (isBeside && !isNoName(name)) || said.length === text.trim().length ? [name] : []
  })
}
const ONLY_HAN = /^[\u3400-\u9fff]+$/

/** A whole name before a pet name or a surname alone; the first of equals. */
function bestName(spans: readonly string[]): string | undefined {
  const names = spans.flatMap((span) => cleanName(span) ?? [])
  const rank = (name: string) => (name.length === 1 ? 0 : /^[老小阿][\u3400-\u9fff]$/.test(name) ? 1 : isNameLike(name) ? 3 : 2)
  let best: string | undefined
  for (const name of names) {
    if (best === undefined || rank(name) > rank(best) || (rank(name) === rank(best) && name.length > best.length && name.startsWith(best))) best = name
  }
  return best
}

const NO_TIMES: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'other_name', 'age', 'address', 'community', 'other_place'])
/** Marked as a place or a name, it may be the day all the same. */
const MAY_BE_DAY = /^(?:[\d一二三四五六七八九十]{1,3}号$|周[一二三四五六日末])/
/** 吴国庆 is no holiday, 孙丽华 nobody's grandchild, and 清明街6号 no day. */
const withoutNames = (text: string, spans: readonly Span[]): string => hideSpans(text, spans.filter(({ kind, start, end }) => NO_TIMES.has(kind) && !MAY_BE_DAY.test(normalize(text.slice(start, end)))))

/** Parts of one address stand this close together. */
const CLOSE = 3
/** Beside what stands between the parts of one place: from one to the other, the corner of two roads. */
const JOINS = /^(?:[\s,，、。的在是：:]*|[到至跟和与])$/

/** How what has a name of its own ends: an estate, a road, a village. What is only a part of a house has none. */
const HAS_NAME = /[\u3400-\u9fff](?:[路街巷弄园苑村屯湾城庄坊府镇]|小区|公寓|家园|花园|大厦|宿舍|广场|市场|家属[院楼]|[大中小]学)/
/** The stretches that tell one place, joined as they stand; the place with a number in it before others, one with a name before a part of a house, the last said before the first. */
function addressOf(text: string, spans: readonly Span[]): string | undefined {
  const parts = spans.filter(({ kind }) => kind === 'address' || kind === 'community').sort((one, other) => one.start - other.start)
  const runs: Span[][] = []
  for (const part of parts) {
    const last = runs.at(-1)?.at(-1)
    const gap = last === undefined ? '' : text.slice(last.end, part.start)
    if (last !== undefined && gap.length <= CLOSE && JOINS.test(gap)) runs.at(-1)!.push(part)
    else runs.push([part])
  }
  const places = runs.filter((run) => run.some(({ kind }) => kind === 'address'))
  const rank = (run: Span[]) => {
    const said = text.slice(run[0]!.start, run.at(-1)!.end)
    return (/[\d一二三四五六七八九十]/.test(normalize(said)) ? 4 : 0) + (run.some(({ kind }) => kind === 'community') || HAS_NAME.test(said) ? 1 : 0) + Math.min(said.length, 12) / 13
  }
  let best: Span[] | undefined
  for (const run of places) if (best === undefined || rank(run) > rank(best)) best = run
  if (best === undefined) return undefined
  const said = text.slice(best[0]!.start, best.at(-1)!.end).replace(/[\s,，、。的]+$/, '')
  return said === '' ? undefined : said
}

/** An address that stands within what else was marked ("3号楼下水道堵了"), as the parser knows one by its numbers. */
function parsedAddress(text: string, spans: readonly Span[]): string | undefined {
  const taken = [...spans.filter(({ kind }) => kind !== 'problem' && kind !== 'skill'), ...findPhones(text)]
  return findAddresses(text).find(({ address, start, end }) => /\d|[一二三四五六七八九十]/.test(normalize(address)) && !taken.some((span) => span.start < end && start < span.end))?.address
}

function communityOf(text: string, spans: readonly Span[], areas: readonly Area[]): string | undefined {
  const marked = spans.filter(({ kind }) => kind === 'community').sort((one, other) => one.start - other.start)
  // 学府社区翰林苑: the narrower stands behind the wider.
  const narrowest = marked.find((span, index) => marked[index - 1]?.end === span.start) ?? marked[0]
  const inOrder = narrowest === undefined ? [] : [narrowest, ...marked]
  return firstOf(inOrder.map(({ start, end }) => readCommunity(text.slice(start, end), areas))) ?? (spans.some(({ kind }) => kind === 'address') ? findCommunity(addressOf(text, spans) ?? '', areas) : undefined)
}
