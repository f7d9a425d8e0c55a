export interface TableCell {
  /** Blank ones are left out by whoever reads them. */
  paragraphs: readonly string[]
  /** The file says that it names a column or a row. */
  isHead?: boolean
  isBold?: boolean
  /** How many columns and rows it covers; 1 where absent. */
  columns?: number
  rows?: number
}

/** Each place holds the cell that covers it: a merged cell stands in several places. */
export type GridRow = readonly TableCell[]

const MOST_COLUMNS = 200
/** Of a table's places together: merged cells multiply. */
const MOST_PLACES = 200_000
const EMPTY: TableCell = { paragraphs: [] }

/** Sets cells into their places, merged ones into all that they cover, within the table's own rows. Every row comes out equally long. */
export function fillGrid(rows: readonly (readonly TableCell[])[]): GridRow[] {
  const grid: (TableCell | undefined)[][] = rows.map(() => [])
  let left = MOST_PLACES
  for (const [at, row] of rows.entries()) {
    let column = 0
    for (const cell of row) {
      while (grid[at]?.[column] !== undefined) column += 1
      const across = clamp(cell.columns, MOST_COLUMNS - column)
      for (let down = 0; down < clamp(cell.rows, rows.length - at); down += 1) {
        for (let step = 0; step < across && left > 0; step += 1, left -= 1) {
          const target = grid[at + down]
          if (target !== undefined) target[column + step] ??= cell
        }
      }
      column += across
    }
  }
  const width = grid.reduce((most, row) => Math.max(most, row.length), 0)
  return grid.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? EMPTY))
}

/** Rows and columns without a word go, and columns that differ from the one before in no row. */
export function withoutEmpty(grid: readonly GridRow[]): GridRow[] {
  const rows = grid.filter((row) => row.some(hasText))
  const columns = [...(rows[0] ?? []).keys()].filter((column) => rows.some((row) => hasText(row[column])) && (column === 0 || rows.some((row) => row[column] !== row[column - 1])))
  return rows.map((row) => columns.map((column) => row[column] ?? EMPTY))
}

const hasText = (cell: TableCell | undefined): boolean => cell?.paragraphs.some((text) => /\S/.test(text)) ?? false
const clamp = (count: number | undefined, most: number): number => Math.max(1, Math.min(Number.isFinite(count) ? Math.floor(count ?? 1) : 1, most))
