import { describe, expect, it } from 'vitest'
import { fitSum } from '../../../src/knowledge/learn/fit/fit-sum.ts'
import type { SumCorpus, SumQuestion } from '../../../src/knowledge/learn/fit/fit-sum.ts'
import { createRandom } from '../../../src/knowledge/learn/fit/fit-data.ts'
import { oddsOf } from '../../../src/knowledge/find/numbers/plain-sum.ts'

/** Right passages are nearer by their best sentences; the words of the whole clause are chance in `misleading` corpora. */
function writeCorpus(name: string, seed: number, isMisleading = false): SumCorpus {
  const random = createRandom(seed)
  const questions = Array.from({ length: 40 }, (): SumQuestion => {
    const candidates = Array.from({ length: 8 }, (_, place) => ({ isRight: place === 0, measures: { clauseWords: random() * 0.3 + (place === 0 && !isMisleading ? 0.1 : 0), windowWords: random() * 0.2 + (place === 0 ? 0.15 : 0), holdsAsked: 0 } }))
    return { right: 1, candidates }
  })
  return { name, questions }
}

describe('The plain sum', () => {
  it('learns what tells right passages apart, and judges every corpus by numbers that were fitted on the others', () => {
    const corpora = [writeCorpus('one', 1), writeCorpus('two', 2), writeCorpus('three', 3, true)]
    const { model, unseen, figures } = fitSum(corpora, 'lexical')
    const [clauseWords = 0, windowWords = 0, holdsAsked = 0] = model.weights
    expect(windowWords).toBeGreaterThan(clauseWords)
    expect(clauseWords).toBeGreaterThan(0)
    expect(Math.abs(holdsAsked)).toBeLessThan(3)
    expect(unseen.map(({ name }) => name)).toEqual(['one', 'two', 'three'])
    expect(unseen[0]?.weights['clauseWords']).toBeLessThan(unseen[2]?.weights['clauseWords'] ?? 0)
    expect(figures['first']).toBeGreaterThan(0.5)
    expect(unseen[0]?.figures).toMatchObject({ questions: 40, firstTen: 1, recallTen: 1 })
  })

  it('fits the same numbers every time, and gives the better passage the better odds', () => {
    const corpora = [writeCorpus('one', 1), writeCorpus('two', 2)]
    const { model } = fitSum(corpora, 'lexical')
    expect(fitSum(corpora, 'lexical').model).toEqual(model)
    const odds = (windowWords: number) => oddsOf(model, { features: [], measures: { clauseWords: 0.2, windowWords } })
    expect(odds(0.3)).toBeGreaterThan(odds(0.1))
  })

  it('counts a question whose right passage is no candidate as not found', () => {
    const lost: SumCorpus = { name: 'lost', questions: [{ right: 2, candidates: [{ isRight: false, measures: { clauseWords: 0.5 } }] }, { right: 2, candidates: [{ isRight: true, measures: { clauseWords: 0.5 } }] }] }
    expect(fitSum([lost, writeCorpus('one', 1)], 'lexical').unseen[0]?.figures).toMatchObject({ questions: 2, first: 0.5, recallTen: 0.25 })
  })
})
