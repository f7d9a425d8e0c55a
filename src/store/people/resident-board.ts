import { showNickname } from '../../language/clean.ts'
import { livesIn } from '../announcements/announcement-audience.ts'
import type { Prisma } from '../generated/client.ts'
import { readNumberedPage, type NumberedPage } from '../engine/numbered-page.ts'
import type { Store } from '../engine/store.ts'

export interface ResidentFilter {
  areaCodes?: string[]
  /** '' = has none. */
  tag?: string
  /** Words looked for in nickname, name, telephone, tags and the numbers of requests and volunteers; each must stand somewhere. */
  search?: string
}

export interface ResidentRow {
  id: string
  nickname: string
  /** Whether one of their logins is a member of staff's. */
  isStaff: boolean
  /** What they called themselves when they signed up or reported something; '' = never did. */
  name: string
  phone: string | null
  areaCode: string | null
  isSubscribed: boolean
  volunteerNumber: string | null
  channels: string[]
  tags: string[]
}

/** People of whom something is known: who had everything deleted and did not come back is none. */
const KNOWN: Prisma.PersonWhereInput = { OR: [{ erasedAt: null }, { isSubscribed: true }, { volunteer: { isNot: null } }, { requests: { some: {} } }] }

/** The condition that a filter stands for. */
export function residentsOf(filter: ResidentFilter): Prisma.PersonWhereInput {
  const words = filter.search?.split(/\s+/).filter(Boolean).slice(0, 6) ?? []
  return {
    AND: [
      KNOWN,
      ...(filter.areaCodes ? [livesIn(filter.areaCodes)] : []),
      ...(filter.tag === undefined ? [] : [{ tags: filter.tag === '' ? { none: {} } : { some: { tag: filter.tag } } }]),
      ...words.map(matching),
    ],
  }
}

/** The people of these ids. */
export const residentsById = (ids: readonly string[]): Prisma.PersonWhereInput => ({ AND: [KNOWN, { id: { in: [...ids] } }] })

function matching(word: string): Prisma.PersonWhereInput {
  const contains = { contains: word }
  const number = { contains: word.toUpperCase() }
  const phone = { contains: /^[\d-]+$/.test(word) ? word.replaceAll('-', '') : word }
  return {
    OR: [
      { nickname: contains },
      { tags: { some: { tag: contains } } },
      { volunteer: { OR: [{ name: contains }, { phone }, { number }] } },
      { requests: { some: { OR: [{ requesterName: contains }, { requesterPhone: phone }, { number }] } } },
    ],
  }
}

/** The logins of a person by which they are staff. */
export const STAFF_LOGINS = { identities: { where: { staff: { disabledAt: null } }, select: { id: true }, take: 1 } } satisfies Prisma.PersonSelect

/** Who gets something, as staff read it: a person by their nickname, a group by its title. */
export const recipientName = (person: { nickname: string; identities: readonly unknown[] } | null | undefined, title: string): string =>
  person == null ? title : person.identities.length > 0 ? person.nickname : showNickname(person.nickname)

const ROW = {
  id: true,
  nickname: true,
  areaCode: true,
  isSubscribed: true,
  tags: { select: { tag: true }, orderBy: [{ createdAt: 'asc' }, { tag: 'asc' }] },
  volunteer: { select: { number: true, name: true, phone: true, areaCode: true } },
  requests: { select: { requesterName: true, requesterPhone: true, areaCode: true }, orderBy: { createdAt: 'desc' }, take: 5 },
  conversations: { where: { kind: 'private', goneAt: null }, select: { channel: true } },
  ...STAFF_LOGINS,
} satisfies Prisma.PersonSelect

/** Residents as staff leaf through them, newest first, 20 a page. */
export function pageResidents(store: Store, filter: ResidentFilter, page: number): Promise<NumberedPage<ResidentRow>> {
  const where = residentsOf(filter)
  const find = async (range: { skip: number; take: number }) =>
    (await store.read.person.findMany({ where, select: ROW, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], ...range })).map(toRow)
  return readNumberedPage(page, 20, () => store.read.person.count({ where }), find)
}

/** One of them; null = nobody of whom anything is known. */
export async function findResident(store: Store, id: string): Promise<ResidentRow | null> {
  const row = await store.read.person.findFirst({ where: { AND: [residentsById([id]), { erasedAt: null }] }, select: ROW })
  return row && toRow(row)
}

function toRow({ volunteer, requests, conversations, tags, identities, ...person }: Prisma.PersonGetPayload<{ select: typeof ROW }>): ResidentRow {
  const said = <K extends 'requesterName' | 'requesterPhone' | 'areaCode'>(key: K) => requests.find((request) => request[key] !== null)?.[key] ?? null
  return {
    ...person,
    isStaff: identities.length > 0,
    name: volunteer?.name ?? said('requesterName') ?? '',
    phone: volunteer?.phone ?? said('requesterPhone'),
    areaCode: person.areaCode ?? volunteer?.areaCode ?? said('areaCode'),
    volunteerNumber: volunteer?.number ?? null,
    channels: [...new Set(conversations.map(({ channel }) => channel))],
    tags: tags.map(({ tag }) => tag),
  }
}
