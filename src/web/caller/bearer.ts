import type { Context } from 'hono'
import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Whether two secrets are the same, in a time that tells nothing of where they differ. */
export const isSameSecret = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

/** Tells whether a request carries `expected` as its bearer token. */
export const carriesToken = (c: Context, expected: string): boolean => {
  const given = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  return given !== undefined && isSameSecret(given, expected)
}
