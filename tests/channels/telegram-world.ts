import type { Chat, User } from 'grammy/types'
import { pino } from 'pino'
import { createEventNoter } from '../../src/channels/events.ts'
import { createTelegramChannel, type TelegramTiming } from '../../src/channels/telegram/channel.ts'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { createOutbox, type Outbox } from '../../src/outbox/worker.ts'
import { readCursor, writeCursor } from '../../src/store/channels/channel-accounts.ts'
import type { Store } from '../../src/store/engine/store.ts'
import { FakeBotApi, type SentMessage } from '../fakes/telegram/bot-api.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { eventually } from './contract.ts'

export const liu: User = { id: 201, is_bot: false, first_name: '刘桂兰' }
export const home: Chat.PrivateChat = { id: 201, type: 'private', first_name: '刘桂兰' }
export const group: Chat.SupergroupChat = { id: -2001, type: 'supergroup', title: '阳光花园3栋' }

export const TIMING: Partial<TelegramTiming> = {
  pollSeconds: 2, sendTimeoutSeconds: 1, firstBackoffMs: 20, longestBackoffMs: 100, troubleMs: 200, checkMs: 50, partPauseMs: { private: 0, group: 0 }, random: () => 1,
}

/** The whole assistant behind a Telegram channel on the strict fake: real store, real outbox, real time. */
export interface TelegramWorld {
  api: FakeBotApi
  store: Store
  channel: Channel
  outbox: Outbox
  assistant: TestAssistant
  /** Waits until `count` messages went out in all, and gives the last one. */
  sent(count: number): Promise<SentMessage>
  /** Waits until everything received is decided and everything queued is closed. */
  settled(): Promise<void>
  close(): Promise<void>
}

export async function openTelegramWorld(): Promise<TelegramWorld> {
  const api = new FakeBotApi()
  await api.start()
  const log = pino({ level: 'silent' })
  const now = () => new Date()
  const account = { channel: 'telegram', account: '7000001' }
  const parts: { outbox?: Outbox; channel?: Channel } = {}
  const assistant = await openTestAssistant(now().toISOString(), {
    pulls: () => false,
    wakeOutbox: () => parts.outbox?.wake(),
    fetchPhoto: async (_channel, _account, reference, signal) => (await parts.channel?.fetchPhoto?.(reference, signal)) ?? { outcome: 'failed', problem: 'lost' },
    privateLink: () => parts.channel?.privateLink?.('go') ?? null,
    now,
  })
  const { store } = assistant
  const offsets = { read: () => readCursor(store, account), write: (offset: number) => writeCursor(store, account, offset, now()) }
  const channel = createTelegramChannel({ token: api.token, apiRoot: api.apiRoot, log, now, offsets, timing: TIMING })
  // The pace of one chat has tests of its own; here it would be most of the time.
  const { conversationRate: _pace, ...capabilities } = channel.capabilities
  const outbox = createOutbox({ store, channels: [{ ...channel, capabilities }], log, now, processId: 'telegram-world' })
  Object.assign(parts, { channel, outbox })
  await outbox.start()
  await channel.start(
    async (message) => {
      const { turn } = await assistant.assistant.receive(message)
      turn.catch(() => undefined)
    },
    createEventNoter(channel, { store, log, now }),
  )
  await eventually(() => channel.status().state === 'online', 'the channel is online')

  return {
    api,
    store,
    channel,
    outbox,
    assistant,
    async sent(count) {
      return eventually(() => api.sent[count - 1], `message ${count} goes out`, 15_000)
    },
    async settled() {
      const end = Date.now() + 15_000
      for (;;) {
        const [undecided, open] = await Promise.all([
          store.read.inboundMessage.count({ where: { decidedAt: null } }),
          store.read.outboxMessage.count({ where: { status: { in: ['queued', 'sending'] } } }),
        ])
        if (api.pending().length === 0 && undecided === 0 && open === 0) return
        if (Date.now() > end) throw new Error(`It did not come to rest: ${api.pending().length} updates pending, ${undecided} messages undecided, ${open} rows open`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async close() {
      await channel.stop()
      await outbox.stop()
      await assistant.close()
      await api.die()
    },
  }
}
