import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, KnowledgeDocument } from '../../../src/domain/answers.ts'
import { createAnswerer } from '../../../src/knowledge/answer/answerer.ts'
import { isTold } from '../../../src/knowledge/answer/bare/told.ts'
import type { EmbeddingModel } from '../../../src/model/embedding/embedding.ts'
import { loadEmbeddingModel } from '../../../src/model/embedding/embedding-source.ts'
import { silentLog } from '../../outbox/world.ts'
import { FEES, FILING, HOLIDAYS, MATERIAL_NAMES, MEALS, paper, parking, SHED } from './papers.ts'

const cacheDirectory = mkdtempSync(path.join(os.tmpdir(), 'linli-papers-'))
let model: EmbeddingModel | null = null

beforeAll(async () => {
  const loaded = await loadEmbeddingModel({ log: silentLog })
  model = loaded.outcome === 'ready' ? loaded.model : null
}, 60_000)
afterAll(() => rmSync(cacheDirectory, { recursive: true, force: true }))

/** The answers to several questions on papers that lie in one folder; null where there is no embedding model. */
async function ask(documents: KnowledgeDocument[], questions: readonly string[]): Promise<Answer[] | null> {
  if (model === null) return null
  const answerer = createAnswerer({ documents, gaps: [], cacheDirectory, log: silentLog, now: () => new Date('2026-12-01T04:00:00Z') })
  await answerer.useEmbedding(model)
  const answers: Answer[] = []
  for (const question of questions) {
    const answer = await answerer.answer(question)
    for (const { document, clause, quote } of answer.citations) {
      expect(answerer.passage(document, clause)?.text, question).toContain(quote)
      expect(answer.text, question).toContain(quote)
    }
    answers.push(answer)
  }
  return answers
}

describe('A paper without a single typical question', () => {
  it.for([
    [SHED, '车棚几点关门', '1', '晚上十点关门'],
    [SHED, '钥匙丢了补一把多少钱', '2', '二十元'],
    [SHED, '乱停放罚多少钱', '3', '五十元'],
    [SHED, '居委会在哪', '5', '清河路12号'],
    [MEALS, '涨价要多少居民同意', '4', '半数'],
    [MEALS, '多少钱一个车位', '5', '一百五十元'],
    [MEALS, '小区有多少车位', '5', '一百二十个'],
    [MEALS, '交假材料罚多少钱', '6', '二百元'],
    [MEALS, '助餐点提供什么服务', '2', '代买熟食'],
    [MEALS, '申请助餐要交什么材料', '3', '一寸照片'],
    [HOLIDAYS, '2025年春节放几天假', '2', '8天'],
  ] as const)('%o: “%s” is answered from clause %s', async ([document, question, clause, fact], { skip }) => {
    const answers = await ask([document], [question])
    if (answers === null) return skip('no embedding model on this machine')
    expect(answers[0]?.citations[0]).toMatchObject({ document: document.id, clause })
    expect(answers[0]?.text).toContain(fact)
    expect(answers[0]?.text.length).toBeLessThanOrEqual(300)
  })

  it.for([
    [SHED, '停车多少钱一个月', 'the only sums are a fine and the price of a key'],
    [MEALS, '一顿饭多少钱', 'no meal has a price'],
    [FEES, '汽车停一个月多少钱', 'no row is of cars'],
    [HOLIDAYS, '2024年春节放几天假', 'it is of another year'],
  ] as const)('%o: “%s” is refused, since %s', async ([document, question], { skip }) => {
    const answers = await ask([document], [question])
    if (answers === null) return skip('no embedding model on this machine')
    expect(answers[0]?.kind).toBe('refusal')
  })

  it('gives the row that is named, all rows where none is, and the whole of a list', async ({ skip }) => {
    const answers = await ask([FEES, FILING], ['自行车一个月多少钱', '电动车补卡多少钱', '补卡多少钱', '业委会备案要交哪些材料'])
    if (answers === null) return skip('no embedding model on this machine')
    const [bicycle, electric, all, materials] = answers
    expect(bicycle?.text).toContain('自行车；月费：5元')
    expect(bicycle?.text).not.toContain('电动车')
    expect(electric?.text).toContain('补卡费：20元')
    expect(electric?.text).not.toContain('自行车')
    for (const kind of ['自行车', '电动车', '三轮车']) expect(all?.text).toContain(kind)
    for (const name of MATERIAL_NAMES) expect(materials?.text).toContain(name)
  })

  it('corrects what is claimed, and nothing that is only asked', async ({ skip }) => {
    const answers = await ask([SHED], ['听说钥匙补一把收三十元对吧', '钥匙补一把收多少钱'])
    if (answers === null) return skip('no embedding model on this machine')
    expect(answers.map(({ kind }) => kind)).toEqual(['correction', 'answer'])
  })
})

describe('A paper of questions and answers', () => {
  const PAIRS = [
    ['怎么办就餐卡？要带什么？', '老人带身份证原件、一张一寸照片，到居委会填表，当场就能拿卡。'],
    ['卡丢了怎么办？', '打食堂电话先停卡，再到居委会补卡，补卡收10元。'],
    ['可以送到家吗？', '失能、半失能的老人可以申请送餐上门，送餐费每单1元。'],
  ] as const
  const meals: KnowledgeDocument = { ...paper('wenda', '清河街道老年助餐问答', []), passages: PAIRS.map(([title, text], place) => ({ documentId: 'wenda', clause: `问答${place + 1}`, title, text, typicalQuestions: [title] })) }

  it('is read by its answers too, and lies beside other papers as they do', async ({ skip }) => {
    const answers = await ask([meals, SHED], ['老爷子把饭卡弄丢了，补一张收多少', '送饭到家一趟多少钱', '车棚钥匙补一把多少钱'])
    if (answers === null) return skip('no embedding model on this machine')
    expect(answers.map(({ citations }) => citations[0]?.clause)).toEqual(['问答2', '问答3', '2'])
    expect(isTold(meals)).toBe(false)
  })
})

it('What is a matter for courts elsewhere is answered where a paper surely says it', async ({ skip }) => {
  const rules = paper('wuye', '清河花园管理规约', [['1', '物业费每月五日前交清。'], ['2', '拖欠物业费的，按欠费金额每日万分之三支付违约金。'], ['3', '装修要先登记。']])
  const answers = await ask([rules], ['拖欠物业费，一天要算多少违约金', '合同违约金怎么算'])
  if (answers === null) return skip('no embedding model on this machine')
  expect(answers[0]?.text).toContain('每日万分之三')
  expect(answers[1]?.kind).toBe('refusal')
})

describe('Editions of a document', () => {
  const editions = [parking('2021', '半数业主同意', '四'), parking('2024', '业主共同决定', '八')]

  it('answer with the later issued where both have the same first day of force, the earlier named as such', async ({ skip }) => {
    const answers = await ask(editions, ['残疾人停车一天能免几个小时', '小区停车费调价要多少业主同意'])
    if (answers === null) return skip('no embedding model on this machine')
    expect(answers[0]?.citations[0]).toMatchObject({ document: 'tingche-2024', clause: '3' })
    expect(answers[0]?.text).toContain('较早的《清河市停车条例》第3条写的是“每天最多四小时”，以新文件为准')
    expect(answers[1]?.citations[0]).toMatchObject({ document: 'tingche-2024', clause: '2' })
  })

  it('that were superseded answer nothing and contradict nothing, but when asked for by name', async ({ skip }) => {
    const old = paper('yushi', '清河社区浴室管理办法', [['1', '浴室洗澡每次收费三元。']], { supersededBy: '清河社区浴室新办法' })
    const answers = await ask([old, SHED], ['浴室洗澡多少钱', '清河社区浴室管理办法里洗澡多少钱'])
    if (answers === null) return skip('no embedding model on this machine')
    expect(answers[0]?.kind).toBe('refusal')
    expect(answers[1]?.text).toContain('已由《清河社区浴室新办法》代替')
    const both = await ask([{ ...(editions[0] as KnowledgeDocument), supersededBy: '清河市停车条例（2024年）' }, editions[1] as KnowledgeDocument], ['残疾人停车一天能免几个小时'])
    expect(both?.[0]?.citations.map(({ document }) => document)).toEqual(['tingche-2024'])
  })

  it('do not contradict each other by where something stands', async ({ skip }) => {
    const rules = paper('yangquan', '清河市养犬条例', [['1', '养犬要登记。'], ['2', '每户只准养一条狗。'], ['3', '违反本条例第二条规定，多养的，罚款五百元。']])
    const pact = paper('gongyue', '清河社区养犬公约', [['1', '狗要拴绳。'], ['2', '多养狗的，由城管罚款。法律依据：《清河市养犬条例》第九条。']])
    const answers = await ask([rules, pact], ['多养狗罚多少钱'])
    if (answers === null) return skip('no embedding model on this machine')
    expect(answers[0]?.citations).toEqual([expect.objectContaining({ document: 'yangquan', clause: '3' })])
  })
})
