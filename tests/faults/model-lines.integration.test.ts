import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ModelCallError } from '../../src/domain/errors.ts'
import { createAnswerer, type AnswererOptions } from '../../src/knowledge/answer/answerer.ts'
import { loadKnowledge } from '../../src/knowledge/documents/load.ts'
import { createQuestionRewriter } from '../../src/knowledge/write/question-rewriter.ts'
import { createAnswerWriter } from '../../src/knowledge/write/written-answer.ts'
import { createLanguageModel } from '../../src/model/chat.ts'
import type { EmbeddingModel } from '../../src/model/embedding/embedding.ts'
import { loadPrompts } from '../../src/model/prompts.ts'
import { startScriptedOpenAI, type ScriptedOpenAI } from '../fakes/openai/server.ts'
import { captureLog, type CapturedLog } from '../support/log.ts'
import { EVERYTHING, expectOneLine, PERSONAL } from './lines.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const QUESTION = `我是${PERSONAL.name}，社区志愿者要占居民多少`
const TRUE_ANSWER = '社区志愿者注册率要占居民人口的10%以上，力争用3—5年时间达到〔13〕。'

let log: CapturedLog
let folder: string
let server: ScriptedOpenAI
beforeEach(async () => {
  log = captureLog()
  folder = mkdtempSync(path.join(tmpdir(), 'linli-model-lines-'))
  server = await startScriptedOpenAI([{ status: 500, message: EVERYTHING }])
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openAnswerer(more: Partial<AnswererOptions> = {}) {
  const { documents, gaps } = await loadKnowledge(path.join(ROOT, 'knowledge'))
  return createAnswerer({ documents, gaps, cacheDirectory: folder, log: log.log, now: () => new Date(), ...more })
}
const languageModel = () => createLanguageModel({ model: 'scripted', apiKey: PERSONAL.secret, baseUrl: server.baseUrl })

/** One number for each text; fails while it is told to. */
function failingEmbedding(fails: () => boolean): EmbeddingModel {
  return {
    id: 'fake',
    dimensions: 2,
    embed: async (texts) => {
      if (fails()) throw new ModelCallError('The embedding server can not be reached; check EMBEDDING_MODEL.')
      return texts.map((text) => Float32Array.from([Math.cos(text.length), Math.sin(text.length)]))
    },
  }
}

describe('a model that is down leaves one line, and residents are answered all the same', () => {
  it('when it writes answers, however many questions come', async () => {
    const write = createAnswerWriter({ model: languageModel(), prompts: await loadPrompts(path.join(ROOT, 'prompts')), log: log.log, timeoutMs: 2_000 })
    const answerer = await openAnswerer({ write })
    for (let count = 0; count < 3; count += 1) expect(await answerer.answer(QUESTION)).toMatchObject({ kind: 'answer', isGenerated: false })
    server.setScript([{ say: TRUE_ANSWER }])
    expect(await answerer.answer(QUESTION)).toMatchObject({ isGenerated: true })
    expectOneLine(log, { fault: 'model-unavailable', tells: /residents get the words of the text instead.*check the model server/, times: 3 })
  })

  it('when it puts questions into other words', async () => {
    const rewriter = createQuestionRewriter({ model: languageModel(), prompts: await loadPrompts(path.join(ROOT, 'prompts')), log: log.log, timeoutMs: 2_000 })
    for (let count = 0; count < 2; count += 1) expect(await rewriter.rewrite(QUESTION)).toBeNull()
    server.setScript([{ say: '社区志愿者注册率占居民人口比例' }])
    await rewriter.rewrite(QUESTION)
    expectOneLine(log, { fault: 'rewriting-unavailable', tells: /looked up as they are asked.*check the model server/, times: 2 })
  })

  it('when it embeds questions', async () => {
    let isDown = false
    const answerer = await openAnswerer()
    expect(await answerer.useEmbedding(failingEmbedding(() => isDown))).toBe(true)
    isDown = true
    for (let count = 0; count < 3; count += 1) expect((await answerer.answer(QUESTION)).kind).toBe('answer')
    isDown = false
    await answerer.answer(QUESTION)
    expectOneLine(log, { fault: 'embedding-unavailable', tells: /answered by words alone.*Check the embedding server/ })
  })

  it('when it fails while the index is built', async () => {
    const answerer = await openAnswerer()
    expect(await answerer.useEmbedding(failingEmbedding(() => true))).toBe(false)
    expect((await answerer.answer(QUESTION)).kind).toBe('answer')
    expectOneLine(log, { fault: 'no-vectors', level: 'error', tells: /answered by words alone.*doctor/, end: 'none' })
  })
})
