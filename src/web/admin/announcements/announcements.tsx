import type { Hono } from 'hono'
import { formatLocalLong } from '../../../domain/time.ts'
import { areaName } from '../../../forms/areas.ts'
import {
  allowedActions,
  ANNOUNCEMENT_ACTIONS,
  ANNOUNCEMENT_STATUS_NAMES,
  changeAnnouncement,
  describeSendTime,
  explainRefusal,
  findAnnouncement,
  fullText,
  listAnnouncements,
  type AnnouncementAction,
} from '../../../outbox/announcements.ts'
import type { Audience } from '../../../store/announcements/announcement-audience.ts'
import type { AnnouncementRecord, AnnouncementStatus } from '../../../store/announcements/announcement-records.ts'
import { countPicturesInDoubt } from '../../../store/announcements/announcement-receipts.ts'
import { listDeliveries } from '../../../store/outbox/deliveries.ts'
import { Picture } from './announcement-picture.tsx'
import { addAnnouncementReceipts, Deliveries, Tools } from './announcement-receipts.tsx'
import { shorten } from '../parts/format.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage, renderPart } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Empty, Fact, Tag, Time, Token } from '../parts/parts.tsx'
import { AUDIENCE_ROLE_NAMES, channelName } from '../parts/words.ts'

const TONES = { draft: 'new', scheduled: 'busy', sending: 'busy', paused: 'wait', finished: 'done', cancelled: 'off', expired: 'off' } as const satisfies Record<AnnouncementStatus, string>
const VERBS: Record<AnnouncementAction, string> = { approve: '审核通过', pause: '先暂停', resume: '继续发', cancel: '取消这条公告', retry: '没发成功的再发一次' }
const isAction = (value: string): value is AnnouncementAction => (ANNOUNCEMENT_ACTIONS as readonly string[]).includes(value)

const StatusTag = ({ status }: { status: AnnouncementStatus }) => <Tag tone={TONES[status]}>{ANNOUNCEMENT_STATUS_NAMES[status]}</Tag>

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

const isMoving = (status: AnnouncementStatus): boolean => status === 'scheduled' || status === 'sending'

const Progress = ({ announcement }: { announcement: AnnouncementRecord }) => {
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
        <StatusTag status={status} />{' '}
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

const Actions = ({ announcement, csrf, user }: { announcement: AnnouncementRecord; csrf: string; user: string }) => {
  const isOwn = announcement.by === user
  const actions = allowedActions(announcement.status)
  const hasFailed = announcement.progress.failed > 0
  const buttons = actions.filter((action) => action !== 'approve' && (action !== 'retry' || hasFailed))
  return (
    <>
      {actions.includes('approve') && isOwn ? <p class="notice">这条是您自己写的，要请另一位同事来审核。这样不会发错。</p> : null}
      {actions.includes('approve') && !isOwn ? (
        <form class="stack" method="post" action={`/admin/announcements/${announcement.id}/approve`}>
          <Token csrf={csrf} />
          <p>请看清楚内容和“发给谁”。发出去的收不回来。</p>
          {announcement.isEmergency ? (
            <label class="check strong">
              <input type="checkbox" name="confirmed" value="yes" required />
              <span>我确认这是紧急公告，夜里也要马上发</span>
            </label>
          ) : null}
          <button type="submit" class="primary">
            {VERBS.approve}
          </button>
        </form>
      ) : null}
      <div class="buttons">
        {buttons.map((action) => (
          <form method="post" action={`/admin/announcements/${announcement.id}/${action}`}>
            <Token csrf={csrf} />
            <button type="submit">{VERBS[action]}</button>
          </form>
        ))}
        <a class="button" href={`/admin/announcements/new?from=${announcement.id}`}>
          照着再写一条
        </a>
      </div>
    </>
  )
}

async function renderDetail(c: AdminContext, options: AdminServices, announcement: AnnouncementRecord, problem?: string): Promise<Response> {
  const { csrfToken, staff } = c.get('session')
  const [failed, unknown] = await Promise.all((['failed', 'unknown'] as const).map((status) => listDeliveries(options.store, announcement.id, { status, limit: 50 })))
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
          <StatusTag status={announcement.status} />
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
            <Fact name="发给谁">{describeAudience(announcement.audience, options)}</Fact>
            <Fact name="什么时候发">{describeSendTime(announcement)}</Fact>
            <Fact name="过期时间">{announcement.expiresAt ? formatLocalLong(announcement.expiresAt) : null}</Fact>
            <Fact name="谁写的">{`${announcement.by}，${formatLocalLong(announcement.createdAt)}`}</Fact>
            <Fact name="谁审核的">{announcement.approvedBy === null ? null : `${announcement.approvedBy}${announcement.approvedAt ? `，${formatLocalLong(announcement.approvedAt)}` : ''}`}</Fact>
          </dl>
        </section>
        <section class="card stack" aria-labelledby="s-progress">
          <h2 id="s-progress">进度</h2>
          <Progress announcement={announcement} />
          <Actions announcement={announcement} csrf={csrfToken} user={staff.user} />
          <Tools announcement={announcement} csrf={csrfToken} />
          <Deliveries title="没发出去的" deliveries={failed?.items ?? []} csrf={csrfToken} />
          <Deliveries title="不确定送到没有的" deliveries={unknown?.items ?? []} unknownOf={announcement.id} csrf={csrfToken} />
        </section>
      </div>
    </>,
  )
}

async function renderList(c: AdminContext, options: AdminServices): Promise<Response> {
  const cursor = c.req.query('cursor')
  // What is asked for from an announcement that is none any more begins at the newest.
  const page = (await listAnnouncements(options, { limit: 20, ...(cursor !== undefined && { cursor }) })) ?? (await listAnnouncements(options, { limit: 20 })) ?? { items: [], nextCursor: null }
  const now = options.now()
  return renderPage(
    c,
    options,
    { title: '公告', section: '/admin/announcements' },
    <>
      <header class="head">
        <h1>公告</h1>
        <a class="button primary" href="/admin/announcements/new">
          写一条公告
        </a>
      </header>
      <p class="lead">一位同事写，另一位同事审核，然后才发。每个人只收到一次。</p>
      {page.items.length === 0 ? (
        <Empty>还没有公告。</Empty>
      ) : (
        <ul class="rows card">
          {page.items.map((announcement) => (
            <li class={announcement.isEmergency ? 'row urgent' : 'row'}>
              <div class="row-main">
                <a class="row-title" href={`/admin/announcements/${announcement.id}`}>
                  {announcement.title || '（没有标题）'}
                  <span>{shorten(announcement.text, 60)}</span>
                </a>
                <p class="row-facts">
                  <span>{announcement.by} 写的</span>
                  <Time at={announcement.createdAt} now={now} />
                  <span>
                    {announcement.status === 'draft' ? `会发给 ${announcement.progress.total} 个` : `送到 ${announcement.progress.sent} / ${announcement.progress.total}`}
                  </span>
                  {announcement.progress.failed + announcement.progress.unknown > 0 ? <span class="bad">{announcement.progress.failed + announcement.progress.unknown} 个没成功</span> : null}
                </p>
              </div>
              <div class="row-side">
                <StatusTag status={announcement.status} />
                {announcement.isEmergency ? <Tag tone="alarm">紧急</Tag> : null}
              </div>
            </li>
          ))}
        </ul>
      )}
      <nav class="pager" aria-label="翻页">
        {cursor !== undefined ? (
          <a class="button" href="/admin/announcements">
            回到最新的
          </a>
        ) : null}
        {page.nextCursor !== null ? (
          <a class="button" rel="next" href={`/admin/announcements?cursor=${page.nextCursor}`}>
            更早的
          </a>
        ) : null}
      </nav>
    </>,
  )
}

/** Announcements: list, detail with progress, approval by a second person. */
export function addAnnouncements(app: Hono<AdminEnv>, options: AdminServices): void {
  const missing = '没有这条公告。'
  app.get('/announcements', (c) => renderList(c, options))

  app.get('/announcements/:id', async (c) => {
    const announcement = await findAnnouncement(options, c.req.param('id'))
    return announcement ? renderDetail(c, options, announcement) : renderNotFound(c, options, missing)
  })

  app.get('/announcements/:id/progress', async (c) => {
    const announcement = await findAnnouncement(options, c.req.param('id'))
    if (!announcement) return renderNotFound(c, options, missing)
    // Other buttons belong to what it has become.
    if (!isMoving(announcement.status)) c.header('HX-Refresh', 'true')
    return renderPart(c, <Progress announcement={announcement} />)
  })

  addAnnouncementReceipts(app, options, (c, announcement, problem) => renderDetail(c, options, announcement, problem))

  app.post('/announcements/:id/:action', async (c) => {
    const { id, action } = c.req.param()
    const announcement = isAction(action) ? await findAnnouncement(options, id) : null
    if (!isAction(action) || !announcement) return renderNotFound(c, options, missing)
    if (action === 'approve' && announcement.isEmergency && c.get('form').get('confirmed') !== 'yes') return renderDetail(c, options, announcement, '紧急公告要先打勾确认，再审核通过。')
    const result = await changeAnnouncement(options, { id, action, by: c.get('session').staff.user })
    if (result.outcome === 'changed') return redirectAfter(c, `/admin/announcements/${id}`, `announcement_${action}`)
    return renderDetail(c, options, announcement, explainRefusal(result))
  })
}
