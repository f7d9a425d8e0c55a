import { createHash } from 'node:crypto'
import type { Channel } from '../../domain/messages/channel.ts'
import type { FaultLogger } from '../../domain/faults.ts'
import type { OutgoingMessage, SendResult } from '../../domain/messages/messages.ts'
import { PICTURE_TYPES, type OutgoingPicture } from '../../domain/pictures/pictures.ts'
import { withChoices } from '../choices.ts'
import { neverConnected } from '../network.ts'
import { createPartSender } from '../parts.ts'
import { createChannelState } from '../state.ts'
import { splitText } from '../text-limits.ts'
import { LARGEST_IMAGE, toAnsweredResult } from './outbound.ts'
import { UNREACHABLE } from './trouble.ts'

const LONGEST_TEXT = 2_048
const SEND_TIMEOUT_MS = 15_000

export interface WecomGroup {
  /** What staff call the group; the address itself is a secret and stays out of the store. */
  name: string
  webhookUrl: string
}

/** WeCom's group webhooks: they take announcements and give nothing back. Each group is a conversation under its name. */
export function createWecomWebhookChannel({ groups, log, now }: { groups: readonly WecomGroup[]; log: FaultLogger; now: () => Date }): Channel {
  const status = createChannelState({ channel: 'wecom_webhook', account: 'groups', log, now })
  const sendParts = createPartSender()

  async function post(url: string, body: object): Promise<SendResult> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
        redirect: 'error',
      })
      if (status.read().state === 'degraded') status.online()
      return await readAnswer(response)
    } catch (error) {
      const result = toNetworkResult(error)
      // Nobody else looks whether WeCom can be reached.
      if (result.outcome === 'retry' && status.read().state !== 'stopped') status.trouble(UNREACHABLE)
      return result
    }
  }

  return {
    id: 'wecom_webhook',
    account: 'groups',
    capabilities: {
      groups: true,
      mentions: false,
      buttons: false,
      pulls: false,
      proactiveWindowMs: null,
      canSendProactively: true,
      longestText: { limit: LONGEST_TEXT, unit: 'utf8' },
      pictures: { types: PICTURE_TYPES, largestBytes: LARGEST_IMAGE, longestCaption: null },
      // WeCom takes 20 a minute for each webhook.
      rate: { perSecond: 0.3, burst: 1 },
    },
    async start() {
      status.online()
    },
    async stop() {
      status.set('stopped')
    },
    async send(message: OutgoingMessage) {
      if (status.read().state === 'stopped') return { outcome: 'retry', reason: 'The channel is stopped.' }
      const group = groups.find(({ name }) => name === message.conversation.externalId)
      if (group === undefined) return { outcome: 'recipient_gone', reason: 'The group is no longer in WECOM_GROUP_WEBHOOKS.' }
      // A picture has no caption here, so it comes alone.
      if (message.picture !== undefined) return post(group.webhookUrl, toImage(message.picture))
      return sendParts(message.key, splitText(withChoices(message), LONGEST_TEXT, 'utf8'), (part) => post(group.webhookUrl, { msgtype: 'text', text: { content: part } }))
    },
    status: () => status.read(),
  }
}

const toImage = ({ bytes }: OutgoingPicture): object => ({ msgtype: 'image', image: { base64: Buffer.from(bytes).toString('base64'), md5: createHash('md5').update(bytes).digest('hex') } })

async function readAnswer(response: Response): Promise<SendResult> {
  if (response.status >= 500) return { outcome: 'unknown', reason: `WeCom answered ${response.status}.` }
  const body: unknown = await response.json().catch(() => null)
  const code = typeof body === 'object' && body !== null && 'errcode' in body && typeof body.errcode === 'number' ? body.errcode : null
  if (code === 0) return { outcome: 'sent' }
  const said = typeof body === 'object' && body !== null && 'errmsg' in body && typeof body.errmsg === 'string' ? body.errmsg : ''
  if (code !== null) return toAnsweredResult(code, `${code} ${said}`.trim())
  return response.ok ? { outcome: 'unknown', reason: 'WeCom answered something unreadable.' } : { outcome: 'rejected', reason: `WeCom answered ${response.status}.` }
}

/** Only a failure before the connection stood proves that nothing left. Reasons hold no address: it contains the key. */
function toNetworkResult(error: unknown): SendResult {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  if (neverConnected(code)) return { outcome: 'retry', reason: `WeCom cannot be reached (${code}).` }
  return { outcome: 'unknown', reason: 'The connection failed before WeCom answered.' }
}
