import { toLocalDay } from '../time.ts'

/** Who answers for emergencies on one local day; null = nobody is set. */
export interface DutyDay<Who> {
  /** `2026-12-01` */
  date: string
  person: Who | null
  deputy: Who | null
}

const DAY_MS = 24 * 60 * 60 * 1000
const WEEK = /^(\d{4})-W(\d{2})$/

const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const midnight = (day: string): number => new Date(`${day}T00:00Z`).getTime()
/** 1 = Monday … 7 = Sunday. */
const weekdayOf = (day: string): number => new Date(midnight(day)).getUTCDay() || 7

/** The ISO 8601 week of a local day: `2026-12-01` is in `2026-W49`. */
export function weekOf(day: string): string {
  const thursday = toDay(midnight(day) + (4 - weekdayOf(day)) * DAY_MS)
  const year = thursday.slice(0, 4)
  const count = Math.floor((midnight(thursday) - midnight(`${year}-01-01`)) / (7 * DAY_MS)) + 1
  return `${year}-W${String(count).padStart(2, '0')}`
}

export const weekAt = (instant: Date): string => weekOf(toLocalDay(instant))

/** The seven local days of a week, Monday first; null when there is no such week (`2026-W60`, `next week`). */
export function daysOfWeek(week: string): string[] | null {
  const [, year, count] = WEEK.exec(week) ?? []
  if (year === undefined || count === undefined) return null
  // The fourth of January always lies in the first week.
  const first = `${year}-01-04`
  const monday = midnight(first) + ((Number(count) - 1) * 7 + 1 - weekdayOf(first)) * DAY_MS
  return Number.isNaN(monday) || weekOf(toDay(monday)) !== week ? null : Array.from({ length: 7 }, (_, index) => toDay(monday + index * DAY_MS))
}

/** The week `weeks` later, or earlier where that is negative. */
export function shiftWeek(week: string, weeks: number): string {
  const [monday] = daysOfWeek(week) ?? []
  if (monday === undefined) throw new RangeError(`${week} is no week`)
  return weekOf(toDay(midnight(monday) + weeks * 7 * DAY_MS))
}

const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const

/** `12月1日（周二）` */
export const nameDay = (day: string): string => `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日（${WEEKDAYS[weekdayOf(day) - 1] ?? ''}）`

/** A member of staff as the roster sees them. */
export interface DutyPerson {
  user: string
  name: string
  isDisabled: boolean
  /** Whether an alert can be sent: a login of theirs on some channel is bound. */
  isReachable: boolean
}

/** What is missing, in words, from `today` on: of days that are over nothing is. */
export const describeGaps = (days: readonly DutyDay<DutyPerson>[], today: string): string[] => days.filter(({ date }) => date >= today).flatMap((day) => gapsOf(day).map((gap) => `${nameDay(day.date)}${gap}`))

function gapsOf({ person, deputy }: DutyDay<DutyPerson>): string[] {
  const unfit = [...new Map([person, deputy].flatMap((one) => (one === null ? [] : [[one.user, one]]))).values()].flatMap(whyUnfit)
  if (person === null && deputy === null) return ['没有人值班：出了紧急情况会马上告诉全体工作人员。']
  if (person === null) return ['没有值班的人，先找替班的。', ...unfit]
  if (deputy === null) return ['没有替班的人：值班的不回，过 6 分钟才告诉大家。', ...unfit]
  return person.user === deputy.user ? ['值班和替班是同一个人。', ...unfit] : unfit
}

function whyUnfit({ name, isDisabled, isReachable }: DutyPerson): string[] {
  if (isDisabled) return [`${name}的账号已经停用，请换人。`]
  return isReachable ? [] : [`${name}没有绑定聊天账号，收不到紧急通知。请他在“我的”里生成绑定码。`]
}
