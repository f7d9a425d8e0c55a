import Database from 'better-sqlite3'
import fs from 'node:fs'
import path from 'node:path'
import { SetupError } from '../domain/errors.ts'
import { applyMigrations } from './migrate.ts'

const fileOf = (url: string): string => path.resolve(url.replace(/^file:/, ''))

/**
 * Applies the migrations that the database of `url` lacks; it is made when there is none.
 * @returns the names applied, in order
 */
export function migrateDatabase(url: string, migrationsDirectory: string): string[] {
  const file = fileOf(url)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const database = new Database(file, { timeout: 5_000 })
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    return applyMigrations(database, migrationsDirectory)
  } catch (error) {
    if (error instanceof Database.SqliteError) throw new SetupError(`${file}: ${error.message}`, { cause: error })
    throw error
  } finally {
    database.close()
  }
}

export type DatabaseState =
  | { outcome: 'absent'; file: string }
  | { outcome: 'unreadable'; file: string; reason: string }
  | { outcome: 'read'; file: string; bytes: number; faults: string[]; pendingMigrations: string[]; activeStaff: number | null }

/** Looks at a database without changing it: integrity, foreign keys, migrations, whether anybody may log in. */
export function inspectDatabase(url: string, migrationsDirectory: string): DatabaseState {
  const file = fileOf(url)
  if (!fs.existsSync(file)) return { outcome: 'absent', file }
  try {
    const database = new Database(file, { readonly: true, timeout: 5_000 })
    try {
      const integrity = database.pragma('integrity_check(5)') as { integrity_check: string }[]
      const faults = integrity.map((row) => row.integrity_check).filter((line) => line !== 'ok')
      const orphans = database.pragma('foreign_key_check') as unknown[]
      if (orphans.length > 0) faults.push(`${orphans.length} rows point to rows that do not exist`)
      const tables = new Set((database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as { name: string }[]).map((row) => row.name))
      return { outcome: 'read', file, bytes: fs.statSync(file).size, faults, pendingMigrations: listPending(database, tables, migrationsDirectory), activeStaff: countStaff(database, tables) }
    } finally {
      database.close()
    }
  } catch (error) {
    return { outcome: 'unreadable', file, reason: error instanceof Error ? error.message : String(error) }
  }
}

function listPending(database: Database.Database, tables: ReadonlySet<string>, directory: string): string[] {
  const applied = tables.has('_prisma_migrations')
    ? new Set((database.prepare('SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL').all() as { name: string }[]).map((row) => row.name))
    : new Set<string>()
  return fs
    .readdirSync(directory)
    .filter((name) => fs.existsSync(path.join(directory, name, 'migration.sql')) && !applied.has(name))
    .sort()
}

function countStaff(database: Database.Database, tables: ReadonlySet<string>): number | null {
  if (!tables.has('StaffMember')) return null
  return (database.prepare(`SELECT COUNT(*) AS count FROM "StaffMember" WHERE "disabledAt" IS NULL AND "role" = 'admin'`).get() as { count: number }).count
}
