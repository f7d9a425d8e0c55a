import type { Hono } from 'hono'
import { formatLocalLong } from '../../../domain/time.ts'
import { LONGEST_RETURN_COMMENT, returnDraft } from '../../../outbox/announcement-drafts.ts'
import { allowedActions, ANNOUNCEMENT_ACTIONS, changeAnnouncement, explainRefusal, findAnnouncement, hasTimePassed, type AnnouncementAction, type AnnouncementMove } from '../../../outbox/announcements.ts'
import type { AnnouncementRecord } from '../../../store/announcements/announcement-records.ts'
import { readInstant, readVersion } from './posted.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Token } from '../parts/parts.tsx'

const VERBS: Record<AnnouncementAction, string> = { approve: '审核通过', pause: '先暂停', resume: '继续发', cancel: '取消这条公告', retry: '没发成功的再发一次' }
const isAction = (value: string): value is AnnouncementAction => (ANNOUNCEMENT_ACTIONS as readonly string[]).includes(value)

/** Why a draft came back, for whoever changes it; nothing where it did not. */
export const Returned = ({ announcement: { returned } }: { announcement: AnnouncementRecord }) =>
  returned === null ? null : (
    <div class="notice">
      <p>
        <strong>{returned.byName}退回了</strong>，{formatLocalLong(returned.at)}
      </p>
      <p class="typed">{returned.comment}</p>
    </div>
  )

/** Approving it; where its time has passed, with the question when it is sent instead. */
const Approve = ({ announcement, csrf, now }: { announcement: AnnouncementRecord; csrf: string; now: Date }) => {
  const hasPassed = hasTimePassed(announcement, now)
  return (
    <form class="stack" method="post" action={`/admin/announcements/${announcement.id}/approve`}>
      <Token csrf={csrf} />
      <input type="hidden" name="version" value={announcement.version} />
      <p>请看清楚内容和“发给谁”。发出去的收不回来。</p>
      {announcement.isEmergency ? (
        <label class="check strong">
          <input type="checkbox" name="confirmed" value="yes" required />
          <span>我确认这是紧急公告，夜里也要马上发</span>
        </label>
      ) : null}
      {hasPassed ? (
        <>
          <p class="notice">原定 {formatLocalLong(announcement.sendAt)} 发，这个时间已经过了。内容还合适的话，请定什么时候发；不合适就退回去改。</p>
          <div class="field">
            <label for="newSendAt">换一个时间</label>
            <input id="newSendAt" name="sendAt" type="datetime-local" />
          </div>
          <div class="buttons">
            <button type="submit" class="primary" name="send" value="later">
              通过，按这个时间发
            </button>
            <button type="submit" name="send" value="now">
              通过，现在就发
            </button>
          </div>
        </>
      ) : (
        <button type="submit" class="primary">
          {VERBS.approve}
        </button>
      )}
    </form>
  )
}

const Return = ({ announcement, csrf }: { announcement: AnnouncementRecord; csrf: string }) => (
  <details>
    <summary>不合适，退回去改</summary>
    <form class="stack" method="post" action={`/admin/announcements/${announcement.id}/return`}>
      <Token csrf={csrf} />
      <input type="hidden" name="version" value={announcement.version} />
      <div class="field">
        <label for="comment">要改什么（{announcement.byName}会看到）</label>
        <textarea id="comment" name="comment" rows={3} required maxlength={LONGEST_RETURN_COMMENT}></textarea>
      </div>
      <button type="submit">退回</button>
    </form>
  </details>
)

export const Actions = ({ announcement, writers, csrf, user, now }: { announcement: AnnouncementRecord; writers: readonly string[]; csrf: string; user: string; now: Date }) => {
  const actions = allowedActions(announcement.status)
  const hasFailed = announcement.progress.failed > 0
  const buttons = actions.filter((action) => action !== 'approve' && (action !== 'retry' || hasFailed))
  const isDraft = announcement.status === 'draft'
  const waits = isDraft && announcement.returned === null
  return (
    <>
      {waits && announcement.by === user ? <p class="notice">这条是您自己写的，要请另一位同事来审核。这样不会发错。</p> : null}
      {waits && announcement.by !== user && writers.includes(user) ? <p class="notice">这条您改过，要请另一位同事来审核。这样不会发错。</p> : null}
      {waits && !writers.includes(user) ? <Approve announcement={announcement} csrf={csrf} now={now} /> : null}
      {waits && announcement.by !== user ? <Return announcement={announcement} csrf={csrf} /> : null}
      <div class="buttons">
        {isDraft ? (
          <a class={announcement.returned === null ? 'button' : 'button primary'} href={`/admin/announcements/${announcement.id}/edit`}>
            修改
          </a>
        ) : null}
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

/** When whoever approves wants it sent; undefined = at its own time. A sentence where that is not clear. */
function readSend(form: URLSearchParams): Pick<AnnouncementMove, 'send'> | { problem: string } {
  const wanted = form.get('send')
  if (wanted === 'now') return { send: 'now' }
  if (wanted !== 'later') return {}
  const sendAt = readInstant(form.get('sendAt') ?? '')
  return sendAt ? { send: sendAt } : { problem: '请先选好换到什么时间，再点“按这个时间发”。' }
}

export function addApproval(app: Hono<AdminEnv>, options: AdminServices, renderDetail: (c: AdminContext, announcement: AnnouncementRecord, problem: string) => Promise<Response>): void {
  const missing = '没有这条公告。'
  const versionOf = (c: AdminContext) => {
    const ifVersion = readVersion(c.get('form'))
    return { ...(ifVersion !== undefined && { ifVersion }) }
  }

  app.post('/announcements/:id/return', async (c) => {
    const announcement = await findAnnouncement(options, c.req.param('id'))
    if (announcement === null) return renderNotFound(c, options, missing)
    const result = await returnDraft(options, { id: announcement.id, by: c.get('session').staff.user, comment: c.get('form').get('comment') ?? '', ...versionOf(c) })
    if (result.outcome === 'changed') return redirectAfter(c, `/admin/announcements/${announcement.id}`, 'announcement_return')
    return renderDetail(c, announcement, result.outcome === 'empty' ? '请写上要改什么，再退回。' : explainRefusal(result))
  })

  app.post('/announcements/:id/:action', async (c) => {
    const { id, action } = c.req.param()
    const announcement = isAction(action) ? await findAnnouncement(options, id) : null
    if (!isAction(action) || !announcement) return renderNotFound(c, options, missing)
    const form = c.get('form')
    if (action === 'approve' && announcement.isEmergency && form.get('confirmed') !== 'yes') return renderDetail(c, announcement, '紧急公告要先打勾确认，再审核通过。')
    const read = action === 'approve' ? readSend(form) : {}
    if ('problem' in read) return renderDetail(c, announcement, read.problem)
    const result = await changeAnnouncement(options, { id, action, by: c.get('session').staff.user, ...read, ...(action === 'approve' && versionOf(c)) })
    if (result.outcome === 'changed') return redirectAfter(c, `/admin/announcements/${id}`, `announcement_${action}`)
    return renderDetail(c, announcement, explainRefusal(result))
  })
}
