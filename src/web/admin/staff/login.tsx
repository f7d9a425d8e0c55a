import type { Hono } from 'hono'
import { endSession, startSession } from '../../../store/staff/sessions.ts'
import { verifyLogin } from '../../../store/staff/staff.ts'
import { callerOf } from '../../caller/caller.ts'
import { formatWait } from '../../wait.ts'
import { clearSessionCookie, loginToken, readLoginFlash, readLoginForm, redirectAfter, setSessionCookie } from '../parts/guard.ts'
import { renderBare } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Token } from '../parts/parts.tsx'

/** Only pages of our own: a link that brings somebody here must not carry them elsewhere afterwards. */
function safeNext(next: string | null | undefined): string {
  return next != null && /^\/admin(?:[/?][\w\-./?=&%]*)?$/.test(next) && !next.includes('//') && !next.startsWith('/admin/log') ? next : '/admin'
}

function renderLogin(c: AdminContext, options: AdminServices, state: { user: string; next: string; problem: string; flash: string; status: 200 | 401 | 403 | 429 }): Promise<Response> {
  return renderBare(
    c,
    options,
    { title: '登录', status: state.status },
    <div class="login">
      <h1>
        邻里<span>社区工作台</span>
      </h1>
      {state.flash ? (
        <p class="flash" role="status">
          {state.flash}
        </p>
      ) : null}
      {state.problem ? (
        <p class="problem" role="alert">
          {state.problem}
        </p>
      ) : null}
      <form method="post" action="/admin/login" class="stack">
        <Token csrf={loginToken(c)} />
        {state.next === '/admin' ? null : <input type="hidden" name="next" value={state.next} />}
        <div class="field">
          <label for="user">用户名</label>
          <input id="user" name="user" value={state.user} autocomplete="username" autocapitalize="none" spellcheck={false} required maxlength={64} autofocus={state.user === ''} />
        </div>
        <div class="field">
          <label for="password">密码</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required maxlength={200} autofocus={state.user !== ''} />
        </div>
        <button type="submit" class="primary wide">
          登录
        </button>
      </form>
      <p class="hint">忘了密码，请找管理员重置。</p>
    </div>,
  )
}

/** Log-in; open to everybody. */
export function addLogin(app: Hono<AdminEnv>, options: AdminServices): void {
  const { store, now } = options

  app.get('/login', (c) => renderLogin(c, options, { user: '', next: safeNext(c.req.query('next')), problem: '', flash: readLoginFlash(c), status: 200 }))

  app.post('/login', async (c) => {
    const form = await readLoginForm(c)
    if (form === null) return renderLogin(c, options, { user: '', next: '/admin', problem: '这一页放得太久了，请再登录一次。', flash: '', status: 403 })
    const user = (form.get('user') ?? form.get('username') ?? '').normalize('NFKC').trim().slice(0, 64)
    const next = safeNext(form.get('next'))
    const { address, counted } = callerOf(c)
    const result = await verifyLogin(store, { user, password: form.get('password') ?? '', address: counted, now: now() })
    switch (result.outcome) {
      case 'ok':
        // A new token each time: one that was planted before the log-in is worth nothing after it.
        setSessionCookie(c, await startSession(store, { staff: result.staff, address, now: now() }))
        return c.redirect(result.staff.mustChangePassword ? '/admin/own/password' : next, 303)
      case 'wrong':
        return renderLogin(c, options, { user, next, problem: '用户名或密码不对，请再试一次。', flash: '', status: 401 })
      case 'throttled':
        options.log.warn({ fault: 'log-in-throttled', address }, 'Too many wrong passwords came from one address or for one user: log-in is held back for a while and opens again by itself. If it was none of your people, block the address.')
        c.header('Retry-After', String(Math.ceil(result.waitMs / 1000)))
        return renderLogin(c, options, { user, next, problem: `试错太多次了，请过 ${formatWait(result.waitMs)}再试。`, flash: '', status: 429 })
      default:
        return result satisfies never
    }
  })
}

/** Log-out; behind the guard. */
export function addLogout(app: Hono<AdminEnv>, options: AdminServices): void {
  app.post('/logout', async (c) => {
    await endSession(options.store, c.get('session'), options.now())
    clearSessionCookie(c)
    return redirectAfter(c, '/admin/login', 'logged_out')
  })
}
