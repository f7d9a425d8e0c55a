import { randomUUID } from 'node:crypto'
import { AFTER_EMERGENCY_MS, ALERT_STEPS, CALL_ANY, TOLD_AGAIN_MS, whomToTell, type AlertStep, type ToTell } from '../../domain/office/alerts.ts'
import { alertNotes, alertText } from '../../domain/office/alert-text.ts'
import { isFinished } from '../../domain/requests/requests.ts'
import { toLocalDay } from '../../domain/time.ts'
import { nextNumber } from '../engine/numbers.ts'
import type { Store, Transaction } from '../engine/store.ts'
import { noteAlert } from './alert-history.ts'
import { notifyStaff, tellThoseTold, tellUnconfirmed, WHOLE_ALERT, type WholeAlert } from './alert-notices.ts'
import { readOnDuty } from './duty-days.ts'
import { namesOf, readReachable, staffOf, type StaffLogin } from './staff-logins.ts'
import { UNSENT } from '../outbox/outbox.ts'

/** Who was told of an alert just now. */
export interface AlertTold {
  role: ToTell['role']
  names: string[]
  /** The telephones that help comes from. */
  call: string
  /** More was said of what they had been told. */
  isAgain: boolean
}

export interface Said {
  requestId: string
  words: string
  /** The telephones in the safety words; absent = any. */
  call?: string
  /** It says that the danger is over. */
  isSafe?: boolean
  /** Who says it: 居民, or a staff user. */
  by: string
  now: Date
}

/**
 * An emergency was told of, or more of it, in the transaction that writes that: whoever is on duty is told at once, and the rest as time
 * goes on. @returns null where nobody is told of it now: it was long ago, the danger is over, or they hear it in a few seconds together
 * with what is said next
 */
export async function raiseAlert(transaction: Transaction, said: Said): Promise<AlertTold | null> {
  const last = await transaction.alert.findFirst({ where: { requestId: said.requestId }, orderBy: { occasion: 'desc' }, include: WHOLE_ALERT })
  if (last !== null && isOpen(last)) return sayMore(transaction, last, said)
  if (said.isSafe === true) {
    if (last !== null) await tellOver(transaction, last, said)
    return null
  }
  if (last !== null && said.now.getTime() - last.saidAt.getTime() > AFTER_EMERGENCY_MS) return null
  const request = await transaction.serviceRequest.findUniqueOrThrow({ where: { id: said.requestId }, select: { number: true } })
  const answered = last?.acknowledgedBy == null ? null : await transaction.staffMember.findUnique({ where: { user: last.acknowledgedBy }, select: { id: true } })
  return begin(transaction, { requestId: said.requestId, number: request.number, occasion: (last?.occasion ?? 0) + 1, words: said.words, call: said.call ?? CALL_ANY, by: said.by, staffId: answered?.id ?? null }, said.now)
}

/** Tries out whether staff can be reached: the same course, told as a drill, and no resident hears of it. */
export async function beginDrill(transaction: Transaction, drill: { by: string; words: string; now: Date }): Promise<{ outcome: 'begun'; number: string; told: AlertTold } | { outcome: 'running'; number: string }> {
  const running = await transaction.alert.findFirst({ where: { requestId: null, acknowledgedAt: null, endedAt: null } })
  if (running !== null) return { outcome: 'running', number: running.number }
  const number = await nextNumber(transaction, 'YL', drill.now)
  const told = await begin(transaction, { requestId: null, number, occasion: 1, words: drill.words, call: CALL_ANY, by: drill.by, staffId: null }, drill.now)
  await transaction.auditEntry.createMany({ data: [{ at: drill.now, actor: drill.by, action: 'alarm_drill', subject: number, detail: '' }] })
  return { outcome: 'begun', number, told }
}

const isOpen = ({ acknowledgedAt, endedAt }: Pick<WholeAlert, 'acknowledgedAt' | 'endedAt'>): boolean => acknowledgedAt === null && endedAt === null

async function begin(transaction: Transaction, alert: { requestId: string | null; number: string; occasion: number; words: string; call: string; by: string; staffId: string | null }, now: Date): Promise<AlertTold> {
  const id = randomUUID()
  await transaction.alert.createMany({ data: [{ id, ...alert, saidAt: now, createdAt: now, stage: 0 }] })
  const whole = await transaction.alert.findUniqueOrThrow({ where: { id }, include: WHOLE_ALERT })
  const logins = await readReachable(transaction)
  const told = await takeSteps(transaction, whole, logins, now)
  if (told.role === 'nobody') await noteAlert(transaction, whole, alertNotes.nobody, now)
  return told
}

async function sayMore(transaction: Transaction, alert: WholeAlert, said: Said): Promise<AlertTold | null> {
  const { now } = said
  const more: WholeAlert = { ...alert, words: said.words, saidAt: now, saidTimes: alert.saidTimes + 1, isSafe: said.isSafe === true, call: said.call ?? alert.call, request: await reread(transaction, alert) }
  await transaction.alert.updateMany({ where: { id: alert.id }, data: { words: more.words, saidAt: now, saidTimes: more.saidTimes, isSafe: more.isSafe, call: more.call } })
  if (more.isSafe) {
    await tellOver(transaction, more, said)
    await transaction.alert.updateMany({ where: { id: alert.id }, data: { toldTimes: more.saidTimes } })
    return null
  }
  if (alert.toldAt !== null && now.getTime() - alert.toldAt.getTime() < TOLD_AGAIN_MS) {
    await setDue(transaction, more)
    return null
  }
  return passOn(transaction, more, await readReachable(transaction), now)
}

/** The request as the turn has left it: its address may have just been said. */
const reread = (transaction: Transaction, alert: WholeAlert) => (alert.requestId === null ? null : transaction.serviceRequest.findUnique({ where: { id: alert.requestId } }))

/** Those who know of it hear what was said since; where nobody does, whoever is on duty. */
async function passOn(transaction: Transaction, alert: WholeAlert, logins: readonly StaffLogin[], now: Date): Promise<AlertTold> {
  const known = staffOf(logins).filter((id) => alert.notices.some(({ staffId }) => staffId === id))
  const to: ToTell = known.length > 0 ? { role: 'duty', staff: known } : whomToTell('first', await onDuty(transaction, alert), staffOf(logins))
  await tellStaff(transaction, alert, { staffIds: to.staff, logins, reason: 'more', step: `more-${alert.saidTimes}`, duty: null, now })
  const passed = { ...alert, toldTimes: alert.saidTimes, toldAt: now }
  await transaction.alert.updateMany({ where: { id: alert.id }, data: { toldTimes: passed.toldTimes, toldAt: now } })
  await setDue(transaction, passed)
  return { role: to.role, names: namesOf(logins, to.staff), call: alert.call, isAgain: true }
}

const tellOver = async (transaction: Transaction, alert: WholeAlert, { words, now }: Said): Promise<void> =>
  tellThoseTold(transaction, alert, await readReachable(transaction), { step: `over-${now.getTime()}`, text: alertText.over(alert.number, words) }, now)

/** The roster of the day on which it began. */
const onDuty = (transaction: Transaction, alert: Pick<WholeAlert, 'createdAt'>) => readOnDuty(transaction, toLocalDay(alert.createdAt))

/** Does all steps whose time has come; after a standstill each is told once, by the last of them. */
async function takeSteps(transaction: Transaction, alert: WholeAlert, logins: readonly StaffLogin[], now: Date): Promise<AlertTold> {
  const duty = await onDuty(transaction, alert)
  const due = ALERT_STEPS.slice(alert.stage).filter(({ afterMs }) => alert.createdAt.getTime() + afterMs <= now.getTime())
  const lastOf = new Map<string, AlertStep['name']>()
  let role: ToTell['role'] = 'nobody'
  for (const { name } of due) {
    const to = whomToTell(name, duty, staffOf(logins))
    if (to.role !== 'nobody') role = to.role
    const besides = name === 'first' && alert.staffId !== null && staffOf(logins).includes(alert.staffId) ? [alert.staffId] : []
    for (const id of [...to.staff, ...besides]) lastOf.set(id, name)
  }
  const dutyName = duty.person === null ? null : ((await transaction.staffMember.findUnique({ where: { id: duty.person }, select: { name: true } }))?.name ?? null)
  for (const { name } of due) {
    const staffIds = [...lastOf].flatMap(([id, step]) => (step === name ? [id] : []))
    await tellStaff(transaction, alert, { staffIds, logins, reason: name, step: name, duty: dutyName, now })
    if (name === 'deputy' && alert.request !== null && !alert.isSafe) {
      await tellUnconfirmed(transaction, alert, logins.length > 0, now)
      await noteAlert(transaction, alert, alertNotes.unconfirmed, now)
    }
  }
  const done = { ...alert, stage: alert.stage + due.length }
  await transaction.alert.updateMany({ where: { id: alert.id }, data: { stage: done.stage } })
  await setDue(transaction, done)
  return { role, names: namesOf(logins, [...lastOf.keys()]), call: alert.call, isAgain: false }
}

async function tellStaff(transaction: Transaction, alert: WholeAlert, to: Parameters<typeof notifyStaff>[2]): Promise<void> {
  if (await notifyStaff(transaction, alert, to)) await noteAlert(transaction, alert, alertNotes.told(to.reason, namesOf(to.logins, to.staffIds)), to.now)
}

/** When something is to be done next, if nobody answers. */
async function setDue(transaction: Transaction, alert: WholeAlert): Promise<void> {
  const step = ALERT_STEPS[alert.stage]
  const instants = [
    ...(step === undefined ? [] : [alert.createdAt.getTime() + step.afterMs]),
    ...(alert.saidTimes > alert.toldTimes ? [(alert.toldAt ?? alert.saidAt).getTime() + TOLD_AGAIN_MS] : []),
  ]
  await transaction.alert.updateMany({ where: { id: alert.id }, data: { dueAt: instants.length === 0 ? null : new Date(Math.min(...instants)) } })
}

/** Alerts with something to do now, and when the next falls due; null = none does by itself. */
export async function findDueAlerts(store: Store, now: Date): Promise<{ due: string[]; nextAt: Date | null }> {
  const rows = await store.read.alert.findMany({ where: { dueAt: { not: null } }, orderBy: [{ dueAt: 'asc' }, { id: 'asc' }], select: { id: true, dueAt: true } })
  const isDue = ({ dueAt }: (typeof rows)[number]): boolean => dueAt !== null && dueAt <= now
  return { due: rows.filter(isDue).map(({ id }) => id), nextAt: rows.find((row) => !isDue(row))?.dueAt ?? null }
}

/** Does what is due of one alert, in one transaction, so that of two processes one does it: safe to be repeated at any time. */
export function advanceAlert(store: Store, alertId: string, now: Date): Promise<void> {
  return store.write(async (transaction) => {
    const alert = await transaction.alert.findUnique({ where: { id: alertId }, include: WHOLE_ALERT })
    if (alert === null || alert.dueAt === null || alert.dueAt > now) return
    if (!isOpen(alert) || (alert.request !== null && isFinished(alert.request))) {
      await transaction.alert.updateMany({ where: { id: alertId }, data: { dueAt: null, ...(isOpen(alert) && { endedAt: now }) } })
      return
    }
    const logins = await readReachable(transaction)
    await takeSteps(transaction, alert, logins, now)
    const after = await transaction.alert.findUniqueOrThrow({ where: { id: alertId }, include: WHOLE_ALERT })
    if (after.saidTimes > after.toldTimes && (after.toldAt ?? after.saidAt).getTime() + TOLD_AGAIN_MS <= now.getTime()) await passOn(transaction, after, logins, now)
  })
}

/** Takes the words of somebody who deletes everything out of alerts, and out of what staff were told. */
export async function eraseAlerts(transaction: Transaction, requestIds: readonly string[]): Promise<void> {
  const alerts = await transaction.alert.findMany({ where: { requestId: { in: [...requestIds] } }, select: { id: true, notices: { select: { key: true } } } })
  await transaction.alert.updateMany({ where: { id: { in: alerts.map(({ id }) => id) } }, data: { words: '' } })
  const requested = { requestId: { in: [...requestIds] }, key: { startsWith: 'alert:' } }
  await transaction.outboxMessage.updateMany({ where: { ...requested, status: UNSENT }, data: { status: 'cancelled' } })
  await transaction.outboxMessage.updateMany({ where: requested, data: { text: '', extras: { buttons: [], citations: [] } } })
}
