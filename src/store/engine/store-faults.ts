import { StoreError } from '../../domain/errors.ts'
import type { Fault } from '../../domain/faults.ts'
import type { WriteFault } from './database.ts'

const FAULTS: Record<WriteFault, Fault> = {
  busy: {
    name: 'database-locked',
    level: 'error',
    message: 'The database is locked by another program: nothing is written, and what waits is written by itself once it is free; nothing is lost. End that program: a copy, a database browser, a second service.',
    end: 'The database is written again.',
  },
  full: {
    name: 'disk-full',
    level: 'error',
    message: 'The disk is full: nothing is written, and what waits is written by itself once there is room; nothing is lost. Make room on the disk that holds the database: DATA_DIR, unless DATABASE_URL names another place.',
    end: 'There is room on the disk again: the database is written.',
  },
  away: {
    name: 'database-away',
    level: 'error',
    message: 'PostgreSQL can not be reached: nothing is written, and what waits is written by itself once it is back; nothing is lost. Start it, or see why its connections are refused.',
    end: 'PostgreSQL is back: the database is written again.',
  },
}

export const DATABASE_FAULTS: readonly Fault[] = Object.values(FAULTS)

const SENTENCES: Record<WriteFault, string> = {
  busy: 'The database was locked by another program for too long: nothing was written.',
  full: 'The disk is full: nothing was written. Make room on the disk that holds the database.',
  away: 'PostgreSQL can not be reached: nothing was written, as far as is known. The service goes on by itself once it is back.',
}

/** What a failed write is spoken of as. */
export const toStoreFault = (reason: WriteFault, cause: unknown): { fault: Fault; error: StoreError } => ({
  fault: FAULTS[reason],
  error: new StoreError(SENTENCES[reason], { cause, retryable: true }),
})
