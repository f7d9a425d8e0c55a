import { OPEN_STATUSES } from '../../domain/requests/requests.ts'
import type { Prisma } from '../generated/client.ts'
import type { Store } from '../engine/store.ts'

/** Nobody has answered, and there is still something to answer for. */
const OPEN: Prisma.AlertWhereInput = { acknowledgedAt: null, endedAt: null, OR: [{ requestId: null }, { request: { status: { in: [...OPEN_STATUSES] } } }] }
const NEWEST_FIRST: Prisma.AlertOrderByWithRelationInput[] = [{ saidAt: 'desc' }, { id: 'desc' }]
const SHOWN = {
  request: { select: { category: true, address: true, requesterName: true, requesterPhone: true } },
  notices: { orderBy: [{ at: 'asc' }, { id: 'asc' }], include: { staff: { select: { user: true, name: true } } } },
} satisfies Prisma.AlertInclude

/** An alert as staff see it. */
export type BoardAlert = Prisma.AlertGetPayload<{ include: typeof SHOWN }>

/** All that nobody has answered, what was said last first. */
export const listOpenAlerts = (store: Store): Promise<BoardAlert[]> => store.read.alert.findMany({ where: OPEN, orderBy: NEWEST_FIRST, include: SHOWN })

/** How many nobody has answered, how many of them are drills, and when the last thing was said of one. */
export interface OpenAlerts {
  count: number
  drills: number
  lastSaidAt: Date | null
}

export async function readOpenAlerts(store: Store): Promise<OpenAlerts> {
  const [all, drills] = await Promise.all([store.read.alert.aggregate({ where: OPEN, _count: true, _max: { saidAt: true } }), store.read.alert.count({ where: { AND: [OPEN, { requestId: null }] } })])
  return { count: all._count, drills, lastSaidAt: all._max.saidAt }
}

/** The latest that were answered or are over. */
export const listClosedAlerts = (store: Store, limit: number): Promise<BoardAlert[]> => store.read.alert.findMany({ where: { NOT: OPEN }, orderBy: NEWEST_FIRST, take: limit, include: SHOWN })

/** The latest alerts, open or not, newest first. */
export const listAlerts = (store: Store, limit: number): Promise<BoardAlert[]> => store.read.alert.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit, include: SHOWN })

/** The open alert of a request; null when there is none. */
export const findOpenAlertOf = (store: Store, requestId: string): Promise<{ id: string } | null> => store.read.alert.findFirst({ where: { AND: [OPEN, { requestId }] }, orderBy: { occasion: 'desc' }, select: { id: true } })

/** Names of users, for whoever has answered. */
export async function readNames(store: Store, users: readonly string[]): Promise<Map<string, string>> {
  const rows = await store.read.staffMember.findMany({ where: { user: { in: [...new Set(users)] } }, select: { user: true, name: true } })
  return new Map(rows.map(({ user, name }) => [user, name]))
}
