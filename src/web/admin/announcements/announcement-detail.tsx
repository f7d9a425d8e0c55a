import { formatLocalLong } from '../../../domain/time.ts'
import { areaName } from '../../../forms/areas.ts'
import { ANNOUNCEMENT_STATUS_NAMES, describeSendTime, fullText } from '../../../outbox/announcements.ts'
import { maySupplement } from '../../../store/announcements/announcements.ts'
import type { Audience } from '../../../store/announcements/announcement-audience.ts'
import { listAnnouncementLines, type AnnouncementLineView, type AnnouncementRecord, type AnnouncementStatus } from '../../../store/announcements/announcement-records.ts'
import { countPicturesInDoubt } from '../../../store/announcements/announcement-receipts.ts'
import { listDeliveries } from '../../../store/outbox/deliveries.ts'
import { Actions, Returned } from './announcement-approval.tsx'
import { Frozen, Latecomers, readLatecomers } from './announcement-latecomers.tsx'
import { Picture } from './announcement-picture.tsx'
import { Deliveries, Tools } from './announcement-receipts.tsx'
import { renderPage } from '../parts/layout.tsx'
import type { AdminContext, AdminServices } from '../parts/options.ts'
import { Fact, Tag, Time } from '../parts/parts.tsx'
import { AUDIENCE_ROLE_NAMES, channelName } from '../parts/words.ts'

const TONES = { draft: 'new', scheduled: 'busy', sending: 'busy', paused: 'wait', finished: 'done', cancelled: 'off', expired: 'off' } as const satisfies Record<AnnouncementStatus, string>
const StatusTag = ({ status }: { status: AnnouncementStatus }) => <Tag tone={TONES[status]}>{ANNOUNCEMENT_STATUS_NAMES[status]}</Tag>

/** What it is; a draft that was given back says so. */
export const StateTag = ({ announcement }: { announcement: AnnouncementRecord }) => (announcement.returned === null ? <StatusTag status={announcement.status} /> : <Tag tone="wait">退回修改</Tag>)

function describeAudience(audience: Audience, options: AdminServices): string {
  const parts = [
    audience.roles?.length ? audience.roles.map((role) => AUDIENCE_ROLE_NAMES[role]).join('、') : audience.tags?.length || audience.skills?.length || audience.rooms?.length || audience.unacknowledgedOf !== undefined ? '' : '所有订阅的居民',
    audience.areas?.length ? audience.areas.map((code) => areaName(code, options.areas)).join('、') : '',
    audience.tags?.length ? `有标签${audience.tags.map((tag) => `“${tag}”`).join('或')}的` : '',
    audience.skills?.length ? `会${audience.skills.join('、')}的志愿者` : '',
    audience.rooms?.length ? `选好的 ${audience.rooms.length} 个群` : '',
    audience.unacknowledgedOf === undefined ? '' : '还没回“收到”的',
    audience.channels?.length ? `只发${audience.channels.map(channelName).join('、')}` : '',
  ]
  return parts.filter(Boolean).join('；')
}

export const isMoving = (status: AnnouncementStatus): boolean => status === 'scheduled' || status === 'sending'

export const Progress = ({ announcement }: { announcement: AnnouncementRecord }) => {
  const { progress, status, id } = announcement
  const done = progress.total - progress.open
  const figures = [
    { name: '已送到', value: progress.sent },
    { name: '回了“收到”', value: progress.acknowledged },
    { name: '还没发', value: progress.open },
    { name: '没发出去', value: progress.failed },
    { name: '不确定', value: progress.unknown },
    { name: '不收通知', value: progress.optedOut },
    { name: '取消', value: progress.cancelled },
    { name: '过期', value: progress.expired },
  ]
  const live = isMoving(status) ? { 'hx-get': `/admin/announcements/${id}/progress`, 'hx-trigger': 'every 3s', 'hx-swap': 'outerHTML' } : {}
  return (
    <div id="progress" {...live}>
      <p class="progress-line">
        <StateTag announcement={announcement} />{' '}
        {status === 'draft' ? `审核后会发给 ${progress.total} 个人或群` : `${progress.total} 个里发了 ${done} 个`}
      </p>
      {status === 'draft' ? null : (
        <>
          <progress max={Math.max(1, progress.total)} value={done} aria-label="发送进度">
            {done}/{progress.total}
          </progress>
          <dl class="mini">
            {figures
              .filter((figure, index) => index < 3 || figure.value > 0)
              .map((figure) => (
                <div>
                  <dt>{figure.name}</dt>
                  <dd>{figure.value}</dd>
                </div>
              ))}
          </dl>
        </>
      )}
    </div>
  )
}

const LINE_NAMES: Record<string, string> = { create: '写了这条', change: '修改', return: '退回', approve: '审核通过', pause: '暂停', resume: '继续发', cancel: '取消', retry: '没发成功的再发', rate: '改速度' }

/** What was done to it, the latest first. */
const History = ({ lines, now }: { lines: AnnouncementLineView[]; now: Date }) =>
  lines.length === 0 ? null : (
    <details open={lines.length > 1}>
      <summary>经过</summary>
      <ol class="history">
        {lines.toReversed().map((line) => (
          <li>
            <p>
              <span>{line.byName}</span> <span>{LINE_NAMES[line.action] ?? line.action}</span> <Time at={line.at} now={now} />
            </p>
            {line.note === '' ? null : <p class="typed said">{line.note}</p>}
          </li>
        ))}
      </ol>
    </details>
  )

export async function renderDetail(c: AdminContext, options: AdminServices, announcement: AnnouncementRecord, problem?: string): Promise<Response> {
  const { csrfToken, staff } = c.get('session')
  const now = options.now()
  const [failed, unknown] = await Promise.all((['failed', 'unknown'] as const).map((status) => listDeliveries(options.store, announcement.id, { status, limit: 50 })))
  const lines = await listAnnouncementLines(options.store, announcement.id)
  const later = maySupplement(announcement, now) ? await readLatecomers(options, announcement) : null
  const picturesInDoubt = announcement.picture === null ? 0 : await countPicturesInDoubt(options.store, announcement.id)
  return renderPage(
    c,
    options,
    { title: '公告', section: '/admin/announcements', ...(problem !== undefined && { problem, status: 409 as const }) },
    <>
      <p class="crumb">
        <a href="/admin/announcements">公告</a>
      </p>
      <header class="head">
        <h1>{announcement.title || '公告'}</h1>
        <p class="tags">
          <StateTag announcement={announcement} />
          {announcement.isEmergency ? <Tag tone="alarm">紧急</Tag> : null}
        </p>
      </header>
      <div class="columns">
        <section class="card" aria-labelledby="s-text">
          <h2 id="s-text">居民会看到</h2>
          <blockquote class="typed bubble">
            {fullText(announcement)}
          </blockquote>
          {announcement.picture ? <Picture picture={announcement.picture} /> : null}
          {picturesInDoubt > 0 ? <p class="notice">有 {picturesInDoubt} 个人或群的图片没发出去，或者不确定发到没有。文字照常发。</p> : null}
          <dl class="facts">
            <Fact name="发给谁">{`${describeAudience(announcement.audience, options)}${announcement.supplements === null ? '' : '；只发给原来那条定名单以后才来的'}`}</Fact>
            <Fact name="什么时候发">{describeSendTime(announcement)}</Fact>
            <Fact name="过期时间">{announcement.expiresAt ? formatLocalLong(announcement.expiresAt) : null}</Fact>
            <Fact name="补发">{announcement.supplements === null ? null : <a href={`/admin/announcements/${announcement.supplements}`}>原来那条</a>}</Fact>
            <Fact name="谁写的">{`${announcement.byName}，${formatLocalLong(announcement.createdAt)}`}</Fact>
            <Fact name="谁审核的">{announcement.approvedByName === null ? null : `${announcement.approvedByName}${announcement.approvedAt ? `，${formatLocalLong(announcement.approvedAt)}` : ''}`}</Fact>
          </dl>
          <History lines={lines} now={now} />
        </section>
        <section class="card stack" aria-labelledby="s-progress">
          <h2 id="s-progress">进度</h2>
          <Progress announcement={announcement} />
          <Returned announcement={announcement} />
          <Frozen announcement={announcement} />
          <Latecomers id={announcement.id} later={later} csrf={csrfToken} />
          <Actions announcement={announcement} writers={[announcement.by, ...lines.filter(({ action }) => action === 'change').map(({ by }) => by)]} csrf={csrfToken} user={staff.user} now={now} />
          <Tools announcement={announcement} csrf={csrfToken} />
          <Deliveries title="没发出去的" deliveries={failed?.items ?? []} csrf={csrfToken} />
          <Deliveries title="不确定送到没有的" deliveries={unknown?.items ?? []} unknownOf={announcement.id} csrf={csrfToken} />
        </section>
      </div>
    </>,
  )
}
