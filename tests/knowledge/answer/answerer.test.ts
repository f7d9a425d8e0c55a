import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAnswerer } from '../../../src/knowledge/answer/answerer.ts'
import type { Answerer } from '../../../src/knowledge/answer/answerer.ts'
import { PassageRetriever } from '../../../src/knowledge/answer/langchain-retriever.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'
import type { Knowledge } from '../../../src/knowledge/documents/load.ts'
import type { EmbeddingModel } from '../../../src/model/embedding/embedding.ts'
import { toUnitLength } from '../../../src/model/vectors.ts'

const log = pino({ level: 'silent' })
const open = (knowledge: Pick<Knowledge, 'documents' | 'gaps'>, options: Partial<Parameters<typeof createAnswerer>[0]> = {}) =>
  createAnswerer({ ...knowledge, cacheDirectory: mkdtempSync(path.join(tmpdir(), 'linli-answers-')), log, now: () => new Date('2026-11-24T02:00:00Z'), ...options })

/** A model of the platform's edge: deterministic vectors, and it can be made to fail or to wait. */
class ScriptedModel implements EmbeddingModel {
  readonly id = 'scripted'
  readonly dimensions = 8
  calls = 0
  wait: Promise<void> = Promise.resolve()
  fails = false

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    this.calls += 1
    await this.wait
    if (this.fails) throw new Error('the model is down')
    return texts.map((text) => toUnitLength(Float32Array.from({ length: 8 }, (_, index) => 1 + ((text.charCodeAt(index % Math.max(1, text.length)) || 1) % 13))))
  }
}

let knowledge: Knowledge
let answerer: Answerer
beforeAll(async () => {
  knowledge = await loadKnowledge(path.resolve(import.meta.dirname, '../../../knowledge'))
  answerer = open(knowledge)
})

describe('An answer by words alone', () => {
  it('quotes word for word, cites the clause, stays within 300 characters and corrects hardly anybody, for every typical question', async () => {
    const questions = knowledge.documents.flatMap((document) => document.passages.flatMap((passage) => passage.typicalQuestions.map((question) => ({ passage, question }))))
    let cited = 0
    const corrected: string[] = []
    for (const { passage, question } of questions) {
      const answer = await answerer.answer(question)
      if (answer.kind === 'correction') corrected.push(question)
      expect(answer.text.length, question).toBeLessThanOrEqual(300)
      for (const { document, clause, quote } of answer.citations) {
        expect(answerer.passage(document, clause)?.text, question).toContain(quote)
        expect(quote.length, question).toBeLessThanOrEqual(200)
        expect(answer.text, question).toContain(quote)
        expect(answer.text, question).toContain(`第${clause}条`)
      }
      if (answer.citations.some(({ clause }) => clause === passage.clause)) cited += 1
    }
    expect(questions.length).toBeGreaterThan(296)
    expect(corrected.length / questions.length, corrected.join('\n')).toBeLessThan(0.005)
    expect(cited / questions.length).toBeGreaterThan(0.95)
  }, 120_000)

  it('gives the figure, the source and the year, and the whole clause as details', async () => {
    const answer = await answerer.answer('社区志愿者要占居民多少')
    expect(answer.kind).toBe('answer')
    expect(answer.text).toContain('10%以上')
    expect(answer.text).toContain('《关于加强和谐社区建设的意见》（2012年）第13条')
    expect(answer.text).toContain('2012年的文件')
    expect(answer.details).toContain(answerer.passage('hexie-shequ-2012', '13')?.text)
    expect(answer.isGenerated).toBe(false)
  })

  it('ranks ten clauses, best first, with probabilities', async () => {
    const { ranked } = await answerer.answer('小诊所要交营业税吗')
    expect(ranked).toHaveLength(10)
    expect(ranked[0]?.clause).toBe('16')
    expect(ranked.every(({ score }, place) => score >= 0 && score <= 1 && score <= (ranked[place - 1]?.score ?? 1))).toBe(true)
  })

  it('reads traditional characters and full width', async () => {
    expect((await answerer.answer('社區志願者要佔居民多少？')).citations[0]?.clause).toBe('13')
  })

  it('says of a known gap that it is not written, names the nearest clause and offers to pass it on', async () => {
    const answer = await answerer.answer('低保一个月多少钱')
    expect(answer).toMatchObject({ kind: 'refusal', citations: [], details: '' })
    expect(answer.text).toContain('文件里没有写')
    expect(answer.text).toContain('第11条')
    expect(answer.text).toContain('转给工作人员')
  })

  it.each(['中午吃什么好', '火车票退票手续费多少', '护照丢了去哪补办', '3号楼老王电话多少', '今天天气怎么样', '', '😀', 'x'.repeat(5000), '\ud800', '__proto__'])('does not answer %j', async (question) => {
    const answer = await answerer.answer(question)
    expect(answer.kind).toBe('refusal')
    expect(answer.text.length).toBeLessThanOrEqual(300)
  })

  it('puts a false figure right first, with the clause', async () => {
    const answer = await answerer.answer('社区服务用房是每百户50平方米对吧')
    expect(answer.kind).toBe('correction')
    expect(answer.text).toMatch(/^不是50平方米，文件写的是不少于20平方米/)
    expect(answer.citations).toMatchObject([{ clause: '4' }])
  })

  it('understands a follow-up from the question before', async () => {
    const answer = await answerer.answer('那面积呢？', { previousQuestion: '街道社区服务中心要服务多少户' })
    expect(answer.question).toContain('街道社区服务中心')
    expect(answer.text).toContain('500平方米')
  })

  it('puts what a follow-up changes in its place', async () => {
    const answer = await answerer.answer('那图强林业局呢', { previousQuestion: '塔河县每年要往社区投多少钱' })
    expect(answer.question).toBe('图强林业局每年要往社区投多少钱？')
    expect(answer.text).toMatch(/^80—100万元。/)
  })

  it('refuses a follow-up that the text does not answer, however well its clause is found', async () => {
    expect((await answerer.answer('那一个月给多少钱', { previousQuestion: '社区志愿者怎么注册' })).kind).toBe('refusal')
  })

  it('answers both halves of a question that asks twice, each with its clause, and both clauses are the details', async () => {
    const answer = await answerer.answer('物业弃管的楼怎么管，社区服务用房能不能转卖')
    expect(answer.citations.map(({ clause }) => clause)).toEqual(['9', '4'])
    expect(answer.text).toContain('物业管理委员会')
    expect(answer.text).toContain('不得转卖')
    expect(answer.details).toContain('第9条')
    expect(answer.details).toContain('第4条')
  })

  it('gives a list item by item', async () => {
    const answer = await answerer.answer('社区居委会要设立哪些下属委员会')
    expect(answer.text.split('\n')).toEqual(expect.arrayContaining(['· 社保福利', '· 治安保卫', '· 公共卫生']))
  })

  it('finds nothing and refuses where there are no documents', async () => {
    const answer = await open({ documents: [], gaps: [] }).answer('社区志愿者要占居民多少')
    expect(answer).toMatchObject({ kind: 'refusal', ranked: [] })
  })
})

describe('Changing what is answered from', () => {
  it('counts at the next question', async () => {
    const own = open(knowledge)
    await own.replace({ documents: [], gaps: [] })
    expect(own.state()).toEqual({ mode: 'lexical', passages: 0 })
    await own.replace(knowledge)
    expect((await own.answer('社区志愿者要占居民多少')).citations[0]?.clause).toBe('13')
  })

  it('lets questions under way finish on what they began with', async () => {
    const model = new ScriptedModel()
    const own = open(knowledge, { embedding: model })
    await own.ready()
    expect(own.state().mode).toBe('hybrid')
    let goOn = () => {}
    model.wait = new Promise((resolve) => (goOn = resolve))
    const underWay = own.answer('社区志愿者要占居民多少')
    const replaced = own.replace({ documents: [], gaps: [] })
    goOn()
    expect((await underWay).ranked).toHaveLength(10)
    await replaced
    expect(own.state().passages).toBe(0)
  })

  it('answers by words while the vectors are being built', async () => {
    const model = new ScriptedModel()
    let goOn = () => {}
    model.wait = new Promise((resolve) => (goOn = resolve))
    const own = open(knowledge)
    const built = own.useEmbedding(model)
    expect(own.state().mode).toBe('lexical')
    expect((await own.answer('社区志愿者要占居民多少')).kind).toBe('answer')
    goOn()
    expect(await built).toBe(true)
    expect(own.state().mode).toBe('hybrid')
  })

  it('goes on by words when the model fails, in building and in answering', async () => {
    const model = new ScriptedModel()
    model.fails = true
    const own = open(knowledge)
    expect(await own.useEmbedding(model)).toBe(false)
    expect((await own.answer('社区志愿者要占居民多少')).kind).toBe('answer')
    model.fails = false
    expect(await own.useEmbedding(model)).toBe(true)
    model.fails = true
    expect((await own.answer('社区志愿者要占居民多少')).kind).toBe('answer')
  })
})

describe('A writer', () => {
  it('is asked with the passages found, and the extractive answer stands when it has none or fails', async () => {
    const seen: string[] = []
    const writing = open(knowledge, {
      write: {
        write: async ({ passages, extractive }) => {
          seen.push(passages[0]?.clause ?? '')
          return { ...extractive, text: '写的', isGenerated: true }
        },
      },
    })
    expect(await writing.answer('社区志愿者要占居民多少')).toMatchObject({ text: '写的', isGenerated: true })
    expect(seen).toEqual(['13'])
    expect((await writing.answer('社区志愿者要占居民多少', { lexicalOnly: true })).isGenerated).toBe(false)
    for (const write of [async () => null, () => Promise.reject(new Error('down'))]) {
      expect((await open(knowledge, { write: { write } }).answer('社区志愿者要占居民多少')).text).toContain('10%')
    }
  })
})

describe('The LangChain retriever', () => {
  it('gives the best passages with where they stand', async () => {
    const documents = await new PassageRetriever(answerer, 3).invoke('社区志愿者要占居民多少')
    expect(documents).toHaveLength(3)
    expect(documents[0]).toMatchObject({ metadata: { document: 'hexie-shequ-2012', clause: '13' } })
    expect(documents[0]?.pageContent).toContain('10%以上')
  })
})
