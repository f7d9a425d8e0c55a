import { countAudience, type Audience } from './announcement-audience.ts'
import type { Announcement } from '../generated/client.ts'
import { NEWEST_FIRST, olderThan, pageNewestFirst, type Page } from '../requests/requests.ts'
import type { PictureReference } from '../../domain/pictures/pictures.ts'
import type { Reader, Store } from '../engine/store.ts'

export const ANNOUNCEMENT_STATUSES = ['draft', 'scheduled', 'sending', 'paused', 'finished', 'cancelled', 'expired'] as const
export type AnnouncementStatus = (typeof ANNOUNCEMENT_STATUSES)[number]

/** `total` is the sum of `open` and what follows, without `acknowledged`. Of a draft: whom it would reach now, all open. */
export interface AnnouncementProgress {
  total: number
  open: number
  sent: number
  failed: number
  unknown: number
  optedOut: number
  cancelled: number
  expired: number
  acknowledged: number
}

export interface AnnouncementRecord {
  id: string
  title: string
  text: string
  status: AnnouncementStatus
  audience: Audience
  /** Staff users, and the names that go with them. */
  by: string
  byName: string
  approvedBy: string | null
  approvedByName: string | null
  /** null = as soon as it is approved. */
  sendAt: Date | null
  expiresAt: Date | null
  isEmergency: boolean
  linkUrl: string | null
  pictureUrl: string | null
  picture: PictureReference | null
  /** Most sends a minute; null = as fast as the platforms allow. */
  perMinute: number | null
  createdAt: Date
  approvedAt: Date | null
  finishedAt: Date | null
  /** Counts the changes of a draft. */
  version: number
  /** Of a draft that a second person gave back and that was not changed since. */
  returned: { at: Date; by: string; byName: string; comment: string } | null
  /** The announcement that this one brings to those who came after its approval. */
  supplements: string | null
  progress: AnnouncementProgress
}

/** The announcement as rules see it; dates as they are stored. `writers`: the staff users who have written it or changed it. */
export type AnnouncementRow = Omit<AnnouncementRecord, 'progress' | 'byName' | 'approvedByName' | 'returned'> & { isReturned: boolean; writers: readonly string[] }

/** One line of an announcement's history, with the name of whom it tells. */
export interface AnnouncementLineView {
  at: Date
  by: string
  byName: string
  action: string
  note: string
}

/** One announcement with its counts; null when there is none. */
export async function findAnnouncementRecord(store: Store, id: string, expand: (audience: Audience) => Audience): Promise<AnnouncementRecord | null> {
  const row = await store.read.announcement.findUnique({ where: { id } })
  return row && ((await withProgress(store.read, [row], expand))[0] ?? null)
}

/** Announcements newest first; null for an unknown cursor. */
export async function listAnnouncementRecords(store: Store, page: { limit: number; cursor?: string }, expand: (audience: Audience) => Audience): Promise<Page<AnnouncementRecord> | null> {
  const found = await pageNewestFirst(
    ({ before, take }) => store.read.announcement.findMany({ where: olderThan(before), orderBy: NEWEST_FIRST, take }),
    (id) => store.read.announcement.findUnique({ where: { id }, select: { id: true, createdAt: true } }),
    page,
  )
  return found && { ...found, items: await withProgress(store.read, found.items, expand) }
}

/** A row as it is stored, with its picture in one piece. */
export const pictureOf = ({ pictureName, pictureSize }: Pick<Announcement, 'pictureName' | 'pictureSize'>): PictureReference | null =>
  pictureName === null || pictureSize === null ? null : { name: pictureName, size: pictureSize }

/** Whom it is for; of one that brings another to those who came later, them alone. */
export const audienceOf = ({ audience, supplements }: Pick<Announcement, 'audience' | 'supplements'>): Audience => ({ ...(audience as Audience), ...(supplements !== null && { notYetOf: supplements }) })

/** How many would be reached now whom neither this announcement nor one that brought it to others was for. */
export const countLatecomers = (store: Store, { id, audience, supplements }: Pick<AnnouncementRecord, 'id' | 'audience' | 'supplements'>, expand: (audience: Audience) => Audience): Promise<number> =>
  countAudience(store.read, expand({ ...audience, notYetOf: supplements ?? id }))

/** The draft that brings it to those who came later and waits for approval; null when there is none. */
export async function findOpenSupplement(store: Store, { id, supplements }: Pick<AnnouncementRecord, 'id' | 'supplements'>): Promise<string | null> {
  const found = await store.read.announcement.findFirst({ where: { supplements: supplements ?? id, status: 'draft' }, select: { id: true } })
  return found?.id ?? null
}

/** What was done to it, in order. */
export async function listAnnouncementLines(store: Store, id: string): Promise<AnnouncementLineView[]> {
  const lines = await store.read.announcementLine.findMany({ where: { announcementId: id }, orderBy: { id: 'asc' }, select: { at: true, by: true, action: true, note: true } })
  const names = await staffNames(store.read, lines.map(({ by }) => by))
  return lines.map((line) => ({ ...line, byName: names.of(line.by) }))
}

/** What these staff users are called; a user itself where there is no name. */
export async function staffNames(read: Reader, users: readonly (string | null)[]): Promise<{ of: (user: string) => string }> {
  const asked = [...new Set(users.filter((user) => user !== null))]
  const staff = await read.staffMember.findMany({ where: { user: { in: asked } }, select: { user: true, name: true } })
  const names = new Map(staff.map(({ user, name }) => [user, name]))
  return { of: (user) => names.get(user) || user }
}

async function withProgress(read: Reader, rows: Announcement[], expand: (audience: Audience) => Audience): Promise<AnnouncementRecord[]> {
  const [counts, names] = await Promise.all([
    read.outboxMessage.groupBy({
      by: ['announcementId', 'status'],
      where: { announcementId: { in: rows.map((row) => row.id) }, pictureOf: null },
      _count: { _all: true, acknowledgedAt: true },
    }),
    staffNames(read, rows.flatMap(({ by, approvedBy, returnedBy }) => [by, approvedBy, returnedBy])),
  ])
  const records: AnnouncementRecord[] = []
  for (const row of rows) {
    const own = counts.filter((count) => count.announcementId === row.id)
    const of = (...statuses: string[]) => own.filter((count) => statuses.includes(count.status)).reduce((sum, count) => sum + count._count._all, 0)
    const open = row.status === 'draft' ? await countAudience(read, expand(audienceOf(row))) : of('queued', 'sending')
    const closed = { sent: of('sent'), failed: of('failed'), unknown: of('unknown'), optedOut: of('opted_out'), cancelled: of('cancelled'), expired: of('expired') }
    const total = Object.values(closed).reduce((sum, count) => sum + count, open)
    const acknowledged = own.reduce((sum, count) => sum + count._count.acknowledgedAt, 0)
    records.push({ ...toRecord(row, names), progress: { total, open, ...closed, acknowledged } })
  }
  return records
}

function toRecord({ pictureName, pictureSize, returnedAt, returnedBy, returnComment, ...row }: Announcement, names: { of: (user: string) => string }): Omit<AnnouncementRecord, 'progress'> {
  return {
    ...row,
    status: row.status as AnnouncementStatus,
    audience: row.audience as Audience,
    picture: pictureOf({ pictureName, pictureSize }),
    byName: names.of(row.by),
    approvedByName: row.approvedBy === null ? null : names.of(row.approvedBy),
    returned: returnedAt === null || returnedBy === null ? null : { at: returnedAt, by: returnedBy, byName: names.of(returnedBy), comment: returnComment ?? '' },
  }
}
