import { cleanLine } from '../lines.ts'
import type { ImportLine } from '../lines.ts'
import { fillGrid, withoutEmpty } from './table-grid.ts'
import type { GridRow, TableCell } from './table-grid.ts'
import { isPairs, pairLines } from './table-pairs.ts'

export interface SourceTable {
  rows: readonly (readonly TableCell[])[]
  /** What the file says stands over the table: its caption. */
  caption?: string | undefined
  /** The short line above it. */
  over?: string | undefined
}

const LONGEST_COLUMN_NAME = 30
const LONGEST_HEADING = 40
/** A value that spans columns is said under each of them, but a longer one only once, under all their names. */
const LONGEST_REPEATED = 15

/**
 * A table as lines: each row below the column names reads 列名：值；列名：值。 with merged cells filled in and empty ones left out; label beside value
 * (a service guide) reads 标签：值; a single column is plain text. A row that is one cell is a heading or a note, a line of its own.
 * @param number which table of the file, from 1
 */
export function tableLines(table: SourceTable, number: number): ImportLine[] {
  const rows = withoutEmpty(fillGrid(table.rows))
  const caption = table.caption === undefined || table.caption === '' ? [] : [{ text: table.caption }]
  if (rows.length === 0) return caption
  if ((rows[0]?.length ?? 0) === 1) return [...caption, ...rows.flatMap((row) => toPlain(row[0]))]
  const first = rows.findIndex((row) => !isWhole(row))
  if (first === -1) return [...caption, ...rows.flatMap((row) => toPlain(row[0]))]
  const titles = rows.slice(0, first).flatMap((row) => toPlain(row[0]))
  const body = rows.slice(first)
  const parts = body.filter((row) => !isWhole(row))
  if (isPairs(parts)) return [...caption, ...titles, ...body.flatMap((row) => (isWhole(row) ? toPlain(row[0]) : pairLines(row)))]
  const heading = [titles.findLast((line) => line.text.length <= LONGEST_HEADING)?.text, table.caption, table.over].find((text) => text !== undefined && text !== '')
  return [...caption, ...titles, ...readRows(body, number, heading)]
}

/** Whether cells stand in columns that have names, or in pairs of label and value: a table of facts, not one that lays out a page. */
export function isOfFacts(table: SourceTable): boolean {
  const rows = withoutEmpty(fillGrid(table.rows)).filter((row) => !isWhole(row))
  return rows.length > 0 && (isPairs(rows) || countNameRows(rows) > 0)
}

function readRows(body: readonly GridRow[], number: number, heading: string | undefined): ImportLine[] {
  const names = body.slice(0, countNameRows(body))
  const columns = namesOf(names)
  const headText = names.map(textOfRow)
  const lines: ImportLine[] = []
  let section: string | undefined
  let count = 0
  for (const row of body.slice(names.length)) {
    if (isWhole(row)) {
      const plain = toPlain(row[0])
      lines.push(...plain)
      section = plain.length === 1 && (plain[0]?.text.length ?? 0) <= LONGEST_HEADING ? plain[0]?.text : section
      continue
    }
    // The names once more at the top of a page.
    if (headText.includes(textOfRow(row))) continue
    const text = rowText(row, columns)
    if (text === '') continue
    count += 1
    const over = [heading, section].filter((part) => part !== undefined).join(' ')
    lines.push({ text, row: { table: number, row: count, ...(over === '' ? {} : { heading: over }) } })
  }
  // Names and nothing below them are still words of the document.
  return count > 0 || names.length === 0 ? lines : [...names.map((row) => ({ text: distinct(row).map(textOf).filter((text) => text !== '').join('；') })), ...lines]
}

function rowText(row: GridRow, columns: readonly string[]): string {
  const parts: string[] = []
  for (const [at, cell] of row.entries()) {
    const value = textOf(cell)
    const isNext = at > 0 && row[at - 1] === cell
    if (value === '' || (isNext && (value.length > LONGEST_REPEATED || columns.length === 0 || columns[at] === columns[at - 1]))) continue
    const own = [...row.keys()].filter((other) => row[other] === cell && other >= at)
    const name = value.length > LONGEST_REPEATED ? [...new Set(own.map((other) => columns[other] ?? ''))].filter((part) => part !== '').join('、') : (columns[at] ?? '')
    parts.push(name === '' ? value : `${name}：${value}`)
  }
  const text = parts.join('；')
  return text === '' || /[。！？；]$/.test(text) ? text : `${text}。`
}

/** How many rows from the top are names of columns; 0 where the first row is one of facts. */
function countNameRows(rows: readonly GridRow[]): number {
  const [first] = rows
  if (first === undefined || rows.length < 2) return 0
  const isMarked = (row: GridRow | undefined) => row !== undefined && distinct(row).every((cell) => cell.isHead === true || textOf(cell) === '')
  if (!isMarked(first) && !looksLikeNames(rows)) return 0
  // A name that spans columns has finer names below it; one that spans rows reaches as far as the names do.
  const tallest = Math.max(...distinct(first).map((cell) => rows.findIndex((row) => !row.includes(cell))).map((end) => (end === -1 ? 1 : end)))
  const isSpanning = distinct(first).some((cell) => first.filter((other) => other === cell).length > 1 && textOf(cell) !== '')
  let count = Math.max(tallest, isSpanning && rows.length > 2 && looksLikeNames(rows.slice(1)) ? 2 : 1)
  while (isMarked(first) && count < rows.length - 1 && isMarked(rows[count])) count += 1
  return count < rows.length ? count : 1
}

/** Short names, and not of the same make as what stands below them (王丽、13800000000 over 李强、13900000000). */
function looksLikeNames([first, ...rest]: readonly GridRow[]): boolean {
  if (first === undefined || rest.length === 0) return false
  const names = first.map(textOf)
  if (names.slice(1).some((name) => name === '' || name.length > LONGEST_COLUMN_NAME || /[。；！？]/.test(name)) || (names[0] ?? '').length > LONGEST_COLUMN_NAME) return false
  const isBold = distinct(first).every((cell) => cell.isBold === true || textOf(cell) === '') && rest.some((row) => row.some((cell) => cell.isBold !== true))
  if (isBold) return true
  return !names.some((name, column) => /\d/.test(name) && rest.filter((row) => skeleton(textOf(row[column])) === skeleton(name)).length * 2 > rest.length)
}

const skeleton = (text: string): string => text.replaceAll(/\d+/g, '#').replaceAll(/[^#]{2,}/g, '_')

/** 收费标准 over 每月 is 收费标准（每月）. */
function namesOf(rows: readonly GridRow[]): string[] {
  const width = rows[0]?.length ?? 0
  return Array.from({ length: width }, (_, column) => {
    const own = [...new Set(rows.map((row) => row[column]))].map((cell) => textOf(cell)).filter((text) => text !== '')
    const [head = '', ...below] = own.map((name) => name.replace(/[：:]$/, ''))
    return below.length === 0 ? head : `${head}（${below.join('，')}）`
  })
}

const isWhole = (row: GridRow): boolean => row.length > 1 && row.every((cell) => cell === row[0])
const distinct = (row: GridRow): TableCell[] => [...new Set(row)]
const textOfRow = (row: GridRow): string => row.map(textOf).join('|')
const toPlain = (cell: TableCell | undefined): ImportLine[] => (cell?.paragraphs ?? []).map(cleanLine).filter((text) => text !== '').map((text) => ({ text }))

/** A cell's paragraphs as one value. */
export function textOf(cell: TableCell | undefined): string {
  const parts = (cell?.paragraphs ?? []).map(cleanLine).filter((part) => part !== '')
  return parts.map((part, index) => (index < parts.length - 1 && !/[，、：；。！？,;:]$/.test(part) ? `${part}，` : part)).join('').replace(/[。；，\s]+$/, '')
}
