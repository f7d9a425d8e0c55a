import { randomUUID } from 'node:crypto'
import type { Button } from '../../domain/messages/messages.ts'
import type { PictureReference } from '../../domain/pictures/pictures.ts'
import { findRecipients, type Audience } from './announcement-audience.ts'
import { audienceOf, pictureOf, type AnnouncementRow, type AnnouncementStatus } from './announcement-records.ts'
import { Prisma, type Announcement } from '../generated/client.ts'
import { PRIORITIES } from '../outbox/outbox.ts'
import { addAudit } from '../staff/audit.ts'
import { tellStaff } from '../staff/staff-notices.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** What is written of an announcement, and changed of a draft. */
export interface WrittenAnnouncement {
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

export interface NewAnnouncement extends WrittenAnnouncement {
  /** Staff user. */
  by: string
  /** The announcement that this one brings to those who came after its approval. */
  supplements?: string
}

/** Rows of one recipient each are written in chunks of this many: below the limit of variables in one statement. */
const CHUNK = 500

/** Writes a draft; `by` must be a staff member who is not disabled. */
export function insertAnnouncement(store: Store, announcement: NewAnnouncement, now: Date): Promise<{ outcome: 'created'; id: string } | { outcome: 'unknown_staff' }> {
  return store.write((transaction) => insertAnnouncementIn(transaction, announcement, now))
}

/** `insertAnnouncement` in the caller's transaction. */
export async function insertAnnouncementIn(transaction: Transaction, announcement: NewAnnouncement, now: Date): Promise<{ outcome: 'created'; id: string } | { outcome: 'unknown_staff' }> {
  if ((await findStaff(transaction, announcement.by)) === null) return { outcome: 'unknown_staff' }
  const id = randomUUID()
  const { by, supplements = null, ...written } = announcement
  await transaction.announcement.createMany({ data: [{ id, by, supplements, ...columnsOf(written), status: 'draft', createdAt: now }] })
  await note(transaction, { id, by, action: 'create', note: supplements === null ? '' : '补发给后来的人', now })
  return { outcome: 'created', id }
}

const columnsOf = ({ picture, audience, ...columns }: WrittenAnnouncement) => ({ ...columns, audience: { ...audience }, pictureName: picture?.name ?? null, pictureSize: picture?.size ?? null })

/** A draft that brings an announcement, as it is, to those who came after its approval; at most one waits at a time. */
export function insertSupplement(store: Store, of: { id: string; by: string }, now: Date): Promise<{ outcome: 'created'; id: string } | { outcome: 'waiting'; id: string } | { outcome: 'not_found' } | { outcome: 'unknown_staff' } | { outcome: 'not_allowed'; from: AnnouncementStatus }> {
  return store.write(async (transaction) => {
    const found = await transaction.announcement.findUnique({ where: { id: of.id } })
    if (found === null) return { outcome: 'not_found' as const }
    const row = toRow(found, [])
    if (!maySupplement(row, now)) return { outcome: 'not_allowed' as const, from: row.status }
    const supplements = found.supplements ?? found.id
    const waiting = await transaction.announcement.findFirst({ where: { supplements, status: 'draft' }, select: { id: true } })
    if (waiting !== null) return { outcome: 'waiting' as const, id: waiting.id }
    const { title, text, audience, sendAt, expiresAt, isEmergency, linkUrl, pictureUrl, picture } = row
    const isAhead = sendAt !== null && sendAt > now
    return insertAnnouncementIn(transaction, { by: of.by, supplements, title, text, audience, sendAt: isAhead ? sendAt : null, expiresAt, isEmergency, linkUrl, pictureUrl, picture }, now)
  })
}

/** What may still be brought to more people. */
const SUPPLEMENTED: readonly AnnouncementStatus[] = ['scheduled', 'sending', 'paused', 'finished']
export const maySupplement = ({ status, expiresAt }: Pick<AnnouncementRow, 'status' | 'expiresAt'>, now: Date): boolean => SUPPLEMENTED.includes(status) && (expiresAt === null || expiresAt > now)

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
  /** When it is sent instead; null = as soon as it is approved. */
  sendAt?: Date | null
  /** What a draft says from now on; that it was returned is over with it. */
  draft?: WrittenAnnouncement
  /** The draft is given back to its author, who is told this. */
  returned?: { comment: string; tell: (returnedBy: string) => string }
  /** What its history says besides what was done. */
  note?: string
}

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
    const staff = await findStaff(transaction, change.by)
    if (staff === null) return { outcome: 'unknown_staff' as const }
    const changes = await transaction.announcementLine.findMany({ where: { announcementId: change.id, action: 'change' }, select: { by: true } })
    const decided = change.decide(toRow(announcement, changes.map(({ by }) => by)))
    if (!isAllowed(decided)) return decided
    await applyEffect(transaction, announcement, decided.effect, { ...change, staff })
    await settleAnnouncements(transaction, change.now)
    await note(transaction, { ...change, note: decided.effect.note ?? '' })
    return { outcome: 'changed' as const }
  })
}

const isAllowed = (decided: { outcome: string }): decided is { outcome: 'allowed'; effect: AnnouncementEffect } => decided.outcome === 'allowed'

async function applyEffect(transaction: Transaction, before: Announcement, effect: AnnouncementEffect, change: { by: string; now: Date; staff: StaffName }): Promise<void> {
  const { now } = change
  const { id } = before
  const own = { announcementId: id }
  const set = (data: Prisma.AnnouncementUpdateManyMutationInput) => transaction.announcement.updateMany({ where: { id }, data })
  if (effect.sendAt !== undefined) await set({ sendAt: effect.sendAt })
  if (effect.draft) await set({ ...columnsOf(effect.draft), version: { increment: 1 }, returnedAt: null, returnedBy: null, returnComment: null })
  if (effect.returned) await giveBack(transaction, before, effect.returned, change)
  if (effect.freeze) await freezeAudience(transaction, { ...before, ...(effect.sendAt !== undefined && { sendAt: effect.sendAt }) }, effect.freeze, now)
  if (effect.cancelsQueued) await transaction.outboxMessage.updateMany({ where: { ...own, status: 'queued' }, data: { status: 'cancelled' } })
  if (effect.requeuesFailed) await transaction.outboxMessage.updateMany({ where: { ...own, status: 'failed' }, data: { status: 'queued', attempts: 0, error: null, notBefore: now } })
  if (effect.isOrdinary) await set({ isEmergency: false })
  if (effect.perMinute !== undefined) await set({ perMinute: effect.perMinute })
  if (effect.status === undefined) return
  await set({ status: effect.status, finishedAt: effect.status === 'cancelled' ? now : null, ...(effect.freeze && { approvedBy: change.by, approvedAt: now }) })
}

/** The author is told on the page and in the chat that is bound to them. */
async function giveBack(transaction: Transaction, { id, by, version }: Announcement, { comment, tell }: { comment: string; tell: (returnedBy: string) => string }, { staff, now }: { staff: StaffName; now: Date }): Promise<void> {
  await transaction.announcement.updateMany({ where: { id }, data: { returnedAt: now, returnedBy: staff.user, returnComment: comment } })
  const author = await findStaff(transaction, by)
  if (author !== null) await tellStaff(transaction, { staffId: author.id, announcementId: id, key: `announcement:${id}:${version}`, text: tell(staff.name || staff.user) }, now)
}

type StaffName = { id: string; user: string; name: string }

const findStaff = (transaction: Transaction, user: string): Promise<StaffName | null> => transaction.staffMember.findFirst({ where: { user, disabledAt: null }, select: { id: true, user: true, name: true } })

/** A line of its history, and one of the log of the desk. */
async function note(transaction: Transaction, line: { id: string; by: string; action: string; note: string; now: Date }): Promise<void> {
  await transaction.announcementLine.createMany({ data: [{ announcementId: line.id, at: line.now, by: line.by, action: line.action, note: line.note }] })
  await addAudit(transaction, { at: line.now, actor: line.by, action: `announcement_${line.action}`, subject: line.id, detail: line.note })
}

const toRow = ({ pictureName, pictureSize, returnedAt, returnedBy: _by, returnComment: _comment, ...row }: Announcement, changedBy: readonly string[]): AnnouncementRow => ({
  ...row,
  status: row.status as AnnouncementStatus,
  audience: row.audience as Audience,
  picture: pictureOf({ pictureName, pictureSize }),
  isReturned: returnedAt !== null,
  writers: [row.by, ...changedBy],
})

/** Writes one outbox row per recipient: the audience as it is now, for good. */
async function freezeAudience(transaction: Transaction, announcement: Announcement, frozen: { audience: Audience; text: string; buttons: Button[] }, now: Date): Promise<void> {
  const { audience } = frozen
  const recipients = await findRecipients(transaction, audienceOf({ ...announcement, audience: { ...audience } }))
  const notBefore = announcement.sendAt !== null && announcement.sendAt > now ? announcement.sendAt : now
  const picture = pictureOf(announcement)
  const extrasOf = (buttons: Button[]) => JSON.stringify({ buttons, citations: [], ...(picture && { picture }) })
  const [forPeople, forGroups] = [extrasOf(frozen.buttons), extrasOf([])]
  for (let start = 0; start < recipients.length; start += CHUNK) {
    const values = recipients.slice(start, start + CHUNK).map(({ conversationId, personId }) => {
      // One key for it and for what brings it to those who came later: nobody gets it twice.
      const key = `announcement:${announcement.supplements ?? announcement.id}:${personId ?? conversationId}`
      const extras = personId === null ? forGroups : forPeople
      return Prisma.sql`(${key}, ${conversationId}, ${personId}, ${announcement.id}, ${PRIORITIES.announcement}, 'announcement', ${frozen.text}, ${extras}, 'queued', TRUE, ${notBefore}, ${announcement.expiresAt}, 0, ${now})`
    })
    // Plain SQL, because createMany takes ten times as long, and residents' turns wait meanwhile.
    await transaction.$executeRaw`
      INSERT INTO "OutboxMessage" ("key", "conversationId", "personId", "announcementId", "priority", "kind", "text", "extras", "status", "isPushed", "notBefore", "expiresAt", "attempts", "createdAt")
      VALUES ${Prisma.join(values)}
      ON CONFLICT ("key") DO NOTHING`
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

