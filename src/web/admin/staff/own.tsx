import type { Hono } from 'hono'
import { formatLocalLong } from '../../../domain/time.ts'
import { listStaffLogins, unbindStaffLogin } from '../../../store/channels/channel-board.ts'
import { createStaffCode } from '../../../store/staff/codes.ts'
import { SHORTEST_PASSWORD } from '../../../store/staff/passwords.ts'
import { changePassword, type ChangePasswordResult } from '../../../store/staff/staff.ts'
import { formatWait } from '../../wait.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Empty, Token } from '../parts/parts.tsx'
import { channelName, ROLE_NAMES } from '../parts/words.ts'

const PasswordForm = ({ csrf, user }: { csrf: string; user: string }) => (
  <form class="stack" method="post" action="/admin/own/password">
    <Token csrf={csrf} />
    <input class="hidden" name="username" value={user} autocomplete="username" tabindex={-1} readonly aria-hidden="true" />
    <div class="field">
      <label for="current">现在的密码</label>
      <input id="current" name="current" type="password" autocomplete="current-password" required maxlength={200} />
    </div>
    <div class="field">
      <label for="next">新密码</label>
      <input id="next" name="next" type="password" autocomplete="new-password" required minlength={SHORTEST_PASSWORD} maxlength={200} aria-describedby="next-hint" />
      <p class="hint" id="next-hint">
        至少 {SHORTEST_PASSWORD} 个字，别用名字、生日。几个不相干的词连起来又长又好记。
      </p>
    </div>
    <div class="field">
      <label for="again">新密码再写一遍</label>
      <input id="again" name="again" type="password" autocomplete="new-password" required maxlength={200} />
    </div>
    <button type="submit" class="primary">
      换密码
    </button>
  </form>
)

function explainPasswordProblem(result: Exclude<ChangePasswordResult, 'changed'>): string {
  if (typeof result === 'object') return `试错太多次了，请过 ${formatWait(result.waitMs)}再试。`
  const sentences = {
    wrong_password: '现在的密码不对，请再试一次。',
    too_short: `新密码太短了，至少 ${SHORTEST_PASSWORD} 个字。`,
    too_long: '新密码太长了，最多 200 个字。',
    too_easy: '新密码太好猜了：不要只在用户名上加几个字，也不要只用几个一样的字。',
    same_password: '新密码和现在的一样，请换一个。',
  }
  return sentences[result]
}

/** One's own account: password, and the code that binds a chat log-in. */
export function addOwn(app: Hono<AdminEnv>, options: AdminServices): void {
  const { store, now } = options

  const renderOwn = async (c: AdminContext, state: { problem?: string; code?: string } = {}): Promise<Response> => {
    const { staff, csrfToken } = c.get('session')
    const logins = await listStaffLogins(store, staff.id)
    return renderPage(
      c,
      options,
      { title: '我的', section: '/admin/own', ...(state.problem !== undefined && { problem: state.problem, status: 422 as const }) },
      <>
        <h1>我的</h1>
        <p class="lead">
          {staff.name}（{staff.user}），{ROLE_NAMES[staff.role]}
        </p>
        <div class="columns">
          <section class="card stack" aria-labelledby="s-bind">
            <h2 id="s-bind">在聊天里办公</h2>
            <p class="hint">绑定以后，邻里在聊天里就认得您是工作人员。</p>
            {state.code === undefined ? null : (
              <div class="once" role="status">
                <p>
                  绑定码：<b class="code">{state.code}</b>
                </p>
                <p>30 分钟内，在和邻里的私聊里写：绑定 {state.code}。只能用一次，别发到群里，也别给别人。</p>
              </div>
            )}
            <form method="post" action="/admin/own/code">
              <Token csrf={csrfToken} />
              <button type="submit">生成绑定码</button>
            </form>
            <h3>已经绑定的</h3>
            {logins.length === 0 ? (
              <Empty>还没有绑定。</Empty>
            ) : (
              <ul class="rows">
                {logins.map((login) => (
                  <li class="row">
                    <div class="row-main">
                      <span>
                        {channelName(login.channel)} <span class="typed">{login.person.nickname}</span>
                      </span>
                      <p class="row-facts">
                        <span>{formatLocalLong(login.createdAt)} 第一次来</span>
                      </p>
                    </div>
                    <form class="row-side" method="post" action={`/admin/own/logins/${login.id}/unbind`}>
                      <Token csrf={csrfToken} />
                      <button type="submit" aria-label={`解绑 ${channelName(login.channel)}`}>
                        解绑
                      </button>
                    </form>
                  </li>
                ))}
              </ul>
            )}
          </section>
          <section class="card" aria-labelledby="s-password">
            <h2 id="s-password">换密码</h2>
            <PasswordForm csrf={csrfToken} user={staff.user} />
          </section>
        </div>
      </>,
    )
  }

  const renderPassword = (c: AdminContext, problem?: string): Promise<Response> => {
    const { staff, csrfToken } = c.get('session')
    return renderPage(
      c,
      options,
      { title: '换密码', section: '/admin/own', ...(problem !== undefined && { problem, status: 422 as const }) },
      <>
        <h1>换密码</h1>
        {staff.mustChangePassword ? <p class="notice">您用的是一次性密码，先换成自己的，再开始办公。</p> : null}
        <section class="card narrow">
          <PasswordForm csrf={csrfToken} user={staff.user} />
        </section>
      </>,
    )
  }

  app.get('/own', (c) => renderOwn(c))
  app.get('/own/password', (c) => renderPassword(c))

  app.post('/own/password', async (c) => {
    const form = c.get('form')
    const { staff, id } = c.get('session')
    const next = form.get('next') ?? ''
    if (next !== form.get('again')) return renderPassword(c, '两遍新密码不一样，请再写一次。')
    const result = await changePassword(store, { staffId: staff.id, current: form.get('current') ?? '', next, keepSessionId: id, now: now() })
    return result === 'changed' ? redirectAfter(c, staff.mustChangePassword ? '/admin' : '/admin/own', 'password_changed') : renderPassword(c, explainPasswordProblem(result))
  })

  app.post('/own/code', async (c) => {
    const code = await createStaffCode(store, { user: c.get('session').staff.user, now: now() })
    return renderOwn(c, code === null ? { problem: '您的账号停用了，请找管理员。' } : { code })
  })

  app.post('/own/logins/:id/unbind', async (c) => {
    const { staff } = c.get('session')
    await unbindStaffLogin(store, { id: c.req.param('id'), staffId: staff.id, by: staff.user, now: now() })
    return redirectAfter(c, '/admin/own', 'login_unbound')
  })
}
