import { PrismaPg } from '@prisma/adapter-pg'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { AppError, StoreError } from '../../../domain/errors.ts'
import { COUNT_ADMINS, type Database, type DatabaseState, type DatabaseTrouble } from '../database.ts'
import type { PrismaClient } from '../../generated/client.ts'
import { APPLIED_MIGRATIONS, findNewerMigration, listPendingMigrations, type AppliedMigration } from '../migrate.ts'
import { PostgresqlOthers } from './postgresql-others.ts'

/** Any two numbers of our own: nobody else may hold these locks in our database. */
const WRITE_LOCK = 1_281_977_420
const MIGRATION_LOCK = 1_281_977_421
const READERS = 4
const CONNECT_TIMEOUT_MS = 5_000
const NAME = 'linli'

// The table that Prisma's own CLI keeps.
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ, "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ, "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`

/** PostgreSQL's own migrations lie beside SQLite's: the dialects differ, the models do not. */
const beside = (migrationsDirectory: string): string => `${migrationsDirectory}-postgresql`

/**
 * Opens a migrated database of `url` (postgresql://…). As with SQLite one connection writes, one transaction at a time, and
 * others read; a lock of the database keeps the writers of several processes apart, so that the same code holds for both products. Writers
 * that touch only what is their own share it.
 */
export async function openPostgresql(url: string): Promise<Database> {
  // Loaded only where it is used: it is a second client, of the same models.
  const { PrismaClient: PostgresqlClient } = await import('../../generated-postgresql/client.ts')
  const connect = (connections: number, settings: string): PrismaClient =>
    new PostgresqlClient({
      adapter: new PrismaPg({ connectionString: url, max: connections, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true, application_name: NAME, options: settings }),
    }) as unknown as PrismaClient
  const writer = connect(1, '-c synchronous_commit=on -c idle_in_transaction_session_timeout=60000')
  const reader = connect(READERS, '-c default_transaction_read_only=on')
  const others = new PostgresqlOthers(url)
  others.start()
  return {
    reader,
    transact: (job, limits) => writer.$transaction(job, limits),
    others,
    takeWriteLock: async (transaction, mode) => {
      if (mode === 'alone') await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${WRITE_LOCK})`
      else await transaction.$executeRaw`SELECT pg_advisory_xact_lock_shared(${WRITE_LOCK})`
      return true
    },
    isCollision: (error) => COLLISION.test(describe(error)),
    // Old versions of rows stay in a table until it is vacuumed.
    forgetErased: async () => {
      await writer.$executeRawUnsafe('VACUUM')
      return true
    },
    explainFault,
    close: async () => {
      await others.close()
      await Promise.all([writer.$disconnect(), reader.$disconnect()])
    },
  }
}

const FULL = /\b(53100|disk_full|No space left on device)\b/
const BUSY = /\b(40001|40P01|55P03|57014|TransactionWriteConflict|timed out during query|SocketTimeout)\b/
/** Found each other waiting, or added the same row. */
const COLLISION = /\b(40001|40P01|23505|P2002|P2034|UniqueConstraintViolation|TransactionWriteConflict)\b/
/** A standby, or a server that its administrator switched to reading. */
const READ_ONLY = /\b25006\b|cannot execute \w+ in a read-only transaction/
const DAMAGED = /\b(XX001|XX002)\b|invalid page in block/
const FAILING = /\b(58030|53400)\b|could not (read|write|open) file/
const AWAY: readonly RegExp[] = [/\b(57P01|57P02|57P03|53300|08\d\d\d|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|Connection terminated)/i, /\b(timeout exceeded when trying to connect|ConnectionClosed|DatabaseNotReachable|TooManyConnections|Can't reach database server)/i, /\b(Server has closed the connection)/i]

function explainFault(error: unknown): DatabaseTrouble | undefined {
  const reason = describe(error)
  if (FULL.test(reason)) return 'full'
  if (AWAY.some((pattern) => pattern.test(reason))) return 'away'
  if (BUSY.test(reason)) return 'busy'
  if (READ_ONLY.test(reason)) return 'readonly'
  if (DAMAGED.test(reason)) return 'damaged'
  if (FAILING.test(reason)) return 'failing'
  return undefined
}

/** Message and codes of an error and of what caused it; node's and Prisma's errors keep the telling part in different places. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] }
  const causes = [...(errors ?? []), ...(cause === undefined ? [] : [cause])]
  return [error.message, typeof code === 'string' ? code : '', ...causes.map((each) => (each instanceof Error ? describe(each) : JSON.stringify(each)))].join(' ')
}

/** `PostgreSQL host:port/database`: what may be shown of an address. */
export function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url)
  return `PostgreSQL ${hostname}:${port || '5432'}${pathname}`
}

/**
 * Applies the migrations that the database of `url` does not have yet, all in one transaction; another process that does the same waits.
 * @returns the names applied, in order; [] when the database is up to date
 * @throws {StoreError} with the remedy when the database can't be reached, or an applied migration was edited
 */
export async function migratePostgresql(url: string, migrationsDirectory: string): Promise<string[]> {
  try {
    return await withClient(url, async (client) => {
      await client.query('BEGIN')
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
      await client.query(MIGRATIONS_TABLE)
      const pending = listPendingMigrations(beside(migrationsDirectory), (await client.query<AppliedMigration>(APPLIED_MIGRATIONS)).rows)
      for (const { name, sql, checksum } of pending) {
        await client.query(sql)
        await client.query('INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)', [randomUUID(), checksum, name])
      }
      // An error before this ends the connection, and with it the transaction.
      await client.query('COMMIT')
      return pending.map(({ name }) => name)
    })
  } catch (error) {
    throw error instanceof AppError ? error : new StoreError(explainOpenFailure(placeOf(url), error), { cause: error })
  }
}

/** A connection of its own for one job, closed whatever happens. */
export async function withClient<T>(url: string, job: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, application_name: NAME })
  // A connection that breaks also fails the query under way, which is where it is dealt with.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await job(client)
  } finally {
    await client.end()
  }
}

/** Why a database of this server can't be used, and what to do. */
export function explainOpenFailure(place: string, error: unknown): string {
  const reason = describe(error)
  if (/\b(28P01|28000)\b/.test(reason)) return `${place} refuses the user or the password: check DATABASE_URL.`
  if (/\b3D000\b/.test(reason)) return `${place} does not exist: make it with "createdb", or mend DATABASE_URL.`
  if (/\b42501\b/.test(reason)) return `${place} does not let this user make tables: grant CREATE on its schema "public", or make the user its owner.`
  if (FULL.test(reason)) return `The disk of ${place} is full: make room, then start again.`
  if (AWAY.some((pattern) => pattern.test(reason))) return `${place} can't be reached: start it, or mend host and port in DATABASE_URL.`
  return `${place} can't be opened: ${error instanceof Error ? error.message : String(error)}`
}

/** Looks at the database without changing it: migrations, size, whether anybody may log in. Its own checks are the server's. */
export async function inspectPostgresql(url: string, migrationsDirectory: string): Promise<DatabaseState> {
  const place = placeOf(url)
  try {
    return await withClient(url, async (client) => {
      const tables = new Set((await client.query<{ name: string }>('SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()')).rows.map(({ name }) => name))
      if (!tables.has('_prisma_migrations')) return { outcome: 'absent', place }
      const applied = (await client.query<AppliedMigration>(APPLIED_MIGRATIONS)).rows
      const newer = findNewerMigration(beside(migrationsDirectory), applied)
      if (newer !== null) return { outcome: 'newer', place, ...newer }
      const size = await client.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes')
      return {
        outcome: 'read',
        place,
        bytes: Number(size.rows[0]?.bytes ?? 0),
        faults: [],
        pendingMigrations: listPendingMigrations(beside(migrationsDirectory), applied).map(({ name }) => name),
        activeStaff: tables.has('StaffMember') ? Number((await client.query<{ count: string }>(COUNT_ADMINS)).rows[0]?.count ?? 0) : null,
        use: { servedBy: null, isLocked: false },
      }
    })
  } catch (error) {
    return { outcome: 'unreadable', place, reason: explainOpenFailure(place, error) }
  }
}
