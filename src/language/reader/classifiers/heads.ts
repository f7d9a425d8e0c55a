import { scoreDense, trainDense, type Dense, type DenseOptions } from './dense.ts'
import { hashName } from './hash.ts'
import { toProbabilities, trainMultinomial, type MultinomialOptions, type Rows } from './multinomial.ts'
import { addFeature, columnsOf, findFeature, knownColumns, toTable, type WeightTable } from './table.ts'


/** What a text is learnt as: hashes of its features, and how likely each class is. */
export interface Lesson {
  features: Uint32Array
  targets: ReadonlyMap<string, number>
  /** How much it counts; 1 without. */
  importance?: number
}

export interface SparseOptions extends Pick<MultinomialOptions, 'rounds' | 'rate' | 'seed' | 'turns'> {
  /** What is nearer to 0 changes no decision, and is not kept. */
  least: number
  /** Features that stand in fewer lessons are left out. */
  rare?: number
}

/** Features that stand in fewer lessons teach nothing that holds elsewhere. */
const RARE = 2

export function trainSparse(lessons: readonly Lesson[], classes: readonly string[], options: SparseOptions): WeightTable {
  const columns = columnsOf(lessons.map(({ features }) => features), options.rare ?? RARE)
  const rows = toRows(lessons.map(({ features }) => ({ known: knownColumns(columns, features), size: features.length })), columns.hashes.length)
  const { weights } = trainMultinomial(rows, targetsOf(lessons, classes), {
    ...options,
    classes: classes.length,
    importance: Float32Array.from(lessons, ({ importance }) => importance ?? 1),
  })
  return toTable(columns, weights, classes.length, options.least, weights.slice(columns.hashes.length * classes.length))
}

function targetsOf(lessons: readonly Pick<Lesson, 'targets'>[], classes: readonly string[]): Float32Array {
  const targets = new Float32Array(lessons.length * classes.length)
  for (const [row, lesson] of lessons.entries()) {
    for (const [name, share] of lesson.targets) {
      const one = classes.indexOf(name)
      if (one >= 0) targets[row * classes.length + one] = share
    }
  }
  return targets
}

/**
 * Every text weighs the same, however much it holds; what is not known of it counts too: a text of which hardly anything is known says little,
 * and is read as most messages are.
 */
const share = (size: number): number => 1 / Math.sqrt(Math.max(1, size))

function toRows(texts: readonly { known: number[]; size: number }[], width: number): Rows {
  const starts = new Uint32Array(texts.length + 1)
  for (const [row, { known }] of texts.entries()) starts[row + 1] = starts[row]! + known.length
  const columns = new Uint32Array(starts[texts.length]!)
  const values = new Float32Array(columns.length)
  for (const [row, { known, size }] of texts.entries()) {
    columns.set(known, starts[row])
    values.fill(share(size), starts[row], starts[row + 1])
  }
  return { starts, columns, values, width }
}

/** Log-odds of each class. */
export function scoreTable(table: WeightTable, features: Uint32Array): Float64Array {
  const scores = Float64Array.from(table.bias)
  const known: number[] = []
  for (const hash of features) {
    const place = findFeature(table, hash)
    if (place >= 0) known.push(place)
  }
  const value = share(features.length)
  for (const place of known) addFeature(table, place, value, scores)
  return scores
}

/** Names of features that spoke for a class, the strongest first, with what each added to its log-odds against the average of the others. */
export function explainTable(table: WeightTable, names: Iterable<string>, wanted: number, most: number): { feature: string; weight: number }[] {
  const said = [...names]
  const known = said.flatMap((name) => {
    const place = findFeature(table, hashName(name))
    return place < 0 ? [] : [{ name, place }]
  })
  const value = share(said.length)
  const scores = new Float64Array(table.classes)
  const spoke = known.map(({ name, place }) => {
    scores.fill(0)
    addFeature(table, place, value, scores)
    const others = scores.reduce((sum, score, one) => (one === wanted ? sum : sum + score), 0) / Math.max(1, table.classes - 1)
    return { feature: name, weight: scores[wanted]! - others }
  })
  return spoke.sort((one, other) => other.weight - one.weight).slice(0, most)
}

/** A classifier over a sentence's vector. */
export interface DenseHead {
  classes: readonly string[]
  model: Dense
}

/** A vector's length is 1: its parts are brought to where a step of training moves something. */
const VECTOR_SCALE = 4

/** The vector, and after it a 1 at the place of each of the `flags`. */
export function denseInput(vector: Float32Array, flags: readonly number[], flagCount: number): Float32Array {
  const input = new Float32Array(vector.length + flagCount)
  for (let place = 0; place < vector.length; place += 1) input[place] = vector[place]! * VECTOR_SCALE
  for (const flag of flags) if (flag >= 0 && flag < flagCount) input[vector.length + flag] = 1
  return input
}

export function trainDenseHead(inputs: readonly Float32Array[], lessons: readonly Pick<Lesson, 'targets'>[], classes: readonly string[], options: DenseOptions): DenseHead {
  const width = inputs[0]?.length ?? 0
  const rows = new Float32Array(inputs.length * width)
  for (const [row, input] of inputs.entries()) rows.set(input, row * width)
  return { classes, model: trainDense(rows, targetsOf(lessons, classes), { inputs: width, classes: classes.length }, options) }
}

/**
 * What both say, as probabilities: their log-probabilities weighed and summed.
 * @param parts log-odds with the weight of each
 */
export function blend(parts: readonly { scores: Float64Array; weight: number }[]): Float64Array {
  const size = parts[0]?.scores.length ?? 0
  const sum = new Float64Array(size)
  for (const { scores, weight } of parts) {
    const probabilities = toProbabilities(Float64Array.from(scores))
    for (let one = 0; one < size; one += 1) sum[one]! += weight * Math.log(Math.max(1e-12, probabilities[one]!))
  }
  return toProbabilities(sum)
}

export const scoreDenseHead = ({ model }: DenseHead, input: Float32Array): Float64Array => scoreDense(model, input)
