import { beforeEach, describe, expect, it } from 'vitest'
import { useOutboxStage } from './stage.ts'
import { addGroup, addPeople } from './world.ts'

const stage = useOutboxStage()

describe('what the platform answers', () => {
  beforeEach(() => addPeople(stage.store, ['a', 'b', 'c']))

  it('is stored: sent with its id and time, failed and unknown with the reason', async () => {
    await stage.queue('c-a', 'fine')
    await stage.queue('c-b', 'refused')
    await stage.queue('c-c', 'gone')
    const channel = stage.channel()
    channel.answer = ({ text }) =>
      text === 'fine' ? { outcome: 'sent', platformMessageId: 'm1' } : text === 'refused' ? { outcome: 'rejected', reason: 'too odd' } : { outcome: 'recipient_gone', reason: 'blocked' }
    await stage.start([channel])
    await stage.time.advance(60_000)
    expect(channel.sent).toHaveLength(3)
    expect(await stage.rows()).toMatchObject([
      { status: 'sent', platformMessageId: 'm1', sentAt: new Date('2026-11-24T02:00:00Z'), attempts: 1, error: null, leaseUntil: null },
      { status: 'failed', error: 'rejected: too odd', sentAt: null },
      { status: 'failed', error: 'recipient_gone: blocked', sentAt: null },
    ])
  })

  it('"come again" is tried with growing waits, and given up after eight attempts', async () => {
    await stage.queue('c-a', 'x')
    const channel = stage.channel()
    channel.answer = () => ({ outcome: 'retry', reason: '500' })
    await stage.start([channel])
    await stage.time.advance(20 * 60_000)
    const times = channel.sent.map((one) => one.atMs)
    expect(times).toHaveLength(8)
    const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    for (const [index, wait] of waits.entries()) if (index > 0) expect(wait).toBeGreaterThan(waits[index - 1] ?? 0)
    expect(await stage.rows()).toMatchObject([{ status: 'failed', attempts: 8, error: 'gave_up: 500' }])
  })

  it('T8: a time-out after the platform took it is unknown, shown as such, and never sent again, also not after a restart', async () => {
    const id = await stage.announce()
    const channel = stage.channel()
    // The platform has it, and its answer is lost.
    channel.answer = ({ conversation }) => (conversation.externalId === 'x-b' ? { outcome: 'unknown', reason: 'time-out' } : { outcome: 'sent' })
    const first = await stage.start([channel])
    await stage.time.advance(10 * 60_000)
    await stage.stop(first)
    await stage.start([channel])
    await stage.time.advance(10 * 60_000)
    expect(channel.sent.map(({ to }) => to)).toEqual(['x-a', 'x-b', 'x-c'])
    expect(await stage.rows()).toMatchObject([{ status: 'sent' }, { status: 'unknown', attempts: 1, error: 'unknown: time-out' }, { status: 'sent' }])
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 2, unknown: 1, open: 0 })
  })

  it('nothing at all for a minute counts as unknown, and the conversation goes on', async () => {
    await stage.queue('c-a', '1')
    await stage.queue('c-a', '2')
    const channel = stage.channel()
    channel.answer = ({ text }) => (text === '1' ? stage.time.wait(10 * 60_000).then(() => ({ outcome: 'sent' })) : { outcome: 'sent' })
    await stage.start([channel])
    await stage.time.advance(59_000)
    expect(await stage.statuses()).toEqual(['sending', 'queued'])
    await stage.time.advance(2_000)
    expect(await stage.statuses()).toEqual(['unknown', 'sent'])
  })

  it('a mistake in a channel counts as unknown', async () => {
    await stage.queue('c-a', 'x')
    const channel = stage.channel()
    channel.answer = () => Promise.reject(new Error('boom'))
    await stage.start([channel])
    expect(await stage.statuses()).toEqual(['unknown'])
  })

  it('a group’s new id is kept for the next message', async () => {
    await addGroup(stage.store, 'g')
    await stage.queue('c-g', '1')
    await stage.queue('c-g', '2')
    const channel = stage.channel()
    channel.answer = (_, count) => (count === 1 ? { outcome: 'sent', movedTo: 'new-id' } : { outcome: 'sent' })
    await stage.start([channel])
    expect(channel.sent.map((one) => one.to)).toEqual(['x-g', 'new-id'])
  })

  it('a message whose time is over is not sent', async () => {
    await stage.queue('c-a', 'late', { notBefore: new Date('2026-11-24T02:01:00Z'), expiresAt: new Date('2026-11-24T02:00:30Z') })
    const channel = stage.channel()
    await stage.start([channel])
    await stage.time.advance(120_000)
    expect(channel.sent).toEqual([])
    expect(await stage.statuses()).toEqual(['expired'])
  })
})
