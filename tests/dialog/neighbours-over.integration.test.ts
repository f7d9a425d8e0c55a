import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HELP, openNeighbours, PERSONAL, type Neighbours } from '../support/neighbours.ts'

let world: Neighbours
beforeEach(async () => {
  world = await openNeighbours()
})
afterEach(() => world.close())

describe('a volunteer who had accepted', () => {
  beforeEach(() => world.signUpAll('zhang', 'wang'))

  it('may say 去不了了: it is offered again, and the requester knows', async () => {
    const number = await world.askForHelp()
    await world.hear('zhang', '我去')
    expect(await world.hear('zhang', '去不了了')).toContain('马上请别人去')
    expect((await world.request(number)).status).toBe('returned')
    expect((await world.pushedTo('liu')).at(-1)).toContain('来不了了')
    expect((await world.pushedTo('wang')).at(-1), 'who was told that it is taken is asked again').toContain('您方便去吗')
    await world.hear('wang', '我去')
    expect((await world.pushedTo('liu')).at(-1)).toContain('王秀英')
    expect((await world.request(number)).status).toBe('dispatched')
  })

  it('who was the only one leaves it to staff, and the requester reads that once', async () => {
    await world.hear('wang', '退出志愿者')
    await world.askForHelp()
    await world.hear('zhang', '我去')
    await world.hear('zhang', '去不了')
    expect((await world.pushedTo('liu')).slice(1)).toEqual([expect.stringMatching(/志愿者来不了了[\s\S]*请社区工作人员来安排/)])
  })

  it('who signs off is replaced', async () => {
    await world.askForHelp()
    await world.hear('zhang', '我去')
    await world.hear('zhang', '退出志愿者')
    expect((await world.pushedTo('liu')).at(-1)).toContain('来不了了')
    expect((await world.pushedTo('wang')).at(-1)).toContain('您方便去吗')
  })

  it('who deletes everything is nowhere left, and is replaced', async () => {
    const number = await world.askForHelp()
    await world.hear('zhang', `我去 ${number}`)
    await world.hear('liu', '查进度')
    await world.hear('zhang', '删除我的数据')
    await world.hear('zhang', '确认删除')
    expect(await world.everything()).not.toMatch(/张建国|13900139001/)
    expect((await world.pushedTo('liu')).at(-1)).toContain('来不了了')
    expect((await world.pushedTo('wang')).at(-1)).toContain('您方便去吗')
    expect(await world.offers(number)).toEqual({ '?': 'given_up', 王秀英: 'offered' })
  })
})

describe('a request that is over', () => {
  beforeEach(() => world.signUpAll('zhang', 'wang'))

  it('withdrawn by its resident is withdrawn from those who were asked', async () => {
    const number = await world.askForHelp()
    await world.hear('liu', `撤回 ${number}`)
    expect((await world.pushedTo('zhang')).at(-1)).toContain('您不用去了')
    expect(await world.hear('zhang', `我去 ${number}`)).toContain('现在不用帮忙了')
    expect(await world.offers(number)).toEqual({ 张建国: 'withdrawn', 王秀英: 'withdrawn' })
  })

  it.each(['rejected', 'resolved'] as const)('%s by staff likewise', async (status) => {
    const number = await world.askForHelp()
    await world.staffSet(number, status, '社区来办')
    expect(await world.offers(number)).toEqual({ 张建国: 'withdrawn', 王秀英: 'withdrawn' })
    expect((await world.pushedTo('wang')).at(-1)).toContain('您不用去了')
  })

  it('resolved by staff counts for the volunteer who had it, and is told', async () => {
    const number = await world.askForHelp()
    await world.hear('zhang', '我去')
    await world.staffSet(number, 'resolved')
    expect(await world.offers(number)).toMatchObject({ 张建国: 'done' })
    expect((await world.pushedTo('zhang')).at(-1)).toContain('记为办好了')
    expect(await world.hear('zhang', `办好了 ${number}`)).toContain('已经记下办好了')
  })

  it('taken over by staff is asked of nobody any more', async () => {
    const number = await world.askForHelp()
    await world.staffSet(number, 'in_progress', '工作人员这就去')
    expect(await world.hear('zhang', `我去 ${number}`)).toContain('现在不用帮忙了')
  })

  it('deleted with all of its resident’s data is nowhere left, and the volunteer is told not to go', async () => {
    const number = await world.askForHelp()
    await world.hear('zhang', `我去 ${number}`)
    await world.hear('zhang', `我去 ${number}`)
    await world.hear('liu', '删除我的数据')
    await world.hear('liu', '确认删除')
    expect(await world.everything()).not.toMatch(PERSONAL)
    expect((await world.pushedTo('zhang')).at(-1)).toContain('您不用去了')
    expect((await world.request(number)).status).toBe('cancelled')
    expect(await world.hear('zhang', '我去')).not.toMatch(PERSONAL)
  })

  it('whose resident takes back the consent tells nobody their address', async () => {
    const number = await world.askForHelp()
    await world.say('撤回同意', { sender: 'liu' })
    expect(await world.hear('zhang', `我去 ${number}`)).not.toMatch(PERSONAL)
    expect((await world.request(number)).status).toBe('submitted')
  })
})

describe('an offer that has not been sent', () => {
  it('is taken back without a word when it is not needed any more', async () => {
    await world.signUpAll('zhang')
    for (const said of [HELP, '同意', '确认']) await world.say(said, { sender: 'liu' })
    await world.search.sweep()
    await world.say('撤回 SR-20261124-0001', { sender: 'liu' })
    await world.sweep()
    expect(await world.pushedTo('zhang')).toEqual([])
    expect(await world.store.read.outboxMessage.findMany({ where: { key: { startsWith: 'help:' } }, select: { status: true } })).toEqual([{ status: 'cancelled' }])
  })
})
