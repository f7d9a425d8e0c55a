import type { Area } from '../../domain/services.ts'
import type { Prisma } from '../generated/client.ts'
import type { Reader, Transaction } from '../engine/store.ts'

export const AUDIENCE_ROLES = ['resident', 'volunteer', 'group'] as const
export type AudienceRole = (typeof AUDIENCE_ROLES)[number]

/**
 * Whom an announcement is for. Absent or empty = no restriction; without roles it is every subscriber, and groups only when
 * asked for. `areas` are area codes.
 */
export interface Audience {
  channels?: string[]
  areas?: string[]
  roles?: AudienceRole[]
  /** Active volunteers who can do one of these. */
  skills?: string[]
  /** Bound groups, by the ids of their conversations. */
  rooms?: string[]
  /** People and bound groups that staff gave one of these; without roles both. */
  tags?: string[]
  /** Whom this announcement was sent to and who has not answered 收到. */
  unacknowledgedOf?: string
  /** Only those whom neither this announcement nor one that brought it to others was for; never kept, it follows from what an announcement supplements. */
  notYetOf?: string
}

/** One row of the frozen audience; a group has no person. */
export interface Recipient {
  conversationId: string
  personId: string | null
}

/** How many would be reached now. */
export async function countAudience(read: Reader | Transaction, audience: Audience): Promise<number> {
  const { people, groups } = await conditionsOf(read, audience)
  const [countOfPeople, countOfGroups] = await Promise.all([people === null ? 0 : read.person.count({ where: people }), groups === null ? 0 : read.conversation.count({ where: groups })])
  return countOfPeople + countOfGroups
}

const MOST_EXAMPLES = 6

/** Some of those who would be reached now, each with where they are and what they are: nicknames by their first character, groups by their titles. */
export async function listAudienceExamples(read: Reader | Transaction, audience: Audience, areas: readonly Area[]): Promise<string[]> {
  const { people, groups } = await conditionsOf(read, audience)
  const [persons, rooms] = await Promise.all([
    people === null ? [] : read.person.findMany({ where: people, select: NAMED, orderBy: { createdAt: 'desc' }, take: MOST_EXAMPLES }),
    groups === null ? [] : read.conversation.findMany({ where: groups, select: { title: true, areaCode: true, tags: SOME_TAGS }, orderBy: { createdAt: 'desc' }, take: MOST_EXAMPLES }),
  ])
  const place = (code: string | null | undefined): string => areas.find((area) => area.code === code)?.name ?? ''
  const tell = (name: string, facts: readonly string[]): string => (facts.some((fact) => fact !== '') ? `${name}（${facts.filter((fact) => fact !== '').join('，')}）` : name)
  const names = [
    ...rooms.map(({ title, areaCode, tags }) => tell(`群“${title === '' ? '没有名字' : title}”`, [place(areaCode), ...tags.map(({ tag }) => tag)])),
    ...persons.map((person) => {
      const { areaCode, volunteer, requests, tags } = person
      return tell(maskName(person), [place(areaCode ?? volunteer?.areaCode ?? requests[0]?.areaCode), volunteer?.status === 'active' ? '志愿者' : '', ...tags.map(({ tag }) => tag)])
    }),
  ]
  return names.slice(0, MOST_EXAMPLES)
}

const SOME_TAGS = { select: { tag: true }, orderBy: { tag: 'asc' }, take: 2 } as const
const NAMED = {
  nickname: true,
  areaCode: true,
  volunteer: { select: { name: true, status: true, areaCode: true } },
  requests: { select: { requesterName: true, areaCode: true }, orderBy: { createdAt: 'desc' }, take: 1 },
  tags: SOME_TAGS,
} satisfies Prisma.PersonSelect

/** What staff know somebody by, cut to its first character: the name they gave, or else how they call themselves. */
function maskName({ nickname, volunteer, requests }: Prisma.PersonGetPayload<{ select: typeof NAMED }>): string {
  const [first] = Array.from(volunteer?.name || requests[0]?.requesterName || nickname)
  return first === undefined ? '没有名字的居民' : `${first}**`
}

/** Each subscriber once, in the private conversation in which they were heard last, and each bound group. */
export async function findRecipients(transaction: Transaction, audience: Audience): Promise<Recipient[]> {
  const { people, groups, privately } = await conditionsOf(transaction, audience)
  const recipients: Recipient[] = []
  if (people !== null) {
    const rows = await transaction.conversation.findMany({ where: { ...privately, person: people }, select: { id: true, personId: true, createdAt: true }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
    recipients.push(...(await mostRecentOfEach(transaction, rows)))
  }
  if (groups !== null) {
    const rows = await transaction.conversation.findMany({ where: groups, select: { id: true }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
    recipients.push(...rows.map((row) => ({ conversationId: row.id, personId: null })))
  }
  return recipients
}

interface Conditions {
  people: Prisma.PersonWhereInput | null
  groups: Prisma.ConversationWhereInput | null
  privately: Prisma.ConversationWhereInput
}

async function conditionsOf(read: Reader | Transaction, audience: Audience): Promise<Conditions> {
  const channels = audience.channels?.length ? { channel: { in: audience.channels } } : {}
  const areas = audience.areas?.length ? { areaCode: { in: audience.areas } } : null
  const roles = audience.roles ?? []
  const privately = { kind: 'private', goneAt: null, ...channels }
  const served = audience.notYetOf === undefined ? null : { outbox: { some: { announcementId: { in: await findBroughtBy(read, audience.notYetOf) } } } }
  const tagged = audience.tags?.length ? { tags: { some: { tag: { in: audience.tags } } } } : null
  const people: Prisma.PersonWhereInput = {
    // Erasing ends a subscription; whoever subscribes afterwards is reached again.
    isSubscribed: true,
    conversations: { some: privately },
    ...(audience.areas?.length && livesIn(audience.areas)),
    ...tagged,
    // A volunteer is a resident too.
    ...(roles.includes('volunteer') && !roles.includes('resident') && { volunteer: { status: 'active' } }),
    ...(audience.unacknowledgedOf !== undefined && { conversations: { some: { ...privately, person: { is: { id: { in: await findUnacknowledged(read, audience.unacknowledgedOf) } } } } } }),
    ...(audience.skills?.length && { id: { in: await findSkilled(read, audience.skills) } }),
    ...(served && { NOT: { conversations: { some: served } } }),
  }
  const named = audience.rooms?.length ? { id: { in: audience.rooms } } : null
  const hasSkills = (audience.skills?.length ?? 0) > 0
  // Who names groups alone means those groups; a tag alone means whoever has it, people and groups.
  const wantsPeople = roles.includes('resident') || roles.includes('volunteer') || hasSkills || (roles.length === 0 && (tagged !== null || named === null))
  const isTagForGroups = roles.includes('group') || (roles.length === 0 && !hasSkills && audience.unacknowledgedOf === undefined)
  const chosen = [...(named ? [named] : []), ...(tagged && isTagForGroups ? [tagged] : [])]
  return {
    privately,
    people: wantsPeople ? people : null,
    groups: roles.includes('group') || chosen.length > 0 ? { kind: 'group', boundAt: { not: null }, goneAt: null, ...channels, ...areas, ...(chosen.length > 0 && { OR: chosen }), ...(served && { NOT: served }) } : null,
  }
}

/** Where somebody lives is said in the person's own record, in the volunteer's, or with what they reported. */
export function livesIn(areaCodes: string[]): Prisma.PersonWhereInput {
  const areas = { areaCode: { in: areaCodes } }
  return { OR: [areas, { volunteer: areas }, { requests: { some: areas } }] }
}

/** Who got an announcement, or may have got it, and has not said so. */
async function findUnacknowledged(read: Reader | Transaction, announcementId: string): Promise<string[]> {
  const rows = await read.outboxMessage.findMany({ where: { announcementId, pictureOf: null, personId: { not: null }, acknowledgedAt: null, status: { in: ['sent', 'unknown', 'failed'] } }, select: { personId: true } })
  return rows.flatMap(({ personId }) => personId ?? [])
}

/** An announcement and those that brought it to people who came later. */
async function findBroughtBy(read: Reader | Transaction, announcementId: string): Promise<string[]> {
  const rows = await read.announcement.findMany({ where: { supplements: announcementId }, select: { id: true } })
  return [announcementId, ...rows.map(({ id }) => id)]
}

/** Active volunteers with one of these skills; few enough to be read whole. */
async function findSkilled(read: Reader | Transaction, skills: readonly string[]): Promise<string[]> {
  const volunteers = await read.volunteer.findMany({ where: { status: 'active' }, select: { personId: true, skills: true } })
  return volunteers.filter((volunteer) => Array.isArray(volunteer.skills) && volunteer.skills.some((skill) => typeof skill === 'string' && skills.includes(skill))).map(({ personId }) => personId)
}

async function mostRecentOfEach(transaction: Transaction, rows: { id: string; personId: string | null; createdAt: Date }[]): Promise<Recipient[]> {
  const byPerson = new Map<string, typeof rows>()
  for (const row of rows) {
    if (row.personId === null) continue
    const own = byPerson.get(row.personId)
    if (own) own.push(row)
    else byPerson.set(row.personId, [row])
  }
  const recipients: Recipient[] = []
  for (const [personId, own] of byPerson) {
    const conversationId = own.length === 1 ? own[0]?.id : await lastActive(transaction, own)
    if (conversationId !== undefined) recipients.push({ personId, conversationId })
  }
  return recipients
}

async function lastActive(transaction: Transaction, conversations: { id: string; createdAt: Date }[]): Promise<string | undefined> {
  let latest: { id: string; at: Date } | undefined
  for (const conversation of conversations) {
    const heard = await transaction.inboundMessage.findFirst({ where: { conversationId: conversation.id }, orderBy: { receivedAt: 'desc' }, select: { receivedAt: true } })
    const at = heard?.receivedAt ?? conversation.createdAt
    if (latest === undefined || at > latest.at) latest = { id: conversation.id, at }
  }
  return latest?.id
}
