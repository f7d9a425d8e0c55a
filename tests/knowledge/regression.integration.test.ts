import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAnswerer } from '../../src/knowledge/answer/answerer.ts'
import type { EvalRow, EvalSummary } from '../../src/knowledge/learn/evaluate/evaluate.ts'
import { loadKnowledge } from '../../src/knowledge/documents/load.ts'
import type { Knowledge } from '../../src/knowledge/documents/load.ts'
import { loadEmbeddingModel } from '../../src/model/embedding/embedding-source.ts'
import { bare, explain, measure, readRegressionSet, rememberQuestions } from './regression/measure.ts'
import type { RegressionSet } from './regression/measure.ts'

const REGISTERS = ['official', 'plain', 'spoken', 'north_eastern', 'situation']
const KINDS = [
  'amount', 'share', 'area', 'number', 'distance', 'phone', 'time_limit', 'date', 'office', 'person', 'place', 'condition', 'materials',
  'procedure', 'measure', 'purpose', 'definition', 'list', 'yes_no', 'exists', 'true_premise',
]

interface Summaries {
  answerable: EvalSummary
  unanswerable: EvalSummary
}
interface Expectation {
  name: string
  read: (summaries: Summaries) => number | null | undefined
  /** What must be reached with the embedding model and without; what was measured on 2026-11-24. */
  hybrid: { least: number; measured: number }
  lexical: { least: number; measured: number }
}

const ofKind = (kind: string, column: keyof EvalRow) => ({ unanswerable }: Summaries) => unanswerable.byKind.find(({ name }) => name === kind)?.[column] as number | null | undefined
const at = (least: number, measured: number) => ({ least, measured })

const AT_LEAST: Expectation[] = [
  { name: 'the right clause is first', read: ({ answerable }) => answerable.all.first, hybrid: at(0.96, 0.962), lexical: at(0.92, 0.947) },
  { name: 'the right clause is among the first three', read: ({ answerable }) => answerable.all.firstThree, hybrid: at(0.99, 0.996), lexical: at(0.98, 0.994) },
  { name: 'the right clause is first for everyday words', read: ({ answerable }) => answerable.colloquial?.first, hybrid: at(0.92, 0.941), lexical: at(0.89, 0.921) },
  { name: 'what the text answers is answered', read: ({ answerable }) => answerable.all.answered, hybrid: at(0.97, 0.992), lexical: at(0.95, 0.983) },
  { name: 'a right clause is cited', read: ({ answerable }) => answerable.all.citesRight, hybrid: at(0.93, 0.946), lexical: at(0.91, 0.937) },
  { name: 'the facts asked for are in the answer', read: ({ answerable }) => answerable.all.facts, hybrid: at(0.89, 0.906), lexical: at(0.87, 0.901) },
  { name: 'near misses are refused', read: ofKind('near_miss', 'refused'), hybrid: at(0.85, 0.863), lexical: at(0.85, 0.885) },
  { name: 'other domains are refused', read: ofKind('other_domain', 'refused'), hybrid: at(0.96, 0.982), lexical: at(0.95, 0.982) },
  { name: 'personal data are refused', read: ofKind('personal_data', 'refused'), hybrid: at(0.95, 1), lexical: at(0.95, 1) },
  { name: 'questions of illness are refused', read: ofKind('medical', 'refused'), hybrid: at(0.95, 1), lexical: at(0.95, 1) },
  { name: 'questions of law are refused', read: ofKind('legal', 'refused'), hybrid: at(0.95, 1), lexical: at(0.95, 1) },
  { name: 'the weather is refused', read: ofKind('weather', 'refused'), hybrid: at(1, 1), lexical: at(1, 1) },
  { name: 'what means nothing is refused', read: ofKind('garbage', 'refused'), hybrid: at(1, 1), lexical: at(1, 1) },
  { name: 'false premises are put right', read: ({ unanswerable }) => unanswerable.all.corrected, hybrid: at(0.95, 0.988), lexical: at(0.95, 0.988) },
  { name: 'true premises are answered', read: ofKind('true_premise', 'answered'), hybrid: at(0.97, 1), lexical: at(0.97, 1) },
]
const AT_MOST: Expectation[] = [
  { name: 'of right questions are put right', read: ({ answerable }) => answerable.all.contradicted, hybrid: at(0.01, 0), lexical: at(0.01, 0) },
]

const log = pino({ level: 'silent' })
let knowledge: Knowledge
let questions: RegressionSet

beforeAll(async () => {
  knowledge = await loadKnowledge(path.resolve(import.meta.dirname, '../../knowledge'))
  questions = await readRegressionSet()
})

describe('The regression set', () => {
  it('asks of every clause in five registers, twice in each, and has enough that must be refused or put right', () => {
    const clauses = knowledge.documents.flatMap(({ passages }) => passages.map(({ clause }) => clause))
    const asked = (clause: string, register: string) => questions.answerable.filter(({ gold, set }) => gold.includes(clause) && set === register).length
    expect(clauses).toHaveLength(37)
    expect(clauses.flatMap((clause) => REGISTERS.filter((register) => asked(clause, register) < 2).map((register) => `${clause} ${register}`))).toEqual([])
    expect(questions.answerable.length).toBeGreaterThanOrEqual(370)
    expect(questions.answerable.filter(({ goldAll }) => goldAll.length > 1).length).toBeGreaterThanOrEqual(15)
    expect(questions.answerable.filter(({ previous }) => previous !== undefined).length).toBeGreaterThanOrEqual(25)
    expect(questions.unanswerable.filter(({ expect: expected }) => expected !== 'answer').length).toBeGreaterThanOrEqual(150)
    expect(questions.answerable.filter(({ kind }) => !KINDS.includes(kind)).map(({ id, kind }) => `${id} ${kind}`)).toEqual([])
  })

  it('names facts that stand word for word in the clauses, asks nothing twice, and nothing that the knowledge folder has', () => {
    const all = [...questions.answerable, ...questions.unanswerable]
    const texts = new Map(knowledge.documents.flatMap(({ passages }) => passages.map(({ clause, text }) => [clause, text])))
    const stands = (fact: string, gold: readonly string[]) => gold.some((clause) => texts.get(clause)?.includes(fact))
    const known = new Set([...knowledge.documents.flatMap(({ passages }) => passages.flatMap(({ typicalQuestions }) => typicalQuestions)), ...knowledge.gaps.map(({ question }) => question)].map(bare))
    const asked = all.map(({ question, previous }) => bare(`${previous ?? ''} ${question}`))
    expect(all.flatMap(({ id, gold, facts }) => facts.flat().filter((fact) => !stands(fact, gold)).map((fact) => `${id} ${fact}`))).toEqual([])
    expect(all.filter(({ gold, goldAll }) => goldAll.flat().some((clause) => !gold.includes(clause))).map(({ id }) => id)).toEqual([])
    expect(all.filter(({ id }, place) => all.findIndex((other) => other.id === id) !== place).map(({ id }) => id)).toEqual([])
    expect(asked.filter((text, place) => text !== '' && asked.indexOf(text) !== place)).toEqual([])
    expect(all.filter(({ question }) => bare(question) !== '' && known.has(bare(question))).map(({ question }) => question)).toEqual([])
  })
})

describe.each(['lexical', 'hybrid'] as const)('Answers to it, %s', (mode) => {
  let measured: Summaries | null

  beforeAll(async () => {
    const opened = mode === 'lexical' ? null : await loadEmbeddingModel({ log })
    measured = null
    if (opened?.outcome === 'unavailable') return
    const cacheDirectory = opened === null ? mkdtempSync(path.join(tmpdir(), 'linli-regression-')) : path.resolve(import.meta.dirname, '../../node_modules/.cache/linli-regression')
    const answerer = createAnswerer({ ...knowledge, cacheDirectory, log, now: () => new Date() })
    if (opened !== null) await answerer.useEmbedding(await rememberQuestions(opened.model, cacheDirectory, [...questions.answerable, ...questions.unanswerable]))
    expect(answerer.state().mode).toBe(mode)
    measured = { answerable: await measure(answerer, questions.answerable), unanswerable: await measure(answerer, questions.unanswerable) }
  }, 300_000)

  it.for(AT_LEAST.map((expectation) => ({ ...expectation, ...expectation[mode] })))('$name: at least $least (measured $measured)', ({ read, least }, { skip }) => {
    if (measured === null) return skip('no embedding model on this machine')
    expect(read(measured), `${explain(measured.answerable)}\n${explain(measured.unanswerable)}`).toBeGreaterThanOrEqual(least)
  })

  it.for(AT_MOST.map((expectation) => ({ ...expectation, ...expectation[mode] })))('at most $least $name (measured $measured)', ({ read, least }, { skip }) => {
    if (measured === null) return skip('no embedding model on this machine')
    expect(read(measured), explain(measured.answerable)).toBeLessThanOrEqual(least)
  })

  it('quote the text word for word, state no figure that it has not, and are short', ({ skip }) => {
    if (measured === null) return skip('no embedding model on this machine')
    for (const { quotes, brokenQuotes, strayFigures, p95Length } of [measured.answerable, measured.unanswerable]) {
      expect(quotes).toBeGreaterThan(0)
      expect(brokenQuotes).toBe(0)
      expect(strayFigures).toBe(0)
      expect(p95Length).toBeLessThanOrEqual(300)
    }
  })
})
