import type { DatabaseState } from './database.ts'
import { inspectSqlite, migrateSqlite } from './sqlite/sqlite.ts'

const isSqlite = (url: string): boolean => url.startsWith('file:')

/**
 * Applies the migrations that the database of `url` (file:… or postgresql://…) lacks; a file is made when there is none.
 * @returns the names applied, in order
 * @throws {StoreError} with the remedy
 */
export const migrateDatabase = async (url: string, migrationsDirectory: string): Promise<string[]> =>
  isSqlite(url) ? migrateSqlite(url, migrationsDirectory) : (await import('./postgresql/postgresql.ts')).migratePostgresql(url, migrationsDirectory)

/** Looks at a database without changing it. */
export const inspectDatabase = async (url: string, migrationsDirectory: string): Promise<DatabaseState> =>
  isSqlite(url) ? inspectSqlite(url, migrationsDirectory) : (await import('./postgresql/postgresql.ts')).inspectPostgresql(url, migrationsDirectory)
