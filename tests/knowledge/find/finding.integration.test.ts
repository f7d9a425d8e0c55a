import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAnswerer } from '../../../src/knowledge/answer/answerer.ts'
import type { Answerer } from '../../../src/knowledge/answer/answerer.ts'
import { embedLabelled, labelKnownQuestions } from '../../../src/knowledge/learn/fit/fit-data.ts'
import { fitAnswering } from '../../../src/knowledge/learn/fit/fit.ts'
import { buildKnowledgeIndex } from '../../../src/knowledge/find/knowledge-index.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'
import type { Knowledge } from '../../../src/knowledge/documents/load.ts'
import { VectorCache } from '../../../src/knowledge/find/vectors/vector-cache.ts'
import type { EmbeddingModel } from '../../../src/model/embedding/embedding.ts'
import { loadEmbeddingModel } from '../../../src/model/embedding/embedding-source.ts'
import { openCommandLine } from '../../commands/run.ts'

const log = pino({ level: 'silent' })
const cacheDirectory = mkdtempSync(path.join(tmpdir(), 'linli-finding-'))
const now = () => new Date('2026-11-24T02:00:00Z')
let knowledge: Knowledge
let model: EmbeddingModel
let answerer: Answerer
beforeAll(async () => {
  knowledge = await loadKnowledge(path.resolve(import.meta.dirname, '../../../knowledge'))
  const loaded = await loadEmbeddingModel({ log })
  if (loaded.outcome === 'unavailable') throw new Error(`No embedding model can be had here:\n${loaded.reasons.join('\n')}`)
  model = loaded.model
  answerer = createAnswerer({ ...knowledge, cacheDirectory, log, now })
  await answerer.useEmbedding(model)
}, 400_000)

describe('With the embedding model', () => {
  it('finds, refuses and is calibrated as promised, cross-validated on the knowledge folder', async () => {
    const built = buildKnowledgeIndex(knowledge)
    const cache = new VectorCache(cacheDirectory, model)
    const questions = labelKnownQuestions(built.questions)
    const { figures } = fitAnswering({ index: await built.index.withVectors(cache), questions, vectors: await embedLabelled(cache, questions), answeredShare: 0.97 })
    expect(figures['first']).toBeGreaterThan(0.91)
    expect(figures['firstThree']).toBeGreaterThan(0.985)
    expect(figures['calibrationError']).toBeLessThan(0.02)
    expect(figures['answered']).toBeGreaterThan(0.97)
    expect(figures['nearMissesRefused']).toBeGreaterThan(0.85)
    expect(figures['otherDomainsRefused']).toBeGreaterThan(0.96)
  }, 300_000)

  // Written for this test, none of them in knowledge/.
  it.each([
    ['片儿警能进居委会班子不', '18'],
    ['家里老人白天没人管，能不能找人送个饭', '11'],
    ['开发商盖小区，办公用房得留多大', '4'],
    ['想当义工搁哪儿登记', '13'],
    ['物业扔下不管的楼谁接手', '9'],
    ['心情老不好，有地方找人唠唠不', '24'],
    ['居委会天天填表开会的事能不能减减', '30'],
    ['干社区的给上五险一金吗', '27'],
  ])('finds the clause for %s', async (question, clause) => {
    const answer = await answerer.answer(question)
    expect(answer.kind).toBe('answer')
    expect(answer.citations[0]?.clause).toBe(clause)
  })

  it('starts warm without embedding anything again', async () => {
    let embedded = 0
    const counting: EmbeddingModel = {
      id: model.id,
      dimensions: model.dimensions,
      embed: (texts, purpose) => {
        embedded += texts.length
        return model.embed(texts, purpose)
      },
    }
    const warm = createAnswerer({ ...knowledge, cacheDirectory, log, now })
    await warm.useEmbedding(counting)
    const answer = await warm.answer('社区志愿者要占居民多少')
    expect(answer.citations[0]?.clause).toBe('13')
    expect(embedded).toBe(2)
  })
})

describe('By words alone', () => {
  it('finds, refuses and is calibrated as promised, cross-validated on the knowledge folder', () => {
    const { index, questions: known } = buildKnowledgeIndex(knowledge)
    const questions = labelKnownQuestions(known)
    const { figures } = fitAnswering({ index, questions, vectors: questions.map(() => null), answeredShare: 0.94 })
    expect(figures['first']).toBeGreaterThan(0.88)
    expect(figures['firstThree']).toBeGreaterThan(0.96)
    expect(figures['calibrationError']).toBeLessThan(0.04)
    expect(figures['answered']).toBeGreaterThan(0.93)
    expect(figures['nearMissesRefused']).toBeGreaterThan(0.86)
    expect(figures['otherDomainsRefused']).toBeGreaterThan(0.95)
  }, 200_000)
})

describe('On the command line', () => {
  const line = openCommandLine()
  afterAll(() => line.close())

  it('ask answers a file line by line, says what is wrong with a line, and then fails', async () => {
    const file = path.join(line.directory, 'questions.jsonl')
    writeFileSync(file, '\ufeff{"id":"a","q":"社区志愿者要占居民多少"}\n\n{"id":"b"}\nno json\n{"id":"c","q":"低保一个月多少钱"}\n')
    const ran = await line.linli(['ask', '--json', '--file', file, '--lexical'])
    const lines = ran.lines.map((text) => JSON.parse(text) as { id?: string; kind?: string; error?: string; line?: number; ranked?: unknown[]; ms?: number; citations?: { clause: string }[] })
    expect(lines.map(({ id, kind }) => [id, kind])).toEqual([['a', 'answer'], ['b', undefined], [undefined, undefined], ['c', 'refusal']])
    expect(lines[0]).toMatchObject({ citations: [{ document: 'hexie-shequ-2012', clause: '13' }], ms: expect.any(Number) as unknown })
    expect(lines[0]?.ranked).toHaveLength(10)
    expect(lines[1]?.error).toContain('q')
    expect(lines[2]).toMatchObject({ line: 4, error: expect.any(String) as unknown })
    expect(ran.code).toBe(1)
  })

  it('search ranks any corpus, by words and by meaning', async () => {
    const corpus = path.join(line.directory, 'corpus.jsonl')
    const queries = path.join(line.directory, 'queries.jsonl')
    writeFileSync(corpus, ['婚姻登记需要双方到场', '企业复工要提前申报', '交通事故应当及时报警'].map((text, id) => JSON.stringify({ id, text })).join('\n'))
    writeFileSync(queries, '{"id":"q1","q":"结婚要两个人一起去吗"}\n{"id":"q2","q":"撞车了怎么办"}\n')
    const ran = await line.linli(['search', '--corpus', corpus, '--file', queries, '--json', '--top', '2'])
    const lines = ran.lines.map((text) => JSON.parse(text) as { id: string; ranked: { id: number; score: number }[]; ms: number })
    expect(lines.map(({ id, ranked }) => [id, ranked[0]?.id, ranked.length])).toEqual([['q1', 0, 2], ['q2', 2, 2]])
    expect(ran.stderr).toContain('Indexed 3 passages')
    const byWords = await line.linli(['search', '--corpus', corpus, '--file', queries, '--json', '--lexical'])
    expect(byWords.lines).toHaveLength(2)
  })
})
