import { HASHES } from './hash.ts'

/** Weights by feature and class, only those that say something: what a trained head is read from. */
export interface WeightTable {
  classes: number
  /** Hashes of the features' names, ascending. */
  hashes: Uint32Array
  /** Where a hash is found: open addressing, the place counted from 1, 0 = free. */
  index: Uint32Array
  /** Feature i's weights are `values[starts[i]..starts[i + 1]]` for the classes in `of`. */
  starts: Uint32Array
  of: Uint8Array
  values: Float32Array
  bias: Float32Array
}

/** Columns for the features that are seen often enough. */
export interface Columns {
  /** By hash, counted from 1; 0 = none. */
  of: Uint32Array
  /** The hash of each, in order. */
  hashes: number[]
}

/** @param least how often a feature is seen that has a column, at most 255 */
export function columnsOf(seen: Iterable<Uint32Array>, least: number): Columns {
  const times = new Uint8Array(HASHES)
  const columns: Columns = { of: new Uint32Array(HASHES), hashes: [] }
  for (const hashes of seen) {
    for (let nth = 0; nth < hashes.length; nth += 1) {
      const hash = hashes[nth]!
      if (times[hash]! >= least) continue
      times[hash]! += 1
      if (times[hash] === least) columns.of[hash] = columns.hashes.push(hash)
    }
  }
  return columns
}

/** Columns of the known ones among features, counted from 0. */
export function knownColumns({ of }: Columns, hashes: Uint32Array): number[] {
  const known: number[] = []
  for (let nth = 0; nth < hashes.length; nth += 1) {
    const column = of[hashes[nth]!]!
    if (column > 0) known.push(column - 1)
  }
  return known
}

/** A table from weights by column and class; what is nearer to 0 than `least` is left out. */
export function toTable(columns: Columns, weights: Float32Array, classes: number, least: number, bias: Float32Array = new Float32Array(classes)): WeightTable {
  const hashes: number[] = []
  const starts = [0]
  const of: number[] = []
  const values: number[] = []
  for (const hash of Uint32Array.from(columns.hashes).sort()) {
    const base = (columns.of[hash]! - 1) * classes
    const before = of.length
    for (let one = 0; one < classes; one += 1) {
      const weight = weights[base + one]!
      if (Math.abs(weight) < least) continue
      of.push(one)
      values.push(weight)
    }
    if (of.length === before) continue
    hashes.push(hash)
    starts.push(of.length)
  }
  const known = Uint32Array.from(hashes)
  return { classes, hashes: known, index: indexHashes(known), starts: Uint32Array.from(starts), of: Uint8Array.from(of), values: Float32Array.from(values), bias }
}

/** Places of hashes by their lowest bits, half of them free. */
export function indexHashes(hashes: Uint32Array): Uint32Array {
  let size = 16
  while (size < hashes.length * 2) size *= 2
  const index = new Uint32Array(size)
  for (let place = 0; place < hashes.length; place += 1) {
    let slot = hashes[place]! & (size - 1)
    while (index[slot] !== 0) slot = (slot + 1) & (size - 1)
    index[slot] = place + 1
  }
  return index
}

/** The place of a feature in the table; -1 when it is not known. */
export function findFeature({ hashes, index }: WeightTable, hash: number): number {
  const mask = index.length - 1
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const place = index[slot]!
    if (place === 0) return -1
    if (hashes[place - 1] === hash) return place - 1
  }
}

/** Adds a feature's weights, each times `value`. */
export function addFeature(table: WeightTable, place: number, value: number, scores: Float64Array, base = 0): void {
  const to = table.starts[place + 1]!
  for (let at = table.starts[place]!; at < to; at += 1) scores[base + table.of[at]!]! += table.values[at]! * value
}
