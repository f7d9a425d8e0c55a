import { OPEN_STATUSES, type RequestStatus } from '../../domain/requests/requests.ts'
import type { Store } from '../engine/store.ts'
import type { Prisma } from '../generated/client.ts'
import { NEWEST_FIRST } from './requests.ts'

/** All that anybody may read of a request: nothing of whose it is, where it is, or what was said. Nothing else leaves the database here. */
const PUBLIC = { number: true, serviceCode: true, category: true, status: true, createdAt: true, updatedAt: true, finishedAt: true, dueAt: true } satisfies Prisma.ServiceRequestSelect

export interface PublicRequest {
  number: string
  serviceCode: string
  category: string
  status: RequestStatus
  createdAt: Date
  updatedAt: Date
  finishedAt: Date | null
  dueAt: Date | null
}

/** Only what falls under a service of the catalogue: that somebody was in danger or asked something is nobody else's business. */
const OF_SERVICES = { kind: { in: ['service', 'help'] }, serviceCode: { not: null } } satisfies Prisma.ServiceRequestWhereInput

export interface PublicFilter {
  /** [from, before): when they were filed. */
  from: Date
  before: Date
  /** Absent = any. */
  serviceCodes?: readonly string[]
  isOpen?: boolean
}

const toPublic = <T extends { serviceCode: string | null; status: string }>(row: T) => ({ ...row, serviceCode: row.serviceCode ?? '', status: row.status as RequestStatus })

const findPublic = async (store: Store, where: Prisma.ServiceRequestWhereInput, most: number): Promise<PublicRequest[]> => {
  const rows = await store.read.serviceRequest.findMany({ where: { AND: [OF_SERVICES, where] }, select: PUBLIC, orderBy: NEWEST_FIRST, take: most })
  return rows.map(toPublic)
}

/** What anybody may read of these requests, newest first, `most` of them. */
export const listPublicRequests = (store: Store, { from, before, serviceCodes, isOpen }: PublicFilter, most: number): Promise<PublicRequest[]> =>
  findPublic(
    store,
    {
      createdAt: { gte: from, lt: before },
      ...(serviceCodes && { serviceCode: { in: [...serviceCodes] } }),
      ...(isOpen !== undefined && { status: isOpen ? { in: [...OPEN_STATUSES] } : { notIn: [...OPEN_STATUSES] } }),
    },
    most,
  )

/** The same of those with these numbers. */
export const findPublicRequests = (store: Store, numbers: readonly string[], most: number): Promise<PublicRequest[]> => findPublic(store, { number: { in: [...numbers] } }, most)

/** The number of the request with this id, which the API gives it, or with this number. */
export async function findPublicNumber(store: Store, idOrNumber: string): Promise<string | null> {
  const row = await store.read.serviceRequest.findFirst({ where: { AND: [OF_SERVICES, { OR: [{ id: idOrNumber }, { number: idOrNumber }] }] }, select: { number: true } })
  return row?.number ?? null
}

/** More merges than this in a row nobody makes. */
const MOST_MERGES = 10

/**
 * What whoever knows the last four digits of the telephone that stands in a request may read of it, and of the one that it went into;
 * null when they do not stand there. The telephone itself does not leave the database.
 */
export async function findByPhoneEnd(store: Store, id: string, lastFour: string): Promise<{ request: PublicRequest; goesOnIn: PublicRequest | null } | null> {
  const select = { ...PUBLIC, mergedIntoId: true } as const
  const row = await store.read.serviceRequest.findFirst({ where: { id, requesterPhone: { endsWith: lastFour } }, select })
  if (row === null) return null
  let last = row
  for (let step = 0; step < MOST_MERGES && last.mergedIntoId !== null; step += 1) {
    last = (await store.read.serviceRequest.findUnique({ where: { id: last.mergedIntoId }, select })) ?? { ...last, mergedIntoId: null }
  }
  return { request: toPublic(row), goesOnIn: last === row ? null : toPublic(last) }
}
