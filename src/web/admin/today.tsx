import type { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { isProvisional } from '../../domain/requests/deadlines.ts'
import { toLocalDay } from '../../domain/time.ts'
import type { WorkCalendar } from '../../domain/requests/working-days.ts'
import { listOpenAlerts, type BoardAlert } from '../../store/duty/alert-board.ts'
import { readHeld, type HeldStore } from '../../store/outbox/held.ts'
import { readToday, readWeek, type Today, type WeekFigures } from '../../store/staff/dashboard.ts'
import { listStaffNotices, type StaffNoticeView } from '../../store/staff/staff-notices.ts'
import { StaffNotices } from './requests/staff-notices.tsx'
import type { RequestRow as RequestRecord } from '../../store/requests/request-board.ts'
import { BackupLine, BackupNotice, HeldBox } from './held.tsx'
import { OpenAlertsBox } from './duty/alerts.tsx'
import { boxBounds, type BoxBounds } from './parts/boxes.ts'
import { shorten } from './parts/format.ts'
import { renderPage, renderPart } from './parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices, ChannelView } from './parts/options.ts'
import { Empty, RequestRow, Time } from './parts/parts.tsx'
import { CHANNEL_STATE_NAMES, channelName } from './parts/words.ts'

interface Board {
  alerts: BoardAlert[]
  today: Today
  troubled: ChannelView[]
  /** What colleagues told whoever looks. */
  notices: StaffNoticeView[]
  /** Of a store that was restored; null = of none. */
  held: HeldStore | null
  csrf: string
  options: AdminServices
  bounds: BoxBounds
}

/** One heap of work; nothing where there is none. */
const Section = ({ id, title, total, shown = 5, more, children }: { id: string; title: string; total: number; shown?: number; more?: string; children?: Child }) =>
  total === 0 ? null : (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>
        {title} <span class="total">{total}</span>
      </h2>
      {children}
      {more !== undefined && total > shown ? (
        <p class="more">
          <a href={more}>看全部 {total} 件</a>
        </p>
      ) : null}
    </section>
  )

const BoardView = ({ board }: { board: Board }) => {
  const { alerts, today, troubled, notices, held, options, bounds } = board
  const { now, lastDayUntil } = bounds
  const list = (name: string, items: RequestRecord[]) => (
    <ul class="rows">
      {items.map((request) => (
        <RequestRow request={request} areas={options.areas} now={now} lastDayUntil={lastDayUntil} list={name} />
      ))}
    </ul>
  )
  const isQuiet = held === null && alerts.length === 0 && troubled.length === 0 && notices.length === 0 && [today.fresh, today.unhelped, today.overdue, today.lastDay, today.climbed, today.notMoved, today.nobodys, today.waiting, today.mine, today.volunteers, today.announcements, today.unanswered].every((part) => part.total === 0)
  return (
    <div id="board" hx-get="/admin/today/board" hx-trigger="every 20s" hx-swap="outerHTML">
      <OpenAlertsBox alerts={alerts} csrf={board.csrf} back="today" now={now} />
      <HeldBox held={held} csrf={board.csrf} now={now} />
      <StaffNotices notices={notices} csrf={board.csrf} now={now} />
      {isQuiet ? <Empty>眼下没有要办的事。有新的会自己出现在这里，不用刷新。</Empty> : null}
      <Section id="s-channels" title="渠道有问题" total={troubled.length}>
        <ul class="rows">
          {troubled.map((channel) => (
            <li class="row">
              <div class="row-main">
                <a class="row-title" href="/admin/channels">
                  {channelName(channel.id)}：{CHANNEL_STATE_NAMES[channel.status.state]}
                  {channel.status.detail ? <span>{channel.status.detail}</span> : null}
                </a>
              </div>
            </li>
          ))}
        </ul>
      </Section>
      <Section id="s-overdue" title="超时了" total={today.overdue.total} shown={today.overdue.items.length} more="/admin/requests?status=overdue">
        {list('overdue', today.overdue.items)}
      </Section>
      <Section id="s-last-day" title="今天到期" total={today.lastDay.total} more="/admin/requests?status=last_day">
        {list('last-day', today.lastDay.items)}
      </Section>
      <Section id="s-climbed" title="超时上报的" total={today.climbed.total} more="/admin/requests?status=climbed">
        {list('climbed', today.climbed.items)}
      </Section>
      <Section id="s-fresh" title="新来的，等受理" total={today.fresh.total} more="/admin/requests?status=submitted">
        {list('fresh', today.fresh.items)}
      </Section>
      <Section id="s-unhelped" title="没找到志愿者，等您安排" total={today.unhelped.total}>
        {list('unhelped', today.unhelped.items)}
      </Section>
      <Section id="s-mine" title="我负责的" total={today.mine.total} more="/admin/requests?status=mine">
        {list('mine', today.mine.items)}
      </Section>
      <Section id="s-nobodys" title="没人负责" total={today.nobodys.total} shown={today.nobodys.items.length} more="/admin/requests?status=nobody">
        {list('nobodys', today.nobodys.items)}
      </Section>
      <Section id="s-not-moved" title={`${options.deadlines.notMovedDays} 个工作日没动过`} total={today.notMoved.total} more="/admin/requests?status=not_moved">
        {list('not-moved', today.notMoved.items)}
      </Section>
      <Section id="s-waiting" title="等居民回复" total={today.waiting.total} more="/admin/requests?status=waiting_resident">
        {list('waiting', today.waiting.items)}
      </Section>
      <Section id="s-volunteers" title="志愿者等审核" total={today.volunteers.total} more="/admin/volunteers?status=pending">
        <ul class="rows">
          {today.volunteers.items.map((volunteer) => (
            <li class="row">
              <div class="row-main">
                <a class="row-title" id={`v-${volunteer.number}`} href={`/admin/volunteers/${volunteer.number}`}>
                  <b class="typed">{volunteer.name}</b>
                  <span class="typed">{(volunteer.skills as string[]).join('、')}</span>
                </a>
                <p class="row-facts">
                  <span class="number">{volunteer.number}</span>
                  {volunteer.age !== null && volunteer.age < 18 ? <span>未成年，{volunteer.age} 岁</span> : null}
                  <Time at={volunteer.createdAt} now={now} />
                </p>
              </div>
            </li>
          ))}
        </ul>
      </Section>
      <Section id="s-announcements" title="公告等审核" total={today.announcements.total} more="/admin/announcements">
        <ul class="rows">
          {today.announcements.items.map((announcement) => (
            <li class={announcement.isEmergency ? 'row urgent' : 'row'}>
              <div class="row-main">
                <a class="row-title" id={`a-${announcement.id}`} href={`/admin/announcements/${announcement.id}`}>
                  {announcement.title || '（没有标题）'}
                  <span>{shorten(announcement.text, 60)}</span>
                </a>
                <p class="row-facts">
                  <span>{announcement.byName} 写的</span>
                  <Time at={announcement.createdAt} now={now} />
                </p>
              </div>
            </li>
          ))}
        </ul>
      </Section>
      <Section id="s-unanswered" title="没答上来的问题" total={today.unanswered.total} more="/admin/unanswered">
        <ul class="rows">
          {today.unanswered.items.map((question) => (
            <li class="row">
              <div class="row-main">
                <a class="row-title" id={`u-${question.id}`} href={`/admin/unanswered#q-${question.id}`}>
                  <span class="typed">{shorten(question.question, 80)}</span>
                </a>
                <p class="row-facts">
                  <span>问了 {question.timesAsked} 次</span>
                  <Time at={question.lastAskedAt} now={now} />
                </p>
              </div>
            </li>
          ))}
        </ul>
      </Section>
    </div>
  )
}

const SOON_MS = 21 * 24 * 60 * 60 * 1000

/** Limits that end in a year whose holidays nobody has entered are only counted as the law has it. */
const CalendarNotice = ({ calendar, now }: { calendar: WorkCalendar; now: Date }) => {
  const soon = new Date(now.getTime() + SOON_MS)
  if (!isProvisional(soon, calendar)) return null
  return <p class="notice">{toLocalDay(soon).slice(0, 4)} 年的放假和调休还没有写进 knowledge/holidays.yaml，到期的日子先按法定放假日算。国务院的通知出来后请照着改。</p>
}

const Week = ({ week }: { week: WeekFigures }) => (
  <section class="figures" aria-labelledby="s-week">
    <h2 id="s-week">最近七天</h2>
    <dl>
      <div>
        <dt>新工单</dt>
        <dd>{week.newRequests}</dd>
      </div>
      <div>
        <dt>办结</dt>
        <dd>{week.resolved}</dd>
      </div>
      <div>
        <dt>还没办完</dt>
        <dd>{week.open}</dd>
      </div>
      <div>
        <dt>居民打分</dt>
        <dd>{week.rating === null ? '还没有' : `${week.rating.toFixed(1)} 分`}</dd>
      </div>
      <div>
        <dt>收到消息</dt>
        <dd>{week.messages}</dd>
      </div>
      <div>
        <dt>新志愿者</dt>
        <dd>{week.newVolunteers}</dd>
      </div>
    </dl>
  </section>
)

const isTroubled = (channel: ChannelView): boolean => ['needs_login', 'degraded', 'banned', 'stopped'].includes(channel.status.state)

/** The day's work: what somebody has to do now, most urgent first. */
export function addToday(app: Hono<AdminEnv>, options: AdminServices): void {
  const readBoard = async (c: AdminContext): Promise<Board> => {
    const { staff, csrfToken } = c.get('session')
    const bounds = boxBounds(options, staff)
    const [alerts, today, notices, held] = await Promise.all([listOpenAlerts(options.store), readToday(options.store, { staffId: staff.id, ...bounds }), listStaffNotices(options.store, staff.id), readHeld(options.store)])
    return { alerts, today, notices, held, bounds, troubled: options.channels().filter(isTroubled), csrf: csrfToken, options }
  }

  app.get('/', async (c) => {
    const [board, week, backups] = await Promise.all([readBoard(c), readWeek(options.store, options.now()), options.backups()])
    const answerer = options.answererState()
    return renderPage(
      c,
      options,
      { title: '今日工作', section: '/admin' },
      <>
        <h1>今日工作</h1>
        {answerer.isComplete ? null : <p class="notice">{answerer.detail}</p>}
        <CalendarNotice calendar={options.deadlines.calendar} now={board.bounds.now} />
        <BackupNotice backups={backups} now={board.bounds.now} />
        <BoardView board={board} />
        <Week week={week} />
        <BackupLine backups={backups} now={board.bounds.now} />
      </>,
    )
  })

  app.get('/today/board', async (c) => renderPart(c, <BoardView board={await readBoard(c)} />))
}
