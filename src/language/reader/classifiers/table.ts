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

/**
 * A table from weights by column and class; what is nearer to 0 than `least` is left out.
 * @param columns hash of a feature's name -> its column
 */
export function toTable(columns: ReadonlyMap<number, number>, weights: Float32Array, classes: number, least: number, bias: Float32Array = new Float32Array(classes)): WeightTable {
  const order = [...columns].sort(([one], [other]) => one - other)
  const hashes: number[] = []
  const starts = [0]
  const of: number[] = []
  const values: number[] = []
  for (const [hash, column] of order) {
    const before = of.length
    for (let one = 0; one < classes; one += 1) {
      const weight = weights[column * classes + one]!
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
