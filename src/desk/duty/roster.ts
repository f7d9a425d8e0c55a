import { daysOfWeek, describeGaps, shiftWeek, type DutyDay, type DutyPerson } from '../../domain/office/duty.ts'
import { toLocalDay } from '../../domain/time.ts'
import { readDutyDays, writeDutyDays } from '../../store/duty/duty-days.ts'
import type { Actor } from '../actor.ts'
import type { DeskServices } from '../services.ts'

type RosterServices = Pick<DeskServices, 'store' | 'now'>

/** A week's roster: seven days, Monday first, and what is missing from today on, in words. */
export interface DutyWeek {
  week: string
  days: DutyDay<DutyPerson>[]
  gaps: string[]
}

export type ReadWeekResult = { outcome: 'week'; roster: DutyWeek } | { outcome: 'no_such_week' }

/** Who is on duty in a week (`2026-W49`). */
export async function readDutyWeek({ store, now }: RosterServices, week: string): Promise<ReadWeekResult> {
  const dates = daysOfWeek(week)
  if (dates === null) return { outcome: 'no_such_week' }
  const days = await readDutyDays(store, dates)
  return { outcome: 'week', roster: { week, days, gaps: describeGaps(days, toLocalDay(now())) } }
}

export type SetWeekResult =
  | { outcome: 'saved'; roster: DutyWeek }
  | { outcome: 'no_such_week' }
  | { outcome: 'not_in_week' | 'twice'; date: string }
  | { outcome: 'unknown_staff' | 'disabled_staff'; user: string }

/** Sets days of a week by the users' names; days that are left out stay as they are. A gap is saved, and said. All or nothing. */
export async function setDutyWeek(services: RosterServices, actor: Pick<Actor, 'user'>, input: { week: string; days: readonly DutyDay<string>[] }): Promise<SetWeekResult> {
  const { week, days } = input
  const dates = daysOfWeek(week)
  if (dates === null) return { outcome: 'no_such_week' }
  const stray = days.find(({ date }) => !dates.includes(date))
  if (stray !== undefined) return { outcome: 'not_in_week', date: stray.date }
  const again = days.find(({ date }, index) => days.findIndex((day) => day.date === date) !== index)
  if (again !== undefined) return { outcome: 'twice', date: again.date }
  const written = await writeDutyDays(services.store, { days, by: actor.user, subject: week, now: services.now() })
  if (written.outcome !== 'saved') return written
  const read = await readDutyWeek(services, week)
  return read.outcome === 'week' ? { outcome: 'saved', roster: read.roster } : read
}

export type CopyWeekResult = { outcome: 'copied'; filled: number; leftOut: string[] } | { outcome: 'no_such_week' }

/** Fills what is empty in a week from the same days of the week before; whoever was disabled since is left out, and named. What is set stays. */
export async function copyWeekBefore(services: RosterServices, actor: Pick<Actor, 'user'>, week: string): Promise<CopyWeekResult> {
  const dates = daysOfWeek(week)
  if (dates === null) return { outcome: 'no_such_week' }
  const [before, present] = await Promise.all([readDutyDays(services.store, daysOfWeek(shiftWeek(week, -1)) ?? []), readDutyDays(services.store, dates)])
  const leftOut = new Set<string>()
  const choose = (now: DutyPerson | null, then: DutyPerson | null): string | null => {
    if (now !== null && !now.isDisabled) return now.user
    if (then === null || !then.isDisabled) return then?.user ?? null
    leftOut.add(then.name)
    return null
  }
  const days = present.map(({ date, person, deputy }, index) => ({ date, person: choose(person, before[index]?.person ?? null), deputy: choose(deputy, before[index]?.deputy ?? null) }))
  const filled = days.filter((day, index) => day.person !== (present[index]?.person?.user ?? null) || day.deputy !== (present[index]?.deputy?.user ?? null)).length
  if (filled > 0) await writeDutyDays(services.store, { days, by: actor.user, subject: week, now: services.now() })
  return { outcome: 'copied', filled, leftOut: [...leftOut] }
}
