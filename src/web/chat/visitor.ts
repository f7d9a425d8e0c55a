import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { createHash, randomBytes } from 'node:crypto'
import type { ConversationKey } from '../../store/conversations/conversations.ts'
import { isHttps } from '../headers.ts'

export const WEB_CHANNEL = { channel: 'web', account: 'web' } as const

const VISITOR_COOKIE = 'linli_visitor'
const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60
const SECRET_BYTES = 32
const SECRET = /^[A-Za-z0-9_-]{43}$/

/**
 * Who visits: known by a random secret in a cookie, stored only as its digest, so that nobody who reads the database can
 * take part in a conversation.
 */
export interface Visitor {
  /** The external id of the visitor and of their conversation. */
  id: string
  conversation: ConversationKey
}

const toVisitor = (secret: string): Visitor => {
  const id = createHash('sha256').update(secret).digest('hex')
  return { id, conversation: { ...WEB_CHANNEL, externalId: id } }
}

/** The visitor of a request, without making one; null when the cookie is missing or is not one of ours. */
export function findVisitor(c: Context): Visitor | null {
  const secret = getCookie(c, VISITOR_COOKIE)
  return secret !== undefined && SECRET.test(secret) ? toVisitor(secret) : null
}

/** The visitor of a request; a new one gets a cookie, a known one keeps it for another year. */
export function ensureVisitor(c: Context): Visitor {
  const known = getCookie(c, VISITOR_COOKIE)
  const secret = known !== undefined && SECRET.test(known) ? known : randomBytes(SECRET_BYTES).toString('base64url')
  setCookie(c, VISITOR_COOKIE, secret, { httpOnly: true, sameSite: 'Lax', secure: isHttps(c), path: '/', maxAge: ONE_YEAR_SECONDS })
  return toVisitor(secret)
}
