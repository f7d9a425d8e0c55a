import { expect, test } from 'vitest'
import { scoreTable, trainSparse, type Lesson } from '../../../src/language/reader/classifiers/heads.ts'
import { hashNames } from '../../../src/language/reader/features.ts'

const lesson = (words: string[], target: string): Lesson => ({ features: hashNames(words), targets: new Map([[target, 1]]) })
const LESSONS = [...Array.from({ length: 6 }, (_, nth) => lesson(['smoke', `s${nth}`], 'danger')), ...Array.from({ length: 6 }, (_, nth) => lesson(['lamp', `l${nth}`], 'none'))]
const TABLE = trainSparse(LESSONS, ['danger', 'none'], { rounds: 10, rate: 0.3, seed: 1, least: 0 })

/** How far the first class is before the second. */
function leadOf(words: string[]): number {
  const [danger = 0, none = 0] = scoreTable(TABLE, hashNames(words))
  return danger - none
}

test('the less of a text is known, the nearer it is read to what most texts are', () => {
  const unknown = (count: number): string[] => Array.from({ length: count }, (_, nth) => `unknown${nth}`)
  const [bias = 0, other = 0] = TABLE.bias
  const leads = [0, 3, 30, 300].map((count) => leadOf(['smoke', ...unknown(count)]) - (bias - other))
  expect(leads[0]).toBeGreaterThan(1)
  expect(leads).toEqual([...leads].sort((one, another) => another - one))
  expect(leads[3]).toBeLessThan(leads[0]! / 8)
})
