import { Api } from 'grammy'
import type { Update } from 'grammy/types'
import type { Logger } from 'pino'
import type { Channel } from '../../domain/messages/channel.ts'
import { LARGEST_PICTURE_BYTES, PICTURE_TYPES } from '../../domain/pictures/pictures.ts'
import { StoreError } from '../../domain/errors.ts'
import { pause, within } from '../backoff.ts'
import { createChannelState, storeTrouble, type Trouble } from '../state.ts'
import { COMMANDS } from './commands.ts'
import type { TelegramSelf } from './inbound.ts'
import { createPhotoFetcher } from './incoming-photos.ts'
import { createTelegramSender, LONGEST_TEXT } from './outbound.ts'
import { createPhotoSender, LONGEST_CAPTION } from './photos.ts'
import { toGrammySignal } from './signal.ts'
import { CALLED_ELSEWHERE, CANNOT_CALL_US, explainTrouble, nameOf, TOKEN_REFUSED } from './trouble.ts'
import { ALLOWED_UPDATES, createUpdateTaker, type Receivers } from './updates.ts'
import { createWebhook, type WebhookSetting } from './webhook.ts'

export interface TelegramOptions {
  token: string
  /** Address of a local Bot API; Telegram's own when absent. */
  apiRoot?: string
  /** Telegram calls us; it is polled when absent. */
  webhook?: WebhookSetting
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
  /** The same for a send with the content of a picture. */
  uploadTimeoutSeconds: number
  firstBackoffMs: number
  longestBackoffMs: number
  /** Pause after an answer that only staff can mend: wrong token, a second poller. */
  troubleMs: number
  /** How often Telegram is asked whether it can reach our webhook. */
  checkMs: number
  /** Between the parts of one long message: Telegram takes one a second in a chat, and twenty a minute in a group. */
  partPauseMs: { private: number; group: number }
  random: () => number
}

const TIMING: TelegramTiming = {
  pollSeconds: 25,
  sendTimeoutSeconds: 20,
  uploadTimeoutSeconds: 40,
  firstBackoffMs: 500,
  longestBackoffMs: 15_000,
  troubleMs: 20_000,
  checkMs: 60_000,
  partPauseMs: { private: 1_000, group: 3_000 },
  random: Math.random,
}

/** What stop() grants to work under way. */
const STOP_MS = 1_800

/**
 * Telegram, by long polling or by webhook. An update is handed over, and must be stored, before it is confirmed (by the next
 * poll, or by 200); a failure in between repeats it under the same external id. `start` returns at once and goes on trying
 * while the network is down. Changing between the two needs a restart and nothing else: what is pending stays at Telegram.
 */
export function createTelegramChannel(options: TelegramOptions): Channel {
  const { token, log, now, offsets } = options
  const timing = { ...TIMING, ...options.timing }
  const account = token.split(':')[0] ?? ''
  const root = options.apiRoot === undefined ? {} : { apiRoot: options.apiRoot.replace(/\/+$/, '') }
  const api = new Api(token, { ...root, timeoutSeconds: timing.sendTimeoutSeconds })
  const uploadApi = new Api(token, { ...root, timeoutSeconds: timing.uploadTimeoutSeconds })
  const pollApi = new Api(token, { ...root, timeoutSeconds: timing.pollSeconds + 10 })
  const status = createChannelState({ channel: 'telegram', account, log, now })
  const takeUpdate = createUpdateTaker({ api, account, log, now })
  const fetchPhoto = createPhotoFetcher(api, `${root.apiRoot ?? 'https://api.telegram.org'}/file/bot${token}`)
  let self: TelegramSelf | null = null
  let stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  /** Where webhook calls go while the channel runs. */
  let receivers: Receivers | null = null
  const underWay = new Set<Promise<void>>()
  const sender = createTelegramSender(api, {
    onTokenTrouble: () => setTrouble(TOKEN_REFUSED),
    pauseBetweenParts: (kind) => pause(timing.partPauseMs[kind], stopping.signal),
    sendPhoto: createPhotoSender(api, uploadApi),
  })

  function setTrouble(trouble: Trouble): void {
    if (!stopping.signal.aborted) status.trouble(trouble)
  }

  function setOnline(): void {
    if (!stopping.signal.aborted) status.online()
  }

  async function connect(signal: AbortSignal): Promise<TelegramSelf> {
    const me = await api.getMe(toGrammySignal(signal))
    await api.setMyCommands(COMMANDS.map(({ command, description }) => ({ command, description })), {}, toGrammySignal(signal))
    if (options.webhook === undefined) {
      // A webhook left by an earlier set-up would keep every poll away; what is pending stays.
      await api.deleteWebhook({ drop_pending_updates: false }, toGrammySignal(signal))
    } else {
      const { url, secret } = options.webhook
      await api.setWebhook(url, { secret_token: secret, allowed_updates: ALLOWED_UPDATES, drop_pending_updates: false }, toGrammySignal(signal))
    }
    return { id: me.id, username: me.username, firstName: me.first_name }
  }

  /** Repeats `step` until the channel stops; waits as long as a failure asks for, and `step` itself waits when all is well. */
  async function repeat(signal: AbortSignal, step: (me: TelegramSelf, failures: number) => Promise<void>): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        if (self === null) {
          self = await connect(signal)
          setOnline()
        }
        await step(self, failures)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        failures += 1
        const { waitMs, ...trouble } = explainTrouble(error, failures, timing)
        setTrouble(trouble)
        log.debug({ channel: 'telegram', account, error: nameOf(error), failures }, 'receiving failed')
        await pause(waitMs, signal)
      }
    }
  }

  async function poll(to: Receivers, signal: AbortSignal): Promise<void> {
    let offset: number | null = null
    await repeat(signal, async (me, failures) => {
      offset ??= await offsets.read()
      const updates = await pollApi.getUpdates(
        { timeout: failures === 0 ? timing.pollSeconds : 0, allowed_updates: ALLOWED_UPDATES, ...(offset === null ? {} : { offset }) },
        toGrammySignal(signal),
      )
      offset = await takeIn(updates, offset, me, to, signal)
      setOnline()
    })
  }

  /** Hands the updates over in order; what was stored counts even when a later one fails. */
  async function takeIn(updates: readonly Update[], before: number | null, me: TelegramSelf, to: Receivers, signal: AbortSignal): Promise<number | null> {
    let offset = before
    try {
      for (const update of updates) {
        if (signal.aborted) break
        await takeUpdate(update, me, to, signal)
        offset = update.update_id + 1
      }
    } finally {
      if (offset !== null && offset !== before) await offsets.write(offset)
    }
    return offset
  }

  /** Telegram calls us; we only ask now and then whether it can. */
  async function watchWebhook(url: string, signal: AbortSignal): Promise<void> {
    let knownErrorAt = Math.floor(now().getTime() / 1000)
    await repeat(signal, async () => {
      await pause(timing.checkMs, signal)
      if (signal.aborted) return
      const info = await api.getWebhookInfo(toGrammySignal(signal))
      if (info.url !== url) return setTrouble(CALLED_ELSEWHERE)
      const isNewError = info.last_error_date !== undefined && info.last_error_date > knownErrorAt
      knownErrorAt = Math.max(knownErrorAt, info.last_error_date ?? 0)
      if (isNewError && info.pending_update_count > 0) return setTrouble(CANNOT_CALL_US(info.last_error_message ?? '没有说原因'))
      setOnline()
    })
  }

  async function deliver(update: Update): Promise<'stored' | 'not_ready'> {
    if (self === null || receivers === null || stopping.signal.aborted) return 'not_ready'
    const taking = takeUpdate(update, self, receivers, stopping.signal)
    underWay.add(taking)
    try {
      await taking
    } finally {
      underWay.delete(taking)
    }
    setOnline()
    return 'stored'
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
      pictures: { types: PICTURE_TYPES, largestBytes: LARGEST_PICTURE_BYTES, longestCaption: { limit: LONGEST_CAPTION, unit: 'utf16' } },
      // 30 within any second, bursts included: a delay of ours is made up, a little at a time, and never beyond that.
      rate: { perSecond: 29.5, burst: 4, most: { sends: 30, withinMs: 1_010 } },
      conversationRate: { private: { perSecond: 1, burst: 1 }, group: { perSecond: 20 / 60, burst: 1 } },
    },
    async start(receive, observe = async () => undefined) {
      stopping.abort()
      await running
      stopping = new AbortController()
      status.set('starting')
      receivers = { receive, observe }
      running = options.webhook === undefined ? poll(receivers, stopping.signal) : watchWebhook(options.webhook.url, stopping.signal)
    },
    async stop() {
      stopping.abort()
      await within(Promise.allSettled([running, ...underWay]), STOP_MS)
      status.set('stopped')
    },
    async send(message) {
      if (stopping.signal.aborted) return { outcome: 'retry', reason: 'The channel is stopped.' }
      return sender.send(message)
    },
    fetchPhoto,
    status: () => status.read(),
    /** The link that opens a private chat with us and says the command `payload` there; null before the first connection. */
    privateLink: (payload) => (self === null || !/^[\w-]{0,64}$/.test(payload) ? null : `https://t.me/${self.username}${payload === '' ? '' : `?start=${payload}`}`),
    ...(options.webhook !== undefined && { webhook: createWebhook({ ...options.webhook, account, log, now, deliver, onFailure: (error) => setTrouble(storeTrouble(error instanceof StoreError)) }) }),
  }
}
