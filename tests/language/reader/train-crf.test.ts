import { describe, expect, test } from 'vitest'
import { decode } from '../../../src/language/reader/classifiers/crf.ts'
import { columnsOf, toTable } from '../../../src/language/reader/classifiers/table.ts'
import { trainCrf, type TaggedRow } from '../../../src/language/reader/classifiers/train-crf.ts'

/** 0 = nothing, 1 = a mark begins, 2 = it goes on: never from nothing. */
const RULES = { labels: 3, isAllowed: (from: number, to: number) => to !== 2 || from !== 0, isStart: (label: number) => label !== 2 }
const OPTIONS = { ...RULES, rounds: 30, rate: 0.2, seed: 1 }

const row = (places: readonly (readonly number[])[], labels: readonly number[]): TaggedRow => ({
  columns: Uint32Array.from(places.flat()),
  starts: Uint32Array.from([0, ...places.map((_, at) => places.slice(0, at + 1).flat().length)]),
  labels: Uint8Array.from(labels),
})

describe('a field of marks', () => {
  test('moves a weight by how often its label stands in all labellings that are allowed', () => {
    const gold = [0, 1, 2]
    const { emissions } = trainCrf([[row([[0], [1], [2]], gold)]], { ...OPTIONS, features: 3, rounds: 1 })
    const all = [0, 1, 2].flatMap((one) => [0, 1, 2].flatMap((two) => [0, 1, 2].map((three) => [one, two, three])))
    const allowed = all.filter(([one, two, three]) => RULES.isStart(one!) && RULES.isAllowed(one!, two!) && RULES.isAllowed(two!, three!))
    for (const [at, right] of gold.entries()) {
      for (const label of [0, 1, 2]) {
        const gradient = allowed.filter((labels) => labels[at] === label).length / allowed.length - (label === right ? 1 : 0)
        expect(emissions[at * 3 + label]).toBeCloseTo((-OPTIONS.rate * gradient) / Math.sqrt(1e-3 + gradient ** 2), 5)
      }
    }
  })

  test('learns from both sets, and never puts what may not follow', () => {
    const sets = [[row([[0], [1], [2]], [0, 1, 2])], [row([[3], [1], [0]], [1, 2, 0])]]
    const { emissions, transitions, starts } = trainCrf(sets, { ...OPTIONS, features: 4 })
    const hashes = [0, 1, 2, 3].map((hash) => Uint32Array.of(hash))
    const tagger = { emissions: toTable(columnsOf(hashes, 1), emissions, 3, 0), transitions, starts }
    const read = (...places: number[]) => [...decode(tagger, places.map((place) => hashes[place]!))]
    expect(read(0, 1, 2)).toEqual([0, 1, 2])
    expect(read(3, 1, 0)).toEqual([1, 2, 0])
    expect(read(2)).not.toEqual([2])
  })

  test('is the same for the same seed', () => {
    const rows = [row([[0], [1]], [0, 1]), row([[1], [0]], [1, 0]), row([[2], [2]], [1, 2])]
    expect(trainCrf([rows, []], { ...OPTIONS, features: 3 })).toEqual(trainCrf([rows, []], { ...OPTIONS, features: 3 }))
  })
})
