import { randomBytes } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { findSession, SESSION_VALID_MS } from '../../../store/staff/sessions.ts'
import { isSameSecret } from '../../caller/bearer.ts'
import { dropKnownCookie, readKnownCookie, setKnownCookie } from '../../caller/cookies.ts'
import { isSameOrigin } from '../../headers.ts'
import { renderStale } from './not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from './options.ts'
import { FLASHES } from './words.ts'

const SESSION_COOKIE = 'linli_staff'
const LOGIN_COOKIE = 'linli_login'
const FLASH_COOKIE = 'linli_done'

/** Personal data: no cache keeps an admin page that does not say for how long, and no other page frames one. */
export const setPageHeaders: MiddlewareHandler<AdminEnv> = async (c, next) => {
  await next()
  if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
  c.res.headers.set('X-Frame-Options', 'DENY')
}

const kept = (maxAge: number) => ({ path: '/admin', sameSite: 'Strict', maxAge }) as const

export const setSessionCookie = (c: AdminContext, token: string): void => setKnownCookie(c, SESSION_COOKIE, token, kept(SESSION_VALID_MS / 1000))
export const clearSessionCookie = (c: AdminContext): void => dropKnownCookie(c, SESSION_COOKIE, { path: '/admin' })

/** Goes to a page after something was done; `done` is a key of FLASHES that is shown there once. */
export function redirectAfter(c: AdminContext, location: string, done?: string): Response {
  if (done !== undefined) setKnownCookie(c, FLASH_COOKIE, done, kept(60))
  return c.redirect(location, 303)
}

function takeFlash(c: AdminContext): string {
  const key = readKnownCookie(c, FLASH_COOKIE)
  if (key === undefined) return ''
  dropKnownCookie(c, FLASH_COOKIE, { path: '/admin' })
  return FLASHES[key] ?? ''
}

const isReading = (c: AdminContext): boolean => c.req.method === 'GET' || c.req.method === 'HEAD'

/** Reads the form of a post, and the file that came with it; anything but a form is empty. */
async function readForm(c: AdminContext): Promise<{ form: URLSearchParams; upload: File | null }> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type === 'multipart/form-data') return readMultipart(c)
  return { form: new URLSearchParams(type === 'application/x-www-form-urlencoded' ? await c.req.text() : ''), upload: null }
}

async function readMultipart(c: AdminContext): Promise<{ form: URLSearchParams; upload: File | null }> {
  const form = new URLSearchParams()
  let upload: File | null = null
  for (const [name, value] of (await c.req.formData().catch(() => new FormData())).entries()) {
    if (typeof value === 'string') form.append(name, value)
    // A field in which nothing was chosen comes as a file without name and content.
    else if (value.size > 0 || value.name !== '') upload ??= value
  }
  return { form, upload }
}

/** Before every page but the log-in: a session, and for posts a form of our own. */
export function requireSession(options: AdminServices): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const token = readKnownCookie(c, SESSION_COOKIE)
    const session = token === undefined ? null : await findSession(options.store, token, options.now())
    if (session === null) return refuseWithoutSession(c)
    c.set('session', session)
    c.set('form', new URLSearchParams())
    c.set('upload', null)
    if (!isReading(c)) {
      const { form, upload } = await readForm(c)
      if (!isSameOrigin(c) || !isSameSecret(form.get('_csrf') ?? '', session.csrfToken)) return renderStale(c, options)
      c.set('form', form)
      c.set('upload', upload)
    }
    const path = new URL(c.req.url).pathname
    if (session.staff.mustChangePassword && path !== '/admin/own/password' && path !== '/admin/logout') return c.redirect('/admin/own/password', 303)
    c.set('flash', isReading(c) && c.req.header('hx-request') === undefined ? takeFlash(c) : '')
    return next()
  }
}

function refuseWithoutSession(c: AdminContext): Response {
  if (c.req.header('hx-request') !== undefined) {
    c.header('HX-Redirect', '/admin/login')
    return c.text('请重新登录。', 401)
  }
  if (!isReading(c)) return c.redirect('/admin/login', 303)
  const { pathname, search } = new URL(c.req.url)
  const isHome = pathname === '/admin' || pathname === '/admin/'
  return c.redirect(isHome ? '/admin/login' : `/admin/login?next=${encodeURIComponent(pathname + search)}`, 303)
}

/** The token of the log-in form, kept in a cookie of its own since there is no session yet. */
export function loginToken(c: AdminContext): string {
  const token = readKnownCookie(c, LOGIN_COOKIE) ?? randomBytes(18).toString('base64url')
  setKnownCookie(c, LOGIN_COOKIE, token, kept(3600))
  return token
}

/** Reads the log-in form; null when another site sent it. A program that never fetched the form has neither cookie nor token. */
export async function readLoginForm(c: AdminContext): Promise<URLSearchParams | null> {
  const { form } = await readForm(c)
  if (!isSameOrigin(c) || (readKnownCookie(c, LOGIN_COOKIE) ?? '') !== (form.get('_csrf') ?? '')) return null
  return form
}

export const readLoginFlash = takeFlash
