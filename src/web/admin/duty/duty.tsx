import type { Hono } from 'hono'
import { staffActor } from '../../../desk/actor.ts'
import { beginAlarmDrill } from '../../../desk/duty/alarms.ts'
import { copyWeekBefore, readDutyWeek, setDutyWeek, type DutyWeek } from '../../../desk/duty/roster.ts'
import { daysOfWeek, nameDay, shiftWeek, weekAt, type DutyDay, type DutyPerson } from '../../../domain/office/duty.ts'
import { toLocalDay } from '../../../domain/time.ts'
import { listClosedAlerts, listOpenAlerts, readNames } from '../../../store/duty/alert-board.ts'
import { listStaff, type StaffRecord } from '../../../store/staff/staff.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Tag, Token } from '../parts/parts.tsx'
import { addAlerts, ClosedAlerts, OpenAlertsBox } from './alerts.tsx'

const CLOSED_SHOWN = 10
const pageOf = (week: string): string => `/admin/duty?week=${week}`

interface Choosing {
  day: DutyDay<DutyPerson>
  staff: readonly StaffRecord[]
}

/** Who is chosen stays in the list, disabled or not, so that saving a week changes nothing by itself. */
const Choose = ({ day, staff, field, label }: Choosing & { field: 'person' | 'deputy'; label: string }) => {
  const chosen = day[field]
  const active = staff.filter(({ disabledAt }) => disabledAt === null)
  const isGone = chosen !== null && !active.some(({ user }) => user === chosen.user)
  return (
    <td>
      <select name={`${field}-${day.date}`} aria-label={`${nameDay(day.date)}${label}`}>
        <option value="" selected={chosen === null}>
          （没有）
        </option>
        {isGone ? (
          <option value={chosen.user} selected>
            {chosen.name}（已停用）
          </option>
        ) : null}
        {active.map(({ user, name }) => (
          <option value={user} selected={chosen?.user === user}>
            {name}
          </option>
        ))}
      </select>
    </td>
  )
}

const Week = ({ roster, staff, csrf, today }: { roster: DutyWeek; staff: readonly StaffRecord[]; csrf: string; today: string }) => (
  <section class="card" aria-labelledby="s-week">
    <h2 id="s-week">
      {nameDay(roster.days[0]?.date ?? '')}到{nameDay(roster.days[6]?.date ?? '')}
    </h2>
    <nav class="buttons" aria-label="换一周">
      <a class="button" rel="prev" href={pageOf(shiftWeek(roster.week, -1))}>
        上一周
      </a>
      <a class="button" href="/admin/duty">
        本周
      </a>
      <a class="button" rel="next" href={pageOf(shiftWeek(roster.week, 1))}>
        下一周
      </a>
    </nav>
    {roster.gaps.length > 0 ? (
      <div class="notice" id="gaps">
        <p>这一周有空缺：</p>
        <ul>
          {roster.gaps.map((gap) => (
            <li>{gap}</li>
          ))}
        </ul>
      </div>
    ) : null}
    <form class="stack" method="post" action="/admin/duty">
      <Token csrf={csrf} />
      <input type="hidden" name="week" value={roster.week} />
      <table class="roster">
        <thead>
          <tr>
            <th scope="col">日子</th>
            <th scope="col">值班</th>
            <th scope="col">替班</th>
          </tr>
        </thead>
        <tbody>
          {roster.days.map((day) => (
            <tr class={day.date === today ? 'today' : undefined}>
              <th scope="row">
                {nameDay(day.date)} {day.date === today ? <Tag tone="done">今天</Tag> : null}
              </th>
              <Choose day={day} staff={staff} field="person" label="值班" />
              <Choose day={day} staff={staff} field="deputy" label="替班" />
            </tr>
          ))}
        </tbody>
      </table>
      <button type="submit" class="primary">
        存好这一周
      </button>
    </form>
    <form method="post" action="/admin/duty/copy">
      <Token csrf={csrf} />
      <input type="hidden" name="week" value={roster.week} />
      <button type="submit">空着的照上一周排</button>
    </form>
  </section>
)

const Drill = ({ csrf }: { csrf: string }) => (
  <section class="card" aria-labelledby="s-drill">
    <h2 id="s-drill">警报演练</h2>
    <p>看看紧急通知到不到得了人：跟真的一样先通知值班的，1 分钟后再提醒，3 分钟后通知替班的，6 分钟后通知全体，直到有人回“收到”。每条都写着“演练”，居民收不到。</p>
    <form method="post" action="/admin/duty/drill">
      <Token csrf={csrf} />
      <button type="submit">开始演练</button>
    </form>
  </section>
)

async function renderDuty(c: AdminContext, options: AdminServices, state: { week: string; problem?: string }): Promise<Response> {
  const { store } = options
  const now = options.now()
  const read = await readDutyWeek(options, state.week)
  if (read.outcome === 'no_such_week') return renderNotFound(c, options, '没有这一周。')
  const [staff, open, closed] = await Promise.all([listStaff(store), listOpenAlerts(store), listClosedAlerts(store, CLOSED_SHOWN)])
  const names = await readNames(store, closed.flatMap(({ acknowledgedBy }) => acknowledgedBy ?? []))
  const { csrfToken } = c.get('session')
  return renderPage(
    c,
    options,
    { title: '值班', section: '/admin/duty', ...(state.problem !== undefined && { problem: state.problem, status: 422 as const }) },
    <>
      <h1>值班</h1>
      <OpenAlertsBox alerts={open} csrf={csrfToken} back="duty" now={now} />
      <Week roster={read.roster} staff={staff} csrf={csrfToken} today={toLocalDay(now)} />
      <Drill csrf={csrfToken} />
      <ClosedAlerts alerts={closed} names={names} now={now} />
    </>,
  )
}

/** Who answers for emergencies, day by day; what nobody has confirmed; the drill. */
export function addDuty(app: Hono<AdminEnv>, options: AdminServices): void {
  addAlerts(app, options)
  const thisWeek = () => weekAt(options.now())

  app.get('/duty', (c) => renderDuty(c, options, { week: c.req.query('week') ?? thisWeek() }))

  app.post('/duty', async (c) => {
    const form = c.get('form')
    const week = form.get('week') ?? ''
    const before = await readDutyWeek(options, week)
    if (before.outcome === 'no_such_week') return renderNotFound(c, options, '没有这一周。')
    const typed = (daysOfWeek(week) ?? []).map((date): DutyDay<string> => ({ date, person: form.get(`person-${date}`) || null, deputy: form.get(`deputy-${date}`) || null }))
    // What is as it was is not written again: who was disabled since may stand in days that are over.
    const days = typed.filter((day, index) => day.person !== (before.roster.days[index]?.person?.user ?? null) || day.deputy !== (before.roster.days[index]?.deputy?.user ?? null))
    const result = await setDutyWeek(options, staffActor(c.get('session').staff), { week, days })
    switch (result.outcome) {
      case 'saved':
        return redirectAfter(c, pageOf(week), result.roster.gaps.length === 0 ? 'duty_saved' : 'duty_saved_with_gaps')
      case 'disabled_staff':
        return renderDuty(c, options, { week, problem: `${result.user} 的账号已经停用，请换人。这一周没有存。` })
      case 'unknown_staff':
        return renderDuty(c, options, { week, problem: '没有这位同事，这一周没有存。' })
      case 'no_such_week':
      case 'not_in_week':
      case 'twice':
        return renderDuty(c, options, { week: thisWeek(), problem: '日子不对，没有存。' })
      default:
        return result satisfies never
    }
  })

  app.post('/duty/copy', async (c) => {
    const week = c.get('form').get('week') ?? ''
    const result = await copyWeekBefore(options, staffActor(c.get('session').staff), week)
    if (result.outcome === 'no_such_week') return renderNotFound(c, options, '没有这一周。')
    if (result.leftOut.length > 0) return renderDuty(c, options, { week, problem: `照上一周排好了，只有${result.leftOut.join('、')}已经停用，没有排，请换人。` })
    return redirectAfter(c, pageOf(week), result.filled === 0 ? 'duty_nothing_to_copy' : 'duty_copied')
  })

  app.post('/duty/drill', async (c) => {
    const result = await beginAlarmDrill(options, staffActor(c.get('session').staff))
    return redirectAfter(c, '/admin/duty', result.outcome === 'running' ? 'drill_running' : result.told.role === 'nobody' ? 'drill_to_nobody' : 'drill_begun')
  })
}
