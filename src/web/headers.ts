import type { Context, Next } from 'hono'
import { callerOf } from './caller/caller.ts'

/** Nothing from elsewhere, no inline code, no framing; pages may only talk to this service. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS: Record<string, string> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  // Not no-referrer: a browser would then send "Origin: null" with a plain form, and the same-origin check would refuse it.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
}

/** Half a year; this host alone, since nobody here knows of others below it. */
const HTTPS_ONLY = 'max-age=15552000'

/** Headers that every answer carries; a page that sets one itself keeps its own. What does not say how long it may be kept is kept by nobody. */
export async function addSecurityHeaders(c: Context, next: Next): Promise<void> {
  await next()
  if (callerOf(c).isHttps) c.res.headers.set('Strict-Transport-Security', HTTPS_ONLY)
  if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
  for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
}

/**
 * Whether a request that changes something comes from a page of this service. Browsers say so themselves; a program that says
 * nothing carries no visitor's cookie against their will.
 */
export function isSameOrigin(c: Context): boolean {
  const site = c.req.header('Sec-Fetch-Site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = c.req.header('Origin')
  if (origin === undefined) return true
  const hosts = [c.req.header('Host'), callerOf(c).host]
  return URL.canParse(origin) && hosts.includes(new URL(origin).host)
}
