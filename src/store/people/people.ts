import type { VolunteerSummary } from '../../domain/office/facts.ts'
import type { RequestStatus } from '../../domain/requests/requests.ts'
import { toLocalIso } from '../../domain/time.ts'
import type { Area } from '../../domain/services.ts'
import type { Store } from '../engine/store.ts'
import { countOwnVotes } from '../knowledge/votes.ts'

/** The person's volunteer record; null when not registered. */
export async function findOwnVolunteer(store: Store, personId: string, areas: readonly Pick<Area, 'code' | 'name'>[]): Promise<VolunteerSummary | null> {
  const row = await store.read.volunteer.findUnique({ where: { personId } })
  if (!row) return null
  const skills = row.skills as string[]
  const values = { name: row.name, phone: row.phone, age: row.age, guardianName: row.guardianName, guardianPhone: row.guardianPhone, skills, availability: row.availability, community: areas.find(({ code }) => code === row.areaCode)?.name ?? null }
  return {
    number: row.number,
    name: row.name,
    status: row.status as VolunteerSummary['status'],
    skills,
    availability: row.availability,
    values: Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string | number | string[]] => entry[1] !== null)),
  }
}

/** Everything kept about a person, for 我的数据: plain values only. */
export interface PersonalData {
  nickname: string
  isSubscribed: boolean
  consents: { version: string; grantedAt: string; withdrawnAt: string | null }[]
  requests: { number: string; category: string; status: string; description: string; address: string | null; name: string | null; phone: string | null; photos: number; createdAt: string }[]
  /** Photos that wait for the request they belong to. */
  waitingPhotos: number
  volunteer: { number: string; name: string; phone: string; age: number | null; guardianName: string | null; guardianPhone: string | null; skills: string[]; availability: string; status: string } | null
  /** What staff keep with the person to choose whom an announcement is for. */
  tags: string[]
  /** How often this person, as a volunteer, was asked to help a neighbour, and helped. */
  help: { asked: number; done: number }
  messages: number
  /** What was said of answers. */
  votes: { useful: number; useless: number }
}

export async function exportPersonalData(store: Store, personId: string): Promise<PersonalData> {
  const [person, messages, votes, asked, done, waitingPhotos] = await Promise.all([
    store.read.person.findUniqueOrThrow({ where: { id: personId }, include: { tags: { orderBy: [{ createdAt: 'asc' }, { tag: 'asc' }] }, consents: true, requests: { orderBy: { createdAt: 'asc' }, include: { _count: { select: { photos: true } } } }, volunteer: true } }),
    store.read.inboundMessage.count({ where: { personId, text: { not: '' } } }),
    countOwnVotes(store, personId),
    store.read.volunteerOffer.count({ where: { volunteer: { personId } } }),
    store.read.volunteerOffer.count({ where: { volunteer: { personId }, status: 'done' } }),
    store.read.photo.count({ where: { personId, requestId: null, goneAt: null } }),
  ])
  const { volunteer } = person
  return {
    nickname: person.nickname,
    isSubscribed: person.isSubscribed,
    consents: person.consents.map((consent) => ({ version: consent.noticeVersion, grantedAt: toLocalIso(consent.grantedAt), withdrawnAt: consent.withdrawnAt && toLocalIso(consent.withdrawnAt) })),
    requests: person.requests.map((request) => ({
      number: request.number,
      category: request.category,
      status: request.status,
      description: request.description,
      address: request.address,
      name: request.requesterName,
      phone: request.requesterPhone,
      photos: request._count.photos,
      createdAt: toLocalIso(request.createdAt),
    })),
    volunteer: volunteer && {
      number: volunteer.number,
      name: volunteer.name,
      phone: volunteer.phone,
      age: volunteer.age,
      guardianName: volunteer.guardianName,
      guardianPhone: volunteer.guardianPhone,
      skills: volunteer.skills as string[],
      availability: volunteer.availability,
      status: volunteer.status,
    },
    tags: person.tags.map(({ tag }) => tag),
    help: { asked, done },
    waitingPhotos,
    messages,
    votes,
  }
}

export interface OneTimeCodeView {
  id: string
  purpose: 'staff' | 'room' | 'request' | 'guardian'
  staffName: string
  roomId: string | null
  /** Whose guardian confirms with it. */
  child?: { personId: string; name: string; guardianName: string }
  /** What it joins a chat to. */
  request: { number: string; category: string; status: RequestStatus } | null
}

/** An unused one-time code by its hash; null when there is none or it is over. */
export async function findCode(store: Store, codeId: string, now: Date): Promise<OneTimeCodeView | null> {
  const code = await store.read.oneTimeCode.findFirst({ where: { id: codeId, usedAt: null, expiresAt: { gt: now } }, include: { staff: true, request: { select: { number: true, category: true, status: true } }, volunteer: true } })
  if (code === null) return null
  return { id: code.id, purpose: code.purpose as OneTimeCodeView['purpose'], staffName: code.staff?.name ?? '', roomId: code.roomId, ...(code.volunteer && { child: { personId: code.volunteer.personId, name: code.volunteer.name, guardianName: code.volunteer.guardianName ?? '' } }), request: code.request && { ...code.request, status: code.request.status as RequestStatus } }
}

/** Wrong codes that this person entered since `since`. */
export async function countFailedCodes(store: Store, personId: string, since: Date): Promise<number> {
  const row = await store.read.failedAttempt.findFirst({ where: { key: `code:${personId}`, updatedAt: { gt: since } } })
  return row?.count ?? 0
}
