import { startsNumbered } from '../../numbering.ts'
import type { TableCell } from '../table-grid.ts'
import { setLines } from './page-lines.ts'
import type { Piece } from './page-pieces.ts'
import type { Rule } from './page-rules.ts'
import type { PageTable } from './page-tables.ts'

/** Lines that are so near to each other are one, and touch. */
const NEAR = 3
const MOST_TABLES = 200

export interface RuledTable extends PageTable {
  top: number
  bottom: number
}

/** The tables of a page whose cells are drawn, and the pieces that stand in none. A frame around a text is no table. */
export function readRuledTables(pieces: readonly Piece[], rules: readonly Rule[]): { tables: RuledTable[]; rest: Piece[] } {
  const tables: RuledTable[] = []
  let rest = [...pieces]
  for (const group of connect(rules).slice(0, MOST_TABLES)) {
    const across = places(group.filter((rule) => rule.isAcross))
    const upright = places(group.filter((rule) => !rule.isAcross))
    if (across.length < 3 || upright.length < 3) continue
    const isInside = (piece: Piece) => middle(piece) > (upright[0] ?? 0) - NEAR && middle(piece) < (upright.at(-1) ?? 0) + NEAR && height(piece) > (across[0] ?? 0) && height(piece) < (across.at(-1) ?? 0)
    const own = rest.filter(isInside)
    if (own.length === 0) continue
    rest = rest.filter((piece) => !isInside(piece))
    tables.push({ ...fillCells(own, group, across, upright), top: across[0] ?? 0, bottom: across.at(-1) ?? 0 })
  }
  return { tables: tables.sort((left, right) => left.top - right.top), rest }
}

const middle = (piece: Piece): number => (piece.from + piece.to) / 2
/** The middle of the letters, above their baseline. */
const height = (piece: Piece): number => piece.down - piece.size * 0.35

/** Rules that touch each other, table by table. */
function connect(rules: readonly Rule[]): Rule[][] {
  const groups: Rule[][] = []
  const sorted = [...rules].sort((left, right) => top(left) - top(right))
  for (const rule of sorted) {
    const touched = groups.filter((group) => group.some((other) => doTouch(rule, other)))
    const [first, ...others] = touched
    if (first === undefined) groups.push([rule])
    else {
      first.push(rule, ...others.flat())
      for (const other of others) groups.splice(groups.indexOf(other), 1)
    }
  }
  return groups
}

const top = (rule: Rule): number => (rule.isAcross ? rule.at : rule.from)

function doTouch(rule: Rule, other: Rule): boolean {
  if (rule.isAcross === other.isAcross) return Math.abs(rule.at - other.at) <= NEAR && rule.from <= other.to + NEAR && rule.to >= other.from - NEAR
  return rule.at >= other.from - NEAR && rule.at <= other.to + NEAR && other.at >= rule.from - NEAR && other.at <= rule.to + NEAR
}

/** Where lines lie, each place once. */
function places(rules: readonly Rule[]): number[] {
  const found: number[] = []
  for (const { at } of [...rules].sort((left, right) => left.at - right.at)) if (found.length === 0 || at - (found.at(-1) ?? 0) > NEAR) found.push(at)
  return found
}

function fillCells(pieces: readonly Piece[], rules: readonly Rule[], across: readonly number[], upright: readonly number[]): PageTable {
  const width = upright.length - 1
  const isDrawn = (isAcross: boolean, at: number, point: number) => rules.some((rule) => rule.isAcross === isAcross && Math.abs(rule.at - at) <= NEAR && rule.from - NEAR <= point && rule.to + NEAR >= point)
  const isOpenRight = (row: number, column: number) => column + 1 < width && !isDrawn(false, upright[column + 1] ?? 0, ((across[row] ?? 0) + (across[row + 1] ?? 0)) / 2)
  const isOpenBelow = (row: number, column: number) => row + 2 < across.length && !isDrawn(true, across[row + 1] ?? 0, ((upright[column] ?? 0) + (upright[column + 1] ?? 0)) / 2)
  const taken = new Set<string>()
  const rows: TableCell[][] = []
  for (let row = 0; row + 1 < across.length; row += 1) {
    const cells: TableCell[] = []
    for (let column = 0; column < width; column += 1) {
      if (taken.has(`${row}:${column}`)) continue
      let columns = 1
      while (isOpenRight(row, column + columns - 1) && !taken.has(`${row}:${column + columns}`)) columns += 1
      let down = 1
      while (Array.from({ length: columns }, (_, at) => isOpenBelow(row + down - 1, column + at)).every(Boolean)) down += 1
      for (let y = row; y < row + down; y += 1) for (let x = column; x < column + columns; x += 1) taken.add(`${y}:${x}`)
      const box = { left: upright[column] ?? 0, right: upright[column + columns] ?? 0, top: across[row] ?? 0, bottom: across[row + down] ?? 0 }
      cells.push({ paragraphs: readCell(pieces.filter((piece) => middle(piece) >= box.left && middle(piece) < box.right && height(piece) >= box.top && height(piece) < box.bottom)), columns, rows: down })
    }
    rows.push(cells)
  }
  return { rows, columns: upright.slice(1).map((to, at) => ({ from: upright[at] ?? 0, to })) }
}

/** Lines of a cell go on but where a number or the end of a sentence says that they do not. */
function readCell(pieces: readonly Piece[]): string[] {
  const paragraphs: string[] = []
  for (const { text } of setLines(pieces, 1)) {
    const before = paragraphs.at(-1)
    if (before === undefined || startsNumbered(text) || /[。；]$/.test(before)) paragraphs.push(text)
    else paragraphs[paragraphs.length - 1] = /[\w,;.]$/.test(before) && /^\w/.test(text) ? `${before} ${text}` : before + text
  }
  return paragraphs
}
