import type { Span, SpanKind } from '../../domain/messages/talk.ts'
import { hideSpans } from '../values/times/look-back.ts'

/** What tells who and how to reach somebody, not what is the matter. */
const PARTICULARS: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'phone', 'age', 'guardian_name', 'guardian_phone', 'other_phone', 'community'])
const PLACES: ReadonlySet<SpanKind> = new Set<SpanKind>(['address', 'other_name', 'other_place', 'other_age'])
const CLAUSE_END = /[,，。;；!！?？\n]/
/** A clause of which no more than this is left says nothing of the matter. */
const SCRAPS = 3
const LONGEST_SCRAP = 5

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
 * What happened or what is wished, in the sender's words: the clauses that hold the problem, and those around it that say more than who somebody is
 * and where. undefined when nothing of that is said ("我叫刘桂兰，3号楼").
 */
export function describe(text: string, spans: readonly Span[]): string | undefined {
  const problems = spans.filter(({ kind }) => kind === 'problem')
  const kept = clausesOf(text).flatMap((clause) => {
    const inside = spans.filter((span) => span.start < clause.end && clause.start < span.end)
    if (problems.some((span) => span.start < clause.end && clause.start < span.end)) return [without(text, clause, inside)]
    if (inside.length > 0) {
      const rest = lettersOf(cut(text, clause, inside.filter(({ kind }) => PARTICULARS.has(kind) || PLACES.has(kind))))
      return rest > (inside.some(({ kind }) => PARTICULARS.has(kind)) ? LONGEST_SCRAP : SCRAPS) ? [without(text, clause, inside)] : []
    }
    return problems.length > 0 && lettersOf(text.slice(clause.start, clause.end)) <= SCRAPS ? [] : [text.slice(clause.start, clause.end)]
  })
  const said = kept.join('').replace(/^[\s,，。、:：]+|[\s,，。;；、]+$/g, '').replace(/[,，]{2,}/g, '，')
  return lettersOf(said) < 2 ? undefined : said
}

/** The clause without names and numbers. */
const without = (text: string, clause: Clause, spans: readonly Span[]): string => cut(text, clause, spans.filter(({ kind }) => PARTICULARS.has(kind) && kind !== 'community'))

/** The clause without spans that reach into it. */
function cut(text: string, { start, end }: Clause, spans: readonly Span[]): string {
  const inside = spans.map((span) => ({ start: Math.max(span.start, start) - start, end: Math.min(span.end, end) - start }))
  return hideSpans(text.slice(start, end), inside, '')
}
