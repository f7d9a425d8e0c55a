import type { Columns } from './kept-file.ts'

/** Rows of numbers, most of them 0: row i has `values[at]` in column `columns[at]` for `starts[i] <= at < starts[i + 1]`. */
export interface SparseRows {
  starts: Uint32Array
  columns: Uint32Array
  values: Float32Array
  /** How many columns there are. */
  width: number
}

/** One row of the same sort. */
export interface SparseRow {
  columns: ArrayLike<number>
  values: ArrayLike<number>
}

export interface HeadOptions {
  /** How dear a wrong example is, against large weights. */
  cost: number
  /** How often every example is looked at. */
  rounds: number
}

/** A linear separation of each class from all others: above 0 = like the class. Trained once, never changed. */
export class LinearHead {
  /** Knows no class. */
  static readonly EMPTY = new LinearHead([])
  readonly #weights: readonly (Float32Array | null)[]

  private constructor(weights: readonly (Float32Array | null)[]) {
    this.#weights = weights
  }

  /**
   * Support vector machines with squared hinge loss, one against the rest, by coordinate descent on the dual problem. Deterministic.
   * @param classes class of each row, 0..count-1; -1 = not looked at
   */
  static train(rows: SparseRows, classes: Int32Array, count: number, options: HeadOptions): LinearHead {
    return new LinearHead(Array.from({ length: count }, (_, wanted) => separate(rows, classes, wanted, options)))
  }

  /** The head whose `columns` these were; null when they can't be one's. */
  static load({ weights, known }: Columns, count: number, width: number): LinearHead | null {
    if (!(weights instanceof Float32Array) || !(known instanceof Uint32Array) || known.length !== count) return null
    const places = Array.from(known, (isKnown, place) => (isKnown === 0 ? null : known.subarray(0, place).reduce((sum, one) => sum + one, 0)))
    if (weights.length !== known.reduce((sum, one) => sum + one, 0) * (width + 1)) return null
    return new LinearHead(places.map((place) => (place === null ? null : weights.subarray(place * (width + 1), (place + 1) * (width + 1)))))
  }

  /** Everything that `load` needs. */
  columns(): Columns {
    const present = this.#weights.filter((weights) => weights !== null)
    const width = present[0]?.length ?? 0
    const weights = new Float32Array(present.length * width)
    for (const [place, one] of present.entries()) weights.set(one, place * width)
    return { weights, known: Uint32Array.from(this.#weights, (one) => (one === null ? 0 : 1)) }
  }

  /** By class; null for a class that had no example. */
  scores(row: SparseRow): (number | null)[] {
    return this.#weights.map((weights) => {
      if (weights === null) return null
      let sum = weights[weights.length - 1]!
      for (let at = 0; at < row.columns.length; at += 1) sum += weights[row.columns[at]!]! * row.values[at]!
      return sum
    })
  }
}

/** The last weight is the bias. */
function separate({ starts, columns, values, width }: SparseRows, classes: Int32Array, wanted: number, { cost, rounds }: HeadOptions): Float32Array | null {
  const used = [...classes.keys()].filter((row) => classes[row]! >= 0)
  const positives = used.filter((row) => classes[row] === wanted).length
  if (positives === 0 || positives === used.length) return null
  const weights = new Float32Array(width + 1)
  const alphas = new Float32Array(classes.length)
  const softness = 1 / (2 * cost)
  const curves = used.map((row) => {
    let sum = 1 + softness
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) sum += values[at]! * values[at]!
    return sum
  })
  for (let round = 0; round < rounds; round += 1) {
    // Another order each round, the same at every training: a step that is prime to most lengths.
    for (let turn = 0; turn < used.length; turn += 1) {
      const place = (turn * STRIDE + round * OFFSET) % used.length
      const row = used[place]!
      const sign = classes[row] === wanted ? 1 : -1
      let margin = weights[width]!
      for (let at = starts[row]!; at < starts[row + 1]!; at += 1) margin += weights[columns[at]!]! * values[at]!
      const alpha = alphas[row]!
      const gradient = sign * margin - 1 + softness * alpha
      const next = Math.max(0, alpha - gradient / curves[place]!)
      if (next === alpha) continue
      alphas[row] = next
      const change = (next - alpha) * sign
      weights[width]! += change
      for (let at = starts[row]!; at < starts[row + 1]!; at += 1) weights[columns[at]!]! += change * values[at]!
    }
  }
  return weights
}

/** A prime: with it all rows are reached unless there are a multiple of it. */
const STRIDE = 7919
const OFFSET = 31
