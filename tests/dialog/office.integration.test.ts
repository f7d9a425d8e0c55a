import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

// Tuesday, ten in the morning; the community's own facts are those of knowledge/office.yaml.
let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant('2026-12-01T02:00:00Z', { officeLine: () => '社区电话 0457-0000000，上班时间：周一至周五 8:30-11:30、13:30-17:00。' })
})
afterEach(() => test.close())

const SAID_BY_COMMUNITY = /——社区提供（示例，社区还没有改成自己的），2026年12月1日更新$/

describe('what is asked of the office is answered from its facts', () => {
  it.each([
    ['社区电话多少', /0457-0000000/],
    ['你们几点上班', /上班时间：.*8:30-11:30、13:30-17:00/s],
    ['图书室几点开门', /图书室的开放时间：周二至周六 9:00-11:30、13:30-16:30/],
    ['今天上班吗', /^今天（12月1日 周二）上班：8:30-11:30、13:30-17:00。现在正在上班，到 11:30。/],
    ['周六上班不', /^12月5日 周六不上班。下一次上班是12月7日 周一 8:30-11:30、13:30-17:00。/],
    ['初一有人吗', /^2月6日 周六上班（大年初一值班）：9:00-11:00。/],
    ['元旦上班吗', /^1月1日 周五不上班（元旦放假，放假安排还没公布）。下一次上班是1月4日 周一/],
    ['国庆节社区有人吗', /^10月1日 周五不上班/],
    ['网格员是谁', /王丽：网格员，负责1号楼、2号楼、3号楼，电话 0457-0000001。\n李强/],
    ['三号楼归谁管', /^王丽：网格员/],
    ['办公室在哪', /幸福小区南院1号楼一层/],
    ['现在有人吗', /现在正在上班/],
    ['怎么联系你们', /0457-0000000/],
    ['我们楼的网格员电话', /0457-0000001/],
    ['在社区复印要钱吗', /十页以内免费复印/],
  ])('%s', async (said, answer) => {
    const { intent, text, replies } = await test.say(said)
    expect([intent, replies[0]?.kind]).toEqual(['ask_policy', 'answer'])
    expect(text).toMatch(answer)
    expect(text).toMatch(SAID_BY_COMMUNITY)
    expect(replies[0]?.citations?.[0]?.document).toBe('office')
  })

  it('goes on from the question before', async () => {
    await test.say('你们几点上班')
    expect((await test.say('那周六呢')).text).toMatch(/^12月5日 周六不上班/)
    await test.say('图书室几点开门')
    expect((await test.say('活动室呢')).text).toContain('活动室的开放时间')
  })

  it('knows the time of day', async () => {
    test.clock.now = new Date('2026-12-01T04:00:00Z')
    expect((await test.say('现在有人吗')).text).toContain('现在是午休，13:30 再上班')
    test.clock.now = new Date('2026-12-01T12:00:00Z')
    expect((await test.say('你们下班了吗')).text).toContain('现在已经下班了。下一次上班是明天（12月2日 周三）')
  })

  it('in the middle of a form, which then goes on', async () => {
    await test.say('3号楼2单元楼道灯坏了')
    await test.say('同意')
    const { text } = await test.say('你们几点上班')
    expect(text).toContain('上班时间：')
    expect(text).toMatch(/接着刚才的|电话|姓名/)
  })

  it('in a group too', async () => {
    const { replies } = await test.say('社区电话多少', { group: 'room-1', isAddressed: true })
    expect(replies.map(({ to, text }) => [to, text.includes('0457-0000000')])).toEqual([['group', true]])
  })
})

describe('一次性告知: the catalogue before the guideline', () => {
  it.each(['开证明要带什么', '办老年证都要啥材料', '证明去哪儿开', '开证明要等多久', '开证明收费不'])('%s', async (said) => {
    const { intent, text, replies } = await test.say(said)
    expect(intent).toBe('ask_policy')
    expect(text).toMatch(/^要办这件事，一次告诉您：\n事项：证明开具\n材料：身份证；户口簿/)
    expect(text).toContain('——社区提供（办事目录）')
    expect(replies[0]?.citations).toEqual([{ document: 'services', clause: 'certificate', quote: '证明开具' }])
  })

  it('goes on from the service that was asked about', async () => {
    await test.say('低保去哪儿办')
    expect((await test.say('多久能下来')).text).toContain('事项：低保咨询')
    expect((await test.say('收费不')).text).toContain('事项：低保咨询')
  })

  it('wishing to have it done is a request as ever', async () => {
    expect((await test.say('我要开个居住证明')).intent).toBe('service_request')
  })
})

describe('what only sounds like it goes where it went', () => {
  it.each([
    ['3号楼楼道灯坏了', 'service_request'],
    ['图书室漏水了', 'service_request'],
    ['转人工', 'human_handoff'],
    ['谢谢', 'smalltalk'],
    ['有人在吗我家着火了', 'emergency'],
    ['修路灯的几点来', 'request_status'],
  ])('%s', async (said, intent) => {
    expect((await test.say(said)).intent).toBe(intent)
  })

  it.each(['社区服务站面积要多大', '社区志愿者怎么报名', '社区志愿者要占居民多少'])('%s is answered from the guideline', async (said) => {
    const { replies } = await test.say(said)
    expect(replies[0]?.citations?.[0]?.document).toBe('hexie-shequ-2012')
  })
})

it('greetings and help say whom to call and when', async () => {
  expect((await test.say('你好')).text).toContain('社区电话 0457-0000000，上班时间：周一至周五')
  expect((await test.say('帮助')).text).toContain('社区电话 0457-0000000')
})
