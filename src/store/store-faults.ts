import { StoreError } from '../domain/errors.ts'
import type { Fault } from '../domain/faults.ts'

const LOCKED: Fault = {
  name: 'database-locked',
  level: 'error',
  message: 'The database is locked by another program: nothing is written, and what waits is written by itself once it is free; nothing is lost. End that program: a copy, a database browser, a second service.',
  end: 'The database is written again.',
}

const FULL: Fault = {
  name: 'disk-full',
  level: 'error',
  message: 'The disk is full: nothing is written, and what waits is written by itself once there is room; nothing is lost. Make room on the disk that holds DATA_DIR.',
  end: 'There is room on the disk again: the database is written.',
}

export const DATABASE_FAULTS: readonly Fault[] = [LOCKED, FULL]

/** What a failed write says of the database; null when it is not the database that failed. */
export function toStoreFault(error: unknown): { fault: Fault; error: StoreError } | null {
  const reason = error instanceof Error ? error.message : String(error)
  if (/SQLITE_FULL|disk is full/i.test(reason)) return { fault: FULL, error: new StoreError('The disk is full: nothing was written. Make room on the disk that holds DATA_DIR.', { cause: error, retryable: true }) }
  if (/SQLITE_BUSY|database is locked|timed out during query|SocketTimeout/i.test(reason)) {
    return { fault: LOCKED, error: new StoreError('The database was locked by another program for too long: nothing was written.', { cause: error, retryable: true }) }
  }
  return null
}
