import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import type { Wechaty } from 'wechaty'
import { describe, expect, it } from 'vitest'
import { TIMING } from '../../src/channels/wechat/channel.ts'
import { createWechatConnection } from '../../src/channels/wechat/connection.ts'
import { VirtualTime } from '../outbox/virtual.ts'

/** What a start costs that finds no gateway. */
const FAILED_START_MS = 10_000

/** A gateway in virtual time: while it is away, what is started fails late; when it is there, the account is logged in at once. */
class Gateway {
  isThere = true
  starts = 0
  /** Bots that were not let go of. */
  running = 0
  last: FakeBot | undefined
  readonly time: VirtualTime

  constructor(time: VirtualTime) {
    this.time = time
  }

  connect(): Wechaty {
    this.starts += 1
    this.last = new FakeBot(this)
    const bot: unknown = this.last
    return bot as Wechaty
  }

  /** Every connection breaks. */
  leave(): void {
    this.isThere = false
    this.last?.puppet.emit('error', new Error('14 UNAVAILABLE: No connection established'))
  }
}

class FakeBot extends EventEmitter {
  readonly puppet = Object.assign(new EventEmitter(), { ding: (): void => void (this.gateway.isThere && this.puppet.emit('dong', {})) })
  private readonly gateway: Gateway

  constructor(gateway: Gateway) {
    super()
    this.gateway = gateway
    gateway.running += 1
  }

  init(): Promise<void> {
    return Promise.resolve()
  }

  async start(): Promise<void> {
    if (!this.gateway.isThere) {
      await this.gateway.time.wait(FAILED_START_MS)
      throw new Error('14 UNAVAILABLE: No connection established')
    }
    this.puppet.emit('login', {})
  }

  stop(): Promise<void> {
    this.gateway.running -= 1
    return Promise.resolve()
  }
}

describe('the connection to the gateway, with the times that are used in earnest', () => {
  async function play(awayMs: number, luck: number): Promise<{ backMs: number; starts: number; running: number; troubles: string[] }> {
    const time = new VirtualTime('2026-11-24T02:00:00Z')
    const gateway = new Gateway(time)
    const onlineAt: number[] = []
    const troubles: string[] = []
    const pauses = new Set<() => void>()
    const pause = (ms: number): Promise<void> => new Promise((resolve) => {
      pauses.add(resolve)
      void time.wait(ms).then(() => { pauses.delete(resolve); resolve() })
    })
    const clock = { nowMs: () => time.now().getTime(), pause }
    const connection = createWechatConnection(
      () => Promise.resolve(gateway.connect()),
      { online: () => void onlineAt.push(clock.nowMs()), trouble: (trouble) => void troubles.push(trouble.name), message: () => undefined, friendship: () => undefined },
      { ...TIMING, random: () => luck, clock },
      pino({ level: 'silent' }),
    )
    connection.start()
    await time.advance(60_000)
    expect([onlineAt.length, gateway.starts, troubles]).toEqual([1, 1, []])
    gateway.leave()
    await time.advance(awayMs)
    expect([connection.online(), onlineAt.length]).toEqual([null, 1])
    const starts = gateway.starts
    const returnedAt = clock.nowMs()
    gateway.isThere = true
    await time.advance(60_000)
    const backMs = (onlineAt[1] ?? Infinity) - returnedAt
    const { running } = gateway
    const stopped = connection.stop()
    for (const resolve of pauses) resolve()
    await stopped
    return { backMs, starts, running, troubles }
  }

  it.each([
    ['8 s', 8_000],
    ['2 min', 120_000],
    ['an hour', 3_600_000],
  ])('T21: a gateway that was down for %s is connected within 30 s of its return, by one bot at a time', async (_, awayMs) => {
    for (const luck of [0, 0.5, 1]) {
      for (const phase of [0, 1_700, 3_400, 9_100]) {
        const { backMs, running, troubles } = await play(awayMs + phase, luck)
        expect(backMs).toBeLessThan(30_000)
        expect([running, new Set(troubles)]).toEqual([1, new Set(['gateway-down'])])
      }
    }
  })

  it('T21: a gateway that is away is not stormed: at most one try in ten seconds', async () => {
    const { starts } = await play(600_000, 0)
    expect(starts - 1).toBeLessThanOrEqual(60)
    expect(starts - 1).toBeGreaterThanOrEqual(30)
  })
})
