import type { Context, Next } from 'hono'

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

/** Headers that every answer carries; a page that sets one itself keeps its own. */
export async function addSecurityHeaders(c: Context, next: Next): Promise<void> {
  await next()
  for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
}

/** Whether the request came over https, at this server or at the proxy before it. */
export const isHttps = (c: Context): boolean => (c.req.header('X-Forwarded-Proto')?.split(',')[0]?.trim() ?? new URL(c.req.url).protocol.replace(':', '')) === 'https'

/**
 * Whether a request that changes something comes from a page of this service. Browsers say so themselves; a program that says
 * nothing carries no visitor's cookie against their will.
 */
export function isSameOrigin(c: Context): boolean {
  const site = c.req.header('Sec-Fetch-Site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = c.req.header('Origin')
  if (origin === undefined) return true
  const hosts = [c.req.header('Host'), c.req.header('X-Forwarded-Host')?.split(',')[0]?.trim()]
  return URL.canParse(origin) && hosts.includes(new URL(origin).host)
}
