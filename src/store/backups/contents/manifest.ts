import { z } from 'zod'

/** The form in which backups are written; one with a greater number was made by a newer program. */
export const BACKUP_FORMAT = 1
/** The last entry of a backup: what is cut off has none. */
export const MANIFEST_NAME = 'manifest.json'

const Digest = z.string().regex(/^[0-9a-f]{64}$/)
/** How many rows a table has, and SHA-256 over all of them, the same for both databases. */
const Table = z.object({ rows: z.number().int().min(0), sha256: Digest })
const FileFacts = z.object({ bytes: z.number().int().min(0), sha256: Digest })

export const Manifest = z.object({
  format: z.literal(BACKUP_FORMAT),
  madeAt: z.iso.datetime().transform((text) => new Date(text)),
  /** Of the program, of node and of the database. */
  versions: z.object({ linli: z.string(), node: z.string(), database: z.string() }),
  database: z.enum(['sqlite', 'postgresql']),
  migrations: z.array(z.string()),
  tables: z.record(z.string(), Table),
  /** All that lies in the backup besides this, by its path. */
  files: z.record(z.string(), FileFacts),
  /** Files that were named when the backup began and gone when their turn came: somebody was erased meanwhile. */
  gone: z.array(z.string()),
  /** Names of the settings that were made, never their values. */
  settings: z.array(z.string()),
  /** The last of each kind, to say what is lost after a restore. */
  last: z.object({ request: z.string().nullable(), volunteer: z.string().nullable(), messageAt: z.iso.datetime().nullable() }),
})
export type Manifest = z.infer<typeof Manifest>
export type TableFigures = z.infer<typeof Table>
export type FileFacts = z.infer<typeof FileFacts>

/** Its `format` alone, of whatever version. */
export const AnyManifest = z.object({ format: z.number().int() })
