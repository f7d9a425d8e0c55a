import { createReadStream } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { readColumns, removeOldFiles, touch, unfinishedName, writeColumns } from '../numbers/kept-file.ts'
import { VectorIndex } from './vector-index.ts'

/** What the names of a finished index's files begin with. */
export const KEPT_VECTORS = 'graph-'
/** Of one folder: the clauses' and the questions' indexes of the knowledge as it is and as it was before the last changes. */
const MOST_KEPT = 6

const vectorsFile = (folder: string, hash: string) => path.join(folder, `${KEPT_VECTORS}${hash}.vectors`)
const graphFile = (folder: string, hash: string) => path.join(folder, `${KEPT_VECTORS}${hash}.hnsw`)

/** The index that was kept for a content; null when there is none, or its files don't belong together, are cut or damaged. */
export async function readVectorIndex(folder: string, hash: string): Promise<VectorIndex | null> {
  const file = vectorsFile(folder, hash)
  const bytes = await readFile(file).catch(() => null)
  const { numbers, shape } = (bytes === null ? null : readColumns(bytes, hash)) ?? {}
  const [dimensions = 0, graphCheck = 0] = shape ?? []
  if (!(numbers instanceof Float32Array) || dimensions === 0) return null
  const graph = graphFile(folder, hash)
  // hnswlib trusts what it reads: a damaged graph would take the process down.
  if ((await checksum(graph)) !== graphCheck) return null
  const index = await VectorIndex.load(numbers, dimensions, graph).catch(() => null)
  if (index !== null) touch(file)
  return index
}

/**
 * Keeps an index for its content: the vectors in one file, the graph in another as hnswlib writes it, whose checksum the first one has.
 * Removes what was kept for contents that are no more.
 * @throws when the disk doesn't take it
 */
export async function keepVectorIndex(folder: string, hash: string, index: VectorIndex): Promise<void> {
  const graph = graphFile(folder, hash)
  const unfinished = unfinishedName(graph)
  try {
    await index.writeGraph(unfinished)
    const graphCheck = await checksum(unfinished)
    await rename(unfinished, graph)
    writeColumns(vectorsFile(folder, hash), hash, { shape: Uint32Array.of(index.dimensions, graphCheck ?? 0), numbers: index.numbers })
  } finally {
    await rm(unfinished, { force: true })
  }
  removeOldFiles(folder, KEPT_VECTORS, MOST_KEPT)
}

/** CRC-32 of a file, read piece by piece; null when it can't be read. */
async function checksum(file: string): Promise<number | null> {
  let check = 0
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) check = crc32(piece as Buffer, check)
    return check
  } catch {
    return null
  }
}
