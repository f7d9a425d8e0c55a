import { randomUUID } from 'node:crypto'
import type { Button } from '../../domain/messages/messages.ts'
import type { PictureReference } from '../../domain/pictures/pictures.ts'
import { countAudience, findRecipients, type Audience } from './announcement-audience.ts'
import { Prisma, type Announcement } from '../generated/client.ts'
import { PRIORITIES } from '../outbox/outbox.ts'
import { NEWEST_FIRST, olderThan, pageNewestFirst, type Page } from '../requests/requests.ts'
import type { Reader, Store, Transaction } from '../engine/store.ts'

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
  /** Staff users. */
  by: string
  approvedBy: string | null
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
  progress: AnnouncementProgress
}

export interface NewAnnouncement {
  by: string
  title: string
  text: string
  audience: Audience
  sendAt: Date | null
  expiresAt: Date | null
  isEmergency: boolean
  linkUrl?: string | null
  pictureUrl?: string | null
  picture?: PictureReference | null
}

/** Rows of one recipient each are written in chunks of this many: below the limit of variables in one statement. */
const CHUNK = 500

/** Writes a draft; `by` must be a staff member who is not disabled. */
export function insertAnnouncement(store: Store, announcement: NewAnnouncement, now: Date): Promise<{ outcome: 'created'; id: string } | { outcome: 'unknown_staff' }> {
  return store.write((transaction) => insertAnnouncementIn(transaction, announcement, now))
}

/** `insertAnnouncement` in the caller's transaction. */
export async function insertAnnouncementIn(transaction: Transaction, announcement: NewAnnouncement, now: Date): Promise<{ outcome: 'created'; id: string } | { outcome: 'unknown_staff' }> {
  if (!(await isStaff(transaction, announcement.by))) return { outcome: 'unknown_staff' }
  const id = randomUUID()
  const { picture, ...columns } = announcement
  await transaction.announcement.createMany({ data: [{ id, ...columns, pictureName: picture?.name ?? null, pictureSize: picture?.size ?? null, audience: { ...announcement.audience }, status: 'draft', createdAt: now }] })
  await audit(transaction, { at: now, actor: announcement.by, action: 'announcement_create', subject: id })
  return { outcome: 'created', id }
}

/** What a change does to an announcement and its rows. */
export interface AnnouncementEffect {
  status?: AnnouncementStatus
  /** Freezes this audience, one row each, with this text and the announcement's picture. */
  freeze?: { audience: Audience; text: string; buttons: Button[] }
  cancelsQueued?: boolean
  requeuesFailed?: boolean
  /** null = as fast as the platforms allow. */
  perMinute?: number | null
  /** It is no emergency after all, and keeps to quiet hours. */
  isOrdinary?: true
}

/** The announcement as rules see it; dates as they are stored. */
export type AnnouncementRow = Omit<AnnouncementRecord, 'progress'>

export interface AnnouncementChange<Refusal> {
  id: string
  /** Staff user. */
  by: string
  action: string
  now: Date
  decide: (announcement: AnnouncementRow) => Refusal | { outcome: 'allowed'; effect: AnnouncementEffect }
}

/** Runs one change by a staff member in one transaction, with its line in the audit log; a refusal writes nothing. */
export function changeAnnouncementRow<Refusal extends { outcome: string }>(
  store: Store,
  change: AnnouncementChange<Refusal>,
): Promise<{ outcome: 'changed' } | { outcome: 'not_found' } | { outcome: 'unknown_staff' } | Refusal> {
  return store.write(async (transaction) => {
    const announcement = await transaction.announcement.findUnique({ where: { id: change.id } })
    if (!announcement) return { outcome: 'not_found' as const }
    if (!(await isStaff(transaction, change.by))) return { outcome: 'unknown_staff' as const }
    const decided = change.decide(toRow(announcement))
    if (!isAllowed(decided)) return decided
    await applyEffect(transaction, announcement, decided.effect, change)
    await settleAnnouncements(transaction, change.now)
    await audit(transaction, { at: change.now, actor: change.by, action: `announcement_${change.action}`, subject: change.id })
    return { outcome: 'changed' as const }
  })
}

const isAllowed = (decided: { outcome: string }): decided is { outcome: 'allowed'; effect: AnnouncementEffect } => decided.outcome === 'allowed'

async function applyEffect(transaction: Transaction, announcement: Announcement, effect: AnnouncementEffect, change: { by: string; now: Date }): Promise<void> {
  const { now } = change
  const own = { announcementId: announcement.id }
  if (effect.freeze) await freezeAudience(transaction, announcement, effect.freeze, now)
  if (effect.cancelsQueued) await transaction.outboxMessage.updateMany({ where: { ...own, status: 'queued' }, data: { status: 'cancelled' } })
  if (effect.requeuesFailed) await transaction.outboxMessage.updateMany({ where: { ...own, status: 'failed' }, data: { status: 'queued', attempts: 0, error: null, notBefore: now } })
  if (effect.isOrdinary) await transaction.announcement.updateMany({ where: { id: announcement.id }, data: { isEmergency: false } })
  if (effect.perMinute !== undefined) await transaction.announcement.updateMany({ where: { id: announcement.id }, data: { perMinute: effect.perMinute } })
  if (effect.status === undefined) return
  await transaction.announcement.updateMany({
    where: { id: announcement.id },
    data: { status: effect.status, finishedAt: effect.status === 'cancelled' ? now : null, ...(effect.freeze && { approvedBy: change.by, approvedAt: now }) },
  })
}

const isStaff = async (transaction: Transaction, user: string): Promise<boolean> =>
  (await transaction.staffMember.findFirst({ where: { user, disabledAt: null }, select: { id: true } })) !== null

const audit = (transaction: Transaction, entry: { at: Date; actor: string; action: string; subject: string }) =>
  transaction.auditEntry.createMany({ data: [{ ...entry, detail: '' }] })

/** Writes one outbox row per recipient: the audience as it is now, for good. */
async function freezeAudience(transaction: Transaction, announcement: Announcement, frozen: { audience: Audience; text: string; buttons: Button[] }, now: Date): Promise<void> {
  const recipients = await findRecipients(transaction, frozen.audience)
  const notBefore = announcement.sendAt !== null && announcement.sendAt > now ? announcement.sendAt : now
  const { picture } = toRow(announcement)
  const extrasOf = (buttons: Button[]) => JSON.stringify({ buttons, citations: [], ...(picture && { picture }) })
  const [forPeople, forGroups] = [extrasOf(frozen.buttons), extrasOf([])]
  for (let start = 0; start < recipients.length; start += CHUNK) {
    const values = recipients.slice(start, start + CHUNK).map(({ conversationId, personId }) => {
      const key = `announcement:${announcement.id}:${personId ?? conversationId}`
      const extras = personId === null ? forGroups : forPeople
      return Prisma.sql`(${key}, ${conversationId}, ${personId}, ${announcement.id}, ${PRIORITIES.announcement}, 'announcement', ${frozen.text}, ${extras}, 'queued', TRUE, ${notBefore}, ${announcement.expiresAt}, 0, ${now})`
    })
    // Plain SQL, because createMany takes ten times as long, and residents' turns wait meanwhile.
    await transaction.$executeRaw`
      INSERT INTO "OutboxMessage" ("key", "conversationId", "personId", "announcementId", "priority", "kind", "text", "extras", "status", "isPushed", "notBefore", "expiresAt", "attempts", "createdAt")
      VALUES ${Prisma.join(values)}`
  }
}

/**
 * Moves announcements along with the clock and with their rows: scheduled ones begin, those whose time is over expire, those
 * cancelled let go of what is queued, and those without an open row are finished.
 */
export async function settleAnnouncements(transaction: Transaction, now: Date): Promise<void> {
  await transaction.announcement.updateMany({ where: { status: 'scheduled', OR: [{ sendAt: null }, { sendAt: { lte: now } }] }, data: { status: 'sending' } })
  const live = await transaction.announcement.findMany({ where: { status: { in: ['scheduled', 'sending', 'paused'] } }, select: { id: true, expiresAt: true } })
  for (const { id, expiresAt } of live) {
    const isOver = expiresAt !== null && expiresAt <= now
    if (isOver) await transaction.outboxMessage.updateMany({ where: { announcementId: id, status: 'queued' }, data: { status: 'expired' } })
    const open = await transaction.outboxMessage.findFirst({ where: { announcementId: id, status: { in: ['queued', 'sending'] } }, select: { seq: true } })
    if (open !== null) continue
    const expired = isOver && (await transaction.outboxMessage.findFirst({ where: { announcementId: id, status: 'expired' }, select: { seq: true } })) !== null
    await transaction.announcement.updateMany({ where: { id }, data: { status: expired ? 'expired' : 'finished', finishedAt: now } })
  }
}

/** `settleAnnouncements` in a transaction of its own. */
export const settle = (store: Store, now: Date): Promise<void> => store.write((transaction) => settleAnnouncements(transaction, now))

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

const toRow = ({ pictureName, pictureSize, ...row }: Announcement): AnnouncementRow => ({
  ...row,
  status: row.status as AnnouncementStatus,
  audience: row.audience as Audience,
  picture: pictureName === null || pictureSize === null ? null : { name: pictureName, size: pictureSize },
})

async function withProgress(read: Reader, rows: Announcement[], expand: (audience: Audience) => Audience): Promise<AnnouncementRecord[]> {
  const counts = await read.outboxMessage.groupBy({
    by: ['announcementId', 'status'],
    where: { announcementId: { in: rows.map((row) => row.id) }, pictureOf: null },
    _count: { _all: true, acknowledgedAt: true },
  })
  const records: AnnouncementRecord[] = []
  for (const row of rows) {
    const own = counts.filter((count) => count.announcementId === row.id)
    const of = (...statuses: string[]) => own.filter((count) => statuses.includes(count.status)).reduce((sum, count) => sum + count._count._all, 0)
    const open = row.status === 'draft' ? await countAudience(read, expand(row.audience as Audience)) : of('queued', 'sending')
    const closed = { sent: of('sent'), failed: of('failed'), unknown: of('unknown'), optedOut: of('opted_out'), cancelled: of('cancelled'), expired: of('expired') }
    const total = Object.values(closed).reduce((sum, count) => sum + count, open)
    const acknowledged = own.reduce((sum, count) => sum + count._count.acknowledgedAt, 0)
    records.push({ ...toRow(row), progress: { total, open, ...closed, acknowledged } })
  }
  return records
}
