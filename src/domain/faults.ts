import { AppError } from './errors.ts'

/** The part of a logger that faults are said with; pino's fits. */
export interface FaultLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface Fault {
  /** Kebab-case; together with its subject it says which fault it is. */
  name: string
  level: 'warn' | 'error'
  /** For operators: what happened and what to do, or that it mends itself, and when. No name, number, text or token of anybody. */
  message: string
  /** What is said at its end. */
  end: string
  /** Present for what happens rather than lasts: it is over when it has not come again for so long, in ms. */
  quietMs?: number
}

/** What a fault befell: a channel and an account, a model. The same fault of two accounts is two faults. */
export type Subject = Readonly<Record<string, string>>

export interface FaultLog {
  /** Says a fault when it begins; while it lasts, counts. `times`: how often it came, by default once. */
  say(fault: Fault, subject?: Subject, details?: object, times?: number): void
  /** Says the end of a fault, and how often it came. Nothing when there is none. */
  over(name: string, subject?: Subject): void
  /** Ends what has not come again for its quiet time; called now and then by whoever has a rhythm. */
  sweep(): void
}

interface Course {
  fault: Fault
  subject: Subject
  since: number
  lastAt: number
  times: number
  isOpen: boolean
  /** Whether what is going on now was said. */
  isSaid: boolean
  saidAt: number
}

/** For what happens again and again, and to whom does not matter. */
export const QUIET_MS = 10 * 60_000
/** A fault that comes and goes is said at most this often. */
const SAID_AGAIN_MS = 60_000

/**
 * The one place where a fault is said: one line when it begins, none while it lasts however often it comes, one (info, with the
 * count) at its end. One that is back within a minute is counted on, and said when it still comes after that minute.
 */
export function createFaultLog(log: FaultLogger, now: () => Date): FaultLog {
  const courses = new Map<string, Course>()

  function begin(key: string, fault: Fault, subject: Subject): Course {
    const at = now().getTime()
    const before = courses.get(key)
    const course = { fault, subject, since: at, lastAt: at, times: 0, isOpen: true, isSaid: false, saidAt: before?.saidAt ?? -Infinity }
    courses.set(key, course)
    return course
  }

  function end(course: Course): void {
    course.isOpen = false
    if (!course.isSaid) return
    log.info({ fault: course.fault.name, ...course.subject, times: course.times, seconds: Math.round((course.lastAt - course.since) / 1000) }, course.fault.end)
  }

  return {
    say(fault, subject = {}, details = {}, times = 1) {
      const key = keyOf(fault.name, subject)
      const open = courses.get(key)
      const course = open?.isOpen === true ? open : begin(key, fault, subject)
      course.times += times
      course.lastAt = now().getTime()
      if (course.isSaid || course.lastAt - course.saidAt < SAID_AGAIN_MS) return
      course.isSaid = true
      course.saidAt = course.lastAt
      log[fault.level]({ fault: fault.name, ...subject, ...details }, fault.message)
    },
    over(name, subject = {}) {
      const course = courses.get(keyOf(name, subject))
      if (course?.isOpen === true) end(course)
    },
    sweep() {
      const at = now().getTime()
      for (const course of courses.values()) if (course.isOpen && course.fault.quietMs !== undefined && at - course.lastAt >= course.fault.quietMs) end(course)
    },
  }
}

const keyOf = (name: string, subject: Subject): string => JSON.stringify([name, subject])

/**
 * An error as it may stand in a log: its kind and where it was thrown. Its own words only where we wrote them: those of a
 * library may hold the text, the address or the token that it choked on.
 */
export function describeError(error: unknown): { error: string; code?: string; reason?: string; where?: string } {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: String(error.code).slice(0, 40) } : {}
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line)).slice(0, 3).map((line) => line.trim().slice(0, 200))
  return { error: error.name, ...code, ...(error instanceof AppError ? { reason: error.message } : frames.length > 0 && { where: frames.join(' < ') }) }
}
