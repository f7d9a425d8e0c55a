import type { Chat, User } from 'grammy/types'
import { pino } from 'pino'
import { afterEach, beforeEach } from 'vitest'
import type { InboundMessage } from '../../src/domain/messages/messages.ts'
import { createTelegramChannel, type TelegramTiming } from '../../src/channels/telegram/channel.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'
import { eventually } from './contract.ts'

export const alice: User = { id: 101, is_bot: false, first_name: '张三' }
export const namesake: User = { id: 102, is_bot: false, first_name: '社区小助手' }
export const otherBot: User = { id: 103, is_bot: true, first_name: '天气', username: 'weather_bot' }
export const home: Chat.PrivateChat = { id: 101, type: 'private', first_name: '张三' }
export const group: Chat.SupergroupChat = { id: -1001, type: 'supergroup', title: '阳光花园3栋' }
export const toAlice = { kind: 'private', externalId: '101' } as const
export const toGroup = { kind: 'group', externalId: '-1001' } as const

export const TIMING: Partial<TelegramTiming> = { pollSeconds: 2, sendTimeoutSeconds: 1, firstBackoffMs: 20, longestBackoffMs: 100, troubleMs: 200, random: () => 1 }

export function memoryOffsets(): { value: number | null; read(): Promise<number | null>; write(offset: number): Promise<void> } {
  return {
    value: null,
    async read() { return this.value },
    async write(offset) { this.value = offset },
  }
}

/** A channel of ours at a Bot API of the test's, and what it hands over. */
export class TelegramStage {
  api!: FakeBotApi
  offsets!: ReturnType<typeof memoryOffsets>
  received: InboundMessage[] = []
  log: { level: number; msg: string }[] = []
  channel!: ReturnType<typeof createTelegramChannel>

  async open(): Promise<void> {
    this.api = new FakeBotApi()
    await this.api.start()
    this.api.openChat(home)
    this.api.openChat(group)
    this.offsets = memoryOffsets()
    this.received = []
    this.log = []
    this.channel = this.build()
  }

  async close(): Promise<void> {
    await this.channel.stop()
    await this.api.die()
  }

  /** Another one, as after a restart: on the same offsets. */
  build(): ReturnType<typeof createTelegramChannel> {
    return createTelegramChannel({
      token: this.api.token,
      apiRoot: this.api.apiRoot,
      log: pino({ level: 'info' }, { write: (line: string) => { this.log.push(JSON.parse(line) as { level: number; msg: string }) } }),
      now: () => new Date(),
      offsets: this.offsets,
      timing: TIMING,
    })
  }

  start(): Promise<void> {
    return this.channel.start(async (message) => { this.received.push(message) })
  }

  online(): Promise<true> {
    return eventually(() => this.channel.status().state === 'online', 'the channel is online')
  }

  next(count = 1): Promise<InboundMessage> {
    return eventually(() => this.received[count - 1], `message ${count} is handed over`)
  }
}

/** One for each test of a file. */
export function useTelegram(): TelegramStage {
  const telegram = new TelegramStage()
  beforeEach(() => telegram.open())
  afterEach(() => telegram.close())
  return telegram
}
