import { describe, expect, it } from 'vitest'
import { names, useOutboxStage } from './stage.ts'
import { addPeople } from './world.ts'

const stage = useOutboxStage()

const TELEGRAM = { rate: { perSecond: 29.5, burst: 4, most: { sends: 30, withinMs: 1_010 } } }
const ANNOUNCED = '明天停水'

/** How many sends the busiest second had. */
const busiestSecond = (times: readonly number[]): number => Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length))

describe('Rows are claimed ahead and let go by the clock', () => {
  it.each([0, 60, 150])('an announcement keeps the platform’s pace when a write takes %i ms, and never goes beyond it', async (writeMs) => {
    await addPeople(stage.store, names(300))
    const channel = stage.channel(TELEGRAM)
    channel.answer = () => stage.time.wait(40).then(() => ({ outcome: 'sent' }))
    const id = await stage.announce()
    await stage.start([channel], { writeMs })
    await stage.time.advance(11_500)
    expect(channel.sent).toHaveLength(300)
    const times = channel.sent.map(({ atMs }) => atMs)
    expect(300 / ((Math.max(...times) - Math.min(...times)) / 1_000)).toBeGreaterThan(29)
    expect(busiestSecond(times)).toBeLessThanOrEqual(30)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 300 })
  })

  it('a reply goes before what of an announcement waits for the clock', async () => {
    await addPeople(stage.store, names(100))
    await addPeople(stage.store, ['asker'], { isSubscribed: false })
    const channel = stage.channel({ rate: { perSecond: 5, burst: 1 } })
    await stage.announce()
    const outbox = await stage.start([channel], { writeMs: 150 })
    await stage.time.advance(3_000)
    await stage.queue('c-asker', '您好')
    await stage.wake(outbox)
    await stage.time.advance(510)
    expect(channel.texts).toContain('您好')
  })

  it('what a killed process had claimed and not let go is a moment of sending: the others go on within 30 s, and nobody gets it twice', async () => {
    await addPeople(stage.store, names(200))
    const id = await stage.announce()
    const channel = stage.channel(TELEGRAM)
    await stage.start([channel])
    await stage.time.advance(2_000)
    stage.crash()
    const before = channel.sent.length
    const crashedAt = stage.time.now().getTime()
    const second = stage.channel(TELEGRAM)
    await stage.start([second])
    await stage.time.advance(30_000)
    const progress = await stage.progressOf(id)
    expect(progress).toMatchObject({ status: 'finished', open: 0 })
    expect(progress.unknown).toBeLessThanOrEqual(30 * 0.5)
    const everybody = [...channel.sent, ...second.sent].map(({ to }) => to)
    expect(new Set(everybody).size).toBe(everybody.length)
    expect(everybody.length).toBeGreaterThanOrEqual(200 - 15)
    expect([before > 0, stage.time.now().getTime() - crashedAt]).toEqual([true, 30_000])
  })

  it('a stop in good order puts back what was not let go, as if it had never been claimed', async () => {
    await addPeople(stage.store, names(50))
    const id = await stage.announce()
    const channel = stage.channel(TELEGRAM)
    const outbox = await stage.start([channel])
    await stage.time.advance(500)
    await stage.stop(outbox)
    const sent = channel.sent.length
    expect(await stage.progressOf(id)).toMatchObject({ sent, open: 50 - sent, unknown: 0 })
    expect((await stage.rows()).filter(({ status }) => status === 'queued').every(({ attempts }) => attempts === 0)).toBe(true)
  })

  it('who writes 退订 while the platform wants a pause gets nothing after it', async () => {
    await addPeople(stage.store, names(40))
    await stage.announce()
    const channel = stage.channel(TELEGRAM)
    channel.answer = (_, count) => (count === 10 ? { outcome: 'retry', reason: '429', afterMs: 5_000, pausesAccount: true } : { outcome: 'sent' })
    await stage.start([channel])
    await stage.time.advance(2_000)
    expect(channel.sent).toHaveLength(10)
    const reached = new Set(channel.sent.slice(0, 9).map(({ to }) => to))
    const left = names(40).filter((name) => !reached.has(`x-${name}`))
    await stage.store.write((transaction) => transaction.person.updateMany({ where: { id: { in: left } }, data: { isSubscribed: false } }))
    await stage.time.advance(10_000)
    expect(channel.sent).toHaveLength(10)
  })

  it('nothing claimed before the quiet hours goes in them', async () => {
    stage.beginAt('2026-11-24T13:29:55Z')
    await addPeople(stage.store, names(300))
    await stage.announce()
    const channel = stage.channel(TELEGRAM)
    await stage.start([channel], { quietHours: { fromMinutes: 21 * 60 + 30, toMinutes: 7 * 60 + 30 }, writeMs: 60 })
    await stage.time.advance(20_000)
    expect(channel.sent.length).toBeGreaterThan(100)
    expect(channel.sent.filter(({ atMs }) => atMs >= 5_000)).toEqual([])
  })
})

describe('What paces sending is sending', () => {
  it('trouble in receiving does not: an announcement goes on as ever while polling is refused', async () => {
    await addPeople(stage.store, names(120))
    await stage.announce()
    const channel = stage.channel(TELEGRAM)
    channel.answer = () => stage.time.wait(100).then(() => ({ outcome: 'sent' }))
    channel.state = 'degraded'
    await stage.start([channel])
    await stage.time.advance(4_500)
    expect(channel.texts.filter((text) => text === ANNOUNCED)).toHaveLength(120)
  })

  it('what one 429 puts off is over when its retry_after is: the next goes that moment, at the full pace, also while polling is refused too', async () => {
    await addPeople(stage.store, names(150))
    await stage.announce()
    const channel = stage.channel(TELEGRAM)
    let refusedAt = 0
    channel.answer = (_, count) => {
      if (count !== 40) return { outcome: 'sent' }
      refusedAt = channel.sent.at(-1)?.atMs ?? 0
      channel.state = 'degraded'
      return { outcome: 'retry', reason: '429 Too Many Requests: retry after 3', afterMs: 3_000, pausesAccount: true }
    }
    await stage.start([channel], { writeMs: 20 })
    await stage.time.advance(10_000)
    const after = channel.sent.slice(40).map(({ atMs }) => atMs - refusedAt)
    expect(after).toHaveLength(111)
    expect(after[0]).toBe(3_000)
    expect(after.at(-1)).toBeLessThan(3_000 + (111 / 29.5) * 1_000 + 100)
  })
})
