import type { Hono } from 'hono'
import { listAudit, listAuditWords, type AuditRecord } from '../../../store/staff/audit.ts'
import { STATUS_NAMES } from '../../../domain/requests/status-names.ts'
import { isRequestStatus } from '../../../domain/requests/requests.ts'
import { isStaffRole } from '../../../store/staff/staff.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminEnv, AdminServices } from '../parts/options.ts'
import { Choice, Empty, Pager, Time } from '../parts/parts.tsx'
import { auditName, intentName, ROLE_NAMES, VOLUNTEER_STATUS_NAMES } from '../parts/words.ts'

const statusName = (status: string): string => {
  if (isRequestStatus(status)) return STATUS_NAMES[status]
  return (VOLUNTEER_STATUS_NAMES as Record<string, string>)[status] ?? status
}

/** `submitted -> accepted` as people read it. */
function describeDetail({ action, detail }: AuditRecord): string {
  if (action === 'misread_example') return intentName(detail)
  if (isStaffRole(detail)) return ROLE_NAMES[detail]
  return /^\w+ -> \w+$/.test(detail) ? detail.split(' -> ').map(statusName).join(' → ') : detail
}

const subjectLink = (entry: AuditRecord): string | null => {
  if (entry.subject.startsWith('SR-')) return `/admin/requests/${entry.subject}`
  if (entry.subject.startsWith('VL-')) return `/admin/volunteers/${entry.subject}`
  if (entry.action.startsWith('question_')) return `/admin/unanswered?show=${entry.action === 'question_undo' ? 'open' : 'decided'}#q-${entry.subject}`
  if (entry.action.startsWith('misread_')) return `/admin/misread?show=${entry.action === 'misread_undo' ? 'open' : 'decided'}#m-${entry.subject}`
  return entry.action.startsWith('announcement_') ? `/admin/announcements/${entry.subject}` : null
}

const isId = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text)

/** Who did what. */
export function addAudit(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/audit', async (c) => {
    const text = (name: string) => cleanTyped(c.req.query(name) ?? '', { longest: 100 })
    const query = { actor: text('actor'), action: text('action'), subject: text('subject') }
    const [page, words] = await Promise.all([listAudit(options.store, query, Number(c.req.query('page') ?? 1)), listAuditWords(options.store)])
    const now = options.now()
    return renderPage(
      c,
      options,
      { title: '操作记录', section: '/admin/audit' },
      <>
        <h1>操作记录</h1>
        <form class="filter" method="get" action="/admin/audit" hx-get="/admin/audit" hx-trigger="change" hx-target="#list" hx-select="#list" hx-swap="outerHTML" hx-push-url="true">
          <Choice name="actor" label="谁" value={query.actor} options={[{ value: '', label: '所有人' }, ...words.actors.map((actor) => ({ value: actor, label: actor }))]} />
          <Choice name="action" label="做了什么" value={query.action} options={[{ value: '', label: '全部' }, ...words.actions.map((action) => ({ value: action, label: auditName(action) }))]} />
          <div class="field grow">
            <label for="f-subject">对什么</label>
            <input id="f-subject" name="subject" type="search" value={query.subject} maxlength={100} placeholder="编号、用户名" />
          </div>
          <button type="submit">筛选</button>
        </form>
        <div id="list" aria-live="polite">
          {page.total === 0 ? (
            <Empty>没有这样的记录。</Empty>
          ) : (
            <>
              <ol class="rows card audit">
                {page.items.map((entry) => {
                  const link = subjectLink(entry)
                  const subject = isId(entry.subject) ? '查看' : entry.subject
                  return (
                    <li class="row">
                      <div class="row-main">
                        <span>
                          <b>{entry.actor || '系统'}</b> {auditName(entry.action)} {link ? <a href={link}>{subject}</a> : <span class="typed">{isId(entry.subject) ? '' : subject}</span>}
                        </span>
                        {entry.detail ? <span class="typed detail">{describeDetail(entry)}</span> : null}
                      </div>
                      <div class="row-side">
                        <Time at={entry.at} now={now} />
                      </div>
                    </li>
                  )
                })}
              </ol>
              <Pager of={page} path="/admin/audit" query={query} unit="条" />
            </>
          )}
        </div>
      </>,
    )
  })
}
