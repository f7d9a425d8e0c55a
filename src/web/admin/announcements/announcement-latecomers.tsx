import type { Hono } from 'hono'
import { expandAreas } from '../../../domain/areas.ts'
import { formatLocalLong } from '../../../domain/time.ts'
import { supplementAnnouncement } from '../../../outbox/announcement-drafts.ts'
import { explainRefusal, findAnnouncement } from '../../../outbox/announcements.ts'
import { countLatecomers, findOpenSupplement, type AnnouncementRecord } from '../../../store/announcements/announcement-records.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Token } from '../parts/parts.tsx'

/** Who would be reached now and was not there when the audience was frozen. */
export interface Later {
  count: number
  /** A draft for them that waits for approval. */
  waiting: string | null
}

export async function readLatecomers(options: AdminServices, announcement: AnnouncementRecord): Promise<Later> {
  const [count, waiting] = await Promise.all([countLatecomers(options.store, announcement, (audience) => expandAreas(audience, options.areas)), findOpenSupplement(options.store, announcement)])
  return { count, waiting }
}

/** When the audience was frozen, and what that means to those who come or leave while it is sent. */
export const Frozen = ({ announcement }: { announcement: AnnouncementRecord }) => {
  const { approvedAt, status, progress } = announcement
  if (approvedAt === null) return status === 'draft' ? <p class="hint">名单在审核通过时定下，以后不变。</p> : null
  return (
    <>
      <p class="hint">
        名单在审核通过时（{formatLocalLong(approvedAt)}）定下：{progress.total} 个人或群，以后不变。
      </p>
      {['scheduled', 'sending', 'paused'].includes(status) ? <p class="hint">没发完的时候，新订阅、新加标签的收不到这一条；退订的，还没轮到就不再发，已经收到的收不回来。</p> : null}
    </>
  )
}

/** Those who came since, and how it is sent to them too: written as a draft, approved by somebody else. */
export const Latecomers = ({ id, later, csrf }: { id: string; later: Later | null; csrf: string }) => {
  if (later === null || (later.count === 0 && later.waiting === null)) return null
  if (later.waiting !== null) {
    return (
      <p class="hint">
        <a href={`/admin/announcements/${later.waiting}`}>给后来的人补发的那一条</a>在等同事审核。
      </p>
    )
  }
  return (
    <details>
      <summary>名单定下以后，又有 {later.count} 个人或群能收到</summary>
      <form class="stack" method="post" action={`/admin/announcements/${id}/supplement`}>
        <Token csrf={csrf} />
        <p>会照着写一条草稿，只发给他们，请另一位同事审核后才发。收过的人不会再收到。</p>
        <button type="submit">也发给这 {later.count} 个</button>
      </form>
    </details>
  )
}

export function addLatecomers(app: Hono<AdminEnv>, options: AdminServices, renderDetail: (c: AdminContext, announcement: AnnouncementRecord, problem: string) => Promise<Response>): void {
  app.post('/announcements/:id/supplement', async (c) => {
    const announcement = await findAnnouncement(options, c.req.param('id'))
    if (announcement === null) return renderNotFound(c, options, '没有这条公告。')
    const result = await supplementAnnouncement(options, { id: announcement.id, by: c.get('session').staff.user })
    if (result.outcome === 'created' || result.outcome === 'waiting') return redirectAfter(c, `/admin/announcements/${result.id}`, result.outcome === 'created' ? 'announcement_supplement' : 'announcement_supplement_waiting')
    return renderDetail(c, announcement, explainRefusal(result))
  })
}
