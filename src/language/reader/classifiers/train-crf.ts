import type { Crf } from './crf.ts'
import { createRandom, shuffled } from './hash.ts'

/** A text as the field sees it: the known features of place i are `columns[starts[i]..starts[i + 1]]`; and its labels. */
export interface TaggedRow {
  columns: Uint32Array
  starts: Uint32Array
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
/** A probability that is off by less moves nothing. */
const SLIGHT = 0.01
/** A text of which no place is further off is known, and left out the next time. */
const KNOWN = 0.05

/**
 * Trains by stochastic gradient descent with AdaGrad's steps on the log-likelihood of whole texts. Deterministic by seed.
 * @param sets of texts, each of which has a round in its turn
 */
export function trainCrf(sets: readonly (readonly TaggedRow[])[], options: CrfOptions): Crf {
  const learner = new Learner(options, sets.flat().reduce((longest, { labels }) => Math.max(longest, labels.length), 0))
  const random = createRandom(options.seed)
  const rests = sets.map(({ length }) => new Uint8Array(length))
  for (let round = 0; round < options.rounds; round += 1) {
    const rows = sets[round % sets.length]!
    const resting = rests[round % sets.length]!
    for (const index of shuffled(rows.length, random)) resting[index] = resting[index] === 0 && learner.learn(rows[index]!) < KNOWN ? 1 : 0
  }
  return learner.crf
}

class Learner {
  readonly crf: Crf
  readonly #rate: number
  readonly #squares: { emissions: Float32Array; transitions: Float32Array; starts: Float32Array }
  /** A label may follow those from `first` to `last` only. */
  readonly #first: Uint8Array
  readonly #last: Uint8Array
  /** Exponentials of the transitions, `exp[to * labels + from]`: those into a label lie side by side. */
  readonly #exp: Float64Array
  /** By place and label: the exponentials of the emissions, each place's highest being 1; what speaks for a label before and behind; its probability. */
  readonly #scores: Float64Array
  readonly #forward: Float64Array
  readonly #backward: Float64Array
  readonly #likely: Float64Array
  /** What a place's forward values, and then its probabilities, were divided by. */
  readonly #scales: Float64Array
  readonly #wrong: Uint8Array

  constructor({ labels, features, rate, isAllowed, isStart }: CrfOptions, longest: number) {
    const all = Array.from({ length: labels }, (_, label) => label)
    this.#rate = rate
    this.crf = {
      labels,
      emissions: new Float32Array(features * labels),
      transitions: Float32Array.from(all.flatMap((from) => all.map((to) => (isAllowed(from, to) ? 0 : FORBIDDEN)))),
      starts: Float32Array.from(all, (label) => (isStart(label) ? 0 : FORBIDDEN)),
    }
    this.#squares = { emissions: new Float32Array(features * labels).fill(1e-3), transitions: new Float32Array(labels * labels).fill(1e-1), starts: new Float32Array(labels).fill(1e-1) }
    this.#first = Uint8Array.from(all, (to) => all.findIndex((from) => isAllowed(from, to)))
    this.#last = Uint8Array.from(all, (to) => all.findLastIndex((from) => isAllowed(from, to)))
    this.#exp = new Float64Array(labels * labels)
    const byPlace = () => new Float64Array(longest * labels)
    this.#scores = byPlace()
    this.#forward = byPlace()
    this.#backward = byPlace()
    this.#likely = byPlace()
    this.#scales = new Float64Array(longest)
    this.#wrong = new Uint8Array(labels)
  }

  /** One step for one text; returns how far the probability of a label was off at most. */
  learn(row: TaggedRow): number {
    const gold = row.labels
    if (gold.length === 0) return 0
    this.#score(row)
    this.#passForward(gold.length)
    this.#passBackward(gold.length)
    this.#weigh(gold.length)
    for (let at = 1; at < gold.length; at += 1) this.#stepTransitions(at, gold[at - 1]!, gold[at]!)
    let worst = 0
    for (let at = 0; at < gold.length; at += 1) worst = Math.max(worst, this.#stepEmissions(row, at))
    return worst
  }

  #score({ columns, starts, labels: { length } }: TaggedRow): void {
    const { labels, emissions, transitions } = this.crf
    const exp = this.#exp
    for (let from = 0; from < labels; from += 1) {
      for (let to = 0; to < labels; to += 1) exp[to * labels + from] = transitions[from * labels + to]! <= FORBIDDEN ? 0 : Math.exp(transitions[from * labels + to]!)
    }
    const scores = this.#scores.fill(0, 0, length * labels)
    for (let at = 0; at < length; at += 1) {
      const place = at * labels
      const end = starts[at + 1]!
      let nth = starts[at]!
      // Four at a time: each sum is read and written so much less often.
      for (; nth + 4 <= end; nth += 4) {
        const [base, second, third, fourth] = [columns[nth]! * labels, columns[nth + 1]! * labels, columns[nth + 2]! * labels, columns[nth + 3]! * labels]
        for (let one = 0; one < labels; one += 1) scores[place + one]! += emissions[base + one]! + emissions[second + one]! + emissions[third + one]! + emissions[fourth + one]!
      }
      for (; nth < end; nth += 1) {
        const base = columns[nth]! * labels
        for (let one = 0; one < labels; one += 1) scores[place + one]! += emissions[base + one]!
      }
      let highest = -Infinity
      for (let one = 0; one < labels; one += 1) if (scores[place + one]! > highest) highest = scores[place + one]!
      for (let one = 0; one < labels; one += 1) scores[place + one] = Math.exp(scores[place + one]! - highest)
    }
  }

  #passForward(length: number): void {
    const { labels, starts } = this.crf
    const [forward, scores, exp, first, last] = [this.#forward, this.#scores, this.#exp, this.#first, this.#last]
    for (let one = 0; one < labels; one += 1) forward[one] = starts[one]! <= FORBIDDEN ? 0 : Math.exp(starts[one]!) * scores[one]!
    for (let at = 0; at < length; at += 1) {
      const place = at * labels
      const before = place - labels
      for (let to = 0; at > 0 && to < labels; to += 1) {
        let sum = 0
        const end = last[to]!
        for (let from = first[to]!; from <= end; from += 1) sum += forward[before + from]! * exp[to * labels + from]!
        forward[place + to] = sum * scores[place + to]!
      }
      this.#scales[at] = scale(forward, place, labels)
    }
  }

  #passBackward(length: number): void {
    const { labels } = this.crf
    const [scores, exp, first, last] = [this.#scores, this.#exp, this.#first, this.#last]
    const backward = this.#backward.fill(0, 0, (length - 1) * labels).fill(1, (length - 1) * labels, length * labels)
    for (let at = length - 2; at >= 0; at -= 1) {
      const place = at * labels
      for (let to = 0; to < labels; to += 1) {
        const right = scores[place + labels + to]! * backward[place + labels + to]!
        const end = last[to]!
        for (let from = first[to]!; from <= end; from += 1) backward[place + from]! += exp[to * labels + from]! * right
      }
      scale(backward, place, labels)
    }
  }

  #weigh(length: number): void {
    const { labels } = this.crf
    const [likely, forward, backward] = [this.#likely, this.#forward, this.#backward]
    for (let place = 0; place < length * labels; place += 1) likely[place] = forward[place]! * backward[place]!
    for (let at = 0; at < length; at += 1) this.#scales[at]! *= scale(likely, at * labels, labels)
  }

  /** A pair is as likely as the less likely of its labels at most: most need no look. */
  #stepTransitions(at: number, goldFrom: number, goldTo: number): void {
    const { labels, transitions } = this.crf
    const [likely, place, before] = [this.#likely, at * labels, (at - 1) * labels]
    for (let to = 0; to < labels; to += 1) {
      if (to !== goldTo && likely[place + to]! < SLIGHT) continue
      const behind = (this.#scores[place + to]! * this.#backward[place + to]!) / this.#scales[at]!
      for (let from = this.#first[to]!; from <= this.#last[to]!; from += 1) {
        const isGold = to === goldTo && from === goldFrom
        if (!isGold && likely[before + from]! < SLIGHT) continue
        const gradient = this.#forward[before + from]! * this.#exp[to * labels + from]! * behind - (isGold ? 1 : 0)
        if (Math.abs(gradient) > SLIGHT) this.#step(transitions, this.#squares.transitions, from * labels + to, gradient)
      }
    }
  }

  /** How far each label's probability at a place is from what it should be moves the weights of what is seen there; returns the worst of them. */
  #stepEmissions({ columns, starts, labels: gold }: TaggedRow, at: number): number {
    const { labels, emissions, starts: firsts } = this.crf
    const [errors, wrong, place] = [this.#likely, this.#wrong, at * labels]
    errors[place + gold[at]!]! -= 1
    let count = 0
    let worst = 0
    for (let one = 0; one < labels; one += 1) {
      const error = Math.abs(errors[place + one]!)
      if (error >= SLIGHT) wrong[count++] = one
      if (error > worst) worst = error
    }
    for (let nth = starts[at]!; count > 0 && nth < starts[at + 1]!; nth += 1) {
      const base = columns[nth]! * labels
      for (let which = 0; which < count; which += 1) this.#step(emissions, this.#squares.emissions, base + wrong[which]!, errors[place + wrong[which]!]!)
    }
    for (let which = 0; at === 0 && which < count; which += 1) {
      if (firsts[wrong[which]!]! > FORBIDDEN) this.#step(firsts, this.#squares.starts, wrong[which]!, errors[wrong[which]!]!)
    }
    return worst
  }

  #step(weights: Float32Array, squares: Float32Array, place: number, gradient: number): void {
    squares[place]! += gradient * gradient
    weights[place]! -= (this.#rate * gradient) / Math.sqrt(squares[place]!)
  }
}

/** Divides the values of a place by their sum, and returns it; where all are 0 every label is as likely as another. */
function scale(values: Float64Array, place: number, labels: number): number {
  let total = 0
  for (let one = 0; one < labels; one += 1) total += values[place + one]!
  if (total <= 0) {
    values.fill(1 / labels, place, place + labels)
    return 1
  }
  for (let one = 0; one < labels; one += 1) values[place + one]! /= total
  return total
}
