/** A fitted logistic regression; features are standardised by `means` and `scales` first. */
export interface LogisticModel {
  features: string[]
  means: number[]
  scales: number[]
  weights: number[]
  bias: number
}

export interface LogisticSample {
  features: readonly number[]
  label: 0 | 1
  weight?: number
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value))
}

/**
 * Candidates' log-odds as probabilities that know of each other: a second regression over the log-odds and their lead over all the others together.
 */
export function calibrate(model: LogisticModel, logits: readonly number[]): number[] {
  return calibrationFeatures(logits).map((features) => sigmoid(logit(model, features)))
}

export const CALIBRATION_FEATURES = ['logit', 'lead']
const WIDEST = 12

export function calibrationFeatures(logits: readonly number[]): number[][] {
  const total = logits.reduce((sum, value) => sum + Math.exp(value), 0)
  return logits.map((value) => [clamp(value), clamp(value - Math.log(Math.max(1e-12, total - Math.exp(value))))])
}

function clamp(value: number): number {
  return Math.min(WIDEST, Math.max(-WIDEST, value))
}

/** The log-odds that the model gives to a row of features, which must be in the model's order. */
export function logit(model: LogisticModel, features: readonly number[]): number {
  let sum = model.bias
  for (let index = 0; index < model.weights.length; index += 1) {
    sum += ((features[index] ?? 0) - (model.means[index] ?? 0)) / (model.scales[index] ?? 1) * (model.weights[index] ?? 0)
  }
  return sum
}

/**
 * Fits by Newton's method with an L2 penalty on the standardised weights (not on the bias).
 * @param names one for each feature, in order
 */
export function fitLogistic(names: readonly string[], samples: readonly LogisticSample[], options: { penalty?: number; iterations?: number } = {}): LogisticModel {
  const { means, scales } = describeColumns(names.length, samples)
  const rows = samples.map((sample) => [...sample.features.map((value, index) => (value - (means[index] ?? 0)) / (scales[index] ?? 1)), 1])
  const size = names.length + 1
  const weights = new Array<number>(size).fill(0)
  for (let round = 0; round < (options.iterations ?? 25); round += 1) {
    const { gradient, hessian } = derivatives(rows, samples, weights, options.penalty ?? 1)
    const step = solve(hessian, gradient)
    for (let index = 0; index < size; index += 1) weights[index] = (weights[index] ?? 0) + (step[index] ?? 0)
    if (Math.max(...step.map(Math.abs)) < 1e-6) break
  }
  return { features: [...names], means, scales, weights: weights.slice(0, -1), bias: weights[size - 1] ?? 0 }
}

function describeColumns(count: number, samples: readonly LogisticSample[]): { means: number[]; scales: number[] } {
  const means: number[] = []
  const scales: number[] = []
  for (let index = 0; index < count; index += 1) {
    const values = samples.map((sample) => sample.features[index] ?? 0)
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length)
    means.push(mean)
    scales.push(Math.sqrt(variance) || 1)
  }
  return { means, scales }
}

function derivatives(rows: readonly number[][], samples: readonly LogisticSample[], weights: readonly number[], penalty: number) {
  const size = weights.length
  const gradient = new Array<number>(size).fill(0)
  const hessian = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  for (const [at, row] of rows.entries()) {
    let sum = 0
    for (let index = 0; index < size; index += 1) sum += row[index]! * weights[index]!
    const probability = sigmoid(sum)
    const weight = samples[at]?.weight ?? 1
    const error = weight * ((samples[at]?.label ?? 0) - probability)
    const curve = weight * Math.max(1e-9, probability * (1 - probability))
    for (let left = 0; left < size; left += 1) {
      gradient[left]! += error * row[left]!
      const scaled = curve * row[left]!
      const line = hessian[left]!
      for (let right = 0; right <= left; right += 1) line[right]! += scaled * row[right]!
    }
  }
  for (let left = 0; left < size; left += 1) {
    if (left < size - 1) {
      gradient[left]! -= penalty * weights[left]!
      hessian[left]![left]! += penalty
    }
    hessian[left]![left]! += 1e-9
    for (let right = 0; right < left; right += 1) hessian[right]![left] = hessian[left]![right]!
  }
  return { gradient, hessian }
}

/** Gaussian elimination with row exchange. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const size = right.length
  const rows = matrix.map((line, index) => [...line, right[index] ?? 0])
  for (let column = 0; column < size; column += 1) {
    let best = column
    for (let row = column + 1; row < size; row += 1) if (Math.abs(rows[row]![column]!) > Math.abs(rows[best]![column]!)) best = row
    const pivot = rows[best]!
    rows[best] = rows[column]!
    rows[column] = pivot
    for (let row = 0; row < size; row += 1) {
      if (row === column || pivot[column] === 0) continue
      const factor = rows[row]![column]! / pivot[column]!
      for (let index = column; index <= size; index += 1) rows[row]![index]! -= factor * pivot[index]!
    }
  }
  return rows.map((line, index) => (line[index] === 0 ? 0 : line[size]! / line[index]!))
}
