import type Database from 'better-sqlite3'
import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { StoreError } from '../domain/errors.ts'

// The table that Prisma's own CLI keeps, so that `prisma migrate status` and ours agree.
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
  "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`

/**
 * Applies the migrations that the database does not have yet, each in one transaction with its note.
 * @returns the names applied, in order; [] when the database is up to date
 * @throws {StoreError} when an applied migration was edited afterwards
 */
export function applyMigrations(database: Database.Database, directory: string): string[] {
  const names = fs.readdirSync(directory).filter((name) => fs.existsSync(path.join(directory, name, 'migration.sql'))).sort()
  return database
    .transaction(() => {
      database.exec(MIGRATIONS_TABLE)
      const rows = database.prepare('SELECT migration_name AS name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL').all()
      const applied = new Map((rows as { name: string; checksum: string }[]).map((row) => [row.name, row.checksum]))
      const note = database.prepare('INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES (?, ?, ?, ?, ?, 1)')
      return names.filter((name) => {
        const sql = fs.readFileSync(path.join(directory, name, 'migration.sql'), 'utf8')
        const checksum = createHash('sha256').update(sql).digest('hex')
        const known = applied.get(name)
        if (known !== undefined && known !== checksum) {
          throw new StoreError(`Migration ${name} was changed after it had been applied; restore the file, and put the change into a new migration.`)
        }
        if (known !== undefined) return false
        const startedAt = Date.now()
        database.exec(sql)
        note.run(randomUUID(), checksum, name, startedAt, Date.now())
        return true
      })
    })
    .immediate()
}
