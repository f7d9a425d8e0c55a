import { isDeepStrictEqual } from 'node:util'
import { cleanTyped } from '../language/clean.ts'
import { changeAnnouncementRow, insertSupplement, type WrittenAnnouncement } from '../store/announcements/announcements.ts'
import type { AnnouncementRecord, AnnouncementRow, AnnouncementStatus } from '../store/announcements/announcement-records.ts'
import { findAnnouncement, readContent, type AnnouncementContent, type AnnouncementRefusal, type AnnouncementServices, type ChangeAnnouncementResult } from './announcements.ts'

export type ChangeDraftResult = ChangeAnnouncementResult | { outcome: 'invalid'; reason: string }

/**
 * Changes a draft. Whoever may write announcements may; whoever has changed it does not approve it. That it was returned is over
 * with that, changed or not. `ifVersion`: the version that was read.
 */
export async function changeDraft(services: AnnouncementServices, change: { id: string; by: string; ifVersion?: number; content: AnnouncementContent }): Promise<ChangeDraftResult> {
  const read = await readContent(services, change.content)
  if (read.outcome === 'invalid') return read
  const { written } = read
  let before: AnnouncementRow | undefined
  const result = await changeAnnouncementRow<AnnouncementRefusal>(services.store, {
    id: change.id,
    by: change.by,
    action: 'change',
    now: services.now(),
    decide: (draft) => {
      before = draft
      if (draft.status !== 'draft') return { outcome: 'not_allowed', from: draft.status }
      if (change.ifVersion !== undefined && change.ifVersion !== draft.version) return { outcome: 'changed_meanwhile' }
      return { outcome: 'allowed', effect: { draft: written, note: describeChanges(draft, written) } }
    },
  })
  if (result.outcome !== 'changed') return result
  if (before?.picture && before.picture.name !== written.picture?.name) await services.pictures?.forget(before.picture.name)
  return answerWith(services, change.id)
}

const PARTS: readonly [string, (announcement: WrittenAnnouncement) => unknown][] = [
  ['标题', ({ title }) => title],
  ['内容', ({ text }) => text],
  ['发给谁', ({ audience }) => audience],
  ['什么时候发', ({ sendAt }) => sendAt],
  ['过期时间', ({ expiresAt }) => expiresAt],
  ['紧急', ({ isEmergency }) => isEmergency],
  ['链接', ({ linkUrl, pictureUrl }) => [linkUrl, pictureUrl]],
  ['图片', ({ picture }) => picture?.name],
]

/** What of a draft was changed, for its history. */
function describeChanges(before: WrittenAnnouncement, after: WrittenAnnouncement): string {
  const changed = PARTS.filter(([, read]) => !isDeepStrictEqual(read(before), read(after))).map(([name]) => name)
  return changed.length === 0 ? '没有改，请再审核' : `改了${changed.join('、')}`
}

export const LONGEST_RETURN_COMMENT = 500

/** `empty`: without a reason nobody knows what to change. */
export type ReturnDraftResult = ChangeAnnouncementResult | { outcome: 'empty' }

/** Gives a draft back to its author with a comment, as another staff member; the author is told on the page and in chat. */
export async function returnDraft(services: AnnouncementServices, { id, by, comment: said, ifVersion }: { id: string; by: string; comment: string; ifVersion?: number }): Promise<ReturnDraftResult> {
  const comment = cleanTyped(said, { longest: LONGEST_RETURN_COMMENT }).trim()
  if (comment === '') return { outcome: 'empty' }
  const result = await changeAnnouncementRow<AnnouncementRefusal>(services.store, {
    id,
    by,
    action: 'return',
    now: services.now(),
    decide: (draft) => {
      if (draft.status !== 'draft') return { outcome: 'not_allowed', from: draft.status }
      if (draft.by === by) return { outcome: 'own_announcement' }
      if (ifVersion !== undefined && ifVersion !== draft.version) return { outcome: 'changed_meanwhile' }
      if (draft.isReturned) return { outcome: 'is_returned' }
      return { outcome: 'allowed', effect: { note: comment, returned: { comment, tell: (returnedBy) => tellReturned(draft, returnedBy, comment) } } }
    },
  })
  if (result.outcome !== 'changed') return result
  services.wakeOutbox()
  return answerWith(services, id)
}

const LONGEST_NAMED = 20

/** What the author reads, on the page and in chat. */
function tellReturned({ title, text }: Pick<AnnouncementRow, 'title' | 'text'>, returnedBy: string, comment: string): string {
  const named = Array.from((title || text).replaceAll(/\s+/g, ' '))
  return `${returnedBy}把您写的公告“${named.slice(0, LONGEST_NAMED).join('')}${named.length > LONGEST_NAMED ? '…' : ''}”退回了：${comment}\n请在工作台的“公告”里改好，再请同事审核。`
}

/** `waiting`: a draft for those who came later waits for approval already. */
export type SupplementResult = { outcome: 'created'; id: string } | { outcome: 'waiting'; id: string } | { outcome: 'not_found' } | { outcome: 'unknown_staff' } | { outcome: 'not_allowed'; from: AnnouncementStatus }

/** Writes a draft that brings an approved announcement to those who came since. Like every draft it is approved by another staff member; nobody gets it twice. */
export const supplementAnnouncement = (services: AnnouncementServices, of: { id: string; by: string }): Promise<SupplementResult> => insertSupplement(services.store, of, services.now())

async function answerWith(services: AnnouncementServices, id: string): Promise<{ outcome: 'changed'; announcement: AnnouncementRecord } | { outcome: 'not_found' }> {
  const announcement = await findAnnouncement(services, id)
  return announcement === null ? { outcome: 'not_found' } : { outcome: 'changed', announcement }
}
