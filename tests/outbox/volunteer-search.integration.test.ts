import { describe, expect, it } from 'vitest'
import type { Channel } from '../../src/domain/messages/channel.ts'
import type { Area } from '../../src/domain/services.ts'
import type { QuietHours } from '../../src/outbox/quiet-hours.ts'
import { createVolunteerSearch } from '../../src/outbox/sweeps/volunteer-search.ts'
import type { Store } from '../../src/store/engine/store.ts'
import { beginSearch } from '../../src/store/volunteers/volunteer-search.ts'
import { useOutboxStage } from './stage.ts'
import { addPeople, EARLIER } from './world.ts'

const stage = useOutboxStage()
const HOUR = 60 * 60 * 1000
const AREAS: Area[] = [
  { code: 't', name: '东山街道', level: 'town', parent: null, words: [] },
  { code: 'c', name: '迎宾社区', level: 'community', parent: 't', words: [] },
]

const sweepOn = (store: Store, channels: Channel[], quietHours?: QuietHours) => {
  const search = createVolunteerSearch({ store: stage.time.watch(store), channels, services: () => [], areas: () => AREAS, log: stage.log.log, now: stage.time.now, ...(quietHours && { quietHours }) })
  return () => search.sweep()
}

/** Volunteers of the community, and a requester with consent. */
async function settle(...volunteers: string[]): Promise<void> {
  await addPeople(stage.store, ['liu', ...volunteers])
  await stage.store.write(async (transaction) => {
    await transaction.consent.createMany({ data: [{ id: 'consent', personId: 'liu', noticeVersion: '1', grantedAt: EARLIER }] })
    await transaction.volunteer.createMany({ data: volunteers.map((id, index) => ({ id: `v-${id}`, number: `VL-${id}`, personId: id, name: id, phone: `1390013900${index}`, age: 40, areaCode: 'c', skills: [], availability: '', status: 'active', conversationId: `c-${id}`, createdAt: EARLIER, updatedAt: EARLIER })) })
  })
}

const request = (id = 'r1') =>
  stage.store.write(async (transaction) => {
    const now = stage.time.now()
    await transaction.serviceRequest.createMany({ data: [{ id, number: `SR-20261124-${id}`, kind: 'help', category: '代办代购', status: 'submitted', description: '买药', areaCode: 'c', requesterId: 'liu', requesterName: '刘桂兰', requesterPhone: '13800138001', conversationId: 'c-liu', createdAt: now, updatedAt: now }] })
    await beginSearch(transaction, { id, status: 'submitted' }, { by: '系统', allowsMinors: false, now })
  })

describe('looking for volunteers within the outbox', () => {
  it('asks by itself when woken, and the next when two hours are over, to the minute', async () => {
    await settle('p1', 'p2', 'p3', 'p4')
    const channel = stage.channel()
    const outbox = await stage.start([channel], { sweep: sweepOn(stage.store, [channel]) })
    await request()
    await stage.wake(outbox)
    expect(channel.sent.map(({ to }) => to)).toEqual(['x-p1', 'x-p2', 'x-p3'])
    await stage.time.advance(2 * HOUR - 1_000)
    expect(channel.sent).toHaveLength(3)
    await stage.time.advance(2_000)
    expect(channel.sent.at(-1)).toMatchObject({ to: 'x-p4' })
    await stage.time.advance(2 * HOUR)
    expect(channel.sent.at(-1)?.to).toBe('x-liu')
    expect(channel.texts.at(-1)).toContain('请社区工作人员来安排')
    expect(channel.sent).toHaveLength(5)
  })

  it('sees within five seconds what another process stored', async () => {
    await settle('p1')
    const channel = stage.channel()
    await stage.start([channel], { sweep: sweepOn(stage.store, [channel]) })
    await request()
    await stage.time.advance(5_100)
    expect(channel.sent).toHaveLength(1)
  })

  it('of two processes on one store asks nobody twice', async () => {
    await settle('p1', 'p2', 'p3', 'p4', 'p5', 'p6')
    const [one, other] = [stage.channel(), stage.channel()]
    const second = await stage.reopen()
    const outboxes = [await stage.start([one], { sweep: sweepOn(stage.store, [one]) }), await stage.start([other], { store: second, sweep: sweepOn(second, [other]) })]
    for (const id of ['r1', 'r2']) await request(id)
    for (const outbox of outboxes) outbox.wake()
    await stage.time.advance(6_000)
    const keys = [...one.sent, ...other.sent].map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(await stage.store.read.volunteerOffer.count()).toBe(6)
    expect(keys).toHaveLength(6)
  })

  it('after a crash neither forgets nor repeats', async () => {
    await settle('p1', 'p2', 'p3', 'p4')
    const channel = stage.channel()
    await request()
    await sweepOn(stage.store, [channel])()
    stage.crash()
    const after = stage.channel()
    await stage.start([after], { sweep: sweepOn(stage.store, [after]) })
    await stage.time.advance(2 * HOUR + 1_000)
    expect(after.sent.map(({ to }) => to).sort()).toEqual(['x-p1', 'x-p2', 'x-p3', 'x-p4'])
  })

  it('wakes nobody at night', async () => {
    stage.beginAt('2026-11-24T12:30:00Z')
    await settle('p1', 'p2', 'p3', 'p4')
    const channel = stage.channel()
    const quietHours = { fromMinutes: 21 * 60 + 30, toMinutes: 7 * 60 + 30 }
    await request()
    await stage.start([channel], { quietHours, sweep: sweepOn(stage.store, [channel], quietHours) })
    expect(channel.sent).toHaveLength(3)
    await stage.time.advance(11 * HOUR + 55 * 60_000)
    expect(channel.sent, '8:25 in the morning: one hour of the evening and fifty-five minutes of the morning are over').toHaveLength(3)
    await stage.time.advance(6 * 60_000)
    expect(channel.sent).toHaveLength(4)
  })

  it('asks nobody whom nothing can be pushed to', async () => {
    await settle('p1', 'p2', 'p3')
    const channel = stage.channel({ proactiveWindowMs: HOUR })
    await stage.hear('p2')
    await stage.store.write((transaction) => transaction.conversation.updateMany({ where: { id: 'c-p3' }, data: { goneAt: EARLIER } }))
    await stage.hear('p3')
    await request()
    await sweepOn(stage.store, [channel])()
    expect((await stage.store.read.volunteerOffer.findMany()).map(({ volunteerId }) => volunteerId)).toEqual(['v-p2'])
  })

  it('asks the next at once where an offer did not arrive', async () => {
    await settle('p1', 'p2', 'p3', 'p4')
    const channel = stage.channel()
    channel.answer = (message) => (message.conversation.externalId === 'x-p2' ? { outcome: 'recipient_gone', reason: 'blocked' } : { outcome: 'sent' })
    await request()
    await stage.start([channel], { sweep: sweepOn(stage.store, [channel]) })
    await stage.time.advance(6_000)
    expect(channel.sent.map(({ to }) => to)).toEqual(['x-p1', 'x-p2', 'x-p3', 'x-p4'])
  })

  it('that fails holds up nothing that is to be sent, and is said once', async () => {
    await settle('p1')
    const channel = stage.channel()
    const broken = createVolunteerSearch({ store: stage.time.watch(stage.store), channels: [channel], services: () => { throw new TypeError('broken') }, areas: () => AREAS, log: stage.log.log, now: stage.time.now })
    await request()
    await stage.start([channel], { sweep: () => broken.sweep() })
    await stage.queue('c-liu', '您好')
    await stage.time.advance(60_000)
    expect(channel.texts).toEqual(['您好'])
    expect(stage.log.faults().map(({ fault }) => fault)).toEqual(['volunteer-search'])
  })
})
