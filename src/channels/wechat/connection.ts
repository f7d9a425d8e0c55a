import type { Logger } from 'pino'
import type { Wechaty } from 'wechaty'
import { type Backoff, backoffMs, pause, within } from '../backoff.ts'
import type { Trouble } from '../state.ts'
import { isConnectionFault } from './outbound.ts'
import { hangUp, type Puppet } from './service-puppet.ts'
import { BANNED, explainLoss, isTaken, LOGGED_OUT, SCANNED_NOT_CONFIRMED, toBeScanned } from './trouble.ts'

/** With the time that a failed start takes (about 10 s) the longest backoff must stay below the 30 s in which we promise to be back. */
export interface WechatTiming extends Backoff {
  /** How often the gateway is asked for a sign of life. */
  probeMs: number
  sendTimeoutMs: number
  /** How time passes between tries and probes; the machine's own when absent. */
  clock?: ConnectionClock
}

export interface ConnectionClock {
  nowMs(): number
  pause(ms: number, signal: AbortSignal): Promise<void>
}

export interface ConnectionEvents {
  online(): void
  /** Comes again for as long as it lasts. */
  trouble(trouble: Trouble): void
  message(messageId: string): void
  /** Somebody asks to become a friend, which WeChat wants before anybody can be written to in private. */
  friendship(friendshipId: string): void
}

export interface WechatConnection {
  start(): void
  /** Resolves when the bot has let go of everything: a second one for the same account would crash the first. */
  stop(): Promise<void>
  /** The puppet while it is logged in. */
  online(): Puppet | null
  /** Says that the connection was seen to break. */
  lost(): void
}

const STOP_MS = 20_000
/** What the service grants to the connection when it ends itself. */
const CLOSE_MS = 8_000
/** How often a gateway that another program holds is tried. */
const TAKEN_PAUSE_MS = 15_000
/** A gateway that has answered probes is taken for dead after this many without a sign. */
const SILENT_PROBES = 2.5

/** What wechaty's scan status numbers mean to us. */
const SCANNED = [3, 4]

interface Session {
  bot: Wechaty
  puppet: Puppet
  /** Resolves with the reason when the connection is lost. */
  lost: Promise<string>
  lose(reason: string): void
  /** Whether anything came of the gateway. */
  isHeard(): boolean
  detach(): void
}

/**
 * Keeps one bot connected: wechaty alone takes a minute to notice a lost gateway, or never does. After a loss the old bot
 * is stopped to the end before a new one is built, again and again until the gateway is back.
 */
export function createWechatConnection(build: () => Promise<Wechaty>, events: ConnectionEvents, timing: WechatTiming, log: Logger): WechatConnection {
  const clock = timing.clock ?? { nowMs: () => Date.now(), pause }
  let stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let session: Session | null = null
  let isLoggedIn = false

  async function run(signal: AbortSignal): Promise<void> {
    // One listener for all sessions: a signal warns of many.
    const aborted = untilAborted(signal)
    for (let failures = 0; !signal.aborted; ) {
      const reason = await runSession(signal, aborted, () => { failures = 0 })
      if (signal.aborted) return
      failures += 1
      events.trouble(explainLoss(reason))
      log.debug({ channel: 'wechat', failures, reason }, 'WeChat is connected anew')
      await clock.pause(isTaken(reason) ? TAKEN_PAUSE_MS : backoffMs(failures, timing), signal)
    }
  }

  /** One bot's life; resolves with why it ended, after it was stopped. */
  async function runSession(signal: AbortSignal, aborted: Promise<string>, onLogin: () => void): Promise<string> {
    let bot: Wechaty | null = null
    try {
      bot = await build()
      // Without a listener an error event would end the process; wechaty emits them even after its stop.
      bot.on('error', () => undefined)
      await bot.init()
      session = attach(bot, bot.puppet, onLogin)
      await Promise.race([bot.start(), aborted])
      return await Promise.race([session.lost, aborted, probe(session, signal)])
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    } finally {
      isLoggedIn = false
      const ended = session
      session = null
      ended?.detach()
      if (ended !== null) hangUp(ended.puppet)
      if (bot !== null) await letGo(bot)
    }
  }

  async function letGo(bot: Wechaty): Promise<void> {
    const ended = await within(bot.stop().catch(() => undefined), STOP_MS)
    if (ended === 'timeout') log.warn({ channel: 'wechat' }, 'The old WeChat connection did not end in time; restart the service if WeChat stays away.')
  }

  function attach(bot: Wechaty, puppet: Puppet, onLogin: () => void): Session {
    let lose: (reason: string) => void = () => undefined
    let isHeard = false
    const lost = new Promise<string>((resolve) => { lose = resolve })
    const onError = (error: unknown): void => {
      if (isConnectionFault(error) || !isLoggedIn) lose(error instanceof Error ? error.message : JSON.stringify(error))
      else log.debug({ channel: 'wechat', error: error instanceof Error ? error.name : 'error' }, 'wechaty reports an error')
    }
    const listeners = {
      heartbeat: (): void => { isHeard = true },
      scan: ({ qrcode, status }: { qrcode?: string; status: number }): void => {
        isHeard = true
        onLogin()
        if (SCANNED.includes(status)) events.trouble(SCANNED_NOT_CONFIRMED)
        else if (qrcode !== undefined && qrcode !== '') events.trouble(toBeScanned(qrcode))
      },
      login: (): void => {
        isHeard = true
        isLoggedIn = true
        onLogin()
        events.online()
      },
      logout: ({ data = '' }: { data?: string }): void => {
        isLoggedIn = false
        events.trouble(/封号|限制登录|banned/i.test(data) ? BANNED : LOGGED_OUT)
      },
      message: ({ messageId }: { messageId: string }): void => events.message(messageId),
      friendship: ({ friendshipId }: { friendshipId: string }): void => events.friendship(friendshipId),
      error: onError,
    }
    puppet.on('heartbeat', listeners.heartbeat)
    puppet.on('scan', listeners.scan)
    puppet.on('login', listeners.login)
    puppet.on('logout', listeners.logout)
    puppet.on('message', listeners.message)
    puppet.on('friendship', listeners.friendship)
    puppet.on('error', listeners.error)
    bot.on('error', onError)
    return {
      bot,
      puppet,
      lost,
      lose,
      isHeard: () => isHeard,
      detach() {
        puppet.off('heartbeat', listeners.heartbeat)
        puppet.off('scan', listeners.scan)
        puppet.off('login', listeners.login)
        puppet.off('logout', listeners.logout)
        puppet.off('message', listeners.message)
        puppet.off('friendship', listeners.friendship)
        puppet.off('error', listeners.error)
        puppet.on('error', () => undefined)
        bot.off('error', onError)
      },
    }
  }

  /**
   * Asks for signs of life; resolves when a gateway falls silent that used to answer, or that has not been heard at all:
   * wechaty takes a start without an answer for a start. Puppets that give other signs but do not answer are trusted.
   */
  async function probe(current: Session, signal: AbortSignal): Promise<string> {
    const { puppet } = current
    let lastAnswer: number | null = null
    const onDong = (): void => { lastAnswer = clock.nowMs() }
    puppet.on('dong', onDong)
    try {
      while (!signal.aborted && session === current) {
        puppet.ding('linli')
        await clock.pause(timing.probeMs, signal)
        const isSilent = lastAnswer === null ? !current.isHeard() : clock.nowMs() - lastAnswer > timing.probeMs * SILENT_PROBES
        if (isSilent) return 'The gateway is silent.'
      }
      return 'stopped'
    } finally {
      puppet.off('dong', onDong)
    }
  }

  return {
    start() {
      stopping = new AbortController()
      running = run(stopping.signal)
    },
    async stop() {
      stopping.abort()
      await within(running, CLOSE_MS)
    },
    online: () => (isLoggedIn && session !== null ? session.puppet : null),
    lost: () => session?.lose('A call found the connection broken.'),
  }
}

const untilAborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('stopped')
    else signal.addEventListener('abort', () => resolve('stopped'), { once: true })
  })
