import { cleanLine } from '../lines.ts'
import type { ImportLine } from '../lines.ts'
import type { GridRow, TableCell } from './table-grid.ts'

const LONGEST_LABEL = 20
/** What stands in a column of like things: amounts, names. A service guide's values are of every length. */
const MOST_ALIKE = 8
const LONGEST_FIGURE = 15

/** Whether the rows set a label beside its value (发文机关 | 居委会), once or twice a row, and do not stand under names of columns. */
export function isPairs(rows: readonly GridRow[]): boolean {
  const cells = rows.map((row) => [...new Set(row)])
  if (cells.length === 0 || cells.some((row) => row.length % 2 !== 0)) return false
  const labels = cells.flatMap((row) => row.filter((_, at) => at % 2 === 0))
  const values = cells.flatMap((row) => row.filter((_, at) => at % 2 === 1))
  if (labels.some((label) => textOf(label).length > LONGEST_LABEL + 1)) return false
  const isNamed = labels.every((label) => /[：:]$/.test(textOf(label)) || textOf(label) === '') && labels.some((label) => textOf(label) !== '')
  const isMarked = (mark: 'isHead' | 'isBold') => labels.every((label) => label[mark] === true) && values.every((value) => value[mark] !== true)
  if (isNamed || isMarked('isHead') || isMarked('isBold')) return true
  if (cells[0]?.every((cell) => cell.isHead === true || cell.isBold === true)) return false
  if (labels.some((label) => textOf(label) === '' || /[。；]/.test(textOf(label)))) return false
  const width = rows[0]?.length ?? 0
  if (width === 2) return !standUnderNames(cells)
  // A form: most labels have the whole rest of the row.
  return cells.filter((row) => row.length === 2).length * 2 >= cells.length && cells.some((row) => row.length > 2)
}

/** Two columns: the first row's value is no value like those below it. */
function standUnderNames(cells: readonly (readonly TableCell[])[]): boolean {
  const [name = '', ...values] = cells.map((row) => textOf(row[1]))
  if (values.length === 0 || name === '' || name.length > LONGEST_LABEL || /[。；，、]/.test(name)) return false
  const figures = values.filter((value) => value.length <= LONGEST_FIGURE && FIGURE.test(value) && !/[，。；、]/.test(value)).length
  if (figures * 2 > values.length && !FIGURE.test(name)) return true
  return values.length > 1 && figures === 0 && values.every((value) => value.length > 0 && value.length <= MOST_ALIKE && !/[，。；：、]/.test(value)) && spread(values) <= 2
}

const FIGURE = /\d|[一二两三四五六七八九十百千万半]+(?:元|角|分|天|日|月|年|个|次|份|户|人|平方|小时|点|吨|公斤|%|％)/
const spread = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length)) - Math.min(...texts.map((text) => text.length))

/** 标签：值, a line for each pair; the further paragraphs of a value are lines of their own. */
export function pairLines(row: GridRow): ImportLine[] {
  const cells = [...new Set(row)]
  return cells.flatMap((cell, at) => {
    if (at % 2 === 1) return []
    const label = textOf(cell).replace(/[：:]$/, '')
    const [first, ...rest] = (cells[at + 1]?.paragraphs ?? []).map(cleanLine).filter((text) => text !== '')
    if (label === '') return [first, ...rest].flatMap((text) => (text === undefined ? [] : [{ text }]))
    // What is numbered is a list under the label, from its first item on.
    const isList = rest.length > 0 && /^[（(]?[\d一二三四五六七八九十①]/.test(first ?? '')
    return [`${label}：${isList ? '' : (first ?? '')}`, ...(isList && first !== undefined ? [first] : []), ...rest].map((text) => ({ text }))
  })
}

const textOf = (cell: TableCell | undefined): string => (cell?.paragraphs ?? []).map(cleanLine).join('')
