import { tokenizeQuestion } from '../find/words/tokens.ts'

export interface GroupOptions {
  /** Vectors of the questions in the same order, embedded as questions are compared with questions; null = by words alone. */
  vectors: readonly Float32Array[] | null
  /** How rare a term is in questions of all kinds; without it, in these alone: then 一个月多少钱 makes alike what is not. */
  weigh?: (term: number) => number
}

/** Two groups become one while their questions are on average at least this near: chosen by looking at the known gaps grouped so. */
const NEAR = { words: 0.34, both: 0.58 }
/** What the words count beside the meaning: figures and names that the model hardly sees. */
const WORDS_SHARE = 0.35

/**
 * Questions that ask about the same, as lists of their positions: agglomerative, by the average nearness of all pairs. Larger groups first, then in the
 * order of the questions; within a group too. Pure. Time and memory grow with the square of the number: 1,000 take about a third of a second.
 */
export function groupQuestions(questions: readonly string[], options: GroupOptions): number[][] {
  const nearness = measureNearness(questions, options)
  const groupOf = mergeNearest(nearness, questions.length, options.vectors === null ? NEAR.words : NEAR.both)
  const groups = new Map<number, number[]>()
  for (const [position, group] of groupOf.entries()) groups.set(group, [...(groups.get(group) ?? []), position])
  return [...groups.values()].sort((left, right) => right.length - left.length || (left[0] ?? 0) - (right[0] ?? 0))
}

/** The question of a group that speaks best for all: nearest to the others, each counted as often as it was asked. 0 for an empty group. */
export function findMiddle(questions: readonly string[], timesAsked: readonly number[], options: GroupOptions): number {
  const count = questions.length
  const nearness = measureNearness(questions, options)
  const sums = questions.map((_, one) => timesAsked.reduce((sum, times, other) => sum + times * (one === other ? 1 : (nearness[one * count + other] ?? 0)), 0))
  return Math.max(0, sums.indexOf(Math.max(...sums)))
}

/** How near each question is to each other, 0..1, in rows. */
function measureNearness(questions: readonly string[], { vectors, weigh }: GroupOptions): Float32Array {
  const count = questions.length
  const nearness = shareWords(questions, weigh)
  if (vectors === null) return nearness
  const numbers = flatten(vectors)
  const dimensions = numbers.length / Math.max(1, count)
  for (let one = 0; one < count; one += 1) {
    for (let other = 0; other < one; other += 1) {
      let meaning = 0
      for (let at = 0; at < dimensions; at += 1) meaning += numbers[one * dimensions + at]! * numbers[other * dimensions + at]!
      const value = (1 - WORDS_SHARE) * meaning + WORDS_SHARE * nearness[one * count + other]!
      nearness[one * count + other] = value
      nearness[other * count + one] = value
    }
  }
  return nearness
}

function flatten(vectors: readonly Float32Array[]): Float32Array {
  const dimensions = vectors[0]?.length ?? 0
  const numbers = new Float32Array(vectors.length * dimensions)
  for (const [position, vector] of vectors.entries()) numbers.set(vector, position * dimensions)
  return numbers
}

/** Cosines of the questions' words; a term counts the less the more questions have it. */
function shareWords(questions: readonly string[], weigh: GroupOptions['weigh']): Float32Array {
  const count = questions.length
  const holders = new Map<number, number[]>()
  for (const [position, question] of questions.entries()) {
    for (const term of new Set(tokenizeQuestion(question))) {
      const list = holders.get(term)
      if (list === undefined) holders.set(term, [position])
      else list.push(position)
    }
  }
  const lengths = new Float64Array(count)
  const shared = new Float32Array(count * count)
  for (const [term, list] of holders) {
    const weight = (weigh?.(term) ?? Math.log(1 + (count + 1) / list.length)) ** 2
    for (const one of list) {
      lengths[one]! += weight
      for (const other of list) if (other !== one) shared[one * count + other]! += weight
    }
  }
  for (let one = 0; one < count; one += 1) {
    for (let other = 0; other < count; other += 1) shared[one * count + other]! /= Math.sqrt(lengths[one]! * lengths[other]!) || 1
  }
  return shared
}

/**
 * Which group each position ends in. A chain of nearest neighbours ends in two that are nearest to each other; those are merged. Average nearness never
 * grows by merging, so that leaving out the merges below `least` gives the groups that stopping there would.
 */
function mergeNearest(nearness: Float32Array, count: number, least: number): number[] {
  const sizes = new Float64Array(count).fill(1)
  const groupOf = Array.from({ length: count }, (_, position) => position)
  const rootOf = (position: number): number => {
    const parent = groupOf[position] ?? position
    return parent === position ? position : rootOf(parent)
  }
  const isOpen = new Uint8Array(count).fill(1)
  const chain: number[] = []
  for (let left = count; left > 1; ) {
    if (chain.length === 0) chain.push(isOpen.indexOf(1))
    const top = chain.at(-1) ?? 0
    const before = chain.at(-2)
    const nearest = findNearest(nearness, count, isOpen, top, before)
    if (nearest !== before) {
      chain.push(nearest)
      continue
    }
    chain.length -= 2
    if ((nearness[top * count + nearest] ?? 0) >= least) groupOf[rootOf(Math.max(top, nearest))] = rootOf(Math.min(top, nearest))
    merge(nearness, count, sizes, isOpen, top, nearest)
    left -= 1
  }
  return groupOf.map((_, position) => rootOf(position))
}

/** The open one nearest to `of`; of several, the one that the chain came from, so that it ends. */
function findNearest(nearness: Float32Array, count: number, isOpen: Uint8Array, of: number, before: number | undefined): number {
  let best = before ?? -1
  let bestNearness = before === undefined ? -Infinity : nearness[of * count + before]!
  for (let other = 0; other < count; other += 1) {
    if (other === of || isOpen[other] === 0) continue
    if (nearness[of * count + other]! > bestNearness) {
      best = other
      bestNearness = nearness[of * count + other]!
    }
  }
  return best
}

/** `from` goes into `into`, whose nearness to each other becomes the average over all questions of both. */
function merge(nearness: Float32Array, count: number, sizes: Float64Array, isOpen: Uint8Array, from: number, into: number): void {
  const [fromSize, intoSize] = [sizes[from]!, sizes[into]!]
  for (let other = 0; other < count; other += 1) {
    if (isOpen[other] === 0 || other === from || other === into) continue
    const value = (nearness[from * count + other]! * fromSize + nearness[into * count + other]! * intoSize) / (fromSize + intoSize)
    nearness[into * count + other] = value
    nearness[other * count + into] = value
  }
  sizes[into] = fromSize + intoSize
  isOpen[from] = 0
}
