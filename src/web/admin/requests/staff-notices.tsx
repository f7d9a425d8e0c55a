import type { Hono } from 'hono'
import { markStaffNoticesSeen, type StaffNoticeView } from '../../../store/staff/staff-notices.ts'
import { redirectAfter } from '../parts/guard.ts'
import type { AdminEnv, AdminServices } from '../parts/options.ts'
import { Time, Token } from '../parts/parts.tsx'

/** What colleagues gave to whoever looks, took from them, or noted for them, until they have opened it; nothing where there is none. */
export const StaffNotices = ({ notices, csrf, now }: { notices: StaffNoticeView[]; csrf: string; now: Date }) =>
  notices.length === 0 ? null : (
    <section class="card" aria-labelledby="s-notices">
      <h2 id="s-notices">
        同事找您 <span class="total">{notices.length}</span>
      </h2>
      <ul class="rows">
        {notices.map((notice) => (
          <li class="row">
            <div class="row-main">
              <a class="row-title" id={`notice-${notice.request?.number ?? notice.id}`} href={notice.request ? `/admin/requests/${notice.request.number}` : `/admin/announcements/${notice.announcement?.id ?? ''}`}>
                {notice.request?.category ?? '公告'}
                <span class="typed">{notice.text}</span>
              </a>
              <p class="row-facts">
                {notice.request ? <span class="number">{notice.request.number}</span> : null}
                <Time at={notice.at} now={now} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      <form method="post" action="/admin/notices/seen">
        <Token csrf={csrf} />
        <button type="submit">都看过了</button>
      </form>
    </section>
  )

export function addStaffNotices(app: Hono<AdminEnv>, { store, now }: AdminServices): void {
  app.post('/notices/seen', async (c) => {
    await markStaffNoticesSeen(store, { staffId: c.get('session').staff.id, now: now() })
    return redirectAfter(c, '/admin', 'notices_seen')
  })
}
