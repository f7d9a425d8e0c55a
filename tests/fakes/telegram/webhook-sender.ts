import type { Update } from 'grammy/types'

/** After this Telegram gives a call up. */
const LONGEST_CALL_MS = 10_000

export interface WebhookTarget {
  url: string
  secret: string | undefined
}

export interface WebhookDelivery {
  updateId: number
  /** What was answered; null when nothing was. */
  status: number | null
}

export interface WebhookError {
  /** Seconds since 1970. */
  at: number
  message: string
}

/**
 * Delivers updates as Telegram does: with the secret header, one after the other within a chat, again after anything but 2xx
 * until it is taken or the webhook is gone.
 */
export class WebhookSender {
  readonly deliveries: WebhookDelivery[] = []
  lastError: WebhookError | null = null
  readonly #target: WebhookTarget
  readonly #retryMs: number
  readonly #taken: (updateId: number) => void
  readonly #now: () => Date
  readonly #queues = new Map<string, Promise<void>>()
  #isStopped = false

  constructor(target: WebhookTarget, options: { retryMs: number; now: () => Date; taken: (updateId: number) => void }) {
    this.#target = target
    this.#retryMs = options.retryMs
    this.#now = options.now
    this.#taken = options.taken
  }

  queue(update: Update): void {
    const key = queueOf(update)
    const before = this.#queues.get(key) ?? Promise.resolve()
    this.#queues.set(key, before.then(() => this.#deliver(update)))
  }

  stop(): void {
    this.#isStopped = true
  }

  async #deliver(update: Update): Promise<void> {
    while (!this.#isStopped) {
      const status = await this.#post(update)
      this.deliveries.push({ updateId: update.update_id, status })
      if (status !== null && status >= 200 && status < 300) return this.#taken(update.update_id)
      this.lastError = { at: Math.floor(this.#now().getTime() / 1_000), message: status === null ? 'Connection refused' : `Wrong response from the webhook: ${status}` }
      await new Promise((resolve) => setTimeout(resolve, this.#retryMs))
    }
  }

  async #post(update: Update): Promise<number | null> {
    const { url, secret } = this.#target
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(secret !== undefined && { 'x-telegram-bot-api-secret-token': secret }) },
        body: JSON.stringify(update),
        signal: AbortSignal.timeout(LONGEST_CALL_MS),
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      return null
    }
  }
}

/** Telegram keeps the order within a chat, and nothing else. */
const queueOf = (update: Update): string => String(update.message?.chat.id ?? update.edited_message?.chat.id ?? update.my_chat_member?.chat.id ?? update.callback_query?.from.id ?? 'other')
