import SqliteDatabase from 'better-sqlite3'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { AppError, StoreError } from '../../../domain/errors.ts'
import { COUNT_ADMINS, type Database, type DatabaseState, type DatabaseTrouble } from '../database.ts'
import { PrismaClient } from '../../generated/client.ts'
import { APPLIED_MIGRATIONS, findNewerMigration, listPendingMigrations, type AppliedMigration } from '../migrate.ts'
import { sqliteAdapter } from './adapter.ts'
import { findHolder, holdFile, type HeldFile } from './hold-file.ts'
import { KeptStatements } from './kept-statements.ts'
import { withPlainStatements } from './plain-statements.ts'

/** SQLite waits for a lock by sleeping in this thread: so long at a start and in commands, where nobody else is kept waiting. */
export const BUSY_TIMEOUT_MS = 5_000
/** While the service runs it does not wait at all: the store asks again, and the event loop goes on. */
const NO_WAITING = 0
const LONGEST_WRITE_MS = 2_000

// The table that Prisma's own CLI keeps.
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
  "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`

/** The file that `file:…` names. */
export const fileOf = (url: string): string => path.resolve(url.replace(/^file:/, ''))

/**
 * Opens a migrated database of `url` (file:…).
 * Prisma runs a plain statement inside whatever transaction is open on its connection, so writes have a connection of their
 * own, one transaction at a time, and reads another, which sees only what was committed.
 */
export async function openSqlite(url: string): Promise<Database> {
  const file = fileOf(url)
  const writer = await connect(file, ['synchronous = FULL', 'foreign_keys = ON', 'secure_delete = ON'])
  const reader = await connect(file, ['query_only = ON'])
  return {
    reader: withPlainStatements(reader.client, reader.statements),
    transact: (job, limits) =>
      writer.client.$transaction(async (transaction) => {
        let isOver = false
        try {
          return await job(withPlainStatements(transaction, writer.statements, () => isOver))
        } finally {
          isOver = true
        }
      }, limits),
    takeWriteLock: async (transaction) => {
      // A transaction that reads first could not write after another process has; one that meets a lock here is as good as new.
      try {
        await transaction.$executeRaw`UPDATE "Counter" SET "value" = "value" WHERE "key" = ''`
        return true
      } catch (error) {
        if (explainFault(error) === 'busy') return false
        throw error
      }
    },
    forgetErased: () => Promise.resolve(emptyLog(writer.database)),
    explainFault,
    close: async () => {
      await Promise.all([writer.client.$disconnect(), reader.client.$disconnect()])
    },
  }
}

/** Empties the write-ahead log, which can't be done while another program reads the file. */
function emptyLog(database: SqliteDatabase.Database): boolean {
  const [result] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  return result?.busy === 0
}

async function connect(file: string, pragmas: string[]) {
  const database = new SqliteDatabase(file, { timeout: NO_WAITING })
  for (const pragma of pragmas) database.pragma(pragma)
  const statements = new KeptStatements(database)
  const client = new PrismaClient({ adapter: sqliteAdapter(database, statements), errorFormat: 'minimal' })
  await client.$connect()
  return { database, statements, client }
}

function explainFault(error: unknown): DatabaseTrouble | undefined {
  const reason = error instanceof Error ? error.message : String(error)
  if (/SQLITE_FULL|disk is full/i.test(reason)) return 'full'
  if (/SQLITE_BUSY|database is locked|timed out during query|SocketTimeout/i.test(reason)) return 'busy'
  if (/readonly database|SQLITE_READONLY|EROFS/i.test(reason)) return 'readonly'
  if (/disk image is malformed|file is not a database|SQLITE_CORRUPT|SQLITE_NOTADB/i.test(reason)) return 'damaged'
  if (/disk I\/O error|unable to open database file|SQLITE_IOERR|SQLITE_CANTOPEN|EMFILE/i.test(reason)) return 'failing'
  return undefined
}

/**
 * Makes this process the one that serves the file of `url`; its folder is made where there is none.
 * @throws {StoreError} naming the process that serves it already, or with the remedy
 */
export function serveSqlite(url: string): HeldFile {
  const file = fileOf(url)
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    return holdFile(file)
  } catch (error) {
    throw error instanceof AppError ? error : new StoreError(explainOpenFailure(file, error), { cause: error })
  }
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
    refuseToBeginAnew(file)
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

/** Where there was a database SQLite would make a new one of an empty file without a word, and throw away the log of one that is gone. */
function refuseToBeginAnew(file: string): void {
  const bytes = sizeOf(file)
  if (bytes === 0) {
    throw new StoreError(`The database ${file} is empty (0 bytes): what it held is gone, as after a full disk or a broken copy. Nothing was touched. Restore a backup in its place, or remove the file to begin a new community.`)
  }
  if (bytes === null && (sizeOf(`${file}-wal`) ?? 0) > 0) {
    throw new StoreError(`The database ${file} is gone, but its log ${file}-wal is there. Nothing was touched. Put the database or a backup back in its place, or remove the log too to begin a new community.`)
  }
}

const sizeOf = (file: string): number | null => fs.statSync(file, { throwIfNoEntry: false })?.size ?? null

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
  if (/not a database/i.test(reason)) return `${file} is not a SQLite database, or its beginning is damaged: restore a backup in its place, or set DATABASE_URL to another file.`
  if (/disk image is malformed/i.test(reason)) return `The database ${file} is damaged: restore the latest backup in its place. Nothing was touched; \`npm run -s linli -- doctor\` says what is damaged.`
  if (/full|ENOSPC/i.test(reason)) return `The disk that holds ${file} is full: make room, then start again.`
  if (/EACCES|EPERM|EEXIST|ENOTDIR|ENAMETOOLONG|readonly|unable to open/i.test(reason)) return `The database ${file} can't be opened for writing (${reason}): check the folder's owner and rights, or set DATA_DIR.`
  return `The database ${file} can't be opened: ${reason}`
}

function listDamage(database: SqliteDatabase.Database): string[] {
  const integrity = database.pragma('integrity_check(5)') as { integrity_check: string }[]
  return integrity.map((row) => row.integrity_check).filter((line) => line !== 'ok')
}

/** What SQLite itself finds wrong with a database; [] when it is whole. */
export function listFaults(database: SqliteDatabase.Database): string[] {
  const faults = listDamage(database)
  const orphans = database.pragma('foreign_key_check') as unknown[]
  return orphans.length === 0 ? faults : [...faults, `${orphans.length} rows point to rows that do not exist`]
}

/** Looks at the file without changing it: integrity, foreign keys, migrations, whether anybody may log in. */
export function inspectSqlite(url: string, migrationsDirectory: string): DatabaseState {
  const place = fileOf(url)
  if (sizeOf(place) === 0) return { outcome: 'empty', place }
  if (sizeOf(place) === null) return { outcome: 'absent', place }
  try {
    const database = new SqliteDatabase(place, { readonly: true, timeout: BUSY_TIMEOUT_MS })
    try {
      // In a damaged file nothing further can be relied on.
      const damage = listDamage(database)
      if (damage.length > 0) return damagedState(place, damage)
      const faults = listFaults(database)
      const tables = new Set((database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as { name: string }[]).map((row) => row.name))
      const applied = tables.has('_prisma_migrations') ? (database.prepare(APPLIED_MIGRATIONS).all() as AppliedMigration[]) : []
      const newer = findNewerMigration(migrationsDirectory, applied)
      if (newer !== null) return { outcome: 'newer', place, ...newer }
      return {
        outcome: 'read',
        place,
        bytes: fs.statSync(place).size,
        faults,
        pendingMigrations: listPendingMigrations(migrationsDirectory, applied).map(({ name }) => name),
        activeStaff: tables.has('StaffMember') ? (database.prepare(COUNT_ADMINS).get() as { count: number }).count : null,
        use: { servedBy: findHolder(place), isLocked: isLocked(place) },
      }
    } finally {
      database.close()
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    // The check of a badly damaged file breaks off itself.
    return explainFault(error) === 'damaged' && sizeOf(place) !== null ? damagedState(place, [reason]) : { outcome: 'unreadable', place, reason }
  }
}

const damagedState = (place: string, faults: string[]): DatabaseState => ({ outcome: 'read', place, bytes: sizeOf(place) ?? 0, faults, pendingMigrations: [], activeStaff: null, use: { servedBy: findHolder(place), isLocked: false } })

/** Whether another program keeps everybody from writing for longer than a write takes. */
function isLocked(file: string): boolean {
  let database: SqliteDatabase.Database | undefined
  try {
    database = new SqliteDatabase(file, { timeout: LONGEST_WRITE_MS, fileMustExist: true })
    database.exec('BEGIN IMMEDIATE; ROLLBACK')
    return false
  } catch (error) {
    return explainFault(error) === 'busy'
  } finally {
    database?.close()
  }
}
