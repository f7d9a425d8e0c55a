import { alertText } from '../../domain/office/alert-text.ts'
import type { Transaction } from '../engine/store.ts'
import { keyOfAlert, tellThoseTold, WHOLE_ALERT, type WholeAlert } from './alert-notices.ts'
import { readReachable } from './staff-logins.ts'
import { UNSENT } from '../outbox/outbox.ts'

/** Who has answered, as residents and colleagues read it, where it is no member of staff: another program. */
const NAMELESS = '工作人员'

/** Somebody has it: nobody is told any more, and those who were hear who has it. */
export async function closeAlert(transaction: Transaction, alert: WholeAlert, user: string, now: Date): Promise<{ name: string; staffId: string | null }> {
  const staff = await transaction.staffMember.findUnique({ where: { user }, select: { id: true, name: true } })
  const name = staff?.name ?? NAMELESS
  await transaction.alert.updateMany({ where: { id: alert.id }, data: { acknowledgedAt: now, acknowledgedBy: user, dueAt: null } })
  if (staff !== null) await transaction.alertNotice.updateMany({ where: { alertId: alert.id, staffId: staff.id, acknowledgedAt: null }, data: { acknowledgedAt: now } })
  await transaction.outboxMessage.updateMany({ where: { key: { startsWith: keyOfAlert(alert.id) }, status: UNSENT }, data: { status: 'cancelled' } })
  await tellThoseTold(transaction, alert, await readReachable(transaction), { step: 'taken', text: alertText.taken(alert.number, name, alert.requestId === null), ...(staff !== null && { except: staff.id }) }, now)
  await transaction.auditEntry.createMany({ data: [{ at: now, actor: user, action: 'answer_alert', subject: alert.number, detail: '' }] })
  return { name, staffId: staff?.id ?? null }
}

/** Staff have done something about the request, so that they know of it. Its resident is told of that itself. */
export async function closeAlertsOf(transaction: Transaction, { requestId, user, now }: { requestId: string; user: string; now: Date }): Promise<void> {
  const alerts = await transaction.alert.findMany({ where: { requestId, acknowledgedAt: null, endedAt: null }, include: WHOLE_ALERT })
  for (const alert of alerts) await closeAlert(transaction, alert, user, now)
}
