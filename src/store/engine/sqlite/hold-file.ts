import SqliteDatabase from 'better-sqlite3'
import fs from 'node:fs'
import { StoreError } from '../../../domain/errors.ts'

/** Where SQLite keeps `PRAGMA user_version` in a file: four bytes, big-endian. */
const USER_VERSION_AT = 60

/** Lies beside the database; its lock is the operating system's and ends with the process that has it, however that ends. */
const besideOf = (file: string): string => `${file}-service`

export interface HeldFile {
  release(): void
}

/**
 * Makes this process the one that serves `file`. Commands that only look or write a row do not ask for it.
 * @throws {StoreError} naming the process that has it
 */
export function holdFile(file: string): HeldFile {
  const lock = new SqliteDatabase(besideOf(file), { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    // In this mode the lock is kept until the connection ends.
    lock.exec('BEGIN EXCLUSIVE; COMMIT')
  } catch (error) {
    lock.close()
    const holder = readHolder(file)
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new StoreError(`${describeHolder(holder)} serves the database ${file} already, and one file is served by one process: stop that one, or give this one a DATA_DIR of its own. (Commands such as doctor, export or staff-code may run beside it.)`)
    }
    throw error
  }
  noteHolder(lock)
  return { release: () => void lock.close() }
}

/** Writes who has it. On a full disk that is left out: the service itself tells of that. */
function noteHolder(lock: SqliteDatabase.Database): void {
  try {
    lock.pragma(`user_version = ${process.pid}`)
  } catch (error) {
    if (!(error instanceof SqliteDatabase.SqliteError)) throw error
  }
}

/** The process that serves `file` at present; null when none does. It takes no lock of its own. */
export function findHolder(file: string): number | null {
  if (!fs.existsSync(besideOf(file))) return null
  const lock = new SqliteDatabase(besideOf(file), { timeout: 0, readonly: true })
  try {
    lock.pragma('user_version')
    return null
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) return readHolder(file)?.pid ?? 0
    return null
  } finally {
    lock.close()
  }
}

/** Read past SQLite, whose lock keeps everybody else out. */
function readHolder(file: string): { pid: number; since: Date } | null {
  try {
    const bytes = fs.readFileSync(besideOf(file))
    const pid = bytes.length < USER_VERSION_AT + 4 ? 0 : bytes.readInt32BE(USER_VERSION_AT)
    return pid > 0 ? { pid, since: fs.statSync(besideOf(file)).mtime } : null
  } catch {
    // What can't be read names nobody; that the file is held is known all the same.
    return null
  }
}

const describeHolder = (holder: ReturnType<typeof readHolder>): string =>
  holder === null ? 'Another process' : `Process ${holder.pid}${holder.pid === process.pid ? ' (this one, or one in another container)' : ''}, since ${holder.since.toISOString()},`
