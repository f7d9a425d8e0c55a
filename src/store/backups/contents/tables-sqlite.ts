import type SqliteDatabase from 'better-sqlite3'
import { plainJson, plainText, type PlainRow, type TableSource } from './tables.ts'

const BATCH = 500

interface ColumnFacts {
  name: string
  type: string
  /** Place in the primary key, from 1; 0 = not part of it. */
  pk: number
}

/** The rows of an open SQLite database; who wants one snapshot of it has a transaction open. */
export function readSqliteTables(database: SqliteDatabase.Database): TableSource {
  const columnsOf = (table: string) => database.pragma(`table_info("${table}")`) as ColumnFacts[]
  return {
    async listTables() {
      const names = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_prisma_migrations' ORDER BY name`).all() as { name: string }[]
      return names.map(({ name }) => ({ name, columns: columnsOf(name).map((column) => column.name).sort() }))
    },
    async *readRows(table) {
      const columns = columnsOf(table)
      const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
      const select = database.prepare(`SELECT ${columns.map(({ name }) => `"${name}"`).join(', ')} FROM "${table}" ORDER BY ${key.map(({ name }) => `"${name}"`).join(', ')}`)
      let batch: PlainRow[] = []
      for (const row of select.iterate() as IterableIterator<PlainRow>) {
        batch.push(Object.fromEntries(columns.map(({ name, type }) => [name, toPlain(type, row[name])])))
        if (batch.length === BATCH) {
          yield batch
          batch = []
        }
      }
      if (batch.length > 0) yield batch
    },
  }
}

function toPlain(type: string, value: unknown): unknown {
  if (value === null) return null
  if (type === 'DATETIME') return new Date(value as string | number).toISOString()
  if (type === 'BOOLEAN') return value !== 0
  if (type === 'JSONB') return plainJson(JSON.parse(value as string))
  return typeof value === 'string' ? plainText(value) : value
}
