import path from 'node:path'
import type { Logger } from 'pino'
import { createLeasedChannel } from './channels/leased.ts'
import { createTelegramChannel } from './channels/telegram/channel.ts'
import { createWechatChannel } from './channels/wechat/channel.ts'
import { createWecomChannel } from './channels/wecom/channel.ts'
import { createWecomWebhookChannel } from './channels/wecom/webhook-channel.ts'
import type { Config, WecomGroupSetting } from './config.ts'
import type { Channel } from './domain/channel.ts'
import { isProcessGone, THIS_PROCESS } from './store/lease-owner.ts'
import { acquireLease, readCursor, releaseLease, writeCursor } from './store/channel-accounts.ts'
import type { Store } from './store/store.ts'

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

/** A channel for each platform that is configured; an account is used by one process at a time. */
export function openPlatforms(config: Config, { store, log, now }: { store: Store; log: Logger; now: () => Date }): Channel[] {
  const channels: Channel[] = []
  if (config.telegram) {
    const { token, apiRoot, webhook } = config.telegram
    const account = { channel: 'telegram', account: token.split(':')[0] ?? '' }
    const offsets = { read: () => readCursor(store, account), write: (offset: number) => writeCursor(store, account, offset, now()) }
    channels.push(createTelegramChannel({ token, offsets, log, now, ...(apiRoot && { apiRoot }), ...(webhook && { webhook }) }))
  }
  if (config.wechat) {
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
  if (config.wecom) channels.push(createWecomChannel({ ...config.wecom, log, now }))
  if (config.wecomGroups.length > 0) channels.push(createWecomWebhookChannel({ groups: config.wecomGroups, log, now }))
  return channels.map((channel) => leased(channel, store, log, now))
}

/** The room that a group's webhook posts into. */
export const toPushRoom = ({ name, areaCode }: WecomGroupSetting) => ({ channel: 'wecom_webhook', account: 'groups', externalId: name, title: name, areaCode })
