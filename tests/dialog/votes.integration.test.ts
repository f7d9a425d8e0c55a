import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { queueMessages } from '../../src/store/outbox/outbox.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const QUESTION = '社区志愿者要占居民多少？'
const REFUSED = '低保一个月多少钱？'

/** What the buttons under a turn's answer say, by their labels. */
async function ask(question: string, options: { sender?: string; group?: string } = {}) {
  const turn = await test.say(question, options)
  const buttons = turn.replies.flatMap((reply) => reply.buttons ?? [])
  const saying = (label: string) => buttons.find((button) => button.label.includes(label))?.text ?? `no button ${label}`
  return { turn, labels: buttons.map((button) => button.label), useful: saying('有用'), useless: saying('没用') }
}

const votes = () => test.store.read.answerVote.findMany({ select: { isUseful: true, questionId: true } })
const listed = () => test.store.read.unansweredQuestion.findMany({ select: { question: true, timesAsked: true, wasRefused: true, status: true }, orderBy: { createdAt: 'asc' } })

describe('有用 and 没用 under an answer', () => {
  it('stand under answers and refusals, after what leads on, and fit every platform', async () => {
    expect((await ask(QUESTION)).labels).toEqual(['详细', '有用', '没用'])
    const refused = await ask(REFUSED)
    expect(refused.turn.replies[0]?.kind).toBe('refusal')
    expect(refused.labels).toEqual(['转给工作人员', '有用', '没用'])
    expect(Buffer.byteLength(refused.useless)).toBeLessThanOrEqual(64)
    expect([...refused.useless].length).toBeLessThanOrEqual(20)
  })

  it('are no answer to a clause that is asked for by its number, nor does an open request take that in', async () => {
    await ask(QUESTION)
    expect((await test.say('第3条说的是啥')).text).toContain('第3条写的是')
    expect(await votes()).toEqual([])
    for (const said of ['幸福小区3号楼楼道灯坏了，我叫刘桂兰，电话13800138001', '同意', '确认']) await test.say(said)
    expect((await test.say('第3条说的是啥')).text).toContain('第3条写的是')
    expect((await test.say('一共多少条')).text).toContain('一共37条')
    expect(await test.store.read.activity.count({ where: { kind: 'resident' } })).toBe(0)
  })

  it('stand alone in a group, where anybody may vote once', async () => {
    const { labels, useful, useless } = await ask(QUESTION, { sender: 'a', group: 'g' })
    expect(labels).toEqual(['有用', '没用'])
    const thanks = await test.say(useful, { sender: 'a', group: 'g' })
    expect(thanks.replies).toMatchObject([{ to: 'group', text: '谢谢您！' }])
    await test.say(useless, { sender: 'b', group: 'g' })
    await test.say(useless, { sender: 'b', group: 'g' })
    expect((await votes()).map((vote) => vote.isUseful).sort()).toEqual([false, true])
    expect(await listed()).toEqual([{ question: '社区志愿者要占居民多少？', timesAsked: 1, wasRefused: false, status: 'open' }])
  })

  it('mean their own answer, however long ago it was given, and no answer of another conversation', async () => {
    const first = await ask(QUESTION)
    await ask(REFUSED)
    expect((await test.say(first.useless)).intent).toBe('rate_feedback')
    expect((await listed()).map((question) => question.question).sort()).toEqual(['低保一个月多少钱？', '社区志愿者要占居民多少？'])
    const elsewhere = await test.say(first.useless, { sender: 'stranger' })
    expect(elsewhere.text).toContain('已经不在了')
    expect(await votes()).toHaveLength(1)
  })

  it.each(['有用', '没用', '👍'])('%s with no answer before it is met with no clause', async (said) => {
    const { replies, text } = await test.say(said)
    expect(replies.flatMap((reply) => reply.citations ?? [])).toEqual([])
    expect(text).not.toMatch(/第\d+条/)
  })

  it('can be changed; what stood on the list for the bad vote alone goes', async () => {
    const { useful, useless } = await ask(QUESTION)
    expect((await test.say(useless)).text).toContain('这次没答好')
    expect(await listed()).toHaveLength(1)
    expect((await test.say(useful)).text).toContain('改成“有用”')
    expect((await test.say(useful)).text).toBe('谢谢，已经记下了。')
    expect(await votes()).toEqual([{ isUseful: true, questionId: null }])
    expect(await listed()).toEqual([])
  })

  it('a refusal called useless counts for the question that is listed already, and does not count it again', async () => {
    const { useless } = await ask(REFUSED)
    await test.say(useless)
    expect(await listed()).toMatchObject([{ timesAsked: 1, wasRefused: true }])
    expect((await votes())[0]?.questionId).not.toBeNull()
  })

  it('after 没用 one more tap passes the question on', async () => {
    const { useless } = await ask(QUESTION)
    const offer = await test.say(useless)
    expect(offer.replies[0]?.buttons).toEqual([{ label: '转给工作人员', text: '转给工作人员' }])
    const passed = await test.say('转给工作人员')
    expect(passed.text).toMatch(/SR-\d{8}-\d{4}/)
    expect(await test.store.read.serviceRequest.findFirst()).toMatchObject({ kind: 'question', description: '社区志愿者要占居民多少？' })
  })

  it('in the middle of a form are taken, and the form goes on', async () => {
    await test.say('3号楼2单元楼道灯坏了')
    await test.say('同意')
    const { useful } = await ask(QUESTION)
    const taken = await test.say(useful)
    expect(taken.intent).toBe('rate_feedback')
    expect(taken.replies).toHaveLength(2)
    expect(taken.text).toContain('接着刚才的')
    expect(await votes()).toHaveLength(1)
  })
})

describe('有用 and 没用 as words', () => {
  it.each([['有用', true], ['很有用，谢谢', true], ['没用', false], ['👎', false], ['这个回答没什么用', false]])('right after an answer, %s is a vote', async (said, isUseful) => {
    await test.say(QUESTION)
    expect((await test.say(said)).intent).toBe('rate_feedback')
    expect((await votes()).map((vote) => vote.isUseful)).toEqual([isUseful])
  })

  it('another word right after it changes the vote', async () => {
    await test.say(QUESTION)
    await test.say('没用')
    await test.say('有用')
    expect(await votes()).toEqual([{ isUseful: true, questionId: null }])
  })

  it.each([['没用', 'nothing', []], ['没用', 'a greeting', [QUESTION, '你好']], ['👍', 'a status', [QUESTION, '查进度']]])('%s after %s is no vote', async (said, _name, before) => {
    for (const earlier of before) await test.say(earlier)
    await test.say(said)
    expect(await votes()).toEqual([])
  })

  it('after a notice of something else they are no vote', async () => {
    await test.say(QUESTION)
    const { id } = await test.store.read.conversation.findFirstOrThrow()
    await test.store.write((transaction) => queueMessages(transaction, [{ key: 'notice', conversationId: id, priority: 'notice', kind: 'notice', text: '您的“公共照明”：已办结。', extras: { buttons: [], citations: [] }, isDelivered: true, isPushed: true }], test.clock.now))
    await test.say('没用')
    expect(await votes()).toEqual([])
  })

  it('long after the answer they are no vote', async () => {
    await test.say(QUESTION)
    test.clock.now = new Date(test.clock.now.getTime() + 2 * 60 * 60 * 1000)
    await test.say('有用')
    expect(await votes()).toEqual([])
  })

  it('leave the rating of a request alone', async () => {
    await test.say('你好')
    await test.store.write(async (transaction) => {
      const person = await transaction.person.findFirstOrThrow()
      const now = test.clock.now
      await transaction.serviceRequest.create({ data: { id: 'r', number: 'SR-20261124-0001', kind: 'service', category: '公共照明', status: 'resolved', description: '灯', requesterId: person.id, createdAt: now, updatedAt: now } })
    })
    await test.say(QUESTION)
    await test.say('没用')
    expect((await test.say('评价 5分')).text).toContain('谢谢您的评价（5 分）')
    expect(await test.store.read.serviceRequest.findFirst()).toMatchObject({ ratingScore: 5 })
  })
})

describe('votes and one’s own data', () => {
  it('are told with 我的数据 and gone with 删除我的数据, and so is the question that was listed for them alone', async () => {
    const { useless } = await ask(QUESTION)
    await test.say(useless)
    expect((await test.say('我的数据')).text).toContain('有用 0 个，没用 1 个')
    await test.say('删除我的数据')
    await test.say('确认删除')
    expect(await votes()).toEqual([])
    expect(await listed()).toEqual([])
    const kept = await test.store.read.inboundMessage.findMany({ select: { answered: true } })
    expect(kept.filter(({ answered }) => answered !== null)).toEqual([])
  })

  it('a vote of somebody else keeps the question on the list', async () => {
    const { useless } = await ask(QUESTION, { sender: 'a', group: 'g' })
    await ask(QUESTION, { sender: 'b' })
    await test.say('没用', { sender: 'b' })
    await test.say(useless, { sender: 'a', group: 'g' })
    await test.say('删除我的数据', { sender: 'a' })
    await test.say('确认删除', { sender: 'a' })
    expect(await votes()).toHaveLength(1)
    expect(await listed()).toHaveLength(1)
  })
})
