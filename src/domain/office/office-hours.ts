import { readSpan, WEEKDAYS, type HoursLine, type Office, type Weekday } from './office.ts'
import { holidayOn, isWorkingDay, type WorkCalendar } from '../requests/working-days.ts'

/** Which days are worked: public holidays and the weekends that are worked instead. Days are 2026-12-01. */
export interface WorkingDays {
  isWorkingDay(day: string): boolean
  /** Name of the public holiday that a day belongs to; null = none, or nobody knows. */
  holidayOn?(day: string): string | null
  /** Whether the year's holidays have been announced. */
  isPublished?(day: string): boolean
}

/** Years that nobody has entered have only what the law puts on a date. */
export const byCalendar = (calendar: WorkCalendar): WorkingDays => ({ isWorkingDay: (day) => isWorkingDay(day, calendar), holidayOn: (day) => holidayOn(day, calendar), isPublished: (day) => calendar.some(({ year, isPublished }) => isPublished && year === Number(day.slice(0, 4))) })

/** Opening times of one day. */
export interface Opening {
  day: string
  /** As written in the file (8:30-11:30), in order; none = closed. */
  open: readonly string[]
  /** Why it is not as on other days of the week: a special day's reason, a public holiday, a worked weekend; '' = it is. */
  reason: string
}

export type OpeningRules = Pick<Office, 'hours' | 'holidays' | 'closed'>

const DAY_MS = 24 * 60 * 60 * 1000
const WORKED_INSTEAD: Weekday = '周一'
export const REASONS = { holiday: '法定节假日', workedWeekend: '调休上班', notPublished: '放假安排还没公布' } as const

export const weekdayOf = (day: string): Weekday => WEEKDAYS[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7] ?? '周一'
export const addDays = (day: string, count: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10)

/** When it is open on a day. A worked weekend has Monday's times. */
export function openingOn({ hours, holidays, closed }: OpeningRules, day: string, calendar: WorkingDays): Opening {
  const special = closed.find(({ from, to = from }) => from <= day && day <= to)
  if (special !== undefined) return { day, open: special.open ?? [], reason: special.reason }
  const weekday = weekdayOf(day)
  const isWeekend = WEEKDAYS.indexOf(weekday) >= 5
  const isWorked = calendar.isWorkingDay(day)
  if (!isWeekend && !isWorked) return { day, open: holidays.open, reason: holidayName(day, calendar) }
  if (isWeekend && isWorked) return { day, open: hoursOf(hours, WORKED_INSTEAD, day), reason: REASONS.workedWeekend }
  // The weekend between the days of a holiday is one itself.
  if (isWeekend && ((calendar.holidayOn?.(day) ?? null) !== null || isAmongHolidays(day, calendar))) return { day, open: holidays.open, reason: holidayName(day, calendar) }
  return { day, open: hoursOf(hours, weekday, day), reason: '' }
}

const holidayName = (day: string, calendar: WorkingDays): string => {
  const name = calendar.holidayOn?.(day) ?? null
  const said = name === null ? REASONS.holiday : `${name}放假`
  return calendar.isPublished?.(day) === false ? `${said}，${REASONS.notPublished}` : said
}

/** Whether a weekend's Friday or Monday is a holiday. */
function isAmongHolidays(day: string, calendar: WorkingDays): boolean {
  const isHoliday = (other: string) => WEEKDAYS.indexOf(weekdayOf(other)) < 5 && !calendar.isWorkingDay(other)
  const saturday = weekdayOf(day) === '周六' ? day : addDays(day, -1)
  return isHoliday(addDays(saturday, -1)) || isHoliday(addDays(saturday, 2))
}

function hoursOf(lines: readonly HoursLine[], weekday: Weekday, day: string): readonly string[] {
  const ofDay = lines.filter(({ days }) => days.includes(weekday))
  return (ofDay.find(({ season }) => season !== undefined && isInSeason(season, day)) ?? ofDay.find(({ season }) => season === undefined))?.open ?? []
}

const monthDay = (said: string): string => said.split('-').map((part) => part.padStart(2, '0')).join('-')

/** A season may run over the new year. */
export function isInSeason({ from, to }: { from: string; to: string }, day: string): boolean {
  const [first, last, at] = [monthDay(from), monthDay(to), day.slice(5)]
  return first <= last ? first <= at && at <= last : at >= first || at <= last
}

/** The first day from `day` on on which it is open; null when there is none for a month. */
export function nextOpening(rules: OpeningRules, day: string, calendar: WorkingDays): Opening | null {
  for (let ahead = 0; ahead <= 31; ahead += 1) {
    const opening = openingOn(rules, addDays(day, ahead), calendar)
    if (opening.open.length > 0) return opening
  }
  return null
}

/** How it stands at a minute of the day: open until, closed until later that day, or closed for the day. */
export type OpenState = { state: 'open'; until: string } | { state: 'break' | 'before'; opens: string } | { state: 'after' | 'closed' }

export function stateAt({ open }: Opening, minute: number): OpenState {
  const spans = open.flatMap((span) => readSpan(span) ?? [])
  if (spans.length === 0) return { state: 'closed' }
  const current = spans.find(({ from, to }) => from <= minute && minute < to)
  if (current !== undefined) return { state: 'open', until: clock(current.to) }
  const next = spans.find(({ from }) => from > minute)
  if (next === undefined) return { state: 'after' }
  return { state: spans.some(({ to }) => to <= minute) ? 'break' : 'before', opens: clock(next.from) }
}

const clock = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
