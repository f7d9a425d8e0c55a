import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import SqliteDatabase from 'better-sqlite3'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { AppError, StoreError } from '../../domain/errors.ts'
import { COUNT_ADMINS, type Database, type DatabaseState, type WriteFault } from './database.ts'
import { PrismaClient } from '../generated/client.ts'
import { APPLIED_MIGRATIONS, listPendingMigrations, type AppliedMigration } from './migrate.ts'

const BUSY_TIMEOUT_MS = 5_000

// The table that Prisma's own CLI keeps.
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
  "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`

export const fileOf = (url: string): string => path.resolve(url.replace(/^file:/, ''))

/**
 * Opens a migrated database of `url` (file:…).
 * Prisma runs a plain statement inside whatever transaction is open on its connection, so writes have a connection of their
 * own, one transaction at a time, and reads another, which sees only what was committed.
 */
export async function openSqlite(url: string): Promise<Database> {
  const file = fileOf(url)
  const writer = await connect(file, ['PRAGMA synchronous = FULL', 'PRAGMA foreign_keys = ON', 'PRAGMA secure_delete = ON'])
  const reader = await connect(file, ['PRAGMA query_only = ON'])
  return {
    reader,
    writer,
    takeWriteLock: async (transaction) => {
      // A transaction that reads first can't wait for another process's write.
      await transaction.$executeRaw`UPDATE "Counter" SET "value" = "value" WHERE "key" = ''`
    },
    forgetErased: () => emptyLog(writer),
    explainFault,
  }
}

/** Empties the write-ahead log, which can't be done while another program reads the file. Waiting for it would hold up everybody. */
async function emptyLog(writer: PrismaClient): Promise<boolean> {
  await writer.$queryRawUnsafe('PRAGMA busy_timeout = 0')
  try {
    const [result] = await writer.$queryRawUnsafe<{ busy: number | bigint }[]>('PRAGMA wal_checkpoint(TRUNCATE)')
    return Number(result?.busy) === 0
  } finally {
    await writer.$queryRawUnsafe(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  }
}

async function connect(file: string, pragmas: string[]): Promise<PrismaClient> {
  const client = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${file}`, timeout: BUSY_TIMEOUT_MS }) })
  for (const pragma of pragmas) await client.$queryRawUnsafe(pragma)
  return client
}

function explainFault(error: unknown): WriteFault | undefined {
  const reason = error instanceof Error ? error.message : String(error)
  if (/SQLITE_FULL|disk is full/i.test(reason)) return 'full'
  if (/SQLITE_BUSY|database is locked|timed out during query|SocketTimeout/i.test(reason)) return 'busy'
  return undefined
}

/**
 * Makes the file of `url` and its folder where there is none, and applies the migrations that it does not have yet, all in one transaction.
 * @returns the names applied, in order; [] when the database is up to date
 * @throws {StoreError} with the remedy when the file can't be opened, is locked or is no database, or an applied migration was edited
 */
export function migrateSqlite(url: string, migrationsDirectory: string): string[] {
  const file = fileOf(url)
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    const database = new SqliteDatabase(file, { timeout: BUSY_TIMEOUT_MS })
    try {
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      // A table is rebuilt by dropping the old one, which would take with it what points to its rows. Within a transaction it can't be switched.
      database.pragma('foreign_keys = OFF')
      return applyMigrations(database, migrationsDirectory)
    } finally {
      database.close()
    }
  } catch (error) {
    throw error instanceof AppError ? error : new StoreError(explainOpenFailure(file, error), { cause: error })
  }
}

function applyMigrations(database: SqliteDatabase.Database, directory: string): string[] {
  return database
    .transaction(() => {
      database.exec(MIGRATIONS_TABLE)
      const pending = listPendingMigrations(directory, database.prepare(APPLIED_MIGRATIONS).all() as AppliedMigration[])
      const note = database.prepare('INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES (?, ?, ?, ?, ?, 1)')
      for (const { name, sql, checksum } of pending) {
        const startedAt = Date.now()
        database.exec(sql)
        note.run(randomUUID(), checksum, name, startedAt, Date.now())
      }
      return pending.map(({ name }) => name)
    })
    .immediate()
}

function explainOpenFailure(file: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  if (/locked|busy/i.test(reason)) return `The database ${file} is locked by another program: end that program, then start again.`
  if (/not a database/i.test(reason)) return `${file} is not a SQLite database: move it away or set DATABASE_URL to another file.`
  if (/full|ENOSPC/i.test(reason)) return `The disk that holds ${file} is full: make room, then start again.`
  if (/EACCES|EPERM|EEXIST|ENOTDIR|ENAMETOOLONG|readonly|unable to open/i.test(reason)) return `The database ${file} can't be opened for writing (${reason}): check the folder's owner and rights, or set DATA_DIR.`
  return `The database ${file} can't be opened: ${reason}`
}

/** Looks at the file without changing it: integrity, foreign keys, migrations, whether anybody may log in. */
export function inspectSqlite(url: string, migrationsDirectory: string): DatabaseState {
  const place = fileOf(url)
  if (!fs.existsSync(place)) return { outcome: 'absent', place }
  try {
    const database = new SqliteDatabase(place, { readonly: true, timeout: BUSY_TIMEOUT_MS })
    try {
      const integrity = database.pragma('integrity_check(5)') as { integrity_check: string }[]
      const faults = integrity.map((row) => row.integrity_check).filter((line) => line !== 'ok')
      const orphans = database.pragma('foreign_key_check') as unknown[]
      if (orphans.length > 0) faults.push(`${orphans.length} rows point to rows that do not exist`)
      const tables = new Set((database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as { name: string }[]).map((row) => row.name))
      const applied = tables.has('_prisma_migrations') ? (database.prepare(APPLIED_MIGRATIONS).all() as AppliedMigration[]) : []
      return {
        outcome: 'read',
        place,
        bytes: fs.statSync(place).size,
        faults,
        pendingMigrations: listPendingMigrations(migrationsDirectory, applied).map(({ name }) => name),
        activeStaff: tables.has('StaffMember') ? (database.prepare(COUNT_ADMINS).get() as { count: number }).count : null,
      }
    } finally {
      database.close()
    }
  } catch (error) {
    return { outcome: 'unreadable', place, reason: error instanceof Error ? error.message : String(error) }
  }
}
