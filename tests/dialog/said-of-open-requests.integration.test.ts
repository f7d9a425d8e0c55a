import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assignRequest } from '../../src/desk/requests/assign-request.ts'
import { staffActor } from '../../src/desk/actor.ts'
import { listStaffNotices } from '../../src/store/staff/staff-notices.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const requests = () => test.store.read.serviceRequest.findMany({ orderBy: { number: 'asc' }, include: { activities: { orderBy: { at: 'asc' } } } })

async function filed(matter: string): Promise<void> {
  for (const said of [`${matter}，我叫王芳，电话13800138001`, '同意', '确认']) await test.say(said)
  test.clock.now = new Date(test.clock.now.getTime() + 60_000)
}

/** The request is given to a member of staff; returns what stands on that one's page. */
async function given(): Promise<() => Promise<string[]>> {
  const added = await addStaff(test.store, { user: 'wang', name: '王丽', role: 'staff', now: test.clock.now })
  if (added.outcome !== 'added') throw new Error(added.outcome)
  const [request] = await requests()
  await assignRequest({ store: test.store, now: () => test.clock.now, wakeOutbox: () => undefined }, staffActor(added.staff), { id: request?.id ?? '', to: 'wang' })
  return async () => (await listStaffNotices(test.store, added.staff.id)).map(({ text }) => text)
}

describe('another time is asked for', () => {
  it.each([
    ['能不能明天上午来', '2026-11-25'],
    ['改成后天下午行吗', '2026-11-26'],
    ['明天上午九点来行不行', '2026-11-25T09:00'],
    ['师傅能不能下午三点来啊', '2026-11-24T15:00'],
  ])('%s: it stands in the request, and whoever has it is told', async (said, wanted) => {
    await filed('迎宾小区3号楼2单元501厨房水管漏水')
    const page = await given()
    const { text } = await test.say(said)
    expect(text).toContain(wanted.replace('T', ' '))
    const [request, another] = await requests()
    expect(request?.wantedTime).toBe(wanted)
    expect(request?.activities.some(({ author, note }) => author === 'resident' && note === said)).toBe(true)
    expect((await page()).join('\n')).toContain(said)
    expect(another).toBeUndefined()
  })

  it.each(['你们后天几点来', '明天上午别来，我不在家'])('%s wishes for no time', async (said) => {
    await filed('迎宾小区3号楼2单元501厨房水管漏水')
    await given()
    await test.say(said)
    const [request] = await requests()
    expect(request?.wantedTime).toBeNull()
    expect(request?.activities.at(-1)?.note).toBe(said)
  })
})

describe('right after a receipt, whatever else was asked with it,', () => {
  it.each(['对了下水道也堵了', '还有垃圾也没人收', '另外电梯也停了'])('“%s” is a matter of its own, with name and telephone taken over', async (said) => {
    await filed('迎宾小区3号楼2单元楼道灯坏了')
    const { text } = await test.say(said)
    expect(text).toContain('王芳')
    expect(text).toContain('13800138001')
    await test.say('确认')
    const [first, second] = await requests()
    expect(first?.activities).toHaveLength(1)
    expect(second).toMatchObject({ kind: 'service', requesterPhone: '13800138001' })
    expect(second?.category).not.toBe('公共照明')
  })

  it.each(['四楼的灯也坏了', '对了灯还一闪一闪的', '灯罩也碎了'])('“%s” is more of the same', async (said) => {
    await filed('迎宾小区3号楼2单元楼道灯坏了')
    await test.say(said)
    const all = await requests()
    expect(all).toHaveLength(1)
    expect(all[0]?.activities.at(-1)).toMatchObject({ author: 'resident', note: said })
    expect(await test.store.read.draft.count()).toBe(0)
  })

  it('what begins with 报修 and tells what and where is a report of its own', async () => {
    await filed('迎宾小区3号楼2单元楼道灯坏了')
    await test.say('报修：暖气不热，在迎宾小区3号楼2单元501')
    await test.say('确认')
    expect((await requests()).map(({ category }) => category)).toEqual(['公共照明', '供暖'])
  })

  it('a lamp of another house is another matter', async () => {
    await filed('迎宾小区3号楼2单元楼道灯坏了')
    await test.say('5号楼1单元的灯也坏了')
    await test.say('确认')
    expect((await requests()).map(({ address }) => address)).toEqual(['迎宾小区3号楼2单元', expect.stringContaining('5号楼')])
  })

  it('催一下 is about the request, and no answer to whether notices are wanted', async () => {
    await filed('迎宾小区3号楼2单元楼道灯坏了')
    expect((await test.say('催一下')).text).toContain('已经催了')
    expect((await requests())[0]?.urgedAt).not.toBeNull()
  })

  it('要收 and 不用了 answer whether notices are wanted', async () => {
    await filed('迎宾小区3号楼2单元楼道灯坏了')
    expect((await test.say('要收')).text).toContain('社区有通知会发给您')
  })
})

it('nothing is withdrawn that was perhaps not meant', async () => {
  await filed('迎宾小区3号楼2单元楼道灯坏了')
  await test.say('不用了')
  await test.say('顺便把门锁也修了吧')
  expect((await requests())[0]?.status).toBe('submitted')
  await test.say('灯自己好了，不用来了')
  expect((await requests())[0]?.status).toBe('cancelled')
})
