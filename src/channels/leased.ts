import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Channel, ChannelStatus } from '../domain/channel.ts'
import { pause } from './backoff.ts'

/** Who may connect an account: one process at a time. */
export interface AccountLease {
  /** True when the account is ours until the lease ends; asked again, the lease is prolonged. */
  acquire(): Promise<boolean>
  release(): Promise<void>
}

/** Shorter than a third of the lease, so that one failed try loses nothing. */
const RENEW_EVERY_MS = 5_000
const TAKEN = '另一个邻里程序正在用这个账号。它停了，这里会自动接上；不该有两个的话，请停掉其中一个。'

/**
 * The same channel, connected by one process at a time: a second one waits and takes over when the first is gone, instead of both
 * throwing each other out.
 */
export function createLeasedChannel(channel: Channel, lease: AccountLease, log: Logger, now: () => Date, renewEveryMs = RENEW_EVERY_MS): Channel {
  let stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let isOurs = false
  let waiting: ChannelStatus = { state: 'stopped', detail: '', since: now() }

  async function hold(begin: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const gotIt = await tryAcquire()
      if (signal.aborted) break
      if (gotIt !== null && gotIt !== isOurs) await (gotIt ? take(begin) : yieldIt())
      await pause(renewEveryMs, signal)
    }
  }

  /** null when the store can't say: what we have we keep until somebody else has it. */
  async function tryAcquire(): Promise<boolean | null> {
    try {
      return await lease.acquire()
    } catch (error) {
      log.warn({ channel: channel.id, account: channel.account, error: error instanceof Error ? error.name : typeof error }, 'The lease of a channel account could not be written; it is tried again. Check the database.')
      return null
    }
  }

  async function take(begin: () => Promise<void>): Promise<void> {
    isOurs = true
    await begin()
  }

  async function yieldIt(): Promise<void> {
    isOurs = false
    waiting = { state: 'stopped', detail: TAKEN, since: now() }
    log.warn({ channel: channel.id, account: channel.account }, 'Another process has this channel account; this one waits. Stop one of them if there should be only one.')
    await channel.stop()
  }

  return {
    ...channel,
    id: channel.id,
    account: channel.account,
    capabilities: channel.capabilities,
    async start(receive, observe) {
      stopping = new AbortController()
      waiting = { state: 'starting', detail: '', since: now() }
      const begin = () => channel.start(receive, observe)
      const first = await tryAcquire()
      if (first !== false) await take(begin)
      else {
        waiting = { state: 'stopped', detail: TAKEN, since: now() }
        log.warn({ channel: channel.id, account: channel.account }, 'Another process has this channel account; this one waits until it is free.')
      }
      running = delay(renewEveryMs, undefined, { signal: stopping.signal }).then(() => hold(begin, stopping.signal), () => undefined)
    },
    async stop() {
      stopping.abort()
      await running
      if (isOurs) {
        await channel.stop()
        await lease.release().catch(() => undefined)
      }
      isOurs = false
      waiting = { state: 'stopped', detail: '', since: now() }
    },
    send: (message) => (isOurs ? channel.send(message) : Promise.resolve({ outcome: 'retry', reason: 'Another process has this account.' })),
    status: () => (isOurs ? channel.status() : waiting),
  }
}
