import { describe, expect, it } from 'vitest'
import { names, useOutboxStage } from './stage.ts'
import { addGroup, addPeople } from './world.ts'

const stage = useOutboxStage()

describe('The pace of one conversation', () => {
  const conversationRate = { private: { perSecond: 1, burst: 1 }, group: { perSecond: 20 / 60, burst: 20 } }

  it('is kept in a private one, while others are not held up', async () => {
    await addPeople(stage.store, ['an', 'bo'])
    const channel = stage.channel({ conversationRate })
    for (const text of ['一', '二', '三']) await stage.queue('c-an', text)
    await stage.queue('c-bo', '甲')
    await stage.start([channel])
    await stage.time.advance(5_000)
    expect(channel.sent.map(({ text, atMs }) => [text, Math.floor(atMs / 1_000)])).toEqual([['一', 0], ['甲', 0], ['二', 1], ['三', 2]])
  })

  it('is kept in a group: twenty a minute, then the next when the first is a minute old', async () => {
    await addGroup(stage.store, 'g')
    const channel = stage.channel({ conversationRate })
    for (let count = 0; count < 25; count += 1) await stage.queue('c-g', `第${count}句`)
    await stage.start([channel])
    await stage.time.advance(50_000)
    expect(channel.sent).toHaveLength(20)
    await stage.time.advance(30_000)
    expect(channel.sent).toHaveLength(25)
  })

  it('is not forgotten by a restart', async () => {
    await addPeople(stage.store, ['an'])
    await stage.queue('c-an', '一')
    const first = await stage.start([stage.channel({ conversationRate: { ...conversationRate, private: { perSecond: 1 / 60, burst: 1 } } })])
    await stage.time.advance(1_000)
    const channel = stage.channel({ conversationRate: { ...conversationRate, private: { perSecond: 1 / 60, burst: 1 } } })
    await stage.queue('c-an', '二')
    await stage.stop(first)
    await stage.start([channel])
    await stage.time.advance(50_000)
    expect(channel.texts).toEqual([])
    await stage.time.advance(15_000)
    expect(channel.texts).toEqual(['二'])
  })
})

describe('Limits an hour and a day', () => {
  it('hold announcements back over a restart, and never replies', async () => {
    await addPeople(stage.store, names(8))
    const limits = { announcementLimits: { perHour: 3, perDay: 5 } }
    const first = stage.channel(limits)
    const id = await stage.announce()
    const outbox = await stage.start([first])
    await stage.time.advance(60_000)
    expect(first.sent).toHaveLength(3)
    await stage.queue('c-p7', '已登记')
    await stage.time.advance(10_000)
    expect(first.texts.at(-1)).toBe('已登记')
    await stage.stop(outbox)

    const second = stage.channel(limits)
    await stage.start([second])
    await stage.time.advance(3_600_000)
    // Two more make five a day, although a third would be within the hour.
    expect(second.sent).toHaveLength(2)
    expect(await stage.progressOf(id)).toMatchObject({ sent: 5, open: 3 })
    expect(new Set([...first.sent, ...second.sent].map(({ key }) => key)).size).toBe(first.sent.length + second.sent.length)
  }, 120_000)
})

describe('A platform that lets nobody write first', () => {
  it('T23: an announcement waits while the window is closed, says why, is shown as open, and goes once the resident has written again', async () => {
    await addPeople(stage.store, ['an'])
    const channel = stage.channel({ proactiveWindowMs: 3_600_000 })
    const id = await stage.announce()
    await stage.start([channel])
    await stage.time.advance(600_000)
    expect(channel.sent).toEqual([])
    expect(await stage.rows()).toMatchObject([{ status: 'queued', attempts: 0, error: expect.stringContaining('window:') as string }])
    expect(await stage.progressOf(id)).toMatchObject({ status: 'sending', total: 1, open: 1, failed: 0 })

    await stage.hear('an')
    await stage.time.advance(120_000)
    expect(channel.sent).toMatchObject([{ to: 'x-an', text: '明天停水' }])
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 1, open: 0 })
  })
})

describe('A group that nobody has bound', () => {
  it('gets replies only where strangers can pull the account into groups, and notices too where they cannot', async () => {
    await addGroup(stage.store, 'g', { isBound: false })
    const [silent, open] = [stage.channel({ silentUntilBound: true }), stage.channel()]
    await stage.queue('c-g', '绑定码不对', { priority: 'reply' })
    await stage.queue('c-g', '已派单', { priority: 'notice' })
    const first = await stage.start([silent])
    await stage.time.advance(5_000)
    expect(silent.texts).toEqual(['绑定码不对'])
    expect((await stage.rows())[1]).toMatchObject({ status: 'failed', error: expect.stringContaining('unbound') as string })
    await stage.stop(first)
    await stage.queue('c-g', '办好了', { priority: 'notice' })
    await stage.start([open])
    await stage.time.advance(5_000)
    expect(open.texts).toEqual(['办好了'])
  })
})

describe('The pace of a personal WeChat account', () => {
  it('lets fifteen announcements go in a minute, one after the other, and a reply at once', async () => {
    await addPeople(stage.store, names(40))
    const channel = stage.channel({ rate: { perSecond: 1, burst: 5 }, announcementRate: { perSecond: 0.25, burst: 1 } })
    await stage.announce()
    const outbox = await stage.start([channel])
    await stage.time.advance(30_000)
    await stage.queue('c-p39', '您好', { priority: 'reply' })
    await stage.wake(outbox)
    await stage.time.advance(29_000)
    const announced = channel.sent.filter(({ text }) => text === '明天停水').map(({ atMs }) => atMs)
    expect(announced.length).toBeGreaterThanOrEqual(14)
    expect(announced.length).toBeLessThanOrEqual(15)
    for (const [index, atMs] of announced.slice(1).entries()) expect(atMs - (announced[index] ?? 0)).toBeGreaterThanOrEqual(3_000)
    expect(channel.sent.find(({ text }) => text === '您好')?.atMs).toBeLessThan(32_000)
  })
})
