import type { Hono, MiddlewareHandler } from 'hono'
import { staffActor } from '../../../desk/actor.ts'
import { setArea } from '../../../desk/staff/set-area.ts'
import type { Area } from '../../../domain/services.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { disableStaff } from '../../../desk/staff/disable-staff.ts'
import type { RequestRecord } from '../../../store/requests/requests.ts'
import { addStaff, findStaff, isStaffRole, listStaff, resetPassword, setStaffDisabled, STAFF_ROLES, type StaffRecord } from '../../../store/staff/staff.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { areaChoices, Choice, Tag, Time, Token } from '../parts/parts.tsx'
import { ROLE_NAMES } from '../parts/words.ts'

interface State {
  problem?: string
  status?: 409 | 422
  /** Shown this once. */
  handed?: { user: string; password: string }
  typed?: { user: string; name: string; role: string }
  /** Who is to be shut out and still has requests. */
  leaving?: { person: StaffRecord; requests: RequestRecord[] }
}

const AreaForm = ({ person, areas, csrf }: { person: StaffRecord; areas: readonly Area[]; csrf: string }) => (
  <form class="inline" method="post" action={`/admin/people/${person.user}/area`}>
    <Token csrf={csrf} />
    <Choice name="area" id={`area-${person.user}`} label={`${person.name}负责哪里`} value={person.areaCode ?? ''} options={areaChoices(areas, '不分地方')} />
    <button type="submit" aria-label={`保存${person.name}负责的地方`}>
      保存
    </button>
  </form>
)

const Person = ({ person, areas, csrf, me, now }: { person: StaffRecord; areas: readonly Area[]; csrf: string; me: StaffRecord; now: Date }) => {
  const isDisabled = person.disabledAt !== null
  return (
    <li class="row">
      <div class="row-main">
        <b>{person.name}</b>
        <p class="row-facts">
          <span>{person.user}</span>
          <span>{ROLE_NAMES[person.role]}</span>
          <span>
            <Time at={person.createdAt} now={now} /> 添加
          </span>
        </p>
        {isDisabled ? null : <AreaForm person={person} areas={areas} csrf={csrf} />}
      </div>
      <div class="row-side">
        {isDisabled ? <Tag tone="off">已停用</Tag> : person.mustChangePassword ? <Tag tone="wait">还没改初始密码</Tag> : <Tag tone="done">在用</Tag>}
        {person.id === me.id ? null : (
          <div class="buttons">
            {isDisabled ? null : (
              <form method="post" action={`/admin/people/${person.user}/reset`}>
                <Token csrf={csrf} />
                <button type="submit" aria-label={`重置 ${person.name} 的密码`}>
                  重置密码
                </button>
              </form>
            )}
            <form method="post" action={`/admin/people/${person.user}/${isDisabled ? 'enable' : 'disable'}`}>
              <Token csrf={csrf} />
              <button type="submit" aria-label={`${isDisabled ? '恢复' : '停用'} ${person.name}`}>
                {isDisabled ? '恢复' : '停用'}
              </button>
            </form>
          </div>
        )}
      </div>
    </li>
  )
}

/** What somebody who is to be shut out still has, and the question who gets it. */
const HandOver = ({ person, requests, people, csrf }: { person: StaffRecord; requests: RequestRecord[]; people: StaffRecord[]; csrf: string }) => {
  const colleagues = people.filter(({ id, disabledAt }) => id !== person.id && disabledAt === null)
  return (
    <section class="card once" role="status" aria-labelledby="s-leaving">
      <h2 id="s-leaving">{person.name} 手上还有 {requests.length} 件没办完</h2>
      <ul>
        {requests.map((request) => (
          <li>
            <a href={`/admin/requests/${request.number}`}>
              {request.category} <span class="number">{request.number}</span>
            </a>
          </li>
        ))}
      </ul>
      <form class="stack" method="post" action={`/admin/people/${person.user}/disable`}>
        <Token csrf={csrf} />
        <Choice name="to" label="交给谁" value="" options={[{ value: '', label: '先不交给谁（放到“没人负责”）' }, ...colleagues.map(({ user, name }) => ({ value: user, label: name }))]} />
        <button type="submit" class="primary">
          停用 {person.name}，把这些交出去
        </button>
      </form>
    </section>
  )
}

async function renderPeople(c: AdminContext, options: AdminServices, state: State = {}): Promise<Response> {
  const people = await listStaff(options.store)
  const { csrfToken, staff } = c.get('session')
  const typed = state.typed ?? { user: '', name: '', role: 'staff' }
  return renderPage(
    c,
    options,
    { title: '人员', section: '/admin/people', ...(state.problem !== undefined && { problem: state.problem, status: state.status ?? 422 }) },
    <>
      <h1>人员</h1>
      {state.leaving ? <HandOver {...state.leaving} people={people} csrf={csrfToken} /> : null}
      {state.handed ? (
        <section class="card once" role="status">
          <p>
            {state.handed.user} 的一次性密码：<b class="code">{state.handed.password}</b>
          </p>
          <p>只在这里显示一次，请现在抄下来当面交给他。他第一次登录时要换成自己的密码。</p>
        </section>
      ) : null}
      <ul class="rows card">
        {people.map((person) => (
          <Person person={person} areas={options.areas} csrf={csrfToken} me={staff} now={options.now()} />
        ))}
      </ul>
      <section class="card" aria-labelledby="s-add">
        <h2 id="s-add">添加一位同事</h2>
        <form class="stack" method="post" action="/admin/people">
          <Token csrf={csrfToken} />
          <div class="field">
            <label for="user">用户名（登录用）</label>
            <input id="user" name="user" value={typed.user} required maxlength={32} autocomplete="off" autocapitalize="none" spellcheck={false} aria-describedby="user-hint" />
            <p class="hint" id="user-hint">
              2 到 32 个字：字母、数字、汉字，也可以有 . _ -
            </p>
          </div>
          <div class="field">
            <label for="name">姓名（居民和同事看到的）</label>
            <input id="name" name="name" value={typed.name} maxlength={30} autocomplete="off" />
          </div>
          <Choice name="role" label="角色" value={typed.role} options={STAFF_ROLES.toReversed().map((role) => ({ value: role, label: role === 'admin' ? '管理员（还能管人员）' : ROLE_NAMES[role] }))} />
          <button type="submit" class="primary">
            添加
          </button>
        </form>
      </section>
    </>,
  )
}

/** Staff: only for administrators. */
export function addPeople(app: Hono<AdminEnv>, options: AdminServices): void {
  const { store, now } = options
  const onlyAdmins: MiddlewareHandler<AdminEnv> = async (c, next) => {
    if (c.get('session').staff.role === 'admin') return next()
    return renderPage(
      c,
      options,
      { title: '人员', section: '', status: 403 },
      <>
        <h1>人员</h1>
        <p>这一页只有管理员能看。</p>
      </>,
    )
  }
  app.use('/people', onlyAdmins)
  app.use('/people/*', onlyAdmins)

  app.get('/people', (c) => renderPeople(c, options))

  app.post('/people', async (c) => {
    const form = c.get('form')
    const typed = { user: (form.get('user') ?? '').normalize('NFKC').trim().slice(0, 64), name: cleanTyped(form.get('name') ?? '', { longest: 30 }), role: form.get('role') ?? '' }
    if (!isStaffRole(typed.role)) return renderPeople(c, options, { problem: '请选一个角色。', typed })
    const result = await addStaff(store, { user: typed.user, name: typed.name, role: typed.role, by: c.get('session').staff.user, now: now() })
    switch (result.outcome) {
      case 'added':
        return renderPeople(c, options, { handed: { user: result.staff.user, password: result.oneTimePassword } })
      case 'user_exists':
        return renderPeople(c, options, { problem: `用户名“${typed.user}”已经有人用了，请换一个。`, status: 409, typed })
      case 'invalid_user':
        return renderPeople(c, options, { problem: '用户名只能有字母、数字、汉字和 . _ -，2 到 32 个字。', typed })
      default:
        return result satisfies never
    }
  })

  app.post('/people/:user/area', async (c) => {
    const result = await setArea(options, staffActor(c.get('session').staff), { user: c.req.param('user'), areaCode: c.get('form').get('area') ?? '' })
    if (result === 'not_found') return renderNotFound(c, options, '没有这位同事。')
    if (result === 'unknown_area') return renderPeople(c, options, { problem: '没有这个地方，请重新选。' })
    return redirectAfter(c, '/admin/people', result === 'changed' ? 'staff_area' : 'staff_unchanged')
  })

  app.post('/people/:user/:action', async (c) => {
    const { user, action } = c.req.param()
    const by = c.get('session').staff.user
    if (!(await findStaff(store, user)) || !['disable', 'enable', 'reset'].includes(action)) return renderNotFound(c, options, '没有这位同事。')
    if (user === by) return renderPeople(c, options, { problem: '不能对自己这样做。改密码请到“我的”。', status: 409 })
    if (action === 'reset') {
      const password = await resetPassword(store, { user, by, now: now() })
      return password === null ? renderNotFound(c, options, '没有这位同事。') : renderPeople(c, options, { handed: { user, password } })
    }
    if (action === 'disable') return disable(c, options, user)
    const result = await setStaffDisabled(store, { user, isDisabled: false, by, now: now() })
    return redirectAfter(c, '/admin/people', result === 'changed' ? 'staff_enabled' : 'staff_unchanged')
  })
}

async function disable(c: AdminContext, options: AdminServices, user: string): Promise<Response> {
  const form = c.get('form')
  const to = form.get('to')
  const result = await disableStaff(options.desk, staffActor(c.get('session').staff), { user, ...(to !== null && { handOverTo: to === '' ? null : to }) })
  switch (result.outcome) {
    case 'disabled':
      return redirectAfter(c, '/admin/people', 'staff_disabled')
    case 'has_requests': {
      const person = await findStaff(options.store, user)
      return person === null ? renderNotFound(c, options, '没有这位同事。') : renderPeople(c, options, { leaving: { person, requests: result.requests } })
    }
    case 'last_admin':
      return renderPeople(c, options, { problem: '这是最后一位管理员，不能停用。', status: 409 })
    case 'unknown_user':
    case 'disabled_user':
    case 'to_themselves':
      return renderPeople(c, options, { problem: '不能交给这位同事，请换一位。', status: 409 })
    case 'not_found':
      return renderNotFound(c, options, '没有这位同事。')
    case 'unchanged':
      return redirectAfter(c, '/admin/people', 'staff_unchanged')
    default:
      return result satisfies never
  }
}
