import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const requests = () => test.store.read.serviceRequest.findMany({ orderBy: { number: 'asc' }, include: { activities: true } })
const WHOLE = '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001'

describe('a report in one message', () => {
  it('needs only consent and confirmation, and is told with its number', async () => {
    const first = await test.say(WHOLE)
    expect(first.intent).toBe('service_request')
    expect(first.text).toContain('您同意吗')
    expect(await requests()).toHaveLength(0)

    const summary = await test.say('同意')
    expect(summary.text).toMatch(/姓名：刘桂兰[\s\S]*电话：13800138001/)
    expect(summary.text).toContain('3号楼2单元')

    const receipt = await test.say('确认')
    const [request] = await requests()
    expect(receipt.text).toContain('SR-20261124-0001')
    expect(request).toMatchObject({ number: 'SR-20261124-0001', kind: 'service', status: 'submitted', category: '公共照明', requesterName: '刘桂兰', requesterPhone: '13800138001' })
    expect(request?.address).toContain('3号楼2单元')
    expect(request?.activities).toHaveLength(1)
  })

  it('is due when its limit says, which the receipt tells with the words that it is an example', async () => {
    for (const said of [WHOLE, '同意']) await test.say(said)
    expect((await test.say('确认')).text).toContain('时限：3 个工作日（示例，以社区公布为准）')
    expect((await requests())[0]?.dueAt).toEqual(new Date('2026-11-27T09:30:00Z'))
  })

  it('what goes to staff as it is has three working days, an emergency none', async () => {
    await test.say('找个工作人员', { sender: 'a' })
    await test.say('楼下着火了', { sender: 'b' })
    expect((await requests()).map(({ kind, dueAt }) => ({ kind, dueAt }))).toEqual([
      { kind: 'handoff', dueAt: new Date('2026-11-27T09:30:00Z') },
      { kind: 'emergency', dueAt: test.clock.now },
    ])
  })

  it('asks for consent only once: the second report goes straight to the summary', async () => {
    await test.say(WHOLE)
    await test.say('同意')
    await test.say('确认')
    const second = await test.say('5号楼下水道堵了，我叫刘桂兰，电话13800138001')
    expect(second.text).toContain('请您看看')
    await test.say('确认')
    expect((await requests()).map((request) => request.number)).toEqual(['SR-20261124-0001', 'SR-20261124-0002'])
  })
})

describe('a report step by step', () => {
  it('asks only what is missing, in order', async () => {
    expect((await test.say('我要报修')).text).toContain('您同意吗')
    expect((await test.say('同意')).text).toContain('什么事')
    expect((await test.say('水管爆了')).text).toContain('什么地方')
    expect((await test.say('幸福小区5号楼3单元201')).text).toContain('怎么称呼')
    expect((await test.say('王建国')).text).toContain('电话')
    expect((await test.say('13912345678')).text).toContain('请您看看')
    expect((await test.say('确认')).text).toContain('SR-20261124-0001')
    const [request] = await requests()
    expect(request).toMatchObject({ description: '水管爆了', category: '水管漏水', address: '幸福小区5号楼3单元201', requesterName: '王建国', requesterPhone: '13912345678', areaCode: 'jgdq-weidong-xingfu' })
  })

  it('a place said twice is no matter to be seen to', async () => {
    await test.say('我要报修')
    await test.say('同意')
    expect((await test.say('幸福小区3号楼2单元501')).text).toContain('什么事')
    expect((await test.say('幸福小区3号楼2单元501')).text).toContain('那里怎么了')
    expect((await test.say('楼道灯坏了')).text).toContain('怎么称呼')
  })

  it('says what is wrong with a number, and after three wrong ones offers a person', async () => {
    for (const said of ['我要报修', '同意', '3号楼2单元楼道灯坏了', '刘桂兰']) await test.say(said)
    expect((await test.say('1380013')).text).toContain('少了几位')
    expect((await test.say('138001380011234')).text).toMatch(/证件号|多了/)
    const third = await test.say('138001380')
    expect(third.text).toContain('转人工')
    expect((await test.say('13800138001')).text).toContain('请您看看')
  })

  it('takes what was said out of order, and corrections at any time', async () => {
    for (const said of ['我要报修', '同意', '路灯不亮了']) await test.say(said)
    expect((await test.say('电话13800138001')).text).toContain('什么地方')
    expect((await test.say('幸福小区南门')).text).toContain('怎么称呼')
    expect((await test.say('刘桂兰')).text).toContain('请您看看')
    expect((await test.say('修改电话')).text).toContain('电话')
    expect((await test.say('13900139000')).text).toContain('13900139000')
    expect((await test.say('地址改成幸福小区北门')).text).toContain('幸福小区北门')
    await test.say('确认')
    expect((await requests())[0]).toMatchObject({ requesterPhone: '13900139000', address: '幸福小区北门', requesterName: '刘桂兰' })
  })

  it('goes back one step, starts again, and can be cancelled with nothing left in the store', async () => {
    for (const said of ['我要报修', '同意', '楼道灯坏了', '3号楼2单元']) await test.say(said)
    expect((await test.say('返回')).text).toContain('什么地方')
    expect((await test.say('重来')).text).toContain('什么事')
    await test.say('水管漏水，3号楼，我叫刘桂兰，电话13800138001')
    const cancelled = await test.say('取消')
    expect(cancelled.intent).toBe('cancel')
    expect(await requests()).toHaveLength(0)
    expect(await test.store.read.draft.count()).toBe(0)
    const kept = JSON.stringify([await test.store.read.inboundMessage.findMany(), await test.store.read.outboxMessage.findMany()])
    expect(kept).not.toContain('13800138001')
    expect(kept).not.toContain('刘桂兰')
  })

  it('answers a policy question in the middle and goes on with the form', async () => {
    for (const said of ['我要报修', '同意', '楼道灯坏了']) await test.say(said)
    const aside = await test.say('社区志愿者要占居民多少？')
    expect(aside.intent).toBe('ask_policy')
    expect(aside.text).toContain('10%')
    expect(aside.text).toContain('什么地方')
    expect((await test.say('3号楼2单元')).text).toContain('怎么称呼')
  })

  it('goes on after a crash in the middle', async () => {
    for (const said of ['我要报修', '同意', '楼道灯坏了', '3号楼2单元']) await test.say(said)
    await test.reopen()
    expect((await test.say('刘桂兰')).text).toContain('电话')
    await test.say('13800138001')
    await test.say('确认')
    expect(await requests()).toHaveLength(1)
  })
})

describe('refusing consent', () => {
  it('blanks what was said in the stored messages, replies and drafts', async () => {
    await test.say(WHOLE, { id: 'm1' })
    const refused = await test.say('不同意')
    expect(refused.text).toContain('不登记')
    const kept = JSON.stringify([await test.store.read.inboundMessage.findMany(), await test.store.read.outboxMessage.findMany(), await test.store.read.draft.findMany()])
    expect(kept).not.toContain('刘桂兰')
    expect(kept).not.toContain('13800138001')
    const again = await test.say(WHOLE, { id: 'm1' })
    expect(again).toMatchObject({ isDuplicate: true, replies: [] })
  })
})

describe('in a group', () => {
  it('moves the form to private and repeats nothing personal in the group', async () => {
    const opened = await test.say(WHOLE, { group: 'g1', nickname: '桂兰' })
    const [inGroup, inPrivate] = opened.replies
    expect(inGroup).toMatchObject({ to: 'group' })
    expect(inGroup?.text).not.toMatch(/刘桂兰|13800138001|3号楼/)
    expect(inPrivate).toMatchObject({ to: 'private', conversation: 'resident-1' })
    await test.say('同意', { conversation: 'resident-1' })
    await test.say('确认', { conversation: 'resident-1' })
    expect(await requests()).toHaveLength(1)
  })

  it('keeps no text of what was merely overheard, and says nothing', async () => {
    const overheard = await test.say(WHOLE, { group: 'g1', isAddressed: false })
    expect(overheard.replies).toEqual([])
    expect(JSON.stringify(await test.store.read.inboundMessage.findMany())).not.toContain('刘桂兰')
  })
})

describe('two at once', () => {
  it('the same message twenty times at once is one turn', async () => {
    for (const said of [WHOLE, '同意']) await test.say(said)
    const results = await Promise.all(Array.from({ length: 20 }, () => test.say('确认', { id: 'once' })))
    expect(results.filter((result) => !result.isDuplicate)).toHaveLength(1)
    expect(new Set(results.map((result) => result.text)).size).toBe(1)
    expect(await requests()).toHaveLength(1)
  })

  it('thirty residents at once make thirty requests, each with its own data', async () => {
    await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const sender = `r${index}`
        const phone = `138001380${String(index).padStart(2, '0')}`
        await test.say(`${index + 1}号楼楼道灯坏了，我叫刘桂兰，电话${phone}`, { sender })
        await test.say('同意', { sender })
        await test.say('确认', { sender })
      }),
    )
    const made = await requests()
    expect(made).toHaveLength(30)
    expect(new Set(made.map((request) => request.number)).size).toBe(30)
    for (const request of made) expect(Number(request.requesterPhone?.slice(-2)) + 1).toBe(Number(/(\d+)号楼/.exec(request.address ?? '')?.[1]))
  })
})
