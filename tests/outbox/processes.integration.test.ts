import { describe, expect, it } from 'vitest'
import { createLeasedChannel } from '../../src/channels/leased.ts'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { acquireLease, releaseLease } from '../../src/store/channels/channel-accounts.ts'
import type { Store } from '../../src/store/engine/store.ts'
import { names, useOutboxStage } from './stage.ts'
import type { ScriptedChannel } from './virtual.ts'
import { addPeople } from './world.ts'

const stage = useOutboxStage()

/** The platform as one process sees it: `connected` holds who has a connection at the moment. */
function leasedOver(platform: ScriptedChannel, store: Store, owner: string, connected: Set<string>): Channel {
  const { id, account, capabilities } = platform
  const inner: Channel = { id, account, capabilities, start: async () => void connected.add(owner), stop: async () => void connected.delete(owner), send: (message) => platform.send(message), status: () => platform.status() }
  const key = { channel: id, account, owner }
  const lease = {
    // As long as the test: its clock runs faster than the real one that renews.
    acquire: () => acquireLease(store, { ...key, now: stage.time.now(), until: new Date(stage.time.now().getTime() + 3_600_000), isGone: () => false }),
    release: () => releaseLease(store, key),
  }
  return createLeasedChannel(inner, lease, stage.log.log, stage.time.now, 20)
}

describe('a process that dies', () => {
  it('T3: after a message left and before that was noted: it is unknown, nobody gets it twice, and the conversation goes on', async () => {
    await addPeople(stage.store, ['a'])
    await stage.queue('c-a', 'x')
    await stage.queue('c-a', 'y')
    const channel = stage.channel()
    channel.answer = () => new Promise(() => undefined)
    await stage.start([channel])
    channel.answer = () => ({ outcome: 'sent' })
    stage.crash()
    await stage.start([channel])
    await stage.time.advance(30_000)
    expect(channel.sent.map(({ to, text }) => [to, text])).toEqual([['x-a', 'x'], ['x-a', 'y']])
    expect(await stage.rows()).toMatchObject([{ text: 'x', status: 'unknown', attempts: 1, error: expect.stringContaining('unknown:') as string }, { text: 'y', status: 'sent' }])
  })

  it('loses nothing on channels whose readers fetch', async () => {
    await addPeople(stage.store, ['a'], { channel: 'web' })
    await stage.queue('c-a', 'x')
    const web = stage.channel({ id: 'web', pulls: true })
    web.answer = () => new Promise(() => undefined)
    await stage.start([web])
    web.answer = () => ({ outcome: 'sent' })
    stage.crash()
    await stage.start([web])
    await stage.time.advance(30_000)
    expect(await stage.statuses()).toEqual(['sent'])
  })
})

describe('two processes on one store', () => {
  it('T5: have one connection between them, and each recipient gets an announcement once', async () => {
    await addPeople(stage.store, names(300))
    const id = await stage.announce()
    const stores: [Store, Store] = [stage.store, await stage.reopen()]
    const platform = stage.channel()
    const connected = new Set<string>()
    const channels = stores.map((store, index) => leasedOver(platform, store, `process ${index}`, connected))
    for (const channel of channels) await channel.start(async () => undefined)
    expect([...connected]).toEqual(['process 0'])
    for (const [index, store] of stores.entries()) await stage.start(channels.slice(index, index + 1), { store })
    await stage.time.advance(60_000)
    expect(new Set(platform.sent.map((one) => one.to)).size).toBe(300)
    expect(platform.sent).toHaveLength(300)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 300, total: 300 })
    expect(connected.size).toBe(1)
    for (const channel of channels) await channel.stop()
  })

  it('never send one message twice, even where both are connected', async () => {
    await addPeople(stage.store, names(300))
    const id = await stage.announce()
    const store2 = await stage.reopen()
    const channel = stage.channel()
    await Promise.all([stage.start([channel]), stage.start([channel], { store: store2 })])
    await stage.time.advance(30_000)
    expect(new Set(channel.sent.map((one) => one.to)).size).toBe(300)
    expect(channel.sent).toHaveLength(300)
    expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 300, total: 300 })
  })

  it('leave alone a message whose lease is kept up', async () => {
    await addPeople(stage.store, ['a'])
    await stage.queue('c-a', 'x')
    const channel = stage.channel()
    channel.answer = () => stage.time.wait(50_000).then(() => ({ outcome: 'sent' }))
    await stage.start([channel])
    await stage.start([channel])
    await stage.time.advance(49_000)
    expect(await stage.statuses()).toEqual(['sending'])
    await stage.time.advance(2_000)
    expect(await stage.statuses()).toEqual(['sent'])
    expect(channel.sent).toHaveLength(1)
  })
})
