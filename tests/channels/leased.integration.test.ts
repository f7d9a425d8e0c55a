import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLeasedChannel } from '../../src/channels/leased.ts'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { acquireLease, releaseLease } from '../../src/store/channels/channel-accounts.ts'
import type { Store } from '../../src/store/engine/store.ts'
import { openTestStore, silentLog } from '../outbox/world.ts'
import { ScriptedChannel, VirtualTime } from '../outbox/virtual.ts'
import { eventually, outgoing } from './contract.ts'

const toSomebody = { kind: 'private', externalId: 'x' } as const
const RENEW_MS = 20

let world: Awaited<ReturnType<typeof openTestStore>>
let clock: { now: Date }
beforeEach(async () => {
  world = await openTestStore()
  clock = { now: new Date('2026-11-24T02:00:00Z') }
})
afterEach(() => world.close())

/** One process: how often its channel was started and stopped, and the channel as the service sees it. */
function openProcess(store: Store, owner: string, gone: string[] = []): { leased: Channel; connections: number } {
  const process = { connections: 0 } as { leased: Channel; connections: number }
  const inner = new ScriptedChannel(new VirtualTime(clock.now.toISOString()))
  inner.start = async () => void (process.connections += 1)
  inner.stop = async () => void (process.connections -= 1)
  const key = { channel: 'fake', account: 'a1', owner }
  const lease = {
    acquire: () => acquireLease(store, { ...key, now: clock.now, until: new Date(clock.now.getTime() + 20_000), isGone: (other) => gone.includes(other) }),
    release: () => releaseLease(store, key),
  }
  process.leased = createLeasedChannel(inner, lease, silentLog, () => clock.now, RENEW_MS)
  return process
}

const nothing = async (): Promise<void> => undefined

describe('A channel account that two processes want', () => {
  it('is connected by one; the other waits, sends nothing, and takes over when the first stops', async () => {
    const [first, second] = [openProcess(world.store, 'first'), openProcess(await world.reopen(), 'second')]
    await first.leased.start(nothing)
    await second.leased.start(nothing)
    expect([first.connections, second.connections]).toEqual([1, 0])
    expect(second.leased.status()).toMatchObject({ state: 'stopped', detail: expect.stringContaining('另一个邻里程序') as string })
    expect((await second.leased.send(outgoing(toSomebody, '您好'))).outcome).toBe('retry')
    expect((await first.leased.send(outgoing(toSomebody, '您好'))).outcome).toBe('sent')
    await first.leased.stop()
    await eventually(() => second.connections === 1, 'the second takes over')
    expect(first.connections).toBe(0)
    await second.leased.stop()
  })

  it('is taken over within the lease after a crash, and at once when the holder is known to be gone', async () => {
    const crashed = openProcess(world.store, 'crashed')
    await crashed.leased.start(nothing)
    const waiting = openProcess(world.store, 'waiting')
    await crashed.leased.stop()
    await acquireLease(world.store, { channel: 'fake', account: 'a1', owner: 'crashed', now: clock.now, until: new Date(clock.now.getTime() + 20_000), isGone: () => false })
    await waiting.leased.start(nothing)
    expect(waiting.connections).toBe(0)
    clock.now = new Date(clock.now.getTime() + 20_001)
    await eventually(() => waiting.connections === 1, 'the lease is over')
    const knowing = openProcess(world.store, 'knowing', ['waiting'])
    await knowing.leased.start(nothing)
    expect(knowing.connections).toBe(1)
    await eventually(() => waiting.connections === 0, 'who lost the account lets go of it')
    await knowing.leased.stop()
    await waiting.leased.stop()
  })
})
