import { lastDayUntil, notMovedSince } from '../../../domain/requests/deadlines.ts'
import { isRequestLevel, type RequestLevel } from '../../../domain/requests/requests.ts'
import type { ClimbedTo } from '../../../store/requests/request-boxes.ts'
import { codesWithin } from '../../../domain/areas.ts'
import type { AdminServices } from './options.ts'

export interface BoxBounds {
  now: Date
  lastDayUntil: Date
  notMovedSince: Date
  climbedTo: ClimbedTo
}

/** What the boxes of the day's page, and the lists behind them, are for a member of staff at this moment. */
export function boxBounds({ deadlines, areas, now }: Pick<AdminServices, 'deadlines' | 'areas' | 'now'>, staff: { areaCode: string | null }): BoxBounds {
  const at = now()
  const own = areas.find(({ code }) => code === staff.areaCode)
  const level = own !== undefined && isRequestLevel(own.level) && own.level !== 'community' ? (own.level satisfies RequestLevel) : undefined
  return {
    now: at,
    lastDayUntil: lastDayUntil(at, deadlines.calendar),
    notMovedSince: notMovedSince(at, deadlines),
    climbedTo: own === undefined ? {} : { areaCodes: codesWithin(own.code, areas), ...(level && { level }) },
  }
}
