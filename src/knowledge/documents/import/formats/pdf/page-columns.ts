import { toLine } from './page-lines.ts'
import type { PageLine, Segment } from './page-lines.ts'

/** Fewer lines on either side are no columns of text. */
const LEAST_LINES = 4
/** Of the width of both, the least that each column has. */
const LEAST_SHARE = 0.3
/** Of its column's width, what half of the lines reach at least: text fills a column, a table's cells do not. */
const LEAST_FILLED = 0.6
const SAME_GUTTER = 12

/** Parts of a page from top to bottom: lines right across, or columns of text one after the other. */
export function splitColumns(lines: readonly PageLine[]): { lines: PageLine[]; isColumn: boolean }[] {
  const found = findGutters(lines).flatMap((gutter) => runsBeside(lines, gutter)).filter(isText).sort((left, right) => right.to - right.from - (left.to - left.from))[0]
  if (found === undefined) return lines.length === 0 ? [] : [{ lines: [...lines], isColumn: false }]
  const { left, right } = found
  return [
    ...splitColumns(lines.slice(0, found.from)),
    ...[left, right].map((column) => ({ lines: withMargins(column), isColumn: true })),
    ...splitColumns(lines.slice(found.to)),
  ]
}

interface Run {
  /** Lines of the page: the first, and the one after the last. */
  from: number
  to: number
  left: PageLine[]
  right: PageLine[]
}

/** Where blanks stand between words of the same line. */
function findGutters(lines: readonly PageLine[]): number[] {
  const gaps = lines.flatMap(({ segments }) => segments.slice(1).map((segment, at) => ((segments[at]?.to ?? 0) + segment.from) / 2 + ((segment.from - (segments[at]?.to ?? 0)) / 2 - 4)))
  const gutters: number[] = []
  for (const gap of gaps.sort((left, right) => left - right)) if (gutters.length === 0 || gap - (gutters.at(-1) ?? 0) > SAME_GUTTER) gutters.push(gap)
  return gutters.slice(0, 50)
}

/** The longest stretches of lines that no word crosses the gutter in, both sides used. */
function runsBeside(lines: readonly PageLine[], gutter: number): Run[] {
  const runs: Run[] = []
  const isCrossed = (line: PageLine) => line.segments.some((segment) => segment.from < gutter && segment.to > gutter)
  for (let from = 0; from < lines.length; from += 1) {
    if (isCrossed(lines[from] ?? { segments: [] } as never)) continue
    let to = from
    while (to < lines.length && !isCrossed(lines[to] as PageLine)) to += 1
    const own = lines.slice(from, to)
    const pick = (isMine: (segment: Segment) => boolean) => own.flatMap((line) => {
      const segments = line.segments.filter(isMine)
      return segments.length === 0 ? [] : [toLine(segments, line)]
    })
    runs.push({ from, to, left: pick((segment) => segment.to <= gutter), right: pick((segment) => segment.from >= gutter) })
    from = to
  }
  return runs
}

function isText({ left, right }: Run): boolean {
  if (left.length < LEAST_LINES || right.length < LEAST_LINES) return false
  const [a, b] = [left, right].map(widthOf)
  if (a === undefined || b === undefined || Math.min(a, b) < (a + b) * LEAST_SHARE) return false
  return [left, right].every((column) => {
    const width = widthOf(column)
    const filled = column.filter((line) => line.segments.length === 1 && line.to - line.from >= width * LEAST_FILLED).length
    return filled * 2 >= column.length
  })
}

const widthOf = (lines: readonly PageLine[]): number => Math.max(...lines.map((line) => line.to)) - Math.min(...lines.map((line) => line.from))

function withMargins(lines: readonly PageLine[]): PageLine[] {
  const left = Math.min(...lines.map((line) => line.from))
  const right = Math.max(...lines.map((line) => line.to))
  return lines.map((line) => ({ ...line, left, right }))
}
