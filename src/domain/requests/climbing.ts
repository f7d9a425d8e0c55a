import type { Area } from '../services.ts'
import { areaLine } from '../areas.ts'
import { dueAtOf, nextClimb, type ClimbingRequest, type DueRequest, type Deadlines, type HigherLevel } from './deadlines.ts'
import { isOpen, isWaiting, REQUEST_LEVELS } from './requests.ts'
import { formatLocal } from '../time.ts'

/** A member of staff who is answerable for an area. */
export interface Responsible {
  id: string
  name: string
  areaCode: string
}

export interface LateRequest extends ClimbingRequest, DueRequest {
  status: string
  number: string
  category: string
  areaCode: string | null
  /** When it was last taken up again after its end; null = never. */
  reopenedAt: Date | null
  /** When a line about climbing was last written; null = never. */
  lastEscalatedAt: Date | null
}

export interface ClimbRules {
  now: Date
  deadlines: Deadlines
  areas: readonly Area[]
  /** Staff who can log in and have an area. */
  staff: readonly Responsible[]
}

/** Where a request goes: the first level above at which somebody is responsible, and those left out as nobody is. */
export type Climb =
  | { outcome: 'climbs'; to: HigherLevel; area: Area; responsible: readonly Responsible[]; leftOut: readonly HigherLevel[] }
  /** It was over, and late only since: what was taken up again has a new limit from then on. */
  | { outcome: 'begins_again'; dueAt: Date }
  /** Nobody is responsible at any level above: it stays. */
  | { outcome: 'nobody_above'; leftOut: readonly HigherLevel[] }

/** What has to be done now about a request that is late; null when nothing has. What waits for its resident does not climb. */
export function planClimb(request: LateRequest, { now, deadlines, areas, staff }: ClimbRules): Climb | null {
  if (!isOpen(request) || isWaiting(request)) return null
  const { reopenedAt, dueAt } = request
  if (reopenedAt !== null && dueAt !== null && dueAt < reopenedAt) return { outcome: 'begins_again', dueAt: dueAtOf(request, deadlines, reopenedAt) }
  const next = nextClimb(request, deadlines)
  if (next === null || next.at > now) return null
  const above = REQUEST_LEVELS.slice(REQUEST_LEVELS.indexOf(next.to)) as HigherLevel[]
  for (const [index, to] of above.entries()) {
    const area = areaAtLevel(request.areaCode, to, areas)
    const responsible = area === null ? [] : staff.filter(({ areaCode }) => areaCode === area.code)
    if (area !== null && responsible.length > 0) return { outcome: 'climbs', to, area, responsible, leftOut: above.slice(0, index) }
  }
  const isSaid = request.lastEscalatedAt !== null && request.lastEscalatedAt >= next.at
  return isSaid ? null : { outcome: 'nobody_above', leftOut: above }
}

/** The area of a level in which a place lies. Of a place that is not known: the only one of that level, where there is but one. */
export function areaAtLevel(code: string | null, level: HigherLevel, areas: readonly Area[]): Area | null {
  const line = areaLine(code, areas)
  if (line.length > 0) return line.find((area) => area.level === level) ?? null
  const [only, ...others] = areas.filter((area) => area.level === level)
  return only !== undefined && others.length === 0 ? only : null
}

export const LEVEL_NAMES = { community: '社区（村）', town: '镇（街道）', county: '县（区）', prefecture: '地区' } as const

const named = (people: readonly Responsible[]): string => people.map(({ name }) => name).join('、')
const nobodyAt = (levels: readonly HigherLevel[]): string => (levels.length === 0 ? '' : `${levels.map((level) => LEVEL_NAMES[level]).join('、')}没有人负责，`)

/** Why it climbs. */
const reasonOf = ({ kind, acknowledgedAt, dueAt }: LateRequest): string =>
  kind === 'emergency' && acknowledgedAt === null ? '紧急情况还没有人确认' : dueAt === null ? '还没有办好' : `${formatLocal(dueAt)} 到期，还没有办好`

/** What stands in the history, what staff are told, and what the resident is told in one line. */
export const climbText = {
  beginsAgain: (dueAt: Date): string => `重新处理，期限从头算：${formatLocal(dueAt)} 到期。`,
  history: (request: LateRequest, climb: Exclude<Climb, { outcome: 'begins_again' }>): string =>
    climb.outcome === 'climbs'
      ? `${reasonOf(request)}。${nobodyAt(climb.leftOut)}上报到${climb.area.name}，由${named(climb.responsible)}负责。`
      : `${reasonOf(request)}。${nobodyAt(climb.leftOut)}没有地方可以上报，还在${LEVEL_NAMES[request.level]}。请在“人员”里写上谁负责哪里。`,
  toResponsible: (request: LateRequest, climb: Extract<Climb, { outcome: 'climbs' }>): string => `上报给您（${climb.area.name}）：“${request.category}”${request.number}，${reasonOf(request)}。请督促办理。`,
  toAssignee: (request: LateRequest, climb: Extract<Climb, { outcome: 'climbs' }>): string => `您负责的“${request.category}”${request.number}，${reasonOf(request)}，已经上报到${climb.area.name}。`,
  toAdmins: (request: LateRequest): string => `“${request.category}”${request.number}，${reasonOf(request)}，上面各级都没有人负责，报不上去。请尽快安排，并在“人员”里写上谁负责哪里。`,
  toResident: (request: LateRequest, climb: Extract<Climb, { outcome: 'climbs' }>, isFollower: boolean): string =>
    request.kind === 'emergency' && request.acknowledgedAt === null
      ? `您报的紧急情况（${request.number}）还没有人确认，已经上报${climb.area.name}；还有危险请马上打 119、110、120。`
      : `${isFollower ? '您也报过的' : '您的'}“${request.category}”（${request.number}）到期还没有办好，对不起，已经上报${climb.area.name}，由${named(climb.responsible)}督促办理。`,
} as const
