import SqliteDatabase from 'better-sqlite3'
import fs from 'node:fs'
import type pg from 'pg'
import { explainOpenFailure, migratePostgresql, placeOf, withClient } from '../engine/postgresql/postgresql.ts'
import { fileOf, listFaults, migrateSqlite } from '../engine/sqlite/sqlite.ts'
import { StoreError } from '../../domain/errors.ts'
import type { TableFigures } from './contents/manifest.ts'
import { digestTables, listDifferences, type TableSource } from './contents/tables.ts'
import { readPostgresqlTables } from './contents/tables-postgresql.ts'
import { readSqliteTables } from './contents/tables-sqlite.ts'

export type Moved =
  | { outcome: 'moved'; tables: Record<string, TableFigures>; place: string }
  | { outcome: 'absent'; file: string }
  /** A service still has the file open: what it wrote meanwhile would be lost. */
  | { outcome: 'in_use'; file: string }
  | { outcome: 'broken'; file: string; faults: string[] }
  /** The new database is not empty: this table has rows. */
  | { outcome: 'occupied'; by: string }
  /** What was written is not what was read: nothing was kept. */
  | { outcome: 'different'; tables: string[] }

/**
 * Copies a whole SQLite store into an empty PostgreSQL one, in one transaction, and compares every table's count and digest before it is
 * committed. The file is only read, and nobody else can have it open meanwhile.
 * @throws {StoreError} when the new database can't be reached
 */
export async function moveToPostgresql({ databaseUrl, target, migrationsDirectory }: { databaseUrl: string; target: string; migrationsDirectory: string }): Promise<Moved> {
  const file = fileOf(databaseUrl)
  if (!fs.existsSync(file)) return { outcome: 'absent', file }
  const source = openAlone(file)
  if (source === null) return { outcome: 'in_use', file }
  try {
    const faults = listFaults(source)
    if (faults.length > 0) return { outcome: 'broken', file, faults }
  } finally {
    source.close()
  }
  migrateSqlite(databaseUrl, migrationsDirectory)
  await migratePostgresql(target, migrationsDirectory)
  const held = openAlone(file)
  if (held === null) return { outcome: 'in_use', file }
  try {
    return await withClient(target, (client) => copyInto(client, readSqliteTables(held), placeOf(target)))
  } catch (error) {
    throw error instanceof StoreError ? error : new StoreError(explainOpenFailure(placeOf(target), error), { cause: error })
  } finally {
    held.close()
  }
}

/** The file with a lock that nobody else can share; null when somebody has it open. */
function openAlone(file: string): SqliteDatabase.Database | null {
  const database = new SqliteDatabase(file, { timeout: 1_000 })
  try {
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('BEGIN IMMEDIATE')
    return database
  } catch (error) {
    database.close()
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null
    throw error
  }
}

async function copyInto(client: pg.Client, source: TableSource, place: string): Promise<Moved> {
  await client.query('BEGIN')
  const tables = await source.listTables()
  for (const { name } of tables) {
    await client.query(`LOCK TABLE "${name}" IN ACCESS EXCLUSIVE MODE`)
    if ((await client.query(`SELECT 1 FROM "${name}" LIMIT 1`)).rows.length > 0) return { outcome: 'occupied', by: name }
  }
  // Rows point to rows of tables that come later, or of their own: what points is checked when all are there.
  const keys = (await client.query<{ table: string; name: string; definition: string }>(FOREIGN_KEYS)).rows
  for (const { table, name } of keys) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT "${name}"`)
  for (const { name } of tables) {
    for await (const rows of source.readRows(name)) await client.query(`INSERT INTO "${name}" SELECT * FROM json_populate_recordset(NULL::"${name}", $1::json)`, [JSON.stringify(rows)])
  }
  for (const { table, name, definition } of keys) await client.query(`ALTER TABLE ${table} ADD CONSTRAINT "${name}" ${definition}`)
  for (const { table, column } of (await client.query<{ table: string; column: string }>(SERIALS)).rows) {
    await client.query(`SELECT setval(pg_get_serial_sequence('"${table}"', '${column}'), GREATEST(1, (SELECT MAX("${column}") FROM "${table}")))`)
  }
  const [before, after] = [await digestTables(source), await digestTables(readPostgresqlTables(client))]
  const different = listDifferences(before, after)
  if (different.length > 0) return { outcome: 'different', tables: different }
  await client.query('COMMIT')
  return { outcome: 'moved', tables: after, place }
}

const FOREIGN_KEYS = `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`

const SERIALS = `SELECT table_name AS table, column_name AS column FROM information_schema.columns WHERE table_schema = current_schema() AND column_default LIKE 'nextval(%'`
