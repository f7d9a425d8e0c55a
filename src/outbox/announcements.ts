import { expandAreas } from '../domain/areas.ts'
import type { PictureReference } from '../domain/pictures/pictures.ts'
import type { Area } from '../domain/services.ts'
import { LONGEST_TAG } from '../domain/tags.ts'
import { formatLocalLong } from '../domain/time.ts'
import { cleanTyped } from '../language/clean.ts'
import { removeCredentials } from '../language/links.ts'
import { cleanTag, isTag } from '../language/tags.ts'
import type { Audience } from '../store/announcements/announcement-audience.ts'
import { findAnnouncementRecord, listAnnouncementRecords, type AnnouncementRecord, type AnnouncementRow, type AnnouncementStatus } from '../store/announcements/announcement-records.ts'
import { changeAnnouncementRow, insertAnnouncement, type AnnouncementEffect, type WrittenAnnouncement } from '../store/announcements/announcements.ts'
import type { Page } from '../store/requests/requests.ts'
import type { Pictures } from '../store/pictures/pictures.ts'
import type { Store } from '../store/engine/store.ts'
import { PICTURE_GONE } from './announcement-picture.ts'

export interface AnnouncementServices {
  store: Store
  now: () => Date
  /** Lets the outbox know that rows are waiting. */
  wakeOutbox: () => void
  areas: readonly Area[]
  /** Where pictures are kept; absent where none are taken. */
  pictures?: Pictures
}

/** What is written of an announcement. */
export interface AnnouncementContent {
  title?: string
  text: string
  audience: Audience
  sendAt?: Date
  expiresAt?: Date
  isEmergency?: boolean
  /** Shown at the end of the text; http or https. */
  linkUrl?: string
  /** A picture that lies elsewhere: its address stands in the text. */
  pictureUrl?: string
  /** A picture that was taken before; it arrives as one where the platform can. */
  picture?: PictureReference
}

export interface AnnouncementDraft extends AnnouncementContent {
  /** A staff user. */
  by: string
}

/** `invalid`: `reason` is a Chinese sentence for staff. */
export type CreateAnnouncementResult = { outcome: 'created'; announcement: AnnouncementRecord } | { outcome: 'unknown_staff' } | { outcome: 'invalid'; reason: string }

export const ANNOUNCEMENT_ACTIONS = ['approve', 'pause', 'resume', 'cancel', 'retry'] as const
export type AnnouncementAction = (typeof ANNOUNCEMENT_ACTIONS)[number]

export type AnnouncementRefusal =
  /** `by` has written it, or changed it. */
  | { outcome: 'own_announcement' }
  | { outcome: 'not_allowed'; from: AnnouncementStatus }
  | { outcome: 'time_is_over' }
  /** Its author has it back. */
  | { outcome: 'is_returned' }
  /** It says something else than what was read. */
  | { outcome: 'changed_meanwhile' }
  /** It was to be sent at a time that has passed: whoever approves says when it is sent. */
  | { outcome: 'send_time_passed'; sendAt: Date }
  /** The time that whoever approves wants does not do; `reason` is a Chinese sentence. */
  | { outcome: 'wrong_time'; reason: string }
export type ChangeAnnouncementResult = { outcome: 'changed'; announcement: AnnouncementRecord } | { outcome: 'not_found' } | { outcome: 'unknown_staff' } | AnnouncementRefusal

/** Each action and the statuses in which it makes sense. */
const ALLOWED: Record<AnnouncementAction, readonly AnnouncementStatus[]> = {
  approve: ['draft'],
  pause: ['scheduled', 'sending'],
  resume: ['paused'],
  cancel: ['draft', 'scheduled', 'sending', 'paused'],
  retry: ['scheduled', 'sending', 'paused', 'finished'],
}

export const allowedActions = (status: AnnouncementStatus): AnnouncementAction[] => ANNOUNCEMENT_ACTIONS.filter((action) => ALLOWED[action].includes(status))

export const ANNOUNCEMENT_STATUS_NAMES: Record<AnnouncementStatus, string> = {
  draft: '待审核',
  scheduled: '已定时',
  sending: '发送中',
  paused: '已暂停',
  finished: '已发完',
  cancelled: '已取消',
  expired: '已过期',
}

/** Longest text of an announcement, in UTF-16 units: platforms with shorter messages send it in several. */
export const LONGEST_ANNOUNCEMENT = 4_000
export const LONGEST_TITLE = 100

/** Writes a draft. Nothing is sent before another staff member approves it. */
export async function createAnnouncement(services: AnnouncementServices, draft: AnnouncementDraft): Promise<CreateAnnouncementResult> {
  const read = await readContent(services, draft)
  if (read.outcome === 'invalid') return read
  const created = await insertAnnouncement(services.store, { by: draft.by, ...read.written }, services.now())
  if (created.outcome === 'unknown_staff') return created
  const announcement = await findAnnouncement(services, created.id)
  return announcement === null ? { outcome: 'invalid', reason: '公告刚刚被删掉了。' } : { outcome: 'created', announcement }
}

/** What was written, cleaned and checked. */
export async function readContent(services: AnnouncementServices, content: AnnouncementContent): Promise<{ outcome: 'read'; written: WrittenAnnouncement } | { outcome: 'invalid'; reason: string }> {
  const title = cleanTyped(content.title ?? '').trim()
  const text = cleanTyped(content.text).trim()
  const audience = cleanAudience(content.audience)
  const reason = findProblem({ ...content, title, text, audience }, services.now())
  if (reason !== null) return { outcome: 'invalid', reason }
  const picture = content.picture === undefined ? null : ((await services.pictures?.find(content.picture.name)) ?? null)
  if (content.picture !== undefined && picture === null) return { outcome: 'invalid', reason: PICTURE_GONE }
  const { sendAt = null, expiresAt = null, isEmergency = false, linkUrl = null, pictureUrl = null } = content
  return { outcome: 'read', written: { title, text, audience, sendAt, expiresAt, isEmergency, linkUrl, pictureUrl, picture } }
}

function findProblem(draft: AnnouncementContent & { title: string }, now: Date): string | null {
  if (draft.text === '') return '公告没有内容，请写上要告诉大家的话。'
  if (draft.text.length > LONGEST_ANNOUNCEMENT) return `公告太长了，最多 ${LONGEST_ANNOUNCEMENT} 个字。`
  if (draft.title.length > LONGEST_TITLE) return `标题太长了，最多 ${LONGEST_TITLE} 个字。`
  const start = draft.sendAt !== undefined && draft.sendAt > now ? draft.sendAt : now
  for (const url of [draft.linkUrl, draft.pictureUrl]) if (url !== undefined && !isWebAddress(url)) return '链接和图片要写成 https:// 开头的网址。'
  if ([draft.title, draft.text, draft.linkUrl ?? '', draft.pictureUrl ?? ''].some((part) => removeCredentials(part) !== part)) return '网址里带着用户名或密码。请去掉 // 和 @ 之间的那一段，再把 @ 去掉。'
  if (draft.expiresAt !== undefined && draft.expiresAt <= start) return '截止时间要晚于发送时间。'
  // Left out, it would no longer restrict anything: everybody would be reached.
  if (draft.audience.tags?.some((tag) => !isTag(tag))) return `“发给谁”里有一个标签不对。标签是 1 到 ${LONGEST_TAG} 个字的词。`
  return null
}

/** Tags as they are kept, each once. */
const cleanAudience = (audience: Audience): Audience => (audience.tags === undefined ? audience : { ...audience, tags: [...new Set(audience.tags.map(cleanTag))] })

const LONGEST_URL = 500
const isWebAddress = (url: string): boolean => url.length <= LONGEST_URL && !/[\s<>"]/.test(url) && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

/** Sets how many are sent a minute at most, also while it is being sent; null = as fast as the platforms allow. */
export async function setAnnouncementRate(services: AnnouncementServices, change: { id: string; perMinute: number | null; by: string }): Promise<ChangeAnnouncementResult> {
  const result = await changeAnnouncementRow<AnnouncementRefusal>(services.store, {
    id: change.id,
    by: change.by,
    action: 'rate',
    now: services.now(),
    decide: ({ status }) => (['draft', 'scheduled', 'sending', 'paused'].includes(status) ? { outcome: 'allowed', effect: { perMinute: change.perMinute } } : { outcome: 'not_allowed', from: status }),
  })
  if (result.outcome !== 'changed') return result
  services.wakeOutbox()
  const announcement = await findAnnouncement(services, change.id)
  return announcement === null ? { outcome: 'not_found' } : { outcome: 'changed', announcement }
}

export interface AnnouncementMove {
  id: string
  action: AnnouncementAction
  by: string
  /** Of an approval: an emergency is approved as an ordinary announcement, and keeps to quiet hours. */
  isOrdinary?: boolean
  /** Of an approval: when it is sent instead of at its time, which must be named anew once it has passed. */
  send?: 'now' | Date
  /** Of an approval: the version that was read. */
  ifVersion?: number
}

/**
 * Approves, pauses, resumes, cancels an announcement or tries its failed deliveries again, as the staff member `by`. The
 * second person's approval of an emergency is its second confirmation.
 */
export async function changeAnnouncement(services: AnnouncementServices, change: AnnouncementMove): Promise<ChangeAnnouncementResult> {
  const now = services.now()
  const { id, action, by } = change
  const result = await changeAnnouncementRow<AnnouncementRefusal>(services.store, { id, action, by, now, decide: (announcement) => decide(announcement, change, services.areas, now) })
  if (result.outcome !== 'changed') return result
  services.wakeOutbox()
  const announcement = await findAnnouncement(services, change.id)
  if (change.action === 'cancel' && announcement?.picture) await services.pictures?.forget(announcement.picture.name)
  return announcement === null ? { outcome: 'not_found' } : { outcome: 'changed', announcement }
}

type Decision = AnnouncementRefusal | { outcome: 'allowed'; effect: AnnouncementEffect }

function decide(announcement: AnnouncementRow, change: AnnouncementMove, areas: readonly Area[], now: Date): Decision {
  const { action } = change
  const from = announcement.status
  const allow = (effect: AnnouncementEffect) => ({ outcome: 'allowed', effect }) as const
  if (!ALLOWED[action].includes(from)) return { outcome: 'not_allowed', from }
  if (action === 'approve') return decideApproval(announcement, change, areas, now)
  if (isOver(announcement, now) && action !== 'cancel' && action !== 'pause') return { outcome: 'time_is_over' }
  const runs = runsAs(announcement.sendAt, now)
  switch (action) {
    case 'pause':
      return allow({ status: 'paused' })
    case 'resume':
      return allow({ status: runs })
    case 'cancel':
      return allow({ status: 'cancelled', cancelsQueued: true })
    case 'retry':
      return allow({ requeuesFailed: true, ...(from === 'finished' && { status: runs }) })
    default:
      return action satisfies never
  }
}

const isOver = ({ expiresAt }: Pick<AnnouncementRow, 'expiresAt'>, now: Date): boolean => expiresAt !== null && expiresAt <= now
const runsAs = (sendAt: Date | null, now: Date): 'scheduled' | 'sending' => (sendAt !== null && sendAt > now ? 'scheduled' : 'sending')

function decideApproval(announcement: AnnouncementRow, { by, isOrdinary, send, ifVersion }: AnnouncementMove, areas: readonly Area[], now: Date): Decision {
  if (announcement.writers.includes(by)) return { outcome: 'own_announcement' }
  if (ifVersion !== undefined && ifVersion !== announcement.version) return { outcome: 'changed_meanwhile' }
  if (announcement.isReturned) return { outcome: 'is_returned' }
  if (isOver(announcement, now)) return { outcome: 'time_is_over' }
  if (send === undefined && hasTimePassed(announcement, now)) return { outcome: 'send_time_passed', sendAt: announcement.sendAt }
  if (send instanceof Date && send <= now) return { outcome: 'wrong_time', reason: '发送时间要晚于现在。' }
  if (send instanceof Date && announcement.expiresAt !== null && send >= announcement.expiresAt) return { outcome: 'wrong_time', reason: '发送时间要早于截止时间。' }
  const sendAt = send === undefined ? announcement.sendAt : send === 'now' ? null : send
  const freeze = { audience: expandAreas(announcement.audience, areas), text: fullText(announcement), buttons: [{ label: '收到', text: '收到' }] }
  const note = send === undefined ? {} : { note: send === 'now' ? '改为马上发' : `改到 ${formatLocalLong(send)} 发` }
  return { outcome: 'allowed', effect: { status: runsAs(sendAt, now), sendAt, freeze, ...note, ...(isOrdinary === true && { isOrdinary }) } }
}

/** Whether the time at which it was to be sent has passed; one that was past when it was written meant at once. */
export const hasTimePassed = <T extends Pick<AnnouncementRow, 'sendAt' | 'createdAt'>>(announcement: T, now: Date): announcement is T & { sendAt: Date } =>
  announcement.sendAt !== null && announcement.sendAt <= now && announcement.sendAt > announcement.createdAt

/** What recipients read. */
export const fullText = ({ title, text, linkUrl, pictureUrl }: Pick<AnnouncementRow, 'title' | 'text' | 'linkUrl' | 'pictureUrl'>): string =>
  [title === '' ? '' : `【${title}】`, text, pictureUrl === null ? '' : `图片：${pictureUrl}`, linkUrl === null ? '' : `详情：${linkUrl}`].filter((line) => line !== '').join('\n')

type Reading = Pick<AnnouncementServices, 'store' | 'areas'>

/** One announcement with its counts; null when there is none. */
export const findAnnouncement = (services: Reading, id: string): Promise<AnnouncementRecord | null> =>
  findAnnouncementRecord(services.store, id, (audience) => expandAreas(audience, services.areas))

/** Announcements newest first, drafts included. */
export const listAnnouncements = (services: Reading, page: { limit: number; cursor?: string }): Promise<Page<AnnouncementRecord> | null> =>
  listAnnouncementRecords(services.store, page, (audience) => expandAreas(audience, services.areas))

/** What staff read when a change was refused. */
export function explainRefusal(result: Exclude<ChangeAnnouncementResult, { outcome: 'changed' }>): string {
  switch (result.outcome) {
    case 'not_found':
      return '没有这条公告，请核对编号。'
    case 'unknown_staff':
      return '没有这位工作人员，请核对用户名。'
    case 'own_announcement':
      return '自己写的公告要由另一位同事审核。改过的也一样。'
    case 'not_allowed':
      return `公告现在是“${ANNOUNCEMENT_STATUS_NAMES[result.from]}”，不能这样做。`
    case 'time_is_over':
      return '公告的截止时间已过，请另写一条。'
    case 'is_returned':
      return '这条已经退回修改，等改好以后再审核。'
    case 'changed_meanwhile':
      return '这条刚刚被改过。请看过现在的内容再办。'
    case 'send_time_passed':
      return `原定 ${formatLocalLong(result.sendAt)} 发，这个时间已经过了。请定什么时候发：现在就发，换一个时间，或者退回去改。`
    case 'wrong_time':
      return result.reason
    default:
      return result satisfies never
  }
}

/** `2026-11-23 15:04`, or 审核后马上发. */
export const describeSendTime = (record: Pick<AnnouncementRecord, 'sendAt'>): string => (record.sendAt === null ? '审核后马上发' : formatLocalLong(record.sendAt))
