import { stringify, type Stringifier } from 'csv-stringify'

export type Cell = string | number

/** How one kind of record is exported: as JSON for programs, as columns (heading, cell, width) for staff. */
export interface Sheet<T> {
  name: string
  toJson: (record: T) => object
  columns: [heading: string, read: (record: T) => Cell, width: number][]
}

/** CSV as spreadsheets read it: UTF-8 with a byte order mark, one row for each list of cells that is written to it. */
export const csvTable = (columns: string[]): Stringifier =>
  // By itself only a cell that holds the whole row end would be quoted, and a bare \n would break the row.
  stringify({ header: true, columns, bom: true, record_delimiter: '\r\n', quoted_match: /[\r\n\u0085\u2028\u2029]/ })

/** The cells of each record, none of which starts a formula. */
export async function* toCells<T>(sheet: Sheet<T>, records: AsyncIterable<T> | Iterable<T>): AsyncGenerator<Cell[]> {
  for await (const record of records) yield sheet.columns.map(([, read]) => safeCell(read(record)))
}

/** A workbook with one sheet. */
export async function toXlsx<T>(sheet: Sheet<T>, records: AsyncIterable<T> | Iterable<T>): Promise<Buffer> {
  const rows = [sheet.columns.map(([value]) => ({ value, fontWeight: 'bold' as const, type: String }))] as { value: string | number; type: StringConstructor | NumberConstructor }[][]
  for await (const cells of toCells(sheet, records)) rows.push(cells.map((value) => (typeof value === 'number' ? { value, type: Number } : { value, type: String })))
  const { default: writeXlsxFile } = await import('write-excel-file/node')
  return writeXlsxFile(rows, { sheet: sheet.name, stickyRowsCount: 1, columns: sheet.columns.map(([, , width]) => ({ width })) }).toBuffer()
}

/** Longest text that a cell of a spreadsheet holds. */
const LONGEST_CELL = 32_000
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** A formula's first character, and a blank that spreadsheets skip or cut at, where a cell or one of its lines begins. */
const FORMULA_START = /^(?=[\t\r\n]|\s*[=+\-@＝＋－＠])|(?<=[\r\n\u0085\u2028\u2029])(?=[^\S\r\n\u0085\u2028\u2029]*[=+\-@＝＋－＠])/g

/** A text never starts a formula, nor does one of its lines (some programs cut cells at line breaks): what would, gets an apostrophe in front. */
export function safeCell(value: Cell): Cell {
  if (typeof value === 'number') return value
  const text = value.slice(0, LONGEST_CELL).toWellFormed().replace(NOT_IN_XML, '')
  return text.replace(FORMULA_START, "'")
}
