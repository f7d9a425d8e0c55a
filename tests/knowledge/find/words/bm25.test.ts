import { describe, expect, it } from 'vitest'
import { Bm25Index } from '../../../../src/knowledge/find/words/bm25.ts'
import { topPositions } from '../../../../src/knowledge/find/passage-index.ts'
import { tokenize, tokenizeQuestion } from '../../../../src/knowledge/find/words/tokens.ts'

describe('BM25', () => {
  it('gives the scores of a hand calculation', () => {
    // Three texts of 3, 1 and 2 terms, mean 2; k1 1.2, b 0.75. Term 1 is in two texts, term 2 in one.
    const index = Bm25Index.build([[1, 1, 2], [3], [1, 4]])
    const { scores } = index.search([1, 2])
    const weightOf1 = Math.log(1 + (3 - 2 + 0.5) / 2.5)
    const weightOf2 = Math.log(1 + (3 - 1 + 0.5) / 1.5)
    const longNorm = 1.2 * (0.25 + (0.75 * 3) / 2)
    const meanNorm = 1.2
    expect(scores[0]).toBeCloseTo((weightOf1 * 2 * 2.2) / (2 + longNorm) + (weightOf2 * 2.2) / (1 + longNorm), 5)
    expect(scores[1]).toBe(0)
    expect(scores[2]).toBeCloseTo((weightOf1 * 2.2) / (1 + meanNorm), 5)
  })

  it('measures a question by all of its terms, those that no text has included', () => {
    const index = Bm25Index.build([[1], [2]])
    expect(index.search([1, 9]).ideal).toBeGreaterThan(index.search([1]).ideal)
  })

  it('searches an index without texts', () => {
    expect(Bm25Index.build([]).search([1, 2]).scores).toHaveLength(0)
  })

  it('lists the highest scores first and leaves zeros out', () => {
    expect(topPositions(Float32Array.from([0, 3, 1, 0, 2]), 2)).toEqual([1, 4])
    expect(topPositions(Float32Array.from([0, 1]), 5)).toEqual([1])
  })
})

describe('Terms', () => {
  it('are single characters and pairs, and whole numbers', () => {
    expect(tokenize('社区')).toHaveLength(3)
    expect(tokenize('12349')).toHaveLength(1)
    expect(tokenize('，。 ')).toEqual([])
  })

  it('are the same for traditional and simplified, full and half width', () => {
    expect(tokenize('社區志願者１２３ＡＢ')).toEqual(tokenize('社区志愿者123ab'))
  })

  it('of a question in dialect are those of the plain words', () => {
    expect(tokenizeQuestion('物业跑了咋整')).toEqual(tokenizeQuestion('物业跑了怎么办'))
  })
})
