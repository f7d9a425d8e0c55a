import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeAnnouncement, createAnnouncement, findAnnouncement } from '../../src/outbox/announcements.ts'
import { createOutbox, type Outbox } from '../../src/outbox/worker.ts'
import { queueMessages } from '../../src/store/outbox.ts'
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

async function start(channel: ScriptedChannel): Promise<Outbox> {
  const outbox = createOutbox({ store, channels: [channel], log: silentLog, now: time.now, setTimer: time.setTimer, processId: `process-${running.length}`, random: () => 0.5 })
  running.push(outbox)
  await outbox.start()
  await time.settle()
  return outbox
}

const queue = (conversationId: string, ...texts: string[]) =>
  world.store.write((transaction) => queueMessages(transaction, texts.map((text) => ({ key: `key-${(keys += 1)}`, conversationId, priority: 'reply' as const, kind: 'text' as const, text, isPushed: false })), time.now()))

async function announce(): Promise<string> {
  await addStaffMembers(world.store, 'wang', 'li')
  const services = { store: world.store, now: () => time.now(), wakeOutbox: () => undefined, areas: [] }
  const created = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: {} })
  const id = created.outcome === 'created' ? created.announcement.id : ''
  await changeAnnouncement(services, { id, action: 'approve', by: 'li' })
  return id
}

const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}`)

describe('The pace of one conversation', () => {
  const conversationRate = { private: { perSecond: 1, burst: 1 }, group: { perSecond: 20 / 60, burst: 20 } }

  it('is kept in a private one, while others are not held up', async () => {
    await addPeople(world.store, ['an', 'bo'])
    const channel = new ScriptedChannel(time, { conversationRate })
    await queue('c-an', '一', '二', '三')
    await queue('c-bo', '甲')
    await start(channel)
    await time.advance(5_000)
    expect(channel.sent.map(({ text, atMs }) => [text, Math.floor(atMs / 1_000)])).toEqual([['一', 0], ['甲', 0], ['二', 1], ['三', 2]])
  })

  it('is kept in a group: twenty a minute, then the next when the first is a minute old', async () => {
    await addGroup(world.store, 'g')
    const channel = new ScriptedChannel(time, { conversationRate })
    await queue('c-g', ...Array.from({ length: 25 }, (_, index) => `第${index}句`))
    await start(channel)
    await time.advance(50_000)
    expect(channel.sent).toHaveLength(20)
    await time.advance(30_000)
    expect(channel.sent).toHaveLength(25)
  })

  it('is not forgotten by a restart', async () => {
    await addPeople(world.store, ['an'])
    await queue('c-an', '一')
    await start(new ScriptedChannel(time, { conversationRate: { ...conversationRate, private: { perSecond: 1 / 60, burst: 1 } } }))
    await time.advance(1_000)
    const channel = new ScriptedChannel(time, { conversationRate: { ...conversationRate, private: { perSecond: 1 / 60, burst: 1 } } })
    await queue('c-an', '二')
    await running.pop()?.stop()
    await start(channel)
    await time.advance(50_000)
    expect(channel.texts).toEqual([])
    await time.advance(15_000)
    expect(channel.texts).toEqual(['二'])
  })
})

describe('Limits an hour and a day', () => {
  it('hold announcements back over a restart, and never replies', async () => {
    await addPeople(world.store, people(8))
    const limits = { announcementLimits: { perHour: 3, perDay: 5 } }
    const first = new ScriptedChannel(time, limits)
    const id = await announce()
    await start(first)
    await time.advance(60_000)
    expect(first.sent).toHaveLength(3)
    await queue('c-p7', '已登记')
    await time.advance(10_000)
    expect(first.texts.at(-1)).toBe('已登记')
    await running.pop()?.stop()

    const second = new ScriptedChannel(time, limits)
    await start(second)
    await time.advance(3_600_000)
    // Two more make five a day, although a third would be within the hour.
    expect(second.sent).toHaveLength(2)
    expect((await findAnnouncement({ store: world.store, areas: [] }, id))?.progress).toMatchObject({ sent: 5, open: 3 })
    expect(new Set([...first.sent, ...second.sent].map(({ key }) => key)).size).toBe(first.sent.length + second.sent.length)
  }, 120_000)
})

describe('A platform that lets nobody write first', () => {
  it('gets an announcement once the resident has written again; until then it waits and says why', async () => {
    await addPeople(world.store, ['an'])
    const channel = new ScriptedChannel(time, { proactiveWindowMs: 3_600_000 })
    const id = await announce()
    await start(channel)
    await time.advance(600_000)
    expect(channel.sent).toEqual([])
    expect(await world.store.read.outboxMessage.findMany({ select: { status: true, error: true } })).toEqual([{ status: 'queued', error: expect.stringContaining('window:') as string }])

    await world.store.write((transaction) =>
      transaction.inboundMessage.createMany({ data: [{ id: randomUUID(), channel: 'fake', account: 'a1', externalId: 'm1', conversationId: 'c-an', personId: 'an', text: '您好', attachments: [], isAddressed: true, sentAt: time.now(), receivedAt: time.now(), decidedAt: time.now() }] }),
    )
    await time.advance(120_000)
    expect(channel.texts).toEqual(['明天停水'])
    expect((await findAnnouncement({ store: world.store, areas: [] }, id))?.status).toBe('finished')
  })
})

describe('Ten thousand recipients', () => {
  it('each become one of sent, failed or unknown, nobody twice, at the platform’s pace, over a crash and a pause, and replies go meanwhile', async () => {
    const count = 10_000
    await addPeople(world.store, people(count))
    await addPeople(world.store, ['asker'], { isSubscribed: false })
    const delivered = new Map<string, number>()
    const rate = { perSecond: 30, burst: 30 }
    const open = (): ScriptedChannel => {
      const channel = new ScriptedChannel(time, { rate })
      channel.answer = (message, place) => {
        const number = Number(/\d+$/.exec(message.conversation.externalId)?.[0] ?? 0)
        if (place % 20 === 0) return { outcome: 'retry', reason: '429', afterMs: 200, pausesAccount: true }
        if (number % 50 === 7) return { outcome: 'recipient_gone', reason: '403 blocked' }
        delivered.set(message.key, (delivered.get(message.key) ?? 0) + 1)
        if (number % 100 === 3) return { outcome: 'unknown', reason: 'time-out' }
        return { outcome: 'sent' }
      }
      return channel
    }
    const id = await announce()
    const services = { store: world.store, now: () => time.now(), wakeOutbox: () => undefined, areas: [] }
    const startedAt = time.now().getTime()
    await start(open())
    await time.advance(60_000)
    // A crash: nothing that it holds is noted, and none of its timers rings again.
    running.pop()
    time = new VirtualTime(time.now().toISOString())
    store = time.watch(world.store)
    const restartedAt = time.now().getTime()
    const second = open()
    const outbox = await start(second)
    await time.advance(60_000)
    await changeAnnouncement(services, { id, action: 'pause', by: 'li' })
    await time.advance(30_000)
    const paused = delivered.size
    await time.advance(30_000)
    expect(delivered.size).toBe(paused)
    await changeAnnouncement(services, { id, action: 'resume', by: 'li' })
    await time.advance(10_000)

    const askedAt = time.now().getTime()
    await queue('c-asker', '10%以上。')
    outbox.wake()
    await time.advance(2_000)
    expect(second.sent.some(({ text, atMs }) => text === '10%以上。' && restartedAt + atMs <= askedAt + 2_000)).toBe(true)

    let finishedAt = 0
    for (let waited = 0; waited < 1_200_000 && finishedAt === 0; waited += 5_000) {
      await time.advance(5_000)
      if ((await findAnnouncement(services, id))?.progress.open === 0) finishedAt = time.now().getTime()
    }
    const progress = (await findAnnouncement(services, id))?.progress
    expect(progress).toMatchObject({ total: count, open: 0 })
    expect((progress?.sent ?? 0) + (progress?.failed ?? 0) + (progress?.unknown ?? 0) + (progress?.optedOut ?? 0)).toBe(count)
    expect([...delivered.values()].every((times) => times === 1)).toBe(true)
    // What the platform's refusals, the crash (its leases of 20 s) and the pause of a minute cost is known; the rest is its own pace.
    const attempts = count * 1.05
    const refusals = count * 0.05 * 200
    const floorMs = (attempts / rate.perSecond) * 1_000 + refusals
    expect((finishedAt - startedAt - 60_000) / floorMs).toBeLessThan(1.02)
  }, 300_000)
})
