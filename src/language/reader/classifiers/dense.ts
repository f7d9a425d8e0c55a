import { createRandom, shuffled } from './hash.ts'
import { toProbabilities } from './multinomial.ts'

/** One hidden layer between a sentence's vector (with what was asked beside it) and the classes. */
export interface Dense {
  inputs: number
  hidden: number
  classes: number
  /** By hidden unit and input. */
  first: Float32Array
  firstBias: Float32Array
  /** By class and hidden unit. */
  second: Float32Array
  secondBias: Float32Array
}

export interface DenseOptions {
  hidden: number
  rounds: number
  rate: number
  /** How many hidden units are left out at a time. */
  dropout: number
  seed: number
}

const BATCH = 32
const DECAY = 1e-3

/**
 * Trains by Adam with dropout. Deterministic by seed.
 * @param inputs one row after the other
 * @param targets probability of each class by row
 */
export function trainDense(inputs: Float32Array, targets: Float32Array, sizes: { inputs: number; classes: number }, options: DenseOptions): Dense {
  const { hidden, rounds, rate, dropout } = options
  const width = sizes.inputs
  const { classes } = sizes
  const count = inputs.length / width
  const random = createRandom(options.seed)
  const spread = (length: number, fan: number) => Float32Array.from({ length }, () => (random() - 0.5) * 2 * Math.sqrt(3 / fan))
  const model: Dense = { inputs: width, hidden, classes, first: spread(width * hidden, width), firstBias: new Float32Array(hidden), second: spread(hidden * classes, hidden), secondBias: new Float32Array(classes) }
  const weights = [model.first, model.firstBias, model.second, model.secondBias]
  const gradients = weights.map((one) => new Float32Array(one.length))
  const means = weights.map((one) => new Float32Array(one.length))
  const squares = weights.map((one) => new Float32Array(one.length))
  const kept = new Float32Array(hidden)
  const active = new Float32Array(hidden)
  const scores = new Float64Array(classes)
  let step = 0
  for (let round = 0; round < rounds; round += 1) {
    const order = shuffled(count, random)
    const speed = rate * (1 - round / rounds)
    for (let from = 0; from < count; from += BATCH) {
      const to = Math.min(count, from + BATCH)
      for (const gradient of gradients) gradient.fill(0)
      for (let nth = from; nth < to; nth += 1) {
        const row = order[nth]!
        for (let unit = 0; unit < hidden; unit += 1) kept[unit] = random() >= dropout ? 1 / (1 - dropout) : 0
        forward(model, inputs, row * width, active, scores, kept)
        toProbabilities(scores)
        for (let one = 0; one < classes; one += 1) scores[one] = (scores[one]! - targets[row * classes + one]!) / (to - from)
        backward(model, gradients, inputs, row * width, active, scores, kept)
      }
      step += 1
      adam(weights, gradients, means, squares, speed, step)
    }
  }
  return model
}

function forward(model: Dense, inputs: Float32Array, base: number, active: Float32Array, scores: Float64Array, kept: Float32Array | null): void {
  const { hidden, classes, first, second } = model
  const width = model.inputs
  for (let unit = 0; unit < hidden; unit += 1) {
    if (kept !== null && kept[unit] === 0) {
      active[unit] = 0
      continue
    }
    let sum = model.firstBias[unit]!
    const at = unit * width
    for (let column = 0; column < width; column += 1) sum += first[at + column]! * inputs[base + column]!
    active[unit] = sum > 0 ? sum * (kept === null ? 1 : kept[unit]!) : 0
  }
  for (let one = 0; one < classes; one += 1) {
    let sum = model.secondBias[one]!
    for (let unit = 0; unit < hidden; unit += 1) sum += second[one * hidden + unit]! * active[unit]!
    scores[one] = sum
  }
}

function backward(model: Dense, gradients: readonly Float32Array[], inputs: Float32Array, base: number, active: Float32Array, errors: Float64Array, kept: Float32Array): void {
  const { hidden, classes, second } = model
  const width = model.inputs
  const [first, firstBias, secondGradient, secondBias] = gradients as [Float32Array, Float32Array, Float32Array, Float32Array]
  for (let one = 0; one < classes; one += 1) {
    const error = errors[one]!
    secondBias[one]! += error
    for (let unit = 0; unit < hidden; unit += 1) secondGradient[one * hidden + unit]! += error * active[unit]!
  }
  for (let unit = 0; unit < hidden; unit += 1) {
    if (active[unit] === 0) continue
    let error = 0
    for (let one = 0; one < classes; one += 1) error += errors[one]! * second[one * hidden + unit]!
    error *= kept[unit]!
    firstBias[unit]! += error
    const at = unit * width
    for (let column = 0; column < width; column += 1) first[at + column]! += error * inputs[base + column]!
  }
}

function adam(weights: readonly Float32Array[], gradients: readonly Float32Array[], means: readonly Float32Array[], squares: readonly Float32Array[], rate: number, step: number): void {
  const first = 1 - 0.9 ** step
  const second = 1 - 0.999 ** step
  for (const [index, one] of weights.entries()) {
    const gradient = gradients[index]!
    const mean = means[index]!
    const square = squares[index]!
    for (let place = 0; place < one.length; place += 1) {
      const value = gradient[place]!
      const m = (mean[place] = 0.9 * mean[place]! + 0.1 * value)
      const s = (square[place] = 0.999 * square[place]! + 0.001 * value * value)
      one[place]! -= (rate * m) / first / (Math.sqrt(s / second) + 1e-8) + rate * DECAY * one[place]!
    }
  }
}

/** Log-odds of each class for one input. */
export function scoreDense(model: Dense, input: Float32Array): Float64Array {
  const scores = new Float64Array(model.classes)
  forward(model, input, 0, new Float32Array(model.hidden), scores, null)
  return scores
}
