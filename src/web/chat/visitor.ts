import type { Context } from 'hono'
import { deleteCookie, getCookie } from 'hono/cookie'
import { createHash, randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { StoreError } from '../../domain/errors.ts'
import { createFaultLog, describeError, QUIET_MS, type Fault } from '../../domain/faults.ts'
import { isPrivateConversationKnown, type ConversationKey } from '../../store/conversations/conversations.ts'
import type { Store } from '../../store/engine/store.ts'
import { isSameSecret } from '../caller/bearer.ts'
import { callerOf } from '../caller/caller.ts'
import { dropKnownCookie, readKnownCookie, setKnownCookie } from '../caller/cookies.ts'

export const WEB_CHANNEL = { channel: 'web', account: 'web' } as const

const VISITOR_COOKIE = 'linli_visitor'
const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60
const SECRET_BYTES = 32
const SECRET = /^[A-Za-z0-9_-]{43}$/
/** Visitors whose conversation needs not be looked for again. */
const MOST_REMEMBERED = 20_000

const NOT_SIGNED: Fault = {
  name: 'visitor-not-signed',
  level: 'warn',
  message: 'The key in DATA_DIR/keys can not be used, so that visitors of the chat are known only once they have said something. Check the folder’s owner and rights, or bring it back from a backup.',
  end: 'Visitors are known by their cookies again.',
  quietMs: QUIET_MS,
}

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

/** Tells visitors by their cookies. Nothing is kept of anybody before they say something. */
export interface Visitors {
  /** The visitor of a request, without making one; null when the cookie is missing or was not given out here. */
  find(c: Context): Promise<Visitor | null>
  /** The visitor of a request; a new one gets a cookie, a known one keeps it for another year. */
  ensure(c: Context): Promise<{ visitor: Visitor; isNew: boolean }>
  /** Whether they have said something already. */
  hasSpoken(visitor: Visitor): Promise<boolean>
  /** They have now. */
  noteSpoken(visitor: Visitor): void
  /** Takes the cookie back: nobody on this device is that visitor any more. */
  forget(c: Context): void
}

/**
 * A cookie that was given out here carries our mark, so that one somebody made up is told without looking anywhere. One without the mark
 * is as good when its conversation is in the store: nobody guesses such a secret. It was given out before there were marks, or under a
 * key that is lost.
 */
export function createVisitors({ store, log, now }: { store: Store; log: Logger; now: () => Date }): Visitors {
  const faults = createFaultLog(log, now)
  const spoken = new Set<string>()

  const markOf = (secret: string): string | null => {
    try {
      return store.digestOf('visitor', secret)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      faults.say(NOT_SIGNED, {}, describeError(error))
      return null
    }
  }

  const noteSpoken = ({ id }: Visitor): void => {
    const [oldest] = spoken
    if (spoken.size >= MOST_REMEMBERED && oldest !== undefined) spoken.delete(oldest)
    spoken.add(id)
  }

  const hasSpoken = async (visitor: Visitor): Promise<boolean> => {
    if (spoken.has(visitor.id)) return true
    const isKnown = await isPrivateConversationKnown(store, visitor.conversation)
    if (isKnown) noteSpoken(visitor)
    return isKnown
  }

  const findSecret = async (c: Context): Promise<{ secret: string; visitor: Visitor } | null> => {
    // Who came by http, or before the name had a prefix, goes on under the new name.
    const cookie = readKnownCookie(c, VISITOR_COOKIE) ?? getCookie(c, VISITOR_COOKIE)
    const [secret = '', mark = ''] = cookie?.split('.') ?? []
    if (!SECRET.test(secret)) return null
    const visitor = toVisitor(secret)
    const ours = mark === '' ? null : markOf(secret)
    return (ours !== null && isSameSecret(mark, ours)) || (await hasSpoken(visitor)) ? { secret, visitor } : null
  }

  return {
    hasSpoken,
    noteSpoken,
    find: async (c) => (await findSecret(c))?.visitor ?? null,
    async ensure(c) {
      const known = await findSecret(c)
      const secret = known?.secret ?? randomBytes(SECRET_BYTES).toString('base64url')
      const mark = markOf(secret)
      setKnownCookie(c, VISITOR_COOKIE, mark === null ? secret : `${secret}.${mark}`, { sameSite: 'Lax', path: '/', maxAge: ONE_YEAR_SECONDS })
      if (callerOf(c).isHttps && getCookie(c, VISITOR_COOKIE) !== undefined) deleteCookie(c, VISITOR_COOKIE, { path: '/' })
      return { visitor: known?.visitor ?? toVisitor(secret), isNew: known === null }
    },
    forget(c) {
      dropKnownCookie(c, VISITOR_COOKIE)
      if (callerOf(c).isHttps) deleteCookie(c, VISITOR_COOKIE, { path: '/' })
    },
  }
}
