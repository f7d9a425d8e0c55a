import { startsNumbered } from '../../numbering.ts'
import type { TableCell } from '../table-grid.ts'
import { toLine } from './page-lines.ts'
import type { PageLine, Segment } from './page-lines.ts'

export interface PageTable {
  rows: TableCell[][]
  /** Where its columns begin and end, in points. */
  columns: readonly { from: number; to: number }[]
}

/** Two columns side by side may be a signature; of more, two lines are a table. */
const LEAST_LINES_OF_TWO = 3
const LEAST_LINES_OF_MORE = 2
/** A gap between lines of so many letters' heights ends a table. */
const MOST_GAP = 4.5
/** Gaps between rows and between the lines of a row differ by so much. */
const FARTHER = 1.3
const NEARER = 1.15
const LINE_SPACING = 1.5

/** Lines and the tables between them, in their order. */
export function findTables(lines: readonly PageLine[]): (PageLine | PageTable)[] {
  const parts: (PageLine | PageTable)[] = []
  for (let at = 0; at < lines.length; ) {
    const to = endOfTable(lines, at)
    const table = to === null ? null : readTable(lines.slice(at, to))
    if (to === null || table === null) {
      parts.push(...lines.slice(at, at + 1))
      at += 1
    } else {
      parts.push(table)
      at = to
    }
  }
  return parts
}

type Band = { from: number; to: number }

/** The line after the last of a table that begins here; null where none does. */
function endOfTable(lines: readonly PageLine[], start: number): number | null {
  const first = lines[start]
  if (first === undefined || first.segments.length < 2) return null
  let bands: Band[] = first.segments.map(({ from, to }) => ({ from, to }))
  let to = start + 1
  let last = start + 1
  let wide = 1
  for (; to < lines.length; to += 1) {
    const [line, before] = [lines[to], lines[to - 1]]
    if (line === undefined || before === undefined || line.down - before.down > MOST_GAP * Math.max(line.size, before.size)) break
    if (isBelow(line, bands)) break
    const grown = line.segments.length > bands.length ? merge(line.segments, bands) : fit(line.segments, bands)
    if (grown === null) break
    bands = grown
    if (line.segments.length > 1) wide += 1
    last = to + 1
  }
  return wide >= (bands.length === 2 ? LEAST_LINES_OF_TWO : LEAST_LINES_OF_MORE) ? last : null
}

/** A sentence, or what is numbered, at the margin under a table is no cell of its first column. */
function isBelow({ segments, text, size }: PageLine, bands: readonly Band[]): boolean {
  return segments.length === 1 && (segments[0]?.from ?? 0) <= (bands[0]?.from ?? 0) + size && (startsNumbered(text) || /[。；：]$/.test(text.trim()))
}

/** The columns, wider by these words; null where one of them stands in no column alone. */
function fit(segments: readonly Segment[], bands: readonly Band[]): Band[] | null {
  const grown = bands.map((band) => ({ ...band }))
  for (const segment of segments) {
    const touched = bands.filter((band) => segment.from < band.to && segment.to > band.from)
    if (touched.length > 1 && segments.length === 1) return null
    const own = touched.length === 1 ? touched[0] : touched.length === 0 ? nearest(segment, bands) : undefined
    if (own === undefined) continue
    const at = bands.indexOf(own)
    const [before, after] = [grown[at - 1], grown[at + 1]]
    if ((before !== undefined && segment.from <= before.to) || (after !== undefined && segment.to >= after.from)) return null
    const target = grown[at]
    if (target !== undefined) Object.assign(target, { from: Math.min(target.from, segment.from), to: Math.max(target.to, segment.to) })
  }
  return grown
}

/** More columns than were seen so far: finer names below wide ones. Null where they do not stand below each other. */
function merge(segments: readonly Segment[], bands: readonly Band[]): Band[] | null {
  const fits = bands.every((band) => segments.some((segment) => segment.from < band.to && segment.to > band.from))
  return fits ? segments.map(({ from, to }) => ({ from, to })) : null
}

function nearest(segment: Segment, bands: readonly Band[]): Band | undefined {
  const middle = (segment.from + segment.to) / 2
  return [...bands].sort((left, right) => Math.abs((left.from + left.to) / 2 - middle) - Math.abs((right.from + right.to) / 2 - middle))[0]
}

function readTable(lines: readonly PageLine[]): PageTable | null {
  const widest = Math.max(...lines.map((line) => line.segments.length))
  let columns: Band[] = []
  for (const line of lines) if (line.segments.length === widest) columns = columns.length === 0 ? line.segments.map(({ from, to }) => ({ from, to })) : (fit(line.segments, columns) ?? columns)
  for (const line of lines) columns = fit(line.segments, columns) ?? columns
  const placed = lines.map((line) => ({ line, cells: line.segments.map((segment) => ({ segment, columns: columnsOf(segment, columns) })) }))
  const rows = groupRows(placed, widest).map((lines) => {
    const row = new Map<number, PlacedLine['cells']>()
    for (const cell of lines.flatMap((line) => line.cells)) row.set(cell.columns[0] ?? 0, [...(row.get(cell.columns[0] ?? 0) ?? []), cell])
    return setRow(row, columns.length)
  })
  return { columns, rows }
}

interface PlacedLine {
  line: PageLine
  cells: { segment: Segment; columns: number[] }[]
}

function columnsOf(segment: Segment, columns: readonly Band[]): number[] {
  const touched = [...columns.keys()].filter((at) => segment.from < (columns[at]?.to ?? 0) && segment.to > (columns[at]?.from ?? 0))
  if (touched.length > 0) return touched
  const own = nearest(segment, columns)
  return [own === undefined ? 0 : columns.indexOf(own)]
}

/** Which lines make a row: those that stand nearer to each other than rows do; where all stand equally far, those that begin in the first column begin a row. */
function groupRows(placed: readonly PlacedLine[], width: number): PlacedLine[][] {
  const gaps = placed.slice(1).map(({ line }, at) => line.down - (placed[at]?.line.down ?? 0))
  const least = Math.min(...gaps)
  const hasTwoKinds = gaps.some((gap) => gap > least * FARTHER)
  const isFull = ({ cells }: PlacedLine) => cells.length >= width
  const groups: PlacedLine[][] = []
  for (const [at, own] of placed.entries()) {
    const before = placed[at - 1]
    const gap = gaps[at - 1] ?? Infinity
    const isNear = hasTwoKinds ? gap <= least * NEARER && !(before !== undefined && isFull(before) && isFull(own) && gap > own.line.size * LINE_SPACING) : !beginsRow(own, width)
    const last = groups.at(-1)
    if (last === undefined || !isNear || at === 1 && isFull(own)) groups.push([own])
    else last.push(own)
  }
  return groups
}

/** A row's first line: it has its first cell, or all others under a first one that is merged. */
const beginsRow = ({ cells }: PlacedLine, width: number): boolean => cells.length > 1 && (cells.some(({ columns }) => columns[0] === 0) || cells.length >= width - 1)

function setRow(row: ReadonlyMap<number, { segment: Segment; columns: number[] }[]>, width: number): TableCell[] {
  const cells: TableCell[] = []
  for (let column = 0; column < width; ) {
    const own = row.get(column)
    const span = Math.max(1, ...(own ?? []).map((cell) => cell.columns.length))
    cells.push({ paragraphs: [toLine((own ?? []).map(({ segment }) => segment), { down: 0, size: 0, fromTop: 0 }).segments.map((segment) => segment.text).reduce(join, '')], columns: span })
    column += span
  }
  return cells
}

const join = (left: string, right: string): string => (/[\w,;.]$/.test(left) && /^\w/.test(right) ? `${left} ${right}` : left + right)
