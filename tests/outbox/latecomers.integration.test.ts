import { describe, expect, it } from 'vitest'
import { expandAreas } from '../../src/domain/areas.ts'
import { supplementAnnouncement } from '../../src/outbox/announcement-drafts.ts'
import { findAnnouncement } from '../../src/outbox/announcements.ts'
import { countLatecomers } from '../../src/store/announcements/announcement-records.ts'
import { names, useOutboxStage } from './stage.ts'
import { addGroup, addPeople } from './world.ts'

const stage = useOutboxStage()
const services = () => ({ store: stage.store, now: stage.time.now, wakeOutbox: () => undefined, areas: [] })
const supplement = (id: string, by = 'wang') => supplementAnnouncement(services(), { id, by })
const find = async (id: string) => {
  const found = await findAnnouncement(services(), id)
  if (found === null) throw new Error('it is gone')
  return found
}
const late = async (id: string) => countLatecomers(stage.store, await find(id), (audience) => expandAreas(audience, []))
async function written(id: string): Promise<string> {
  const result = await supplement(id)
  if (result.outcome !== 'created') throw new Error(JSON.stringify(result))
  return result.id
}

describe('while an announcement is being sent', () => {
  it('who subscribes does not get it; who leaves before their turn does not either, and who left after it has it', async () => {
    await addPeople(stage.store, names(4))
    const id = await stage.announce()
    const channel = stage.channel({ rate: { perSecond: 1, burst: 1 } })
    await stage.start([channel])
    await stage.time.advance(2_500)
    expect(channel.sent.map(({ to }) => to)).toEqual(['x-p0', 'x-p1'])
    await addPeople(stage.store, ['late'])
    await stage.store.write((transaction) => transaction.person.updateMany({ where: { id: { in: ['p1', 'p3'] } }, data: { isSubscribed: false } }))
    await stage.time.advance(10_000)
    expect(channel.sent.map(({ to }) => to)).toEqual(['x-p0', 'x-p1', 'x-p2'])
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', total: 4, sent: 3, optedOut: 1, open: 0 })
  })

  it('who leaves and comes back before their turn gets it', async () => {
    await addPeople(stage.store, ['a'])
    const id = await stage.announce({ sendAt: new Date('2026-11-24T02:00:05Z') })
    const isSubscribed = (yes: boolean) => stage.store.write((transaction) => transaction.person.updateMany({ where: { id: 'a' }, data: { isSubscribed: yes } }))
    await isSubscribed(false)
    await isSubscribed(true)
    const channel = stage.channel()
    await stage.start([channel])
    await stage.time.advance(6_000)
    expect(channel.sent.map(({ to }) => to)).toEqual(['x-a'])
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 1 })
  })
})

describe('those who came after an announcement was approved', () => {
  it('are counted, and get it once a draft for them is approved; nobody gets it twice, however often that is done', async () => {
    await addPeople(stage.store, ['a', 'b'])
    await addGroup(stage.store, 'g')
    const id = await stage.announce({ title: '停水', audience: { roles: ['resident', 'group'] } })
    const channel = stage.channel()
    const outbox = await stage.start([channel])
    expect(await late(id)).toBe(0)
    await addPeople(stage.store, ['c', 'd'])
    await addGroup(stage.store, 'h')
    expect(await late(id)).toBe(3)

    const second = await written(id)
    expect(await find(second)).toMatchObject({ status: 'draft', by: 'wang', title: '停水', text: '明天停水', supplements: id, progress: { total: 3 } })
    expect(await stage.act(second, 'approve', 'wang')).toEqual({ outcome: 'own_announcement' })
    await addPeople(stage.store, ['e'])
    await stage.act(second, 'approve', 'li')
    await stage.wake(outbox)
    expect(channel.sent.map(({ to }) => to).sort()).toEqual(['x-a', 'x-b', 'x-c', 'x-d', 'x-e', 'x-g', 'x-h'])
    expect(await late(id)).toBe(0)

    await addPeople(stage.store, ['f'])
    expect([await late(id), await late(second)]).toEqual([1, 1])
    // From the second as from the first: it is the first that is brought to more.
    const third = await written(second)
    expect(await find(third)).toMatchObject({ supplements: id, progress: { total: 1 } })
    await stage.act(third, 'approve', 'li')
    await stage.wake(outbox)
    expect(channel.sent.map(({ to }) => to).filter((to) => to === 'x-f')).toHaveLength(1)
    expect(new Set(channel.sent.map(({ to }) => to)).size).toBe(channel.sent.length)
  })

  it('are those who got a tag since, not those whose delivery failed or who left', async () => {
    await addPeople(stage.store, ['a', 'b', 'c'])
    const tag = (personId: string) => stage.store.write((transaction) => transaction.personTag.createMany({ data: [{ personId, tag: '独居老人', by: 'wang', createdAt: stage.time.now() }] }))
    await tag('a')
    await tag('b')
    const id = await stage.announce({ audience: { tags: ['独居老人'] } })
    const channel = stage.channel()
    channel.answer = ({ conversation }) => (conversation.externalId === 'x-b' ? { outcome: 'rejected', reason: 'too long' } : { outcome: 'sent' })
    await stage.start([channel])
    expect(await late(id)).toBe(0)
    await tag('c')
    expect(await late(id)).toBe(1)
    await stage.store.write((transaction) => transaction.person.updateMany({ where: { id: 'c' }, data: { isSubscribed: false } }))
    expect(await late(id)).toBe(0)
  })

  it('wait for one draft at a time, and for none where it was cancelled or its time is over', async () => {
    await addPeople(stage.store, ['a'])
    const id = await stage.announce({ expiresAt: new Date('2026-11-25T00:00:00Z') })
    await addPeople(stage.store, ['b'])
    const second = await written(id)
    expect(await supplement(id, 'li')).toEqual({ outcome: 'waiting', id: second })
    expect(await supplement(second)).toMatchObject({ outcome: 'not_allowed', from: 'draft' })
    await stage.act(second, 'cancel')
    expect(await supplement(id)).toMatchObject({ outcome: 'created' })
    expect(await supplement('none')).toEqual({ outcome: 'not_found' })
    expect(await supplement(id, 'nobody')).not.toMatchObject({ outcome: 'created' })
    await stage.time.advance(24 * 60 * 60_000)
    expect(await supplement(id)).toMatchObject({ outcome: 'not_allowed' })
  })
})
