import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../../../src/domain/answers.ts'
import { noteFolder } from '../../../src/desk/knowledge/library.ts'
import { createAnswerer } from '../../../src/knowledge/answer/answerer.ts'
import { printOf } from '../../../src/knowledge/documents/identity/clause-print.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'
import { withStaffKnowledge } from '../../../src/desk/knowledge/staff-knowledge.ts'
import { answerFromCommunity } from '../../../src/knowledge/office/answer-from-community.ts'
import { openStore, type Store } from '../../../src/store/engine/store.ts'
import { decideQuestions } from '../../../src/store/knowledge/unanswered.ts'
import { noteRefused } from '../../../src/store/knowledge/unanswered-notes.ts'
import { createTestDatabase } from '../../support/database.ts'

const log = pino({ level: 'silent' })
const NOW = new Date('2026-12-01T02:00:00Z')
const RULES = ['活动室每天早上八点开门,晚上九点关门。', '棋牌室内不得赌博,不得大声喧哗,违者请出。', '图书借阅期限为三十天,到期可以续借一次。']

let directory: string
let store: Store
let database: Awaited<ReturnType<typeof createTestDatabase>>

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-decided-'))
  fs.mkdirSync(path.join(directory, 'documents'))
  fs.writeFileSync(path.join(directory, 'services.yaml'), '- { code: lamp, name: 照明, words: [路灯], materials: [], steps: [登记], place: 服务站, limitWorkingDays: 3, fee: 不收费, needsPersonalData: true, kind: service }\n')
  fs.writeFileSync(path.join(directory, 'areas.yaml'), '- { code: p, name: 地区, level: prefecture, parent: null, words: [] }\n')
  write(RULES)
  database = await createTestDatabase(directory)
  store = await openStore({ ...database, log })
})
afterEach(async () => {
  await store.close()
  await database.drop()
  fs.rmSync(directory, { recursive: true, force: true })
})

function write(clauses: readonly string[]): void {
  const body = clauses.map((text, place) => `### 第${'一二三四五六'.charAt(place)}条\n\n${text}\n`).join('\n')
  fs.writeFileSync(path.join(directory, 'documents/rules.md'), `---\nid: rules\ntitle: 活动室管理办法\nissuer: 幸福社区\nissued_on: 2026-01-01\n---\n\n${body}`)
}

/** As the service does at its start and at every change of the folder. */
async function open() {
  const read = await loadKnowledge(directory)
  await noteFolder({ store, now: () => NOW }, read)
  const knowledge = await withStaffKnowledge(store, read)
  const answerer = answerFromCommunity(createAnswerer({ ...knowledge, cacheDirectory: directory, log, now: () => NOW }), knowledge, { tellService: () => '', log, now: () => NOW })
  return { knowledge, ask: (question: string): Promise<Answer> => answerer.answer(question) }
}

/** It was refused, and staff say in which clause the answer stands. */
async function assign(question: string, clause: string): Promise<void> {
  const { knowledge } = await open()
  const passage = knowledge.documents[0]?.passages.find((one) => one.clause === clause)
  await store.write(async (transaction) => {
    await transaction.person.create({ data: { id: question, createdAt: NOW } })
    await transaction.conversation.create({ data: { id: question, channel: 'web', account: 'web', kind: 'private', externalId: question, createdAt: NOW } })
    await transaction.inboundMessage.create({ data: { id: question, channel: 'web', account: 'web', externalId: question, conversationId: question, personId: question, text: question, attachments: [], isAddressed: true, sentAt: NOW, receivedAt: NOW } })
    await noteRefused(transaction, { question, answer: { ranked: [] } }, { inboundId: question, personId: question, now: NOW })
  })
  const [row] = await store.read.unansweredQuestion.findMany({ where: { question } })
  await decideQuestions(store, { ids: [row?.id ?? ''], added: [row?.id ?? ''], decision: { as: 'typical', documentId: 'rules', clause, ...(passage && { print: printOf(passage) }) }, by: 'wangfang', now: NOW })
}

describe('A question that staff assigned to a clause', () => {
  it('is answered from it at the next question, in its very words and in other marks, on a folder of three clauses', async () => {
    const question = '俺想耍两把行不'
    expect((await (await open()).ask(question)).kind).toBe('refusal')
    await assign(question, '2')
    const { ask } = await open()
    for (const same of [question, '俺想，耍两把 行不？', '俺想耍两把行不！！']) expect(await ask(same)).toMatchObject({ kind: 'answer', citations: [{ document: 'rules', clause: '2' }] })
    expect((await ask('明天下雨吗')).kind).toBe('refusal')
  })

  it('even one that reads like nothing for this text', async () => {
    const question = '明天天气怎么样'
    await assign(question, '1')
    expect(await (await open()).ask(question)).toMatchObject({ kind: 'answer', citations: [{ clause: '1' }] })
  })

  it('goes with its clause to another number, and nowhere else', async () => {
    await assign('俺想耍两把行不', '2')
    write(['本办法由居委会解释。', ...RULES])
    expect(await (await open()).ask('俺想耍两把行不')).toMatchObject({ kind: 'answer', citations: [{ clause: '3' }] })
    write([RULES[2] ?? '', RULES[1] ?? '', RULES[0] ?? ''])
    expect(await (await open()).ask('俺想耍两把行不')).toMatchObject({ kind: 'answer', citations: [{ clause: '2' }] })
  })

  it('stays with its clause when a word of that is put right', async () => {
    await assign('俺想耍两把行不', '2')
    await open()
    write([RULES[0] ?? '', '棋牌室内不得赌博,不得大声喧哗,违者请离。', RULES[2] ?? ''])
    const { ask, knowledge } = await open()
    expect(knowledge.held).toEqual([])
    expect(await ask('俺想耍两把行不')).toMatchObject({ kind: 'answer', citations: [{ clause: '2' }] })
  })

  it('is held when its clause is no more, with what that said, and answered from no other', async () => {
    await assign('图书馆的书能拿回家几天', '3')
    await open()
    write([RULES[0] ?? '', RULES[1] ?? '', '活动室里可以借阅报纸，当天归还。'])
    const { ask, knowledge } = await open()
    expect(knowledge.held).toMatchObject([{ documentId: 'rules', question: '图书馆的书能拿回家几天', key: '3', text: RULES[2] }])
    expect((await ask('图书馆的书能拿回家几天')).kind).toBe('refusal')
    write(RULES)
    const back = await open()
    expect(back.knowledge.held).toEqual([])
    expect(await back.ask('图书馆的书能拿回家几天')).toMatchObject({ kind: 'answer', citations: [{ clause: '3' }] })
  })

  it('written before there were fingerprints gets that of its clause at the next start', async () => {
    await assign('俺想耍两把行不', '2')
    await store.write((transaction) => transaction.typicalQuestion.updateMany({ data: { print: null } }))
    await open()
    write(['本办法由居委会解释。', ...RULES])
    expect(await (await open()).ask('俺想耍两把行不')).toMatchObject({ kind: 'answer', citations: [{ clause: '3' }] })
  })
})
