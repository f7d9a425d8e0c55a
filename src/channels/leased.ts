import { setTimeout as delay } from 'node:timers/promises'
import type { Channel, ChannelStatus } from '../domain/messages/channel.ts'
import { StoreError } from '../domain/errors.ts'
import { createFaultLog, describeError, type Fault, type FaultLogger } from '../domain/faults.ts'
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

const HELD_ELSEWHERE: Fault = {
  name: 'account-held',
  level: 'warn',
  message: 'Another process has this channel account: this one does not connect it, and takes over within 30 s of its end. Nothing to do if that is meant; otherwise stop one of them.',
  end: 'The channel account is free: this process connects it.',
}
const NOT_RENEWED: Fault = {
  name: 'lease-not-written',
  level: 'warn',
  message: 'The lease of a channel account could not be written; it is tried again every few seconds, and the connection is kept. If it does not end within a minute, report it with this line.',
  end: 'The lease of the channel account is written again.',
}

/**
 * The same channel, connected by one process at a time: a second one waits and takes over when the first is gone, instead of both
 * throwing each other out.
 */
export function createLeasedChannel(channel: Channel, lease: AccountLease, log: FaultLogger, now: () => Date, renewEveryMs = RENEW_EVERY_MS): Channel {
  let stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let isOurs = false
  let waiting: ChannelStatus = { state: 'stopped', detail: '', since: now() }
  const faults = createFaultLog(log, now)
  const subject = { channel: channel.id, account: channel.account }

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
      const gotIt = await lease.acquire()
      faults.over(NOT_RENEWED.name, subject)
      return gotIt
    } catch (error) {
      // Of the database the store itself has spoken.
      if (!(error instanceof StoreError)) faults.say(NOT_RENEWED, subject, describeError(error))
      return null
    }
  }

  async function take(begin: () => Promise<void>): Promise<void> {
    isOurs = true
    faults.over(HELD_ELSEWHERE.name, subject)
    await begin()
  }

  async function yieldIt(): Promise<void> {
    isOurs = false
    waiting = { state: 'stopped', detail: TAKEN, since: now() }
    faults.say(HELD_ELSEWHERE, subject)
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
        faults.say(HELD_ELSEWHERE, subject)
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
