import { randomUUID } from 'node:crypto'
import type { VolunteerSummary } from '../../domain/office/facts.ts'
import { needsGuardiansWord } from '../../domain/volunteers/guardians.ts'
import type { Prisma } from '../generated/client.ts'
import { queueMessages, type NewOutboxMessage } from '../outbox/outbox.ts'
import { NEWEST_FIRST, olderThan, pageNewestFirst, type Page } from '../requests/requests.ts'
import { searchWords, SEARCHED_OF_VOLUNTEERS } from '../engine/search-words.ts'
import type { Store } from '../engine/store.ts'
import { findGuardianConsent } from './guardian-consents.ts'

export type VolunteerRecord = Prisma.VolunteerGetPayload<object>
export type VolunteerStatus = VolunteerSummary['status']

/** What staff may make of a volunteer: a sign-up waits once, and whoever left comes back only by signing up again. */
const FLOW: Record<VolunteerStatus, readonly VolunteerStatus[]> = {
  pending: ['active', 'left'],
  active: ['paused', 'left'],
  paused: ['active', 'left'],
  left: [],
}

export const allowedVolunteerChanges = (from: VolunteerStatus): readonly VolunteerStatus[] => FLOW[from]

/** The skills of a row, whose column is JSON. */
export const volunteerSkills = (row: VolunteerRecord): string[] => row.skills as string[]

const MOST_SKILLS = 30

/** What active volunteers can do, the most frequent first. */
export async function listVolunteerSkills(store: Store): Promise<string[]> {
  const counts = new Map<string, number>()
  for (const row of await store.read.volunteer.findMany({ where: { status: 'active' } })) for (const skill of volunteerSkills(row)) counts.set(skill, (counts.get(skill) ?? 0) + 1)
  return [...counts].sort((left, right) => right[1] - left[1]).map(([skill]) => skill).slice(0, MOST_SKILLS)
}

export interface VolunteerFilter {
  statuses?: VolunteerStatus[]
  areaCode?: string
  /** Words looked for in number, name, phone and availability. */
  search?: string
}

/** Volunteers, newest first; null for an unknown cursor. */
export function listVolunteers(store: Store, filter: VolunteerFilter, page: { limit: number; cursor?: string }): Promise<Page<VolunteerRecord> | null> {
  const conditions: Prisma.VolunteerWhereInput[] = []
  if (filter.statuses) conditions.push({ status: { in: filter.statuses } })
  if (filter.areaCode) conditions.push({ areaCode: filter.areaCode })
  conditions.push(...searchWords(filter.search, SEARCHED_OF_VOLUNTEERS))
  return pageNewestFirst(
    ({ before, take }) => store.read.volunteer.findMany({ where: { AND: [...conditions, olderThan(before)] }, orderBy: NEWEST_FIRST, take }),
    (id) => store.read.volunteer.findUnique({ where: { id }, select: { id: true, createdAt: true } }),
    page,
  )
}

/** One volunteer by id or number; null when there is none. */
export function findVolunteer(store: Store, idOrNumber: string): Promise<VolunteerRecord | null> {
  return store.read.volunteer.findFirst({ where: { OR: [{ id: idOrNumber }, { number: idOrNumber }] } })
}

export interface VolunteerChange {
  id: string
  status: VolunteerStatus
  /** Staff user. */
  by: string
  now: Date
  /** What the volunteer is told of it; null = nothing. */
  notice: (volunteer: VolunteerRecord) => Pick<NewOutboxMessage, 'text' | 'extras'> | null
}

export type VolunteerChangeResult =
  | { outcome: 'changed' | 'unchanged'; volunteer: VolunteerRecord }
  | { outcome: 'not_found' }
  | { outcome: 'not_allowed'; from: VolunteerStatus }
  /** A child: the guardian has not said so themself yet. */
  | { outcome: 'needs_guardian' }

/**
 * Changes a volunteer's status as staff do, writes the audit log and queues the notice to the volunteer, in one transaction.
 * The same status again changes nothing and tells nobody.
 */
export function changeVolunteerStatus(store: Store, change: VolunteerChange): Promise<VolunteerChangeResult> {
  return store.write(async (transaction) => {
    const before = await transaction.volunteer.findUnique({ where: { id: change.id } })
    if (!before) return { outcome: 'not_found' }
    const from = before.status as VolunteerStatus
    if (from === change.status) return { outcome: 'unchanged', volunteer: before }
    if (!FLOW[from].includes(change.status)) return { outcome: 'not_allowed', from }
    if (change.status === 'active' && needsGuardiansWord(before) && (await findGuardianConsent(transaction, before)) === null) return { outcome: 'needs_guardian' }
    const volunteer = await transaction.volunteer.update({ where: { id: before.id }, data: { status: change.status, updatedAt: change.now } })
    const notice = change.notice(volunteer)
    if (notice !== null && volunteer.conversationId !== null) {
      const row: NewOutboxMessage = {
        key: `volunteer:${randomUUID()}`,
        conversationId: volunteer.conversationId,
        personId: volunteer.personId,
        priority: 'notice',
        kind: 'notice',
        isPushed: true,
        ...notice,
      }
      await queueMessages(transaction, [row], change.now)
    }
    await transaction.auditEntry.createMany({ data: [{ at: change.now, actor: change.by, action: 'change_volunteer', subject: volunteer.number, detail: `${from} -> ${change.status}` }] })
    return { outcome: 'changed', volunteer }
  })
}
