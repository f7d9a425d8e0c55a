import { describe, expect, it } from 'vitest'
import { PassageIndex } from '../../../src/knowledge/find/passage-index.ts'
import type { IndexedPassage } from '../../../src/knowledge/find/passage-index.ts'
import { Bm25Index } from '../../../src/knowledge/find/words/bm25.ts'

const PASSAGES: IndexedPassage[] = [
  { title: '', text: '每户限养一条。', headings: ['第二章 登记'], document: '云溪市养犬管理办法' },
  { title: '', text: '未登记的，处二百元罚款。', headings: ['第五章 法律责任'], document: '云溪市养犬管理办法' },
  { title: '', text: '按小时收费，每小时五元。', headings: ['收费'], document: '云溪市停车管理办法' },
  { title: '', text: '未缴费的，应当补缴。', headings: ['法律责任'], document: '云溪市停车管理办法' },
]

const rank = (question: string) =>
  PassageIndex.build(PASSAGES, [])
    .find(question, null)
    .candidates.sort((left, right) => (right.measures.clauseWords ?? 0) - (left.measures.clauseWords ?? 0))
    .map(({ passage }) => passage)

describe('What stands over a clause', () => {
  it('and its document\'s title are found by, though they are no part of its text', () => {
    expect(rank('养犬登记')[0]).toBe(0)
    expect(rank('停车的法律责任')[0]).toBe(3)
    expect(rank('养犬的法律责任')[0]).toBe(1)
  })

  it('changes nothing where there is none', () => {
    const plain = Bm25Index.build([[1, 1, 2], [3], [1, 4]]).search([1, 4])
    const fielded = Bm25Index.buildFielded([[1, 1, 2], [3], [1, 4]].map((own) => ({ own, beside: [[]] }))).search([1, 4])
    expect([...fielded.scores]).toEqual([...plain.scores])
    expect(fielded.ideal).toBe(plain.ideal)
  })

  it('counts a term that stands in a text and beside it once, for more than either, and never twice in how common it is', () => {
    const index = Bm25Index.buildFielded([
      { own: [1, 2], beside: [[1]] },
      { own: [1, 2], beside: [[5]] },
      { own: [3, 2], beside: [[1]] },
      { own: [3, 2], beside: [[5]] },
    ])
    const { scores } = index.search([1])
    expect(scores[0]).toBeGreaterThan(Math.max(scores[1] ?? 0, scores[2] ?? 0))
    expect(Math.min(scores[1] ?? 0, scores[2] ?? 0)).toBeGreaterThan(0)
    expect(scores[3]).toBe(0)
    expect(index.termWeight(1)).toBeCloseTo(Math.log(1 + (4 - 3 + 0.5) / 3.5), 5)
  })

  it('says which passages hold the kind of thing that is asked for', () => {
    const held = new Map(PassageIndex.build(PASSAGES, []).find('未登记罚多少钱', null).candidates.map(({ passage, measures }) => [passage, measures.holdsAsked]))
    expect(held.get(1)).toBe(1)
    expect(held.get(0) ?? 0).toBe(0)
  })
})
