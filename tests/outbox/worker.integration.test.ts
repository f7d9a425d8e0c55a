import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeAnnouncement, createAnnouncement, findAnnouncement, type AnnouncementDraft } from '../../src/outbox/announcements.ts'
import { createOutbox, type Outbox, type OutboxOptions } from '../../src/outbox/worker.ts'
import { queueMessages, type NewOutboxMessage } from '../../src/store/outbox.ts'
import type { Store } from '../../src/store/store.ts'
import { addGroup, addPeople, addStaffMembers, openTestStore, silentLog } from './world.ts'
import { ScriptedChannel, VirtualTime } from './virtual.ts'

let world: Awaited<ReturnType<typeof openTestStore>>
let time: VirtualTime
let store: Store
let running: Outbox[]
let keys = 0

beforeEach(async () => {
  world = await openTestStore()
  // 10:00 in Shanghai.
  time = new VirtualTime('2026-11-24T02:00:00Z')
  store = time.watch(world.store)
  running = []
})
afterEach(async () => {
  for (const outbox of running) {
    const stopped = outbox.stop()
    await time.advance(10_000)
    await stopped
  }
  await world.close()
})

async function start(channels: ScriptedChannel[], more: Partial<OutboxOptions> = {}): Promise<Outbox> {
  const outbox = createOutbox({ store, channels, log: silentLog, now: time.now, setTimer: time.setTimer, processId: `process-${running.length}`, random: () => 0.5, ...more })
  running.push(outbox)
  await outbox.start()
  await time.settle()
  return outbox
}

/** As if the process had died: nothing it holds is noted, and it never comes back. */
function kill(outbox: Outbox): void {
  running = running.filter((other) => other !== outbox)
}

const queue = (conversationId: string, text: string, more: Partial<NewOutboxMessage> = {}) =>
  world.store.write((transaction) => queueMessages(transaction, [{ key: `key-${(keys += 1)}`, conversationId, priority: 'reply', kind: 'text', text, isPushed: false, ...more }], time.now()))

const rows = () => world.store.read.outboxMessage.findMany({ orderBy: { seq: 'asc' } })
const statuses = async () => (await rows()).map((row) => row.status)
const wake = async (outbox: Outbox) => {
  outbox.wake()
  await time.settle()
}

async function announce(more: Partial<AnnouncementDraft> = {}): Promise<string> {
  if ((await world.store.read.staffMember.count()) === 0) await addStaffMembers(world.store, 'wang', 'li')
  const created = await createAnnouncement(services(), { by: 'wang', text: '明天停水', audience: {}, ...more })
  if (created.outcome !== 'created') throw new Error(JSON.stringify(created))
  await act(created.announcement.id, 'approve', 'li')
  return created.announcement.id
}
const services = () => ({ store: world.store, now: time.now, wakeOutbox: () => undefined, areas: [] })
const act = (id: string, action: 'approve' | 'pause' | 'resume' | 'cancel' | 'retry', by = 'wang') => changeAnnouncement(services(), { id, action, by })
const progressOf = async (id: string) => {
  const found = await findAnnouncement(services(), id)
  return { status: found?.status, ...found?.progress }
}

describe('the order of sending', () => {
  it('is replies before notices before announcements', async () => {
    await addPeople(world.store, ['a', 'b', 'c'])
    await announce()
    await queue('c-a', 'notice', { priority: 'notice', kind: 'notice' })
    await queue('c-b', 'reply')
    const channel = new ScriptedChannel(time, { rate: { perSecond: 1, burst: 1 } })
    await start([channel])
    await time.advance(6_000)
    expect(channel.texts).toEqual(['reply', 'notice', '明天停水', '明天停水', '明天停水'])
  })

  it('is that of queueing within a conversation, also when the platform is slow', async () => {
    await addPeople(world.store, ['a', 'b'])
    for (const text of ['1', '2', '3']) await queue('c-a', text)
    await queue('c-b', 'other')
    const channel = new ScriptedChannel(time)
    channel.answer = () => time.wait(1_000).then(() => ({ outcome: 'sent' }))
    await start([channel])
    await time.advance(2_999)
    expect(channel.sent.map((one) => [one.text, one.atMs])).toEqual([['1', 0], ['other', 0], ['2', 1_000], ['3', 2_000]])
  })

  it('holds later messages back while an earlier one waits for its next attempt, but not those to others', async () => {
    await addPeople(world.store, ['a', 'b'])
    await queue('c-a', '1')
    await queue('c-a', '2')
    await queue('c-b', 'other')
    const channel = new ScriptedChannel(time)
    channel.answer = (message, count) => (message.text === '1' && count === 1 ? { outcome: 'retry', reason: 'busy', afterMs: 4_000 } : { outcome: 'sent' })
    await start([channel])
    await time.advance(3_000)
    expect(channel.texts).toEqual(['1', 'other'])
    await time.advance(1_500)
    expect(channel.texts).toEqual(['1', 'other', '1', '2'])
  })
})

describe('rates', () => {
  it('are kept, without a burst at the start', async () => {
    await addPeople(world.store, Array.from({ length: 200 }, (_, index) => `p${index}`))
    await announce()
    const channel = new ScriptedChannel(time, { rate: { perSecond: 30, burst: 30 } })
    await start([channel])
    await time.advance(3_000)
    expect(channel.sent.length).toBeGreaterThanOrEqual(88)
    for (let from = 0; from < 3_000; from += 250) expect(channel.sent.filter((one) => one.atMs >= from && one.atMs < from + 1_000).length).toBeLessThanOrEqual(31)
  })

  it('slow for announcements do not slow replies', async () => {
    await addPeople(world.store, ['a', 'b', 'c', 'd'])
    await announce()
    const channel = new ScriptedChannel(time, { rate: { perSecond: 10, burst: 10 }, announcementRate: { perSecond: 1 / 3, burst: 1 } })
    const outbox = await start([channel])
    await time.advance(4_000)
    for (const text of ['1', '2', '3']) await queue('c-d', text)
    await wake(outbox)
    await time.advance(200)
    expect(channel.sent.filter((one) => one.text !== '明天停水').map((one) => one.text)).toEqual(['1', '2', '3'])
    await time.advance(10_000)
    const times = channel.sent.filter((one) => one.text === '明天停水').map((one) => one.atMs)
    expect(times).toHaveLength(4)
    for (const [index, at] of times.entries()) if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(2_999)
  })

  it('are each account’s own', async () => {
    await addPeople(world.store, ['a', 'b', 'c'])
    await addPeople(world.store, ['x', 'y'], { channel: 'web' })
    const slow = new ScriptedChannel(time, { rate: { perSecond: 1, burst: 1 } })
    const web = new ScriptedChannel(time, { id: 'web' })
    await announce()
    await start([slow, web])
    await time.advance(500)
    expect([slow.sent.length, web.sent.length]).toEqual([0, 2])
  })
})

describe('what the platform answers', () => {
  beforeEach(() => addPeople(world.store, ['a', 'b', 'c']))

  it('is stored: sent with its id and time, failed and unknown with the reason', async () => {
    await queue('c-a', 'fine')
    await queue('c-b', 'refused')
    await queue('c-c', 'gone')
    const channel = new ScriptedChannel(time)
    channel.answer = ({ text }) =>
      text === 'fine' ? { outcome: 'sent', platformMessageId: 'm1' } : text === 'refused' ? { outcome: 'rejected', reason: 'too odd' } : { outcome: 'recipient_gone', reason: 'blocked' }
    await start([channel])
    await time.advance(60_000)
    expect(channel.sent).toHaveLength(3)
    expect(await rows()).toMatchObject([
      { status: 'sent', platformMessageId: 'm1', sentAt: new Date('2026-11-24T02:00:00Z'), attempts: 1, error: null, leaseUntil: null },
      { status: 'failed', error: 'rejected: too odd', sentAt: null },
      { status: 'failed', error: 'recipient_gone: blocked', sentAt: null },
    ])
  })

  it('"come again" is tried with growing waits, and given up after eight attempts', async () => {
    await queue('c-a', 'x')
    const channel = new ScriptedChannel(time)
    channel.answer = () => ({ outcome: 'retry', reason: '500' })
    await start([channel])
    await time.advance(20 * 60_000)
    const times = channel.sent.map((one) => one.atMs)
    expect(times).toHaveLength(8)
    const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    for (const [index, wait] of waits.entries()) if (index > 0) expect(wait).toBeGreaterThan(waits[index - 1] ?? 0)
    expect(await rows()).toMatchObject([{ status: 'failed', attempts: 8, error: 'gave_up: 500' }])
  })

  it('"unknown" is never sent again', async () => {
    await queue('c-a', 'x')
    const channel = new ScriptedChannel(time)
    channel.answer = () => ({ outcome: 'unknown', reason: 'time-out' })
    await start([channel])
    await time.advance(60 * 60_000)
    expect(channel.sent).toHaveLength(1)
    expect(await rows()).toMatchObject([{ status: 'unknown', error: 'unknown: time-out' }])
  })

  it('nothing at all for a minute counts as unknown, and the conversation goes on', async () => {
    await queue('c-a', '1')
    await queue('c-a', '2')
    const channel = new ScriptedChannel(time)
    channel.answer = ({ text }) => (text === '1' ? time.wait(10 * 60_000).then(() => ({ outcome: 'sent' })) : { outcome: 'sent' })
    await start([channel])
    await time.advance(59_000)
    expect(await statuses()).toEqual(['sending', 'queued'])
    await time.advance(2_000)
    expect(await statuses()).toEqual(['unknown', 'sent'])
  })

  it('a mistake in a channel counts as unknown', async () => {
    await queue('c-a', 'x')
    const channel = new ScriptedChannel(time)
    channel.answer = () => Promise.reject(new Error('boom'))
    await start([channel])
    expect(await statuses()).toEqual(['unknown'])
  })

  it('a group’s new id is kept for the next message', async () => {
    await addGroup(world.store, 'g')
    await queue('c-g', '1')
    await queue('c-g', '2')
    const channel = new ScriptedChannel(time)
    channel.answer = (_, count) => (count === 1 ? { outcome: 'sent', movedTo: 'new-id' } : { outcome: 'sent' })
    await start([channel])
    expect(channel.sent.map((one) => one.to)).toEqual(['x-g', 'new-id'])
  })

  it('a message whose time is over is not sent', async () => {
    await queue('c-a', 'late', { notBefore: new Date('2026-11-24T02:01:00Z'), expiresAt: new Date('2026-11-24T02:00:30Z') })
    const channel = new ScriptedChannel(time)
    await start([channel])
    await time.advance(120_000)
    expect(channel.sent).toEqual([])
    expect(await statuses()).toEqual(['expired'])
  })
})

describe('an account in trouble', () => {
  it('waits as long as the platform says, also after a restart', async () => {
    await addPeople(world.store, ['a', 'b'])
    await addPeople(world.store, ['w'], { channel: 'web' })
    await queue('c-a', 'x')
    const channel = new ScriptedChannel(time)
    channel.answer = (_, count) => (count === 1 ? { outcome: 'retry', reason: '429', afterMs: 60_000, pausesAccount: true } : { outcome: 'sent' })
    const first = await start([channel])
    await first.stop()
    kill(first)
    await queue('c-b', 'y')
    await queue('c-w', 'z')
    const web = new ScriptedChannel(time, { id: 'web' })
    await start([channel, web])
    await time.advance(59_000)
    expect([channel.sent.length, web.sent.length]).toEqual([1, 1])
    await time.advance(2_000)
    expect(channel.sent.map((one) => one.text)).toEqual(['x', 'x', 'y'])
    expect(await statuses()).toEqual(['sent', 'sent', 'sent'])
  })

  it('loses no message while the network is dead for ten minutes, and goes on within 30 s', async () => {
    await addPeople(world.store, Array.from({ length: 50 }, (_, index) => `p${index}`))
    const id = await announce()
    const channel = new ScriptedChannel(time, { rate: { perSecond: 30, burst: 30 } })
    let isDead = true
    channel.answer = () => (isDead ? { outcome: 'retry', reason: 'no connection' } : { outcome: 'sent' })
    await start([channel])
    await time.advance(10 * 60_000)
    expect(channel.sent.length).toBeLessThan(120)
    isDead = false
    const before = channel.sent.length
    await time.advance(30_000)
    expect(channel.sent.length - before).toBe(50)
    expect(await progressOf(id)).toMatchObject({ status: 'finished', total: 50, sent: 50 })
  })

  it('does not spend the whole audience on time-outs', async () => {
    await addPeople(world.store, Array.from({ length: 500 }, (_, index) => `p${index}`))
    const id = await announce()
    const channel = new ScriptedChannel(time, { rate: { perSecond: 30, burst: 30 } })
    channel.answer = () => time.wait(20_000).then(() => ({ outcome: 'unknown', reason: 'time-out' }))
    await start([channel])
    await time.advance(5 * 60_000)
    expect((await progressOf(id)).unknown).toBeLessThan(60)
  })

  it('is not tried while its channel is not logged in, and goes on once it is', async () => {
    await addPeople(world.store, ['a'])
    await queue('c-a', 'x')
    const channel = new ScriptedChannel(time)
    channel.state = 'needs_login'
    await start([channel])
    await time.advance(5 * 60_000)
    expect(channel.sent).toEqual([])
    channel.state = 'online'
    await time.advance(5_000)
    expect(channel.texts).toEqual(['x'])
  })
})

describe('a process that dies', () => {
  it('leaves what it was sending as unknown on channels that push, and nobody gets it twice', async () => {
    await addPeople(world.store, ['a', 'b'])
    await queue('c-a', 'x')
    await queue('c-a', 'y')
    const channel = new ScriptedChannel(time)
    channel.answer = () => new Promise(() => undefined)
    kill(await start([channel]))
    channel.answer = () => ({ outcome: 'sent' })
    const other = new VirtualTime(time.now().toISOString())
    store = other.watch(world.store)
    time = other
    await start([channel])
    await time.advance(30_000)
    expect(channel.texts).toEqual(['x', 'y'])
    expect(await statuses()).toEqual(['unknown', 'sent'])
  })

  it('loses nothing on channels whose readers fetch', async () => {
    await addPeople(world.store, ['a'], { channel: 'web' })
    await queue('c-a', 'x')
    const web = new ScriptedChannel(time, { id: 'web', pulls: true })
    web.answer = () => new Promise(() => undefined)
    kill(await start([web]))
    web.answer = () => ({ outcome: 'sent' })
    const other = new VirtualTime(time.now().toISOString())
    store = other.watch(world.store)
    time = other
    await start([web])
    await time.advance(30_000)
    expect(await statuses()).toEqual(['sent'])
  })
})

describe('two processes on one store', () => {
  it('never send one message twice', async () => {
    await addPeople(world.store, Array.from({ length: 300 }, (_, index) => `p${index}`))
    const id = await announce()
    const store2 = await world.reopen()
    const channel = new ScriptedChannel(time)
    await Promise.all([start([channel]), start([channel], { store: time.watch(store2), processId: 'second' })])
    await time.advance(30_000)
    expect(new Set(channel.sent.map((one) => one.to)).size).toBe(300)
    expect(channel.sent).toHaveLength(300)
    expect(await progressOf(id)).toMatchObject({ status: 'finished', sent: 300, total: 300 })
  })

  it('leave alone a message whose lease is kept up', async () => {
    await addPeople(world.store, ['a'])
    await queue('c-a', 'x')
    const channel = new ScriptedChannel(time)
    channel.answer = () => time.wait(50_000).then(() => ({ outcome: 'sent' }))
    await start([channel])
    await start([channel], { processId: 'second' })
    await time.advance(49_000)
    expect(await statuses()).toEqual(['sending'])
    await time.advance(2_000)
    expect(await statuses()).toEqual(['sent'])
    expect(channel.sent).toHaveLength(1)
  })
})

describe('announcements', () => {
  it('are not sent to who has unsubscribed since the approval', async () => {
    await addPeople(world.store, ['a', 'b'])
    const id = await announce()
    await world.store.write((transaction) => transaction.person.updateMany({ where: { id: 'a' }, data: { isSubscribed: false } }))
    const channel = new ScriptedChannel(time)
    await start([channel])
    expect(channel.sent.map((one) => one.to)).toEqual(['x-b'])
    expect(await progressOf(id)).toMatchObject({ status: 'finished', total: 2, sent: 1, optedOut: 1, open: 0 })
  })

  it('get through when very many have unsubscribed', async () => {
    await addPeople(world.store, Array.from({ length: 3_000 }, (_, index) => `p${index}`))
    const id = await announce()
    await world.store.write((transaction) => transaction.person.updateMany({ where: { id: { not: 'p2999' } }, data: { isSubscribed: false } }))
    const channel = new ScriptedChannel(time, { rate: { perSecond: 1, burst: 1 } })
    await start([channel])
    await time.advance(3_000)
    expect(channel.sent).toHaveLength(1)
    expect(await progressOf(id)).toMatchObject({ status: 'finished', optedOut: 2_999, sent: 1 })
  })

  it('are not sent to a group that is no longer bound', async () => {
    await addGroup(world.store, 'g')
    const id = await announce({ audience: { roles: ['group'] } })
    await world.store.write((transaction) => transaction.conversation.updateMany({ data: { boundAt: null } }))
    const channel = new ScriptedChannel(time)
    await start([channel])
    expect(channel.sent).toEqual([])
    expect(await progressOf(id)).toMatchObject({ total: 1, failed: 1 })
  })

  it('wait for the end of the quiet hours over midnight; emergencies and replies do not', async () => {
    time = new VirtualTime('2026-11-24T15:50:00Z') // 23:50 in Shanghai
    store = time.watch(world.store)
    await addPeople(world.store, ['a'])
    await announce({ text: '普通' })
    const channel = new ScriptedChannel(time)
    const outbox = await start([channel], { quietHours: { fromMinutes: 21 * 60 + 30, toMinutes: 7 * 60 + 30 }, longestSleepMs: 600_000 })
    await announce({ text: '紧急', isEmergency: true })
    await queue('c-a', '回答')
    await wake(outbox)
    expect(channel.texts.sort()).toEqual(['回答', '紧急'].sort())
    await time.advance((7 * 60 + 39) * 60_000)
    expect(channel.texts).toHaveLength(2)
    await time.advance(60_000)
    expect(channel.sent.at(-1)).toMatchObject({ text: '普通', atMs: (7 * 60 + 40) * 60_000 })
  })

  it('begin at their time', async () => {
    await addPeople(world.store, ['a'])
    const id = await announce({ sendAt: new Date('2026-11-24T02:10:00Z') })
    const channel = new ScriptedChannel(time)
    await start([channel])
    await time.advance(9 * 60_000)
    expect([(await progressOf(id)).status, channel.sent.length]).toEqual(['scheduled', 0])
    await time.advance(60_000)
    expect(channel.sent).toMatchObject([{ atMs: 600_000 }])
  })

  it('expire for those who were not reached in time', async () => {
    await addPeople(world.store, Array.from({ length: 10 }, (_, index) => `p${index}`))
    const id = await announce({ expiresAt: new Date('2026-11-24T02:00:04.500Z') })
    const channel = new ScriptedChannel(time, { rate: { perSecond: 1, burst: 1 } })
    await start([channel])
    await time.advance(20_000)
    expect(channel.sent).toHaveLength(4)
    expect(await progressOf(id)).toMatchObject({ status: 'expired', total: 10, sent: 4, expired: 6, open: 0 })
  })

  it('skip and repeat nobody over a pause, a restart and another rate', async () => {
    await addPeople(world.store, Array.from({ length: 40 }, (_, index) => `p${index}`))
    const id = await announce()
    const slow = new ScriptedChannel(time, { rate: { perSecond: 5, burst: 1 } })
    const first = await start([slow])
    await time.advance(3_000)
    await act(id, 'pause')
    await time.advance(10_000)
    const atPause = slow.sent.length
    expect(atPause).toBeLessThan(18)
    expect(await progressOf(id)).toMatchObject({ status: 'paused', total: 40, open: 40 - atPause, sent: atPause })
    await first.stop()
    kill(first)
    const fast = new ScriptedChannel(time, { rate: { perSecond: 20, burst: 5 } })
    const second = await start([fast])
    await time.advance(10_000)
    expect(fast.sent).toEqual([])
    await act(id, 'resume')
    await wake(second)
    await time.advance(10_000)
    expect(new Set([...slow.sent, ...fast.sent].map((one) => one.to)).size).toBe(40)
    expect(slow.sent.length + fast.sent.length).toBe(40)
    expect(await progressOf(id)).toMatchObject({ status: 'finished', total: 40, sent: 40, open: 0 })
  })

  it('cancelled in the middle reach nobody more, also not those that were being tried', async () => {
    await addPeople(world.store, ['a', 'b', 'c'])
    const id = await announce()
    const channel = new ScriptedChannel(time)
    channel.answer = ({ conversation }) =>
      time.wait(2_000).then(() => (conversation.externalId === 'x-b' ? { outcome: 'retry', reason: 'busy' } : { outcome: 'sent' }))
    await start([channel])
    await time.advance(1_000)
    await act(id, 'cancel')
    await time.advance(60_000)
    expect(channel.sent).toHaveLength(3)
    expect(await progressOf(id)).toMatchObject({ status: 'cancelled', total: 3, sent: 2, cancelled: 1, open: 0 })
  })

  it('paused in the middle try nobody again before they are resumed', async () => {
    await addPeople(world.store, ['a'])
    const id = await announce()
    const channel = new ScriptedChannel(time)
    channel.answer = (_, count) => (count === 1 ? time.wait(2_000).then(() => ({ outcome: 'retry', reason: 'busy' })) : { outcome: 'sent' })
    const outbox = await start([channel])
    await time.advance(1_000)
    await act(id, 'pause')
    await time.advance(600_000)
    expect(channel.sent).toHaveLength(1)
    await act(id, 'resume')
    await wake(outbox)
    expect(await progressOf(id)).toMatchObject({ status: 'finished', sent: 1 })
  })
})

describe('the worker', () => {
  it('sleeps when there is nothing to do', async () => {
    await start([new ScriptedChannel(time, { rate: { perSecond: 30, burst: 30 } })])
    time.sleeps = 0
    await time.advance(60_000)
    expect(time.sleeps).toBeLessThanOrEqual(15)
  })

  it('goes on when the database answers again', async () => {
    await addPeople(world.store, ['a'])
    await queue('c-a', 'x')
    const channel = new ScriptedChannel(time)
    let isBroken = true
    const lines: string[] = []
    const log = { ...silentLog, error: (_: unknown, line: string) => lines.push(line), info: () => undefined } as unknown as typeof silentLog
    const watched = store
    await start([channel], { log, store: { ...watched, write: (job) => (isBroken ? time.track(Promise.reject(new Error('database is locked'))) : watched.write(job)) } })
    await time.advance(60_000)
    expect(channel.sent).toEqual([])
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/disk|locks/)
    isBroken = false
    await time.advance(15_000)
    expect(channel.texts).toEqual(['x'])
  })

  it('sends nothing twice when the result could not be noted at first', async () => {
    await addPeople(world.store, ['a'])
    await queue('c-a', 'x')
    const channel = new ScriptedChannel(time)
    let isBroken = false
    const watched = store
    channel.answer = () => {
      isBroken = true
      return { outcome: 'sent' }
    }
    await start([channel], { store: { ...watched, write: (job) => (isBroken ? time.track(Promise.reject(new Error('disk is full'))) : watched.write(job)) } })
    await time.advance(120_000)
    expect(await statuses()).toEqual(['sending'])
    isBroken = false
    await time.advance(20_000)
    expect(await statuses()).toEqual(['sent'])
    expect(channel.sent).toHaveLength(1)
  })
})
