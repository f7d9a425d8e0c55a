import { cleanLine } from '../../lines.ts'
import type { ImportLine } from '../../lines.ts'
import { isChapter, startsNumbered } from '../../numbering.ts'
import type { TableCell } from '../table-grid.ts'
import { tableLines } from '../tables.ts'
import { splitColumns } from './page-columns.ts'
import type { PageLine } from './page-lines.ts'
import { findTables } from './page-tables.ts'
import type { PageTable } from './page-tables.ts'
import type { RuledTable } from './ruled-tables.ts'

/** What stands on a page outside of drawn tables, and these. */
export interface Page {
  lines: PageLine[]
  tables: RuledTable[]
}

/** Where running headers and footers stand. */
const EDGE = 0.12
const LARGER = 1.2
/** Page numbers are among so many lines from the top or the bottom. */
const OUTERMOST = 2
const LONGEST_OVER = 40
const PAGE_NUMBER = /^[-—–―·•.\s第]*(?:[\dⅰⅱⅲⅳⅴivx]{1,4}|[一二三四五六七八九十百]{1,4})[-—–―·•.\s页]*(?:[/／共,，]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–―·•.\s]*$/i

/** The lines of all pages as paragraphs: page numbers, headers, footers and repeated watermarks gone, columns one after the other, tables row by row, broken lines joined, also across pages. */
export function joinPages(pages: readonly Page[]): ImportLine[] {
  const body = describeBody(pages.flatMap((page) => page.lines))
  const running = findRunning(pages.map((page) => page.lines), body)
  const isRunning = (line: PageLine, at: number, count: number) => isPageNumber(line, at, count) || running.has(placedKey(line)) || (isAtEdge(line) && running.has(runningKey(line)))
  const parts = pages.flatMap(({ lines, tables }) => setTables(lines.filter((line, at) => !isRunning(line, at, lines.length)), tables))
  return readParts(joinTables(parts), body)
}

/** Lines above, between and below the drawn tables are laid out on their own. */
function setTables(lines: readonly PageLine[], tables: readonly RuledTable[]): (PageLine | PageTable)[] {
  const edges = [-Infinity, ...tables.map((table) => table.top), Infinity]
  return edges.slice(1).flatMap((edge, at) => [...layOut(lines.filter((line) => line.down >= (edges[at] ?? 0) && line.down < edge)), ...tables.slice(at, at + 1)])
}

const layOut = (lines: readonly PageLine[]): (PageLine | PageTable)[] => splitColumns(lines).flatMap((part) => (part.isColumn ? part.lines : findTables(part.lines)))
const isTable = (part: PageLine | PageTable): part is PageTable => 'rows' in part

/** A table that goes on at the top of the next page is one. */
function joinTables(parts: readonly (PageLine | PageTable)[]): (PageLine | PageTable)[] {
  const joined: (PageLine | PageTable)[] = []
  for (const part of parts) {
    const before = joined.at(-1)
    if (before !== undefined && isTable(before) && isTable(part) && part.columns.length === before.columns.length) joined[joined.length - 1] = { columns: before.columns, rows: joinRows(before.rows, part.rows) }
    else joined.push(part)
  }
  return joined
}

/** A row that a page's end cut in two has nothing in its first cell below. */
function joinRows(above: PageTable['rows'], below: PageTable['rows']): PageTable['rows'] {
  const [last, first] = [above.at(-1), below[0]]
  const isEmpty = (cell: TableCell | undefined) => (cell?.paragraphs.join('') ?? '').trim() === ''
  if (last === undefined || first === undefined || last.length !== first.length || !isEmpty(first[0]) || isEmpty(last[0]) || first.filter(isEmpty).length * 2 < first.length) return [...above, ...below]
  const joined = last.map((cell, at) => (isEmpty(first[at]) ? cell : { ...cell, paragraphs: [[...cell.paragraphs, ...(first[at]?.paragraphs ?? [])].join('')] }))
  return [...above.slice(0, -1), joined, ...below.slice(1)]
}

function readParts(parts: readonly (PageLine | PageTable)[], body: Body): ImportLine[] {
  const lines: (ImportLine & { last?: PageLine })[] = []
  let tables = 0
  for (const part of parts) {
    const before = lines.at(-1)
    if (isTable(part)) {
      const text = before === undefined || before.row !== undefined ? '' : tidy(before.text)
      const rows = tableLines({ rows: part.rows, over: text !== '' && text.length <= LONGEST_OVER && !/[。；，！？]$/.test(text) ? text : undefined }, tables + 1)
      if (rows.some((line) => line.row !== undefined)) tables += 1
      lines.push(...rows)
    } else if (before?.last !== undefined && goesOn(before.last, part, body, before.text)) {
      before.text = join(before.text, part.text)
      before.last = part
    } else lines.push({ text: part.text, ...(part.size >= body.size * LARGER ? { isLarge: true } : {}), last: part })
  }
  return lines.flatMap(({ last: _, ...line }) => {
    const text = tidy(line.text)
    return text === '' ? [] : [{ ...line, text }]
  })
}

const tidy = (text: string): string => closeUp(cleanLine(text))
const isAtEdge = (line: PageLine): boolean => line.fromTop < EDGE || line.fromTop > 1 - EDGE
const isPageNumber = (line: PageLine, at: number, count: number): boolean => isAtEdge(line) && (at < OUTERMOST || at >= count - OUTERMOST) && PAGE_NUMBER.test(line.text.normalize('NFKC').trim())
/** Headers may hold the page's number. */
const runningKey = (line: PageLine): string => line.text.normalize('NFKC').replaceAll(/\s+/g, '').replaceAll(/\d+/g, '#')
/** The same words at the same place. */
const placedKey = (line: PageLine): string => `${Math.round(line.from / 3)}|${Math.round(line.down / 3)}|${runningKey(line)}`

/** Lines at the edge of at least two pages and a third of all; and, larger than the text, at one place on most pages: watermarks. The names of a table's columns are neither. */
function findRunning(pages: readonly (readonly PageLine[])[], body: Body): Set<string> {
  const counts = new Map<string, number>()
  for (const lines of pages) {
    const own = lines.filter((line) => line.segments.length < 4)
    const keys = [...own.filter(isAtEdge).map(runningKey), ...own.filter((line) => line.size >= body.size * LARGER && !isAtEdge(line)).map(placedKey)]
    for (const key of new Set(keys)) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return new Set([...counts].filter(([, count]) => count >= Math.max(2, pages.length / 3)).map(([key]) => key))
}

interface Body {
  size: number
  left: number
  right: number
}

/** What most of the text looks like: the size of its letters (by characters), its left and its right margin. */
function describeBody(lines: readonly PageLine[]): Body {
  const sizes = new Map<number, number>()
  for (const line of lines) sizes.set(Math.round(line.size * 2) / 2, (sizes.get(Math.round(line.size * 2) / 2) ?? 0) + line.text.length)
  const size = [...sizes].sort((left, right) => right[1] - left[1])[0]?.[0] ?? 12
  const own = lines.filter((line) => Math.abs(line.size - size) <= size * 0.1)
  const lefts = own.map((line) => line.from).sort((left, right) => left - right)
  const rights = own.map((line) => line.to).sort((left, right) => left - right)
  return { size, left: lefts[Math.floor(lefts.length * 0.1)] ?? 0, right: rights[Math.floor(rights.length * 0.9)] ?? 0 }
}

/** Whether a line is the next of the same paragraph: the one before it is full, and it begins at the margin. */
function goesOn(before: PageLine, line: PageLine, body: Body, text: string): boolean {
  const isSameSize = Math.abs(before.size - line.size) <= body.size * 0.1
  if (!isSameSize) return false
  // The lines of a large title belong together until it is whole.
  if (line.size >= body.size * LARGER) return !/[。；：]$/.test(text) && !isChapter(line.text.trim()) && !isChapter(text.trim())
  if (startsNumbered(line.text)) return false
  const right = before.right ?? body.right
  const isFull = before.to > right - 2 * body.size
  const isIndented = line.from > (line.left ?? body.left) + 1.2 * body.size
  return isFull && !isIndented && !(/[。；：！？]$/.test(before.text.trim()) && before.to < right - 0.8 * body.size)
}

const join = (left: string, right: string): string => (/[a-z,;]$/i.test(left) && /^[a-z]/i.test(right) ? `${left} ${right}` : left + right)
/** Blanks that typesetting leaves between Chinese characters; those that divide columns stay. */
const closeUp = (text: string): string => text.replaceAll(/(?<=^[\p{Script=Han}]) (?=[\p{Script=Han}](?: |$))/gu, '').replaceAll(/(?<=[，。；：、（《“]) (?=\S)|(?<=\S) (?=[，。；：、）》”])/g, '')
