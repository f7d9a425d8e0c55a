/** Of a longer text only the head is read for values: nobody names a place or a time behind it, and one message never holds up the others. */
export const LONGEST_READ = 2_000

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

/** The text without the characters of a set at its end; an expression that ends in + and $ would look for that end from every place. */
export function trimEndOf(text: string, characters: ReadonlySet<string>): string {
  let end = text.length
  while (end > 0 && characters.has(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** Marks and blanks with which a span may end and that are no part of it. */
export const MARKS_AT_END: ReadonlySet<string> = new Set(Array.from('。.!！,，、;；:： \t\n\r\u3000'))
