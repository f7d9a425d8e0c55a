import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportSummary } from '../../../src/commands/eval/eval-report.ts'
import { readEvalQuestions } from '../../../src/commands/eval/labelled.ts'
import type { Answer, Passage } from '../../../src/domain/answers.ts'
import { describeFailure } from '../../../src/knowledge/learn/evaluate/evaluate-failures.ts'
import type { EvalResult } from '../../../src/knowledge/learn/evaluate/evaluate-result.ts'
import { summarize } from '../../../src/knowledge/learn/evaluate/evaluate.ts'

const TEXTS: Record<string, string> = { 3: '面积要达到500平方米以上。', 4: '每百户不少于20平方米。', 13: '注册率占居民人口10%以上。' }
const passageOf = (documentId: string, clause: string): Passage | null => (TEXTS[clause] === undefined ? null : { documentId, clause, title: '', text: TEXTS[clause], typicalQuestions: [] })

function answer(clauses: string[], more: Partial<Answer> = {}): Answer {
  const citations = clauses.map((clause) => ({ document: 'd', clause, quote: TEXTS[clause] ?? '' }))
  return { kind: 'answer', text: citations.map(({ quote }) => quote).join('\n'), citations, ranked: clauses.map((clause) => ({ document: 'd', clause, score: 0.9 })), details: '', isGenerated: false, question: '', ...more }
}

function result(more: Partial<EvalResult>): EvalResult {
  return { id: 'q1', question: '多大面积', gold: ['3'], goldAll: [], expect: 'answer', facts: [], set: 'plain', kind: 'area', form: 'plain', ms: 1, answer: answer(['3']), ...more }
}

const summaryOf = (...results: Partial<EvalResult>[]) => summarize(results.map(result), passageOf)
const refusal = answer([], { kind: 'refusal', text: '文件里没有写。', ranked: [{ document: 'd', clause: '3', score: 0.3 }] })
const correction = answer(['3'], { kind: 'correction', text: `不是这样。${TEXTS[3]}` })

describe('An evaluation', () => {
  it('has nothing to say of answers that are as they should be', () => {
    const { all, failures, brokenQuotes, strayFigures } = summaryOf({ facts: ['500平方米'] }, { expect: 'refusal', gold: [], answer: refusal }, { expect: 'correction', facts: ['500平方米'], answer: correction })
    expect(failures).toEqual([])
    expect(all).toMatchObject({ first: 1, answered: 1, contradicted: 0, citesRight: 1, facts: 1, refused: 1, corrected: 1 })
    expect([brokenQuotes, strayFigures]).toEqual([0, 0])
  })

  it.each<[string, Partial<EvalResult>]>([
    ['answered, should be refused', { expect: 'refusal', gold: [] }],
    ['put right although nothing was wrong', { answer: correction }],
    ['not put right', { expect: 'correction' }],
    ['refused, stands in the text', { answer: refusal }],
    ['wrong clause', { gold: ['4'] }],
    ['not all clauses that it needs', { gold: ['3', '4'], goldAll: ['3', '4'] }],
    ['facts are missing', { facts: [['20平方米', '300平方米']] }],
    ['right clause not first', { gold: ['3'], answer: answer(['4', '3']) }],
  ])('says of one: %s', (cause, more) => {
    expect(summaryOf(more).failures.map((failure) => failure.cause)).toEqual([cause])
  })

  it('takes any of a fact in several words, and of a needed clause any of those that say the same', () => {
    const both = answer(['3', '13'])
    expect(summaryOf({ gold: ['3', '4', '13'], goldAll: [['4', '3'], '13'], facts: [['20平方米', '500平方米'], '10%'], answer: both }).failures).toEqual([])
  })

  it('counts what an answer that contradicts for nothing is: no refusal, but no good answer either', () => {
    expect(summaryOf({ answer: correction }, {}).all).toMatchObject({ answered: 1, contradicted: 0.5 })
  })

  it('finds a quote that is not word for word and a figure that stands in no cited clause, but not the resident’s own', () => {
    const altered = answer(['3'], { text: '要达到600平方米。', citations: [{ document: 'd', clause: '3', quote: '要达到600平方米' }] })
    expect(summaryOf({ answer: altered })).toMatchObject({ brokenQuotes: 1, strayFigures: 1 })
    expect(summaryOf({ answer: answer(['3'], { kind: 'correction', text: `不是800平方米，是：${TEXTS[3]}` }), question: '是800平方米吧' }).strayFigures).toBe(0)
  })

  it('sets what a probability promised beside how often it was right', () => {
    const bins = summaryOf({}, { gold: ['4'] }).reliability.filter(({ questions }) => questions > 0)
    expect(bins).toEqual([{ from: 0.9, to: 1, questions: 2, promised: 0.9, right: 0.5 }])
  })

  it('reports by register, kind and form, everyday words together, and each failure with what was said', () => {
    const summary = summaryOf({ set: 'spoken', id: 'a7', previous: '街道的中心呢', form: 'follow_up', kind: 'share', gold: ['13'], facts: ['10%'] }, {})
    const report = reportSummary('hybrid', summary)
    for (const row of [/^plain +1 /m, /^spoken +1 /m, /^colloquial +1 /m, /^all +2 /m, /^share +1 /m, /^follow_up +1 /m]) expect(report).toMatch(row)
    expect(report).toContain('wrong clause, 1:')
    expect(summary.failures.map(describeFailure).join('\n')).toContain(`a7 spoken share: 街道的中心呢 → 多大面积\n    in 13; says not 10%; found 3 0.90; answer: ${TEXTS[3]}`)
  })
})

describe('A labelled file', () => {
  const write = (...lines: object[]): string => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'linli-labelled-')), 'questions.jsonl')
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return file
  }

  it('needs a question and its clauses only: the rest follows from them', async () => {
    const read = await readEvalQuestions(write({ q: '甲', gold: [3] }, { q: '乙', gold: [] }, { q: '丙', gold: ['3', '4'], goldAll: ['3', ['4']], register: 'spoken', kind: 'area' }, { q: '丁', gold: ['4'], previous: '甲', set: 'x' }))
    expect(read).toMatchObject([
      { id: '1', question: '甲', gold: ['3'], goldAll: [], expect: 'answer', set: 'all', kind: 'answer', form: 'plain' },
      { id: '2', expect: 'refusal', kind: 'refusal' },
      { goldAll: ['3', ['4']], set: 'spoken', kind: 'area', form: 'several_clauses' },
      { previous: '甲', set: 'x', form: 'follow_up' },
    ])
  })

  it('names the line that is wrong', async () => {
    await expect(readEvalQuestions(write({ q: '甲', gold: [] }, { q: '乙' }))).rejects.toThrow('line 2')
  })
})
