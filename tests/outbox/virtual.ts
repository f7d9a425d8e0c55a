import type { Channel, ChannelCapabilities, ChannelState } from '../../src/domain/messages/channel.ts'
import type { OutgoingMessage, SendResult } from '../../src/domain/messages/messages.ts'
import type { SetTimer } from '../../src/outbox/sweeps/alarm.ts'
import type { Store } from '../../src/store/engine/store.ts'

/** A clock that only the test moves, with the timers that hang on it. */
export class VirtualTime {
  #ms: number
  #timers: { at: number; order: number; run: () => void }[] = []
  #order = 0
  /** Promises of the store and the channels that are under way: while there are any, time stands still. */
  #pending = 0
  /** How often anybody fell asleep: a polling storm shows here. */
  sleeps = 0

  constructor(start: string) {
    this.#ms = new Date(start).getTime()
  }

  readonly now = (): Date => new Date(this.#ms)

  readonly setTimer: SetTimer = (run, ms) => {
    const timer = { at: this.#ms + Math.max(0, ms), order: (this.#order += 1), run }
    this.#timers.push(timer)
    this.sleeps += 1
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.setTimer(resolve, ms))
  }

  track<T>(promise: Promise<T>): Promise<T> {
    this.#pending += 1
    const done = () => {
      this.#pending -= 1
    }
    promise.then(done, done)
    return promise
  }

  /** Waits until nothing is under way but waiting for the clock. */
  async settle(): Promise<void> {
    for (let quietTurns = 0; quietTurns < 5; ) {
      await new Promise((resolve) => setImmediate(resolve))
      quietTurns = this.#pending === 0 ? quietTurns + 1 : 0
    }
  }

  /** Lets time pass, timer by timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#ms + ms
    await this.settle()
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0]
      if (next === undefined) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#ms = Math.max(this.#ms, next.at)
      next.run()
      await this.settle()
    }
    this.#ms = end
  }

  /** The store, with everything asked of it tracked. */
  watch(store: Store): Store {
    const track = <T>(value: T): T => (value instanceof Promise || isThenable(value) ? (this.track(Promise.resolve(value)) as T) : value)
    const watched = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (object, name) => {
          const value: unknown = Reflect.get(object, name)
          if (typeof value === 'function') return (...args: unknown[]): unknown => track(Reflect.apply(value as (...args: unknown[]) => unknown, object, args))
          return typeof value === 'object' && value !== null ? watched(value) : value
        },
      })
    return { ...store, read: watched(store.read), write: (job) => this.track(store.write(job)), forgetErased: () => this.track(store.forgetErased()), close: () => store.close() }
  }
}

const isThenable = (value: unknown): boolean => typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

export interface Sending {
  to: string
  text: string
  key: string
  atMs: number
}

/** A platform that records what it is sent and answers as the test says. */
export class ScriptedChannel implements Channel {
  readonly id: string
  readonly account: string
  readonly capabilities: ChannelCapabilities
  readonly sent: Sending[] = []
  state: ChannelState = 'online'
  answer: (message: OutgoingMessage, count: number) => SendResult | Promise<SendResult> = () => ({ outcome: 'sent' })
  readonly #time: VirtualTime
  readonly #startMs: number

  constructor(time: VirtualTime, options: Partial<ChannelCapabilities> & { id?: string; account?: string } = {}) {
    const { id = 'fake', account = 'a1', ...capabilities } = options
    this.id = id
    this.account = account
    this.#time = time
    this.#startMs = time.now().getTime()
    this.capabilities = {
      groups: true, mentions: true, buttons: true, pulls: false, proactiveWindowMs: null, canSendProactively: true, longestText: { limit: 4096, unit: 'utf16' }, rate: { perSecond: Infinity, burst: Infinity }, ...capabilities,
    }
  }

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  status() {
    return { state: this.state, detail: '', since: this.#time.now() }
  }

  send(message: OutgoingMessage): Promise<SendResult> {
    this.sent.push({ to: message.conversation.externalId, text: message.text, key: message.key, atMs: this.#time.now().getTime() - this.#startMs })
    const answer = Promise.resolve(this.answer(message, this.sent.length))
    return answer
  }

  get texts(): string[] {
    return this.sent.map((sending) => sending.text)
  }
}
