import type { CheerioAPI } from 'cheerio'
import { cleanLine } from '../../lines.ts'
import type { ImportLine } from '../../lines.ts'
import type { TableCell } from '../table-grid.ts'
import { isOfFacts, tableLines } from '../tables.ts'
import type { SourceTable } from '../tables.ts'

type Elements = ReturnType<ReturnType<CheerioAPI['root']>['parent']>

/** A cell with so much in it is not one of a table of facts but of a page that is laid out with tables. */
const LONGEST_CELL = 300

interface TableReading {
  over: string | undefined
  number: number
  readCell: (cell: Elements) => string[]
}

/** A table's lines; null for one that only lays out what stands in it. */
export function readTable(page: CheerioAPI, table: Elements, { over, number, readCell }: TableReading): ImportLine[] | null {
  if (table.find('table, h1, h2, h3').length > 0 || /^(?:presentation|none)$/.test(table.attr('role') ?? '')) return null
  const rows = table.find('tr').toArray().map((row) =>
    page(row)
      .children('td, th')
      .toArray()
      .map((cell): TableCell => {
        const own = page(cell)
        const isHead = cell.name === 'th' || own.parent().parent('thead').length > 0
        return { paragraphs: readCell(own), columns: Number(own.attr('colspan') ?? 1), rows: Number(own.attr('rowspan') ?? 1), ...(isHead ? { isHead } : {}), ...(isBold(page, own) ? { isBold: true } : {}) }
      }),
  )
  const facts: SourceTable = { rows, over, caption: cleanLine(table.children('caption').first().text()) }
  const isLong = rows.some((row) => row.some((cell) => cell.paragraphs.join('').length > LONGEST_CELL))
  const isAlone = rows.every((row) => row.length <= 1)
  if (isAlone || (isLong && !isOfFacts(facts))) return null
  return tableLines(facts, number)
}

function isBold(page: CheerioAPI, cell: Elements): boolean {
  const text = cell.text().replaceAll(/\s+/g, '')
  if (text === '') return false
  const bold = cell.find('b, strong, [style*="bold"]').filter((_, part) => page(part).parents('b, strong').length === 0)
  return bold.text().replaceAll(/\s+/g, '').length >= text.length
}
