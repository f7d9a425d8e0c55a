import type { Logger } from 'pino'
import path from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { createFaultLog, type FaultLog } from '../../domain/faults.ts'
import type { Database } from './database.ts'
import { createDigests, type DigestOf } from './erased/digests.ts'
import { createForgetting } from './erased/forgetting.ts'
import type { Prisma, PrismaClient } from '../generated/client.ts'
import { migrateDatabase } from './inspect.ts'
import { openPostgresql } from './postgresql.ts'
import { fileOf, openSqlite } from './sqlite.ts'
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
   * transaction; when one of them fails the others are run again, so a job must do nothing but read and write through its
   * transaction, and may be run twice.
   * @throws what the job threw, or StoreError (retryable when the database was busy)
   */
  write<T>(job: (transaction: Transaction) => Promise<T>): Promise<T>
  /** A one-way mark under this store's key. */
  readonly digestOf: DigestOf
  /**
   * Makes the database let go of what was erased, its log included where that is ours. Resolves with whether it is done: while another program
   * reads the file it can't be, is tried again until it is, and the log says so.
   */
  forgetErased(): Promise<boolean>
  /** Whether something that was erased still waits for that. */
  holdsErased(): boolean
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
  run: (transaction: Transaction) => Promise<unknown>
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

/** Most jobs that share one transaction: keeps the pause that a rollback costs short. */
const LARGEST_BATCH = 64
const TRANSACTION_LIMITS = { maxWait: 60_000, timeout: 60_000 }

export interface StoreOptions {
  url: string
  migrationsDirectory: string
  /** Where its keys lie; by default beside the file. On a server none is beside it: without one no mark is made. */
  keysDirectory?: string
  log: Logger
  now?: () => Date
}

/**
 * Opens the database of `url` (file:… or postgresql://…) and applies the migrations; a file and its folder are made.
 * @throws {StoreError} with the remedy when the database can't be opened or reached
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  await migrateDatabase(options.url, options.migrationsDirectory)
  const database = await (options.url.startsWith('file:') ? openSqlite(options.url) : openPostgresql(options.url))
  const faults = createFaultLog(options.log, options.now ?? (() => new Date()))
  const write = createWriter(database, faults)
  const forgetting = createForgetting(() => write.alone(() => database.forgetErased()), faults)
  return {
    read: database.reader,
    write: write.enqueue,
    digestOf: createDigests(options.keysDirectory ?? (options.url.startsWith('file:') ? path.join(path.dirname(fileOf(options.url)), 'keys') : null)),
    forgetErased: () => forgetting.forget(),
    holdsErased: () => forgetting.isWaiting(),
    close: async () => {
      forgetting.stop()
      await write.idle()
      await Promise.all([database.writer.$disconnect(), database.reader.$disconnect()])
    },
  }
}

/** Every write goes through here, so that a database that takes none is spoken of here, and nowhere else. */
function createWriter(database: Database, faults: FaultLog) {
  const waiting: WaitingJob[] = []
  let running: Promise<void> | undefined

  const enqueue = <T>(job: (transaction: Transaction) => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ run: job, resolve: resolve, reject })
      running ??= drain()
    })

  const drain = async (): Promise<void> => {
    // One turn of the event loop lets jobs that arrived together share the transaction.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) await runBatch(database, faults, waiting.splice(0, LARGEST_BATCH))
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

async function runBatch(database: Database, faults: FaultLog, batch: WaitingJob[]): Promise<void> {
  try {
    const results = await inTransaction(database, async (transaction) => {
      const values: unknown[] = []
      for (const job of batch) values.push(await job.run(transaction))
      return values
    })
    for (const { name } of DATABASE_FAULTS) faults.over(name)
    batch.forEach((job, index) => job.resolve(results[index] as never))
  } catch (error) {
    const [only] = batch
    if (batch.length === 1 && only) return only.reject(sayFault(database, faults, error))
    for (const job of batch) await runBatch(database, faults, [job])
  }
}

async function inTransaction<T>(database: Database, body: (transaction: Transaction) => Promise<T>): Promise<T> {
  return database.writer.$transaction(async (transaction) => {
    await database.takeWriteLock(transaction)
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
