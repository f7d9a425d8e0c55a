import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import type { Logger } from 'pino'
import { withClient } from '../engine/postgresql/postgresql.ts'
import { fileOf, listFaults } from '../engine/sqlite/sqlite.ts'
import { openStore } from '../engine/store.ts'
import { syncFolder } from './backup-folder.ts'
import { checkBackup, type Checked } from './check-backup.ts'
import { listFiles } from './make-backup.ts'
import type { Manifest } from './contents/manifest.ts'
import { runTool, toolAddress, type ToolsDirectory } from './contents/postgresql-tools.ts'
import { beginRestore, findOccupant, moveInto } from './restore-folder.ts'
import { settleRestored, type Waiting } from './settle-restored.ts'
import { examinePostgresql } from './contents/snapshot-postgresql.ts'
import { listDifferences } from './contents/tables.ts'

export interface RestoreOptions {
  file: string
  dataDirectory: string
  databaseUrl: string
  migrationsDirectory: string
  knowledgeDirectory: string
  log: Logger
  now: Date
  tools?: ToolsDirectory
}

/** `same`: the folder holds just what the backup does. `placed`: it was empty. `beside`: it holds other files, so the backup's lie in `directory`. */
export type KnowledgeRestored = { outcome: 'same' | 'placed' } | { outcome: 'beside'; directory: string }

export type Restored =
  | { outcome: 'restored'; manifest: Manifest; waiting: Waiting; knowledge: KnowledgeRestored }
  | Exclude<Checked, { outcome: 'whole' }>
  /** The place is not empty: this lies there. */
  | { outcome: 'occupied'; by: string }
  /** Another process restores into the same place. */
  | { outcome: 'under_way' }
  /** The backup is of the other product. */
  | { outcome: 'other_database'; database: Manifest['database'] }
  /** pg_restore is not there, or could not. */
  | { outcome: 'no_tools'; reason: string }

/**
 * Brings a community back into an empty place, and makes it safe to start. Until it is done nothing starts there, also when this process is killed;
 * then the same command begins anew.
 * @throws what the file system or the database threw
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { file, dataDirectory, databaseUrl, migrationsDirectory, tools } = options
  const occupant = findOccupant(dataDirectory, databaseUrl) ?? (await findTables(databaseUrl))
  if (occupant !== null) return { outcome: 'occupied', by: occupant }
  const begun = beginRestore(dataDirectory, databaseUrl)
  if (begun === null) return { outcome: 'under_way' }
  const { scratch, end } = begun
  const giveUp = <T>(outcome: T): T => {
    end()
    return outcome
  }
  const checked = await checkBackup(file, { scratch, place: (name) => path.join(scratch, 'files', name), migrationsDirectory, tools })
  if (checked.outcome !== 'whole') return giveUp(checked)
  const { manifest, database } = checked
  if ((manifest.database === 'sqlite') !== databaseUrl.startsWith('file:')) return giveUp({ outcome: 'other_database', database: manifest.database })
  if (manifest.database === 'postgresql') {
    const problem = await fillPostgresql(options, manifest, database, scratch)
    if (problem !== null) return giveUp({ outcome: 'no_tools', reason: problem })
  }
  const waiting = await settle(options, manifest, manifest.database === 'sqlite' ? `file:${database}` : databaseUrl)
  const knowledge = placeFiles(options, manifest, path.join(scratch, 'files'))
  // The database last: it is what makes a place a community's.
  if (manifest.database === 'sqlite') placeSqlite(database, fileOf(databaseUrl))
  end()
  syncFolder(dataDirectory)
  return { outcome: 'restored', manifest, waiting, knowledge }
}

async function settle({ migrationsDirectory, log, now, file }: RestoreOptions, manifest: Manifest, url: string): Promise<Waiting> {
  const store = await openStore({ url, migrationsDirectory, log })
  try {
    return await store.write((transaction) => settleRestored(transaction, { backupAt: manifest.madeAt, file: path.basename(file), now, isSqlite: manifest.database === 'sqlite' }))
  } finally {
    await store.close()
  }
}

function placeSqlite(from: string, to: string): void {
  const database = new SqliteDatabase(from)
  try {
    database.pragma('journal_mode = DELETE')
    const faults = listFaults(database)
    if (faults.length > 0) throw new Error(`The restored database is damaged: ${faults.join('; ')}`)
  } finally {
    database.close()
  }
  moveInto(from, to)
  syncFolder(path.dirname(to))
}

function placeFiles({ dataDirectory, knowledgeDirectory }: RestoreOptions, manifest: Manifest, files: string): KnowledgeRestored {
  for (const name of ['pictures', 'photos', 'keys']) if (fs.existsSync(path.join(files, name))) moveInto(path.join(files, name), path.join(dataDirectory, name))
  const knowledge = path.join(files, 'knowledge')
  if (!fs.existsSync(knowledge)) return { outcome: 'same' }
  if (isEmpty(knowledgeDirectory)) {
    if (fs.existsSync(knowledgeDirectory)) fs.rmdirSync(knowledgeDirectory)
    moveInto(knowledge, knowledgeDirectory)
    return { outcome: 'placed' }
  }
  const own = Object.keys(manifest.files).filter((name) => name.startsWith('knowledge/'))
  const there = listFiles(knowledgeDirectory, 'knowledge')
  if (there.length === own.length && there.every(({ name, file }) => digestOf(file) === manifest.files[name]?.sha256)) return { outcome: 'same' }
  const directory = path.join(dataDirectory, 'knowledge')
  fs.rmSync(directory, { recursive: true, force: true })
  moveInto(knowledge, directory)
  return { outcome: 'beside', directory }
}

const isEmpty = (directory: string): boolean => !fs.existsSync(directory) || fs.readdirSync(directory).length === 0

const digestOf = (file: string): string => createHash('sha256').update(fs.readFileSync(file)).digest('hex')

/** A table that a PostgreSQL database has already; null when it has none, or is not PostgreSQL. */
async function findTables(databaseUrl: string): Promise<string | null> {
  if (databaseUrl.startsWith('file:')) return null
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>('SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() LIMIT 1')
    return rows[0]?.name ?? null
  })
}

/** Fills an empty database, in one transaction, and compares it with the manifest; what is in the way, or null. */
async function fillPostgresql({ databaseUrl, tools }: RestoreOptions, manifest: Manifest, dump: string, scratch: string): Promise<string | null> {
  const schema = await withClient(databaseUrl, async (client) => (await client.query<{ schema: string }>('SELECT current_schema() AS schema')).rows[0]?.schema ?? 'public')
  // With its name only what lies in the schema is restored: the schema itself is there already.
  const ran = await runTool('pg_restore', ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges', `--schema=${schema}`, `--dbname=${toolAddress(databaseUrl, scratch)}`, dump], tools)
  if (ran.outcome === 'absent') return 'pg_restore is not on the PATH'
  if (ran.outcome === 'failed') return ran.reason
  const different = await withClient(databaseUrl, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return listDifferences((await examinePostgresql(client)).tables, manifest.tables)
  })
  if (different.length > 0) return `rows of ${different.join(', ')} are not as the manifest says`
  return null
}
