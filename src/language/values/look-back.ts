/** The few characters before a place: what a reading looks back at. Bounded, so that reading a text stays linear in its length. */
export const lookBack = (text: string, at: number, most = 12): string => text.slice(Math.max(0, at - most), at)

/** The few characters from a place on. */
export const lookAhead = (text: string, at: number, most = 16): string => text.slice(at, at + most)

/** The text with full stops in place of some spans of it, so that every other place stays where it was, or with nothing there; the spans in order, none overlapping. */
export function hideSpans(text: string, spans: readonly { start: number; end: number }[], mark: '。' | '' = '。'): string {
  const parts: string[] = []
  let from = 0
  for (const { start, end } of spans) {
    parts.push(text.slice(from, start), mark.repeat(end - start))
    from = end
  }
  return [...parts, text.slice(from)].join('')
}
