import type { Citation } from '../../domain/answers.ts'

export type Segment = { type: 'text'; text: string } | { type: 'quote'; citation: Citation; source: string }

const GENERATED_LINE = /^[（(【[]?\s*AI 生成.*$/mu
const OPENING_MARKS = /[“"「『]\s*$/u
const CLOSING_MARKS = /^\s*[”"」』]/u
/** The line after a quotation that says where it stands. */
const SOURCE_LINE = /^\s*——([^\n]*第\s*\d+\s*条)[^\S\n]*(?=\n|$)/u

/**
 * An answer's text cut where it quotes, so that quotations can be set apart. Each quotation is taken out once, with the quotation
 * marks around it and the line that says where it stands; a citation whose words do not stand in the text follows at the end. The line that says that a model wrote the
 * text becomes a mark of its own.
 */
export function splitText(text: string, citations: Citation[]): { segments: Segment[]; isGenerated: boolean } {
  const isGenerated = GENERATED_LINE.test(text)
  let segments: Segment[] = [{ type: 'text', text: isGenerated ? text.replace(GENERATED_LINE, '') : text }]
  const missing: Segment[] = []
  for (const citation of citations) {
    const index = segments.findIndex((segment) => segment.type === 'text' && segment.text.includes(citation.quote))
    const segment = segments[index]
    if (citation.quote === '' || segment?.type !== 'text') {
      missing.push({ type: 'quote', citation, source: '' })
      continue
    }
    segments = segments.toSpliced(index, 1, ...cutAround(segment.text, citation))
  }
  const shown = segments.map((segment): Segment => (segment.type === 'text' ? { type: 'text', text: segment.text.trim() } : segment))
  return { segments: [...shown, ...missing].filter((segment) => segment.type === 'quote' || segment.text !== ''), isGenerated }
}

function cutAround(text: string, citation: Citation): Segment[] {
  const start = text.indexOf(citation.quote)
  let before = text.slice(0, start)
  let after = text.slice(start + citation.quote.length)
  if (OPENING_MARKS.test(before) && CLOSING_MARKS.test(after)) {
    before = before.replace(OPENING_MARKS, '')
    after = after.replace(CLOSING_MARKS, '')
  }
  const source = SOURCE_LINE.exec(after)?.[1]?.trim() ?? ''
  return [
    { type: 'text', text: before },
    { type: 'quote', citation, source },
    { type: 'text', text: source === '' ? after : after.replace(SOURCE_LINE, '') },
  ]
}
