import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KnowledgeDocument } from '../../../src/domain/answers.ts'
import { createAnswerer } from '../../../src/knowledge/answer/answerer.ts'
import type { Answerer } from '../../../src/knowledge/answer/answerer.ts'
import { findConflict } from '../../../src/knowledge/answer/document-conflict.ts'
import { importDocument } from '../../../src/knowledge/documents/import/import-document.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'
import type { Knowledge } from '../../../src/knowledge/documents/load.ts'
import { HYBRID_REFUSAL_FEATURES, LEXICAL_REFUSAL_FEATURES } from '../../../src/knowledge/answer/refusal.ts'
import { HYBRID_BARE_FEATURES, LEXICAL_BARE_FEATURES } from '../../../src/knowledge/answer/bare/bare-features.ts'
import { standingOf } from '../../../src/knowledge/answer/several-documents.ts'
import { BARE_WEIGHTS, WEIGHTS } from '../../../src/knowledge/find/numbers/weights.ts'
import { silentLog } from '../../outbox/world.ts'
import { paper } from './papers.ts'

const cacheDirectory = mkdtempSync(path.join(os.tmpdir(), 'linli-several-'))
let shipped: Knowledge
let rooms: KnowledgeDocument
let rubbish: KnowledgeDocument

async function importFile(name: string): Promise<KnowledgeDocument> {
  const imported = await importDocument(name, readFileSync(path.join(import.meta.dirname, '../documents', name)))
  if (imported.outcome !== 'ready') throw new Error(JSON.stringify(imported))
  return imported.document
}

const open = (documents: KnowledgeDocument[], now = '2026-11-24'): Answerer => createAnswerer({ documents, gaps: shipped.gaps, cacheDirectory, log: silentLog, now: () => new Date(`${now}T04:00:00Z`) })

let together: Answerer
beforeAll(async () => {
  shipped = await loadKnowledge(path.resolve('knowledge'))
  rooms = await importFile('yongfang-2024.txt')
  rubbish = await importFile('laji-fenlei-2023.txt')
  together = open([...shipped.documents, rooms, rubbish])
}, 30_000)
afterAll(() => rmSync(cacheDirectory, { recursive: true, force: true }))

describe('documents that nobody wrote questions for, beside the guideline', () => {
  it.each([
    ['社区服务用房能不能放在地下室', 'yongfang-2024', '4'],
    ['老旧小区没有社区用房怎么办', 'yongfang-2024', '5'],
    ['社区服务用房由谁组织验收', 'yongfang-2024', '6'],
    ['生活垃圾分成几类', 'laji-fenlei-2023', '1'],
    ['旧沙发怎么处理', 'laji-fenlei-2023', '3'],
    ['大件垃圾收费吗', 'laji-fenlei-2023', '3'],
    ['装修垃圾的清运费由谁承担', 'laji-fenlei-2023', '5'],
    ['社区志愿者怎么报名', 'hexie-shequ-2012', '13'],
    ['物业公司归谁管', 'hexie-shequ-2012', '9'],
  ])('“%s” is answered from the right one', async (question, document, clause) => {
    const answer = await together.answer(question)
    expect(answer.kind).not.toBe('refusal')
    expect(answer.citations[0]).toMatchObject({ document, clause })
    expect(answer.ranked[0]).toMatchObject({ document, clause })
  })

  it('a document that is called by its name is the one that is looked into', async () => {
    expect((await together.answer('社区服务用房配建管理办法里地下室是怎么规定的')).ranked[0]?.document).toBe('yongfang-2024')
  })

  it('both answer, one below the other, where it is not sure which is asked', async () => {
    const pact = paper('gongyue', '松江新苑业主公约', [['1', '遛狗要拴绳。'], ['2', '广场舞在中心广场跳，晚上20:30以前结束。'], ['3', '社区给跳广场舞、唱戏的居民留一块地方，在中心花园。'], ['4', '物业费每年三月交清。']])
    const answer = await open([...shipped.documents, pact]).answer('文化活动场地社区给不给')
    expect(new Set(answer.citations.map(({ document }) => document))).toEqual(new Set(['hexie-shequ-2012', 'gongyue']))
    for (const { quote } of answer.citations) expect(answer.text).toContain(quote)
  })

  it('what stands in none of them is still refused', async () => {
    for (const question of ['今天天气怎么样', '养老保险怎么转移', '小区里能养几条狗']) expect((await together.answer(question)).kind).toBe('refusal')
  })
})

describe('documents that say otherwise', () => {
  const QUESTION = '新建小区社区服务用房每百户要多少平方米'

  it('answer with the newer figure and show the older in one line, both cited word for word', async () => {
    const answer = await together.answer(QUESTION)
    expect(answer.text).toContain('每百户不少于30平方米')
    expect(answer.text).toContain('《社区服务用房配建管理办法》（大署办发〔2024〕8号，2024年）第3条')
    expect(answer.text).toContain('较早的《关于加强和谐社区建设的意见》第4条写的是“社区服务用房每百户不少于20平方米的标准”，以新文件为准。')
    expect(answer.citations.map(({ document, clause }) => `${document} ${clause}`)).toEqual(['yongfang-2024 3', 'hexie-shequ-2012 4'])
    for (const { document, clause, quote } of answer.citations) expect(together.passage(document, clause)?.text).toContain(quote)
  })

  it('put a figure of the older one right', async () => {
    const answer = await together.answer('社区用房每百户不少于20平方米对吧')
    expect(answer).toMatchObject({ kind: 'correction', text: expect.stringContaining('30平方米') as unknown })
  })

  it('answer with the older one again when the newer has expired, was replaced or is not in force yet', async () => {
    const older = [...shipped.documents, { ...rooms, effectiveTo: '2025-12-31' }]
    expect((await open(older).answer(QUESTION)).citations[0]).toMatchObject({ document: 'hexie-shequ-2012', clause: '4' })
    expect((await open([...shipped.documents, { ...rooms, supersededBy: '另一份办法' }]).answer(QUESTION)).citations[0]?.document).toBe('hexie-shequ-2012')
    expect((await open([...shipped.documents, rooms], '2024-06-10').answer(QUESTION)).citations[0]?.document).toBe('hexie-shequ-2012')
  })

  it('note that the only document that answers has expired', async () => {
    const answer = await open([...shipped.documents, { ...rubbish, effectiveTo: '2025-12-31' }]).answer('旧沙发怎么处理')
    expect(answer.text).toContain('到2025-12-31已经过期')
  })

  it('are told apart from documents that give figures of other things', () => {
    const passage = (text: string) => ({ documentId: 'b', clause: '1', title: '', text, typicalQuestions: [] })
    expect(findConflict(['每百户不少于30平方米。'], passage('社区服务用房每百户不少于20平方米。'))?.quote).toBe('社区服务用房每百户不少于20平方米')
    expect(findConflict(['每百户不少于30平方米。'], passage('社区服务用房每百户不少于30平方米。'))).toBeNull()
    expect(findConflict(['每百户不少于30平方米。'], passage('社区服务中心面积要达到500平方米以上，服务规模为3000户左右。'))).toBeNull()
    expect(findConflict(['对乱扔的处五十元以上罚款，2024年起执行。'], passage('垃圾分成四类，2012年开始。'))).toBeNull()
  })
})

describe('the standing of a document', () => {
  it.each([
    [{}, 'in_force'],
    [{ effectiveFrom: '2026-01-01', effectiveTo: '2026-12-31' }, 'in_force'],
    [{ effectiveTo: '2026-11-24' }, 'in_force'],
    [{ effectiveTo: '2026-11-23' }, 'expired'],
    [{ effectiveFrom: '2026-11-25' }, 'not_yet'],
    [{ supersededBy: '新办法' }, 'superseded'],
  ] as const)('%o is %s on 24 November 2026', (document, standing) => {
    expect(standingOf(document, '2026-11-24')).toBe(standing)
  })
})

describe('fitted weights', () => {
  it('are for the features that are measured: fit again after changing a list', () => {
    for (const model of [WEIGHTS.refusal.hybrid.near, WEIGHTS.refusal.hybrid.domain]) expect(model.features).toEqual([...HYBRID_REFUSAL_FEATURES])
    for (const model of [WEIGHTS.refusal.lexical.near, WEIGHTS.refusal.lexical.domain]) expect(model.features).toEqual([...LEXICAL_REFUSAL_FEATURES])
    for (const model of [BARE_WEIGHTS.hybrid.choice, BARE_WEIGHTS.hybrid.refusal]) expect(model.features).toEqual([...HYBRID_BARE_FEATURES])
    for (const model of [BARE_WEIGHTS.lexical.choice, BARE_WEIGHTS.lexical.refusal]) expect(model.features).toEqual([...LEXICAL_BARE_FEATURES])
  })
})
