import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR, NIGHT, openNeighbours, PERSONAL, type Neighbours } from '../support/neighbours.ts'

let world: Neighbours
beforeEach(async () => {
  world = await openNeighbours()
})
afterEach(() => world.close())

describe('a request for help', () => {
  it('is offered to three nearby without anybody’s particulars; the first to accept gets it, and everybody is told', async () => {
    await world.signUpAll('zhang', 'wang', 'zhao', 'sun')
    const number = await world.askForHelp()
    const [offer] = await world.pushedTo('zhang')
    expect(offer).toContain('代办代购（买药）')
    expect(offer).toContain('在哪里：幸福社区')
    expect(offer).toContain(`我去 ${number}`)
    expect(offer).not.toMatch(PERSONAL)
    expect(await world.pushedTo('sun')).toEqual([])

    const told = await world.hear('wang', `我去 ${number}`)
    expect(told).toMatch(/刘桂兰[\s\S]*13800138001[\s\S]*幸福小区3号楼2单元501/)
    expect((await world.pushedTo('liu')).at(-1)).toMatch(/王秀英，电话 13900139002/)
    expect((await world.pushedTo('zhang')).at(-1)).toContain('已经有别的志愿者答应去了')
    expect((await world.pushedTo('zhao')).at(-1)).not.toMatch(PERSONAL)
    expect(await world.request(number)).toMatchObject({ status: 'dispatched', history: [expect.anything(), '系统 submitted 问了 3 位志愿者谁能去', '志愿者 dispatched 志愿者 VL-20261124-0002 答应去'] })
    expect(await world.hear('liu', '查进度')).toContain('来帮忙的志愿者：王秀英，电话 13900139002')

    expect(await world.hear('zhang', '我去')).toContain('别的志愿者先答应去了')
    expect(await world.hear('wang', '办好了')).toContain('辛苦您了')
    expect(await world.hear('wang', '我的数据')).toContain('请您帮邻居：问过 1 次，您帮了 1 次')
    expect((await world.request(number)).status).toBe('resolved')
    expect((await world.pushedTo('liu')).at(-1)).toMatch(/已办结[\s\S]*打个分/)
    expect(await world.hear('liu', '5分，小伙子真好')).toContain('谢谢您的评价（5 分）')
    expect(await world.offers(number)).toEqual({ 张建国: 'taken', 王秀英: 'done', 赵铁柱: 'taken' })
  })

  it('goes to one of two who accept at the same moment, and the other reads a kind sentence', async () => {
    await world.signUpAll('zhang', 'wang')
    const number = await world.askForHelp()
    const said = await Promise.all(['zhang', 'wang'].map((sender) => world.say(`我去 ${number}`, { sender })))
    await world.sweep()
    expect(said.filter(({ text }) => text.includes('13800138001'))).toHaveLength(1)
    expect(said.filter(({ text }) => text.includes('已经有别的志愿者先答应去了') && !PERSONAL.test(text))).toHaveLength(1)
    expect((await world.pushedTo('liu')).filter((line) => line.includes('有志愿者来帮忙了'))).toHaveLength(1)
    expect(Object.values(await world.offers(number)).filter((status) => status === 'accepted')).toHaveLength(1)
  })

  it('is answered the same when the same message arrives again', async () => {
    await world.signUpAll('zhang')
    const number = await world.askForHelp()
    const first = await world.say(`我去 ${number}`, { sender: 'zhang', id: 'm1' })
    const again = await world.say(`我去 ${number}`, { sender: 'zhang', id: 'm1' })
    expect(again).toMatchObject({ isDuplicate: true, text: first.text })
    expect(await world.hear('zhang', '我去')).toContain('您已经答应了')
    expect((await world.request(number)).history.filter((line) => line.includes('答应去'))).toHaveLength(1)
  })

  it('asks the next one after 去不了, and the next three when nobody answered for two hours', async () => {
    await world.signUpAll('zhang', 'wang', 'zhao', 'sun', 'qian')
    const number = await world.askForHelp()
    expect(await world.hear('wang', '去不了')).toContain('没关系')
    expect((await world.pushedTo('sun'))[0]).toContain('您方便去吗')
    expect(await world.pushedTo('qian')).toEqual([])
    await world.pass(2 * HOUR - 1)
    expect(await world.pushedTo('qian')).toEqual([])
    await world.pass(1)
    expect((await world.pushedTo('qian'))[0]).toContain('您方便去吗')
    expect(await world.offers(number)).toEqual({ 张建国: 'lapsed', 王秀英: 'declined', 赵铁柱: 'lapsed', 孙丽华: 'lapsed', 钱志强: 'offered' })
    expect(await world.hear('zhang', `我去 ${number}`), 'whoever answers late still may go').toContain('13800138001')
  })

  it('is left to staff when nobody is left, and the requester is told kindly', async () => {
    await world.signUpAll('zhang')
    const number = await world.askForHelp()
    await world.hear('zhang', `去不了 ${number}`)
    expect((await world.request(number)).history.at(-1)).toBe('系统 submitted 附近的志愿者都问过了，没有人能去，请工作人员安排')
    expect((await world.pushedTo('liu')).at(-1)).toContain('已经请社区工作人员来安排')
    expect(await world.store.read.volunteerSearch.findFirst()).toMatchObject({ state: 'staff', dueAt: null })
  })

  it('is left to staff at once where nobody is suitable', async () => {
    await world.signUp('zhang', { skills: '会修水电', place: '住迎宾小区' })
    await world.signUp('wang', { name: '王小明', phone: '13900139002', age: 15 })
    const number = await world.askForHelp()
    expect([await world.pushedTo('zhang'), await world.pushedTo('wang')]).toEqual([[], []])
    expect((await world.request(number)).history.at(-1)).toContain('附近没有合适的志愿者')
    expect(await world.pushedTo('liu')).toEqual([expect.stringContaining('暂时没有找到')])
  })

  it('asks only who is free at the time wished, and waits no longer than that', async () => {
    await world.signUp('zhang', { availability: '工作日有空' })
    await world.signUp('wang', { name: '王秀英', phone: '13900139002', availability: '周末有空' })
    const number = await world.askForHelp('liu', '周六上午9点陪我妈去医院看病，幸福小区3号楼2单元501，我叫刘桂兰，电话13800138001')
    expect(await world.pushedTo('zhang')).toEqual([])
    expect((await world.pushedTo('wang'))[0]).toContain('什么时候：11月28日 09:00')
    await world.pass(2 * HOUR)
    expect((await world.request(number)).history.at(-1)).toContain('没有人能去')
  })

  it('asks nobody who carries two already, and takes no third', async () => {
    await world.signUpAll('zhang')
    const numbers = []
    for (const sender of ['a', 'b', 'c']) numbers.push(await world.askForHelp(sender, `帮我买菜，幸福小区5号楼，我叫刘桂兰，电话1380013800${numbers.length}`))
    expect(await world.hear('zhang', '我去')).toContain('是哪一件')
    await world.hear('zhang', `我去 ${numbers[0]}`)
    await world.hear('zhang', `我去 ${numbers[1]}`)
    expect(await world.hear('zhang', `我去 ${numbers[2]}`)).toContain('手上已经有两件')
    expect(await world.pushedTo('c')).toEqual([expect.stringContaining('暂时没有找到')])
    await world.askForHelp('d', '帮我买米，幸福小区5号楼，我叫刘桂兰，电话13800138009')
    expect((await world.pushedTo('zhang')).filter((line) => line.includes('您方便去吗'))).toHaveLength(3)
  })

  it('says in a group nothing of what is personal', async () => {
    await world.signUpAll('zhang')
    const number = await world.askForHelp()
    const { replies } = await world.say(`我去 ${number}`, { sender: 'zhang', group: 'g1' })
    expect(replies.filter(({ to }) => to === 'group').map(({ text }) => text).join()).not.toMatch(PERSONAL)
    expect(replies.find(({ to }) => to === 'private')?.text).toMatch(PERSONAL)
  })

  it('is not taken by 好的 alone, nor by somebody who was not asked', async () => {
    await world.signUpAll('zhang')
    const number = await world.askForHelp()
    expect(await world.hear('zhang', '好的')).toContain('您是说去帮这位邻居吗')
    const stranger = await world.hear('stranger', `我去 ${number}`)
    expect(stranger).not.toMatch(PERSONAL)
    expect((await world.request(number)).status).toBe('submitted')
  })

  it('is not what a volunteer means who says 没空 a day later', async () => {
    await world.signUpAll('zhang')
    const number = await world.askForHelp()
    await world.hear('liu', `撤回 ${number}`)
    expect(await world.hear('zhang', '没空')).toContain('没关系')
    await world.pass(25 * HOUR)
    expect(await world.hear('zhang', '没空')).not.toContain('没关系')
  })

  it('leaves an open form of the volunteer alone', async () => {
    await world.signUpAll('zhang')
    const number = await world.askForHelp()
    expect(await world.hear('zhang', '我要报修')).toContain('什么事')
    expect(await world.hear('zhang', `我去 ${number}`)).toMatch(/13800138001[\s\S]*什么事/)
    expect(await world.hear('zhang', '楼道灯坏了')).toContain('什么地方')
  })
})

describe('whatever happens to the program', () => {
  it('a restart goes on where it was: nobody is asked twice, and time runs on', async () => {
    await world.signUpAll('zhang', 'wang', 'zhao', 'sun')
    const number = await world.askForHelp()
    await world.reopen()
    await world.sweep()
    expect((await world.pushedTo('zhang')).filter((line) => line.includes('您方便去吗'))).toHaveLength(1)
    await world.pass(2 * HOUR)
    expect(await world.pushedTo('sun')).toHaveLength(1)
    await world.say(`我去 ${number}`, { sender: 'sun' })
    await world.reopen()
    await world.sweep()
    expect((await world.pushedTo('liu')).at(-1), 'what was accepted before is told after').toContain('孙丽华')
  })

  it('nothing that was done is done again by sweeping at once and often', async () => {
    await world.signUpAll('zhang', 'wang')
    await world.askForHelp()
    const before = await world.everything()
    await Promise.all([world.sweep(), world.sweep(), world.sweep()])
    expect(await world.everything()).toBe(before)
  })
})

describe('at night', () => {
  beforeEach(async () => {
    await world.close()
    world = await openNeighbours({ start: '2026-11-24T14:00:00Z', quietHours: NIGHT })
    await world.signUpAll('zhang')
  })

  it('nobody is asked before the morning, and two hours count from then', async () => {
    const number = await world.askForHelp()
    expect(await world.pushedTo('zhang')).toEqual([])
    await world.pass(9 * HOUR + 29 * 60_000)
    expect(await world.pushedTo('zhang')).toEqual([])
    await world.pass(60_000)
    expect((await world.pushedTo('zhang'))[0]).toContain(number)
    await world.pass(2 * HOUR - 1)
    expect(await world.offers(number)).toEqual({ 张建国: 'offered' })
  })

  it('who accepts is answered at once, and the requester sleeps on', async () => {
    world.clock.now = new Date('2026-11-24T13:00:00Z')
    const number = await world.askForHelp()
    await world.pass(HOUR)
    expect(await world.hear('zhang', '我去')).toContain('13800138001')
    const row = await world.store.read.outboxMessage.findFirst({ where: { text: { contains: '有志愿者来帮忙了' } } })
    expect(row).toMatchObject({ status: 'queued', notBefore: new Date('2026-11-24T23:30:00Z'), pushSeq: null })
    expect(await world.pushedTo('liu')).toEqual([])
    expect((await world.request(number)).status).toBe('dispatched')
    await world.pass(9.5 * HOUR)
    expect(await world.pushedTo('liu')).toEqual([expect.stringContaining('张建国')])
  })

  it('what is wished for that night is left to staff at once', async () => {
    const number = await world.askForHelp('liu', '今晚11点陪我去医院看病，幸福小区3号楼2单元501，我叫刘桂兰，电话13800138001')
    expect((await world.request(number)).history.at(-1)).toContain('没有去打扰志愿者')
  })
})
