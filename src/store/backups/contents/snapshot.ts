import type { Manifest, TableFigures } from './manifest.ts'

/** A database as it was at one instant, in a file. */
export interface Snapshot {
  database: Manifest['database']
  /** What it is called in a backup. */
  name: string
  file: string
  /** Product and version. */
  version: string
  migrations: string[]
  tables: Record<string, TableFigures>
  last: Manifest['last']
}

export type SnapshotTaken =
  | { outcome: 'taken'; snapshot: Snapshot }
  /** There is no database yet. */
  | { outcome: 'absent'; place: string }
  /** The database itself is damaged: a copy of it would be worth nothing. */
  | { outcome: 'broken'; place: string; faults: string[] }
  /** The database's own tools are not on the PATH, or too old for it. */
  | { outcome: 'no_tools'; reason: string }

export const SQLITE_NAME = 'linli.db'
export const POSTGRESQL_NAME = 'linli.dump'

export const LAST_REQUEST = 'SELECT "number" FROM "ServiceRequest" ORDER BY "createdAt" DESC, "number" DESC LIMIT 1'
export const LAST_VOLUNTEER = 'SELECT "number" FROM "Volunteer" ORDER BY "createdAt" DESC, "number" DESC LIMIT 1'
