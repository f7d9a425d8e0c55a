import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const requests = () => test.store.read.serviceRequest.findMany({ orderBy: { number: 'asc' }, include: { activities: { orderBy: { at: 'asc' } } } })

async function filed(matter = '迎宾小区3号楼2单元501厨房水管漏水'): Promise<void> {
  for (const said of [`${matter}，我叫王芳，电话13800138001`, '同意', '确认']) await test.say(said)
  test.clock.now = new Date(test.clock.now.getTime() + 60 * 60_000)
}

const linesOf = async (): Promise<string[]> => ((await requests())[0]?.activities ?? []).filter(({ author }) => author === 'resident').map(({ note }) => note)

describe('what is said while a request is open', () => {
  it.each(['那截管子是前年换的，接头上缠着胶带', '后厨那个门鼻子得往上提一提才开', '屋里有只猫，胆小，别追它'])('%s: it stands in the request, and opens nothing', async (said) => {
    await filed()
    const { text } = await test.say(said)
    expect(text).toContain('记下了')
    expect(await linesOf()).toContain(said)
    expect(await requests()).toHaveLength(1)
  })

  it('is a nudge where it is nothing but question marks', async () => {
    await filed()
    const { text } = await test.say('？？')
    expect(text).toContain('水管漏水')
    expect(text).not.toContain('还没有写字')
  })

  it('a complaint stands in it, with an apology, and makes no other request', async () => {
    await filed()
    const said = '来的师傅态度太差，进屋鞋也不脱，踩一地泥'
    const { text } = await test.say(said)
    expect(text).toContain('对不住')
    expect(await linesOf()).toContain(said)
    expect(await requests()).toHaveLength(1)
  })

  it('whoever wants a person is passed on with the number of what they have reported, which tells it too', async () => {
    await filed()
    await test.say('我要找你们主任说说这个事')
    const [request, handoff] = await requests()
    expect(handoff?.kind).toBe('handoff')
    expect(handoff?.description).toContain(request?.number)
    expect(await linesOf()).toContain('我要找你们主任说说这个事')
  })

  it('what got well by itself is noted, and withdrawn when they say so', async () => {
    await filed()
    const { text, replies } = await test.say('水管自己不漏了，怪事')
    expect(text).toContain('撤回')
    expect((await requests())[0]?.status).toBe('submitted')
    expect(await linesOf()).toContain('水管自己不漏了，怪事')
    await test.say(replies.flatMap(({ buttons = [] }) => buttons)[0]?.text ?? '')
    expect((await requests())[0]?.status).toBe('cancelled')
  })

  it('what they have told themselves is told to them', async () => {
    await filed()
    expect((await test.say('我登记的是哪个电话，帮我看看')).text).toContain('13800138001')
  })

  it.each([['嗯', 'cancelled'], ['不撤', 'submitted']])('“%s” answers whether it is withdrawn', async (said, status) => {
    await filed()
    await test.say('水管自己不漏了，怪事')
    await test.say(said)
    expect((await requests()).map((request) => request.status)).toEqual([status])
  })
})
