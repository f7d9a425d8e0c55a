import fs from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const requests = () => test.store.read.serviceRequest.findMany({ orderBy: { number: 'asc' }, include: { activities: true } })
const toSummary = async (first = '迎宾小区3号楼2单元楼道灯坏了，我叫王芳，电话13800138001') => {
  await test.say(first)
  await test.say('同意')
}
const submitted = async () => {
  await test.say('确认')
  return (await requests()).at(-1)
}

describe('corrections at the summary', () => {
  it('a part of the address is merged into it, and the description follows', async () => {
    await toSummary()
    await test.say('不对，是5号楼')
    const request = await submitted()
    expect(request?.address).toBe('迎宾小区5号楼2单元')
    expect(request?.description).not.toContain('3号楼')
  })

  it('the 修改 button asks which field, and its name alone is enough', async () => {
    await toSummary()
    const which = await test.say('修改')
    expect(which.text).toContain('哪一项')
    expect(which.replies[0]?.buttons?.map((button) => button.text)).toContain('修改姓名')
    expect((await test.say('姓名')).text).toContain('怎么称呼')
    await test.say('汪芳')
    expect((await submitted())?.requesterName).toBe('汪芳')
  })

  it('the last digits of a number, a surname, a category', async () => {
    await toSummary()
    await test.say('电话最后四位是4445')
    await test.say('类别改成公共设施')
    expect(await submitted()).toMatchObject({ requesterPhone: '13800134445', category: '公共设施' })
  })
})

describe('corrections in the middle', () => {
  it('an address said wrong before is put right while the telephone is asked', async () => {
    for (const said of ['我要报修', '同意', '楼道灯坏了', '迎宾小区3号楼', '王芳']) await test.say(said)
    const put = await test.say('等一下，地址写错了，是迎宾小区7号楼')
    expect(put.text).toContain('电话')
    await test.say('13800138001')
    expect((await submitted())?.address).toBe('迎宾小区7号楼')
  })
})

describe('leaving a form in ordinary words', () => {
  it.each(['算了不办了', '不需要了，我儿子修好了', '已经修好了，不用了', '取消取消', '先这样吧不报了'])('%s', async (words) => {
    for (const said of ['我要报修', '同意', '楼道灯坏了', '迎宾小区3号楼']) await test.say(said)
    expect((await test.say(words)).intent).toBe('cancel')
    expect(await test.store.read.draft.count()).toBe(0)
  })
})

describe('what is no place', () => {
  it.each(['老地方', '就是我家啊', '等会儿再说'])('%s is not taken as an address', async (words) => {
    for (const said of ['我要报修', '同意', '楼道灯坏了']) await test.say(said)
    expect((await test.say(words)).text).toContain('什么地方')
  })
})

describe('consent', () => {
  it('is explained in one sentence to somebody who asks why, and a person is offered to somebody who is not understood', async () => {
    await test.say('我要报修')
    expect((await test.say('为啥要我的信息？')).text).toContain('怎么联系')
    await test.say('嘎嘎')
    await test.say('嘎嘎')
    expect((await test.say('嘎嘎')).text).toContain('转人工')
  })
})

describe('an emergency', () => {
  it('takes what is said next: the place, a telephone, and that it is over', async () => {
    await test.say('我爸晕倒了叫不醒快来人啊')
    expect((await test.say('光明小区3号楼2单元401')).intent).toBe('emergency')
    await test.say('电话13200001111')
    const [emergency] = await requests()
    expect(emergency).toMatchObject({ kind: 'emergency', requesterPhone: '13200001111' })
    expect(emergency?.address).toContain('光明小区3号楼2单元401')
    expect(emergency?.activities.filter(({ author }) => author === 'resident')).toHaveLength(3)
  })

  it('its end does not become the address of the form that was open', async () => {
    for (const said of ['我要报修', '同意', '下水道堵了', '哎呀厨房着火了！']) await test.say(said)
    const over = await test.say('没事了 火灭了')
    expect(over.text).toContain('什么地方')
    await test.say('迎宾小区3号楼')
    const [draft] = await test.store.read.draft.findMany()
    expect(JSON.stringify(draft?.state)).not.toContain('火灭了')
  })
})

describe('a resident who is known', () => {
  it('is not asked for name and telephone again; both stand in the summary and can be changed', async () => {
    await toSummary()
    await submitted()
    const second = await test.say('迎宾小区3号楼下水道堵了')
    expect(second.text).toMatch(/王芳[\s\S]*13800138001/)
    await test.say('电话13900139000')
    expect((await submitted())?.requesterPhone).toBe('13900139000')
  })
})

describe('erasing', () => {
  it('leaves nothing in the files of the database', async () => {
    await toSummary()
    await test.say('取消')
    for (const file of fs.readdirSync(test.directory).filter((name) => name.startsWith('linli.db'))) {
      const bytes = fs.readFileSync(`${test.directory}/${file}`)
      expect(bytes.includes(Buffer.from('13800138001'))).toBe(false)
    }
  })
})
