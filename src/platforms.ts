import path from 'node:path'
import type { Logger } from 'pino'
import { createLeasedChannel } from './channels/leased.ts'
import type { Config, WecomGroupSetting } from './config.ts'
import type { Assistant } from './dialog/assistant.ts'
import { text as words } from './dialog/text.ts'
import type { Channel } from './domain/messages/channel.ts'
import { StoreError } from './domain/errors.ts'
import type { InboundMessage } from './domain/messages/messages.ts'
import { isProcessGone, THIS_PROCESS } from './store/engine/lease-owner.ts'
import { acquireLease, readCursor, releaseLease, writeCursor } from './store/channels/channel-accounts.ts'
import type { Store } from './store/engine/store.ts'

/** Shorter than the 30 s in which everything goes on after a crash. */
const ACCOUNT_LEASE_MS = 20_000

function leased(channel: Channel, store: Store, log: Logger, now: () => Date): Channel {
  const lease = { channel: channel.id, account: channel.account, owner: THIS_PROCESS }
  return createLeasedChannel(
    channel,
    {
      acquire: () => acquireLease(store, { ...lease, now: now(), until: new Date(now().getTime() + ACCOUNT_LEASE_MS), isGone: isProcessGone }),
      release: () => releaseLease(store, lease),
    },
    log,
    now,
  )
}

/** A channel for each platform that is configured; an account is used by one process at a time. What only one platform needs is loaded with it. */
export async function openPlatforms(config: Config, { store, log, now }: { store: Store; log: Logger; now: () => Date }): Promise<Channel[]> {
  const channels: Channel[] = []
  if (config.telegram) {
    const { createTelegramChannel } = await import('./channels/telegram/channel.ts')
    const { token, apiRoot, webhook } = config.telegram
    const account = { channel: 'telegram', account: token.split(':')[0] ?? '' }
    const offsets = { read: () => readCursor(store, account), write: (offset: number) => writeCursor(store, account, offset, now()) }
    channels.push(createTelegramChannel({ token, offsets, log, now, ...(apiRoot && { apiRoot }), ...(webhook && { webhook }) }))
  }
  if (config.wechat) {
    const { createWechatChannel } = await import('./channels/wechat/channel.ts')
    const { puppet, ...wechat } = config.wechat
    channels.push(
      createWechatChannel({
        ...wechat,
        puppetName: puppet,
        stateDir: path.join(config.dataDirectory, 'wechat'),
        log,
        now,
        printQr: (drawing) => process.stderr.write(`${drawing}\n请用微信扫码登录。\n`),
      }),
    )
  }
  if (config.wecom) {
    const { createWecomChannel } = await import('./channels/wecom/channel.ts')
    channels.push(createWecomChannel({ ...config.wecom, log, now }))
  }
  if (config.wecomGroups.length > 0) {
    const { createWecomWebhookChannel } = await import('./channels/wecom/webhook-channel.ts')
    channels.push(createWecomWebhookChannel({ groups: config.wecomGroups, log, now }))
  }
  return channels.map((channel) => leased(channel, store, log, now))
}

/** The room that a group's webhook posts into. */
export const toPushRoom = ({ name, areaCode }: WecomGroupSetting) => ({ channel: 'wecom_webhook', account: 'groups', externalId: name, title: name, areaCode })

/** Messages of which somebody in danger was told what to do while nothing could be stored; the platform delivers them again. */
const MOST_TOLD = 1000
/** Conversations that are told that nothing can be stored, until something can: a platform must not take it for a flood. */
const MOST_CONVERSATIONS = 30

/** Hands a platform's messages to the assistant. While nothing can be stored, who is in danger is told what to do all the same, once a message; who is not, that it will take a while, once. */
export function createReceiver(channel: Pick<Channel, 'send'>, assistant: Pick<Assistant, 'receive' | 'safetyWords'>): (message: InboundMessage) => Promise<void> {
  const told = new Set<string>()
  const waiting = new Set<string>()
  const tell = (message: InboundMessage, kind: 'emergency' | 'receipt', said: string) =>
    channel.send({ key: `not-stored:${message.externalId}`, conversation: message.conversation, kind, text: said, buttons: [] }).catch(() => undefined)
  return async (message) => {
    try {
      const { turn } = await assistant.receive(message)
      waiting.clear()
      // The turn goes on after the message is stored; the assistant itself reports and repeats one that fails.
      turn.catch(() => undefined)
    } catch (error) {
      const { externalId, conversation, isAddressed, text } = message
      if (error instanceof StoreError && isAddressed && !told.has(externalId)) {
        if (told.size >= MOST_TOLD) told.clear()
        told.add(externalId)
        const safety = await assistant.safetyWords(text)
        if (safety !== null) await tell(message, 'emergency', safety)
        else if (!waiting.has(conversation.externalId) && waiting.size < MOST_CONVERSATIONS) {
          waiting.add(conversation.externalId)
          await tell(message, 'receipt', words.notStored)
        }
      }
      throw error
    }
  }
}
