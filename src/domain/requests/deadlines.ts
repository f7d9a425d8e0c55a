import { wantedInstant } from '../help-text.ts'
import { REQUEST_LEVELS, type RequestKind, type RequestLevel } from './requests.ts'
import type { LimitKind, Service } from '../services.ts'
import { fromLocalIso, toLocalDay } from '../time.ts'
import { addWorkingDays, workingDayFrom, type WorkCalendar } from './working-days.ts'

/** Where what is overdue climbs to (clause 10). */
export type HigherLevel = Exclude<RequestLevel, 'community'>

/** How long after it was due a request gets to each level. */
export type Climbing = Readonly<Record<HigherLevel, number>>

/** When things must be done and what happens when they are not: `deadlines.yaml` and `holidays.yaml`. */
export interface Deadlines {
  calendar: WorkCalendar
  /** Working days that a service of each kind has where the community has set none. */
  limits: Readonly<Record<LimitKind, number>>
  /** Local times, `08:30`: what is due is due at closing time, what climbs does so at opening time. */
  opensAt: string
  closesAt: string
  climbing: {
    /** Working days, the first one being that on which it is found overdue. */
    ordinary: Climbing
    urgent: Climbing
    /** Minutes, at any hour, while nobody has seen it. */
    emergency: Climbing
  }
  /** Working days after which a request is listed on which staff did nothing. */
  notMovedDays: number
}

/** What counts where the knowledge folder says nothing else. */
export const DEFAULT_DEADLINES: Deadlines = {
  calendar: [],
  limits: { urgent: 1, ordinary: 3, long: 7 },
  opensAt: '08:30',
  closesAt: '17:30',
  climbing: {
    ordinary: { town: 0, county: 2, prefecture: 5 },
    urgent: { town: 0, county: 1, prefecture: 2 },
    emergency: { town: 30, county: 120, prefecture: 360 },
  },
  notMovedDays: 3,
}

/**
 * Until when a new request has to be done: closing time of the last day of its limit, whose counting begins on the next working day;
 * an emergency at once. What is wished for a later time cannot be late before. `service` is that of the catalogue where it has
 * one; what has none counts as ordinary.
 */
export function dueAtOf(request: DueRequest, deadlines: Deadlines, now: Date): Date {
  if (request.kind === 'emergency') return now
  const due = closingAfter(now, request.service?.limitWorkingDays ?? deadlines.limits.ordinary, deadlines)
  const wanted = wantedInstant(request.wantedTime ?? null)
  return wanted !== null && wanted > due ? wanted : due
}

export interface DueRequest {
  kind: RequestKind
  service?: Pick<Service, 'limitWorkingDays'> | undefined
  /** When somebody should come, local ISO as said. */
  wantedTime?: string | null
}

const closingAfter = (start: Date, days: number, { calendar, closesAt }: Deadlines): Date => fromLocalIso(`${toLocalDay(addWorkingDays(start, days, calendar))}T${closesAt}`)

/** What is due before this instant has no working day left after today: it is shown in amber. */
export const lastDayUntil = (now: Date, calendar: WorkCalendar): Date => fromLocalIso(toLocalDay(addWorkingDays(now, 1, calendar)))

/** What staff did nothing on since this instant has not been moved. */
export const notMovedSince = (now: Date, { calendar, notMovedDays }: Deadlines): Date => addWorkingDays(now, -notMovedDays, calendar)

/** What decides when a request climbs. */
export interface ClimbingRequest {
  kind: RequestKind
  level: RequestLevel
  /** When it got to its level; null = it has been there from the start. */
  levelSince: Date | null
  dueAt: Date | null
  acknowledgedAt: Date | null
  isUrgent: boolean
}

/** When an open request that stays undone climbs next, and how far up; null when it has no limit or is at the top. */
export function nextClimb(request: ClimbingRequest, deadlines: Deadlines): { at: Date; to: HigherLevel } | null {
  const to = nextLevel(request.level)
  if (to === null || request.dueAt === null) return null
  if (request.kind === 'emergency' && request.acknowledgedAt === null) return { to, at: climbOf(request, to, deadlines.climbing.emergency, request.dueAt, addMinutes) }
  const isUrgent = request.isUrgent || request.kind === 'emergency'
  // Somebody is at work on an emergency that was seen: it has the time of what is urgent.
  const dueAt = request.kind === 'emergency' ? closingAfter(request.dueAt, deadlines.limits.urgent, deadlines) : request.dueAt
  const addDays = (start: Date, days: number): Date => fromLocalIso(`${toLocalDay(addWorkingDays(start, days, deadlines.calendar))}T${deadlines.opensAt}`)
  return { to, at: climbOf(request, to, isUrgent ? deadlines.climbing.urgent : deadlines.climbing.ordinary, openingFrom(dueAt, deadlines), addDays) }
}

const addMinutes = (start: Date, minutes: number): Date => new Date(start.getTime() + minutes * 60_000)

/** A level has all of its time, however late the request got there. */
function climbOf({ level, levelSince }: ClimbingRequest, to: HigherLevel, climbing: Climbing, overdueFrom: Date, add: (start: Date, amount: number) => Date): Date {
  if (level === 'community' || levelSince === null || levelSince < overdueFrom) return add(overdueFrom, climbing[to])
  return add(levelSince, climbing[to] - climbing[level])
}

/** The first time after this instant at which an office opens, or the instant itself where it is one. */
function openingFrom(at: Date, { calendar, opensAt }: Deadlines): Date {
  const today = fromLocalIso(`${workingDayFrom(toLocalDay(at), calendar)}T${opensAt}`)
  return today >= at ? today : fromLocalIso(`${toLocalDay(addWorkingDays(at, 1, calendar))}T${opensAt}`)
}

export function nextLevel(level: RequestLevel): HigherLevel | null {
  const next = REQUEST_LEVELS[REQUEST_LEVELS.indexOf(level) + 1]
  return next === undefined || next === 'community' ? null : next
}

/** Whether an instant lies in a year whose days off the State Council has not published, as far as is known here. */
export const isProvisional = (at: Date, calendar: WorkCalendar): boolean => !calendar.some(({ year, isPublished }) => isPublished && year === Number(toLocalDay(at).slice(0, 4)))
