import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Passage } from '../../../src/domain/answers.ts'
import { checkWrittenAnswer, markPassages } from '../../../src/knowledge/write/answer-check.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'
import { LIES, TRUE_ANSWERS } from './written-answer-samples.ts'

const guideline = new Map<string, Passage>()
const show = (clauses: readonly string[]): Passage[] => clauses.flatMap((clause) => guideline.get(clause) ?? [])

beforeAll(async () => {
  const { documents } = await loadKnowledge(fileURLToPath(new URL('../../../knowledge', import.meta.url)))
  for (const passage of documents[0]?.passages ?? []) guideline.set(passage.clause, passage)
})

describe('what the clause does not say is refused', () => {
  test.each(LIES)('$name', ({ text, shown }) => {
    const check = checkWrittenAnswer(text, show(shown))
    expect(check).toEqual({ ok: false, objection: expect.stringMatching(/\p{Script=Han}{2}/u) as string })
  })
})

describe('what the clause says passes, with a verbatim quote', () => {
  test.each(TRUE_ANSWERS)('$name', ({ text, shown }) => {
    const check = checkWrittenAnswer(text, show(shown))
    expect(check).toMatchObject({ ok: true })
    if (!check.ok) return
    expect(check.citations.length).toBeGreaterThan(0)
    for (const { clause, quote } of check.citations) {
      expect(shown).toContain(clause)
      expect(quote.length).toBeGreaterThan(4)
      expect(guideline.get(clause)?.text).toContain(quote)
    }
  })
})

test('the whole text of every clause that fits passes as its own answer’s figures and names', () => {
  const texts = [...guideline.values()].flatMap((passage) => (passage.text.match(/[^。]+。/g) ?? []).filter((sentence) => sentence.length < 200).map((sentence) => ({ passage, sentence })))
  const refused = texts.flatMap(({ passage, sentence }) => {
    const check = checkWrittenAnswer(sentence.replace(/。$/, `〔${passage.clause}〕。`), [passage])
    return check.ok ? [] : [`${passage.clause}: ${check.objection} ${sentence}`]
  })
  expect(texts.length).toBeGreaterThan(100)
  expect(refused).toEqual([])
})

test('the quote is the sentence that says it, not the first one', () => {
  const check = checkWrittenAnswer('社区服务用房不得转卖〔4〕。', show(['4']))
  expect(check).toEqual({ ok: true, citations: [{ document: 'hexie-shequ-2012', clause: '4', quote: '社区服务用房不得转卖、转变用途,确保物权人共有公共财产不流失。' }] })
})

describe('documents that share a clause number', () => {
  const passage = (documentId: string, text: string): Passage => ({ documentId, clause: '13', title: '志愿服务', text, typicalQuestions: [] })
  const both = [passage('old', '志愿者注册率占居民人口10%以上。'), passage('new', '志愿者注册率占居民人口15%以上。')]

  test('are told apart by their marks', () => {
    expect([...markPassages(both).keys()]).toEqual(['13', '13乙'])
    expect(checkWrittenAnswer('志愿者注册率占居民人口15%以上〔13乙〕。', both)).toMatchObject({ ok: true, citations: [{ document: 'new', clause: '13' }] })
  })

  test('do not lend each other their figures', () => {
    expect(checkWrittenAnswer('志愿者注册率占居民人口15%以上〔13〕。', both)).toMatchObject({ ok: false })
    expect(checkWrittenAnswer('志愿者注册率占居民人口10%以上〔13乙〕。', both)).toMatchObject({ ok: false })
  })
})
