import type { Logger } from 'pino'
import path from 'node:path'
import { setImmediate as nextTick, setTimeout as pause } from 'node:timers/promises'
import { createFaultLog } from '../../domain/faults.ts'
import type { Database, DatabaseTrouble, WriteMode } from './database.ts'
import { createDigests, type DigestOf } from './erased/digests.ts'
import { createForgetting } from './erased/forgetting.ts'
import type { Prisma, PrismaClient } from '../generated/client.ts'
import { migrateDatabase } from './inspect.ts'
import type { Others } from './others.ts'
import { readPatiently } from './patient-reads.ts'
import { fileOf, openSqlite, serveSqlite } from './sqlite/sqlite.ts'
import { createTroubles, type StoreTroubles } from './store-faults.ts'

/** What a write job gets: the open transaction. */
export type Transaction = Prisma.TransactionClient
/** What a read gets: committed data only. */
export type Reader = PrismaClient

export interface Store {
  /** Reads of committed data. Never write through it. */
  readonly read: Reader
  /**
   * Runs one job in a durable transaction and resolves when it is on the disk. Jobs that wait at the same time share a
   * transaction; when one of them fails the others are run again without it, so a job must do nothing but read and write through its
   * transaction, and may be run twice. A job is alone in the database, other processes' included, unless it says `beside`: then it
   * touches only what is its own, a conversation that this process holds or rows that it adds.
   * @throws what the job threw, or StoreError (retryable) when the database could not take it within a few seconds
   */
  write<T>(job: (transaction: Transaction) => Promise<T>, mode?: WriteMode): Promise<T>
  /** What keeps the database from being written or read as it should be, as far as is known; null when nothing does. */
  trouble(): DatabaseTrouble | null
  /** A one-way mark under this store's key. */
  readonly digestOf: DigestOf
  /**
   * Makes the database let go of what was erased, its log included where that is ours. Resolves with whether it is done: while another program
   * reads the file it can't be, is tried again until it is, and the log says so.
   */
  forgetErased(): Promise<boolean>
  /** Whether something that was erased still waits for that. */
  holdsErased(): boolean
  /** Other processes on the same database; absent where there can be none. */
  readonly others?: Others
  /** Waits for the jobs under way and closes the database. */
  close(): Promise<void>
}

/**
 * Runs a part of a job that may be refused: when it throws, what it wrote is taken back, and nothing else of the transaction.
 * @throws what the part threw
 */
export async function attempt<T>(transaction: Transaction, part: () => Promise<T>): Promise<T> {
  await transaction.$executeRaw`SAVEPOINT attempt`
  try {
    const result = await part()
    await transaction.$executeRaw`RELEASE SAVEPOINT attempt`
    return result
  } catch (error) {
    await transaction.$executeRaw`ROLLBACK TO SAVEPOINT attempt`
    await transaction.$executeRaw`RELEASE SAVEPOINT attempt`
    throw error
  }
}

interface WaitingJob {
  mode: WriteMode
  since: number
  run: (transaction: Transaction) => Promise<unknown>
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

/** Most jobs that share one transaction: keeps the pause that a rollback costs short. */
const LARGEST_BATCH = 64
const TRANSACTION_LIMITS = { maxWait: 60_000, timeout: 60_000 }
/** How long a job waits while another program has the lock: whoever asked still listens then. */
const PATIENCE_MS = 5_000
const ASK_AGAIN_MS = 25

export interface StoreOptions {
  url: string
  migrationsDirectory: string
  /** Where its keys lie; by default beside the file. On a server none is beside it: without one no mark is made. */
  keysDirectory?: string
  log: Logger
  now?: () => Date
  /** Whether this process serves the database: a file is served by one process. A command does not. */
  serves?: boolean
}

/**
 * Opens the database of `url` (file:… or postgresql://…) and applies the migrations; a file and its folder are made.
 * @throws {StoreError} with the remedy when the database can't be opened or reached
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { url, migrationsDirectory, log, now = () => new Date(), serves = false } = options
  const isFile = url.startsWith('file:')
  const held = serves && isFile ? serveSqlite(url) : null
  const database = await openMigrated(url, migrationsDirectory, isFile).catch((error: unknown) => {
    held?.release()
    throw error
  })
  const troubles = createTroubles(database, log, now)
  const write = createWriter(database, troubles)
  const forgetting = createForgetting(() => write.alone(() => database.forgetErased()), createFaultLog(log, now))
  return {
    read: readPatiently(database.reader, troubles, PATIENCE_MS),
    write: write.enqueue,
    trouble: () => troubles.current(),
    digestOf: createDigests(options.keysDirectory ?? (isFile ? path.join(path.dirname(fileOf(url)), 'keys') : null)),
    forgetErased: () => forgetting.forget(),
    holdsErased: () => forgetting.isWaiting(),
    ...(database.others && { others: database.others }),
    close: async () => {
      forgetting.stop()
      await write.idle()
      await database.close()
      held?.release()
    },
  }
}

async function openMigrated(url: string, migrationsDirectory: string, isFile: boolean): Promise<Database> {
  await migrateDatabase(url, migrationsDirectory)
  if (isFile) return openSqlite(url)
  const { openPostgresql } = await import('./postgresql/postgresql.ts')
  return openPostgresql(url)
}

/** Every write goes through here, so that a database that takes none is spoken of here, and nowhere else. */
function createWriter(database: Database, troubles: StoreTroubles) {
  const waiting: WaitingJob[] = []
  let running: Promise<void> | undefined

  const enqueue = <T>(job: (transaction: Transaction) => Promise<T>, mode: WriteMode = 'alone'): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ since: performance.now(), mode: database.others ? mode : 'alone', run: job, resolve, reject })
      running ??= drain()
    })

  const drain = async (): Promise<void> => {
    // One turn of the event loop lets jobs that arrived together share the transaction.
    await nextTick()
    while (waiting.length > 0) await runWaiting(database, troubles, waiting)
    running = undefined
  }

  return {
    enqueue,
    /** Runs something that bears no transaction beside it. */
    alone: async <T>(job: () => Promise<T>): Promise<T> => {
      while (running) await running
      const done = job()
      running = done.then(drain, drain)
      return done
    },
    idle: async () => {
      while (running) await running
    },
  }
}

/** How many of those that wait longest can share a transaction. */
function countOfOneMode(waiting: readonly WaitingJob[]): number {
  const next = waiting.findIndex(({ mode }) => mode !== waiting[0]?.mode)
  return Math.min(LARGEST_BATCH, next === -1 ? waiting.length : next)
}

/** Runs the jobs that wait once the lock is had: who comes while it is waited for shares the transaction. */
async function runWaiting(database: Database, troubles: StoreTroubles, waiting: WaitingJob[], mode: WriteMode = waiting[0]?.mode ?? 'alone'): Promise<void> {
  let batch: WaitingJob[] = []
  let failing = -1
  try {
    const results = await database.transact(async (transaction) => {
      if (!(await waitForLock(database, troubles, transaction, waiting, mode))) return []
      batch = waiting.splice(0, countOfOneMode(waiting))
      const values: unknown[] = []
      for (const [index, job] of batch.entries()) {
        // Between two of them whatever comes in is heard.
        if (index > 0) await nextTick()
        failing = index
        values.push(await job.run(transaction))
      }
      failing = -1
      return values
    }, TRANSACTION_LIMITS)
    if (batch.length === 0) return
    troubles.over()
    batch.forEach((job, index) => job.resolve(results[index] as never))
  } catch (failure) {
    // It failed before anybody had begun: nobody that waits now would fare better.
    if (batch.length === 0) batch = waiting.splice(0)
    if (mode === 'beside' && database.isCollision?.(failure) === true) {
      while (batch.length > 0) await runWaiting(database, troubles, batch, 'alone')
      return
    }
    const { error, trouble } = troubles.explain(failure)
    if (batch.length === 1 || (trouble !== undefined && HITS_ALL.has(trouble))) return batch.forEach((job) => job.reject(error))
    // The job that failed pays alone; those before and behind it share a transaction as before. Where it was none of them, each is tried by itself.
    const parts = failing === -1 ? batch.map((job) => [job]) : [batch.slice(0, failing), batch.slice(failing, failing + 1), batch.slice(failing + 1)]
    for (const part of parts) while (part.length > 0) await runWaiting(database, troubles, part, mode)
  }
}

/** What would refuse each job alone too. A full disk may still take a smaller one, and damage hits those that touch it. */
const HITS_ALL: ReadonlySet<DatabaseTrouble> = new Set<DatabaseTrouble>(['busy', 'away', 'readonly', 'failing'])

/** Asks for the lock until it is had; who has waited for too long is told so. False when nobody waits any more. */
async function waitForLock(database: Database, troubles: StoreTroubles, transaction: Transaction, waiting: WaitingJob[], mode: WriteMode): Promise<boolean> {
  while (!(await database.takeWriteLock(transaction, mode))) {
    await pause(ASK_AGAIN_MS)
    const latest = performance.now() - PATIENCE_MS
    const tired = waiting.filter(({ since }) => since <= latest)
    if (tired.length > 0) {
      waiting.splice(0, waiting.length, ...waiting.filter((job) => !tired.includes(job)))
      const { error } = troubles.explain(new Error(LOCKED))
      for (const job of tired) job.reject(error)
    }
    if (waiting.length === 0) return false
  }
  return true
}

/** In the words in which SQLite says it. */
const LOCKED = 'database is locked'
