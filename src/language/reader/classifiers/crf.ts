import { createRandom, shuffled } from './hash.ts'
import { addFeature, findFeature, type WeightTable } from './table.ts'

/** A linear-chain conditional random field over characters. */
export interface Crf {
  labels: number
  /** By feature and label: `emissions[feature * labels + label]`. */
  emissions: Float32Array
  /** From label to label: `transitions[from * labels + to]`. */
  transitions: Float32Array
  /** Of the first character. */
  starts: Float32Array
}

/** A text as the field sees it: the known features of each place, and its labels. */
export interface TaggedRow {
  features: readonly Uint32Array[]
  labels: Uint8Array
}

export interface CrfOptions {
  labels: number
  features: number
  rounds: number
  rate: number
  seed: number
  /** Whether a label may follow another one; forbidden ones are never chosen. */
  isAllowed: (from: number, to: number) => boolean
  isStart: (label: number) => boolean
}

const FORBIDDEN = -30
/** What is less likely than this bears on nothing. What the words before speak against, those behind may still prove: it must be very small. */
const NEGLIGIBLE = 1e-30
/** A gradient below this moves nothing. */
const SLIGHT = 1e-3

/** Trains by stochastic gradient descent with AdaGrad's steps on the log-likelihood of whole texts. Deterministic by seed. */
export function trainCrf(rows: readonly TaggedRow[], options: CrfOptions): Crf {
  const { labels, features, rounds, rate } = options
  const crf: Crf = { labels, emissions: new Float32Array(features * labels), transitions: new Float32Array(labels * labels), starts: new Float32Array(labels) }
  forbid(crf, options)
  const squares = { emissions: new Float32Array(features * labels).fill(1e-3), transitions: new Float32Array(labels * labels).fill(1e-1), starts: new Float32Array(labels).fill(1e-1) }
  const random = createRandom(options.seed)
  for (let round = 0; round < rounds; round += 1) {
    for (const index of shuffled(rows.length, random)) learn(crf, squares, rows[index]!, rate)
  }
  return crf
}

function forbid(crf: Crf, { labels, isAllowed, isStart }: CrfOptions): void {
  for (let from = 0; from < labels; from += 1) {
    if (!isStart(from)) crf.starts[from] = FORBIDDEN
    for (let to = 0; to < labels; to += 1) if (!isAllowed(from, to)) crf.transitions[from * labels + to] = FORBIDDEN
  }
}

function learn(crf: Crf, squares: Omit<Crf, 'labels'>, { features, labels: gold }: TaggedRow, rate: number): void {
  const { labels } = crf
  if (features.length === 0) return
  const exp = expTransitions(crf)
  const { forward, backward, scores } = passes(crf, features, exp)
  const step = (weights: Float32Array, square: Float32Array, place: number, gradient: number) => {
    square[place]! += gradient * gradient
    weights[place]! -= (rate * gradient) / Math.sqrt(square[place]!)
  }
  const errors = new Float64Array(labels)
  const wrong = new Uint8Array(labels)
  const pairs = new Float64Array(labels * labels)
  for (const [at, known] of features.entries()) {
    const count = errorsAt(forward, backward, at, gold[at]!, errors, wrong)
    // Feature by feature: the weights of one lie side by side.
    for (let nth = 0; nth < known.length; nth += 1) {
      const base = known[nth]! * labels
      for (let place = 0; place < count; place += 1) step(crf.emissions, squares.emissions, base + wrong[place]!, errors[wrong[place]!]!)
    }
    if (at === 0) {
      for (let place = 0; place < count; place += 1) if (crf.starts[wrong[place]!]! > FORBIDDEN) step(crf.starts, squares.starts, wrong[place]!, errors[wrong[place]!]!)
      continue
    }
    let sum = 0
    pairs.fill(0)
    for (let from = 0; from < labels; from += 1) {
      const left = forward[(at - 1) * labels + from]!
      if (left < NEGLIGIBLE) continue
      for (let to = 0; to < labels; to += 1) {
        const value = left * exp[from * labels + to]! * scores[at * labels + to]! * backward[at * labels + to]!
        pairs[from * labels + to] = value
        sum += value
      }
    }
    const goldPair = gold[at - 1]! * labels + gold[at]!
    for (let pair = 0; pair < pairs.length; pair += 1) {
      const gradient = pairs[pair]! / sum - (pair === goldPair ? 1 : 0)
      if (Math.abs(gradient) > SLIGHT && crf.transitions[pair]! > FORBIDDEN) step(crf.transitions, squares.transitions, pair, gradient)
    }
  }
}

/** How far each label's probability at a place is from what it should be; returns how many labels are off, and lists them in `wrong`. */
function errorsAt(forward: Float64Array, backward: Float64Array, at: number, gold: number, errors: Float64Array, wrong: Uint8Array): number {
  const labels = errors.length
  let total = 0
  for (let one = 0; one < labels; one += 1) total += errors[one] = forward[at * labels + one]! * backward[at * labels + one]!
  let count = 0
  for (let one = 0; one < labels; one += 1) {
    errors[one] = errors[one]! / total - (gold === one ? 1 : 0)
    if (Math.abs(errors[one]!) >= SLIGHT) wrong[count++] = one
  }
  return count
}

function expTransitions({ transitions }: Crf): Float64Array {
  return Float64Array.from(transitions, (value) => (value <= FORBIDDEN ? 0 : Math.exp(value)))
}

/** Scaled forward and backward passes; `scores` are the exponentials of the emissions, each place's highest being 1. */
function passes(crf: Crf, features: readonly Uint32Array[], exp: Float64Array): { forward: Float64Array; backward: Float64Array; scores: Float64Array } {
  const { labels } = crf
  const length = features.length
  const scores = emissionScores(crf, features)
  for (let at = 0; at < length; at += 1) {
    let highest = -Infinity
    for (let one = 0; one < labels; one += 1) highest = Math.max(highest, scores[at * labels + one]!)
    for (let one = 0; one < labels; one += 1) scores[at * labels + one] = Math.exp(scores[at * labels + one]! - highest)
  }
  const forward = new Float64Array(length * labels)
  const backward = new Float64Array(length * labels)
  for (let one = 0; one < labels; one += 1) forward[one] = crf.starts[one]! <= FORBIDDEN ? 0 : Math.exp(crf.starts[one]!) * scores[one]!
  scale(forward, 0, labels)
  for (let at = 1; at < length; at += 1) {
    for (let from = 0; from < labels; from += 1) {
      const left = forward[(at - 1) * labels + from]!
      if (left < NEGLIGIBLE) continue
      for (let to = 0; to < labels; to += 1) forward[at * labels + to]! += left * exp[from * labels + to]!
    }
    for (let to = 0; to < labels; to += 1) forward[at * labels + to]! *= scores[at * labels + to]!
    scale(forward, at, labels)
  }
  for (let one = 0; one < labels; one += 1) backward[(length - 1) * labels + one] = 1
  for (let at = length - 2; at >= 0; at -= 1) {
    for (let to = 0; to < labels; to += 1) {
      const right = scores[(at + 1) * labels + to]! * backward[(at + 1) * labels + to]!
      if (right < NEGLIGIBLE) continue
      for (let from = 0; from < labels; from += 1) backward[at * labels + from]! += exp[from * labels + to]! * right
    }
    scale(backward, at, labels)
  }
  return { forward, backward, scores }
}

function scale(values: Float64Array, at: number, labels: number): void {
  let total = 0
  for (let one = 0; one < labels; one += 1) total += values[at * labels + one]!
  if (total <= 0) {
    for (let one = 0; one < labels; one += 1) values[at * labels + one] = 1 / labels
    return
  }
  for (let one = 0; one < labels; one += 1) values[at * labels + one]! /= total
}

function emissionScores({ labels, emissions }: Crf, features: readonly Uint32Array[]): Float64Array {
  const scores = new Float64Array(features.length * labels)
  for (const [at, known] of features.entries()) {
    for (let nth = 0; nth < known.length; nth += 1) {
      const base = known[nth]! * labels
      for (let one = 0; one < labels; one += 1) scores[at * labels + one]! += emissions[base + one]!
    }
  }
  return scores
}

/** A trained field as it is read: its emissions as a table. */
export interface Tagger {
  emissions: WeightTable
  transitions: Float32Array
  starts: Float32Array
}

/** The likeliest labels of a text (Viterbi). `features`: hashes by place. */
export function decode(tagger: Tagger, features: readonly Uint32Array[]): Uint8Array {
  const labels = tagger.emissions.classes
  const length = features.length
  if (length === 0) return new Uint8Array()
  const scores = new Float64Array(length * labels)
  for (const [at, hashes] of features.entries()) {
    for (const hash of hashes) {
      const place = findFeature(tagger.emissions, hash)
      if (place >= 0) addFeature(tagger.emissions, place, 1, scores, at * labels)
    }
  }
  const best = new Float64Array(length * labels)
  const from = new Uint8Array(length * labels)
  for (let one = 0; one < labels; one += 1) best[one] = tagger.starts[one]! + scores[one]!
  for (let at = 1; at < length; at += 1) {
    for (let to = 0; to < labels; to += 1) {
      let highest = -Infinity
      for (let left = 0; left < labels; left += 1) {
        const value = best[(at - 1) * labels + left]! + tagger.transitions[left * labels + to]!
        if (value > highest) {
          highest = value
          from[at * labels + to] = left
        }
      }
      best[at * labels + to] = highest + scores[at * labels + to]!
    }
  }
  const path = new Uint8Array(length)
  let last = 0
  for (let one = 1; one < labels; one += 1) if (best[(length - 1) * labels + one]! > best[(length - 1) * labels + last]!) last = one
  for (let at = length - 1; at >= 0; at -= 1) {
    path[at] = last
    last = from[at * labels + last]!
  }
  return path
}
