import { OPEN_STATUSES, type RequestLevel } from '../../domain/requests/requests.ts'
import type { Prisma } from '../generated/client.ts'
import { ofAssignee } from './requests.ts'

type Where = Prisma.ServiceRequestWhereInput

/** What climbed to a level and out of these areas, with what has no known place; absent = to any, out of all. */
export interface ClimbedTo {
  level?: RequestLevel
  areaCodes?: string[]
}

const OPEN = { status: { in: [...OPEN_STATUSES] } } satisfies Where

/** Heaps of open requests, the same for the day's page as for the list behind it. */
export const boxes = {
  open: OPEN,
  /** The time of which was over at this instant. */
  late: (now: Date): Where => ({ ...OPEN, dueAt: { lt: now } }),
  /** The time of which is not over, and is before `until`. */
  lastDay: (now: Date, until: Date): Where => ({ ...OPEN, dueAt: { gte: now, lt: until } }),
  /** Which neither staff nor a volunteer did anything on since then: what the resident says moves nothing. */
  notMoved: (since: Date): Where => ({ ...OPEN, createdAt: { lte: since }, activities: { none: { at: { gt: since }, author: { in: ['staff', 'volunteer'] } } } }),
  /** Which nobody has who could log in. */
  nobodys: { ...OPEN, ...ofAssignee(null) } as Where,
  climbed: ({ level, areaCodes }: ClimbedTo): Where => ({ ...OPEN, level: level ?? { not: 'community' }, ...(areaCodes && { OR: [{ areaCode: { in: areaCodes } }, { areaCode: null }] }) }),
} as const
