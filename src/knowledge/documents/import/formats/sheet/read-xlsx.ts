import path from 'node:path'
import { load } from 'cheerio'
import type { CheerioAPI } from 'cheerio'
import { readZipEntry } from '../../../../../model/zip.ts'
import { refuse } from '../../lines.ts'
import type { ImportLine, ReadLines } from '../../lines.ts'
import type { TableCell } from '../table-grid.ts'
import { tableLines } from '../tables.ts'
import { formatValue, readFormats } from './cell-format.ts'
import type { CellFormats } from './cell-format.ts'

/** Of one part, unpacked: some 200,000 cells. */
const LONGEST_PART_BYTES = 16 * 1024 * 1024
/** A sheet packs to a tenth or a thirtieth. */
const LARGE_PART = 2 * 1024 * 1024
const MOST_INFLATED = 150
const MOST_SHEETS = 50
const MOST_ROWS = 20_000
const MOST_COLUMNS = 200
const WORKBOOK = 'xl/workbook.xml'

/**
 * The rows of an Excel workbook, each a line, under the sheet's name where there are several sheets or it says something; hidden sheets, rows and columns are left out.
 * Null for a zip that is no workbook.
 */
export function readXlsx(bytes: Buffer): ReadLines | null {
  if (!bytes.includes(Buffer.from(WORKBOOK))) return null
  const read = (name: string) => readZipEntry(bytes, name, LONGEST_PART_BYTES)?.toString('utf8') ?? ''
  const workbookXml = read(WORKBOOK)
  const relations = read('xl/_rels/workbook.xml.rels')
  const damaged = refuse('这个 xlsx 解不开：里面的内容大得不正常，或者文件坏了。请在 Excel 里打开，“另存为”一份再试。')
  if (workbookXml === '') return damaged
  const workbook = load(workbookXml, { xml: true })
  const sheets = findSheets(workbook, relations)
  if (sheets.length > MOST_SHEETS) return refuse(`这个 xlsx 有 ${sheets.length} 张表，太多了，最多 ${MOST_SHEETS} 张。请拆成几份再加。`)
  const strings = readStrings(read('xl/sharedStrings.xml'))
  const formats = readFormats(read('xl/styles.xml'), workbook('workbookPr').attr('date1904') === '1')
  const lines: ImportLine[] = []
  let tables = 0
  for (const { name, target } of sheets) {
    const xml = read(target)
    if (xml === '' || (xml.length > LARGE_PART && xml.length > bytes.length * MOST_INFLATED)) return damaged
    const rows = readRows(load(xml, { xml: true }), strings, formats)
    if (rows === null) return refuse(`表“${name}”超过 ${MOST_ROWS} 行，太长了。请拆成几份再加。`)
    const isNamed = sheets.length > 1 || !/^(?:sheet|工作表)\s*\d*$/i.test(name)
    const own = rows.length === 0 ? [] : tableLines({ rows, over: isNamed ? name : undefined }, tables + 1)
    if (own.length === 0) continue
    if (own.some((line) => line.row !== undefined)) tables += 1
    if (isNamed && own[0]?.text !== name) lines.push({ text: name, level: 2 })
    lines.push(...own)
  }
  return { outcome: 'read', lines }
}

/** The sheets that are shown, in their order. */
function findSheets(workbook: CheerioAPI, relations: string): { name: string; target: string }[] {
  const targets = load(relations, { xml: true })
  return workbook('sheets > sheet')
    .toArray()
    .map((element) => workbook(element))
    .filter((sheet) => !/hidden/i.test(sheet.attr('state') ?? ''))
    .flatMap((sheet) => {
      const target = targets('Relationship').filter((_, relation) => targets(relation).attr('Id') === sheet.attr('r:id')).attr('Target')
      if (target === undefined) return []
      return [{ name: (sheet.attr('name') ?? '').trim(), target: target.startsWith('/') ? target.slice(1) : path.posix.join('xl', target) }]
    })
}

/** Texts that cells refer to; how they are read aloud (`rPh`) and what is struck out is left out. */
function readStrings(xml: string): string[] {
  if (xml === '') return []
  const page = load(xml, { xml: true })
  return page('sst > si').toArray().map((item) => textOf(page, page(item)))
}

type Elements = ReturnType<ReturnType<CheerioAPI['root']>['parent']>

function textOf(page: CheerioAPI, item: Elements): string {
  const runs = item.children('r').toArray().filter((run) => page(run).find('rPr > strike').filter((_, strike) => page(strike).attr('val') !== '0').length === 0)
  return item.children('t').text() + runs.map((run) => page(run).children('t').text()).join('')
}

/** Null when there are too many. */
function readRows(sheet: CheerioAPI, strings: readonly string[], formats: CellFormats): TableCell[][] | null {
  const isHidden = (value: string | undefined) => value === '1' || value === 'true'
  const hidden = sheet('cols > col').toArray().filter((column) => isHidden(sheet(column).attr('hidden'))).map((column) => [Number(sheet(column).attr('min')), Number(sheet(column).attr('max'))] as const)
  const isShown = (column: number) => !hidden.some(([from, to]) => column + 1 >= from && column + 1 <= to)
  const found = new Map<number, Map<number, TableCell>>()
  let last = -1
  const elements = sheet('sheetData > row').toArray()
  if (elements.length > MOST_ROWS) return null
  for (const element of elements) {
    const row = sheet(element)
    last = toIndex(row.attr('r')) ?? last + 1
    if (isHidden(row.attr('hidden'))) continue
    const cells = new Map<number, TableCell>()
    found.set(last, cells)
    let column = -1
    for (const part of row.children('c').toArray()) {
      const cell = sheet(part)
      column = columnOf(cell.attr('r') ?? '') ?? column + 1
      if (column >= MOST_COLUMNS || !isShown(column)) continue
      const style = Number(cell.attr('s') ?? 0)
      const paragraphs = valueOf(sheet, cell, strings, formats, style).split(/\r?\n/)
      if (formats.isStruck(style)) continue
      cells.set(column, { paragraphs, ...(formats.isBold(style) ? { isBold: true } : {}) })
    }
  }
  return setMerged(sheet, found)
}

function valueOf(sheet: CheerioAPI, cell: Elements, strings: readonly string[], formats: CellFormats, style: number): string {
  const type = cell.attr('t') ?? 'n'
  const value = cell.children('v').text()
  if (type === 's') return strings[Number(value)] ?? ''
  if (type === 'inlineStr') return textOf(sheet, cell.children('is'))
  if (type === 'b') return value === '1' ? '是' : '否'
  // #N/A and its like are no words of the document.
  if (type === 'e' || value === '') return ''
  return type === 'str' || type === 'd' ? value : formatValue(value, formats.formatOf(style), formats.isFrom1904)
}

/** Rows without gaps; a merged cell covers what is shown of its area. */
function setMerged(sheet: CheerioAPI, found: ReadonlyMap<number, Map<number, TableCell>>): TableCell[][] {
  const rows = [...found.keys()].sort((left, right) => left - right)
  const columns = [...new Set([...found.values()].flatMap((cells) => [...cells.keys()]))].sort((left, right) => left - right)
  const covered = new Map<string, TableCell | null>()
  for (const element of sheet('mergeCells > mergeCell').toArray().slice(0, MOST_ROWS)) {
    const [from = '', to = ''] = (sheet(element).attr('ref') ?? '').split(':')
    const [top, left, bottom, right] = [rowOf(from), columnOf(from), rowOf(to), columnOf(to)]
    if (top === null || left === null || bottom === null || right === null) continue
    const inRows = rows.filter((row) => row >= top && row <= bottom)
    const inColumns = columns.filter((column) => column >= left && column <= right)
    const own = found.get(top)?.get(left) ?? { paragraphs: [] }
    for (const row of inRows) for (const column of inColumns) covered.set(`${row}:${column}`, row === inRows[0] && column === inColumns[0] ? { ...own, columns: inColumns.length, rows: inRows.length } : null)
  }
  return rows.map((row) => columns.flatMap((column) => {
    const merged = covered.get(`${row}:${column}`)
    if (merged === null) return []
    return [merged ?? found.get(row)?.get(column) ?? { paragraphs: [] }]
  }))
}

const toIndex = (number: string | undefined): number | null => (number === undefined || !/^\d{1,7}$/.test(number) ? null : Number(number) - 1)
const rowOf = (reference: string): number | null => toIndex(/\d+$/.exec(reference)?.[0])

/** AB12 -> 27. */
function columnOf(reference: string): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0]
  return letters === undefined ? null : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}
