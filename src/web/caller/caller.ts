import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import type { IncomingMessage } from 'node:http'
import { countedAs, createAddressCheck, LOOPBACK, readAddress } from './addresses.ts'

/** Who asks, as far as it can be believed. */
export interface Caller {
  /** Where the request came from; that of the proxy before us, unless the proxy is trusted. `unknown` without a connection. */
  address: string
  /** Whom it is counted as. */
  counted: string
  /** Whether it came over https, at this server or at a trusted proxy. */
  isHttps: boolean
  /** The host that the caller asked for, with its port; a host of our own where theirs can't be believed. */
  host: string
}

declare module 'hono' {
  interface ContextVariableMap {
    caller?: Caller
  }
}

/** Finds out once a request who asks. `trustedProxies`: addresses and networks whose word is taken for whom they forward. */
export function noteCaller(trustedProxies: readonly string[]): MiddlewareHandler {
  const isTrusted = createAddressCheck(trustedProxies)
  return async (c, next) => {
    c.set('caller', readCaller(c, isTrusted))
    await next()
  }
}

const isLoopback = createAddressCheck(LOOPBACK)

/** Who asks; where nobody has found out before, only a proxy on this machine is believed. */
export const callerOf = (c: Context): Caller => c.get('caller') ?? readCaller(c, isLoopback)

function readCaller(c: Context, isTrusted: (address: string) => boolean): Caller {
  const peer = peerOf(c)
  const isForwarded = isTrusted(peer)
  const address = isForwarded ? findOrigin(c.req.header('X-Forwarded-For'), peer, isTrusted) : peer
  const said = (name: string): string | undefined => (isForwarded ? c.req.header(name)?.split(',')[0]?.trim() : undefined)
  const isHttps = (said('X-Forwarded-Proto') ?? new URL(c.req.url).protocol.replace(':', '')).toLowerCase() === 'https'
  const isBelieved = said('X-Forwarded-For') !== undefined || said('X-Forwarded-Proto') !== undefined || said('X-Forwarded-Host') !== undefined
  return { address, counted: countedAs(address), isHttps, host: readHost(c, said('X-Forwarded-Host') ?? c.req.header('Host') ?? '', isBelieved) }
}

function peerOf(c: Context): string {
  try {
    return readAddress(getConnInfo(c).remote.address ?? '') ?? 'unknown'
  } catch {
    // Requests that were made without a socket (tests of one handler) have no peer.
    return 'unknown'
  }
}

/** From the right, since each proxy adds whom it saw: the first that is no proxy of ours. What stands further left anybody may have written. */
function findOrigin(forwarded: string | undefined, peer: string, isTrusted: (address: string) => boolean): string {
  let origin = peer
  for (const hop of (forwarded ?? '').split(',').reverse()) {
    const address = readAddress(hop)
    if (address === null) break
    origin = address
    if (!isTrusted(address)) break
  }
  return origin
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i
const OWN_HOST = /^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i

/** Anybody can ask for any name: who comes straight to us is believed an address only, and a name where a trusted proxy passes it on. */
function readHost(c: Context, host: string, isBelieved: boolean): string {
  if ((isBelieved ? HOST : OWN_HOST).test(host)) return host
  const { localAddress, localPort } = ((c.env ?? {}) as { incoming?: IncomingMessage }).incoming?.socket ?? {}
  const address = readAddress(localAddress ?? '') ?? '127.0.0.1'
  return `${address.includes(':') ? `[${address}]` : address}${localPort === undefined ? '' : `:${localPort}`}`
}
