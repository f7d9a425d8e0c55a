import type { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { readToday, readWeek, type Today, type WeekFigures } from '../../store/dashboard.ts'
import type { RequestRow as RequestRecord } from '../../store/request-board.ts'
import { shorten } from './format.ts'
import { renderPage, renderPart } from './layout.tsx'
import type { AdminContext, AdminEnv, AdminServices, ChannelView } from './options.ts'
import { Empty, RequestRow, Time, Token } from './parts.tsx'
import { CHANNEL_STATE_NAMES, channelName } from './words.ts'

interface Board {
  today: Today
  troubled: ChannelView[]
  csrf: string
  options: AdminServices
}

/** One heap of work; nothing where there is none. */
const Section = ({ id, title, total, more, children }: { id: string; title: string; total: number; more?: string; children?: Child }) =>
  total === 0 ? null : (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>
        {title} <span class="total">{total}</span>
      </h2>
      {children}
      {more !== undefined && total > 5 ? (
        <p class="more">
          <a href={more}>看全部 {total} 件</a>
        </p>
      ) : null}
    </section>
  )

const Emergency = ({ request, board }: { request: RequestRecord; board: Board }) => (
  <li class="row urgent">
    <div class="row-main">
      <a class="row-title" id={`emergency-${request.number}`} href={`/admin/requests/${request.number}`}>
        {request.category}
        <span class="typed">{shorten(request.description, 120)}</span>
      </a>
      <p class="row-facts">
        <span class="number">{request.number}</span>
        {request.address ? <span class="typed">{request.address}</span> : null}
        <Time at={request.createdAt} now={board.options.now()} />
      </p>
    </div>
    <form method="post" action={`/admin/requests/${request.id}/acknowledge`} class="row-side">
      <Token csrf={board.csrf} />
      <input type="hidden" name="back" value="today" />
      <button type="submit" class="alarm" id={`seen-${request.number}`}>
        确认收到
      </button>
    </form>
  </li>
)

const BoardView = ({ board }: { board: Board }) => {
  const { today, troubled, options } = board
  const now = options.now()
  const list = (name: string, items: RequestRecord[]) => (
    <ul class="rows">
      {items.map((request) => (
        <RequestRow request={request} areas={options.areas} now={now} list={name} />
      ))}
    </ul>
  )
  const isQuiet = troubled.length === 0 && [today.emergencies, today.fresh, today.unhelped, today.overdue, today.waiting, today.mine, today.volunteers, today.announcements, today.unanswered].every((part) => part.total === 0)
  return (
    <div id="board" hx-get="/admin/today/board" hx-trigger="every 20s" hx-swap="outerHTML">
      {today.emergencies.total > 0 ? (
        <section class="card emergency" aria-labelledby="s-emergency" role="alert">
          <h2 id="s-emergency">
            紧急情况，还没有人确认 <span class="total">{today.emergencies.total}</span>
          </h2>
          <ul class="rows">
            {today.emergencies.items.map((request) => (
              <Emergency request={request} board={board} />
            ))}
          </ul>
        </section>
      ) : null}
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
      <Section id="s-overdue" title="超时了" total={today.overdue.total} more="/admin/requests?status=overdue">
        {list('overdue', today.overdue.items)}
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
                  <span>{announcement.by} 写的</span>
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
    return { today: await readToday(options.store, { staffId: staff.id, now: options.now() }), troubled: options.channels().filter(isTroubled), csrf: csrfToken, options }
  }

  app.get('/', async (c) => {
    const [board, week] = await Promise.all([readBoard(c), readWeek(options.store, options.now())])
    const answerer = options.answererState()
    return renderPage(
      c,
      options,
      { title: '今日工作', section: '/admin' },
      <>
        <h1>今日工作</h1>
        {answerer.isComplete ? null : <p class="notice">{answerer.detail}</p>}
        <BoardView board={board} />
        <Week week={week} />
      </>,
    )
  })

  app.get('/today/board', async (c) => renderPart(c, <BoardView board={await readBoard(c)} />))
}
