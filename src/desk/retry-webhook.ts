import { requeueWebhook } from '../store/webhooks/webhooks.ts'
import type { Actor } from './actor.ts'
import type { DeskServices } from './services.ts'

/** Staff have a change pushed again to the other program, at once. False when there is none, it was taken, or nothing is pushed. */
export async function retryWebhook({ store, now, wakeOutbox }: DeskServices, actor: Actor, id: string): Promise<boolean> {
  const isQueued = await store.write(async (transaction) => {
    if (!(await requeueWebhook(transaction, id, now()))) return false
    await transaction.auditEntry.createMany({ data: [{ at: now(), actor: actor.user, action: 'retry_webhook', subject: id, detail: '' }] })
    return true
  })
  if (isQueued) wakeOutbox()
  return isQueued
}
