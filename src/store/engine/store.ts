import type { Logger } from 'pino'
import { AppError } from '../../domain/errors.ts'
import { createFaultLog, type FaultLog } from '../../domain/faults.ts'
import type { Database, WriteMode } from './database.ts'
import type { Prisma, PrismaClient } from '../generated/client.ts'
import { migrateDatabase } from './inspect.ts'
import type { Others } from './others.ts'
import { openPostgresql } from './postgresql.ts'
import { openSqlite } from './sqlite.ts'
import { DATABASE_FAULTS, toStoreFault } from './store-faults.ts'

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
   * @throws what the job threw, or StoreError (retryable when the database was busy)
   */
  write<T>(job: (transaction: Transaction) => Promise<T>, mode?: WriteMode): Promise<T>
  /** Makes the database let go of what was erased, its log included where that is ours. Resolves when it is done. */
  forgetErased(): Promise<void>
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
  run: (transaction: Transaction) => Promise<unknown>
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

/** Most jobs that share one transaction: keeps the pause that a rollback costs short. */
const LARGEST_BATCH = 64
const TRANSACTION_LIMITS = { maxWait: 60_000, timeout: 60_000 }

/**
 * Opens the database of `url` (file:… or postgresql://…) and applies the migrations; a file and its folder are made.
 * @throws {StoreError} with the remedy when the database can't be opened or reached
 */
export async function openStore(options: { url: string; migrationsDirectory: string; log: Logger; now?: () => Date }): Promise<Store> {
  await migrateDatabase(options.url, options.migrationsDirectory)
  const database = await (options.url.startsWith('file:') ? openSqlite(options.url) : openPostgresql(options.url))
  const write = createWriter(database, createFaultLog(options.log, options.now ?? (() => new Date())))
  return {
    read: database.reader,
    write: write.enqueue,
    forgetErased: write.forgetErased,
    ...(database.others && { others: database.others }),
    close: async () => {
      await write.idle()
      await database.others?.close()
      await Promise.all([database.writer.$disconnect(), database.reader.$disconnect()])
    },
  }
}

/** Every write goes through here, so that a database that takes none is spoken of here, and nowhere else. */
function createWriter(database: Database, faults: FaultLog) {
  const waiting: WaitingJob[] = []
  let running: Promise<void> | undefined

  const enqueue = <T>(job: (transaction: Transaction) => Promise<T>, mode: WriteMode = 'alone'): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ mode: database.others ? mode : 'alone', run: job, resolve: resolve, reject })
      running ??= drain()
    })

  const drain = async (): Promise<void> => {
    // One turn of the event loop lets jobs that arrived together share the transaction.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) await runBatch(database, faults, waiting.splice(0, countOfOneMode(waiting)))
    running = undefined
  }

  return {
    enqueue,
    forgetErased: async () => {
      while (running) await running
      running = database.forgetErased().then(drain, drain)
      await running
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

async function runBatch(database: Database, faults: FaultLog, batch: WaitingJob[], mode = batch[0]?.mode ?? 'alone'): Promise<void> {
  let failing = -1
  try {
    const results = await inTransaction(database, mode, async (transaction) => {
      const values: unknown[] = []
      for (const [index, job] of batch.entries()) {
        failing = index
        values.push(await job.run(transaction))
      }
      failing = -1
      return values
    })
    for (const { name } of DATABASE_FAULTS) faults.over(name)
    batch.forEach((job, index) => job.resolve(results[index] as never))
  } catch (error) {
    const [only] = batch
    if (mode === 'beside' && database.isCollision?.(error) === true) return runBatch(database, faults, batch, 'alone')
    if (batch.length === 1 && only) return only.reject(sayFault(database, faults, error))
    // The job that failed pays alone; those before and behind it share a transaction as before. Where it was none of them, each is tried by itself.
    const parts = failing === -1 ? batch.map((job) => [job]) : [batch.slice(0, failing), batch.slice(failing, failing + 1), batch.slice(failing + 1)]
    for (const part of parts) if (part.length > 0) await runBatch(database, faults, part, mode)
  }
}

async function inTransaction<T>(database: Database, mode: WriteMode, body: (transaction: Transaction) => Promise<T>): Promise<T> {
  return database.writer.$transaction(async (transaction) => {
    await database.takeWriteLock(transaction, mode)
    return body(transaction)
  }, TRANSACTION_LIMITS)
}

function sayFault(database: Database, faults: FaultLog, error: unknown): unknown {
  const reason = error instanceof AppError ? undefined : database.explainFault(error)
  if (reason === undefined) return error
  const known = toStoreFault(reason, error)
  faults.say(known.fault)
  return known.error
}
