import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { Tagger } from './classifiers/crf.ts'
import type { Dense } from './classifiers/dense.ts'
import type { DenseHead } from './classifiers/heads.ts'
import type { Syllables } from './syllables.ts'
import { indexHashes, type WeightTable } from './classifiers/table.ts'

/** How log-probabilities are weighed against each other, and from where on something is said to be so. */
export interface Calibration {
  sparse: number
  /** 0 where there are no vectors. */
  dense: number
  /** From this probability of an emergency on the safety words are given. */
  danger: number
  /** From this one on it surely is one. */
  sureDanger: number
  /** Less lead over the second intent than this is not sure. */
  margin: number
}

/** Everything that was learnt. */
export interface ReaderWeights {
  trainedOn: string
  /** Digest of the messages that it was learnt from. */
  data: string
  figures: Record<string, number>
  syllables: Syllables
  categories: string[]
  calibration: { lexical: Calibration; hybrid: Calibration }
  tables: { intents: WeightTable; dangers: WeightTable; moves: WeightTable; categories: WeightTable }
  tagger: Tagger
  /** What reads sentences' vectors, and the id of the model whose vectors these are. */
  dense: { model: string; intents: DenseHead } | null
}

const FORMAT = 'linli-reader-1'

/** Writes numbers one after the other, and says where each block stands. */
class Packer {
  readonly #parts: Uint8Array[] = []

  bytes(part: Uint8Array): number {
    this.#parts.push(part)
    return part.length
  }

  /** Ascending whole numbers as the steps between them, seven bits a byte. */
  steps(values: Uint32Array): { steps: number; count: number } {
    const out: number[] = []
    let last = 0
    for (const value of values) {
      let step = value - last
      last = value
      while (step >= 128) {
        out.push((step % 128) + 128)
        step = Math.floor(step / 128)
      }
      out.push(step)
    }
    return { steps: this.bytes(Uint8Array.from(out)), count: values.length }
  }

  /** Real numbers in 255 steps between the outermost. */
  reals(values: Float32Array): { reals: number; scale: number } {
    let highest = 0
    for (const value of values) highest = Math.max(highest, Math.abs(value))
    const scale = highest / 127 || 1
    return { reals: this.bytes(new Uint8Array(Int8Array.from(values, (value) => Math.round(value / scale)).buffer)), scale }
  }

  floats(values: Float32Array): { floats: number } {
    return { floats: this.bytes(new Uint8Array(values.slice().buffer)) }
  }

  join(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

class Unpacker {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    // A Buffer's slice would share its memory.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  bytes(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError('The file of weights ends too early.')
    const part = this.#bytes.slice(this.#at, this.#at + length)
    this.#at += length
    return part
  }

  steps({ steps, count }: { steps: number; count: number }): Uint32Array {
    const part = this.bytes(steps)
    const values = new Uint32Array(count)
    let at = 0
    let last = 0
    for (let index = 0; index < count; index += 1) {
      let step = 0
      let factor = 1
      for (;;) {
        const byte = part[at]!
        at += 1
        step += (byte % 128) * factor
        if (byte < 128) break
        factor *= 128
      }
      last += step
      values[index] = last
    }
    return values
  }

  reals({ reals, scale }: { reals: number; scale: number }): Float32Array {
    const steps = new Int8Array(this.bytes(reals).buffer)
    const values = new Float32Array(steps.length)
    for (let at = 0; at < steps.length; at += 1) values[at] = steps[at]! * scale
    return values
  }

  floats({ floats }: { floats: number }): Float32Array {
    return new Float32Array(this.bytes(floats).buffer)
  }
}

const packTable = (packer: Packer, table: WeightTable) => ({
  classes: table.classes,
  hashes: packer.steps(table.hashes),
  starts: packer.steps(table.starts),
  of: packer.bytes(table.of),
  values: packer.reals(table.values),
  bias: packer.floats(table.bias),
})

type Packed<T extends (packer: Packer, value: never) => unknown> = ReturnType<T>

function unpackTable(unpacker: Unpacker, packed: Packed<typeof packTable>): WeightTable {
  const hashes = unpacker.steps(packed.hashes)
  return {
    classes: packed.classes,
    hashes,
    index: indexHashes(hashes),
    starts: unpacker.steps(packed.starts),
    of: unpacker.bytes(packed.of),
    values: unpacker.reals(packed.values),
    bias: unpacker.floats(packed.bias),
  }
}

const packDense = (packer: Packer, { classes, model }: DenseHead) => ({
  classes,
  inputs: model.inputs,
  hidden: model.hidden,
  first: packer.reals(model.first),
  firstBias: packer.floats(model.firstBias),
  second: packer.reals(model.second),
  secondBias: packer.floats(model.secondBias),
})

function unpackDense(unpacker: Unpacker, packed: Packed<typeof packDense>): DenseHead {
  const model: Dense = {
    inputs: packed.inputs,
    hidden: packed.hidden,
    classes: packed.classes.length,
    first: unpacker.reals(packed.first),
    firstBias: unpacker.floats(packed.firstBias),
    second: unpacker.reals(packed.second),
    secondBias: unpacker.floats(packed.secondBias),
  }
  return { classes: packed.classes, model }
}

const TABLE_FORMAT = 'linli-table-1'

const toFile = (head: object, packer: Packer): Buffer => {
  const text = Buffer.from(JSON.stringify(head))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(text.length)
  return brotliCompressSync(Buffer.concat([size, text, packer.join()]), { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } })
}

function openFile<T extends { format: string }>(file: Uint8Array, format: string): { head: T; unpacker: Unpacker } {
  let bytes: Buffer
  try {
    bytes = brotliDecompressSync(file)
  } catch (error) {
    throw new RangeError('This is no file of weights.', { cause: error })
  }
  const size = bytes.length < 4 ? 0 : bytes.readUInt32LE(0)
  if (size === 0 || size + 4 > bytes.length) throw new RangeError('This is no file of weights.')
  const head = JSON.parse(bytes.subarray(4, 4 + size).toString()) as T
  if (head.format !== format) throw new RangeError(`The file of weights has the format ${head.format}, this program reads ${format}.`)
  return { head, unpacker: new Unpacker(bytes.subarray(4 + size)) }
}

/** One table alone, as `packWeights` packs it: what was learnt again of one thing. */
export function packOneTable(table: WeightTable): Buffer {
  const packer = new Packer()
  return toFile({ format: TABLE_FORMAT, table: packTable(packer, table) }, packer)
}

/**
 * The table of a file that `packOneTable` wrote.
 * @throws {RangeError} when it is none
 */
export function unpackOneTable(file: Uint8Array): WeightTable {
  const { head, unpacker } = openFile<{ format: string; table: Packed<typeof packTable> }>(file, TABLE_FORMAT)
  return unpackTable(unpacker, head.table)
}

/** The weights as one compact file: numbers in eighths of a byte's range, packed by Brotli. */
export function packWeights(weights: ReaderWeights): Buffer {
  const packer = new Packer()
  const { trainedOn, data, figures, categories, calibration, tables, tagger, dense, syllables } = weights
  const head = {
    format: FORMAT,
    about: { trainedOn, data, figures, categories, calibration },
    syllables: { names: syllables.names, of: packer.bytes(new Uint8Array(syllables.of.slice().buffer)) },
    tables: { intents: packTable(packer, tables.intents), dangers: packTable(packer, tables.dangers), moves: packTable(packer, tables.moves), categories: packTable(packer, tables.categories) },
    tagger: { emissions: packTable(packer, tagger.emissions), transitions: packer.floats(tagger.transitions), starts: packer.floats(tagger.starts) },
    dense: dense === null ? null : { model: dense.model, intents: packDense(packer, dense.intents) },
  }
  return toFile(head, packer)
}

interface Head {
  format: string
  about: Pick<ReaderWeights, 'trainedOn' | 'data' | 'figures' | 'categories' | 'calibration'>
  syllables: { names: string[]; of: number }
  tables: Record<keyof ReaderWeights['tables'], Packed<typeof packTable>>
  tagger: { emissions: Packed<typeof packTable>; transitions: { floats: number }; starts: { floats: number } }
  dense: { model: string; intents: Packed<typeof packDense> } | null
}

/**
 * The weights of a file that `packWeights` wrote.
 * @throws {RangeError} when it is none
 */
export function unpackWeights(file: Uint8Array): ReaderWeights {
  const { head, unpacker } = openFile<Head>(file, FORMAT)
  const of = new Uint16Array(unpacker.bytes(head.syllables.of).buffer)
  const { intents, dangers, moves, categories } = head.tables
  const tables = { intents: unpackTable(unpacker, intents), dangers: unpackTable(unpacker, dangers), moves: unpackTable(unpacker, moves), categories: unpackTable(unpacker, categories) }
  const tagger = { emissions: unpackTable(unpacker, head.tagger.emissions), transitions: unpacker.floats(head.tagger.transitions), starts: unpacker.floats(head.tagger.starts) }
  const dense = head.dense === null ? null : { model: head.dense.model, intents: unpackDense(unpacker, head.dense.intents) }
  return { ...head.about, syllables: { names: head.syllables.names, of }, tables, tagger, dense }
}
