import { randomUUID } from 'node:crypto'
import path from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'

const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations')

/** What `openStore` opens for one test. */
export interface TestDatabase {
  url: string
  migrationsDirectory: string
  keysDirectory: string
  /** Removes a database that lies on a server; a file goes with its folder. Call it when every store on it is closed. */
  drop(): Promise<void>
}

/** An empty database of one test's own: a file in `directory`, or, in vitest's project "postgresql", a database on its server. */
export async function createTestDatabase(directory: string): Promise<TestDatabase> {
  const keysDirectory = path.join(directory, 'keys')
  const server = inject('postgresqlServer') as string | undefined
  if (server === undefined) return { url: `file:${path.join(directory, 'linli.db')}`, migrationsDirectory: MIGRATIONS, keysDirectory, drop: async () => undefined }
  const name = `linli_${randomUUID().replaceAll('-', '')}`
  await onServer(server, `CREATE DATABASE "${name}"`)
  return { url: `${server}/${name}`, migrationsDirectory: MIGRATIONS, keysDirectory, drop: () => onServer(server, `DROP DATABASE "${name}" WITH (FORCE)`) }
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${server}/postgres` })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
