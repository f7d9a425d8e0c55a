/** How a platform counts: UTF-16 code units (Telegram) or UTF-8 bytes (WeChat). */
export type TextUnit = 'utf16' | 'utf8'

const SENTENCE_END = /^(?:[。！？!?；…]|\r?\n)$/u
const PAUSE = /^(?:[，、,：:;]|\s)$/u
const CLOSING = /^[”’」』）)】》"]$/u

const graphemesOf = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** Length of a text in the platform's unit; a lone surrogate counts as the three bytes that it becomes in UTF-8. */
export function textLength(text: string, unit: TextUnit): number {
  return unit === 'utf16' ? text.length : Buffer.byteLength(text, 'utf8')
}

/**
 * Splits a text into messages of at most `limit` units, each numbered `（1/3）` when there are several. It is cut at the
 * end of a sentence, else at a pause, else between two graphemes; never inside an emoji or a joined sequence, unless one
 * alone is longer than a message. Only white space at the cuts is lost. A blank text gives no message.
 */
export function splitText(text: string, limit: number, unit: TextUnit): string[] {
  const whole = text.trim()
  if (whole === '') return []
  if (textLength(whole, unit) <= limit) return [whole]
  const pieces = toPieces(whole, limit, unit)
  for (let digits = 1; ; digits += 1) {
    const widest = '9'.repeat(digits)
    const room = limit - textLength(numbering(widest, widest), unit)
    if (room < 1) throw new RangeError(`A limit of ${limit} leaves no room for text beside its number.`)
    const parts = cut(pieces, room, unit)
    if (String(parts.length).length <= digits) {
      return parts.map((part, index) => numbering(String(index + 1), String(parts.length)) + part)
    }
  }
}

const numbering = (part: string, total: string): string => `（${part}/${total}）`

/** The graphemes of a text; one that no message could hold is taken apart into its code points. */
function toPieces(text: string, limit: number, unit: TextUnit): string[] {
  const half = Math.max(1, Math.floor(limit / 2))
  return Array.from(graphemesOf.segment(text), ({ segment }) => segment)
    .flatMap((grapheme) => (textLength(grapheme, unit) > half ? Array.from(grapheme) : [grapheme]))
}

function cut(pieces: readonly string[], room: number, unit: TextUnit): string[] {
  const parts: string[] = []
  for (let start = 0; start < pieces.length; ) {
    const end = endOfPart(pieces, start, room, unit)
    const part = pieces.slice(start, end).join('').trim()
    if (part !== '') parts.push(part)
    start = end
  }
  return parts
}

function endOfPart(pieces: readonly string[], start: number, room: number, unit: TextUnit): number {
  let length = 0
  let end = start
  while (end < pieces.length) {
    length += textLength(pieces[end] ?? '', unit)
    if (length > room) break
    end += 1
  }
  if (end === pieces.length) return end
  for (let at = end; at > start; at -= 1) if (endsSentence(pieces, at - 1)) return at
  for (let at = end; at > start; at -= 1) if (PAUSE.test(pieces[at - 1] ?? '')) return at
  return Math.max(end, start + 1)
}

/** Whether a sentence ends with this piece: its end mark, or the last of the marks and closing quotes that follow it. */
function endsSentence(pieces: readonly string[], index: number): boolean {
  const next = pieces[index + 1] ?? ''
  if (CLOSING.test(next) || (SENTENCE_END.test(next) && next.trim() !== '')) return false
  let at = index
  while (at > 0 && CLOSING.test(pieces[at] ?? '')) at -= 1
  const piece = pieces[at] ?? ''
  return SENTENCE_END.test(piece) || (piece === '.' && /^\s?$/.test(next))
}
