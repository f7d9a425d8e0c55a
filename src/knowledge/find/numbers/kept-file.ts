import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'

/**
 * What every kept file begins with; the digits are the format's version. Behind it stand the length of the header, the header (JSON:
 * the content's hash and the columns' types, places and lengths), the columns, each at a multiple of 8 bytes, and a checksum (CRC-32) of everything.
 */
const MAGIC = 'LINLI-01'
const ALIGNMENT = 8
const CHECK_BYTES = 4
/** What a crash left unfinished is removed after this time: until then somebody may still be writing it. */
const UNFINISHED_FOR_MS = 3_600_000

const COLUMN_TYPES = { f64: Float64Array, f32: Float32Array, u32: Uint32Array } as const
export type Column = Float64Array | Float32Array | Uint32Array
export type Columns = Record<string, Column>

export interface KeptOptions {
  directory: string
  /** Told when what was built could not be kept: it is used all the same, and built again at the next start. */
  onNotKept?: (error: unknown) => void
}

export interface KeptKind<T> {
  /** What the files' names begin with; other kinds in the same folder begin otherwise. */
  prefix: string
  /** So many contents are kept: the one of now, and those of before the last changes. */
  most: number
  /** null where the columns can't be its. */
  load(columns: Columns): T | null
  columnsOf(value: T): Columns
}

interface Header {
  /** Of what the columns were made from. */
  hash: string
  columns: { name: string; type: keyof typeof COLUMN_TYPES; start: number; length: number }[]
}

/** What was kept for a content, by its hash; else what `build` makes, which is kept. */
export function openKept<T>(kind: KeptKind<T>, hash: string, { directory, onNotKept }: KeptOptions, build: () => T): T {
  const file = path.join(directory, `${kind.prefix}${hash}.bin`)
  const bytes = readIfThere(file)
  const columns = bytes === null ? null : readColumns(bytes, hash)
  const kept = columns === null ? null : kind.load(columns)
  if (kept !== null) {
    touch(file)
    return kept
  }
  const built = build()
  try {
    writeColumns(file, hash, kind.columnsOf(built))
    removeOldFiles(directory, kind.prefix, kind.most)
  } catch (error) {
    onNotKept?.(error)
  }
  return built
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}

/**
 * Writes columns so that they are there whole or not at all, whatever happens meanwhile, to this process or to another that writes the same.
 * @throws when the disk doesn't take them
 */
export function writeColumns(file: string, hash: string, columns: Columns): void {
  const described: Header = { hash, columns: [] }
  let end = 0
  for (const [name, column] of Object.entries(columns)) {
    described.columns.push({ name, type: typeOf(column), start: end, length: column.length })
    end += align(column.byteLength)
  }
  const header = Buffer.from(JSON.stringify(described), 'utf8')
  const head = Buffer.alloc(align(MAGIC.length + 4 + header.length))
  head.write(MAGIC, 'latin1')
  head.writeUInt32LE(header.length, MAGIC.length)
  header.copy(head, MAGIC.length + 4)
  const padded = Object.values(columns).flatMap((column) => [bytesOf(column), Buffer.alloc(align(column.byteLength) - column.byteLength)])
  // zlib begins anew at an empty part.
  const parts = [head, ...padded].filter((part) => part.length > 0)
  const check = Buffer.alloc(CHECK_BYTES)
  check.writeUInt32LE(parts.reduce((sum, part) => crc32(part, sum), 0))
  writeWhole(file, [...parts, check])
}

function writeWhole(file: string, parts: readonly Buffer[]): void {
  const unfinished = unfinishedName(file)
  mkdirSync(path.dirname(file), { recursive: true })
  try {
    const descriptor = openSync(unfinished, 'wx')
    try {
      for (const part of parts) writeFileSync(descriptor, part)
    } finally {
      closeSync(descriptor)
    }
    renameSync(unfinished, file)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

/** The columns of a kept file's bytes, without copying; null when they are cut, damaged, of another format or made from something else. */
export function readColumns(bytes: Buffer, hash: string): Columns | null {
  if (bytes.length < MAGIC.length + 4 + CHECK_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null
  if (crc32(bytes.subarray(0, -CHECK_BYTES)) !== bytes.readUInt32LE(bytes.length - CHECK_BYTES)) return null
  const headerLength = bytes.readUInt32LE(MAGIC.length)
  const header = JSON.parse(bytes.toString('utf8', MAGIC.length + 4, MAGIC.length + 4 + headerLength)) as Header
  if (header.hash !== hash) return null
  const aligned = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes)
  const body = aligned.byteOffset + align(MAGIC.length + 4 + headerLength)
  return Object.fromEntries(header.columns.map(({ name, type, start, length }) => [name, new COLUMN_TYPES[type](aligned.buffer as ArrayBuffer, body + start, length)]))
}

/** A name for what is not finished yet, in the same folder: its rename is then one step. */
export function unfinishedName(file: string): string {
  return `${file}.${randomUUID()}.part`
}

/** Says that a kept file was of use: `removeOldFiles` goes by that. A folder that may only be read has no need of it. */
export function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date())
  } catch {
    return
  }
}

/**
 * Removes what other contents left in a folder: of the files whose names begin with `prefix` only those of the `most` names used last
 * stay (a name ends at the first dot: what belongs together goes together), and what a crash left unfinished.
 * Another process may remove the same at the same time.
 */
export function removeOldFiles(folder: string, prefix: string, most: number): void {
  const now = Date.now()
  const usedAt = (name: string) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const files = readdirSync(folder).filter((name) => name.startsWith(prefix))
  const finished = files.filter((name) => !name.endsWith('.part'))
  const lastUse = new Map<string, number>()
  for (const name of finished) lastUse.set(stem(name), Math.max(lastUse.get(stem(name)) ?? 0, usedAt(name)))
  const kept = new Set([...lastUse].sort((left, right) => right[1] - left[1]).slice(0, most).map(([name]) => name))
  const old = files.filter((name) => (name.endsWith('.part') ? usedAt(name) < now - UNFINISHED_FOR_MS : !kept.has(stem(name))))
  for (const name of old) rmSync(path.join(folder, name), { force: true })
}

const stem = (name: string) => name.slice(0, name.indexOf('.'))

const align = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

const bytesOf = (column: Column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)

function typeOf(column: Column): keyof typeof COLUMN_TYPES {
  if (column instanceof Float64Array) return 'f64'
  return column instanceof Float32Array ? 'f32' : 'u32'
}
