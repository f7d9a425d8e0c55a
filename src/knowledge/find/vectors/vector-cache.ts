import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import type { EmbeddingModel, EmbeddingPurpose } from '../../../model/embedding/embedding.ts'
import { keepVectorIndex, readVectorIndex } from './kept-vectors.ts'
import { GRAPH_RECIPE, VectorIndex } from './vector-index.ts'

const HASH_BYTES = 16
const CHECK_BYTES = 4
/** Vectors computed between two writes: an interrupted build of a large corpus goes on from there. */
const VECTORS_BETWEEN_WRITES = 1000
/** Fewer texts are embedded before threads have loaded the model. */
const LANES_FROM = 300
/** More segments than this are written as one. */
const MOST_SEGMENTS = 8
/** Up to this size vectors stay that nothing asked for just now: a corpus comes back, or a sentence does. */
const MOST_BYTES = 512 * 1024 * 1024

/** What the names of the folders with vectors begin with; each model has its own. */
export const VECTORS_FOLDER = 'vectors-'

/** For whoever has the machine for himself: a model more takes 100 MB. */
export const lanesForMany = (): number => Math.min(4, availableParallelism())

export interface EmbedOptions {
  /** Told after every batch how many of the missing vectors are there. */
  onProgress?: (done: number, total: number) => void
  /** Processors to use for many texts; 1 (the default) leaves the others to those who ask. */
  lanes?: number
  signal?: AbortSignal
}

export interface IndexOptions extends EmbedOptions {
  /** Told when a finished index could not be kept: it is used all the same, and built again at the next start. */
  onNotKept?: (error: unknown) => void
}

/**
 * Embeds texts, remembering the vectors on disk by content hash. Records carry a checksum and stand in segment files that are
 * never changed once they have their name: a torn, truncated or foreign file costs only its own vectors, and several processes may
 * share the folder.
 */
export class VectorCache {
  readonly #folder: string
  /** What embeds; asked directly where nothing is to be kept. */
  readonly model: EmbeddingModel
  readonly #mostBytes: number

  constructor(folder: string, model: EmbeddingModel, { mostBytes = MOST_BYTES }: { mostBytes?: number } = {}) {
    this.model = model
    this.#mostBytes = mostBytes
    const key = createHash('sha256').update(`${model.id}/${model.dimensions}`).digest('hex').slice(0, 12)
    this.#folder = path.join(folder, `${VECTORS_FOLDER}${key}`)
  }

  /** The index over texts' vectors: the kept one where there is one for exactly these texts, in this order; else built, and kept. */
  async openIndex(texts: readonly string[], purpose: EmbeddingPurpose, options: IndexOptions = {}): Promise<VectorIndex> {
    const hash = this.#hashTexts(texts, purpose)
    const kept = await readVectorIndex(this.#folder, hash)
    if (kept !== null) return kept
    const index = await VectorIndex.build(await this.embed(texts, purpose, options))
    if (index.hasGraph) await keepVectorIndex(this.#folder, hash, index).catch((error: unknown) => options.onNotKept?.(error))
    return index
  }

  /** One vector a text, in order. */
  async embed(texts: readonly string[], purpose: EmbeddingPurpose, options: EmbedOptions = {}): Promise<Float32Array[]> {
    const keys = texts.map((text) => hashText(text, purpose))
    const { vectors: known, segments } = await this.#load(new Set(keys))
    const missing = [...new Map(texts.map((text, index) => [keys[index] ?? '', text])).entries()].filter(([key]) => !known.has(key))
    const opened = (options.lanes ?? 1) > 1 && missing.length >= LANES_FROM ? this.model.openLanes?.(options.lanes ?? 1) : undefined
    try {
      for (let start = 0; start < missing.length; start += VECTORS_BETWEEN_WRITES) {
        const part = missing.slice(start, start + VECTORS_BETWEEN_WRITES)
        const vectors = await this.#embedPart(opened ?? this.model, part, purpose, start, missing.length, options)
        for (const [index, [key]] of part.entries()) known.set(key, vectors[index] ?? new Float32Array(this.model.dimensions))
        await this.#write(part.map(([key], index) => ({ key, vector: vectors[index] ?? new Float32Array(this.model.dimensions) })))
      }
    } finally {
      await opened?.close()
    }
    const written = Math.ceil(missing.length / VECTORS_BETWEEN_WRITES)
    if (segments.length + written > MOST_SEGMENTS) await this.#compact(new Set(keys))
    return keys.map((key) => known.get(key) ?? new Float32Array(this.model.dimensions))
  }

  async #embedPart(
    model: Pick<EmbeddingModel, 'embed'>,
    part: readonly (readonly [string, string])[],
    purpose: EmbeddingPurpose,
    before: number,
    total: number,
    options: EmbedOptions,
  ): Promise<Float32Array[]> {
    const vectors = new Array<Float32Array>(part.length)
    let next = 0
    let done = 0
    const lane = async () => {
      while (next < part.length) {
        options.signal?.throwIfAborted()
        const from = next
        next = Math.min(part.length, next + 16)
        const texts = part.slice(from, next).map(([, text]) => text)
        for (const [index, vector] of (await model.embed(texts, purpose)).entries()) vectors[from + index] = vector
        done += texts.length
        options.onProgress?.(before + done, total)
      }
    }
    await Promise.all(Array.from({ length: options.lanes ?? 1 }, lane))
    return vectors
  }

  async #load(wanted: ReadonlySet<string> | null): Promise<{ vectors: Map<string, Float32Array>; segments: string[] }> {
    const vectors = new Map<string, Float32Array>()
    const segments = (await readdir(this.#folder).catch(() => [])).filter((name) => name.endsWith('.bin')).sort()
    for (const name of segments) {
      const bytes = await readFile(path.join(this.#folder, name)).catch(() => null)
      if (bytes !== null) this.#readSegment(bytes, wanted, vectors)
    }
    return { vectors, segments }
  }

  #readSegment(bytes: Buffer, wanted: ReadonlySet<string> | null, into: Map<string, Float32Array>): void {
    const vectorBytes = this.model.dimensions * 4
    const recordBytes = HASH_BYTES + vectorBytes + CHECK_BYTES
    for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
      const key = bytes.toString('latin1', at, at + HASH_BYTES)
      if (wanted !== null && !wanted.has(key)) continue
      const checked = bytes.subarray(at, at + HASH_BYTES + vectorBytes)
      if (crc32(checked) !== bytes.readUInt32LE(at + HASH_BYTES + vectorBytes)) continue
      // A copy of its own: it is aligned, and the segment's bytes can go.
      into.set(key, new Float32Array(new Uint8Array(bytes.subarray(at + HASH_BYTES, at + HASH_BYTES + vectorBytes)).buffer))
    }
  }

  async #write(records: readonly { key: string; vector: Float32Array }[]): Promise<string> {
    const parts = records.map(({ key, vector }) => {
      const body = Buffer.concat([Buffer.from(key, 'latin1'), Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)])
      const check = Buffer.alloc(CHECK_BYTES)
      check.writeUInt32LE(crc32(body))
      return Buffer.concat([body, check])
    })
    await mkdir(this.#folder, { recursive: true })
    const name = `${Date.now().toString(36)}-${randomUUID()}.bin`
    const unfinished = path.join(this.#folder, `${name}.part`)
    await writeFile(unfinished, Buffer.concat(parts))
    await rename(unfinished, path.join(this.#folder, name))
    return name
  }

  /** Another process may do the same at the same time: then some vectors stand twice, which costs room and nothing else. */
  async #compact(wanted: ReadonlySet<string>): Promise<void> {
    const { vectors, segments } = await this.#load((await this.#countBytes()) > this.#mostBytes ? wanted : null)
    await this.#write([...vectors].map(([key, vector]) => ({ key, vector })))
    for (const name of segments) await rm(path.join(this.#folder, name), { force: true })
  }

  async #countBytes(): Promise<number> {
    const sizes = (await readdir(this.#folder)).filter((name) => name.endsWith('.bin')).map(async (name) => (await stat(path.join(this.#folder, name)).catch(() => null))?.size ?? 0)
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  }

  /** What an index is made from: the model, the purpose and every text. */
  #hashTexts(texts: readonly string[], purpose: EmbeddingPurpose): string {
    const hash = createHash('sha256').update([GRAPH_RECIPE, this.model.id, this.model.dimensions, purpose, texts.length].join('\n'))
    for (const text of texts) hash.update(`\n${text.length}\n${text}`)
    return hash.digest('hex').slice(0, 32)
  }
}

function hashText(text: string, purpose: EmbeddingPurpose): string {
  return createHash('sha256').update(`${purpose}\n${text}`).digest().subarray(0, HASH_BYTES).toString('latin1')
}
