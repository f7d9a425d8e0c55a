import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { staffNamed } from '../support/staff.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const volunteer = () => test.store.read.volunteer.findFirst()
const request = () => test.store.read.serviceRequest.findFirst({ orderBy: { number: 'desc' } })
const say = async (...words: string[]) => {
  let last = ''
  for (const said of words) last = (await test.say(said)).text
  return last
}

describe('somebody who turns out to be a minor in the middle of the sign-up', () => {
  it.each(['说错了，我今年17', '不对，我17', '我其实才17岁'])('%s', async (words) => {
    await say('报名志愿者，我叫秦朗，19岁，电话13812127777', '同意', words)
    await say('我妈丁红，13812126666', '跑腿', '周末', '确认')
    expect(await volunteer()).toMatchObject({ age: 17, status: 'pending', guardianName: '丁红', guardianPhone: '13812126666' })
  })
})

describe('a parent who signs up a child', () => {
  it.each(['我想给我儿子报名志愿者，他叫曹阳，12岁，我叫唐静，电话13833334444', '我儿子曹阳想当志愿者，12岁，我叫唐静，电话13833334444'])('%s', async (words) => {
    await say(words, '同意')
    const [draft] = await test.store.read.draft.findMany()
    expect(draft?.state).toMatchObject({ values: { name: '曹阳', age: 12, guardianName: '唐静', guardianPhone: '13833334444' } })
  })
})

describe('a report', () => {
  it('of a street lamp is no report of a road', async () => {
    await say('帮我报修路灯，3号楼前面，我叫王芳，电话13800138001', '同意', '确认')
    expect((await request())?.category).toBe('公共照明')
  })

  it('asks where it is when only 老人家 was said', async () => {
    expect(await say('电梯坏咧，老人家上不去楼，急死个人', '同意')).toContain('什么地方')
  })

  it('takes a category and a time in the words of every day', async () => {
    await say('3号楼2单元水管漏水，我叫王芳，电话13800138001', '同意', '类别不对，是房顶漏雨', '时间改成明天下午四点')
    await say('确认')
    expect(await request()).toMatchObject({ category: '房屋漏雨' })
  })

  it('a person who is wanted in the middle of it is called', async () => {
    await say('帮我报修路灯', '我要找真人说话')
    expect(await test.store.read.serviceRequest.count({ where: { kind: 'handoff' } })).toBe(1)
  })
})

describe('not solved', () => {
  it.each(['哪修好了？还是黑的，没解决', '你们修好啥了，根本没解决'])('%s opens it again', async (words) => {
    await say('3号楼2单元楼道灯坏了，我叫王芳，电话13800138001', '同意', '确认')
    const made = await request()
    await changeRequest({ store: test.store, now: () => test.clock.now, wakeOutbox: () => undefined }, staffNamed('wang'), { id: made?.id ?? '', status: 'resolved', note: '' })
    await say(words)
    expect((await request())?.status).toBe('reopened')
  })
})

describe('one’s own request in plain words', () => {
  it('is looked up', async () => {
    await say('3号楼2单元下水道堵了，我叫王芳，电话13800138001', '同意', '确认')
    expect(await say('我那个下水道的事咋样了')).toContain('SR-')
  })
})
