import type { Prisma, PrismaClient } from '../generated/client.ts'
import type { PostgresqlOthers } from './postgresql-others.ts'

/** No room on its disk; kept from writing by somebody else; not there. */
export type WriteFault = 'full' | 'busy' | 'away'

/** `beside`: other processes may do the same at the same time, so a job touches only what it holds or adds. One process writes one transaction at a time in either. */
export type WriteMode = 'alone' | 'beside'

/**
 * A database product, as the store needs it: connections whose dialect is hidden, and the few things that each does in its
 * own way. Everything else is one set of models and queries for both.
 */
export interface Database {
  /** Sees committed data only and can't write. */
  readonly reader: PrismaClient
  /** Runs one transaction at a time. */
  readonly writer: PrismaClient
  /** First statement of a writing transaction: from here on no other writer, of any process, is in between; with `beside` none but others that said the same. */
  takeWriteLock(transaction: Prisma.TransactionClient, mode: WriteMode): Promise<void>
  /** Makes the database let go of what was erased or overwritten. Not within a transaction. */
  forgetErased(): Promise<void>
  /** What a failed write says of the database; undefined when it is not the database that failed. */
  explainFault(error: unknown): WriteFault | undefined
  /** Whether a write failed only because another process wrote beside it. */
  isCollision?(error: unknown): boolean
  /** Absent where one process has the database to itself. */
  others?: PostgresqlOthers
}

/** What can be told of a database without changing it. `place` names it to people and holds no password. */
export type DatabaseState =
  | { outcome: 'absent'; place: string }
  | { outcome: 'unreadable'; place: string; reason: string }
  | { outcome: 'read'; place: string; bytes: number; faults: string[]; pendingMigrations: string[]; activeStaff: number | null }

/** Admins who may log in; both dialects understand it. */
export const COUNT_ADMINS = `SELECT COUNT(*) AS count FROM "StaffMember" WHERE "disabledAt" IS NULL AND "role" = 'admin'`
