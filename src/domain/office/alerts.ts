/*
 * How an emergency reaches a person. From the instant at which it was told of, until somebody answers 收到:
 * at once the person on duty, again after 60 s, the deputy after 3 minutes, all active staff after 6.
 */

export interface AlertStep {
  name: 'first' | 'again' | 'deputy' | 'all'
  /** After the alert began. */
  afterMs: number
}

export const ALERT_STEPS: readonly AlertStep[] = [
  { name: 'first', afterMs: 0 },
  { name: 'again', afterMs: 60_000 },
  { name: 'deputy', afterMs: 3 * 60_000 },
  { name: 'all', afterMs: 6 * 60_000 },
]

/** So long after it began the resident hears that nobody has confirmed yet; with the step at which the deputy is told. */
export const UNCONFIRMED_MS = 3 * 60_000

/** What is said so long after an emergency, or after what was last said of it, may be about it. */
export const AFTER_EMERGENCY_MS = 30 * 60 * 1000

/** What is said in many short lines is passed on at once, and then so often: the last words count. */
export const TOLD_AGAIN_MS = 15_000

/** Whom to call where the safety words say nothing else. */
export const CALL_ANY = '110、119、120'
const HELP_NUMBERS = /1(?:10|19|20|22)/g

/** The telephones in the safety words, `119` or `110、119、120`. */
export const callsIn = (safetyWords: string): string => [...new Set(safetyWords.match(HELP_NUMBERS) ?? [])].join('、') || CALL_ANY

/** Whom a step is for, before it is known who of them can be reached. Ids of staff. */
export interface OnDuty {
  person: string | null
  deputy: string | null
}

/** Whom to tell, and as what: `nobody` = there is no way to anyone. */
export interface ToTell {
  role: 'duty' | 'all' | 'nobody'
  staff: string[]
}

/**
 * Whom a step tells, of those who can be reached. Where the person on duty can't be, the deputy stands in; where neither can, all are
 * told at once, as where the roster has a gap: minutes count.
 */
export function whomToTell(step: AlertStep['name'], { person, deputy }: OnDuty, reachable: readonly string[]): ToTell {
  const canReach = (id: string | null): id is string => id !== null && reachable.includes(id)
  if (step === 'deputy') return canReach(deputy) ? { role: 'duty', staff: [deputy] } : { role: 'nobody', staff: [] }
  if (step !== 'all' && canReach(person)) return { role: 'duty', staff: [person] }
  if (step !== 'all' && canReach(deputy)) return { role: 'duty', staff: [deputy] }
  return { role: reachable.length === 0 ? 'nobody' : 'all', staff: [...reachable] }
}
