import fs from 'node:fs'
import path from 'node:path'
import { AnyManifest, BACKUP_FORMAT, Manifest, MANIFEST_NAME, type FileFacts } from './contents/manifest.ts'
import { readArchive } from './archive.ts'
import { runTool, type ToolsDirectory } from './contents/postgresql-tools.ts'
import { POSTGRESQL_NAME, SQLITE_NAME } from './contents/snapshot.ts'
import { examineSqlite } from './contents/snapshot-sqlite.ts'
import { listDifferences } from './contents/tables.ts'

export type Checked =
  /** `database`: where the database's own file lies now. */
  | { outcome: 'whole'; manifest: Manifest; database: string }
  | { outcome: 'damaged'; reason: string }
  /** A newer program made it: migrations that this one does not know, or another form. */
  | { outcome: 'newer'; unknown: string[] }

export interface CheckOptions {
  /** Where the database and the manifest are put, to be opened. */
  scratch: string
  /** Where other files are put; null = they are read only. */
  place?: (name: string) => string | null
  migrationsDirectory: string
  tools?: ToolsDirectory
}

/** Reads a backup through, compares all of it with its manifest, and opens its database. */
export async function checkBackup(file: string, { scratch, place = () => null, migrationsDirectory, tools }: CheckOptions): Promise<Checked> {
  const own = new Set([MANIFEST_NAME, SQLITE_NAME, POSTGRESQL_NAME])
  const found: Record<string, FileFacts> = {}
  try {
    for await (const { name, ...facts } of readArchive(file, (name) => (own.has(name) ? path.join(scratch, name) : place(name)))) found[name] = facts
  } catch (error) {
    return damaged(`it can not be read to its end: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (found[MANIFEST_NAME] === undefined) return damaged('it has no manifest, as if it had been cut off')
  const read = readManifest(path.join(scratch, MANIFEST_NAME))
  if (!('manifest' in read)) return read
  const { manifest } = read
  const wrong = findWrongFile(manifest, found)
  if (wrong !== undefined) return damaged(`${wrong} is not as its manifest says`)
  const known = new Set(fs.readdirSync(manifest.database === 'sqlite' ? migrationsDirectory : `${migrationsDirectory}-postgresql`))
  const unknown = manifest.migrations.filter((name) => !known.has(name))
  if (unknown.length > 0) return { outcome: 'newer', unknown }
  const database = path.join(scratch, manifest.database === 'sqlite' ? SQLITE_NAME : POSTGRESQL_NAME)
  const reason = manifest.database === 'sqlite' ? await findSqliteFault(database, manifest) : await findDumpFault(database, tools)
  return reason === null ? { outcome: 'whole', manifest, database } : damaged(reason)
}

const damaged = (reason: string): Checked => ({ outcome: 'damaged', reason })

function readManifest(file: string): { manifest: Manifest } | Checked {
  try {
    const value = JSON.parse(fs.readFileSync(file, 'utf8')) as unknown
    const { format } = AnyManifest.parse(value)
    return format > BACKUP_FORMAT ? { outcome: 'newer', unknown: [`format ${format}`] } : { manifest: Manifest.parse(value) }
  } catch {
    return damaged('its manifest can not be understood')
  }
}

function findWrongFile(manifest: Manifest, found: Readonly<Record<string, FileFacts>>): string | undefined {
  const names = new Set([...Object.keys(manifest.files), ...Object.keys(found).filter((name) => name !== MANIFEST_NAME)])
  return [...names].find((name) => manifest.files[name]?.sha256 !== found[name]?.sha256 || manifest.files[name]?.bytes !== found[name]?.bytes)
}

async function findSqliteFault(file: string, manifest: Manifest): Promise<string | null> {
  try {
    const { faults, snapshot } = await examineSqlite(file)
    if (faults.length > 0) return `its database is damaged: ${faults.slice(0, 2).join('; ')}`
    const different = listDifferences(snapshot.tables, manifest.tables)
    return different.length === 0 ? null : `rows of ${different.join(', ')} are not as its manifest says`
  } catch (error) {
    return `its database can not be opened: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function findDumpFault(file: string, tools: ToolsDirectory): Promise<string | null> {
  const listed = await runTool('pg_restore', ['--list', file], tools)
  return listed.outcome === 'failed' ? `its database can not be opened: ${listed.reason}` : null
}
