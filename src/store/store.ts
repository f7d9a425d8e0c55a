import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import Database from 'better-sqlite3'
import fs from 'node:fs'
import path from 'node:path'
import type { Logger } from 'pino'
import { AppError, StoreError } from '../domain/errors.ts'
import { createFaultLog, type FaultLog } from '../domain/faults.ts'
import { Prisma, PrismaClient } from './generated/client.ts'
import { applyMigrations } from './migrate.ts'
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
  /** Empties the write-ahead log, so that what was erased is not left in it either. Resolves when it is done. */
  forgetErased(): Promise<void>
  /** Waits for the jobs under way and closes the database. */
  close(): Promise<void>
}

interface WaitingJob {
  run: (transaction: Transaction) => Promise<unknown>
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

/** Most jobs that share one transaction: keeps the pause that a rollback costs short. */
const LARGEST_BATCH = 64
const BUSY_TIMEOUT_MS = 5_000
const TRANSACTION_LIMITS = { maxWait: 60_000, timeout: 60_000 }

/**
 * Opens the database of `url` (file:…), makes its folder, applies the migrations.
 * Prisma runs a plain statement inside whatever transaction is open on its connection, so writes have a connection of their
 * own, one transaction at a time, and reads another, which sees only what was committed.
 * @throws {StoreError} with the remedy when the file can't be opened, is locked or is no database
 */
export async function openStore(options: { url: string; migrationsDirectory: string; log: Logger; now?: () => Date }): Promise<Store> {
  const file = path.resolve(options.url.replace(/^file:/, ''))
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    prepareDatabase(file, options.migrationsDirectory)
  } catch (error) {
    throw error instanceof AppError ? error : new StoreError(explainOpenFailure(file, error), { cause: error })
  }
  const writer = await connect(file, ['PRAGMA synchronous = FULL', 'PRAGMA foreign_keys = ON', 'PRAGMA secure_delete = ON'])
  const reader = await connect(file, ['PRAGMA query_only = ON'])
  const write = createWriter(writer, createFaultLog(options.log, options.now ?? (() => new Date())))
  return {
    read: reader,
    write: write.enqueue,
    forgetErased: write.checkpoint,
    close: async () => {
      await write.idle()
      await Promise.all([writer.$disconnect(), reader.$disconnect()])
    },
  }
}

function prepareDatabase(file: string, migrationsDirectory: string): void {
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    applyMigrations(database, migrationsDirectory)
  } finally {
    database.close()
  }
}

async function connect(file: string, pragmas: string[]): Promise<PrismaClient> {
  const client = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${file}`, timeout: BUSY_TIMEOUT_MS }) })
  for (const pragma of pragmas) await client.$queryRawUnsafe(pragma)
  return client
}

function explainOpenFailure(file: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  if (/locked|busy/i.test(reason)) return `The database ${file} is locked by another program: end that program, then start again.`
  if (/not a database/i.test(reason)) return `${file} is not a SQLite database: move it away or set DATABASE_URL to another file.`
  if (/full|ENOSPC/i.test(reason)) return `The disk that holds ${file} is full: make room, then start again.`
  if (/EACCES|EPERM|EEXIST|ENOTDIR|ENAMETOOLONG|readonly|unable to open/i.test(reason)) return `The database ${file} can't be opened for writing (${reason}): check the folder's owner and rights, or set DATA_DIR.`
  return `The database ${file} can't be opened: ${reason}`
}

/** Every write goes through here, so that a database that takes none is spoken of here, and nowhere else. */
function createWriter(client: PrismaClient, faults: FaultLog) {
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
    while (waiting.length > 0) await runBatch(client, faults, waiting.splice(0, LARGEST_BATCH))
    running = undefined
  }

  return {
    enqueue,
    checkpoint: async () => {
      while (running) await running
      // A reader may hold an old page for a moment; the next checkpoint takes it then.
      running = client.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)').then(drain, drain)
      await running
    },
    idle: async () => {
      while (running) await running
    },
  }
}

async function runBatch(client: PrismaClient, faults: FaultLog, batch: WaitingJob[]): Promise<void> {
  try {
    const results = await inTransaction(client, async (transaction) => {
      const values: unknown[] = []
      for (const job of batch) values.push(await job.run(transaction))
      return values
    })
    for (const { name } of DATABASE_FAULTS) faults.over(name)
    batch.forEach((job, index) => job.resolve(results[index] as never))
  } catch (error) {
    const [only] = batch
    if (batch.length === 1 && only) return only.reject(sayFault(faults, error))
    for (const job of batch) await runBatch(client, faults, [job])
  }
}

async function inTransaction<T>(client: PrismaClient, body: (transaction: Transaction) => Promise<T>): Promise<T> {
  return client.$transaction(async (transaction) => {
    // Takes the write lock before anything is read: a transaction that reads first can't wait for another process's write.
    await transaction.$executeRaw`UPDATE "Counter" SET "value" = "value" WHERE "key" = ''`
    return body(transaction)
  }, TRANSACTION_LIMITS)
}

function sayFault(faults: FaultLog, error: unknown): unknown {
  const known = error instanceof AppError ? null : toStoreFault(error)
  if (known === null) return error
  faults.say(known.fault)
  return known.error
}
