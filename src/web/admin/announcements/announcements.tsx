import type { Hono } from 'hono'
import { findAnnouncement, listAnnouncements } from '../../../outbox/announcements.ts'
import { markStaffNoticesSeen } from '../../../store/staff/staff-notices.ts'
import { addApproval } from './announcement-approval.tsx'
import { isMoving, Progress, renderDetail, StateTag } from './announcement-detail.tsx'
import { addLatecomers } from './announcement-latecomers.tsx'
import { addAnnouncementReceipts } from './announcement-receipts.tsx'
import { shorten } from '../parts/format.ts'
import { renderPage, renderPart } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Empty, Tag, Time } from '../parts/parts.tsx'

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
                  <span>{announcement.byName} 写的</span>
                  <Time at={announcement.createdAt} now={now} />
                  <span>
                    {announcement.status === 'draft' ? `会发给 ${announcement.progress.total} 个` : `送到 ${announcement.progress.sent} / ${announcement.progress.total}`}
                  </span>
                  {announcement.progress.failed + announcement.progress.unknown > 0 ? <span class="bad">{announcement.progress.failed + announcement.progress.unknown} 个没成功</span> : null}
                </p>
              </div>
              <div class="row-side">
                <StateTag announcement={announcement} />
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
    if (!announcement) return renderNotFound(c, options, missing)
    await markStaffNoticesSeen(options.store, { staffId: c.get('session').staff.id, announcementId: announcement.id, now: options.now() })
    return renderDetail(c, options, announcement)
  })

  app.get('/announcements/:id/progress', async (c) => {
    const announcement = await findAnnouncement(options, c.req.param('id'))
    if (!announcement) return renderNotFound(c, options, missing)
    // Other buttons belong to what it has become.
    if (!isMoving(announcement.status)) c.header('HX-Refresh', 'true')
    return renderPart(c, <Progress announcement={announcement} />)
  })

  addAnnouncementReceipts(app, options, (c, announcement, problem) => renderDetail(c, options, announcement, problem))
  addLatecomers(app, options, (c, announcement, problem) => renderDetail(c, options, announcement, problem))
  addApproval(app, options, (c, announcement, problem) => renderDetail(c, options, announcement, problem))
}
