import { alertNotes } from '../../domain/office/alert-text.ts'
import type { Store, Transaction } from '../engine/store.ts'
import { moveRequest } from '../requests/move-request.ts'
import { closeAlert } from './alert-close.ts'
import { particularsOf, tellSeen, WHOLE_ALERT } from './alert-notices.ts'

export type AlertAnswer =
  | { outcome: 'answered'; particulars: ReturnType<typeof particularsOf> }
  | { outcome: 'answered_before'; number: string; name: string }
  | { outcome: 'over'; number: string }
  | { outcome: 'not_found' }

export interface Answering {
  alertId: string
  /** Staff user who says 收到. */
  user: string
  now: Date
}

/** 收到: nobody is told any more, those who were hear who has it, and so does the resident; the request is theirs where it was nobody's. The first to answer counts. */
export async function answerAlert(transaction: Transaction, { alertId, user, now }: Answering): Promise<AlertAnswer> {
  const alert = await transaction.alert.findUnique({ where: { id: alertId }, include: WHOLE_ALERT })
  if (alert === null) return { outcome: 'not_found' }
  if (alert.acknowledgedBy !== null) return { outcome: 'answered_before', number: alert.number, name: await nameOf(transaction, alert.acknowledgedBy) }
  if (alert.endedAt !== null) return { outcome: 'over', number: alert.number }
  const { name, staffId } = await closeAlert(transaction, alert, user, now)
  const { request } = alert
  if (request !== null) {
    await moveRequest(transaction, request.id, { kind: 'alert', author: 'staff', by: user, note: alertNotes.seen(name), ...(request.status === 'submitted' && { to: 'accepted' }), ...(request.assigneeId === null && { values: { assigneeId: staffId } }) }, now)
    await tellSeen(transaction, alert, name, now)
  }
  return { outcome: 'answered', particulars: particularsOf(alert) }
}

const nameOf = async (transaction: Transaction, user: string): Promise<string> => (await transaction.staffMember.findUnique({ where: { user }, select: { name: true } }))?.name ?? '工作人员'

/** An alert as whoever answers it in a chat sees it. */
export interface ToldAlert {
  id: string
  number: string
}

/** What a member of staff may answer with a bare 收到: what is open and they were told of, the latest notice first. */
export async function listAlertsToldTo(store: Store, staffId: string): Promise<ToldAlert[]> {
  const rows = await store.read.alertNotice.findMany({ where: { staffId, alert: { acknowledgedAt: null, endedAt: null } }, orderBy: [{ at: 'desc' }, { id: 'asc' }], select: { alert: { select: { id: true, number: true } } } })
  const alerts = rows.map(({ alert }) => alert)
  return alerts.filter(({ id }, index) => alerts.findIndex((other) => other.id === id) === index)
}

/** The latest alert of a number, whether it is answered or not; null when there is none. */
export const findAlertByNumber = (store: Store, number: string): Promise<ToldAlert | null> => store.read.alert.findFirst({ where: { number }, orderBy: { occasion: 'desc' }, select: { id: true, number: true } })
