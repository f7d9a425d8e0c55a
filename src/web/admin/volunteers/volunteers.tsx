import type { Hono } from 'hono'
import { volunteerNotice } from '../../../dialog/text.ts'
import { GUARDIAN_CONFIRMS_BELOW } from '../../../domain/volunteers/guardians.ts'
import { formatLocalLong } from '../../../domain/time.ts'
import { areaName } from '../../../forms/areas.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { readHelpGiven } from '../../../store/volunteers/volunteer-search-board.ts'
import { pageVolunteers, readVolunteerGauge, type VolunteerGauge } from '../../../store/volunteers/volunteer-board.ts'
import { allowedVolunteerChanges, changeVolunteerStatus, findVolunteer, type VolunteerRecord, type VolunteerStatus } from '../../../store/volunteers/volunteers.ts'
import { codesWithin } from '../../../domain/areas.ts'
import { maskPhone } from '../parts/format.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { areaChoices, Choice, Empty, Fact, Pager, Tag, Time, Token } from '../parts/parts.tsx'
import { VOLUNTEER_STATUS_NAMES } from '../parts/words.ts'
import { addGuardiansWord, GuardiansWordCard, readGuardiansWord } from './guardian-word.tsx'

const LONGEST_NOTE = 300
const STATUSES = Object.keys(VOLUNTEER_STATUS_NAMES) as VolunteerStatus[]
const isVolunteerStatus = (value: string): value is VolunteerStatus => (STATUSES as string[]).includes(value)
const TONES = { pending: 'new', active: 'done', paused: 'wait', left: 'off' } as const
/** The guideline's clause 13: one in ten residents. */
const GOAL = 0.1

const VolunteerTag = ({ status }: { status: string }) => <Tag tone={TONES[status as VolunteerStatus]}>{VOLUNTEER_STATUS_NAMES[status as VolunteerStatus]}</Tag>

const skillsOf = (volunteer: VolunteerRecord): string => (volunteer.skills as string[]).join('、')
const isMinor = (volunteer: VolunteerRecord): boolean => volunteer.age !== null && volunteer.age < 18

const verb = (from: string, to: VolunteerStatus): string => {
  if (to === 'active') return from === 'pending' ? '通过' : '恢复'
  if (to === 'paused') return '先暂停'
  return from === 'pending' ? '不通过' : '让他退出'
}

const Gauge = ({ gauge, options }: { gauge: VolunteerGauge; options: AdminServices }) => {
  const share = gauge.people === 0 ? 0 : gauge.active / gauge.people
  return (
    <section class="card gauge" aria-labelledby="s-gauge">
      <h2 id="s-gauge">登记了多少志愿者</h2>
      <p>
        <b class="big">{gauge.active}</b> 位已通过，是用过邻里的 {gauge.people} 人的 {(share * 100).toFixed(share < 0.1 ? 1 : 0)}%。文件第十三条的目标是居民的 10%。
      </p>
      <meter min={0} max={1} value={Math.min(1, share / GOAL)} aria-label="离一成的目标有多近">
        {Math.round(share * 100)}%
      </meter>
      {gauge.byArea.length > 0 ? (
        <details>
          <summary>各个地方</summary>
          <ul class="plain-list">
            {gauge.byArea.map((group) => (
              <li>
                {group.areaCode === null ? '没说在哪' : areaName(group.areaCode, options.areas)}：{group.count} 位
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  )
}

async function renderList(c: AdminContext, options: AdminServices): Promise<Response> {
  const text = (name: string) => cleanTyped(c.req.query(name) ?? '', { longest: 100 })
  const query = { status: text('status'), area: text('area'), q: text('q') }
  const [page, gauge] = await Promise.all([
    pageVolunteers(
      options.store,
      {
        ...(isVolunteerStatus(query.status) && { status: query.status }),
        ...(query.area !== '' && { areaCodes: codesWithin(query.area, options.areas) }),
        ...(query.q !== '' && { search: query.q }),
      },
      Number(c.req.query('page') ?? 1),
    ),
    readVolunteerGauge(options.store),
  ])
  const now = options.now()
  return renderPage(
    c,
    options,
    { title: '志愿者', section: '/admin/volunteers' },
    <>
      <h1>志愿者</h1>
      <form class="filter" method="get" action="/admin/volunteers" hx-get="/admin/volunteers" hx-trigger="change" hx-target="#list" hx-select="#list" hx-swap="outerHTML" hx-push-url="true">
        <Choice name="status" label="状态" value={query.status} options={[{ value: '', label: '全部' }, ...STATUSES.map((status) => ({ value: status, label: VOLUNTEER_STATUS_NAMES[status] }))]} />
        <Choice name="area" label="地方" value={query.area} options={areaChoices(options.areas, '全部')} />
        <div class="field grow">
          <label for="f-q">找什么</label>
          <input id="f-q" name="q" type="search" value={query.q} maxlength={100} placeholder="编号、姓名、电话" />
        </div>
        <button type="submit">筛选</button>
      </form>
      <div id="list" aria-live="polite">
        {page.total === 0 ? (
          <Empty>这里没有志愿者。居民说“当志愿者”就能报名。</Empty>
        ) : (
          <>
            <ul class="rows card">
              {page.items.map((volunteer) => (
                <li class="row">
                  <div class="row-main">
                    <a class="row-title" href={`/admin/volunteers/${volunteer.number}`}>
                      <b class="typed">{volunteer.name}</b>
                      <span class="typed">{skillsOf(volunteer) || '没说会什么'}</span>
                    </a>
                    <p class="row-facts">
                      <span class="number">{volunteer.number}</span>
                      {volunteer.areaCode ? <span>{areaName(volunteer.areaCode, options.areas)}</span> : null}
                      <span>{maskPhone(volunteer.phone)}</span>
                      <Time at={volunteer.createdAt} now={now} />
                    </p>
                  </div>
                  <div class="row-side">
                    <VolunteerTag status={volunteer.status} />
                    {isMinor(volunteer) ? <Tag tone="wait">未成年</Tag> : null}
                  </div>
                </li>
              ))}
            </ul>
            <Pager of={page} path="/admin/volunteers" query={{ ...query }} unit="位" />
          </>
        )}
      </div>
      <Gauge gauge={gauge} options={options} />
    </>,
  )
}

async function renderDetail(c: AdminContext, options: AdminServices, volunteer: VolunteerRecord, { problem, code }: { problem?: string; code?: string } = {}): Promise<Response> {
  const phone = (value: string) => (
    <a class="phone" href={`tel:${value.replaceAll(/[^\d+]/g, '')}`}>
      {value}
    </a>
  )
  const changes = allowedVolunteerChanges(volunteer.status as VolunteerStatus)
  const [help, word] = await Promise.all([readHelpGiven(options.store, volunteer.id), readGuardiansWord(options, volunteer)])
  const links = (requests: { number: string; category: string }[]) =>
    requests.map(({ number, category }, index) => (
      <>
        {index === 0 ? '' : '、'}
        <a href={`/admin/requests/${number}`}>{category}</a>
      </>
    ))
  return renderPage(
    c,
    options,
    { title: volunteer.number, section: '/admin/volunteers', ...(problem !== undefined && { problem, status: 409 as const }) },
    <>
      <p class="crumb">
        <a href="/admin/volunteers">志愿者</a>
      </p>
      <header class="head">
        <h1>
          <span class="typed">{volunteer.name}</span> <span class="number">{volunteer.number}</span>
        </h1>
        <p class="tags">
          <VolunteerTag status={volunteer.status} />
        </p>
      </header>
      <div class="columns">
        <section class="card" aria-labelledby="s-facts">
          <h2 id="s-facts">登记的内容</h2>
          <dl class="facts">
            <Fact name="联系电话">{phone(volunteer.phone)}</Fact>
            <Fact name="年龄">{volunteer.age === null ? null : `${volunteer.age} 岁`}</Fact>
            <Fact name="监护人">{volunteer.guardianName ? <span class="typed">{volunteer.guardianName}</span> : null}</Fact>
            <Fact name="监护人电话">{volunteer.guardianPhone ? phone(volunteer.guardianPhone) : null}</Fact>
            <Fact name="地方">{volunteer.areaCode ? areaName(volunteer.areaCode, options.areas) : null}</Fact>
            <Fact name="会什么">
              <span class="typed">{skillsOf(volunteer)}</span>
            </Fact>
            <Fact name="什么时候有空">
              <span class="typed">{volunteer.availability}</span>
            </Fact>
            <Fact name="帮过邻居">
              {help.done} 次{help.asked > 0 ? `（问过 ${help.asked} 次）` : ''}
              {help.lately.length > 0 ? <>：{links(help.lately)}</> : null}
            </Fact>
            <Fact name="手上的事">{help.carrying.length > 0 ? <span>{links(help.carrying)}</span> : null}</Fact>
            <Fact name="报名时间">{formatLocalLong(volunteer.createdAt)}</Fact>
          </dl>
        </section>
        <GuardiansWordCard volunteer={volunteer} word={word} csrf={c.get('session').csrfToken} {...(code !== undefined && { code })} />
        <section class="card" aria-labelledby="s-change">
          <h2 id="s-change">办理</h2>
          {isMinor(volunteer) && volunteer.status === 'pending' ? <p class="notice">未成年人。请先打电话问过监护人，再通过。</p> : null}
          {changes.length === 0 ? (
            <Empty>已经退出了。想回来的话，请他自己再报名。</Empty>
          ) : (
            <form class="stack" method="post" action={`/admin/volunteers/${volunteer.id}/status`}>
              <Token csrf={c.get('session').csrfToken} />
              <div class="field">
                <label for="note">写给他的话（可以不写）</label>
                <textarea id="note" name="note" rows={2} maxlength={LONGEST_NOTE} aria-describedby="note-hint"></textarea>
                <p class="hint" id="note-hint">
                  {volunteer.conversationId === null ? '他没有可用的会话，通知不到，请打电话告诉他。' : '他会收到一条通知，只发一次。'}
                </p>
              </div>
              <div class="buttons">
                {changes.map((status) => (
                  <button type="submit" name="status" value={status} class={status === 'active' ? 'primary' : ''}>
                    {verb(volunteer.status, status)}
                  </button>
                ))}
              </div>
            </form>
          )}
        </section>
      </div>
    </>,
  )
}

/** Volunteers: list, detail, approval. */
export function addVolunteers(app: Hono<AdminEnv>, options: AdminServices): void {
  const missing = '没有这位志愿者，请核对编号。'
  addGuardiansWord(app, options, { missing, render: (c, volunteer, more) => renderDetail(c, options, volunteer, more) })
  app.get('/volunteers', (c) => renderList(c, options))

  app.get('/volunteers/:id', async (c) => {
    const volunteer = await findVolunteer(options.store, c.req.param('id'))
    return volunteer ? renderDetail(c, options, volunteer) : renderNotFound(c, options, missing)
  })

  app.post('/volunteers/:id/status', async (c) => {
    const form = c.get('form')
    const volunteer = await findVolunteer(options.store, c.req.param('id'))
    if (!volunteer) return renderNotFound(c, options, missing)
    const status = form.get('status') ?? ''
    if (!isVolunteerStatus(status)) return renderDetail(c, options, volunteer, { problem: '请选一个按钮。' })
    const note = cleanTyped(form.get('note') ?? '', { longest: LONGEST_NOTE })
    const result = await changeVolunteerStatus(options.store, { id: volunteer.id, status, by: c.get('session').staff.user, now: options.now(), notice: (row) => volunteerNotice(row, status, note) })
    switch (result.outcome) {
      case 'changed':
        options.wakeOutbox()
        return redirectAfter(c, `/admin/volunteers/${volunteer.number}`, 'volunteer_changed')
      case 'unchanged':
        return redirectAfter(c, `/admin/volunteers/${volunteer.number}`, 'volunteer_unchanged')
      case 'not_allowed':
        return renderDetail(c, options, volunteer, { problem: `现在是“${VOLUNTEER_STATUS_NAMES[result.from]}”，不能这样改。` })
      case 'needs_guardian':
        return renderDetail(c, options, volunteer, { problem: `不满 ${GUARDIAN_CONFIRMS_BELOW} 岁，要监护人自己说了同意才能通过。` })
      case 'not_found':
        return renderNotFound(c, options, missing)
      default:
        return result satisfies never
    }
  })
}
