import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const PERSONAL = /欧阳丁雪|17712345003|73号楼/
const OPENING = '73号楼9单元903灯坏了，我叫欧阳丁雪，电话17712345003'
const everything = async () => {
  const { read } = test.store
  return JSON.stringify(
    await Promise.all([read.inboundMessage.findMany(), read.outboxMessage.findMany({ omit: { seq: true } }), read.draft.findMany(), read.dialogState.findMany(), read.unansweredQuestion.findMany(), read.serviceRequest.findMany(), read.activity.findMany()]),
  )
}

describe('what was not consented to', () => {
  it.each([
    ['a question that holds the particulars', ['我叫欧阳丁雪，电话17712345003，住73号楼9单元，请问社区志愿者要占居民多少？', '不同意']],
    ['a question that is refused', ['欧阳丁雪电话17712345003住73号楼9单元，低保一个月多少钱？', '不同意']],
    ['commands aside', ['查进度', '帮助', '不同意']],
    ['a code that is none', ['绑定 17712345003', '不同意']],
    ['a cancelled form', ['社区志愿者要占居民多少？', '详细', '取消']],
    ['a withdrawal', ['查进度', '撤回同意']],
  ])('is nowhere in the store: %s', async (_name, then) => {
    await test.say(OPENING)
    for (const said of then) await test.say(said)
    expect(await everything()).not.toMatch(PERSONAL)
  })
})

describe('somebody who deletes everything', () => {
  it('leaves no particulars on the list of unanswered questions or in a group', async () => {
    await test.say('我叫欧阳丁雪，电话17712345003，低保一个月多少钱？', { group: 'g' })
    await test.say('我叫欧阳丁雪，电话17712345003，住73号楼9单元，低保一个月多少钱？')
    await test.say('转给工作人员')
    await test.say('删除我的数据')
    await test.say('确认删除')
    expect(await everything()).not.toMatch(PERSONAL)
  })
})

describe('in a group, what one person asked', () => {
  it('is not passed on as another person’s question', async () => {
    await test.say('我叫欧阳丁雪，电话17712345003，低保一个月多少钱？', { group: 'g', sender: 'a' })
    await test.say('转给工作人员', { group: 'g', sender: 'bob' })
    expect((await test.say('我的数据', { sender: 'bob' })).text).not.toMatch(PERSONAL)
  })
})

describe('ids made to collide', () => {
  it('a private conversation that is taken does not hold up a report from a group', async () => {
    await test.say('你好', { conversation: 'foo', sender: 'evil' })
    await test.say('你好', { conversation: 'private:foo', sender: 'evil' })
    const moved = await test.say('8号楼1单元101灯坏了，我叫冯小刚，电话13400134001', { group: 'g', sender: 'foo' })
    const conversation = moved.replies.find((reply) => reply.to === 'private')?.conversation
    expect(conversation).toBeDefined()
    await test.say('同意', { conversation: conversation ?? '', sender: 'foo' })
    expect((await test.say('确认', { conversation: conversation ?? '', sender: 'foo' })).text).toContain('SR-')
  })
})

describe('what was typed', () => {
  it('is kept and repeated without tags, links, mass mentions and halves of emoji', async () => {
    const summary = await test.say('3号楼2单元501楼道灯坏了 <script>alert(1)</script><b>x</b> http://evil.com @所有人 [点我](http://evil.com)，我叫刘桂兰，电话13800138001')
    expect(summary.text).not.toMatch(/<script|<b>|evil\.com|@所有人|\]\(/)
    expect(await everything()).not.toMatch(/<script|evil\.com|@所有人/)
  })
})
