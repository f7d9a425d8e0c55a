import { expandAreas } from '../domain/areas.ts'
import { picturePath, type PictureReference } from '../domain/pictures/pictures.ts'
import type { Area } from '../domain/services.ts'
import { LONGEST_TAG } from '../domain/tags.ts'
import { formatLocalLong } from '../domain/time.ts'
import { cleanTyped } from '../language/clean.ts'
import { removeCredentials } from '../language/links.ts'
import { cleanTag, isTag } from '../language/tags.ts'
import type { Audience } from '../store/announcements/announcement-audience.ts'
import {
  changeAnnouncementRow,
  findAnnouncementRecord,
  insertAnnouncement,
  listAnnouncementRecords,
  type AnnouncementEffect,
  type AnnouncementRecord,
  type AnnouncementRow,
  type AnnouncementStatus,
} from '../store/announcements/announcements.ts'
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

export interface AnnouncementDraft {
  /** A staff user. */
  by: string
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

/** `invalid`: `reason` is a Chinese sentence for staff. */
export type CreateAnnouncementResult = { outcome: 'created'; announcement: AnnouncementRecord } | { outcome: 'unknown_staff' } | { outcome: 'invalid'; reason: string }

export const ANNOUNCEMENT_ACTIONS = ['approve', 'pause', 'resume', 'cancel', 'retry'] as const
export type AnnouncementAction = (typeof ANNOUNCEMENT_ACTIONS)[number]

type Refusal = { outcome: 'own_announcement' } | { outcome: 'not_allowed'; from: AnnouncementStatus } | { outcome: 'time_is_over' }
export type ChangeAnnouncementResult = { outcome: 'changed'; announcement: AnnouncementRecord } | { outcome: 'not_found' } | { outcome: 'unknown_staff' } | Refusal

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
  const title = cleanTyped(draft.title ?? '').trim()
  const text = cleanTyped(draft.text).trim()
  const now = services.now()
  const audience = cleanAudience(draft.audience)
  const reason = findProblem({ ...draft, title, text, audience }, now)
  if (reason !== null) return { outcome: 'invalid', reason }
  const picture = draft.picture === undefined ? null : ((await services.pictures?.find(draft.picture.name)) ?? null)
  if (draft.picture !== undefined && picture === null) return { outcome: 'invalid', reason: PICTURE_GONE }
  const created = await insertAnnouncement(
    services.store,
    { by: draft.by, title, text, audience, sendAt: draft.sendAt ?? null, expiresAt: draft.expiresAt ?? null, isEmergency: draft.isEmergency ?? false, linkUrl: draft.linkUrl ?? null, pictureUrl: draft.pictureUrl ?? null, picture },
    now,
  )
  if (created.outcome === 'unknown_staff') return created
  const announcement = await findAnnouncement(services, created.id)
  return announcement === null ? { outcome: 'invalid', reason: '公告刚刚被删掉了。' } : { outcome: 'created', announcement }
}

function findProblem(draft: AnnouncementDraft & { title: string }, now: Date): string | null {
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
  const result = await changeAnnouncementRow<Refusal>(services.store, {
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

/**
 * Approves, pauses, resumes, cancels an announcement or tries its failed deliveries again, as the staff member `by`. The
 * second person's approval of an emergency is its second confirmation; with `isOrdinary` they approve it without that, and it
 * keeps to quiet hours.
 */
export async function changeAnnouncement(services: AnnouncementServices, change: { id: string; action: AnnouncementAction; by: string; isOrdinary?: boolean }): Promise<ChangeAnnouncementResult> {
  const now = services.now()
  const result = await changeAnnouncementRow<Refusal>(services.store, { ...change, now, decide: (announcement) => decide(announcement, change, services.areas, now) })
  if (result.outcome !== 'changed') return result
  services.wakeOutbox()
  const announcement = await findAnnouncement(services, change.id)
  if (change.action === 'cancel' && announcement?.picture) await services.pictures?.forget(announcement.picture.name)
  return announcement === null ? { outcome: 'not_found' } : { outcome: 'changed', announcement }
}

function decide(announcement: AnnouncementRow, { action, by, isOrdinary }: { action: AnnouncementAction; by: string; isOrdinary?: boolean }, areas: readonly Area[], now: Date): Refusal | { outcome: 'allowed'; effect: AnnouncementEffect } {
  const from = announcement.status
  const allow = (effect: AnnouncementEffect) => ({ outcome: 'allowed', effect }) as const
  if (!ALLOWED[action].includes(from)) return { outcome: 'not_allowed', from }
  if (action === 'approve' && announcement.by === by) return { outcome: 'own_announcement' }
  const isOver = announcement.expiresAt !== null && announcement.expiresAt <= now
  if (isOver && action !== 'cancel' && action !== 'pause') return { outcome: 'time_is_over' }
  const runs = announcement.sendAt !== null && announcement.sendAt > now ? 'scheduled' : 'sending'
  switch (action) {
    case 'approve':
      return allow({ status: runs, freeze: { audience: expandAreas(announcement.audience, areas), text: fullText(announcement), buttons: [{ label: '收到', text: '收到' }] }, ...(isOrdinary === true && { isOrdinary }) })
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

/** The announcement as other programs read it (HTTP, command line, export). */
export function toAnnouncementView(record: AnnouncementRecord) {
  const { progress } = record
  return {
    id: record.id,
    title: record.title,
    text: record.text,
    status: record.status,
    audience: record.audience,
    at: record.sendAt?.toISOString() ?? null,
    expires_at: record.expiresAt?.toISOString() ?? null,
    emergency: record.isEmergency,
    by: record.by,
    approved_by: record.approvedBy,
    total: progress.total,
    open: progress.open,
    sent: progress.sent,
    failed: progress.failed,
    unknown: progress.unknown,
    opted_out: progress.optedOut,
    cancelled: progress.cancelled,
    expired: progress.expired,
    acknowledged: progress.acknowledged,
    created_at: record.createdAt.toISOString(),
    ...(record.linkUrl !== null && { link_url: record.linkUrl }),
    ...(record.pictureUrl !== null && { picture_url: record.pictureUrl }),
    ...(record.picture && { picture: picturePath(record.picture.name) }),
  }
}

export type AnnouncementView = ReturnType<typeof toAnnouncementView>

/** What staff read when a change was refused. */
export function explainRefusal(result: Exclude<ChangeAnnouncementResult, { outcome: 'changed' }>): string {
  switch (result.outcome) {
    case 'not_found':
      return '没有这条公告，请核对编号。'
    case 'unknown_staff':
      return '没有这位工作人员，请核对用户名。'
    case 'own_announcement':
      return '自己写的公告要由另一位同事审核。'
    case 'not_allowed':
      return `公告现在是“${ANNOUNCEMENT_STATUS_NAMES[result.from]}”，不能这样做。`
    case 'time_is_over':
      return '公告的截止时间已过，请另写一条。'
    default:
      return result satisfies never
  }
}

/** What staff read of a delivery that did not arrive; '' when there is nothing to say. */
export function explainDeliveryError(error: string | null): string {
  if (error === null || error === '') return ''
  const [, kind, reason] = /^(\w+): (.*)$/s.exec(error) ?? []
  const because = reason === undefined || reason === '' ? '' : `（${reason}）`
  if (kind === 'recipient_gone') return `对方退出了、拉黑了或者注销了，收不到${because}`
  if (kind === 'unknown') return `发出后没有回音，可能收到了，也可能没有${because}`
  if (kind === 'gave_up') return `试了很多次都没发出去${because}`
  if (kind === 'rejected') return `平台不收这条消息${because}`
  if (kind === 'unbound') return '这个群还没有绑定，请先在群里绑定'
  if (kind === 'window') return '平台只让在对方说话以后的一段时间里发，等对方下次说话再发'
  if (kind === 'retry') return `暂时没发出去，会再试${because}`
  return error
}

/** `2026-11-23 15:04`, or 审核后马上发. */
export const describeSendTime = (record: Pick<AnnouncementRecord, 'sendAt'>): string => (record.sendAt === null ? '审核后马上发' : formatLocalLong(record.sendAt))
