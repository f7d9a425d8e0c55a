import { createHash, timingSafeEqual } from 'node:crypto'
import type { Update } from 'grammy/types'
import type { Logger } from 'pino'
import type { ChannelWebhook } from '../../domain/messages/channel.ts'
import { createFaultLog, QUIET_MS, type Fault } from '../../domain/faults.ts'
import { nameOf } from './trouble.ts'

export interface WebhookSetting {
  /** Public address that Telegram calls; we serve its path. */
  url: string
  /** Sent along by Telegram with every call: 1 to 256 of A-Z a-z 0-9 _ -. */
  secret: string
}

export interface WebhookOptions extends WebhookSetting {
  account: string
  log: Logger
  now: () => Date
  /** Stores one update; 'not_ready' before the channel is connected and after it stopped. */
  deliver(update: Update): Promise<'stored' | 'not_ready'>
  /** Hears that storing failed. */
  onFailure(error: unknown): void
}

const SECRET_HEADER = 'x-telegram-bot-api-secret-token'
/** Longest body, in bytes; an update of Telegram is far below. */
export const LONGEST_BODY = 1024 * 1024

const WRONG_SECRET: Fault = {
  name: 'webhook-secret',
  level: 'warn',
  message: 'Somebody called the webhook without the right secret and was refused; nothing was stored. If messages do not arrive either, restart, so that Telegram gets the secret again.',
  end: 'Nobody has called the webhook without the right secret for ten minutes.',
  quietMs: QUIET_MS,
}
const TOO_LONG: Fault = {
  name: 'webhook-body',
  level: 'warn',
  message: 'A call of the webhook was longer than a megabyte, or broke off, and was refused; Telegram delivers again what broke off. Nothing to do unless it goes on: then look at the reverse proxy.',
  end: 'No call of the webhook was too long or broke off for ten minutes.',
  quietMs: QUIET_MS,
}

/**
 * What answers Telegram's calls. The secret is compared, in constant time, before anything of the body is read; 200 says that
 * the update is stored, and anything from 500 on makes Telegram deliver it again.
 */
export function createWebhook(options: WebhookOptions): ChannelWebhook {
  const { account, log, now } = options
  const expected = digest(options.secret)
  const faults = createFaultLog(log, now)
  const subject = { channel: 'telegram', account }

  function refuse(): Response {
    faults.say(WRONG_SECRET, subject)
    return new Response(null, { status: 401 })
  }

  return {
    path: new URL(options.url).pathname,
    async handle(request) {
      faults.sweep()
      if (!timingSafeEqual(digest(request.headers.get(SECRET_HEADER) ?? ''), expected)) return refuse()
      const body = await readBody(request)
      if (body === null) {
        faults.say(TOO_LONG, subject)
        return new Response(null, { status: 413 })
      }
      const update = readUpdateObject(body)
      if (update === null) return new Response(null, { status: 400 })
      try {
        return new Response(null, { status: (await options.deliver(update)) === 'stored' ? 200 : 503 })
      } catch (error) {
        options.onFailure(error)
        log.debug({ channel: 'telegram', account, updateId: update.update_id, error: nameOf(error) }, 'an update could not be stored; Telegram delivers it again')
        return new Response(null, { status: 500 })
      }
    },
  }
}

/** Of equal length whatever was sent, so that comparing tells nothing of it. */
const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** The body as text; null when it is longer than allowed, which is found out without reading on, or when it broke off. */
async function readBody(request: Request): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > LONGEST_BODY) return null
  if (request.body === null) return ''
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength
      if (length > LONGEST_BODY) return null
      chunks.push(chunk)
    }
  } catch {
    return null
  }
  return Buffer.concat(chunks).toString('utf8')
}

function readUpdateObject(body: string): Update | null {
  try {
    const parsed: unknown = JSON.parse(body)
    return isUpdate(parsed) ? parsed : null
  } catch {
    return null
  }
}

/** What is inside is read as carefully as what polling brings: a shape that we do not know is left out. */
const isUpdate = (value: unknown): value is Update => typeof value === 'object' && value !== null && 'update_id' in value && Number.isSafeInteger(value.update_id)
