import { describe, expect, it } from 'vitest'
import { names, useOutboxStage } from './stage.ts'
import { addGroup, addPeople } from './world.ts'

const stage = useOutboxStage()

/** Nobody is between the chairs: who was not sent to is still open. */
async function expectWhole(id: string, audience: number): Promise<void> {
  const { sent = 0, open = 0 } = await stage.progressOf(id)
  expect(sent + open).toBe(audience)
}

describe('announcements', () => {
  it('T13: are not sent to who has opted out between the approval and the sending', async () => {
    await addPeople(stage.store, ['a', 'b'])
    const id = await stage.announce()
    await stage.store.write((transaction) => transaction.person.updateMany({ where: { id: 'a' }, data: { isSubscribed: false } }))
    const channel = stage.channel()
    await stage.start([channel])
    expect(channel.sent.map((one) => one.to)).toEqual(['x-b'])
    expect(await stage.rows()).toMatchObject([{ personId: 'a', status: 'opted_out', attempts: 0 }, { personId: 'b', status: 'sent' }])
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', total: 2, sent: 1, optedOut: 1, open: 0 })
  })

  it('get through when very many have unsubscribed', async () => {
    await addPeople(stage.store, names(3_000))
    const id = await stage.announce()
    await stage.store.write((transaction) => transaction.person.updateMany({ where: { id: { not: 'p2999' } }, data: { isSubscribed: false } }))
    const channel = stage.channel({ rate: { perSecond: 1, burst: 1 } })
    await stage.start([channel])
    await stage.time.advance(3_000)
    expect(channel.sent).toHaveLength(1)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', optedOut: 2_999, sent: 1 })
  })

  it('are not sent to a group that is no longer bound', async () => {
    await addGroup(stage.store, 'g')
    const id = await stage.announce({ audience: { roles: ['group'] } })
    await stage.store.write((transaction) => transaction.conversation.updateMany({ data: { boundAt: null } }))
    const channel = stage.channel()
    await stage.start([channel])
    expect(channel.sent).toEqual([])
    expect(await stage.progressOf(id)).toMatchObject({ total: 1, failed: 1 })
  })

  it('T14: wait for the end of the quiet hours, over midnight and a change of date; emergencies and replies do not', async () => {
    stage.beginAt('2026-11-24T15:50:00Z') // 23:50 in Shanghai
    await addPeople(stage.store, ['a'])
    const id = await stage.announce({ text: '普通' })
    const channel = stage.channel()
    const outbox = await stage.start([channel], { quietHours: { fromMinutes: 21 * 60 + 30, toMinutes: 7 * 60 + 30 }, longestSleepMs: 600_000 })
    await stage.announce({ text: '紧急', isEmergency: true })
    await stage.queue('c-a', '回答')
    await stage.wake(outbox)
    expect(channel.texts.sort()).toEqual(['回答', '紧急'].sort())
    await stage.time.advance((7 * 60 + 39) * 60_000)
    expect(channel.texts).toHaveLength(2)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'sending', open: 1 })
    await stage.time.advance(60_000)
    expect(channel.sent.at(-1)).toMatchObject({ text: '普通', atMs: (7 * 60 + 40) * 60_000 })
    expect((await stage.rows()).find(({ text }) => text === '普通')).toMatchObject({ status: 'sent', sentAt: new Date('2026-11-24T23:30:00Z') })
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 1, open: 0 })
  })

  it('begin at their time', async () => {
    await addPeople(stage.store, ['a'])
    const id = await stage.announce({ sendAt: new Date('2026-11-24T02:10:00Z') })
    const channel = stage.channel()
    await stage.start([channel])
    await stage.time.advance(9 * 60_000)
    expect([(await stage.progressOf(id)).status, channel.sent.length]).toEqual(['scheduled', 0])
    await stage.time.advance(60_000)
    expect(channel.sent).toMatchObject([{ atMs: 600_000 }])
  })

  it('expire for those who were not reached in time', async () => {
    await addPeople(stage.store, names(10))
    const id = await stage.announce({ expiresAt: new Date('2026-11-24T02:00:04.500Z') })
    const channel = stage.channel({ rate: { perSecond: 1, burst: 1 } })
    await stage.start([channel])
    await stage.time.advance(20_000)
    expect(channel.sent).toHaveLength(4)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'expired', total: 10, sent: 4, expired: 6, open: 0 })
  })

  it('T11: skip and repeat nobody over a pause, another rate, a restart and resuming: sent and open are the audience at every moment', async () => {
    await addPeople(stage.store, names(40))
    const id = await stage.announce()
    const slow = stage.channel({ rate: { perSecond: 5, burst: 1 } })
    const first = await stage.start([slow])
    await stage.time.advance(3_000)
    await expectWhole(id, 40)
    await stage.act(id, 'pause')
    await stage.time.advance(10_000)
    const atPause = slow.sent.length
    expect(atPause).toBeLessThan(18)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'paused', total: 40, open: 40 - atPause, sent: atPause })
    await stage.setRate(id, 600)
    await stage.stop(first)
    const fast = stage.channel({ rate: { perSecond: 20, burst: 5 } })
    const second = await stage.start([fast])
    await stage.time.advance(10_000)
    expect(fast.sent).toEqual([])
    await expectWhole(id, 40)
    await stage.act(id, 'resume')
    await stage.wake(second)
    for (let seconds = 0; seconds < 10; seconds += 1) {
      await stage.time.advance(1_000)
      await expectWhole(id, 40)
    }
    expect(new Set([...slow.sent, ...fast.sent].map((one) => one.to)).size).toBe(40)
    expect(slow.sent.length + fast.sent.length).toBe(40)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', total: 40, sent: 40, open: 0 })
  })

  it('T12: cancelled while they are being sent reach nobody more, also not those that were being tried', async () => {
    await addPeople(stage.store, ['a', 'b', 'c'])
    const id = await stage.announce()
    const channel = stage.channel()
    channel.answer = ({ conversation }) =>
      stage.time.wait(2_000).then(() => (conversation.externalId === 'x-b' ? { outcome: 'retry', reason: 'busy' } : { outcome: 'sent' }))
    await stage.start([channel])
    await stage.time.advance(1_000)
    await stage.act(id, 'cancel')
    await stage.time.advance(60_000)
    expect(channel.sent.map(({ to }) => to)).toEqual(['x-a', 'x-b', 'x-c'])
    expect(await stage.statuses()).toEqual(['sent', 'cancelled', 'sent'])
    expect(await stage.progressOf(id)).toMatchObject({ status: 'cancelled', total: 3, sent: 2, cancelled: 1, open: 0 })
  })

  it('paused in the middle try nobody again before they are resumed', async () => {
    await addPeople(stage.store, ['a'])
    const id = await stage.announce()
    const channel = stage.channel()
    channel.answer = (_, count) => (count === 1 ? stage.time.wait(2_000).then(() => ({ outcome: 'retry', reason: 'busy' })) : { outcome: 'sent' })
    const outbox = await stage.start([channel])
    await stage.time.advance(1_000)
    await stage.act(id, 'pause')
    await stage.time.advance(600_000)
    expect(channel.sent).toHaveLength(1)
    await stage.act(id, 'resume')
    await stage.wake(outbox)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 1 })
  })
})
