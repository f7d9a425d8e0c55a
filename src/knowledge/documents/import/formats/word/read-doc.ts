import WordExtractor from 'word-extractor'
import { cleanLine, refuse } from '../../lines.ts'
import type { ImportLine, ReadLines } from '../../lines.ts'
import type { TableCell } from '../table-grid.ts'
import { tableLines } from '../tables.ts'

/** The library's own types leave out that it changes quotation marks unless it is told not to. */
interface Extracted {
  getBody(options: { filterUnicode: boolean }): string
  getFootnotes(options: { filterUnicode: boolean }): string
  getEndnotes(options: { filterUnicode: boolean }): string
  getTextboxes(options: { filterUnicode: boolean; includeHeadersAndFooters: boolean }): string
}
const AS_IT_IS = { filterUnicode: false }
const MOST_COLUMNS = 200

/** The paragraphs of an old Word document (.doc) with tables, text boxes and notes; automatic numbers and what is struck out cannot be told in these. */
export async function readDoc(bytes: Buffer): Promise<ReadLines> {
  const holds = (name: string) => bytes.includes(Buffer.from(name, 'utf16le'))
  if (holds('EncryptedPackage')) return refuse('这个文件加了密码，打不开。请去掉密码再试。')
  if (holds('Workbook') && !holds('WordDocument')) return refuse('这是旧版的 Excel 文件（.xls）。请打开后“另存为” .xlsx 再试。')
  if (!holds('WordDocument')) return refuse('这不是 Word 文件，或者是旧版的 WPS 文件。请打开后“另存为” .docx，不设密码，再试。')
  try {
    const document = (await new WordExtractor().extract(bytes)) as unknown as Extracted
    const notes = [document.getFootnotes(AS_IT_IS), document.getEndnotes(AS_IT_IS)].flatMap((text) => paragraphsOf(text)).map((text, at) => ({ text: `注${at + 1}：${text}` }))
    const boxes = paragraphsOf(document.getTextboxes({ ...AS_IT_IS, includeHeadersAndFooters: false })).map((text) => ({ text }))
    return { outcome: 'read', lines: [...readBody(document.getBody(AS_IT_IS)), ...boxes, ...notes] }
  } catch {
    return refuse('这个旧版的 Word 文件（.doc）读不了，文件可能坏了，或者加了密码。请打开后“另存为” .docx，不设密码，再试。')
  }
}

const paragraphsOf = (text: string): string[] => text.split(/[\n\r]/).map(cleanLine).filter((line) => line !== '')

/** A table's row is a line of cells that each end with a tab. */
function readBody(body: string): ImportLine[] {
  const lines: ImportLine[] = []
  let rows: string[][] = []
  let tables = 0
  const flush = () => {
    if (rows.length === 0) return
    const over = lines.at(-1)?.text ?? ''
    const own = tableLines({ rows: setCells(rows), over: over.length <= 40 && !/[。；，！？]$/.test(over) ? over : undefined }, tables + 1)
    if (own.some((line) => line.row !== undefined)) tables += 1
    lines.push(...own)
    rows = []
  }
  for (const line of body.split(/[\n\r]/)) {
    if (line.endsWith('\t')) {
      rows.push(line.slice(0, -1).split('\t').slice(0, MOST_COLUMNS))
      continue
    }
    flush()
    const text = cleanLine(line)
    if (text !== '') lines.push({ text })
  }
  flush()
  return lines
}

/** The file does not say which cells are merged: a row that is too short ends with a wide one, and what is empty from the left belongs to the row above. */
function setCells(rows: readonly (readonly string[])[]): TableCell[][] {
  const width = Math.max(...rows.map((row) => row.length))
  const set: TableCell[][] = []
  for (const row of rows) {
    const above = set.at(-1)
    const cells: TableCell[] = []
    for (const [at, text] of row.entries()) {
      const isGroup = text.trim() === '' && above !== undefined && set.length > 1 && (at === 0 || cells[at - 1] === above[at - 1])
      cells.push((isGroup ? above[at] : undefined) ?? { paragraphs: [text], ...(at === row.length - 1 && row.length < width ? { columns: width - row.length + 1 } : {}) })
    }
    set.push(cells)
  }
  return set
}
