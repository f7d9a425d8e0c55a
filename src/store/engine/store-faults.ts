import { AppError, StoreError } from '../../domain/errors.ts'
import { createFaultLog, type Fault, type FaultLogger } from '../../domain/faults.ts'
import type { Database, DatabaseTrouble } from './database.ts'

const WRITTEN_AGAIN = 'The database is written again.'

const FAULTS: Record<DatabaseTrouble, Fault> = {
  busy: {
    name: 'database-locked',
    level: 'error',
    message: 'The database is locked by another program: nothing is written, and what waits is written by itself once it is free; nothing is lost. End that program: a copy, a database browser, a second service.',
    end: WRITTEN_AGAIN,
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
  readonly: {
    name: 'database-read-only',
    level: 'error',
    message: 'The database may only be read: nothing is written, and what waits is written by itself once it may be; nothing is lost. Check the rights of its file and folder, and whether the disk was switched to reading after a fault (mount, dmesg).',
    end: WRITTEN_AGAIN,
  },
  damaged: {
    name: 'database-damaged',
    level: 'error',
    message: 'The database is damaged: what stands in its damaged part can be neither read nor written, the rest goes on. Stop the service, look with `npm run -s linli -- doctor` what is damaged, and put the latest backup in its place.',
    end: 'The database is not damaged any more.',
  },
  failing: {
    name: 'database-disk-failing',
    level: 'error',
    message: 'The disk does not read or write the database; it is tried again by itself. Check the disk and its cable (dmesg), whether the folder is still there, and the number of files a process may open (ulimit -n).',
    end: 'The database is read and written again.',
  },
}

const SENTENCES: Record<DatabaseTrouble, string> = {
  busy: 'The database was locked by another program for too long: nothing was written.',
  full: 'The disk is full: nothing was written. Make room on the disk that holds the database.',
  away: 'PostgreSQL can not be reached: nothing was written, as far as is known. The service goes on by itself once it is back.',
  readonly: 'The database may only be read: nothing was written.',
  damaged: 'The database is damaged where this was to be read or written.',
  failing: 'The disk did not read or write the database.',
}

/** What a job is told whose database does not do it: it may be tried again. */
export const storeErrorOf = (trouble: DatabaseTrouble, cause: unknown): StoreError => new StoreError(SENTENCES[trouble], { cause, retryable: true })

/** What the store knows of its database's troubles: it says them in the log, once, and remembers what goes on. */
export interface StoreTroubles {
  /** What a failed read or write is spoken of as: a StoreError that may be tried again when it is the database that failed, else the error itself. */
  explain(error: unknown): { error: unknown; trouble: DatabaseTrouble | undefined }
  /** Whether it is but a lock that somebody else has. Nothing is said. */
  isLock(error: unknown): boolean
  /** A write has got through. */
  over(): void
  /** What goes on at present; null when nothing is known to be wrong. */
  current(): DatabaseTrouble | null
}

export function createTroubles(database: Pick<Database, 'explainFault'>, log: FaultLogger, now: () => Date): StoreTroubles {
  const faults = createFaultLog(log, now)
  let lasting: DatabaseTrouble | null = null
  /** Damage does not heal: that other rows can be written says nothing. */
  let isDamaged = false
  return {
    explain(error) {
      if (error instanceof AppError) return { error, trouble: undefined }
      const trouble = database.explainFault(error)
      if (trouble === undefined) return { error, trouble }
      if (trouble === 'damaged') isDamaged = true
      else lasting = trouble
      faults.say(FAULTS[trouble])
      return { error: storeErrorOf(trouble, error), trouble }
    },
    isLock: (error) => !(error instanceof AppError) && database.explainFault(error) === 'busy',
    over() {
      lasting = null
      for (const [trouble, { name }] of Object.entries(FAULTS)) if (trouble !== 'damaged') faults.over(name)
    },
    current: () => (isDamaged ? 'damaged' : lasting),
  }
}
