import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { readQuestions } from '../../src/commands/eval.ts'
import { createAnswerer } from '../../src/knowledge/answerer.ts'
import type { Answerer } from '../../src/knowledge/answerer.ts'
import { summarize } from '../../src/knowledge/evaluate.ts'
import type { EvalQuestion, EvalRow, EvalSummary } from '../../src/knowledge/evaluate.ts'
import { loadKnowledge } from '../../src/knowledge/load.ts'
import type { Knowledge } from '../../src/knowledge/load.ts'
import { normalize } from '../../src/language/normalize.ts'
import { loadEmbeddingModel } from '../../src/model/embedding-source.ts'

const REGISTERS = ['official', 'plain', 'spoken', 'north_eastern', 'situation']
const log = pino({ level: 'silent' })
const bare = (text: string): string => normalize(text).replaceAll(/[^\p{L}\p{N}]/gu, '')

let knowledge: Knowledge
let questions: EvalQuestion[]

beforeAll(async () => {
  knowledge = await loadKnowledge(path.resolve(import.meta.dirname, '../../knowledge'))
  const files = ['answerable.jsonl', 'unanswerable.jsonl'].map((file) => path.join(import.meta.dirname, 'regression', file))
  questions = (await Promise.all(files.map(readQuestions))).flat()
})

describe('The regression set', () => {
  it('has every clause in five registers, and enough that must be refused or put right', () => {
    const answerable = questions.filter(({ expect: expected }) => expected === 'answer')
    const clauses = knowledge.documents.flatMap(({ passages }) => passages.map(({ clause }) => clause))
    const missing = clauses.flatMap((clause) => REGISTERS.filter((register) => !answerable.some(({ gold, set }) => gold.includes(clause) && set === register)).map((register) => `${clause} ${register}`))
    expect(answerable.length).toBeGreaterThanOrEqual(300)
    expect(questions.length - answerable.length).toBeGreaterThanOrEqual(150)
    expect(missing).toEqual([])
  })

  it('names facts that stand word for word in the clauses, asks nothing twice, and nothing that the knowledge folder has', () => {
    const texts = new Map(knowledge.documents.flatMap(({ passages }) => passages.map(({ clause, text }) => [clause, text])))
    const stray = questions.filter(({ gold, facts }) => facts.some((fact) => ![fact].flat().some((one) => gold.some((clause) => texts.get(clause)?.includes(one)))))
    const known = new Set([...knowledge.documents.flatMap(({ passages }) => passages.flatMap(({ typicalQuestions }) => typicalQuestions)), ...knowledge.gaps.map(({ question }) => question)].map(bare))
    const asked = questions.map(({ question, previous }) => `${previous ?? ''} ${question}`)
    expect(stray.map(({ question }) => question)).toEqual([])
    expect(asked.filter((text, place) => asked.indexOf(text) !== place)).toEqual([])
    expect(questions.filter(({ question }) => bare(question) !== '' && known.has(bare(question))).map(({ question }) => question)).toEqual([])
  })
})

async function measure(answerer: Answerer): Promise<EvalSummary> {
  const results = []
  for (const question of questions) {
    const startedAt = performance.now()
    const answer = await answerer.answer(question.question, question.previous === undefined ? {} : { previousQuestion: question.previous })
    results.push({ ...question, answer, ms: performance.now() - startedAt })
  }
  return summarize(results, (document, clause) => answerer.passage(document, clause))
}

function expectShares(summary: EvalSummary, least: { all: Partial<Record<keyof EvalRow, number>>; kinds: Record<string, number> }): void {
  const why = summary.failures.join('\n')
  for (const [column, share] of Object.entries(least.all)) expect(Number(summary.all[column as keyof EvalRow]), `${column}\n${why}`).toBeGreaterThanOrEqual(share)
  for (const [kind, share] of Object.entries(least.kinds)) expect(summary.byKind.find(({ name }) => name === kind)?.refused ?? 0, `${kind} refused\n${why}`).toBeGreaterThanOrEqual(share)
  expect(summary.brokenQuotes).toBe(0)
  expect(summary.strayFigures).toBe(0)
  expect(summary.p95Length).toBeLessThanOrEqual(300)
}

describe('Answers to it', () => {
  it('hold by words alone', async () => {
    const answerer = createAnswerer({ ...knowledge, cacheDirectory: mkdtempSync(path.join(tmpdir(), 'linli-regression-')), log, now: () => new Date() })
    expectShares(await measure(answerer), {
      all: { first: 0.93, firstThree: 0.97, answered: 0.95, citesRight: 0.95, facts: 0.86, corrected: 0.9 },
      kinds: { near_miss: 0.8, other_domain: 0.9, personal_data: 0.95, medical: 0.95, legal: 0.95, weather: 0.95, garbage: 0.95 },
    })
  }, 60_000)

  it('hold by words and meaning', async ({ skip }) => {
    const opened = await loadEmbeddingModel({ log })
    if (opened.outcome !== 'ready') return skip('no embedding model on this machine')
    const cacheDirectory = path.resolve(import.meta.dirname, '../../node_modules/.cache/linli-regression')
    const answerer = createAnswerer({ ...knowledge, cacheDirectory, log, now: () => new Date() })
    expect(await answerer.useEmbedding(opened.model)).toBe(true)
    expectShares(await measure(answerer), {
      all: { first: 0.95, firstThree: 0.98, answered: 0.96, citesRight: 0.96, facts: 0.87, corrected: 0.9 },
      kinds: { near_miss: 0.82, other_domain: 0.93, personal_data: 0.95, medical: 0.95, legal: 0.95, weather: 0.95, garbage: 0.95 },
    })
  }, 180_000)
})
