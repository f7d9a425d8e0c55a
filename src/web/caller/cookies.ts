import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import { callerOf } from './caller.ts'

/*
 * Cookies by which somebody is known. Under https their names begin with `__Host-`: browsers take such a cookie only from this very host,
 * over https and for the whole of it, so that no other host of the same domain can plant one here.
 */

type Kept = Pick<CookieOptions, 'path' | 'sameSite' | 'maxAge'>

export const readKnownCookie = (c: Context, name: string): string | undefined => (callerOf(c).isHttps ? getCookie(c, name, 'host') : getCookie(c, name))

export const setKnownCookie = (c: Context, name: string, value: string, options: Kept): void =>
  callerOf(c).isHttps ? setCookie(c, name, value, { ...options, httpOnly: true, prefix: 'host', path: '/', secure: true }) : setCookie(c, name, value, { ...options, httpOnly: true })

export function dropKnownCookie(c: Context, name: string, { path = '/' }: { path?: string } = {}): void {
  if (callerOf(c).isHttps) deleteCookie(c, name, { prefix: 'host', path: '/', secure: true })
  else deleteCookie(c, name, { path })
}
