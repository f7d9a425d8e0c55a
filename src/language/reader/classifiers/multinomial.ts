import { createRandom, mixed, shuffled } from './hash.ts'

/** Rows of what each text holds: row i is `columns[starts[i]..starts[i + 1]]`, with `values` beside them. */
export interface Rows {
  starts: Uint32Array
  columns: Uint32Array
  values: Float32Array
  width: number
}

export interface MultinomialOptions {
  classes: number
  /** How often every row is looked at. */
  rounds: number
  /** First step's length. */
  rate: number
  seed: number
  /** How much each row counts; 1 without. */
  importance?: Float32Array
  /** A number for each row that decides when it is looked at: where there are more rows the others keep their order, so that what changes is due to those. Absent = any order. */
  turns?: Uint32Array
}

/** Weights by column and class, `weights[column * classes + class]`; the last column is the bias. */
export interface Multinomial {
  classes: number
  weights: Float32Array
}

/** A probability that is off by less moves nothing. */
const SLIGHT = 3e-3

/**
 * Multinomial logistic regression by stochastic gradient descent with AdaGrad's steps. Deterministic by seed.
 * @param targets probability of each class by row, `targets[row * classes + class]`
 */
export function trainMultinomial(rows: Rows, targets: Float32Array, options: MultinomialOptions): Multinomial {
  const { classes, rounds, rate, importance, turns } = options
  const { starts, columns, values, width } = rows
  const count = starts.length - 1
  const weights = new Float32Array((width + 1) * classes)
  const squares = new Float32Array((width + 1) * classes).fill(1e-6)
  const random = createRandom(options.seed)
  const scores = new Float64Array(classes)
  const wrong = new Uint8Array(classes)
  for (let round = 0; round < rounds; round += 1) {
    for (const row of turns === undefined ? shuffled(count, random) : byTurns(turns, round)) {
      const from = starts[row]!
      const to = starts[row + 1]!
      score(weights, columns, values, from, to, width, classes, scores)
      toProbabilities(scores)
      const weight = importance?.[row] ?? 1
      let count = 0
      for (let one = 0; one < classes; one += 1) {
        const error = scores[one]! - targets[row * classes + one]!
        scores[one] = weight * error
        if (Math.abs(error) >= SLIGHT) wrong[count++] = one
      }
      for (let at = from; at <= to; at += 1) {
        const base = (at === to ? width : columns[at]!) * classes
        const value = at === to ? 1 : values[at]!
        for (let which = 0; which < count; which += 1) {
          const one = wrong[which]!
          const gradient = scores[one]! * value
          squares[base + one]! += gradient * gradient
          weights[base + one]! -= (rate * gradient) / Math.sqrt(squares[base + one]!)
        }
      }
    }
  }
  return { classes, weights }
}

/** Rows in an order that differs from round to round; two rows stand to each other as they would without the others. */
function byTurns(turns: Uint32Array, round: number): Uint32Array {
  const places = turns.map((turn) => mixed(turn + Math.imul(round + 1, 0x9e3779b1)))
  return Uint32Array.from(turns.keys()).sort((one, other) => places[one]! - places[other]! || turns[one]! - turns[other]!)
}

function score(weights: Float32Array, columns: Uint32Array, values: Float32Array, from: number, to: number, width: number, classes: number, scores: Float64Array): void {
  for (let one = 0; one < classes; one += 1) scores[one] = weights[width * classes + one]!
  for (let at = from; at < to; at += 1) {
    const base = columns[at]! * classes
    const value = values[at]!
    for (let one = 0; one < classes; one += 1) scores[one]! += weights[base + one]! * value
  }
}

/** Scores to probabilities, in place. */
export function toProbabilities(scores: Float64Array): Float64Array {
  let highest = -Infinity
  for (const value of scores) if (value > highest) highest = value
  let total = 0
  for (let one = 0; one < scores.length; one += 1) {
    scores[one] = Math.exp(scores[one]! - highest)
    total += scores[one]!
  }
  for (let one = 0; one < scores.length; one += 1) scores[one]! /= total
  return scores
}
