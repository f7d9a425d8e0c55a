import { randomUUID } from 'node:crypto'
import type { RequestStatus } from '../../domain/requests/requests.ts'
import { readNumberedPage, type NumberedPage } from '../engine/numbered-page.ts'
import type { Store, Transaction } from '../engine/store.ts'
import type { WebhookDelivery } from '../generated/client.ts'

export type { WebhookDelivery }

export type WebhookType = 'request.created' | 'request.updated'
export const WEBHOOK_STATES = ['queued', 'sent', 'failed'] as const
export type WebhookState = (typeof WEBHOOK_STATES)[number]

const DAY_MS = 24 * 60 * 60 * 1000
/** How long a change is tried. */
const GIVEN_UP_AFTER_MS = DAY_MS
/** How long what became of it can be looked up. */
const KEPT_MS = 30 * DAY_MS
const THE_ONE = 'webhooks'

/** Notes whether changes are pushed from now on. Where they are not any more, what waits will not be sent. */
export const subscribeWebhooks = (store: Store, isOn: boolean, now: Date): Promise<void> =>
  store.write(async (transaction) => {
    if (isOn) {
      await transaction.webhookSubscription.upsert({ where: { id: THE_ONE }, create: { id: THE_ONE, since: now }, update: {} })
      return
    }
    await transaction.webhookSubscription.deleteMany()
    await transaction.webhookDelivery.updateMany({ where: { state: 'queued' }, data: { state: 'failed', error: 'WEBHOOKS_URL is not set' } })
  })

/** Queues a change in its own transaction; does nothing where nobody wants to know. */
export async function queueWebhook(transaction: Transaction, change: { type: WebhookType; number: string; status: RequestStatus; at: Date }): Promise<void> {
  const subscribed = await transaction.$queryRaw<unknown[]>`SELECT "id" FROM "WebhookSubscription"`
  if (subscribed.length === 0) return
  const { at } = change
  await transaction.webhookDelivery.createMany({ data: [{ id: randomUUID(), ...change, state: 'queued', attempts: 0, dueAt: at, givesUpAt: new Date(at.getTime() + GIVEN_UP_AFTER_MS) }] })
}

/** Takes the next one that is due, for nobody else to take before `lostAt`; null when none is. */
export const takeDueWebhook = (store: Store, now: Date, lostAt: Date): Promise<WebhookDelivery | null> =>
  store.write(async (transaction) => {
    const due = await transaction.webhookDelivery.findFirst({ where: { state: 'queued', dueAt: { lte: now } }, orderBy: [{ dueAt: 'asc' }, { at: 'asc' }, { id: 'asc' }] })
    return due && transaction.webhookDelivery.update({ where: { id: due.id }, data: { dueAt: lostAt, attempts: { increment: 1 } } })
  })

/** What became of a try: sent, tried again at an instant, or given up. */
export const settleWebhook = (store: Store, id: string, became: { sentAt: Date } | { dueAt: Date; error: string } | { failed: true; error: string }): Promise<void> =>
  store.write(async (transaction) => {
    const data = 'sentAt' in became ? { ...became, state: 'sent', error: null } : 'failed' in became ? { state: 'failed', error: became.error } : became
    await transaction.webhookDelivery.updateMany({ where: { id }, data })
  })

/** When the next one is due; null when none waits. */
export async function nextWebhookAt(store: Store): Promise<Date | null> {
  const next = await store.read.webhookDelivery.findFirst({ where: { state: 'queued' }, orderBy: { dueAt: 'asc' }, select: { dueAt: true } })
  return next?.dueAt ?? null
}

/** Forgets what was settled long ago. */
export const forgetOldWebhooks = (store: Store, now: Date): Promise<void> =>
  store.write(async (transaction) => {
    await transaction.webhookDelivery.deleteMany({ where: { state: { not: 'queued' }, at: { lt: new Date(now.getTime() - KEPT_MS) } } })
  })

/** Since when changes are pushed; null = they are not. */
export const readWebhookSubscription = async (store: Store): Promise<Date | null> => (await store.read.webhookSubscription.findFirst())?.since ?? null

/** Newest first, 50 a page. */
export function pageWebhooks(store: Store, page: number): Promise<NumberedPage<WebhookDelivery>> {
  return readNumberedPage(page, 50, () => store.read.webhookDelivery.count(), (range) => store.read.webhookDelivery.findMany({ orderBy: [{ at: 'desc' }, { id: 'desc' }], ...range }))
}

/** Has one that was given up, or waits, tried at once, and then for another day. False when there is none, it was sent, or nothing is pushed. */
export async function requeueWebhook(transaction: Transaction, id: string, now: Date): Promise<boolean> {
  if ((await transaction.webhookSubscription.count()) === 0) return false
  const { count } = await transaction.webhookDelivery.updateMany({ where: { id, state: { not: 'sent' } }, data: { state: 'queued', attempts: 0, dueAt: now, givesUpAt: new Date(now.getTime() + GIVEN_UP_AFTER_MS) } })
  return count === 1
}
