import { MOST_TAGS } from '../../domain/tags.ts'
import type { Prisma } from '../generated/client.ts'
import type { Reader, Store, Transaction } from '../engine/store.ts'

export interface TagCount {
  tag: string
  people: number
  rooms: number
}

/** All tags in use, the most frequent first. */
export async function listTags(read: Reader | Transaction): Promise<TagCount[]> {
  const [people, rooms] = await Promise.all([read.personTag.groupBy({ by: ['tag'], _count: { _all: true } }), read.roomTag.groupBy({ by: ['tag'], _count: { _all: true } })])
  const counts = new Map<string, TagCount>()
  const countOf = (tag: string): TagCount => {
    const known = counts.get(tag) ?? { tag, people: 0, rooms: 0 }
    counts.set(tag, known)
    return known
  }
  for (const row of people) countOf(row.tag).people = row._count._all
  for (const row of rooms) countOf(row.tag).rooms = row._count._all
  return [...counts.values()].sort((a, b) => b.people + b.rooms - a.people - a.rooms || (a.tag < b.tag ? -1 : 1))
}

/** Most people who are tagged by one change: so long a change may hold up residents' turns. */
export const MOST_TAGGED_AT_ONCE = 2_000
/** Rows of four values that are written by one statement. */
const CHUNK = 200

export interface PeopleTagChange {
  /** Who; those who are unknown or have no data any more are left out. */
  people: Prisma.PersonWhereInput
  /** How many staff saw that it would be; another number changes nothing. */
  expected?: number
  /** Tags as they are kept. */
  add?: readonly string[]
  remove?: readonly string[]
  /** Staff user. */
  by: string
  now: Date
}

export type PeopleTagResult = { outcome: 'changed'; people: number } | { outcome: 'unchanged'; people: number } | PeopleTagRefusal
export type PeopleTagRefusal =
  | { outcome: 'nobody' }
  | { outcome: 'other_number' | 'too_many_people'; people: number }
  /** Somebody would have more than MOST_TAGS: nobody was given any. */
  | { outcome: 'too_many_tags'; people: number }

/** Gives tags to several people, or takes them away, with one line in the audit log that names nobody. */
export function changePeopleTags(store: Store, change: PeopleTagChange): Promise<PeopleTagResult> {
  return store.write<PeopleTagResult>(async (transaction) => {
    const people = await transaction.person.count({ where: change.people })
    if (people === 0) return { outcome: 'nobody' }
    if (change.expected !== undefined && change.expected !== people) return { outcome: 'other_number', people }
    if (people > MOST_TAGGED_AT_ONCE) return { outcome: 'too_many_people', people }
    const added = await addTags(transaction, change)
    if (added.outcome === 'too_many_tags') return { outcome: 'too_many_tags', people: added.people }
    const removed = await removeTags(transaction, change)
    return added.people + removed === 0 ? { outcome: 'unchanged', people } : { outcome: 'changed', people: Math.max(added.people, removed) }
  })
}

async function addTags(transaction: Transaction, { people, add = [], by, now }: PeopleTagChange): Promise<{ outcome: 'added' | 'too_many_tags'; people: number }> {
  if (add.length === 0) return { outcome: 'added', people: 0 }
  const persons = await transaction.person.findMany({ where: people, select: { id: true, tags: { select: { tag: true } } } })
  const missing = persons.map(({ id, tags }) => ({ id, has: tags.length, tags: add.filter((tag) => !tags.some((own) => own.tag === tag)) })).filter(({ tags }) => tags.length > 0)
  const full = missing.filter(({ has, tags }) => has + tags.length > MOST_TAGS)
  if (full.length > 0) return { outcome: 'too_many_tags', people: full.length }
  const rows = missing.flatMap(({ id, tags }) => tags.map((tag) => ({ personId: id, tag, by, createdAt: now })))
  for (let start = 0; start < rows.length; start += CHUNK) await transaction.personTag.createMany({ data: rows.slice(start, start + CHUNK) })
  if (missing.length > 0) await audit(transaction, { at: now, actor: by, action: 'tag_people', subject: add.join('、'), detail: `加给 ${missing.length} 人` })
  return { outcome: 'added', people: missing.length }
}

async function removeTags(transaction: Transaction, { people, remove = [], by, now }: PeopleTagChange): Promise<number> {
  if (remove.length === 0) return 0
  const where = { person: people, tag: { in: [...remove] } }
  const persons = await transaction.personTag.groupBy({ by: ['personId'], where })
  await transaction.personTag.deleteMany({ where })
  if (persons.length > 0) await audit(transaction, { at: now, actor: by, action: 'untag_people', subject: remove.join('、'), detail: `从 ${persons.length} 人去掉` })
  return persons.length
}

export type RoomTagResult = { outcome: 'changed' | 'unchanged' | 'not_found' | 'too_many_tags' }

/** Gives a bound group these tags and no others. */
export function setRoomTags(store: Store, change: { id: string; tags: readonly string[]; by: string; now: Date }): Promise<RoomTagResult> {
  const { id, by, now } = change
  const tags = [...new Set(change.tags)]
  return store.write<RoomTagResult>(async (transaction) => {
    const room = await transaction.conversation.findFirst({ where: { id, kind: 'group', boundAt: { not: null } }, select: { tags: { select: { tag: true } } } })
    if (!room) return { outcome: 'not_found' }
    if (tags.length > MOST_TAGS) return { outcome: 'too_many_tags' }
    const before = room.tags.map(({ tag }) => tag)
    const added = tags.filter((tag) => !before.includes(tag))
    const gone = before.filter((tag) => !tags.includes(tag))
    if (added.length + gone.length === 0) return { outcome: 'unchanged' }
    await transaction.roomTag.deleteMany({ where: { conversationId: id, tag: { in: gone } } })
    await transaction.roomTag.createMany({ data: added.map((tag) => ({ conversationId: id, tag, by, createdAt: now })) })
    await audit(transaction, { at: now, actor: by, action: 'tag_room', subject: id, detail: tags.join('、') })
    return { outcome: 'changed' }
  })
}

/**
 * Gives a tag another name everywhere it is in use, drafts of announcements included; who has both keeps one. What was
 * approved keeps the name it was approved under: its recipients are written down.
 */
export function renameTag(store: Store, change: { tag: string; to: string; by: string; now: Date }): Promise<{ outcome: 'renamed' | 'unchanged' | 'not_found' }> {
  const { tag, to, by, now } = change
  return store.write(async (transaction) => {
    if (!(await isInUse(transaction, tag))) return { outcome: 'not_found' }
    if (tag === to) return { outcome: 'unchanged' }
    await transaction.personTag.deleteMany({ where: { tag, person: { tags: { some: { tag: to } } } } })
    await transaction.personTag.updateMany({ where: { tag }, data: { tag: to } })
    await transaction.roomTag.deleteMany({ where: { tag, conversation: { tags: { some: { tag: to } } } } })
    await transaction.roomTag.updateMany({ where: { tag }, data: { tag: to } })
    await renameInDrafts(transaction, tag, to)
    await audit(transaction, { at: now, actor: by, action: 'rename_tag', subject: tag, detail: `改成 ${to}` })
    return { outcome: 'renamed' }
  })
}

/** Takes a tag away from everybody. A draft that names it reaches nobody by it; what was approved is sent all the same. */
export function removeTag(store: Store, change: { tag: string; by: string; now: Date }): Promise<{ outcome: 'removed' | 'not_found' }> {
  const { tag, by, now } = change
  return store.write(async (transaction) => {
    const [people, rooms] = await Promise.all([transaction.personTag.deleteMany({ where: { tag } }), transaction.roomTag.deleteMany({ where: { tag } })])
    if (people.count + rooms.count === 0) return { outcome: 'not_found' }
    await audit(transaction, { at: now, actor: by, action: 'remove_tag', subject: tag, detail: `${people.count} 人，${rooms.count} 个群` })
    return { outcome: 'removed' }
  })
}

const isInUse = async (transaction: Transaction, tag: string): Promise<boolean> =>
  (await transaction.personTag.findFirst({ where: { tag }, select: { tag: true } })) !== null || (await transaction.roomTag.findFirst({ where: { tag }, select: { tag: true } })) !== null

async function renameInDrafts(transaction: Transaction, tag: string, to: string): Promise<void> {
  for (const { id, audience } of await transaction.announcement.findMany({ where: { status: 'draft' }, select: { id: true, audience: true } })) {
    const named = (audience as { tags?: string[] }).tags ?? []
    if (!named.includes(tag)) continue
    const tags = [...new Set(named.map((name) => (name === tag ? to : name)))]
    await transaction.announcement.updateMany({ where: { id }, data: { audience: { ...(audience as object), tags } } })
  }
}

const audit = (transaction: Transaction, entry: { at: Date; actor: string; action: string; subject: string; detail: string }) => transaction.auditEntry.createMany({ data: [entry] })
