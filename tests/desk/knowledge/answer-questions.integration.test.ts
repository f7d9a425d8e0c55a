import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerPassedOn, answerQuestions, type AnsweringServices } from '../../../src/desk/knowledge/answer-questions.ts'
import { addStaffKnowledge, toPair } from '../../../src/knowledge/documents/staff-knowledge.ts'
import { listPushed } from '../../../src/store/outbox/outbox.ts'
import { findRequest } from '../../../src/store/requests/requests.ts'
import { listTypedAnswers, undoDecision } from '../../../src/store/knowledge/unanswered.ts'
import { openTestAssistant, prepareKnowledge, type TestAssistant } from '../../support/assistant.ts'

const WANG = { staffId: 'wang', user: 'wangfang', name: '王芳' }
const QUESTION = '市民卡的工本费是多少'
const ANSWER = '十五块，六十岁以上不收。'

let test: TestAssistant
let services: AnsweringServices
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'linli-typed-'))
  const prepared = await prepareKnowledge(folder)
  test = await openTestAssistant('2026-12-01T02:00:00Z', {}, prepared)
  services = {
    get store() {
      return test.store
    },
    now: () => test.clock.now,
    wakeOutbox: () => undefined,
    documents: () => prepared.knowledge.documents,
    reloadKnowledge: async () => prepared.answerer.replace(addStaffKnowledge(prepared.knowledge, [], [], (await listTypedAnswers(test.store)).map(toPair))),
  }
})
afterEach(async () => {
  await test.close()
  rmSync(folder, { recursive: true, force: true })
})

const pushedTo = async (sender: string) => (await listPushed(test.store, { channel: 'http', account: 'api', externalId: sender }, 0)).map(({ text }) => text)
const idOf = async (question = QUESTION) => (await test.store.read.unansweredQuestion.findFirstOrThrow({ where: { question } })).id
const answer = async (said = ANSWER, clause: { document: string; number: string } | null = null) => answerQuestions(services, WANG, { ids: [await idOf()], answer: said, clause })
const TOLD = `您之前问的“${QUESTION}”，社区回答了：\n${ANSWER}\n——社区提供，2026年12月1日更新`

describe('an answer that staff type', () => {
  it('reaches everybody who asked once, across a restart, and answers the next question in these and in other words', async () => {
    for (const sender of ['zhang', 'li', 'zhang']) expect((await test.say(QUESTION, { sender })).replies[0]?.kind).toBe('refusal')
    expect(await answer()).toMatchObject({ outcome: 'answered', told: 2 })
    expect(await pushedTo('zhang')).toEqual([TOLD])
    expect(await pushedTo('li')).toEqual([TOLD])

    await test.reopen()
    expect(await pushedTo('zhang')).toEqual([TOLD])
    await answer()
    expect([await pushedTo('zhang'), await pushedTo('li')]).toEqual([[TOLD], [TOLD]])

    const asked = await test.say(QUESTION, { sender: 'sun' })
    expect([asked.replies[0]?.kind, asked.text]).toEqual(['answer', `${ANSWER}\n——社区提供，2026年12月1日更新`])
    expect((await test.say('市民卡工本费多少钱', { sender: 'sun' })).text).toContain(ANSWER)
    expect(await pushedTo('sun')).toEqual([])
  })

  it('names the clause that staff chose', async () => {
    await test.say(QUESTION, { sender: 'zhang' })
    await answer(ANSWER, { document: 'hexie-shequ-2012', number: '14' })
    expect((await pushedTo('zhang'))[0]).toContain('参见《关于加强和谐社区建设的意见》第14条。')
    const { text, replies } = await test.say(QUESTION, { sender: 'zhang' })
    expect(text).toContain('第14条')
    expect(replies[0]?.citations?.map(({ clause }) => clause)).toEqual(['questions', '14'])
    expect((await test.say('详细', { sender: 'zhang' })).text).toContain('第14条')
  })

  it('goes neither to who has opted out nor to who was erased, and a group hears it once', async () => {
    for (const sender of ['zhang', 'li', 'sun']) await test.say(QUESTION, { sender })
    await test.say('退订', { sender: 'li' })
    await test.say('删除我的数据', { sender: 'sun' })
    await test.say('确定', { sender: 'sun' })
    for (const sender of ['zhou', 'wu']) await test.say(QUESTION, { sender, group: 'room-1' })
    expect(await answer()).toMatchObject({ told: 2 })
    expect((await pushedTo('zhang')).length).toBe(1)
    expect((await pushedTo('li')).filter((text) => text.includes(ANSWER))).toEqual([])
    expect((await pushedTo('sun')).filter((text) => text.includes(ANSWER))).toEqual([])
    const toRoom = await test.store.read.outboxMessage.findMany({ where: { conversation: { kind: 'group' }, kind: 'notice' } })
    expect(toRoom.map(({ text }) => text)).toEqual([TOLD])
    expect(await test.store.read.questionAsker.count({ where: { person: { erasedAt: { not: null } } } })).toBe(0)
  })

  it('is taken back: the question waits again and is refused as before; another answer is told anew', async () => {
    await test.say(QUESTION, { sender: 'zhang' })
    await answer()
    await undoDecision(test.store, { id: await idOf(), by: 'wangfang', now: test.clock.now })
    await services.reloadKnowledge()
    expect((await test.say(QUESTION, { sender: 'zhang' })).replies[0]?.kind).toBe('refusal')
    expect((await test.store.read.unansweredQuestion.findFirstOrThrow({ where: { question: QUESTION } })).status).toBe('open')
    await answer('改了：二十块。')
    expect((await pushedTo('zhang')).map((text) => text.split('\n')[1])).toEqual([ANSWER, '改了：二十块。'])
  })

  it('closes what was passed on, and who passed it on is told by that alone', async () => {
    await test.say(QUESTION, { sender: 'zhang' })
    await test.say('转给工作人员', { sender: 'zhang' })
    await test.say(QUESTION, { sender: 'li' })
    await answer()
    const [request] = await test.store.read.serviceRequest.findMany({ where: { kind: 'question' } })
    expect(request?.status).toBe('resolved')
    const [told, ...more] = await pushedTo('zhang')
    expect(told).toContain(ANSWER)
    expect(told).toContain(request?.number)
    expect(more).toEqual([])
    expect(await pushedTo('li')).toEqual([TOLD])
  })

  it.each([
    ['', 'empty'],
    [' \n ', 'empty'],
    ['长'.repeat(1_001), 'too_long'],
  ])('is refused when it says nothing or too much', async (said, outcome) => {
    await test.say(QUESTION, { sender: 'zhang' })
    expect((await answer(said)).outcome).toBe(outcome)
    expect((await answer(ANSWER, { document: 'hexie-shequ-2012', number: '99' })).outcome).toBe('no_such_clause')
    expect(await pushedTo('zhang')).toEqual([])
    expect(await listTypedAnswers(test.store)).toEqual([])
  })
})

describe('a question that was passed on, answered at the request', () => {
  it('is closed with the answer, which counts for everybody who asked the same', async () => {
    await test.say(QUESTION, { sender: 'zhang' })
    await test.say('转给工作人员', { sender: 'zhang' })
    await test.say(QUESTION, { sender: 'li' })
    const [row] = await test.store.read.serviceRequest.findMany({ where: { kind: 'question' } })
    const request = row && (await findRequest(test.store, row.id))
    if (!request) throw new Error('nothing was passed on')
    const typed = { request, question: '市民卡工本费要多少', answer: ANSWER, clause: null }
    expect(await answerPassedOn(services, WANG, typed)).toMatchObject({ outcome: 'answered' })
    expect((await pushedTo('zhang')).filter((text) => text.includes(ANSWER))).toHaveLength(1)
    expect((await pushedTo('li')).filter((text) => text.includes(ANSWER))).toHaveLength(1)
    expect((await test.say('市民卡工本费要多少', { sender: 'sun' })).text).toContain(ANSWER)
    expect((await test.say(QUESTION, { sender: 'sun' })).text).toContain(ANSWER)
    expect(await answerPassedOn(services, WANG, typed)).toEqual({ outcome: 'not_found' })
    expect((await pushedTo('zhang')).filter((text) => text.includes(ANSWER))).toHaveLength(1)
  })
})
