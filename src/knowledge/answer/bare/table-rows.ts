import type { Passage } from '../../../domain/answers.ts'
import { plain } from '../../../language/normalize.ts'
import { LARGEST_CHARACTER, tokenize } from '../../find/words/tokens.ts'

/** A cell of a row that reads `列名：值；列名：值`. */
export interface Cell {
  name: string
  /** A verbatim run of the row's text. */
  value: string
}

const ROW_LABEL = /^(.*表\d*)第\d+行$/

/** The table that a row belongs to (表1); null of a clause that is no row. */
export const tableOf = ({ clause }: Pick<Passage, 'clause'>): string | null => ROW_LABEL.exec(clause)?.[1] ?? null

/** The cells of a row; those without a name have ''. */
export function readCells(text: string): Cell[] {
  return text.split(/[；;\n]/).flatMap((part) => {
    const cell = part.replace(/[。\s]+$/, '').trim()
    const at = cell.search(/(?<!\d)[：:]|[：:](?!\d\d(?!\d))/)
    return cell === '' ? [] : [at <= 0 ? { name: '', value: cell } : { name: cell.slice(0, at), value: cell.slice(at + 1).trim() }]
  })
}

const IS_COUNT = /^[\d.,\s%-]*$/

/** What names a row: its first cell in words. */
export const nameOfRow = (text: string): string => {
  const cells = readCells(text)
  return (cells.find(({ value }) => !IS_COUNT.test(value)) ?? cells[0])?.value ?? text
}

/** Whether a question names a column of a row's table. */
export function namesColumn(question: string, row: string): boolean {
  const asked = pairs(plain(question))
  return readCells(row).some(({ name }) => [...pairs(name)].some((pair) => asked.has(pair)))
}

const pairs = (text: string): Set<number> => new Set(tokenize(text).filter((term) => term > LARGEST_CHARACTER))

/**
 * Of a table's rows those that a question means: the one that it names by words that the others' names lack, else all of them.
 * @param rows positions and texts
 */
export function rowsMeant<T extends { text: string }>(question: string, rows: readonly T[]): T[] {
  const asked = new Set(tokenize(plain(question)))
  const names = rows.map(({ text }) => new Set(tokenize(nameOfRow(text))))
  const shared = names.map((own, place) => [...own].filter((term) => asked.has(term) && names.some((other, at) => at !== place && !other.has(term))).length)
  const most = Math.max(0, ...shared)
  return most === 0 ? [...rows] : rows.filter((_, place) => shared[place] === most)
}

/** The value of each row that a list is made of: of the column that the question names, else what names the row. */
export function listOfRows(question: string, rows: readonly string[]): string[] {
  const asked = pairs(plain(question))
  const shares = (name: string): number => [...pairs(name)].filter((pair) => asked.has(pair)).length
  const names = [...new Set(rows.flatMap((row) => readCells(row).filter(({ value }) => !IS_COUNT.test(value)).map(({ name }) => name)))].filter((name) => name !== '')
  const [column] = names.filter((name) => shares(name) > 0).sort((left, right) => shares(right) - shares(left))
  return rows.map((row) => readCells(row).find(({ name, value }) => name === column && value !== '')?.value ?? nameOfRow(row))
}
