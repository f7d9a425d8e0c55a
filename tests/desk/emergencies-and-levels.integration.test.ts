import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import { correctRequest } from '../../src/desk/requests/correct-request.ts'
import { mergeRequests } from '../../src/desk/requests/merge-requests.ts'
import { insertRequest } from '../../src/store/requests/move-request.ts'
import { openDeskWorld, type DeskWorld } from './desk-world.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await openDeskWorld()
})
afterEach(() => world.close())

/** An emergency that somebody reports from their own chat. */
const danger = async (personId: string) => {
  const id = await world.store.write(async (transaction) => {
    await transaction.person.createMany({ data: [{ id: personId, createdAt: world.clock.now }] })
    await transaction.conversation.createMany({ data: [{ id: `c-${personId}`, channel: 'http', account: 'api', externalId: personId, kind: 'private', personId, createdAt: world.clock.now }] })
    const request = { kind: 'emergency', serviceCode: null, category: '紧急情况', description: '3号楼冒烟了', address: '3号楼', areaCode: null, requesterName: null, requesterPhone: null, wantedTime: null, dueAt: world.clock.now } as const
    return (await insertRequest(transaction, request, { author: 'resident', by: '居民', personId, channel: 'http', requesterId: personId, conversationId: `c-${personId}` }, world.clock.now)).id
  })
  return world.read(id)
}

describe('one emergency that two have reported', () => {
  it('becomes one: who reported the other one is told of what becomes of it', async () => {
    const [first, second] = [await danger('qian'), await danger('sun')]
    expect((await mergeRequests(world.desk, world.li, { id: second.id, into: first.number })).outcome).toBe('merged')
    await changeRequest(world.desk, world.li, { id: first.id, status: 'in_progress', note: '消防已经到了' })
    expect(await world.read(first.id)).toMatchObject({ followers: [{ personId: 'sun' }] })
    expect((await world.sent('c-sun')).join('\n')).toContain('消防已经到了')
    expect((await world.sent('c-qian')).join('\n')).toContain('消防已经到了')
  })

  it('goes into no everyday matter, nor one of those into it: what is said of it would alert nobody', async () => {
    const [fire, lamp] = [await danger('qian'), await world.file()]
    for (const [from, into] of [[fire, lamp], [lamp, fire]] as const) expect(await mergeRequests(world.desk, world.li, { id: from.id, into: into.number })).toEqual({ outcome: 'may_not_merge', why: 'emergency', number: fire.number })
    expect((await world.read(fire.id)).status).toBe('submitted')
  })
})

describe('another service', () => {
  const DUE = { 公共照明: new Date('2026-11-27T09:30:00Z'), 电梯: new Date('2026-11-25T09:30:00Z') } as Record<string, Date>
  const filed = async () => {
    const { id } = await world.file()
    await world.store.write((transaction) => transaction.serviceRequest.update({ where: { id }, data: { dueAt: DUE['公共照明'] ?? null } }))
    Object.assign(world.desk, { dueAtOf: ({ service }: { service?: { name: string } }) => DUE[service?.name ?? ''] ?? null })
    return id
  }

  it('has its own limit: the time is put right with it, and the history says so', async () => {
    const id = await filed()
    await correctRequest(world.desk, world.li, { id, category: '电梯' })
    const request = await world.read(id)
    expect(request).toMatchObject({ serviceCode: 'lift', dueAt: DUE['电梯'] })
    expect(request.activities.at(-1)?.note).toMatch(/类别：公共照明 -> 电梯；最晚办好：/)
    await correctRequest(world.desk, world.li, { id, category: '公共照明' })
    expect((await world.read(id)).dueAt).toEqual(DUE['公共照明'])
  })

  it('leaves a time that staff have set by hand, and one that is set with it', async () => {
    const id = await filed()
    const byHand = new Date('2026-12-10T09:30:00Z')
    await correctRequest(world.desk, world.li, { id, category: '电梯', dueAt: byHand })
    expect((await world.read(id)).dueAt).toEqual(byHand)
    const other = await filed()
    await correctRequest(world.desk, world.li, { id: other, dueAt: byHand })
    await correctRequest(world.desk, world.li, { id: other, category: '电梯' })
    expect((await world.read(other)).dueAt).toEqual(byHand)
  })
})

describe('上报 by staff', () => {
  it('raises the level to whoever is responsible there, who is told with the reason, and the resident once', async () => {
    const { id } = await world.file()
    await world.store.write((transaction) => transaction.serviceRequest.update({ where: { id }, data: { areaCode: 'yingbin' } }))
    await world.store.write((transaction) => transaction.staffMember.update({ where: { id: world.wang.staffId ?? '' }, data: { areaCode: 'town' } }))
    await changeRequest(world.desk, world.li, { id, status: 'escalated', note: '要换电缆，社区办不了' })
    const request = await world.read(id)
    expect(request).toMatchObject({ status: 'escalated', level: 'town', levelSince: world.clock.now })
    expect(request.activities.at(-1)).toMatchObject({ kind: 'escalation', note: '上报到东山街道，由王丽负责' })
    expect((await world.page(world.wang)).join('\n')).toMatch(/上报给您（东山街道）[\s\S]*要换电缆/)
    expect(await world.sent('c-liu')).toEqual([expect.stringContaining('已上报')])
  })

  it('raises it one level where nobody is responsible above, and says so', async () => {
    const { id } = await world.file()
    await changeRequest(world.desk, world.li, { id, status: 'escalated', note: '' })
    expect(await world.read(id)).toMatchObject({ level: 'town' })
    expect((await world.read(id)).activities.at(-1)?.note).toContain('还没有人负责')
  })
})
