import { describe, expect, it } from 'vitest'
import { VectorIndex } from '../../../src/knowledge/find/vectors/vector-index.ts'
import { planWindows, WindowVectors } from '../../../src/knowledge/find/window-vectors.ts'
import type { EmbeddingPurpose } from '../../../src/model/embedding/embedding.ts'
import { toUnitLength } from '../../../src/model/vectors.ts'

const DIMENSIONS = 16
const TEXTS = ['养犬人应当办理登记。登记费五百元。每年续办。', '停车位按小时收费。夜间免费。', '志愿者可以换取积分。积分兑换米面。']
const QUESTION = toVector('登记费多少')

/** A text's vector counts its characters, so that like texts are near each other. */
function toVector(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS).fill(0.1)
  for (const character of text) vector[(character.codePointAt(0) ?? 0) % DIMENSIONS]! += 1
  return toUnitLength(vector)
}

function createModel() {
  const asked: string[] = []
  return { asked, embed: async (texts: readonly string[], _purpose: EmbeddingPurpose) => (asked.push(...texts), texts.map(toVector)) }
}

async function open(most: number, hasQuestions: (passage: number) => boolean = () => false) {
  const planned = planWindows(TEXTS, hasQuestions, TEXTS.length, most)
  const model = createModel()
  const vectors = await VectorIndex.build([...TEXTS, ...planned.texts].map(toVector))
  return { planned, model, windows: new WindowVectors(TEXTS, vectors, planned.kept, model) }
}

const wordsOf = (passage: number) => (passage === 0 ? [0.2, 0.9, 0.1] : [0.1, 0.1])

describe('Windows of a corpus', () => {
  it('are kept as whole windows where somebody wrote questions, first of all, and as sentences elsewhere as long as there is room', async () => {
    const { planned } = await open(7, (passage) => passage === 2)
    expect(planned.texts).toEqual(['志愿者可以换取积分。', '积分兑换米面。', '志愿者可以换取积分。积分兑换米面。', '养犬人应当办理登记。', '登记费五百元。', '每年续办。'])
    expect(planned.owners).toEqual([2, 2, 2, 0, 0, 0])
    expect(planned.kept.map((kept) => kept?.positions ?? null)).toEqual([[6, 7, 8], null, [3, 4, 5]])
  })

  it('give as many cosines as there are windows of one and two sentences, kept or not, prepared or not', async () => {
    for (const most of [0, 5, 100]) {
      const { windows } = await open(most)
      expect(windows.cosines(0, QUESTION)).toHaveLength(5)
      expect(windows.cosines(1, QUESTION)).toHaveLength(3)
      await windows.prepare(QUESTION, [0], wordsOf)
      expect(windows.cosines(0, QUESTION)).toHaveLength(5)
    }
  })

  it('are as near when they are embedded for a question as when they are kept', async () => {
    const kept = (await open(100)).windows
    const { windows } = await open(0)
    await windows.prepare(QUESTION, [0, 1], wordsOf)
    for (const passage of [0, 1]) for (const [place, cosine] of windows.cosines(passage, QUESTION).entries()) expect(cosine).toBeCloseTo(kept.cosines(passage, QUESTION)[place] ?? 0, 5)
  })

  it('count as their passage does where nothing was embedded: never as if the question were foreign', async () => {
    const { windows } = await open(0)
    const whole = windows.nearest(1, QUESTION)
    expect(whole).toBeGreaterThan(0.3)
    expect(windows.cosines(1, QUESTION)).toEqual([whole, whole, whole])
  })

  it('are embedded once, and not more than a few for one question', async () => {
    const { windows, model } = await open(0)
    await windows.prepare(QUESTION, [0, 1, 2], wordsOf)
    expect(model.asked).toHaveLength(7)
    expect(model.asked[0]).toBe('登记费五百元。')
    await windows.prepare(toVector('每年续办吗'), [0, 1, 2], wordsOf)
    expect(model.asked).toHaveLength(7)
    const long = Array.from({ length: 30 }, (_, place) => `第${place}句话。`).join('')
    const planned = planWindows([long], () => false, 1, 0)
    const other = createModel()
    await new WindowVectors([long], await VectorIndex.build([toVector(long)]), planned.kept, other).prepare(QUESTION, [0], () => [])
    expect(other.asked).toHaveLength(8)
  })

  it('prepared for one question say nothing to another: the same question always finds the same', async () => {
    const { windows } = await open(0)
    const other = toVector('米面')
    const before = windows.cosines(2, other)
    await windows.prepare(QUESTION, [0, 1, 2], wordsOf)
    expect(windows.cosines(2, other)).toEqual(before)
  })
})
