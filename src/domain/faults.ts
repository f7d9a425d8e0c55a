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
  /** What has been said of what is going on now: a kind for each cause, '' where none is known. */
  said: Set<string>
  /** When each kind was last said, in this course or one before. */
  saidAt: Map<string, number>
}

/** For what happens again and again, and to whom does not matter. */
export const QUIET_MS = 10 * 60_000
/** A fault that comes and goes is said at most this often. */
const SAID_AGAIN_MS = 60_000
/** Causes of one fault that get a line each; what has more of them has been told enough of. */
const MOST_KINDS = 8

/**
 * The one place where a fault is said: one line when it begins, none while it lasts however often it comes, one (info, with the
 * count) at its end. One that is back within a minute is counted on, and said when it still comes after that minute. The same fault
 * from another cause, thrown elsewhere or of another kind, is news: it has a line of its own, and shares the count and the end.
 */
export function createFaultLog(log: FaultLogger, now: () => Date): FaultLog {
  const courses = new Map<string, Course>()

  function begin(key: string, fault: Fault, subject: Subject): Course {
    const at = now().getTime()
    const before = courses.get(key)
    const course: Course = { fault, subject, since: at, lastAt: at, times: 0, isOpen: true, said: new Set(), saidAt: before?.saidAt ?? new Map<string, number>() }
    courses.set(key, course)
    return course
  }

  function end(course: Course): void {
    course.isOpen = false
    if (course.said.size === 0) return
    log.info({ fault: course.fault.name, ...course.subject, times: course.times, seconds: Math.round((course.lastAt - course.since) / 1000) }, course.fault.end)
  }

  return {
    say(fault, subject = {}, details = {}, times = 1) {
      const key = keyOf(fault.name, subject)
      const open = courses.get(key)
      const course = open?.isOpen === true ? open : begin(key, fault, subject)
      course.times += times
      course.lastAt = now().getTime()
      const kind = kindOf(details)
      if (course.said.has(kind) || course.said.size >= MOST_KINDS || course.lastAt - (course.saidAt.get(kind) ?? -Infinity) < SAID_AGAIN_MS) return
      course.said.add(kind)
      for (const [old, at] of course.saidAt) if (course.lastAt - at >= SAID_AGAIN_MS) course.saidAt.delete(old)
      course.saidAt.set(kind, course.lastAt)
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

/** What tells two causes apart: what `describeError` says of them, but for words that may differ each time. */
function kindOf(details: object): string {
  if (!('error' in details)) return ''
  const { error, code, where, cause } = details as DescribedError
  return JSON.stringify([error, code, where?.split(' < ')[0], cause && kindOf(cause)])
}

export interface DescribedError {
  error: string
  code?: string
  reason?: string
  /** Where it was thrown, then who asked for that, our own files first after the place itself. */
  where?: string
  cause?: DescribedError
}

const FRAMES = 3
const LONGEST_FRAME = 200
const DEEPEST_CAUSE = 3

/**
 * An error as it may stand in a log: its kind, where it was thrown, and what caused it. Its own words only where we wrote them: those
 * of a library may hold the text, the address or the token that it choked on.
 */
export function describeError(error: unknown, depth = 1): DescribedError {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: String(error.code).slice(0, 40) } : {}
  const where = whereThrown(error)
  const cause = error.cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: describeError(error.cause, depth + 1) }
  return { error: error.name, ...code, ...(error instanceof AppError && { reason: error.message }), ...(where !== '' && { where }), ...cause }
}

/** The place itself, and the nearest of ours that led there: a library's own frames say little. */
function whereThrown({ stack = '' }: Error): string {
  const [place, ...callers] = stack.split('\n').filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line)).map((line) => line.trim().slice(0, LONGEST_FRAME))
  if (place === undefined) return ''
  const ours = callers.filter((line) => !/node_modules|node:|\/generated/.test(line))
  return [place, ...[...ours, ...callers.filter((line) => !ours.includes(line))].slice(0, FRAMES - 1)].join(' < ')
}
