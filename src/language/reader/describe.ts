import type { Span, SpanKind } from '../../domain/messages/talk.ts'
import type { Move } from '../../domain/messages/moves.ts'
import { findCommand } from '../commands.ts'
import { isNameLike } from '../values/names.ts'
import { hideSpans } from '../values/times/look-back.ts'

/** What tells who somebody is and how to reach them: it stands in fields of its own, and is no part of what is the matter. */
const CONTACT: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'phone', 'guardian_name', 'guardian_phone', 'other_phone'])
const NAMES: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'guardian_name'])
/** Places stand in the description too, unless a clause says nothing else. */
const PLACES: ReadonlySet<SpanKind> = new Set<SpanKind>(['address', 'community', 'other_name', 'other_place'])
const CLAUSE_END = /[,，。;；!！?？\n]/
/** "我叫", "电话是": what leads to a name or a number goes with it. */
const LEADS_TO_NAME = /(?:我?[叫姓]|我是|联系人|报修人|姓名|名字)(?:叫|是|为|[:：])?\s*$/
const LEADS_TO_CONTACT = /(?:(?:我|本人|联系)?的?(?:叫|(?<=我|本人)是|姓|电话|手机|号码?|联系人?|联系方式|姓名|名字)(?:号码?)?(?:就?是|叫|为|[:：])?|有事|请?[打找拨])+\s*$/
/** What is left of a clause around places and contacts, and tells nothing of the matter. */
const SAYS_NOTHING = /我们?|俺|咱们?|本人|家|住|在|就|是|的|这|那|边|儿|块|里|叫|姓|名字|电话|手机|号码?|联系(?:人|方式)?|地址|地点|位置|有事|请|打|找|报|呢|吧|啊|呀|哈|了|[他她]/g

interface Clause {
  start: number
  end: number
}

function clausesOf(text: string): Clause[] {
  const clauses: Clause[] = []
  let start = 0
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && !CLAUSE_END.test(text.charAt(at))) continue
    const end = Math.min(text.length, at + 1)
    if (text.slice(start, end).trim() !== '') clauses.push({ start, end })
    start = end
  }
  return clauses
}

const lettersOf = (text: string): number => text.replace(/[^\p{L}\p{N}]/gu, '').length

/**
 * What happened or what is wished, in the sender's words, whole: all clauses but those that say no more than who somebody is, how to reach them and
 * where, or are a courtesy. undefined when nothing else is said ("我叫刘桂兰，3号楼").
 */
export function describe(text: string, spans: readonly Span[]): string | undefined {
  const isProblem = ({ kind }: Span): boolean => kind === 'problem'
  const hasProblem = spans.some(isProblem)
  const kept = clausesOf(text).flatMap((clause) => {
    const inside = spans.filter((span) => span.start < clause.end && clause.start < span.end)
    const said = cut(text, clause, inside.filter((span) => CONTACT.has(span.kind) && isContact(text, span, clause, spans)))
    if (inside.some(isProblem)) return [said]
    if (inside.length === 0) return hasProblem && isCourtesy(said) ? [] : [said]
    const rest = cut(text, clause, inside.filter((span) => PLACES.has(span.kind) || (CONTACT.has(span.kind) && isContact(text, span, clause, spans)))).replace(SAYS_NOTHING, '')
    return lettersOf(rest) > 0 ? [said] : []
  })
  const told = kept.join('').replace(/^[\s,，。、:：]+|[\s,，。;；、]+$/g, '').replace(/[,，]{2,}/g, '，')
  return lettersOf(told) < 2 ? undefined : told
}

const COURTESIES: ReadonlySet<Move['type'] | undefined> = new Set<Move['type']>(['greet', 'thank', 'bye', 'agree'])
const isCourtesy = (said: string): boolean => lettersOf(said) === 0 || COURTESIES.has(findCommand(said)?.type)

/** What was marked as a name and neither looks like one nor is led in as one may be part of the matter. */
function isContact(text: string, span: Span, clause: Clause, all: readonly Span[]): boolean {
  if (!NAMES.has(span.kind)) return true
  const said = text.slice(span.start, span.end)
  if (isNameLike(said) || LEADS_TO_NAME.test(text.slice(clause.start, span.start))) return true
  const isOtherNamed = all.some((other) => other !== span && NAMES.has(other.kind) && isNameLike(text.slice(other.start, other.end)))
  return !isOtherNamed && lettersOf(text.slice(clause.start, clause.end)) === lettersOf(said)
}

/** The clause without spans that reach into it, and without what leads to those that tell whom to reach. */
function cut(text: string, { start, end }: Clause, spans: readonly Span[]): string {
  const inside = spans.map((span) => {
    const from = Math.max(span.start, start)
    const lead = CONTACT.has(span.kind) ? (LEADS_TO_CONTACT.exec(text.slice(start, from))?.[0].length ?? 0) : 0
    return { start: from - lead - start, end: Math.min(span.end, end) - start }
  })
  return hideSpans(text.slice(start, end), inside, '')
}
