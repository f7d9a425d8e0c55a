import type { Prisma, Volunteer } from '../generated/client.ts'
import { readNumberedPage, type NumberedPage } from '../engine/numbered-page.ts'
import { searchWords, SEARCHED_OF_VOLUNTEERS } from '../engine/search-words.ts'
import type { Store } from '../engine/store.ts'
import type { VolunteerStatus } from './volunteers.ts'

export interface VolunteerBoardFilter {
  status?: VolunteerStatus
  areaCodes?: string[]
  /** Words looked for in number, name, phone and availability; each must stand somewhere. */
  search?: string
}

/** Volunteers as staff leaf through them, newest first, 20 a page. */
export function pageVolunteers(store: Store, filter: VolunteerBoardFilter, page: number): Promise<NumberedPage<Volunteer>> {
  const conditions: Prisma.VolunteerWhereInput[] = []
  if (filter.status) conditions.push({ status: filter.status })
  if (filter.areaCodes) conditions.push({ areaCode: { in: filter.areaCodes } })
  conditions.push(...searchWords(filter.search, SEARCHED_OF_VOLUNTEERS))
  const where = { AND: conditions }
  return readNumberedPage(page, 20, () => store.read.volunteer.count({ where }), (range) => store.read.volunteer.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], ...range }))
}

export interface VolunteerGauge {
  /** Active volunteers. */
  active: number
  /** People who have used the assistant and are not deleted. */
  people: number
  /** Active volunteers by area, most first; null = no area said. */
  byArea: { areaCode: string | null; count: number }[]
}

/** How many have registered, beside how many people the assistant knows. */
export async function readVolunteerGauge(store: Store): Promise<VolunteerGauge> {
  const [people, groups] = await Promise.all([
    store.read.person.count({ where: { erasedAt: null, identities: { none: { staffId: { not: null } } } } }),
    store.read.volunteer.groupBy({ by: ['areaCode'], where: { status: 'active' }, _count: { _all: true } }),
  ])
  const byArea = groups.map((group) => ({ areaCode: group.areaCode, count: group._count._all })).sort((a, b) => b.count - a.count)
  return { active: byArea.reduce((sum, group) => sum + group.count, 0), people, byArea }
}
