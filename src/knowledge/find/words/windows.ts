/** A run of a text: `text.slice(start, end)`. */
export interface Span {
  start: number
  end: number
}

const SENTENCE_END = /[。；;！!？?\n]+["”』」）)]*/g
const CLAUSE_END = /[，,、：:。；;！!？?\n]+["”』」）)]*/g

/** The sentences of a text, marks at the end included, blanks around them not. */
export function splitSentences(text: string): Span[] {
  return split(text, 0, text.length, SENTENCE_END)
}

/** The smallest parts that make sense by themselves, within one span; enumerations (、) inside brackets or quotes stay whole. */
export function splitClauses(text: string, within: Span): Span[] {
  return joinQuoted(text, split(text, within.start, within.end, CLAUSE_END))
}

const PART_END = /[，,：:。；;！!？?\n]+["”』」）)]*/g
const OPEN_END = /[，,、：:]+$/

/** The parts of one span between its marks, enumerations whole but where they are longer than `longest`; a mark that leaves a part open is not in it. */
export function splitParts(text: string, within: Span, longest: number): Span[] {
  const parts = joinQuoted(text, split(text, within.start, within.end, PART_END))
  return parts
    .flatMap((part) => (part.end - part.start <= longest ? [part] : splitClauses(text, part)))
    .map(({ start, end }) => ({ start, end: end - (OPEN_END.exec(text.slice(start, end))?.[0].length ?? 0) }))
}

function split(text: string, from: number, to: number, ending: RegExp): Span[] {
  const spans: Span[] = []
  let start = from
  const add = (end: number) => {
    const span = trim(text, start, end)
    if (span !== null) spans.push(span)
    start = end
  }
  for (const match of text.slice(from, to).matchAll(ending)) add(from + match.index + match[0].length)
  add(to)
  return spans
}

function trim(text: string, start: number, end: number): Span | null {
  while (start < end && /\s/.test(text.charAt(start))) start += 1
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1
  return /[\p{L}\p{N}]/u.test(text.slice(start, end)) ? { start, end } : null
}

const OPENING = /[“「『（(《〔]/g
const CLOSING = /[”」』）)》〕]/g

function joinQuoted(text: string, spans: Span[]): Span[] {
  const joined: Span[] = []
  let open = 0
  for (const span of spans) {
    const part = text.slice(span.start, span.end)
    const last = joined.at(-1)
    if (open > 0 && last !== undefined) last.end = span.end
    else joined.push({ ...span })
    open = Math.max(0, open + (part.match(OPENING)?.length ?? 0) - (part.match(CLOSING)?.length ?? 0))
  }
  return joined
}

/** Windows of one and of two neighbouring sentences. */
export function sentenceWindows(sentences: readonly Span[]): Span[] {
  const windows = sentences.map((sentence) => ({ ...sentence }))
  for (let index = 0; index + 1 < sentences.length; index += 1) {
    const first = sentences[index]
    const second = sentences[index + 1]
    if (first !== undefined && second !== undefined) windows.push({ start: first.start, end: second.end })
  }
  return windows
}
