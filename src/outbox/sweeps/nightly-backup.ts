import { createFaultLog, describeError, type Fault, type FaultLogger } from '../../domain/faults.ts'
import { fromLocalIso, toLocalDay } from '../../domain/time.ts'
import { listBackups, pruneBackups, type BackupFile } from '../../store/backups/backup-folder.ts'
import type { BackupMade } from '../../store/backups/make-backup.ts'

export interface NightlyBackupOptions {
  directory: string
  /** How many are kept; 0 = none is made. */
  kept: number
  /** Given up when the signal says so. */
  make: (now: Date, signal: AbortSignal) => Promise<BackupMade>
  log: FaultLogger
  now: () => Date
}

/** What is known of the backups, for the desk. */
export interface BackupState {
  /** null = there is none. */
  last: BackupFile | null
  /** Whether one is made every night. */
  isNightly: boolean
  /** Why the last try made none; null = it did, or none was tried. */
  problem: string | null
}

export interface NightlyBackup {
  /** Begins a backup when its time has come, and does not wait for it; resolves with the instant at which to look again. Never throws. */
  sweep(): Promise<Date | null>
  state(): Promise<BackupState>
  /** Resolves when no backup is being made. */
  idle(): Promise<void>
  /** Gives up the backup that is being made; nothing is left of it. */
  stop(): Promise<void>
}

/** Local wall clock: in quiet hours, when least is written. */
const AT = 'T03:30'
const DAY_MS = 24 * 60 * 60 * 1000
/** After a start: whoever tries the program out for a minute gets no backup of it. */
const AFTER_START_MS = 10 * 60_000
const AGAIN_MS = 60 * 60_000
/** A backup dated later than this from now was made by a clock that was wrong. */
const CLOCK_MS = 60 * 60_000

const BACKUP_FAILED: Fault = {
  name: 'no-backup',
  level: 'error',
  message: 'The nightly backup could not be made; it is tried again every hour, and the service goes on. See what is in the way (reason), or make one by hand: npm run -s linli -- backup DIR.',
  end: 'A backup was made again.',
}

/** Makes a backup every night, by what lies in its folder alone: any process may stop or start at any time. */
export function createNightlyBackup({ directory, kept, make, log, now }: NightlyBackupOptions): NightlyBackup {
  const faults = createFaultLog(log, now)
  const ending = new AbortController()
  let running: Promise<void> | null = null
  let problem: string | null = null
  let notBefore = new Date(now().getTime() + AFTER_START_MS)

  async function run(): Promise<void> {
    // Set first: a fault too is tried again then, and no sooner.
    notBefore = new Date(now().getTime() + AGAIN_MS)
    try {
      const made = await make(now(), ending.signal)
      if (made.outcome === 'made') {
        await pruneBackups(directory, kept)
        problem = null
        faults.over(BACKUP_FAILED.name)
        log.info({ bytes: made.bytes, kept }, 'The nightly backup is made and was checked.')
      } else if (made.outcome !== 'absent') fail(describeOutcome(made), { reason: describeOutcome(made) })
    } catch (error) {
      if (!ending.signal.aborted) fail(error instanceof Error ? error.message : String(error), describeError(error))
    }
  }

  function fail(why: string, details: object): void {
    problem = why
    faults.say(BACKUP_FAILED, {}, details)
  }

  const newest = async (): Promise<BackupFile | null> => (await listBackups(directory)).find(({ madeAt }) => madeAt.getTime() <= now().getTime() + CLOCK_MS) ?? null

  return {
    async sweep() {
      if (kept === 0 || ending.signal.aborted) return null
      const at = now()
      if (running !== null) return new Date(at.getTime() + AGAIN_MS)
      if (at < notBefore) return notBefore
      try {
        const last = await newest()
        const slot = lastSlot(at)
        if (last !== null && last.madeAt >= slot) return new Date(slot.getTime() + DAY_MS)
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error), describeError(error))
        notBefore = new Date(at.getTime() + AGAIN_MS)
        return notBefore
      }
      running = run().finally(() => {
        running = null
      })
      return new Date(at.getTime() + AGAIN_MS)
    },
    async state() {
      return { last: await newest().catch(() => null), isNightly: kept > 0, problem }
    },
    async idle() {
      await running
    },
    async stop() {
      ending.abort()
      await running
    },
  }
}

/** The last 03:30 that is over. */
function lastSlot(at: Date): Date {
  const today = fromLocalIso(`${toLocalDay(at)}${AT}`)
  return today <= at ? today : new Date(today.getTime() - DAY_MS)
}

function describeOutcome(made: Exclude<BackupMade, { outcome: 'made' | 'absent' }>): string {
  return made.outcome === 'broken' ? `the database is damaged: ${made.faults.slice(0, 2).join('; ')}` : made.reason
}
