import { randomUUID } from 'node:crypto'
import { alertText, answerButton, residentText, type AlertParticulars, type AlertReason } from '../../domain/office/alert-text.ts'
import type { Button, ReplyKind } from '../../domain/messages/messages.ts'
import type { Prisma } from '../generated/client.ts'
import { queueMessages } from '../outbox/outbox.ts'
import type { Transaction } from '../engine/store.ts'
import type { StaffLogin } from './staff-logins.ts'

export const WHOLE_ALERT = { request: true, notices: { orderBy: [{ at: 'asc' }, { id: 'asc' }] } } satisfies Prisma.AlertInclude
export type WholeAlert = Prisma.AlertGetPayload<{ include: typeof WHOLE_ALERT }>

/** Begins the keys of all messages of an alert; its id follows. */
export const keyOfAlert = (alertId: string): string => `alert:${alertId}:`

export const particularsOf = (alert: WholeAlert): AlertParticulars => ({
  number: alert.number,
  isDrill: alert.requestId === null,
  words: alert.words,
  saidAt: alert.saidAt,
  address: alert.request?.address ?? null,
  name: alert.request?.requesterName ?? null,
  phone: alert.request?.requesterPhone ?? null,
})

/**
 * Tells these staff of an alert on every login of theirs, and writes down whom and when. `step` makes it one message for each login,
 * however often it is done. @returns whether somebody could be told
 */
export async function notifyStaff(transaction: Transaction, alert: WholeAlert, to: { staffIds: readonly string[]; logins: readonly StaffLogin[]; reason: AlertReason; step: string; duty: string | null; now: Date }): Promise<boolean> {
  const { staffIds, logins, reason, step, duty, now } = to
  const chosen = logins.filter(({ staffId }) => staffIds.includes(staffId))
  if (chosen.length === 0) return false
  const text = alertText.alert(particularsOf(alert), reason, duty)
  await queue(transaction, alert, chosen, { step, text, buttons: [answerButton(alert.number)] }, now)
  await transaction.alertNotice.createMany({ data: chosen.map(({ staffId, channel, conversationId }) => ({ id: randomUUID(), alertId: alert.id, staffId, channel, key: `${keyOfAlert(alert.id)}${step}:${conversationId}`, at: now })) })
  return true
}

/** Tells those who were told of it how it went on: that is no alert. */
export async function tellThoseTold(transaction: Transaction, alert: WholeAlert, logins: readonly StaffLogin[], said: { step: string; text: string; except?: string }, now: Date): Promise<void> {
  const told = new Set(alert.notices.map(({ staffId }) => staffId))
  await queue(transaction, alert, logins.filter(({ staffId }) => told.has(staffId) && staffId !== said.except), { ...said, buttons: [] }, now)
}

async function queue(transaction: Transaction, alert: WholeAlert, logins: readonly StaffLogin[], message: { step: string; text: string; buttons: Button[] }, now: Date): Promise<void> {
  const { step, text, buttons } = message
  await queueMessages(
    transaction,
    logins.map(({ conversationId, personId }) => ({
      key: `${keyOfAlert(alert.id)}${step}:${conversationId}`,
      conversationId,
      personId,
      ...(alert.requestId !== null && { requestId: alert.requestId }),
      priority: 'alert' as const,
      kind: 'notice' as const,
      text,
      extras: { buttons, citations: [] },
      isPushed: true,
    })),
    now,
  )
}

/** Somebody has seen it. */
export const tellSeen = (transaction: Transaction, alert: WholeAlert, name: string, now: Date): Promise<void> => tellResident(transaction, alert, { step: 'seen', text: residentText.seen(alert.number, name), kind: 'notice' }, now)

/** Nobody has answered yet: whom to call. */
export const tellUnconfirmed = (transaction: Transaction, alert: WholeAlert, isSeeking: boolean, now: Date): Promise<void> =>
  tellResident(transaction, alert, { step: 'unconfirmed', text: residentText.unconfirmed(alert.number, alert.call, isSeeking), kind: 'emergency' }, now)

/** Its requester and those who follow it: they are in the same danger. */
async function tellResident(transaction: Transaction, alert: WholeAlert, said: { step: string; text: string; kind: ReplyKind }, now: Date): Promise<void> {
  const { request } = alert
  if (request === null) return
  const { conversationId, requesterId } = request
  const followers = await transaction.requestFollower.findMany({ where: { requestId: request.id }, orderBy: [{ since: 'asc' }, { personId: 'asc' }] })
  const key = `${keyOfAlert(alert.id)}${said.step}`
  const told = [
    ...(conversationId === null ? [] : [{ key, conversationId, ...(requesterId !== null && { personId: requesterId }) }]),
    ...followers.filter(({ personId }) => personId !== requesterId).map(({ personId, conversationId: where }) => ({ key: `${key}:${personId}`, conversationId: where, personId })),
  ]
  await queueMessages(transaction, told.map((one) => ({ ...one, requestId: request.id, priority: 'alert' as const, kind: said.kind, text: said.text, isPushed: true })), now)
}
