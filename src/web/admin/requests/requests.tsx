import type { Hono } from 'hono'
import { isRequestStatus, REQUEST_KINDS, REQUEST_STATUSES, type RequestKind } from '../../../domain/requests/requests.ts'
import { KIND_NAMES } from '../../../domain/requests/status-names.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { findByNumber, pageRequests, type BoardFilter } from '../../../store/requests/request-board.ts'
import { boxes } from '../../../store/requests/request-boxes.ts'
import { listStaff } from '../../../store/staff/staff.ts'
import { findVolunteer } from '../../../store/volunteers/volunteers.ts'
import { boxBounds, type BoxBounds } from '../parts/boxes.ts'
import { codesWithin } from '../../../domain/areas.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { areaChoices, Choice, Empty, Pager, RequestRow } from '../parts/parts.tsx'
import { STAFF_STATUS_NAMES } from '../parts/words.ts'
import { BulkBar, countUndoable, UndoBulk } from './bulk.tsx'

const STATUS_CHOICES = [
  { value: 'open', label: '没办完的' },
  { value: 'mine', label: '我负责的' },
  { value: 'nobody', label: '没人负责的' },
  { value: 'overdue', label: '超时的' },
  { value: 'last_day', label: '今天到期的' },
  { value: 'climbed', label: '上报的' },
  { value: 'not_moved', label: '几天没动的' },
  { value: 'all', label: '全部' },
  ...REQUEST_STATUSES.map((status) => ({ value: status, label: STAFF_STATUS_NAMES[status] })),
]
/** At hand above the list. */
const QUICK_FILTERS = STATUS_CHOICES.filter(({ value }) => ['open', 'mine', 'nobody', 'overdue'].includes(value))
const KIND_CHOICES = [{ value: '', label: '全部' }, ...REQUEST_KINDS.map((kind) => ({ value: kind, label: KIND_NAMES[kind] }))]

const isKind = (value: string): value is RequestKind => (REQUEST_KINDS as readonly string[]).includes(value)

interface Query {
  status: string
  kind: string
  area: string
  q: string
}

function readQuery(c: AdminContext): Query {
  const text = (name: string) => cleanTyped(c.req.query(name) ?? '', { longest: 100 })
  // Somebody who looks for something wants to find it whatever became of it.
  const status = text('status') || (text('q') ? 'all' : 'open')
  return { status: STATUS_CHOICES.some((choice) => choice.value === status) ? status : 'open', kind: text('kind'), area: text('area'), q: text('q') }
}

const boxOf = (status: string, { now, lastDayUntil, notMovedSince, climbedTo }: BoxBounds): Pick<BoardFilter, 'box'> => {
  switch (status) {
    case 'overdue':
      return { box: boxes.late(now) }
    case 'last_day':
      return { box: boxes.lastDay(now, lastDayUntil) }
    case 'climbed':
      return { box: boxes.climbed(climbedTo) }
    case 'not_moved':
      return { box: boxes.notMoved(notMovedSince) }
    default:
      return {}
  }
}

function toFilter(c: AdminContext, options: AdminServices, query: Query): BoardFilter {
  const { status } = query
  return {
    ...(status === 'open' && { status: 'open' as const }),
    ...(status === 'mine' && { status: 'open' as const, assigneeId: c.get('session').staff.id }),
    ...(status === 'nobody' && { status: 'open' as const, assigneeId: null }),
    ...boxOf(status, boxBounds(options, c.get('session').staff)),
    ...(isRequestStatus(status) && { status }),
    ...(isKind(query.kind) && { kind: query.kind }),
    ...(query.area !== '' && { areaCodes: codesWithin(query.area, options.areas) }),
    ...(query.q !== '' && { search: query.q }),
  }
}

/** The list of requests with its filter, and the search that stands at the top of every page. */
export function addRequests(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/requests', async (c) => {
    const query = readQuery(c)
    const { now, lastDayUntil } = boxBounds(options, c.get('session').staff)
    const [page, staff, undoable] = await Promise.all([pageRequests(options.store, toFilter(c, options, query), Number(c.req.query('page') ?? 1)), listStaff(options.store), countUndoable(c, options)])
    return renderPage(
      c,
      options,
      { title: '工单', section: '/admin/requests' },
      <>
        <header class="head">
          <h1>工单</h1>
          <a class="button" href="/admin/requests/new">
            代居民登记
          </a>
        </header>
        {undoable > 0 ? <UndoBulk count={undoable} csrf={c.get('session').csrfToken} /> : null}
        <ul class="quick" aria-label="常看的">
          {QUICK_FILTERS.map(({ value, label }) => (
            <li>
              <a href={`/admin/requests?status=${value}`} aria-current={query.status === value ? 'true' : undefined}>
                {label}
              </a>
            </li>
          ))}
        </ul>
        <details class="filters" open={query.kind !== '' || query.area !== '' || query.q !== ''}>
          <summary>筛选</summary>
          <form class="filter" method="get" action="/admin/requests" hx-get="/admin/requests" hx-trigger="change" hx-target="#list" hx-select="#list" hx-swap="outerHTML" hx-push-url="true">
            <Choice name="status" label="状态" value={query.status} options={STATUS_CHOICES} />
            <Choice name="kind" label="种类" value={query.kind} options={KIND_CHOICES} />
            <Choice name="area" label="地方" value={query.area} options={areaChoices(options.areas, '全部')} />
            <div class="field grow">
              <label for="f-q">找什么</label>
              <input id="f-q" name="q" type="search" value={query.q} maxlength={100} placeholder="编号、姓名、电话、地址、内容" />
            </div>
            <button type="submit">筛选</button>
          </form>
        </details>
        <div id="list" aria-live="polite">
          {page.total === 0 ? (
            <Empty>
              {query.q !== '' ? `没有找到和“${query.q}”有关的工单。换个词，或者状态选“全部”再试。` : '这里没有工单。'}
            </Empty>
          ) : (
            <>
              <form method="post" action="/admin/requests/bulk">
                <ul class="rows card">
                  {page.items.map((request) => (
                    <RequestRow request={request} areas={options.areas} now={now} lastDayUntil={lastDayUntil} canTick />
                  ))}
                </ul>
                <BulkBar csrf={c.get('session').csrfToken} staff={staff} />
              </form>
              <Pager of={page} path="/admin/requests" query={{ ...query }} unit="件" />
            </>
          )}
        </div>
      </>,
    )
  })

  app.get('/search', async (c) => {
    const q = cleanTyped(c.req.query('q') ?? '', { longest: 100 })
    const request = await findByNumber(options.store, q)
    if (request) return c.redirect(`/admin/requests/${request.number}`, 303)
    const volunteer = /^VL-/i.test(q) ? await findVolunteer(options.store, q.toUpperCase()) : null
    if (volunteer) return c.redirect(`/admin/volunteers/${volunteer.number}`, 303)
    return c.redirect(q === '' ? '/admin/requests' : `/admin/requests?${new URLSearchParams({ q }).toString()}`, 303)
  })
}
