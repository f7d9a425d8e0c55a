import type { BaseMessage, EventMessage, WSClient, WsFrame } from '@wecom/aibot-node-sdk'
import type { Logger } from 'pino'
import type { Channel } from '../../domain/messages/channel.ts'
import { StoreError } from '../../domain/errors.ts'
import type { InboundMessage } from '../../domain/messages/messages.ts'
import { PICTURE_TYPES } from '../../domain/pictures/pictures.ts'
import { backoffMs, pause, within } from '../backoff.ts'
import { createChannelState, storeTrouble, type Trouble } from '../state.ts'
import { readCallback, readPressed } from './inbound.ts'
import { fetchPhoto } from './incoming-photos.ts'
import { createWecomSender, LARGEST_IMAGE, LONGEST_TEXT } from './outbound.ts'
import { SECRET_REFUSED, TAKEN, UNREACHABLE } from './trouble.ts'

export interface WecomOptions {
  botId: string
  secret: string
  /** The name by which colleagues mention the bot; without it the first @word of a group message is taken for the mention. */
  botName?: string
  /** Address of a privately deployed WeCom, or of a fake; WeCom's own when absent. */
  wsUrl?: string
  log: Logger
  now: () => Date
  timing?: Partial<WecomTiming>
}

export interface WecomTiming {
  firstBackoffMs: number
  longestBackoffMs: number
  heartbeatMs: number
  /** Wait before another try after a second program took the connection: WeCom lets one in at a time, and a war helps nobody. */
  takenMs: number
  random: () => number
}

const TIMING: WecomTiming = { firstBackoffMs: 500, longestBackoffMs: 15_000, heartbeatMs: 10_000, takenMs: 60_000, random: Math.random }
/** What stop() grants to work under way. */
const STOP_MS = 1_800

/**
 * Work WeChat's smart robot over WeCom's own SDK: a websocket that we open, so no public server is needed. In a group WeCom
 * hands over only what mentions the robot. It delivers nothing twice, so a message is held here until it is stored.
 */
export function createWecomChannel(options: WecomOptions): Channel {
  const { botId, log, now } = options
  const timing = { ...TIMING, ...options.timing }
  const status = createChannelState({ channel: 'wecom', account: botId, log, now })
  let client: WSClient | null = null
  let stopping = new AbortController()
  let queue: Promise<void> = Promise.resolve()
  let receive: ((message: InboundMessage) => Promise<void>) | null = null
  const sender = createWecomSender(() => (status.read().state === 'online' || status.read().state === 'degraded' ? client : null), now)

  function setTrouble(trouble: Trouble): void {
    if (!stopping.signal.aborted) status.trouble(trouble)
  }

  function setOnline(): void {
    if (!stopping.signal.aborted) status.online()
  }

  /** The SDK is loaded only where WeCom is used: every start would pay for it. */
  async function connect(): Promise<void> {
    const signal = stopping.signal
    const { WSClient: Client } = await import('@wecom/aibot-node-sdk')
    if (signal.aborted) return
    const opened = new Client({
      botId,
      secret: options.secret,
      ...(options.wsUrl === undefined ? {} : { wsUrl: options.wsUrl }),
      heartbeatInterval: timing.heartbeatMs,
      reconnectInterval: timing.firstBackoffMs,
      // It goes on trying for as long as the service runs; what is wrong is told in the status.
      maxReconnectAttempts: -1,
      maxAuthFailureAttempts: -1,
      // Its own log holds whole messages.
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    })
    opened.on('authenticated', setOnline)
    opened.on('error', (error) => setTrouble(/Authentication failed/.test(error.message) ? SECRET_REFUSED : UNREACHABLE))
    opened.on('disconnected', () => {
      if (status.read().state === 'online') setTrouble(UNREACHABLE)
    })
    opened.on('message', (frame: WsFrame<BaseMessage>) => take(frame.body === undefined ? null : readCallback(frame.body, { botId, ...(options.botName === undefined ? {} : { botName: options.botName }) }, now())))
    opened.on('event.template_card_event', (frame: WsFrame<EventMessage>) => take(frame.body === undefined ? null : readPressed(frame.body, botId, now())))
    opened.on('event.disconnected_event', () => void yieldToOther(opened, signal))
    client = opened
    opened.connect()
  }

  async function yieldToOther(lost: WSClient, signal: AbortSignal): Promise<void> {
    setTrouble(TAKEN)
    lost.removeAllListeners()
    await pause(timing.takenMs, signal)
    if (!signal.aborted && client === lost) await connect()
  }

  function take(message: InboundMessage | null): void {
    const { signal } = stopping
    if (message !== null) queue = queue.then(() => deliver(message, signal))
  }

  async function deliver(message: InboundMessage, signal: AbortSignal): Promise<void> {
    for (let failures = 1; !signal.aborted && receive !== null; failures += 1) {
      try {
        await receive(message)
        if (failures > 1) setOnline()
        return
      } catch (error) {
        log.debug({ channel: 'wecom', account: botId, error: error instanceof Error ? error.name : typeof error, failures }, 'receive failed')
        setTrouble(storeTrouble(error instanceof StoreError))
        await pause(backoffMs(failures, timing), signal)
      }
    }
  }

  return {
    id: 'wecom',
    account: botId,
    capabilities: {
      groups: true,
      mentions: true,
      buttons: false,
      pulls: false,
      proactiveWindowMs: null,
      canSendProactively: true,
      longestText: { limit: LONGEST_TEXT, unit: 'utf8' },
      pictures: { types: PICTURE_TYPES, largestBytes: LARGEST_IMAGE, longestCaption: null },
      // WeCom takes 30 a minute and 1,000 an hour.
      rate: { perSecond: 0.27, burst: 12 },
    },
    async start(handler) {
      receive = handler
      stopping = new AbortController()
      status.set('starting')
      await connect()
    },
    async stop() {
      receive = null
      stopping.abort()
      client?.removeAllListeners()
      client?.disconnect()
      client = null
      await within(queue, STOP_MS)
      status.set('stopped')
    },
    send: (message) => sender.send(message),
    fetchPhoto,
    status: () => status.read(),
  }
}
