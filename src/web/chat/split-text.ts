import type { Citation } from '../../domain/answers.ts'

export type Segment = { type: 'text'; text: string } | { type: 'quote'; citation: Citation }

const GENERATED_LINE = /^[（(【[]?\s*AI 生成.*$/mu
const OPENING_MARKS = /[“"「『]\s*$/u
const CLOSING_MARKS = /^\s*[”"」』]/u

/**
 * An answer's text cut where it quotes, so that quotations can be set apart. Each quotation is taken out once, with the quotation
 * marks around it; a citation whose words do not stand in the text follows at the end. The line that says that a model wrote the
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
      missing.push({ type: 'quote', citation })
      continue
    }
    const start = segment.text.indexOf(citation.quote)
    const before = segment.text.slice(0, start)
    const after = segment.text.slice(start + citation.quote.length)
    const isMarked = OPENING_MARKS.test(before) && CLOSING_MARKS.test(after)
    segments = segments.toSpliced(
      index,
      1,
      { type: 'text', text: isMarked ? before.replace(OPENING_MARKS, '') : before },
      { type: 'quote', citation },
      { type: 'text', text: isMarked ? after.replace(CLOSING_MARKS, '') : after },
    )
  }
  const shown = segments.map((segment): Segment => (segment.type === 'text' ? { type: 'text', text: segment.text.trim() } : segment))
  return { segments: [...shown, ...missing].filter((segment) => segment.type === 'quote' || segment.text !== ''), isGenerated }
}
