import { describe, expect, it } from 'vitest'
import { findMiddle, groupQuestions } from '../../../src/knowledge/learn/group-questions.ts'
import { createRandom } from '../../../src/knowledge/learn/fit/fit-data.ts'

const ABOUT_ALLOWANCE = ['低保一个月能领多少', '低保每个月能领多少钱', '一个月低保能领多少钱']
const ABOUT_PARKING = ['小区停车位怎么收费', '停车位收费怎么收', '小区停车位收费吗']
const OTHER = '隔壁装修太吵找谁'

/** Vectors of length 1 that lie near one of a few directions. */
function makeVectors(count: number, directions: number): { vectors: Float32Array[]; of: number[] } {
  const random = createRandom(3)
  const vector = () => Float32Array.from({ length: 64 }, () => random() - 0.5)
  const centres = Array.from({ length: directions }, vector)
  const of = Array.from({ length: count }, () => Math.floor(random() * directions))
  const vectors = of.map((direction) => {
    const noise = vector()
    const mixed = noise.map((value, at) => value * 0.3 + (centres[direction]?.[at] ?? 0))
    const length = Math.hypot(...mixed)
    return mixed.map((value) => value / length)
  })
  return { vectors, of }
}

describe('questions that were not answered', () => {
  it('come in groups that ask about the same, larger ones first, whatever their order', () => {
    const mixed = [OTHER, ABOUT_PARKING[0], ABOUT_ALLOWANCE[0], ABOUT_PARKING[1], ABOUT_ALLOWANCE[1], ABOUT_ALLOWANCE[2]].map((text) => text ?? '')
    const groups = groupQuestions(mixed, { vectors: null }).map((group) => group.map((position) => mixed[position]))
    expect(groups).toEqual([ABOUT_ALLOWANCE, ABOUT_PARKING.slice(0, 2), [OTHER]])
  })

  it('none, one, and twice the same are groups too', () => {
    expect(groupQuestions([], { vectors: null })).toEqual([])
    expect(groupQuestions([OTHER], { vectors: null })).toEqual([[0]])
    expect(groupQuestions([OTHER, OTHER], { vectors: null })).toEqual([[0, 1]])
  })

  it('with vectors, other words for the same come together and the same words for something else do not', () => {
    const [one, other] = [Float32Array.of(1, 0), Float32Array.of(0, 1)]
    expect(groupQuestions(['片儿警是谁', '管我们这片的民警叫什么', '管我们这片的民警叫什么呀'], { vectors: [one, one, one] })).toHaveLength(1)
    expect(groupQuestions(['低保怎么办', '低保怎么停'], { vectors: [one, other] })).toHaveLength(2)
  })

  it('terms that are rare in all questions weigh more than those of these alone', () => {
    const same = ['低保一个月多少钱', '保姆一个月多少钱']
    expect(groupQuestions(same, { vectors: null })).toHaveLength(1)
    const isFrame = new Set([...'一个月多少钱'].map((character) => character.charCodeAt(0)))
    expect(groupQuestions(same, { vectors: null, weigh: (term) => (isFrame.has(term % 0x10000) ? 0.1 : 4) })).toHaveLength(2)
  })

  it('600 with vectors are grouped as they belong together', () => {
    const { vectors, of } = makeVectors(600, 25)
    const texts = of.map((_, index) => `问题${index}`)
    const groups = groupQuestions(texts, { vectors })
    for (const group of groups) expect(new Set(group.map((position) => of[position])).size).toBe(1)
    expect(groups.length).toBeLessThan(40)
  })
})

describe('the question that speaks for a group', () => {
  it('is the one nearest to all others, each as often as it was asked', () => {
    expect(findMiddle(['低保多少钱', '低保一个月多少钱', '我想问问低保一个月能拿多少钱呢'], [1, 1, 1], { vectors: null })).toBe(1)
    expect(findMiddle(['低保多少钱', '停车位怎么收费'], [1, 9], { vectors: null })).toBe(1)
    expect(findMiddle([], [], { vectors: null })).toBe(0)
  })
})
