import type { ServerResponse } from 'node:http'
import type { Update } from 'grammy/types'
import type { z } from 'zod'
import { BotApiError, type METHOD_PARAMETERS } from './parameters.ts'
import { WebhookSender } from './webhook-sender.ts'

type Parameters<Method extends keyof typeof METHOD_PARAMETERS> = z.infer<(typeof METHOD_PARAMETERS)[Method]>

/** What waits to be delivered: by long polls with the semantics of their offset, or by calling a webhook. */
export class UpdateDelivery {
  webhookUrl = ''
  webhook: WebhookSender | null = null
  readonly #options: { now: () => Date; webhookRetryMs: number }
  #updates: Update[] = []
  #nextId = 1_000
  #webhookKinds: readonly string[] | undefined
  #waiting: { wake: () => void; conflict: () => void } | null = null

  constructor(options: { now: () => Date; webhookRetryMs: number }) {
    this.#options = options
  }

  takeId(): number {
    return this.#nextId++
  }

  /** Puts an update in its place by its id, which need not be a new one. */
  add(update: Update): void {
    this.#updates.push(update)
    this.#updates.sort((a, b) => a.update_id - b.update_id)
    this.#nextId = Math.max(this.#nextId, update.update_id + 1)
    if (this.webhook !== null && isWanted(update, this.#webhookKinds)) this.webhook.queue(update)
    this.#waiting?.wake()
  }

  /** Updates that neither a poll nor a webhook call has confirmed. */
  pending(): number[] {
    return this.#updates.map((update) => update.update_id)
  }

  /** Forgets what is below the offset; a second poll ends the first with 409, as Telegram does. */
  async poll(params: Parameters<'getUpdates'>, response: ServerResponse): Promise<Update[]> {
    if (this.webhookUrl !== '') throw new BotApiError(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
    this.#waiting?.conflict()
    const { offset, limit = 100, timeout = 0, allowed_updates: allowed } = params
    if (offset !== undefined && offset > 0) this.#updates = this.#updates.filter((update) => update.update_id >= offset)
    const wanted = (): Update[] => this.#updates.filter((update) => isWanted(update, allowed)).slice(0, limit)
    if (wanted().length > 0 || timeout === 0) return wanted()
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, timeout * 1000)
      const end = (settle: () => void) => (): void => {
        clearTimeout(timer)
        settle()
      }
      this.#waiting = {
        wake: end(resolve),
        conflict: end(() => reject(new BotApiError(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'))),
      }
      response.once('close', end(resolve))
    }).finally(() => { this.#waiting = null })
    return wanted()
  }

  setWebhook(params: Parameters<'setWebhook'>): void {
    if (params.drop_pending_updates === true) this.#updates = []
    this.webhook?.stop()
    this.webhookUrl = params.url
    this.#webhookKinds = params.allowed_updates
    this.webhook = new WebhookSender({ url: params.url, secret: params.secret_token }, {
      retryMs: this.#options.webhookRetryMs,
      now: this.#options.now,
      taken: (updateId) => { this.#updates = this.#updates.filter((update) => update.update_id !== updateId) },
    })
    for (const update of this.#updates) if (isWanted(update, this.#webhookKinds)) this.webhook.queue(update)
    this.#waiting?.conflict()
  }

  deleteWebhook(params: Parameters<'deleteWebhook'>): void {
    if (params.drop_pending_updates === true) this.#updates = []
    this.webhook?.stop()
    this.webhook = null
    this.webhookUrl = ''
  }

  webhookInfo(): object {
    const error = this.webhook?.lastError
    return { url: this.webhookUrl, has_custom_certificate: false, pending_update_count: this.#updates.length, ...(error && { last_error_date: error.at, last_error_message: error.message }) }
  }
}

const isWanted = (update: Update, kinds: readonly string[] | undefined): boolean => kinds === undefined || kinds.length === 0 || kinds.some((kind) => kind in update)
