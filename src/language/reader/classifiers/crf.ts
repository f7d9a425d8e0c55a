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
