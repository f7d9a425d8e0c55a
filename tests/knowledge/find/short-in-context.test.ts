import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildKnowledgeIndex } from '../../../src/knowledge/find/knowledge-index.ts'
import { VectorCache } from '../../../src/knowledge/find/vectors/vector-cache.ts'

const LONG = '领书证的人应当爱护所借的书，到期归还；遗失或者污损的，按照书的定价赔偿，一年内三次逾期不还的，暂停借书三个月，期满后可以再来图书室申请恢复借书，由管理员当面核对以前借过的书是否还清。'
const passage = (clause: string, text: string, typicalQuestions: string[] = []) => ({ documentId: 'shuzheng', clause, title: '', text, typicalQuestions, headings: ['一、须知'] })

it('embeds a short clause and every sentence of a long one with what stands over them, the whole of a long one and one with typical questions by themselves', async () => {
  const embedded: string[] = []
  const embed = (texts: readonly string[]): Promise<Float32Array[]> => {
    embedded.push(...texts)
    return Promise.resolve(texts.map(() => Float32Array.of(1, 0)))
  }
  const passages = [passage('1', '收费标准：不收费'), passage('2', LONG), passage('3', '承诺时限：当日', ['书证几天能办好'])]
  const { index } = buildKnowledgeIndex({ documents: [{ id: 'shuzheng', title: '清河图书室书证办理', issuer: '清河社区居民委员会', issuedOn: '2024-03-01', passages }], gaps: [] })
  await index.withVectors(new VectorCache(await mkdtemp(path.join(tmpdir(), 'linli-short-')), { id: 'recorded', dimensions: 2, embed }))
  expect(embedded).toEqual(expect.arrayContaining(['清河图书室书证办理\n一、须知\n收费标准：不收费', LONG, '承诺时限：当日']))
  const over = '清河图书室书证办理\n一、须知\n'
  expect(embedded.filter((text) => text.startsWith(over)).map((text) => text.slice(over.length))).toEqual(['收费标准：不收费', '领书证的人应当爱护所借的书，到期归还；', expect.stringMatching(/^遗失或者污损的/)])
})
