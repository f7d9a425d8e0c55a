import type { Prisma, PrismaClient } from '../generated/client.ts'

/** No room on its disk; kept from writing by somebody else; not there. */
export type WriteFault = 'full' | 'busy' | 'away'

/**
 * A database product, as the store needs it: connections whose dialect is hidden, and the few things that each does in its
 * own way. Everything else is one set of models and queries for both.
 */
export interface Database {
  /** Sees committed data only and can't write. */
  readonly reader: PrismaClient
  /** Runs one transaction at a time. */
  readonly writer: PrismaClient
  /** First statement of a writing transaction: from here on no other writer, of any process, is in between. */
  takeWriteLock(transaction: Prisma.TransactionClient): Promise<void>
  /** Makes the database let go of what was erased or overwritten, without waiting for anybody; false = somebody else reads it: to be tried again. Not within a transaction. */
  forgetErased(): Promise<boolean>
  /** What a failed write says of the database; undefined when it is not the database that failed. */
  explainFault(error: unknown): WriteFault | undefined
}

/** What can be told of a database without changing it. `place` names it to people and holds no password. */
export type DatabaseState =
  | { outcome: 'absent'; place: string }
  | { outcome: 'unreadable'; place: string; reason: string }
  | { outcome: 'read'; place: string; bytes: number; faults: string[]; pendingMigrations: string[]; activeStaff: number | null }

/** Admins who may log in; both dialects understand it. */
export const COUNT_ADMINS = `SELECT COUNT(*) AS count FROM "StaffMember" WHERE "disabledAt" IS NULL AND "role" = 'admin'`
