import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addStaff, setStaffDisabled } from '../../../../src/store/staff/staff.ts'
import { ADMIN, FormClient, residentTurn, startAdmin, type AdminFixture } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient

beforeEach(async () => {
  fixture = await startAdmin()
  client = new FormClient(fixture.url)
})
afterEach(() => fixture.close())

const later = (minutes: number) => {
  fixture.clock.now = new Date(fixture.clock.now.getTime() + minutes * 60_000)
}

describe('logging in', () => {
  it('the right password opens the day\'s work; the cookie is httpOnly, strict, and stored only as a digest', async () => {
    await client.get('/admin/login')
    const answer = await client.post('/admin/login', ADMIN, { follow: false })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/admin')
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('linli_staff=')) ?? ''
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect(cookie).toMatch(/Path=\/admin/)
    expect(cookie).not.toMatch(/Secure/)
    const session = await fixture.store.read.staffSession.findFirstOrThrow()
    expect(session.id).toMatch(/^[0-9a-f]{64}$/)
    expect(cookie).not.toContain(session.id)
    expect((await client.get('/admin')).text).toContain('今日工作')
  })

  it('the cookie is Secure where the proxy speaks https', async () => {
    const headers = { 'X-Forwarded-Proto': 'https' }
    await client.get('/admin/login', headers)
    const answer = await client.post('/admin/login', ADMIN, { follow: false, headers })
    expect(answer.headers.getSetCookie().find((line) => line.startsWith('__Host-linli_staff='))).toMatch(/Path=\/; HttpOnly; Secure; SameSite=Strict/)
    expect((await client.get('/admin', headers)).text).toContain('今日工作')
    // A cookie of another host of the same domain can't have this name, and without it is none of ours.
    expect((await fetch(`${fixture.url}/admin`, { redirect: 'manual', headers: { ...headers, Cookie: `linli_staff=${client.cookies.get('__Host-linli_staff') ?? ''}` } })).status).toBe(303)
    await client.post('/admin/logout', {}, { headers, follow: false })
    expect([...client.cookies.keys()]).not.toContain('__Host-linli_staff')
  })

  it('a plain post by a program that never fetched the form works', async () => {
    expect((await client.post('/admin/login', ADMIN, { csrf: null })).text).toContain('今日工作')
  })

  it('a form that another site sends is refused', async () => {
    await client.get('/admin/login')
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'null' }]) {
      expect((await client.post('/admin/login', ADMIN, { headers, follow: false })).status).toBe(403)
    }
    expect((await client.post('/admin/login', ADMIN, { csrf: 'made-up', follow: false })).status).toBe(403)
    expect(await fixture.store.read.staffSession.count()).toBe(0)
  })

  it('a wrong password, an unknown user and a disabled one read the same', async () => {
    await addStaff(fixture.store, { user: 'zhangwei', role: 'staff', now: fixture.clock.now })
    await setStaffDisabled(fixture.store, { user: 'zhangwei', isDisabled: true, by: ADMIN.user, now: fixture.clock.now })
    const problems: string[] = []
    for (const user of [ADMIN.user, 'nobody', 'zhangwei']) {
      const answer = await client.logIn(user, 'not the password')
      expect(answer.status).toBe(401)
      problems.push(/role="alert">([^<]*)/.exec(answer.text)?.[1]?.trim() ?? '')
    }
    expect(new Set(problems)).toEqual(new Set(['用户名或密码不对，请再试一次。']))
  })

  it('after five failures even the right password waits, says how long, and the database remembers it', async () => {
    for (let failure = 0; failure < 5; failure += 1) expect((await client.logIn(ADMIN.user, 'wrong')).status).toBe(401)
    const refused = await client.logIn()
    expect(refused.status).toBe(429)
    expect(refused.text).toContain('请过 30 秒再试')
    expect(Number(refused.headers.get('retry-after'))).toBe(30)
    expect(await fixture.store.read.failedAttempt.findUnique({ where: { key: `login:user:${ADMIN.user}` } })).toMatchObject({ count: 5 })
    later(1)
    expect((await client.logIn()).text).toContain('今日工作')
    expect(await fixture.store.read.failedAttempt.count({ where: { key: `login:user:${ADMIN.user}` } })).toBe(0)
  })

  it('twenty tries at once get no more through than five', async () => {
    await client.get('/admin/login')
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.post('/admin/login', { user: ADMIN.user, password: 'wrong' }, { follow: false })))
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5)
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(15)
  })

  it('one address that tries many users is shut out too', async () => {
    for (let failure = 0; failure < 30; failure += 1) await client.logIn(`user${failure}`, 'wrong')
    expect((await client.logIn()).status).toBe(429)
  })

  it('goes on to the page that was asked for, but never to another site', async () => {
    expect((await client.get('/admin/requests?status=all')).text).toContain('name="next" value="/admin/requests?status=all"')
    const answer = await client.post('/admin/login', { ...ADMIN, next: '/admin/requests?status=all' }, { follow: false })
    expect(answer.headers.get('location')).toBe('/admin/requests?status=all')
    for (const next of ['https://evil.example/', '//evil.example', '/admin//evil.example', '/', '/admin/../..//evil.example']) {
      const other = new FormClient(fixture.url)
      expect((await other.post('/admin/login', { ...ADMIN, next }, { csrf: null, follow: false })).headers.get('location')).toBe('/admin')
    }
  })
})

describe('being logged in', () => {
  it('ends after twelve hours, and at once at log-out', async () => {
    await client.logIn()
    later(12 * 60 - 1)
    expect((await client.get('/admin/requests')).text).toContain('<h1>工单</h1>')
    later(2)
    expect((await client.get('/admin/requests')).text).toContain('id="password"')

    await client.logIn()
    await client.get('/admin')
    const token = client.cookies.get('linli_staff') ?? ''
    expect((await client.post('/admin/logout', {})).text).toContain('您已经退出登录')
    client.cookies.set('linli_staff', token)
    expect((await client.get('/admin')).text).toContain('id="password"')
  })

  it('every log-in has a token of its own', async () => {
    await client.logIn()
    const first = client.cookies.get('linli_staff')
    await client.logIn()
    expect(client.cookies.get('linli_staff')).not.toBe(first)
  })

  it('a post needs the session\'s token and our own origin', async () => {
    await residentTurn(fixture, { request: {} })
    const { id } = await fixture.store.read.serviceRequest.findFirstOrThrow()
    await client.logIn()
    const { csrf } = client
    const other = new FormClient(fixture.url)
    await other.logIn()
    const change = { status: 'accepted', note: '' }
    for (const wrong of [null, 'x', other.csrf]) expect((await client.post(`/admin/requests/${id}/status`, change, { csrf: wrong })).status).toBe(403)
    expect((await client.post(`/admin/requests/${id}/status`, change, { csrf, headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403)
    expect((await client.post(`/admin/requests/${id}/status`, change, { csrf, headers: { 'Content-Type': 'text/plain' } })).status).toBe(403)
    expect((await fixture.store.read.serviceRequest.findFirstOrThrow()).status).toBe('submitted')
    await client.post(`/admin/requests/${id}/status`, change, { csrf, headers: { Origin: fixture.url } })
    expect((await fixture.store.read.serviceRequest.findFirstOrThrow()).status).toBe('accepted')
  })

  it('pages are not cached, framed or scripted from elsewhere', async () => {
    const { headers } = await client.logIn()
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self'.*frame-ancestors 'none'/)
    expect(headers.get('x-frame-options')).toBe('DENY')
  })
})

describe('a one-time password', () => {
  it('opens nothing but the page where it is changed', async () => {
    const added = await addStaff(fixture.store, { user: 'zhangwei', name: '张伟', role: 'staff', now: fixture.clock.now })
    const password = added.outcome === 'added' ? added.oneTimePassword : ''
    expect((await client.logIn('zhangwei', password)).text).toContain('您用的是一次性密码')
    expect((await client.get('/admin/requests')).text).toContain('您用的是一次性密码')
    const fill = (current: string, next: string, again = next) => client.post('/admin/own/password', { current, next, again })
    expect((await fill(password, 'short')).text).toContain('太短了')
    expect((await fill(password, 'zhangwei2026')).text).toContain('太好猜了')
    expect((await fill(password, 'aaaaaaaaaaaaa')).text).toContain('太好猜了')
    expect((await fill(password, 'three calm rivers', 'three calm river')).text).toContain('两遍新密码不一样')
    expect((await fill('wrong', 'three calm rivers')).text).toContain('现在的密码不对')
    expect((await fill(password, password)).text).toContain('和现在的一样')
    const changed = await fill(password, 'three calm rivers')
    expect(changed.text).toContain('密码改好了')
    expect(changed.text).toContain('<h1>今日工作</h1>')
    expect((await new FormClient(fixture.url).logIn('zhangwei', password)).status).toBe(401)
    expect((await new FormClient(fixture.url).logIn('zhangwei', 'three calm rivers')).text).toContain('今日工作')
  })

  it('is shown once where it was made, and the person\'s other sessions end when it is reset', async () => {
    await client.logIn()
    const added = await client.post('/admin/people', { user: 'zhangwei', name: '张伟', role: 'staff' })
    const password = /class="code">([^<]+)/.exec(added.text)?.[1] ?? ''
    expect(password).toMatch(/^[a-z2-9]{14}$/)
    expect((await client.get('/admin/people')).text).not.toContain(password)
    const colleague = new FormClient(fixture.url)
    await colleague.logIn('zhangwei', password)
    await client.post('/admin/people/zhangwei/reset', {})
    expect((await colleague.get('/admin/own/password')).text).toContain('id="password"')
    expect(fixture.logLines.join('')).not.toContain(password)
  })
})
