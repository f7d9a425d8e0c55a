import { describe, expect, it } from 'vitest'
import { names, useOutboxStage } from './stage.ts'
import { addPeople } from './world.ts'

const stage = useOutboxStage()

describe('an account in trouble', () => {
  it('T6: a 429 with retry_after in the middle of an announcement, then a restart: nothing goes before it is over, and everybody gets it once', async () => {
    await addPeople(stage.store, names(60))
    const id = await stage.announce()
    const channel = stage.channel({ rate: { perSecond: 10, burst: 1 } })
    let refusedAt = 0
    channel.answer = (_, count) => {
      if (count !== 30) return { outcome: 'sent' }
      refusedAt = channel.sent.at(-1)?.atMs ?? 0
      return { outcome: 'retry', reason: '429 Too Many Requests: retry after 40', afterMs: 40_000, pausesAccount: true }
    }
    const first = await stage.start([channel])
    await stage.time.advance(10_000)
    await stage.stop(first)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'sending', total: 60, sent: 29, open: 31 })
    await stage.start([channel])
    await stage.time.advance(60_000)
    const after = channel.sent.slice(30)
    expect(Math.min(...after.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(refusedAt + 40_000)
    const reached = [...channel.sent.slice(0, 29), ...after].map(({ to }) => to)
    expect(reached.sort()).toEqual(names(60).map((name) => `x-${name}`).sort())
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', total: 60, sent: 60, open: 0 })
  })

  it('waits as long as the platform says, also after a restart', async () => {
    await addPeople(stage.store, ['a', 'b'])
    await addPeople(stage.store, ['w'], { channel: 'web' })
    await stage.queue('c-a', 'x')
    const channel = stage.channel()
    channel.answer = (_, count) => (count === 1 ? { outcome: 'retry', reason: '429', afterMs: 60_000, pausesAccount: true } : { outcome: 'sent' })
    const first = await stage.start([channel])
    await stage.stop(first)
    await stage.queue('c-b', 'y')
    await stage.queue('c-w', 'z')
    const web = stage.channel({ id: 'web' })
    await stage.start([channel, web])
    await stage.time.advance(59_000)
    expect([channel.sent.length, web.sent.length]).toEqual([1, 1])
    await stage.time.advance(2_000)
    expect(channel.sent.map((one) => one.text)).toEqual(['x', 'x', 'y'])
    expect(await stage.statuses()).toEqual(['sent', 'sent', 'sent'])
  })

  it('T7: loses no message while the network is dead for ten minutes, and goes on within 30 s of its return', async () => {
    await addPeople(stage.store, names(50))
    const id = await stage.announce()
    const channel = stage.channel({ rate: { perSecond: 30, burst: 30 } })
    let isDead = true
    channel.answer = () => (isDead ? { outcome: 'retry', reason: 'no connection' } : { outcome: 'sent' })
    await stage.start([channel])
    await stage.time.advance(10 * 60_000)
    expect(channel.sent.length).toBeLessThan(120)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'sending', total: 50, open: 50, failed: 0, unknown: 0 })
    isDead = false
    const before = channel.sent.length
    await stage.time.advance(30_000)
    expect(channel.sent.slice(before).map(({ to }) => to).sort()).toEqual(names(50).map((name) => `x-${name}`).sort())
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', total: 50, sent: 50 })
  })

  it('does not spend the whole audience on time-outs', async () => {
    await addPeople(stage.store, names(500))
    const id = await stage.announce()
    const channel = stage.channel({ rate: { perSecond: 30, burst: 30 } })
    channel.answer = () => stage.time.wait(20_000).then(() => ({ outcome: 'unknown', reason: 'time-out' }))
    await stage.start([channel])
    await stage.time.advance(5 * 60_000)
    expect((await stage.progressOf(id)).unknown).toBeLessThan(60)
  })

  it('is not tried while its channel is not logged in, and goes on once it is', async () => {
    await addPeople(stage.store, ['a'])
    await stage.queue('c-a', 'x')
    const channel = stage.channel()
    channel.state = 'needs_login'
    await stage.start([channel])
    await stage.time.advance(5 * 60_000)
    expect(channel.sent).toEqual([])
    channel.state = 'online'
    await stage.time.advance(5_000)
    expect(channel.texts).toEqual(['x'])
  })
})

describe('the worker', () => {
  it('sleeps when there is nothing to do', async () => {
    await stage.start([stage.channel({ rate: { perSecond: 30, burst: 30 } })])
    stage.time.sleeps = 0
    await stage.time.advance(60_000)
    expect(stage.time.sleeps).toBeLessThanOrEqual(15)
  })

  it('goes on when the database answers again', async () => {
    await addPeople(stage.store, ['a'])
    const channel = stage.channel()
    let isBroken = true
    await stage.start([channel], { store: { ...stage.store, write: (job) => (isBroken ? Promise.reject(new Error('disk I/O error')) : stage.store.write(job)) } })
    await stage.queue('c-a', 'x')
    await stage.time.advance(60_000)
    expect(channel.sent).toEqual([])
    expect(stage.log.faults()).toMatchObject([{ fault: 'outbox-pass' }])
    isBroken = false
    await stage.time.advance(15_000)
    expect(channel.texts).toEqual(['x'])
  })

  it('sends nothing twice when the result could not be noted at first', async () => {
    await addPeople(stage.store, ['a'])
    await stage.queue('c-a', 'x')
    const channel = stage.channel()
    let isBroken = false
    channel.answer = () => {
      isBroken = true
      return { outcome: 'sent' }
    }
    await stage.start([channel], { store: { ...stage.store, write: (job) => (isBroken ? Promise.reject(new Error('disk I/O error')) : stage.store.write(job)) } })
    await stage.time.advance(120_000)
    expect(await stage.statuses()).toEqual(['sending'])
    isBroken = false
    await stage.time.advance(20_000)
    expect(await stage.statuses()).toEqual(['sent'])
    expect(channel.sent).toHaveLength(1)
  })
})
