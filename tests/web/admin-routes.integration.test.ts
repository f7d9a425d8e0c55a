import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Hono } from 'hono'
import { createAdmin } from '../../src/web/admin/admin.tsx'
import { FormClient, residentTurn, startAdmin, type AdminFixture } from './admin-fixture.ts'

let fixture: AdminFixture
let routes: { method: string; path: string }[]

beforeAll(async () => {
  fixture = await startAdmin()
  await residentTurn(fixture, { request: {}, volunteer: {}, question: '低保多少钱' })
  const app: Hono = createAdmin({
    ...({} as Parameters<typeof createAdmin>[0]),
    store: fixture.store,
  })
  routes = app.routes.filter((route) => route.method !== 'ALL' && !route.path.includes('*')).map(({ method, path }) => ({ method, path: `/admin${path === '/' ? '' : path}` }))
})
afterAll(() => fixture.close())

const isOpen = (path: string) => path === '/admin/login' || path.startsWith('/admin/assets/')

describe('every admin route', () => {
  it('leads to the log-in, and does nothing, without a session', async () => {
    const guarded = routes.filter((route) => !isOpen(route.path))
    expect(guarded.length).toBeGreaterThan(25)
    const { id } = await fixture.store.read.serviceRequest.findFirstOrThrow()
    for (const { method, path } of guarded) {
      for (const token of ['', 'a'.repeat(43)]) {
        const response = await fetch(fixture.url + path.replace(/:(id|user)/, id).replace(':action', 'approve'), {
          method,
          redirect: 'manual',
          headers: { Cookie: `linli_staff=${token}` },
          ...(method === 'POST' && { body: new URLSearchParams({ _csrf: token, status: 'accepted' }) }),
        })
        expect(response.status, `${method} ${path}`).toBe(303)
        expect(response.headers.get('location'), path).toMatch(/^\/admin\/login/)
        expect(await response.text()).not.toContain('刘桂兰')
      }
    }
    expect((await fixture.store.read.serviceRequest.findFirstOrThrow()).status).toBe('submitted')
  })

  it('tells htmx to go to the log-in instead of putting it into a page', async () => {
    const response = await fetch(`${fixture.url}/admin/today/board`, { headers: { 'HX-Request': 'true' } })
    expect(response.status).toBe(401)
    expect(response.headers.get('hx-redirect')).toBe('/admin/login')
  })

  it('answers an unknown record with a page that says so, and never with a fault', async () => {
    const client = new FormClient(fixture.url)
    await client.logIn()
    for (const { method, path } of routes.filter((route) => route.path.includes(':') && !isOpen(route.path))) {
      for (const id of ['nothing', '%00', "' OR 1=1", '__proto__', '%F0%9F%98%80']) {
        const target = path.replace(/:(id|user)/, encodeURIComponent(id)).replace(':action', 'approve')
        const answer = method === 'GET' ? await client.get(target) : await client.post(target, { as: 'dismissed', status: 'accepted' })
        expect(answer.status, `${method} ${target}: ${answer.text.slice(0, 200)}`).toBeLessThan(500)
      }
    }
    expect((await client.get('/admin/no/such/page')).status).toBe(404)
  })

  it('gives every form a token, and every field a label', async () => {
    const client = new FormClient(fixture.url)
    await client.logIn()
    const number = (await fixture.store.read.serviceRequest.findFirstOrThrow()).number
    for (const path of ['/admin', '/admin/requests', `/admin/requests/${number}`, '/admin/residents', '/admin/tags', '/admin/volunteers', '/admin/announcements', '/admin/announcements/new', '/admin/unanswered', '/admin/misread', '/admin/office', '/admin/channels', '/admin/people', '/admin/audit', '/admin/own']) {
      const { text, status } = await client.get(path)
      expect(status, path).toBe(200)
      for (const form of text.match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? []) expect(form, path).toContain('name="_csrf"')
      for (const [field] of text.matchAll(/<(?:input|select|textarea)\b[^>]*\bid="[^"]*"[^>]*>/g)) {
        const id = /\bid="([^"]*)"/.exec(field)?.[1] ?? ''
        expect(text, `${path} ${id}`).toContain(`for="${id}"`)
      }
      expect(text.match(/<h1[ >]/g), path).toHaveLength(1)
      const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
      expect(new Set(ids).size, path).toBe(ids.length)
    }
  })

  it('a form that is far too long is refused in words', async () => {
    const client = new FormClient(fixture.url)
    await client.logIn()
    const answer = await client.post('/admin/announcements', { text: '水'.repeat(200_000) })
    expect(answer.status).toBe(413)
    expect(answer.text).toContain('写得太多了')
  })
})
