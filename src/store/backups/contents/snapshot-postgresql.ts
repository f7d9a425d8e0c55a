import type pg from 'pg'
import { APPLIED_MIGRATIONS, type AppliedMigration } from '../../engine/migrate.ts'
import { placeOf, withClient } from '../../engine/postgresql/postgresql.ts'
import { runTool, toolAddress, type ToolsDirectory } from './postgresql-tools.ts'
import { LAST_REQUEST, LAST_VOLUNTEER, POSTGRESQL_NAME, type Snapshot, type SnapshotTaken } from './snapshot.ts'
import { digestTables } from './tables.ts'
import { readPostgresqlTables } from './tables-postgresql.ts'

/** Dumps the database of `url` into `file` by pg_dump, and takes its figures from the same snapshot. */
export async function takePostgresqlSnapshot(url: string, file: string, scratch: string, tools: ToolsDirectory): Promise<SnapshotTaken> {
  return withClient(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { tables: found } = (await client.query<{ tables: string }>(`SELECT COUNT(*) AS tables FROM pg_tables WHERE schemaname = current_schema() AND tablename = '_prisma_migrations'`)).rows[0] ?? { tables: '0' }
    if (Number(found) === 0) return { outcome: 'absent', place: placeOf(url) }
    const { rows } = await client.query<{ id: string; schema: string }>('SELECT pg_export_snapshot() AS id, current_schema() AS schema')
    const { id = '', schema = '' } = rows[0] ?? {}
    const dumped = await runTool('pg_dump', ['--format=custom', '--no-owner', '--no-privileges', `--schema=${schema}`, `--snapshot=${id}`, `--file=${file}`, `--dbname=${toolAddress(url, scratch)}`], tools)
    if (dumped.outcome === 'absent') return { outcome: 'no_tools', reason: 'pg_dump is not on the PATH' }
    if (dumped.outcome === 'failed') return { outcome: 'no_tools', reason: dumped.reason }
    return { outcome: 'taken', snapshot: { ...(await examinePostgresql(client)), file } }
  })
}

/** What the open transaction of a connection sees. */
export async function examinePostgresql(client: pg.Client): Promise<Omit<Snapshot, 'file'>> {
  const one = async <T extends object>(statement: string): Promise<T | undefined> => (await client.query<T>(statement)).rows[0]
  const at = (await one<{ at: string | null }>(`SELECT to_char(MAX("receivedAt"), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at FROM "InboundMessage"`))?.at ?? null
  return {
    database: 'postgresql',
    name: POSTGRESQL_NAME,
    version: `PostgreSQL ${(await one<{ server_version: string }>('SHOW server_version'))?.server_version ?? ''}`,
    migrations: (await client.query<AppliedMigration>(APPLIED_MIGRATIONS)).rows.map(({ name }) => name).sort(),
    tables: await digestTables(readPostgresqlTables(client)),
    last: { request: (await one<{ number: string }>(LAST_REQUEST))?.number ?? null, volunteer: (await one<{ number: string }>(LAST_VOLUNTEER))?.number ?? null, messageAt: at },
  }
}
