import { climbText, planClimb, type Climb, type ClimbRules, type LateRequest, type Responsible } from '../../domain/requests/climbing.ts'
import { AUTHOR_NAMES, OPEN_STATUSES, type RequestKind, type RequestLevel } from '../../domain/requests/requests.ts'
import type { Service } from '../../domain/services.ts'
import type { Prisma } from '../generated/client.ts'
import type { Store, Transaction } from '../engine/store.ts'
import { tellStaff } from '../staff/staff-notices.ts'
import { moveRequest } from './move-request.ts'

/** The world outside the store. */
export interface ClimbingRules extends Omit<ClimbRules, 'staff'> {
  serviceOf: (code: string | null) => Service | undefined
}

const SELECTED = {
  id: true, number: true, kind: true, status: true, category: true, serviceCode: true, areaCode: true, assigneeId: true,
  level: true, levelSince: true, dueAt: true, acknowledgedAt: true,
  wantedTime: true,
  activities: { where: { OR: [{ kind: 'escalation' }, { kind: 'status', status: 'reopened' }] }, orderBy: { at: 'desc' }, select: { at: true, kind: true } },
} satisfies Prisma.ServiceRequestSelect
type LateRow = Prisma.ServiceRequestGetPayload<{ select: typeof SELECTED }>

/** Requests that have to climb now, those that have waited longest first. */
export async function findClimbing(store: Store, rules: ClimbingRules): Promise<string[]> {
  const rows = await store.read.serviceRequest.findMany({
    where: { status: { in: OPEN_STATUSES.filter((status) => status !== 'waiting_resident') }, dueAt: { lt: rules.now }, level: { not: 'prefecture' } },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    select: SELECTED,
  })
  const staff = await listResponsible(store.read)
  return rows.filter((row) => planClimb(toLate(row, rules), { ...rules, staff }) !== null).map(({ id }) => id)
}

/** Does what is due for one request, in one transaction, so that of two processes one does it: safe to be repeated at any time. */
export function climb(store: Store, id: string, rules: ClimbingRules): Promise<void> {
  return store.write(async (transaction) => {
    const row = await transaction.serviceRequest.findUnique({ where: { id }, select: SELECTED })
    if (row === null) return
    const late = toLate(row, rules)
    const plan = planClimb(late, { ...rules, staff: await listResponsible(transaction) })
    if (plan !== null) await write(transaction, row, late, plan, rules.now)
  })
}

async function write(transaction: Transaction, row: LateRow, late: LateRequest, plan: Climb, now: Date): Promise<void> {
  if (plan.outcome === 'begins_again') {
    await moveRequest(transaction, row.id, { kind: 'correction', author: 'system', by: AUTHOR_NAMES.system, note: climbText.beginsAgain(plan.dueAt), values: { dueAt: plan.dueAt } }, now)
    return
  }
  const line = { kind: 'escalation' as const, author: 'system' as const, by: AUTHOR_NAMES.system, note: climbText.history(late, plan) }
  if (plan.outcome === 'nobody_above') {
    await moveRequest(transaction, row.id, line, now)
    const admins = await transaction.staffMember.findMany({ where: { role: 'admin', disabledAt: null }, orderBy: { user: 'asc' }, select: { id: true } })
    for (const { id } of admins) await tellStaff(transaction, { staffId: id, requestId: row.id, key: keyOf(row, 'nobody', id), text: climbText.toAdmins(late) }, now)
    return
  }
  const moved = await moveRequest(transaction, row.id, { ...line, values: { level: plan.to, levelSince: now }, notice: (_request, reader) => ({ text: climbText.toResident(late, plan, reader === 'follower') }) }, now)
  if (moved.outcome !== 'moved') return
  for (const { id } of plan.responsible) await tellStaff(transaction, { staffId: id, requestId: row.id, key: keyOf(row, plan.to, id), text: climbText.toResponsible(late, plan) }, now)
  const isOfAnother = row.assigneeId !== null && !plan.responsible.some(({ id }) => id === row.assigneeId)
  if (isOfAnother && row.assigneeId !== null) await tellStaff(transaction, { staffId: row.assigneeId, requestId: row.id, key: keyOf(row, plan.to, row.assigneeId), text: climbText.toAssignee(late, plan) }, now)
}

/** A request that is late anew, after its time was corrected, climbs anew. */
const keyOf = ({ id, dueAt }: LateRow, what: string, staffId: string): string => `climb:${id}:${dueAt?.getTime() ?? 0}:${what}:${staffId}`

function toLate(row: LateRow, { serviceOf }: ClimbingRules): LateRequest {
  const service = serviceOf(row.serviceCode)
  const lastAt = (kind: 'escalation' | 'status') => row.activities.find((line) => line.kind === kind)?.at ?? null
  return { ...row, kind: row.kind as RequestKind, level: row.level as RequestLevel, service, isUrgent: service?.limitKind === 'urgent', reopenedAt: lastAt('status'), lastEscalatedAt: lastAt('escalation') }
}

/** Staff who can log in and are answerable for an area. */
export async function listResponsible(reader: Pick<Transaction, 'staffMember'>): Promise<Responsible[]> {
  const rows = await reader.staffMember.findMany({ where: { disabledAt: null, areaCode: { not: null } }, orderBy: { user: 'asc' }, select: { id: true, name: true, areaCode: true } })
  return rows.flatMap(({ areaCode, ...person }) => (areaCode === null ? [] : [{ ...person, areaCode }]))
}
