import fs from 'node:fs'
import path from 'node:path'
import { writeArchive, type ArchiveSource } from './archive.ts'
import { freeName, openScratch, syncFolder } from './backup-folder.ts'
import { checkBackup } from './check-backup.ts'
import { BACKUP_FORMAT, MANIFEST_NAME, type Manifest } from './contents/manifest.ts'
import type { ToolsDirectory } from './contents/postgresql-tools.ts'
import { takePostgresqlSnapshot } from './contents/snapshot-postgresql.ts'
import { takeSqliteSnapshot } from './contents/snapshot-sqlite.ts'
import type { Snapshot, SnapshotTaken } from './contents/snapshot.ts'
import { VERSION } from '../version.ts'

export interface BackupOptions {
  /** Where it goes; made when it is not there, for this user's eyes only. */
  directory: string
  databaseUrl: string
  migrationsDirectory: string
  picturesDirectory: string
  photosDirectory: string
  /** The keys under which who was erased is recognised. */
  keysDirectory: string
  knowledgeDirectory: string
  /** Names of the settings that were made. */
  settings: readonly string[]
  now: Date
  tools?: ToolsDirectory
}

export type BackupMade =
  | { outcome: 'made'; file: string; bytes: number; manifest: Manifest }
  | Exclude<SnapshotTaken, { outcome: 'taken' }>
  /** Written, but not what it should be when it was opened again: nothing is left of it. */
  | { outcome: 'unsound'; reason: string }

/**
 * Makes one file of all that a community has: the database as it is now, while it is in use, pictures, photos, keys and the knowledge folder. Opened and
 * compared before it gets its name, so that a file with the name of a backup is a whole one.
 * @throws what the file system or the database threw: no room, no right, locked
 */
export async function makeBackup(options: BackupOptions): Promise<BackupMade> {
  const { directory, migrationsDirectory, now, tools } = options
  const scratch = openScratch(directory)
  try {
    const taken = await takeSnapshot(options, scratch)
    if (taken.outcome !== 'taken') return taken
    const part = path.join(scratch, 'backup')
    await writeBackup(part, taken.snapshot, options)
    fs.rmSync(taken.snapshot.file)
    const opened = path.join(scratch, 'opened')
    fs.mkdirSync(opened, { mode: 0o700 })
    const checked = await checkBackup(part, { scratch: opened, migrationsDirectory, tools })
    if (checked.outcome !== 'whole') return { outcome: 'unsound', reason: checked.outcome === 'damaged' ? checked.reason : `unknown migrations ${checked.unknown.join(', ')}` }
    const file = freeName(directory, now)
    fs.renameSync(part, file)
    syncFolder(directory)
    return { outcome: 'made', file, bytes: fs.statSync(file).size, manifest: checked.manifest }
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true })
  }
}

function takeSnapshot({ databaseUrl, tools }: BackupOptions, scratch: string): Promise<SnapshotTaken> {
  const file = path.join(scratch, 'snapshot')
  return databaseUrl.startsWith('file:') ? takeSqliteSnapshot(databaseUrl, file) : takePostgresqlSnapshot(databaseUrl, file, scratch, tools)
}

async function writeBackup(part: string, snapshot: Snapshot, options: BackupOptions): Promise<void> {
  // The files after the database: each that a row of it names was there before that row.
  const folders = { pictures: options.picturesDirectory, photos: options.photosDirectory, keys: options.keysDirectory, knowledge: options.knowledgeDirectory }
  const sources: ArchiveSource[] = [{ name: snapshot.name, file: snapshot.file }, ...Object.entries(folders).flatMap(([name, folder]) => listFiles(folder, name))]
  await writeArchive(part, sources, MANIFEST_NAME, ({ files, gone }) => {
    const manifest = {
      format: BACKUP_FORMAT,
      madeAt: options.now.toISOString(),
      versions: { linli: VERSION, node: process.versions.node, database: snapshot.version },
      database: snapshot.database,
      migrations: snapshot.migrations,
      tables: snapshot.tables,
      files,
      gone,
      settings: options.settings,
      last: snapshot.last,
    }
    return `${JSON.stringify(manifest, null, 1)}\n`
  })
}

/** Files of a folder and those below it, but hidden ones, which are unfinished or somebody's own; [] when there is none. */
export function listFiles(folder: string, name: string): ArchiveSource[] {
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
    const [file, inside] = [path.join(folder, entry.name), `${name}/${entry.name}`]
    if (entry.name.startsWith('.')) return []
    if (entry.isDirectory()) return listFiles(file, inside)
    return entry.isFile() ? [{ name: inside, file }] : []
  })
}
