import type { Span, SpanKind } from '../../domain/messages/talk.ts'
import type { Companion } from '../../domain/messages/understanding.ts'
import { readAge } from '../values/ages.ts'
import { cleanName } from '../values/names.ts'
import { findPhones } from '../values/phones.ts'
import { joinSkills } from '../values/skills.ts'

const NAMES: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'other_name', 'guardian_name'])
const AGES: ReadonlySet<SpanKind> = new Set<SpanKind>(['age', 'other_age'])
/** What is said of somebody stands this close behind their name. */
const REACH = 60

/**
 * The second of two who sign up in one message: "我叫王秀兰62岁，老伴李国强65岁，修水电". Somebody named in passing (who sent them here) has no age
 * said behind the name; undefined then.
 * @returns `skills`: the words for what they can do, which are not the speaker's
 * @param speaker what was read of whoever signs up first
 */
export function readCompanion(text: string, spans: readonly Span[], speaker: { name: string | undefined; phone: string | undefined; now: Date }): { person: Companion; skills: string[] } | undefined {
  const names = spans.filter(({ kind }) => NAMES.has(kind)).sort((one, other) => one.start - other.start)
  const said = ({ start, end }: Span) => text.slice(start, end)
  const isSpeaker = (span: Span) => cleanName(said(span)) === speaker.name
  const at = names.findIndex((span) => !isSpeaker(span))
  const other = names[at]
  const name = other === undefined ? undefined : cleanName(said(other))
  if (other === undefined || name === undefined || name.length < 2 || !names.some(isSpeaker)) return undefined
  const until = Math.min(names[at + 1]?.start ?? text.length, other.end + REACH)
  const own = spans.filter(({ start, end }) => start >= other.end && end <= until)
  const age = own.filter(({ kind }) => AGES.has(kind)).map((span) => readAge(said(span), speaker.now)).find((years) => years !== undefined)
  if (age === undefined) return undefined
  // The only number of a message is the speaker's, wherever it stands.
  const phone = findPhones(text.slice(other.end, until)).map((found) => found.phone).find((found) => found !== speaker.phone)
  const words = own.filter(({ kind }) => kind === 'skill').map(said)
  const skills = joinSkills(words)
  return { person: { name, age, ...(phone !== undefined && { phone }), ...(skills.length > 0 && { skills }) }, skills: words }
}
