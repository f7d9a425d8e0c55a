import SqliteDatabase from 'better-sqlite3'
import fs from 'node:fs'
import { APPLIED_MIGRATIONS, type AppliedMigration } from '../../engine/migrate.ts'
import { BUSY_TIMEOUT_MS, fileOf, listFaults } from '../../engine/sqlite/sqlite.ts'
import { LAST_REQUEST, LAST_VOLUNTEER, SQLITE_NAME, type Snapshot, type SnapshotTaken } from './snapshot.ts'
import { digestTables } from './tables.ts'
import { readSqliteTables } from './tables-sqlite.ts'

/** Pages copied in one go: what waits for the event loop meanwhile waits a few milliseconds. */
const PAGES = 1_000

/** Copies the database of `url` into `file` while others read and write: all that was committed when it began, and nothing else. */
export async function takeSqliteSnapshot(url: string, file: string): Promise<SnapshotTaken> {
  const place = fileOf(url)
  if (!fs.existsSync(place)) return { outcome: 'absent', place }
  try {
    await copy(place, file)
    const found = await examineSqlite(file)
    return found.faults.length > 0 ? { outcome: 'broken', place, faults: found.faults } : { outcome: 'taken', snapshot: found.snapshot }
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) return { outcome: 'broken', place, faults: [error.message] }
    throw error
  }
}

async function copy(place: string, file: string): Promise<void> {
  const source = new SqliteDatabase(place, { readonly: true, timeout: BUSY_TIMEOUT_MS })
  try {
    // A snapshot held by the copying connection itself: without it every write of others would make the copying begin anew.
    source.exec('BEGIN')
    source.prepare('SELECT COUNT(*) FROM sqlite_schema').get()
    fs.writeFileSync(file, '', { mode: 0o600, flag: 'wx' })
    await source.backup(file, { progress: () => PAGES })
  } finally {
    source.close()
  }
  const copied = new SqliteDatabase(file)
  try {
    // One file by itself, without a log beside it.
    copied.pragma('journal_mode = DELETE')
  } finally {
    copied.close()
  }
}

/** Opens a copy that nobody else has open: what is wrong with it, and what it holds. */
export async function examineSqlite(file: string): Promise<{ faults: string[]; snapshot: Snapshot }> {
  const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true })
  try {
    const number = (statement: string) => (database.prepare(statement).get() as { number: string } | undefined)?.number ?? null
    const { at } = database.prepare('SELECT MAX("receivedAt") AS at FROM "InboundMessage"').get() as { at: string | number | null }
    const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string }
    return {
      faults: listFaults(database),
      snapshot: {
        database: 'sqlite',
        name: SQLITE_NAME,
        file,
        version: `SQLite ${version}`,
        migrations: (database.prepare(APPLIED_MIGRATIONS).all() as AppliedMigration[]).map(({ name }) => name).sort(),
        tables: await digestTables(readSqliteTables(database)),
        last: { request: number(LAST_REQUEST), volunteer: number(LAST_VOLUNTEER), messageAt: at === null ? null : new Date(at).toISOString() },
      },
    }
  } finally {
    database.close()
  }
}
