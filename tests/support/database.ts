import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { inject } from 'vitest'
import { MIGRATED, onServer } from './postgresql-server.ts'

const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations')

/** What `openStore` opens for one test. */
export interface TestDatabase {
  url: string
  migrationsDirectory: string
  keysDirectory: string
  /** Removes a database that lies on a server; a file goes with its folder. Call it when every store on it is closed. */
  drop(): Promise<void>
}

/** A database of one test's own in which nothing stands: a file in `directory`, or, in vitest's project "postgresql", a migrated database on its server. */
export async function createTestDatabase(directory: string): Promise<TestDatabase> {
  const keysDirectory = path.join(directory, 'keys')
  const server = inject('postgresqlServer') as string | undefined
  if (server === undefined) return { url: `file:${path.join(directory, 'linli.db')}`, migrationsDirectory: MIGRATIONS, keysDirectory, drop: async () => undefined }
  const name = `linli_${randomUUID().replaceAll('-', '')}`
  await onServer(server, `CREATE DATABASE "${name}" TEMPLATE "${MIGRATED}"`)
  return { url: `${server}/${name}`, migrationsDirectory: MIGRATIONS, keysDirectory, drop: () => onServer(server, `DROP DATABASE "${name}" WITH (FORCE)`) }
}
