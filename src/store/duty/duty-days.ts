import type { OnDuty } from '../../domain/office/alerts.ts'
import type { DutyDay, DutyPerson } from '../../domain/office/duty.ts'
import type { Store, Transaction } from '../engine/store.ts'
import { readReachable } from './staff-logins.ts'

type Reading = Pick<Transaction, 'dutyDay'>

/** The roster of these local days, in their order; a day of which nothing is known has nobody. */
export async function readDutyDays(store: Store, dates: readonly string[]): Promise<DutyDay<DutyPerson>[]> {
  const [rows, reachable] = await Promise.all([store.read.dutyDay.findMany({ where: { date: { in: [...dates] } }, include: { person: true, deputy: true } }), readReachable(store.read)])
  const toPerson = (staff: (typeof rows)[number]['person']): DutyPerson | null =>
    staff && { user: staff.user, name: staff.name, isDisabled: staff.disabledAt !== null, isReachable: reachable.some(({ staffId }) => staffId === staff.id) }
  return dates.map((date) => {
    const row = rows.find((one) => one.date === date)
    return { date, person: toPerson(row?.person ?? null), deputy: toPerson(row?.deputy ?? null) }
  })
}

export async function readOnDuty(reading: Reading, date: string): Promise<OnDuty> {
  const row = await reading.dutyDay.findUnique({ where: { date }, select: { personId: true, deputyId: true } })
  return { person: row?.personId ?? null, deputy: row?.deputyId ?? null }
}

export type WriteDutyResult = { outcome: 'saved' } | { outcome: 'unknown_staff' | 'disabled_staff'; user: string }

/** Sets days by the users' names, all of them or none. */
export function writeDutyDays(store: Store, input: { days: readonly DutyDay<string>[]; by: string; subject: string; now: Date }): Promise<WriteDutyResult> {
  const { days, by, subject, now } = input
  return store.write(async (transaction) => {
    const users = [...new Set(days.flatMap(({ person, deputy }) => [person, deputy].filter((user) => user !== null)))]
    const staff = await transaction.staffMember.findMany({ where: { user: { in: users } }, select: { id: true, user: true, disabledAt: true } })
    const unknown = users.find((user) => !staff.some((one) => one.user === user))
    if (unknown !== undefined) return { outcome: 'unknown_staff', user: unknown }
    const disabled = staff.find(({ disabledAt }) => disabledAt !== null)
    if (disabled !== undefined) return { outcome: 'disabled_staff', user: disabled.user }
    const idOf = (user: string | null) => staff.find((one) => one.user === user)?.id ?? null
    for (const { date, person, deputy } of days) {
      const values = { personId: idOf(person), deputyId: idOf(deputy), by, updatedAt: now }
      await transaction.dutyDay.upsert({ where: { date }, create: { date, ...values }, update: values })
    }
    await transaction.auditEntry.createMany({ data: [{ at: now, actor: by, action: 'set_duty', subject, detail: '' }] })
    return { outcome: 'saved' }
  })
}
