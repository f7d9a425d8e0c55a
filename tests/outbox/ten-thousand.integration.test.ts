import { describe, expect, it } from 'vitest'
import { names, useOutboxStage } from './stage.ts'
import { addPeople } from './world.ts'

const stage = useOutboxStage()

describe('Ten thousand recipients', () => {
  it('each become one of sent, failed or unknown, nobody twice, at the platform’s pace, over a crash and a pause, and replies go meanwhile', async () => {
    const count = 10_000
    await addPeople(stage.store, names(count))
    await addPeople(stage.store, ['asker'], { isSubscribed: false })
    const delivered = new Map<string, number>()
    const rate = { perSecond: 30, burst: 30 }
    const open = () => {
      const channel = stage.channel({ rate })
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
    const id = await stage.announce()
    const startedAt = stage.time.now().getTime()
    await stage.start([open()])
    await stage.time.advance(60_000)
    stage.crash()
    const restartedAt = stage.time.now().getTime()
    const second = open()
    const outbox = await stage.start([second])
    await stage.time.advance(60_000)
    await stage.act(id, 'pause')
    await stage.time.advance(30_000)
    const paused = delivered.size
    await stage.time.advance(30_000)
    expect(delivered.size).toBe(paused)
    await stage.act(id, 'resume')
    await stage.time.advance(10_000)

    const askedAt = stage.time.now().getTime()
    await stage.queue('c-asker', '10%以上。')
    outbox.wake()
    await stage.time.advance(2_000)
    expect(second.sent.some(({ text, atMs }) => text === '10%以上。' && restartedAt + atMs <= askedAt + 2_000)).toBe(true)

    let finishedAt = 0
    for (let waited = 0; waited < 1_200_000 && finishedAt === 0; waited += 5_000) {
      await stage.time.advance(5_000)
      if ((await stage.progressOf(id)).open === 0) finishedAt = stage.time.now().getTime()
    }
    const progress = await stage.progressOf(id)
    expect(progress).toMatchObject({ total: count, open: 0 })
    expect((progress.sent ?? 0) + (progress.failed ?? 0) + (progress.unknown ?? 0) + (progress.optedOut ?? 0)).toBe(count)
    expect([...delivered.values()].every((times) => times === 1)).toBe(true)
    // Hundreds of refusals and time-outs are a line each, and one more after the crash.
    for (const fault of ['told-to-wait', 'recipient-gone', 'arrival-unknown']) expect(stage.log.faults().filter((line) => line.fault === fault)).toHaveLength(2)
    // What the platform's refusals, the crash (its leases of 20 s) and the pause of a minute cost is known; the rest is its own pace.
    const attempts = count * 1.05
    const refusals = count * 0.05 * 200
    const floorMs = (attempts / rate.perSecond) * 1_000 + refusals
    expect((finishedAt - startedAt - 60_000) / floorMs).toBeLessThan(1.02)
  }, 300_000)
})
