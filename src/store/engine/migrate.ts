import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { StoreError } from '../../domain/errors.ts'

/** One step of the database's history. `checksum` is SHA-256 of `sql` in hex, as Prisma's own CLI keeps it. */
export interface Migration {
  name: string
  sql: string
  checksum: string
}

/** What the database itself says was applied. */
export interface AppliedMigration {
  name: string
  checksum: string
}

/** The rows that count as applied; both databases keep the table of Prisma's CLI, so that `prisma migrate status` and ours agree. */
export const APPLIED_MIGRATIONS = 'SELECT migration_name AS name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL'

/**
 * The migrations of `directory` that are not among `applied`, in their order.
 * @throws {StoreError} when an applied migration was edited afterwards, or is one of a newer program
 */
export function listPendingMigrations(directory: string, applied: readonly AppliedMigration[]): Migration[] {
  const newer = findNewerMigration(directory, applied)
  if (newer !== null) {
    throw new StoreError(
      `The database was changed by a newer Linli: its structure is ${newer.theirs}, this program knows no later one than ${newer.ours}. Nothing was touched. Start the newer program, or restore a backup that this one made.`,
    )
  }
  const known = new Map(applied.map(({ name, checksum }) => [name, checksum]))
  return readMigrations(directory).filter(({ name, checksum }) => {
    const before = known.get(name)
    if (before !== undefined && before !== checksum) {
      throw new StoreError(`Migration ${name} was changed after it had been applied; restore the file, and put the change into a new migration.`)
    }
    return before === undefined
  })
}

/** The newest step that was applied and is not in `directory`, and the newest that is; null when all are known here. */
export function findNewerMigration(directory: string, applied: readonly AppliedMigration[]): { theirs: string; ours: string } | null {
  const names = readMigrations(directory).map(({ name }) => name)
  const known = new Set(names)
  const theirs = applied.map(({ name }) => name).filter((name) => !known.has(name)).sort().at(-1)
  return theirs === undefined ? null : { theirs, ours: names.at(-1) ?? '' }
}

function readMigrations(directory: string): Migration[] {
  return fs
    .readdirSync(directory)
    .filter((name) => fs.existsSync(path.join(directory, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = fs.readFileSync(path.join(directory, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}
