import { describe, expect, it } from 'vitest'
import { names, useOutboxStage } from './stage.ts'
import { addPeople } from './world.ts'

const stage = useOutboxStage()

describe('the order of sending', () => {
  it('is replies before notices before announcements', async () => {
    await addPeople(stage.store, ['a', 'b', 'c'])
    await stage.announce()
    await stage.queue('c-a', 'notice', { priority: 'notice', kind: 'notice' })
    await stage.queue('c-b', 'reply')
    const channel = stage.channel({ rate: { perSecond: 1, burst: 1 } })
    await stage.start([channel])
    await stage.time.advance(6_000)
    expect(channel.texts).toEqual(['reply', 'notice', '明天停水', '明天停水', '明天停水'])
  })

  it('is that of queueing within a conversation, also when the platform is slow', async () => {
    await addPeople(stage.store, ['a', 'b'])
    for (const text of ['1', '2', '3']) await stage.queue('c-a', text)
    await stage.queue('c-b', 'other')
    const channel = stage.channel()
    channel.answer = () => stage.time.wait(1_000).then(() => ({ outcome: 'sent' }))
    await stage.start([channel])
    await stage.time.advance(2_999)
    expect(channel.sent.map((one) => [one.text, one.atMs])).toEqual([['1', 0], ['other', 0], ['2', 1_000], ['3', 2_000]])
  })

  it('holds later messages back while an earlier one waits for its next attempt, but not those to others', async () => {
    await addPeople(stage.store, ['a', 'b'])
    await stage.queue('c-a', '1')
    await stage.queue('c-a', '2')
    await stage.queue('c-b', 'other')
    const channel = stage.channel()
    channel.answer = (message, count) => (message.text === '1' && count === 1 ? { outcome: 'retry', reason: 'busy', afterMs: 4_000 } : { outcome: 'sent' })
    await stage.start([channel])
    await stage.time.advance(3_000)
    expect(channel.texts).toEqual(['1', 'other'])
    await stage.time.advance(1_500)
    expect(channel.texts).toEqual(['1', 'other', '1', '2'])
  })
})

describe('rates', () => {
  it('are kept, without a burst at the start', async () => {
    await addPeople(stage.store, names(200))
    await stage.announce()
    const channel = stage.channel({ rate: { perSecond: 30, burst: 30 } })
    await stage.start([channel])
    await stage.time.advance(3_000)
    expect(channel.sent.length).toBeGreaterThanOrEqual(88)
    for (let from = 0; from < 3_000; from += 250) expect(channel.sent.filter((one) => one.atMs >= from && one.atMs < from + 1_000).length).toBeLessThanOrEqual(31)
  })

  it('slow for announcements do not slow replies', async () => {
    await addPeople(stage.store, ['a', 'b', 'c', 'd'])
    await stage.announce()
    const channel = stage.channel({ rate: { perSecond: 10, burst: 10 }, announcementRate: { perSecond: 1 / 3, burst: 1 } })
    const outbox = await stage.start([channel])
    await stage.time.advance(4_000)
    for (const text of ['1', '2', '3']) await stage.queue('c-d', text)
    await stage.wake(outbox)
    await stage.time.advance(200)
    expect(channel.sent.filter((one) => one.text !== '明天停水').map((one) => one.text)).toEqual(['1', '2', '3'])
    await stage.time.advance(10_000)
    const times = channel.sent.filter((one) => one.text === '明天停水').map((one) => one.atMs)
    expect(times).toHaveLength(4)
    for (const [index, at] of times.entries()) if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(2_999)
  })

  it('are each account’s own', async () => {
    await addPeople(stage.store, ['a', 'b', 'c'])
    await addPeople(stage.store, ['x', 'y'], { channel: 'web' })
    const slow = stage.channel({ rate: { perSecond: 1, burst: 1 } })
    const web = stage.channel({ id: 'web' })
    await stage.announce()
    await stage.start([slow, web])
    await stage.time.advance(500)
    expect([slow.sent.length, web.sent.length]).toEqual([0, 2])
  })
})
