import { fromLocalIso, toLocalDay, toLocalIso } from '../time.ts'

/** How one year's working days differ from Monday to Friday. Days are local, `2026-11-23`. */
export interface CalendarYear {
  year: number
  /** Where it stands, for people. */
  source: string
  /** False: the State Council has not published it, so that what follows from the law alone stands here. */
  isPublished: boolean
  /** First and last day off, both included. */
  holidays: { name: string; from: string; to: string }[]
  /** Saturdays and Sundays on which people work. */
  workdays: string[]
}

/** The years that are known, in no order; of others only what falls on a fixed date is. */
export type WorkCalendar = readonly CalendarYear[]

/** Days off that the law puts on the same date each year: what counts in a year that nobody has entered. */
const FIXED_DAYS_OFF = new Set(['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'])

const DAY_MS = 24 * 60 * 60 * 1000
const noonOf = (day: string): number => Date.parse(`${day}T12:00:00Z`)
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

export const isWeekend = (day: string): boolean => [0, 6].includes(new Date(noonOf(day)).getUTCDay())

/** The holiday that a day belongs to; null on a day that is none. */
export const holidayOn = (day: string, calendar: WorkCalendar): string | null =>
  calendar.flatMap(({ holidays }) => holidays).find(({ from, to }) => from <= day && day <= to)?.name ?? null

/** Whether offices work on a local day. */
export function isWorkingDay(day: string, calendar: WorkCalendar): boolean {
  if (calendar.some(({ workdays }) => workdays.includes(day))) return true
  if (isWeekend(day) || holidayOn(day, calendar) !== null) return false
  return calendar.some(({ year }) => year === Number(day.slice(0, 4))) || !FIXED_DAYS_OFF.has(day.slice(5))
}

/**
 * The instant `days` working days after `start`, at the same local time of day; before it where `days` is negative. The day of
 * `start` is not counted, whatever it is: one working day after a Saturday is Monday. 0 = `start` itself.
 */
export function addWorkingDays(start: Date, days: number, calendar: WorkCalendar): Date {
  const step = days < 0 ? -DAY_MS : DAY_MS
  let at = noonOf(toLocalDay(start))
  for (let left = Math.abs(days); left > 0; ) {
    at += step
    if (isWorkingDay(dayOf(at), calendar)) left -= 1
  }
  return fromLocalIso(`${dayOf(at)}T${toLocalIso(start).slice(11)}`)
}

/** The first working day on or after a local day. */
export function workingDayFrom(day: string, calendar: WorkCalendar): string {
  let at = noonOf(day)
  while (!isWorkingDay(dayOf(at), calendar)) at += DAY_MS
  return dayOf(at)
}
