import { mkdir } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Channel } from '../../domain/messages/channel.ts'
import { StoreError } from '../../domain/errors.ts'
import { createFaultLog, describeError, QUIET_MS, type Fault } from '../../domain/faults.ts'
import type { InboundMessage } from '../../domain/messages/messages.ts'
import { LARGEST_PICTURE_BYTES, PICTURE_TYPES } from '../../domain/pictures/pictures.ts'
import { backoffMs, pause } from '../backoff.ts'
import { createChannelState, storeTrouble, type Trouble } from '../state.ts'
import { buildBot } from './bot.ts'
import { createWechatConnection, type WechatTiming } from './connection.ts'
import { readMessage } from './inbound.ts'
import { createLoopGuard } from '../loop-guard.ts'
import { openToFriend } from './friends.ts'
import { fetchPhoto } from './incoming-photos.ts'
import type { Puppet } from './service-puppet.ts'
import { createSpoken } from './spoken.ts'
import { createWechatSender, isConnectionFault, LONGEST_TEXT } from './outbound.ts'

export interface WechatOptions {
  /** The npm name of wechaty's puppet, `wechaty-puppet-service`, or its last part, `wechat4u`. */
  puppetName?: string
  /** A puppet made by the caller, instead of a name; made anew for every connection when it is a function. */
  puppet?: Puppet | (() => Puppet)
  serviceToken?: string
  endpoint?: string
  noTls?: boolean
  /** Folder for the login that survives a restart (wechat4u). */
  stateDir: string
  log: Logger
  now: () => Date
  /** Takes a QR code drawn for a terminal, once for each code. */
  printQr: (drawing: string) => void
  /** Our name for this account in conversation keys; WeChat's own may change at each login. */
  account?: string
  /** Other bots: WeChat does not mark them. */
  ignoredSenderIds?: readonly string[]
  /** WeChat bans personal accounts that write to many people: default 120 and 300. */
  announcementsPerHour?: number
  announcementsPerDay?: number
  /** Before a friend request is accepted. */
  friendPauseMs?: number
  timing?: Partial<WechatTiming>
}

export const TIMING: WechatTiming = { firstBackoffMs: 500, longestBackoffMs: 5_000, probeMs: 10_000, sendTimeoutMs: 20_000, random: Math.random }
/** How long a message waits for a connection on which it can be read. */
const READ_PATIENCE_MS = 60_000
const READ_TRIES = 3
/** What waited longer on its way came in a burst, and is not answered one by one anyway. */
const OLD_MS = 5 * 60_000
const FRIEND_PAUSE_MS = 5_000
/** For how long a friend request waits for a connection. */
const FRIEND_PATIENCE_MS = 5 * 60_000

const QR_NOT_DRAWN: Fault = {
  name: 'qr-not-drawn',
  level: 'warn',
  message: 'The QR code could not be drawn in the terminal; scan it on the admin page.',
  end: 'No QR code failed to be drawn for ten minutes.',
  quietMs: QUIET_MS,
}
const FRIEND_NOT_ACCEPTED: Fault = {
  name: 'friend-not-accepted',
  level: 'warn',
  message: 'A friend request could not be accepted; accept it on the phone, so that the resident can be answered in private.',
  end: 'Every friend request was accepted for ten minutes.',
  quietMs: QUIET_MS,
}
const TOO_FAST: Fault = {
  name: 'sender-too-fast',
  level: 'warn',
  message: 'Somebody writes to the assistant faster than anybody types and is not answered until there is a pause. If it is a program, put this sender into WECHAT_IGNORED_SENDERS and restart.',
  end: 'Nobody wrote too fast for ten minutes.',
  quietMs: QUIET_MS,
}
const UNREADABLE: Fault = {
  name: 'unreadable-message',
  level: 'error',
  message: 'A WeChat message could not be read and is lost. Look at the phone for what was written last, and ask that resident to send it again.',
  end: 'Every WeChat message could be read for ten minutes.',
  quietMs: QUIET_MS,
}

/** WeChat through any puppet of wechaty, which is loaded only when the channel starts. */
export function createWechatChannel(options: WechatOptions): Channel {
  const { log, now } = options
  const account = options.account ?? 'main'
  const timing = { ...TIMING, ...options.timing }
  const faults = createFaultLog(log, now)
  const guard = createLoopGuard(now)
  const subject = { channel: 'wechat', account }
  const ignored = new Set(options.ignoredSenderIds ?? [])
  const reader = { account, ignored, spoken: createSpoken() }
  const status = createChannelState({ channel: 'wechat', account, log, now })
  const sender = createWechatSender(() => connection.online(), () => connection.lost(), timing.sendTimeoutMs)
  const connection = createWechatConnection(() => buildBot(options), { online: onOnline, trouble: onTrouble, message: onMessage, friendship: onFriendship }, timing, log)
  const door = {
    current: () => connection.online(),
    lost: () => connection.lost(),
    account,
    ignored,
    now,
    pauseMs: options.friendPauseMs ?? FRIEND_PAUSE_MS,
    retryMs: timing.firstBackoffMs,
    patienceMs: FRIEND_PATIENCE_MS,
  }
  let receive: ((message: InboundMessage) => Promise<void>) | null = null
  let stopping = new AbortController()
  let queue: Promise<void> = Promise.resolve()
  let friendships: Promise<void> = Promise.resolve()
  let drawnQr = ''

  function onOnline(): void {
    if (!stopping.signal.aborted) status.online()
  }

  function onTrouble(trouble: Trouble): void {
    if (stopping.signal.aborted) return
    status.trouble(trouble)
    if (trouble.qrCode !== undefined && trouble.qrCode !== drawnQr) void draw(trouble.qrCode)
  }

  async function draw(qrCode: string): Promise<void> {
    drawnQr = qrCode
    try {
      const { default: qr } = await import('qrcode')
      options.printQr(await qr.toString(qrCode, { type: 'terminal', small: true }))
    } catch (error) {
      faults.say(QR_NOT_DRAWN, subject, describeError(error))
    }
  }

  /** One after the other, so that a conversation keeps its order. */
  function onMessage(messageId: string): void {
    faults.sweep()
    const { signal } = stopping
    queue = queue.then(() => takeIn(messageId, signal))
  }

  /** One after the other and not at once. */
  function onFriendship(friendshipId: string): void {
    const { signal } = stopping
    friendships = friendships.then(() => accept(friendshipId, signal))
  }

  async function accept(friendshipId: string, signal: AbortSignal): Promise<void> {
    try {
      const greeting = await openToFriend(door, friendshipId, signal)
      if (greeting !== null) queue = queue.then(() => hand(greeting, signal))
    } catch (error) {
      faults.say(FRIEND_NOT_ACCEPTED, subject, describeError(error))
    }
  }

  async function takeIn(messageId: string, signal: AbortSignal): Promise<void> {
    const message = await read(messageId, signal)
    if (message !== null) await hand(message.isAddressed ? hush(message) : message, signal)
  }

  /** A message that is not answered is merely overheard. */
  function hush(message: InboundMessage): InboundMessage {
    const isOld = now().getTime() - message.sentAt.getTime() > OLD_MS
    if (isOld || guard.mayAnswer(message)) return message
    faults.say(TOO_FAST, subject, { sender: message.sender.externalId })
    return { ...message, isAddressed: false }
  }

  async function hand(message: InboundMessage, signal: AbortSignal): Promise<void> {
    for (let failures = 1; !signal.aborted && receive !== null; failures += 1) {
      try {
        await receive(message)
        if (failures > 1 && connection.online() !== null) onOnline()
        return
      } catch (error) {
        // The gateway delivers nothing twice, so that we hold the message until it is stored.
        log.debug({ channel: 'wechat', account, error: nameOf(error), failures }, 'receive failed')
        onTrouble(storeTrouble(error instanceof StoreError))
        await pause(backoffMs(failures, timing), signal)
      }
    }
  }

  /** Reads a message; waits for the next connection when this one breaks, gives up on one that cannot be read. */
  async function read(messageId: string, signal: AbortSignal): Promise<InboundMessage | null> {
    const end = now().getTime() + READ_PATIENCE_MS
    let error: unknown = null
    for (let tries = 0; tries < READ_TRIES && now().getTime() < end && !signal.aborted; ) {
      const puppet = connection.online()
      if (puppet !== null) {
        try {
          return await readMessage(puppet, messageId, reader)
        } catch (fault) {
          error = fault
          if (isConnectionFault(fault)) connection.lost()
          else tries += 1
        }
      }
      await pause(timing.firstBackoffMs, signal)
    }
    if (!signal.aborted) faults.say(UNREADABLE, subject, describeError(error))
    return null
  }

  return {
    id: 'wechat',
    account,
    capabilities: {
      groups: true,
      mentions: true,
      buttons: false,
      pulls: false,
      proactiveWindowMs: null,
      canSendProactively: true,
      silentUntilBound: true,
      privateAmongFriends: true,
      longestText: { limit: LONGEST_TEXT, unit: 'utf8' },
      pictures: { types: PICTURE_TYPES, largestBytes: LARGEST_PICTURE_BYTES, longestCaption: null },
      rate: { perSecond: 1, burst: 5 },
      // WeChat bans personal accounts that write faster.
      announcementRate: { perSecond: 0.25, burst: 1 },
      announcementLimits: { perHour: options.announcementsPerHour ?? 120, perDay: options.announcementsPerDay ?? 300 },
    },
    async start(handler) {
      receive = handler
      stopping = new AbortController()
      status.set('starting')
      await mkdir(options.stateDir, { recursive: true })
      connection.start()
    },
    async stop() {
      receive = null
      stopping.abort()
      await connection.stop()
      await queue
      status.set('stopped')
    },
    async send(message) {
      const result = await sender.send(message)
      if (result.outcome === 'sent' && message.conversation.kind === 'group') reader.spoken.note(message.conversation.externalId, message.text)
      return result
    },
    fetchPhoto: (reference, signal) => fetchPhoto(connection, reference, { signal, retryMs: timing.firstBackoffMs }),
    status: () => status.read(),
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
