import type { Span } from '../../domain/messages/talk.ts'
import { findAddresses } from '../values/places/addresses.ts'

/** What may be left of counted parts: 3号楼2|单元, 2单|元, 5号|楼, 3号楼|2单元501. */
const REST = /^(?:号?楼|单元|元|栋|室|层|号|门|[\d一二三四五六七八九十百]{1,4})+$/

/** Marked addresses that go on to the end of their last counted part (3号楼2 to 3号楼2单元); what is marked after them begins where they end. */
export function alignAddresses(text: string, spans: readonly Span[]): Span[] {
  if (!spans.some(({ kind }) => kind === 'address')) return [...spans]
  const parsed = findAddresses(text)
  const endOf = ({ start, end }: Span): number => parsed.find((found) => found.start < end && start < found.end && end < found.end && REST.test(text.slice(end, found.end)))?.end ?? end
  const aligned: Span[] = []
  for (const span of spans) {
    const start = Math.max(span.start, aligned.at(-1)?.end ?? 0)
    if (start < span.end) aligned.push({ ...span, start, ...(span.kind === 'address' && { end: endOf(span) }) })
  }
  return aligned
}
