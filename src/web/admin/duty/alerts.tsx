import type { Hono } from 'hono'
import { staffActor } from '../../../desk/actor.ts'
import { answerAlarm } from '../../../desk/duty/alarms.ts'
import { showNickname } from '../../../language/clean.ts'
import { readOpenAlerts, type BoardAlert } from '../../../store/duty/alert-board.ts'
import { AlertBar, alertToken } from '../parts/alert-bar.tsx'
import { redirectAfter } from '../parts/guard.ts'
import { renderPart } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminEnv, AdminServices } from '../parts/options.ts'
import { Tag, Time, Token } from '../parts/parts.tsx'
import { channelName } from '../parts/words.ts'

const shownWords = (words: string): string => words || '（没有内容）'

/** Who was told when: one line for each time. */
const Told = ({ alert, now }: { alert: BoardAlert; now: Date }) =>
  alert.notices.length === 0 ? (
    <p class="bad">没有一个人在聊天里收到：谁看到谁先处理。</p>
  ) : (
    <ul class="told">
      {alert.notices.map((notice) => (
        <li>
          <Time at={notice.at} now={now} /> 通知了 {notice.staff.name}（{channelName(notice.channel)}）{notice.acknowledgedAt === null ? '' : '，回了“收到”'}
        </li>
      ))}
    </ul>
  )

const Particulars = ({ alert, now }: { alert: BoardAlert; now: Date }) => (
  <p class="row-facts">
    {alert.requestId === null ? <span class="number">{alert.number}</span> : <a class="number" href={`/admin/requests/${alert.number}`}>{alert.number}</a>}
    {alert.request?.address ? <span class="typed">{alert.request.address}</span> : null}
    {alert.request?.requesterName ? <span class="typed">{showNickname(alert.request.requesterName)}</span> : null}
    <Time at={alert.saidAt} now={now} />
  </p>
)

const Phone = ({ phone }: { phone: string | null | undefined }) =>
  phone ? (
    <a class="button phone" href={`tel:${phone.replaceAll(/[^\d+]/g, '')}`}>
      打电话 {phone}
    </a>
  ) : null

const OpenAlert = ({ alert, csrf, back, now }: { alert: BoardAlert; csrf: string; back: string; now: Date }) => (
  <li class="row urgent">
    <div class="row-main">
      <p class="said">
        {alert.requestId === null ? <Tag tone="wait">演练</Tag> : null} <b class="typed">{shownWords(alert.words)}</b>
      </p>
      <Particulars alert={alert} now={now} />
      <Told alert={alert} now={now} />
    </div>
    <div class="row-side">
      <Phone phone={alert.request?.requesterPhone} />
      <form method="post" action={`/admin/alerts/${alert.id}/acknowledge`}>
        <Token csrf={csrf} />
        <input type="hidden" name="back" value={back} />
        <button type="submit" class="alarm" id={`seen-${alert.id}`} aria-label={`收到 ${alert.number}`}>
          收到
        </button>
      </form>
    </div>
  </li>
)

/** Every emergency that nobody has confirmed, what was said last first; nothing where there is none. */
export const OpenAlertsBox = ({ alerts, csrf, back, now }: { alerts: readonly BoardAlert[]; csrf: string; back: 'today' | 'duty'; now: Date }) =>
  alerts.length === 0 ? null : (
    <section class="card emergency" id="alerts" aria-labelledby="s-alerts" role="alert">
      <h2 id="s-alerts">
        紧急情况，还没有人确认 <span class="total">{alerts.length}</span>
      </h2>
      <ul class="rows">
        {alerts.map((alert) => (
          <OpenAlert alert={alert} csrf={csrf} back={back} now={now} />
        ))}
      </ul>
    </section>
  )

/** The latest that are over. */
export const ClosedAlerts = ({ alerts, names, now }: { alerts: readonly BoardAlert[]; names: ReadonlyMap<string, string>; now: Date }) =>
  alerts.length === 0 ? null : (
    <section class="card" aria-labelledby="s-closed">
      <h2 id="s-closed">最近的警报</h2>
      <ul class="rows">
        {alerts.map((alert) => (
          <li class="row">
            <div class="row-main">
              <p class="said">
                {alert.requestId === null ? <Tag tone="wait">演练</Tag> : null} <span class="typed">{shownWords(alert.words)}</span>
              </p>
              <Particulars alert={alert} now={now} />
              <details>
                <summary>通知了谁</summary>
                <Told alert={alert} now={now} />
              </details>
            </div>
            <div class="row-side">
              {alert.acknowledgedAt === null || alert.acknowledgedBy === null ? (
                <Tag tone="off">没有人回，事情已经结束</Tag>
              ) : (
                <span>
                  {names.get(alert.acknowledgedBy) ?? alert.acknowledgedBy} <Time at={alert.acknowledgedAt} now={now} /> 收到
                </span>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )

const PAGES = { today: '/admin', duty: '/admin/duty' } as const

/** 收到 on a page, and the bar that every page renews. */
export function addAlerts(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/alerts/bar', async (c) => {
    const alerts = await readOpenAlerts(options.store)
    // htmx leaves the page as it is.
    return c.req.query('seen') === alertToken(alerts) ? c.body(null, 204) : renderPart(c, <AlertBar alerts={alerts} />)
  })

  app.post('/alerts/:id/acknowledge', async (c) => {
    const answer = await answerAlarm(options, staffActor(c.get('session').staff), c.req.param('id'))
    const back = c.get('form').get('back') === 'today' ? PAGES.today : PAGES.duty
    switch (answer.outcome) {
      case 'answered':
        return redirectAfter(c, back, answer.particulars.isDrill ? 'drill_answered' : 'acknowledged')
      case 'answered_before':
        return redirectAfter(c, back, 'acknowledged_before')
      case 'over':
        return redirectAfter(c, back, 'alert_over')
      case 'not_found':
        return renderNotFound(c, options, '没有这个警报。')
      default:
        return answer satisfies never
    }
  })
}
