import { ADULT_AGE } from '../../domain/matching.ts'
import type { Area } from '../../domain/services.ts'
import type { Span, SpanKind } from '../../domain/talk.ts'
import type { FormId, Slots } from '../../domain/understanding.ts'
import { normalize } from '../normalize.ts'
import { findAddresses } from '../values/addresses.ts'
import { readAge } from '../values/ages.ts'
import { findAvailability, joinAvailability } from '../values/availability.ts'
import { findCommunity, readCommunity } from '../values/communities.ts'
import { cleanName } from '../values/names.ts'
import { hideSpans } from '../values/look-back.ts'
import { findPhones, readPhone } from '../values/phones.ts'
import { findSkills, joinSkills } from '../values/skills.ts'
import { findTime, readTime } from '../values/times.ts'

type Values = { [K in keyof Slots]: Slots[K] | undefined }

/** Leaves out what was not said. */
export function present(slots: Values): Slots {
  return Object.fromEntries(Object.entries(slots).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)))
}

/** The values that marked stretches of a text come to: numbers, times and places by their parsers, whose they are as marked. */
export function readSlots(text: string, spans: readonly Span[], context: { form: FormId; now: Date; areas: readonly Area[] }): Slots {
  const of = (kind: SpanKind) => spans.filter((span) => span.kind === kind).map((span) => text.slice(span.start, span.end))
  const phones = phonesByOwner(text, spans)
  const { now, areas } = context
  const isSignUp = context.form === 'volunteer_signup'
  const other = { name: bestName(of('other_name')), phone: phones.other }
  const age = firstOf(of('age').map((said) => readAge(said, now)))
  const { name, phone, guardian } = (isSignUp && age !== undefined && age < ADULT_AGE ? forChild(text, spans, phones) : undefined) ?? { name: bestName(of('name')), phone: phones.own, guardian: { name: bestName(of('guardian_name')), phone: phones.guardian } }
  return present({
    name,
    phone,
    address: addressOf(text, spans) ?? parsedAddress(text, spans),
    community: communityOf(text, spans, areas),
    time: isSignUp ? undefined : (timeOf(of('time'), of('past_time'), now) ?? findTime(withoutNames(text, spans), now)),
    age,
    skills: isSignUp ? orElse(joinSkills(of('skill')), () => findSkills(text)) : undefined,
    availability: isSignUp ? (joinAvailability([...of('availability'), ...of('time')]) ?? findAvailability(text)) : undefined,
    guardian: guardian.name === undefined && guardian.phone === undefined ? undefined : present2(guardian),
    forWhom: isSignUp || (other.name === undefined && other.phone === undefined) ? undefined : present2(other),
  })
}

const orElse = (found: string[], other: () => string[]): string[] => (found.length > 0 ? found : other())

const CHILD = /儿子|女儿|闺女|姑娘|孩子|孙子|孙女|外孙|小子/
const SPEAKS = /(?:我叫|我是|我姓|本人|[爸妈爷奶姥]叫?)\s*$/
const NAMES: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'other_name', 'guardian_name'])

/** "给我儿子报名，他叫曹阳，12岁，我叫唐静": the child signs up, and whoever speaks answers for it. undefined where nobody speaks for a child. */
function forChild(text: string, spans: readonly Span[], phones: ReturnType<typeof phonesByOwner>): Named | undefined {
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

function timeOf(wanted: readonly string[], past: readonly string[], now: Date): string | undefined {
  return firstOf(wanted.map((said) => readTime(said, now, { direction: 'future' }))) ?? firstOf(past.map((said) => readTime(said, now, { direction: 'past' })))
}

/** A whole name before a pet name or a surname alone; the first of equals. */
function bestName(spans: readonly string[]): string | undefined {
  const names = spans.flatMap((span) => cleanName(span) ?? [])
  const rank = (name: string) => (name.length === 1 ? 0 : /^[老小阿][\u3400-\u9fff]$/.test(name) ? 1 : 2)
  let best: string | undefined
  for (const name of names) {
    if (best === undefined || rank(name) > rank(best) || (rank(name) === rank(best) && name.length > best.length && name.startsWith(best))) best = name
  }
  return best
}

const OTHERS = /[他她妈爸爷奶姥儿女孙伴哥姐弟妹叔姨婶邻]|别人|房东|老板|对门|楼上|楼下/
const NEAR = 10
const NO_TIMES: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'other_name', 'age'])
/** 吴国庆 is no holiday, and 孙丽华 nobody's grandchild. */
const withoutNames = (text: string, spans: readonly Span[]): string => hideSpans(text, spans.filter(({ kind }) => NO_TIMES.has(kind)))

/** Every number is found by its digits; whose it is, the marks say. */
function phonesByOwner(text: string, spans: readonly Span[]): { own: string | undefined; guardian: string | undefined; other: string | undefined } {
  const owners: Record<'phone' | 'guardian_phone' | 'other_phone', string[]> = { phone: [], guardian_phone: [], other_phone: [] }
  const found = findPhones(text)
  const covered = (span: Span) => found.some(({ start, end }) => span.start < end && start < span.end)
  for (const { phone, start, end } of found) {
    const mark = spans.find((span) => span.start < end && start < span.end && span.kind in owners)
    const isOfOthers = mark === undefined && spans.some((span) => span.kind === 'phone' && covered(span))
    owners[(mark?.kind as keyof typeof owners | undefined) ?? (isOfOthers ? 'other_phone' : 'phone')].push(phone)
  }
  for (const span of spans) {
    if (!(span.kind in owners) || covered(span)) continue
    const phone = readPhone(text.slice(span.start, span.end))
    if (phone !== undefined) owners[span.kind as keyof typeof owners].push(phone)
  }
  // The first number is the speaker's, whatever it was taken for, unless somebody else was named just before it.
  const hasGuardian = owners.guardian_phone.length > 0 && spans.some(({ kind }) => kind === 'guardian_name')
  const said = withoutNames(text, spans)
  const first = found.find(({ start }) => !OTHERS.test(said.slice(Math.max(0, start - NEAR), start)))
  if (owners.phone.length === 0 && !hasGuardian && first !== undefined) {
    owners.phone = [first.phone]
    owners.other_phone = owners.other_phone.filter((phone) => phone !== first.phone)
    owners.guardian_phone = owners.guardian_phone.filter((phone) => phone !== first.phone)
  }
  const [own, other] = owners.phone
  return { own, guardian: owners.guardian_phone[0], other: owners.other_phone[0] ?? (other === own ? undefined : other) }
}

/** Parts of one address stand this close together. */
const CLOSE = 3
const JOINS = /^[\s,，、。的在是：:]*$/

/** The stretches that tell one place, joined as they stand; the place with a number in it before others, the last said before the first. */
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
    return (/[\d一二三四五六七八九十]/.test(normalize(said)) ? 4 : 0) + (run.some(({ kind }) => kind === 'community') ? 1 : 0) + Math.min(said.length, 12) / 13
  }
  let best: Span[] | undefined
  for (const run of places) if (best === undefined || rank(run) > rank(best)) best = run
  if (best === undefined) return undefined
  const said = text.slice(best[0]!.start, best.at(-1)!.end).replace(/[\s,，、。的]+$/, '')
  return said === '' ? undefined : said
}

/** An address that stands within what else was marked ("3号楼下水道堵了"), as the parser knows one by its numbers. */
function parsedAddress(text: string, spans: readonly Span[]): string | undefined {
  return findAddresses(text).find(({ address, start, end }) => /\d|[一二三四五六七八九十]/.test(normalize(address)) && !spans.some((span) => span.kind !== 'problem' && span.kind !== 'skill' && span.start < end && start < span.end))?.address
}

function communityOf(text: string, spans: readonly Span[], areas: readonly Area[]): string | undefined {
  const marked = spans.filter(({ kind }) => kind === 'community').map(({ start, end }) => text.slice(start, end))
  return firstOf(marked.map((said) => readCommunity(said, areas))) ?? (spans.some(({ kind }) => kind === 'address') ? findCommunity(addressOf(text, spans) ?? '', areas) : undefined)
}

