import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { staffNamed } from '../support/staff.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const request = () => test.store.read.serviceRequest.findFirst({ orderBy: { number: 'desc' } })
const volunteer = () => test.store.read.volunteer.findFirst()
const say = async (...words: string[]) => {
  let last = ''
  for (const said of words) last = (await test.say(said)).text
  return last
}

describe('somebody who calls one thing off and says another in one breath', () => {
  it('goes on with the new one at once; nothing of the old one is kept', async () => {
    await say('我想当志愿者，我叫丁红，42岁', '同意')
    const turn = await test.say('不当了，我要报修')
    expect(turn.intent).toBe('service_request')
    expect(turn.text).toContain('什么事')
    await say('楼道灯坏了', '白桦小区3号楼', '丁红', '13812126666', '确认')
    expect(await request()).toMatchObject({ category: '公共照明', requesterName: '丁红' })
    expect(await volunteer()).toBeNull()
  })

  it('also before consent was given, with all that is said of the new matter', async () => {
    await say('楼道灯坏了')
    const turn = await test.say('算了不报了 我想报名当志愿者，我叫丁红，42岁')
    expect(turn.intent).toBe('volunteer_signup')
    expect(turn.text).toContain('丁红')
    expect(turn.text).not.toContain('楼道灯')
  })

  it.each(['算了，不用修了', '不用了，我儿子修好了', '算了 我自己弄'])('%s only calls off', async (words) => {
    await say('楼道灯坏了', '同意')
    expect((await test.say(words)).intent).toBe('cancel')
    expect(await test.store.read.draft.count()).toBe(0)
  })

  it('another value after such words still fills the form', async () => {
    await say('楼道灯坏了', '同意')
    expect((await test.say('算了，地址就写白桦小区3号楼吧')).text).toMatch(/怎么称呼/)
  })

  it('naming the other form while one is open opens that one', async () => {
    await say('我想当志愿者', '同意')
    expect((await test.say('我要报修')).text).toContain('什么事')
  })
})

describe('a matter that was rated and turns out not to be mended', () => {
  it('is opened again, although it has its rating', async () => {
    await say('井盖丢了，人民路12号旁边，我叫何建军，13788886666', '同意', '确认')
    const { id = '' } = (await request()) ?? {}
    await changeRequest({ store: test.store, wakeOutbox: () => undefined, now: () => test.clock.now }, staffNamed('wang'), { id, status: 'resolved', note: '装好了' })
    await say('5分，修得挺快的')
    expect(await say('还是没修好啊，井盖又掉了')).toContain('重新处理')
    expect(await request()).toMatchObject({ status: 'reopened' })
  })
})

describe('answers to a volunteer question that answer something else', () => {
  it('are not taken for what one can do, nor for when one is free', async () => {
    await say('报名志愿者，我叫彭建国，45岁，13912344321', '同意')
    expect(await say('住光明小区')).toContain('能帮')
    expect(await say('会修电器 水电都行')).toContain('有空')
    expect(await say('会修电器')).toContain('有空')
    await say('晚上六点以后', '确认')
    expect(await volunteer()).toMatchObject({ availability: '晚上六点以后' })
    expect(JSON.stringify(await volunteer())).not.toContain('光明小区')
  })
})

describe('answers that only look like something else', () => {
  it('a bare digit in an open form is no rating', async () => {
    await say('我要报修', '同意')
    expect(await test.say('1')).toMatchObject({ intent: 'service_request' })
    expect(await say('水管爆了')).toContain('什么地方')
  })

  it.each(['就咱小区', '就在我们楼道里', '是我家'])('%s is no place that anybody could find', async (words) => {
    await say('楼道灯坏了', '同意')
    expect(await say(words)).toContain('没看出是什么地方')
  })

  it('没啥特长 leaves the skills empty', async () => {
    await say('报名志愿者，我叫高飞，35岁，13911110000', '同意', '没啥特长', '随时', '确认')
    expect(await volunteer()).toMatchObject({ skills: [] })
  })

  it('who asks in the middle why a name is needed is told, not sent to the text', async () => {
    const turn = await (async () => {
      await say('楼道灯坏了', '同意', '白桦小区3号楼')
      return test.say('怎么还要名字啊')
    })()
    expect(turn.intent).toBe('service_request')
    expect(turn.text).toMatch(/办事的人[\s\S]*怎么称呼/)
  })
})

describe('words that ask nothing', () => {
  it.each(['我着急上火嗓子都哑了', '这事整得我一肚子火', '孩子中考考得好，高兴'])('%s is not met with a clause', async (words) => {
    const turn = await test.say(words)
    expect(turn.replies.map((reply) => reply.kind)).not.toContain('answer')
  })
})
