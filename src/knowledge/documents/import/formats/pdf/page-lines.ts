import type { Piece } from './page-pieces.ts'

/** Words of one line with no wide gap between them: a line of a paragraph, or of a table's cell. */
export interface Segment {
  text: string
  from: number
  to: number
}

export interface PageLine {
  text: string
  /** Left and right end, baseline from the top, and the height of the letters, in points. */
  from: number
  to: number
  down: number
  size: number
  /** 0 = at the top of the page, 1 = at its bottom. */
  fromTop: number
  segments: readonly Segment[]
  /** The margins of the column that it stands in, where that is not the page's. */
  left?: number
  right?: number
}

/** A gap of so many letters divides columns. */
const COLUMN_GAP = 2
const WORD_GAP = 0.15
/** A gap of so many letters is a blank that somebody typed. */
const BLANK_GAP = 0.8

/** The lines of a page, top to bottom. */
export function setLines(pieces: readonly Piece[], height: number): PageLine[] {
  const rows: { down: number; size: number; pieces: Piece[] }[] = []
  for (const piece of [...pieces].sort((left, right) => left.down - right.down)) {
    const row = rows.findLast((known) => Math.abs(known.down - piece.down) < Math.min(known.size, piece.size) * 0.4)
    if (row === undefined) rows.push({ down: piece.down, size: piece.size, pieces: [piece] })
    else {
      row.pieces.push(piece)
      row.size = Math.max(row.size, piece.size)
    }
  }
  return rows.map(({ down, size, pieces: own }) => toLine(setSegments(own), { down, size, fromTop: down / Math.max(1, height) }))
}

/** A line of some of a line's segments. */
export const toLine = (segments: readonly Segment[], place: Pick<PageLine, 'down' | 'size' | 'fromTop'>): PageLine => ({
  ...place,
  segments,
  text: segments.map((segment) => segment.text).join(' '),
  from: segments[0]?.from ?? 0,
  to: Math.max(0, ...segments.map((segment) => segment.to)),
})

function setSegments(pieces: readonly Piece[]): Segment[] {
  const segments: Segment[] = []
  for (const piece of [...pieces].sort((left, right) => left.from - right.from)) {
    const last = segments.at(-1)
    const gap = last === undefined ? Infinity : (piece.from - last.to) / Math.max(1, piece.size)
    if (last === undefined || gap >= COLUMN_GAP) {
      segments.push({ text: piece.text, from: piece.from, to: piece.to })
      continue
    }
    const isBetweenLatin = /[\x21-\x7e]$/.test(last.text) && /^[\x21-\x7e]/.test(piece.text)
    last.text += `${gap >= (isBetweenLatin ? WORD_GAP : BLANK_GAP) && !/\s$/.test(last.text) ? ' ' : ''}${piece.text}`
    last.to = Math.max(last.to, piece.to)
  }
  return segments
}
