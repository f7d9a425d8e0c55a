import type { RequestCourse } from '../../domain/requests/statistics.ts'
import type { Store } from '../engine/store.ts'

/** Requests that were filed from `from` on and before `to`, of some areas or of all. */
export interface FiledWithin {
  from: Date
  to: Date
  areaCodes?: readonly string[]
}

/** A request's course, and what it is grouped by. */
export interface CountedRequest extends RequestCourse {
  kind: string
  serviceCode: string | null
  category: string
  areaCode: string | null
  channel: string
  assignee: { user: string; name: string } | null
}

const COLUMNS = {
  id: true, kind: true, serviceCode: true, category: true, areaCode: true, channel: true, status: true, createdAt: true, dueAt: true, finishedAt: true, ratingScore: true,
  assignee: { select: { user: true, name: true } },
} as const

/** The courses of all requests filed in that time. Lines of histories are looked through by the database: only instants come from there. */
export async function readCourses(store: Store, { from, to, areaCodes }: FiledWithin): Promise<CountedRequest[]> {
  const request = { createdAt: { gte: from, lt: to }, ...(areaCodes && { areaCode: { in: [...areaCodes] } }) }
  const [rows, answers, reopenings] = await Promise.all([
    store.read.serviceRequest.findMany({ where: request, select: COLUMNS }),
    store.read.activity.groupBy({ by: ['requestId'], where: { request, author: { in: ['staff', 'volunteer'] }, kind: { in: ['status', 'staff_note'] } }, _min: { at: true } }),
    store.read.activity.groupBy({ by: ['requestId'], where: { request, kind: 'status', status: 'reopened' } }),
  ])
  const answeredAt = new Map(answers.map(({ requestId, _min }) => [requestId, _min.at]))
  const reopened = new Set(reopenings.map(({ requestId }) => requestId))
  return rows.map(({ id, ratingScore, ...row }) => ({ ...row, answeredAt: answeredAt.get(id) ?? null, wasReopened: reopened.has(id), score: ratingScore }))
}
