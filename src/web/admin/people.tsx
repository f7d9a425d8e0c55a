import type { Hono, MiddlewareHandler } from 'hono'
import { cleanTyped } from '../../language/clean.ts'
import { addStaff, findStaff, isStaffRole, listStaff, resetPassword, setStaffDisabled, STAFF_ROLES, type StaffRecord } from '../../store/staff.ts'
import { redirectAfter } from './guard.ts'
import { renderPage } from './layout.tsx'
import { renderNotFound } from './not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from './options.ts'
import { Choice, Tag, Time, Token } from './parts.tsx'
import { ROLE_NAMES } from './words.ts'

interface State {
  problem?: string
  status?: 409 | 422
  /** Shown this once. */
  handed?: { user: string; password: string }
  typed?: { user: string; name: string; role: string }
}

const Person = ({ person, csrf, me, now }: { person: StaffRecord; csrf: string; me: StaffRecord; now: Date }) => {
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
          <Person person={person} csrf={csrfToken} me={staff} now={options.now()} />
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

  app.post('/people/:user/:action', async (c) => {
    const { user, action } = c.req.param()
    const by = c.get('session').staff.user
    if (!(await findStaff(store, user)) || !['disable', 'enable', 'reset'].includes(action)) return renderNotFound(c, options, '没有这位同事。')
    if (user === by) return renderPeople(c, options, { problem: '不能对自己这样做。改密码请到“我的”。', status: 409 })
    if (action === 'reset') {
      const password = await resetPassword(store, { user, by, now: now() })
      return password === null ? renderNotFound(c, options, '没有这位同事。') : renderPeople(c, options, { handed: { user, password } })
    }
    const isDisabled = action === 'disable'
    const result = await setStaffDisabled(store, { user, isDisabled, by, now: now() })
    if (result === 'last_admin') return renderPeople(c, options, { problem: '这是最后一位管理员，不能停用。', status: 409 })
    return redirectAfter(c, '/admin/people', result === 'changed' ? (isDisabled ? 'staff_disabled' : 'staff_enabled') : 'staff_unchanged')
  })
}
