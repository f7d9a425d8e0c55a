import SqliteDatabase from 'better-sqlite3'
import fs from 'node:fs'
import path from 'node:path'
import { fileOf } from '../engine/sqlite/sqlite.ts'

/** The folder in DATA_DIR that is there while a restore is under way; left over, the restore was not finished. */
const UNFINISHED = '.restoring'
/** What an unfinished restore may have put into DATA_DIR already. */
const PLACED = ['pictures', 'photos', 'knowledge']
/** What may lie in an empty DATA_DIR: backups, and what a file system has of its own. */
const ALLOWED = ['backups', 'lost+found', UNFINISHED]

/** Whether a restore into this DATA_DIR was begun and not finished: nothing may start on it. */
export const isRestoreUnfinished = (dataDirectory: string): boolean => fs.existsSync(path.join(dataDirectory, UNFINISHED))

/** What keeps a restore out of DATA_DIR and from the database's file: the path of something that is there; null when the place is empty. */
export function findOccupant(dataDirectory: string, databaseUrl: string): string | null {
  const isLeftOver = isRestoreUnfinished(dataDirectory)
  const database = databaseUrl.startsWith('file:') ? fileOf(databaseUrl) : null
  const isOurs = (name: string) => ALLOWED.includes(name) || (isLeftOver && (PLACED.includes(name) || path.join(dataDirectory, name) === database))
  const found = fs.existsSync(dataDirectory) ? fs.readdirSync(dataDirectory).find((name) => !isOurs(name)) : undefined
  if (found !== undefined) return path.join(dataDirectory, found)
  if (database === null || isLeftOver) return null
  return [database, `${database}-wal`].find((file) => fs.existsSync(file)) ?? null
}

/** A restore under way: where it works, and what ends it and removes that. */
export interface RestoreFolder {
  scratch: string
  end: () => void
}

/** Begins a restore; null when another process does one here. What an unfinished one had placed already is removed. */
export function beginRestore(dataDirectory: string, databaseUrl: string): RestoreFolder | null {
  const folder = path.join(dataDirectory, UNFINISHED)
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  // The operating system lets go of it when its holder dies, whichever container it ran in.
  const lock = takeLock(path.join(folder, 'lock'))
  if (lock === null) return null
  const scratch = path.join(folder, 'files')
  if (fs.existsSync(scratch)) {
    for (const name of PLACED) fs.rmSync(path.join(dataDirectory, name), { recursive: true, force: true })
    if (databaseUrl.startsWith('file:')) fs.rmSync(fileOf(databaseUrl), { force: true })
    fs.rmSync(scratch, { recursive: true })
  }
  fs.mkdirSync(scratch, { mode: 0o700 })
  const end = () => {
    fs.rmSync(folder, { recursive: true, force: true })
    lock.close()
  }
  return { scratch, end }
}

function takeLock(file: string): SqliteDatabase.Database | null {
  const lock = new SqliteDatabase(file, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null
    throw error
  }
}

/** Moves a file or a folder to where nothing is, also to another disk. */
export function moveInto(from: string, to: string): void {
  fs.mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 })
  try {
    fs.renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    const part = `${to}${UNFINISHED}`
    fs.rmSync(part, { recursive: true, force: true })
    fs.cpSync(from, part, { recursive: true })
    fs.renameSync(part, to)
  }
}
