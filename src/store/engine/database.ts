import type { Prisma, PrismaClient } from '../generated/client.ts'
import type { PostgresqlOthers } from './postgresql/postgresql-others.ts'

/**
 * Why a database does not do what it is asked: no room on its disk; kept from it by somebody else; not there; may only be read;
 * its content is damaged; its disk or its file can't be used (a fault of the medium, no file handles left).
 */
export type DatabaseTrouble = 'full' | 'busy' | 'away' | 'readonly' | 'damaged' | 'failing'

/** `beside`: other processes may do the same at the same time, so a job touches only what it holds or adds. One process writes one transaction at a time in either. */
export type WriteMode = 'alone' | 'beside'

/**
 * A database product, as the store needs it: connections whose dialect is hidden, and the few things that each does in its
 * own way. Everything else is one set of models and queries for both.
 */
export interface Database {
  /** Sees committed data only and can't write. */
  readonly reader: PrismaClient
  /** Runs a job in a transaction on the one connection that writes, one at a time. */
  transact<T>(job: (transaction: Prisma.TransactionClient) => Promise<T>, limits: { maxWait: number; timeout: number }): Promise<T>
  /**
   * First statement of a writing transaction: once it is true no other writer, of any process, is in between; with `beside` none but others
   * that said the same. False when another program has the lock; to be asked again in the same transaction. It never waits in this thread.
   */
  takeWriteLock(transaction: Prisma.TransactionClient, mode: WriteMode): Promise<boolean>
  /** Makes the database let go of what was erased or overwritten, without waiting for anybody; false = somebody else reads it: to be tried again. Not within a transaction. */
  forgetErased(): Promise<boolean>
  /** What a failed read or write says of the database; undefined when it is not the database that failed. */
  explainFault(error: unknown): DatabaseTrouble | undefined
  /** Whether a write failed only because another process wrote beside it. */
  isCollision?(error: unknown): boolean
  /** Absent where one process has the database to itself. */
  others?: PostgresqlOthers
  close(): Promise<void>
}

/** What can be told of a database without changing it. `place` names it to people and holds no password. */
export type DatabaseState =
  | { outcome: 'absent'; place: string }
  /** A file without content where there was or should be a database; it is not taken for a new one. */
  | { outcome: 'empty'; place: string }
  /** Another, newer program has changed its structure: the newest step of it, and the newest that this program knows. */
  | { outcome: 'newer'; place: string; theirs: string; ours: string }
  | { outcome: 'unreadable'; place: string; reason: string }
  | { outcome: 'read'; place: string; bytes: number; faults: string[]; pendingMigrations: string[]; activeStaff: number | null; use: DatabaseUse }

/** Who uses it at the moment: the process of the service (0 where it is not named), and whether somebody keeps all others from writing. */
export interface DatabaseUse {
  servedBy: number | null
  isLocked: boolean
}

/** Admins who may log in; both dialects understand it. */
export const COUNT_ADMINS = `SELECT COUNT(*) AS count FROM "StaffMember" WHERE "disabledAt" IS NULL AND "role" = 'admin'`
