import { createHash } from 'node:crypto'
import type { TableFigures } from './manifest.ts'

/** Values as both databases can hold them: an instant is ISO 8601 text, JSON a value. */
export type PlainRow = Record<string, unknown>

export interface TableShape {
  name: string
  /** In alphabetical order. */
  columns: string[]
}

/** A database whose rows are read table by table, within one snapshot. */
export interface TableSource {
  /** All but what the database or its migrations keep for themselves, in alphabetical order. */
  listTables(): Promise<TableShape[]>
  /** Batches of rows in the order of their key, byte by byte, so that both databases have the same. */
  readRows(table: string): AsyncGenerator<PlainRow[]>
}

/** Rows and SHA-256 of every table: the same for the same content, in whichever database it lies. */
export async function digestTables(source: TableSource): Promise<Record<string, TableFigures>> {
  const figures: Record<string, TableFigures> = {}
  for (const { name, columns } of await source.listTables()) {
    const hash = createHash('sha256')
    let rows = 0
    for await (const batch of source.readRows(name)) {
      rows += batch.length
      for (const row of batch) hash.update(`${JSON.stringify(columns.map((column) => sorted(row[column])))}\n`)
    }
    figures[name] = { rows, sha256: hash.digest('hex') }
  }
  return figures
}

/** The tables whose figures differ, or that only one of the two has. */
export function listDifferences(one: Readonly<Record<string, TableFigures>>, other: Readonly<Record<string, TableFigures>>): string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
  return names.filter((name) => one[name]?.rows !== other[name]?.rows || one[name]?.sha256 !== other[name]?.sha256)
}

/** PostgreSQL can't hold the character NUL, nor half of a surrogate pair; Unicode's own way to write the latter is U+FFFD. */
export const plainText = (text: string): string => text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD')

/** `plainText` of all texts within a JSON value. */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value)
  if (Array.isArray(value)) return value.map(plainJson)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [plainText(key), plainJson(part)]))
}

/** PostgreSQL keeps no order of an object's keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value ?? null
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]))
}
