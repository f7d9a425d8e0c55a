import { areaLine, codesWithin } from '../../domain/areas.ts'
import { KIND_NAMES } from '../../domain/requests/status-names.ts'
import type { RequestKind } from '../../domain/requests/requests.ts'
import { countRequests, type RequestFigures } from '../../domain/requests/statistics.ts'
import type { Area } from '../../domain/services.ts'
import { toLocalDay } from '../../domain/time.ts'
import type { Store } from '../../store/engine/store.ts'
import { readCourses, type CountedRequest } from '../../store/requests/statistics.ts'

export const GROUPINGS = ['area', 'service', 'month', 'staff', 'channel'] as const
export type Grouping = (typeof GROUPINGS)[number]

export interface StatisticsQuery {
  /** Filed from then on, and before `to`. */
  from: Date
  to: Date
  by: Grouping
  /** Only what lies in this area; grouped by area: one row for each area right below it. */
  area?: string
}

/** `key`: an area's code, a service's, a month (2026-11), a staff user, a channel; '' = has none. */
export interface StatisticsRow extends RequestFigures {
  key: string
  name: string
}

export interface Statistics {
  rows: StatisticsRow[]
  /** All of them together, each once. */
  total: RequestFigures
}

interface StatisticsServices {
  store: Store
  areas: readonly Area[]
  now: () => Date
}

/** Figures of the requests that were filed in a time, in groups, the largest first (months in their order). */
export async function readStatistics({ store, areas, now }: StatisticsServices, { from, to, by, area }: StatisticsQuery): Promise<Statistics> {
  const within = area === undefined ? undefined : codesWithin(area, areas)
  const requests = await readCourses(store, { from, to, ...(within && { areaCodes: within }) })
  const groups = new Map<string, { name: string; requests: CountedRequest[] }>()
  for (const request of requests) {
    const { key, name } = keyOf(request, by, areas, area)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { name, requests: [request] })
    else group.requests.push(request)
  }
  const rows = [...groups].map(([key, group]) => ({ key, name: group.name, ...countRequests(group.requests, now()) }))
  rows.sort((one, other) => (by === 'month' ? one.key.localeCompare(other.key) : other.filed - one.filed || one.key.localeCompare(other.key)))
  return { rows, total: countRequests(requests, now()) }
}

function keyOf(request: CountedRequest, by: Grouping, areas: readonly Area[], area: string | undefined): { key: string; name: string } {
  switch (by) {
    case 'area': {
      const line = areaLine(request.areaCode, areas)
      // Below the area that was asked for: the one right below it, or itself.
      const place = area === undefined ? line[0] : line[Math.max(0, line.findIndex(({ code }) => code === area) - 1)]
      return { key: place?.code ?? '', name: place?.name ?? '地方不明' }
    }
    case 'service':
      return { key: request.serviceCode ?? request.kind, name: request.serviceCode === null ? KIND_NAMES[request.kind as RequestKind] : request.category }
    case 'month': {
      const month = toLocalDay(request.createdAt).slice(0, 7)
      return { key: month, name: `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月` }
    }
    case 'staff':
      return { key: request.assignee?.user ?? '', name: request.assignee?.name ?? '没人负责' }
    case 'channel':
      return { key: request.channel, name: request.channel }
    default:
      return by satisfies never
  }
}
