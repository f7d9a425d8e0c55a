import { Api, GrammyError } from 'grammy'
import type { Update } from 'grammy/types'
import type { Logger } from 'pino'
import type { Channel } from '../../domain/channel.ts'
import type { InboundMessage } from '../../domain/messages.ts'
import { backoffMs, pause, within } from '../backoff.ts'
import { createStatus } from '../state.ts'
import { COMMANDS } from './commands.ts'
import { readUpdate, type TelegramSelf } from './inbound.ts'
import { createTelegramSender, isTokenTrouble, LONGEST_TEXT } from './outbound.ts'

export interface TelegramOptions {
  token: string
  /** Address of a local Bot API; Telegram's own when absent. */
  apiRoot?: string
  log: Logger
  now: () => Date
  /** The offset of the next update, kept across restarts; written only when everything before it is stored. */
  offsets: { read(): Promise<number | null>; write(offset: number): Promise<void> }
  timing?: Partial<TelegramTiming>
}

export interface TelegramTiming {
  /** How long Telegram holds a poll open when there is nothing. */
  pollSeconds: number
  /** After this a send without an answer is unknown. */
  sendTimeoutSeconds: number
  firstBackoffMs: number
  longestBackoffMs: number
  /** Pause after an answer that only staff can mend: wrong token, a second poller. */
  troubleMs: number
  random: () => number
}

const TIMING: TelegramTiming = { pollSeconds: 25, sendTimeoutSeconds: 20, firstBackoffMs: 500, longestBackoffMs: 15_000, troubleMs: 20_000, random: Math.random }

/** What stop() grants to work under way. */
const STOP_MS = 1_800

/**
 * Telegram by long polling. An update is handed over, and must be stored, before the next poll confirms it; a failure in
 * between repeats it under the same external id. `start` returns at once and goes on trying while the network is down.
 */
export function createTelegramChannel(options: TelegramOptions): Channel {
  const { token, log, now, offsets } = options
  const timing = { ...TIMING, ...options.timing }
  const account = token.split(':')[0] ?? ''
  const root = options.apiRoot === undefined ? {} : { apiRoot: options.apiRoot.replace(/\/+$/, '') }
  const api = new Api(token, { ...root, timeoutSeconds: timing.sendTimeoutSeconds })
  const pollApi = new Api(token, { ...root, timeoutSeconds: timing.pollSeconds + 10 })
  const status = createStatus(now)
  const sender = createTelegramSender(api, () => setDegraded(TOKEN_REMEDY))
  let self: TelegramSelf | null = null
  let stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()

  function setDegraded(detail: string): void {
    if (stopping.signal.aborted) return
    if (status.set('degraded', detail)) log.warn({ channel: 'telegram', account }, detail)
  }

  function setOnline(): void {
    if (!stopping.signal.aborted && status.set('online')) log.info({ channel: 'telegram', account }, 'Telegram is connected.')
  }

  async function connect(signal: AbortSignal): Promise<TelegramSelf> {
    const me = await api.getMe(toGrammySignal(signal))
    // A webhook left by an earlier set-up would keep every poll away; what is pending stays.
    await api.deleteWebhook({ drop_pending_updates: false }, toGrammySignal(signal))
    await api.setMyCommands(COMMANDS.map(({ command, description }) => ({ command, description })), {}, toGrammySignal(signal))
    return { id: me.id, username: me.username, firstName: me.first_name }
  }

  async function run(receive: (message: InboundMessage) => Promise<void>, signal: AbortSignal): Promise<void> {
    let failures = 0
    let offset: number | null = null
    while (!signal.aborted) {
      try {
        if (self === null) {
          self = await connect(signal)
          setOnline()
        }
        offset ??= await offsets.read()
        const updates = await pollApi.getUpdates(
          { timeout: failures === 0 ? timing.pollSeconds : 0, allowed_updates: ['message', 'callback_query'], ...(offset === null ? {} : { offset }) },
          toGrammySignal(signal),
        )
        offset = await takeIn(updates, offset, self, receive, signal)
        failures = 0
        setOnline()
      } catch (error) {
        if (signal.aborted) return
        failures += 1
        await pause(waitAfter(error, failures), signal)
      }
    }
  }

  /** Hands the updates over in order; what was stored counts even when a later one fails. */
  async function takeIn(updates: readonly Update[], before: number | null, me: TelegramSelf, receive: (message: InboundMessage) => Promise<void>, signal: AbortSignal): Promise<number | null> {
    let offset = before
    try {
      for (const update of updates) {
        if (signal.aborted) break
        const message = readSafely(update, me)
        if (message !== null) await receive(message)
        if (update.callback_query !== undefined) answerButton(update.callback_query.id)
        offset = update.update_id + 1
      }
    } finally {
      if (offset !== null && offset !== before) await offsets.write(offset)
    }
    return offset
  }

  /** A shape that we do not know is skipped: asking for it again would hold up everybody behind it. */
  function readSafely(update: Update, me: TelegramSelf): InboundMessage | null {
    try {
      return readUpdate(update, account, me, now())
    } catch (error) {
      log.error({ channel: 'telegram', account, updateId: update.update_id, error: nameOf(error) }, 'An update could not be read and was left out. Report it with its updateId.')
      return null
    }
  }

  /** Ends the button's spinner; a late or failed answer harms nobody, so it holds nothing up. */
  function answerButton(queryId: string): void {
    api.answerCallbackQuery(queryId, {}, toGrammySignal(stopping.signal)).catch((error: unknown) => {
      log.debug({ channel: 'telegram', account, error: nameOf(error) }, 'A pressed button could not be confirmed; its text was taken in all the same.')
    })
  }

  function waitAfter(error: unknown, failures: number): number {
    const backoff = backoffMs(failures, timing)
    if (!(error instanceof GrammyError)) {
      setDegraded(isNetworkFault(error) ? 'Telegram 连不上，正在自动重试。请检查网络或 TELEGRAM_API_ROOT。' : '收到的消息存不下来，正在重试。请检查数据库和磁盘空间。')
      log.debug({ channel: 'telegram', account, error: nameOf(error), failures }, 'polling failed')
      return backoff
    }
    if (isTokenTrouble(error.error_code)) {
      setDegraded(TOKEN_REMEDY)
      return Math.max(backoff, timing.troubleMs)
    }
    if (error.error_code === 409) {
      setDegraded('有另一个程序正在用同一个 Telegram 机器人收消息。请停掉其中一个。')
      return Math.max(backoff, timing.troubleMs)
    }
    setDegraded(`Telegram 暂时不接受请求（${error.error_code}），正在自动重试。`)
    return Math.max(backoff, (error.parameters.retry_after ?? 0) * 1000)
  }

  return {
    id: 'telegram',
    account,
    capabilities: {
      groups: true,
      mentions: true,
      buttons: true,
      pulls: false,
      proactiveWindowMs: null,
      canSendProactively: true,
      longestText: { limit: LONGEST_TEXT, unit: 'utf16' },
      rate: { perSecond: 30, burst: 30 },
    },
    async start(receive) {
      stopping.abort()
      await running
      stopping = new AbortController()
      status.set('starting')
      running = run(receive, stopping.signal)
    },
    async stop() {
      stopping.abort()
      await within(running, STOP_MS)
      status.set('stopped')
    },
    async send(message) {
      if (stopping.signal.aborted) return { outcome: 'retry', reason: 'The channel is stopped.' }
      return sender.send(message)
    },
    status: () => status.read(),
    /** The link that opens a private chat with us and says the command `payload` there; null before the first connection. */
    privateLink: (payload) => (self === null || !/^[\w-]{0,64}$/.test(payload) ? null : `https://t.me/${self.username}${payload === '' ? '' : `?start=${payload}`}`),
  }
}

const TOKEN_REMEDY = 'Telegram 不认这个令牌。请在 @BotFather 取新的令牌，写入 TELEGRAM_BOT_TOKEN 后重启。'

/** grammY's network errors are named so; anything else thrown in the loop came from our own store. */
const isNetworkFault = (error: unknown): boolean => error instanceof Error && error.name === 'HttpError'
/** Never the message: it may hold the address, and with it the token. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

type GrammySignal = NonNullable<Parameters<Api['getMe']>[0]>
/** grammY is typed against the abort-controller package; Node's own signal is the same standard with stricter listener types. */
const toGrammySignal = (signal: AbortSignal): GrammySignal => signal as unknown as GrammySignal
