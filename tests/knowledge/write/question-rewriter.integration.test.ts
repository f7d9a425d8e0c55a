import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAnswerer } from '../../../src/knowledge/answer/answerer.ts'
import type { Answerer } from '../../../src/knowledge/answer/answerer.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'
import type { Knowledge } from '../../../src/knowledge/documents/load.ts'
import { createQuestionRewriter, readRewritten } from '../../../src/knowledge/write/question-rewriter.ts'
import type { RewritingOutcome } from '../../../src/knowledge/write/question-rewriter.ts'
import { createLanguageModel } from '../../../src/model/chat.ts'
import { loadPrompts } from '../../../src/model/prompts.ts'
import type { Prompts } from '../../../src/model/prompts.ts'
import { startScriptedOpenAI } from '../../fakes/openai/server.ts'
import type { ScriptedOpenAI } from '../../fakes/openai/server.ts'

/** Nothing of it stands in the text or among the typical questions, so that words find nothing sure. */
const OBSCURE = '俺娘走道费劲，瞅谁能拉扯一把'
const REWORDED = '社区志愿者怎么注册'

const log = pino({ level: 'silent' })
let knowledge: Knowledge
let prompts: Prompts
let server: ScriptedOpenAI
let outcomes: RewritingOutcome[]

beforeAll(async () => {
  knowledge = await loadKnowledge(path.resolve(import.meta.dirname, '../../../knowledge'))
  prompts = await loadPrompts(path.resolve(import.meta.dirname, '../../../prompts'))
})
beforeEach(async () => {
  server = await startScriptedOpenAI([{ say: REWORDED }])
  outcomes = []
})
afterEach(() => server.close())

function open(baseUrl = server.baseUrl): Answerer {
  const model = createLanguageModel({ model: 'scripted', apiKey: 'test-key', baseUrl })
  return createAnswerer({
    ...knowledge,
    cacheDirectory: mkdtempSync(path.join(tmpdir(), 'linli-rewriting-')),
    log,
    now: () => new Date('2026-11-24T02:00:00Z'),
    rewrite: createQuestionRewriter({ model, prompts, timeoutMs: 1000, log }),
    onRewritten: (outcome) => outcomes.push(outcome),
  })
}

describe('a question that finds nothing sure', () => {
  test('is answered from other words when those are found with more certainty, and stays the resident’s own', async () => {
    const answer = await open().answer(OBSCURE)
    expect(outcomes).toEqual(['better'])
    expect(answer).toMatchObject({ kind: 'answer', question: OBSCURE })
    expect(answer.ranked[0]?.clause).toBe('13')
    expect(JSON.stringify(server.requests[0]?.body)).toContain(OBSCURE)
  })

  test('is answered from its own words when the other ones find less', async () => {
    server.setScript([{ say: '明天股票会不会涨' }])
    const alone = await open().answer(OBSCURE, { lexicalOnly: true })
    const answer = await open().answer(OBSCURE)
    expect(outcomes).toEqual(['not_better'])
    expect(answer.ranked).toEqual(alone.ranked)
  })

  test('is answered without the model when that does not answer', async () => {
    const answer = await open('http://127.0.0.1:1/v1').answer(OBSCURE)
    expect(outcomes).toEqual(['unavailable'])
    expect(answer.text).not.toBe('')
  })
})

test('a question that is found surely, and one that no document answers, never reach the model', async () => {
  const answerer = open()
  expect((await answerer.answer(REWORDED)).kind).toBe('answer')
  expect((await answerer.answer('3号楼老王电话多少')).kind).toBe('refusal')
  expect(server.requests).toEqual([])
})

test('what a model says is used as one plain line only, without figures that were not said', () => {
  const question = '每百户要盖多大的房'
  expect(readRewritten('“社区用房的面积标准是什么”', question)).toBe('社区用房的面积标准是什么')
  expect(readRewritten('每百户50平方米的用房由谁建', question)).toBeNull()
  expect(readRewritten('社区用房\n面积', question)).toBeNull()
  expect(readRewritten('sure, here it is', question)).toBeNull()
  expect(readRewritten('社'.repeat(200), question)).toBeNull()
  expect(readRewritten('', question)).toBeNull()
})
