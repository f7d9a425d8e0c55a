import { createHash } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import tar from 'tar-stream'
import type { FileFacts } from './contents/manifest.ts'

/** One file that goes into an archive under `name`. */
export interface ArchiveSource {
  name: string
  file: string
}

export interface Packed {
  files: Record<string, FileFacts>
  /** Names of sources that were not there any more. */
  gone: string[]
}

/**
 * Writes a gzipped tar archive of `sources`, and last an entry named `lastName` that `last` makes of what was packed. Durable when it resolves.
 * Files may vanish before their turn: those are left out and named.
 */
export async function writeArchive(file: string, sources: readonly ArchiveSource[], lastName: string, last: (packed: Packed) => string): Promise<Packed> {
  const pack = tar.pack()
  const written = pipeline(pack, createGzip({ level: 1 }), fs.createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }))
  const filled = (async () => {
    const packed: Packed = { files: {}, gone: [] }
    for (const source of sources) {
      const facts = await addFile(pack, source)
      if (facts === null) packed.gone.push(source.name)
      else packed.files[source.name] = facts
    }
    pack.entry({ name: lastName, mode: 0o600 }, last(packed))
    pack.finalize()
    return packed
  })()
  // When the disk is full nobody reads any more, and filling would wait for ever.
  const packed = await Promise.race([filled, written.then(() => filled)]).catch((error: unknown) => {
    pack.destroy()
    return Promise.allSettled([written]).then(() => Promise.reject(error as Error))
  })
  await written
  return packed
}

async function addFile(pack: tar.Pack, { name, file }: ArchiveSource): Promise<FileFacts | null> {
  const handle = await fs.promises.open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (handle === null) return null
  try {
    const { size, mtime } = await handle.stat()
    const hash = createHash('sha256')
    let entry: NodeJS.WritableStream | undefined
    const ended = new Promise<void>((resolve, reject) => {
      entry = pack.entry({ name, size, mtime, mode: 0o600 }, (error) => (error ? reject(error) : resolve()))
    })
    ended.catch(() => undefined)
    // What is appended meanwhile is not part of it.
    if (size > 0) {
      for await (const chunk of handle.createReadStream({ end: size - 1, autoClose: false }) as AsyncIterable<Buffer>) {
        hash.update(chunk)
        if (entry?.write(chunk) === false) await Promise.race([once(entry, 'drain'), ended])
      }
    }
    entry?.end()
    await ended
    return { bytes: size, sha256: hash.digest('hex') }
  } finally {
    await handle.close()
  }
}

/** A file of an archive as it is read. */
export interface ArchiveEntry extends FileFacts {
  name: string
}

/**
 * Reads a gzipped tar archive from its beginning to its end, one file after the other, each to where `place` says (null = nowhere).
 * @throws when it is no such archive, is damaged, or holds anything but plain files within it
 */
export async function* readArchive(file: string, place: (name: string) => string | null): AsyncGenerator<ArchiveEntry> {
  const extract = tar.extract()
  const read = pipeline(fs.createReadStream(file), createGunzip(), extract)
  // Its fault comes out where the entries are read.
  read.catch(() => undefined)
  for await (const entry of extract) {
    const { name, type } = entry.header
    if (type !== 'file' || !isInside(name)) throw new Error(`the entry ${JSON.stringify(name)} is not a plain file of this archive`)
    const target = place(name)
    const hash = createHash('sha256')
    let bytes = 0
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        hash.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    }
    if (target === null) for await (const chunk of counted()) void chunk
    else {
      await fs.promises.mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
      await pipeline(counted(), fs.createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true }))
    }
    yield { name, bytes, sha256: hash.digest('hex') }
  }
  await read
}

const isInside = (name: string): boolean => !path.posix.isAbsolute(name) && !name.includes('\\') && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
