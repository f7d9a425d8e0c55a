import type { Context } from 'hono'
import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import { StoreError } from '../../domain/errors.ts'
import { createFaultLog, describeError, QUIET_MS, type Fault } from '../../domain/faults.ts'
import { callerOf } from '../caller/caller.ts'
import { problem } from '../problem.ts'
import { formatWait } from '../wait.ts'
import { CHAT_BOUNDS } from './bounds.ts'
import type { ChatServices } from './chat.tsx'
import { markFetched } from '../../store/conversations/takeover.ts'
import { listPushedLines } from '../../store/conversations/conversations.ts'
import { renderLine } from './line.tsx'
import { chatText } from './text.ts'
import type { Visitor, Visitors } from './visitor.ts'

const HEARTBEAT_MS = 15_000
/** What a browser waits before it connects again. */
const RECONNECT_MS = 2_000
/** Where too many are open already. */
const TRY_AGAIN_SECONDS = 30

const STREAM_ENDED: Fault = {
  name: 'event-stream-ended',
  level: 'warn',
  message: 'The stream of news to an open page ended by a mistake in this program; the page connects again by itself within seconds and misses nothing. If it goes on, report it with this line.',
  end: 'No stream of news ended so for ten minutes.',
  quietMs: QUIET_MS,
}

/** Pushes notices to open pages: what came since the last one that the page has seen, then each as it is sent. Who has said nothing yet gets no stream. */
export function createEvents(services: ChatServices, visitors: Visitors): (c: Context) => Promise<Response> {
  const most = (services.bounds ?? CHAT_BOUNDS).streams
  const open = new Map<string, number>()
  const faults = createFaultLog(services.log, services.now)
  const count = (keys: readonly string[], change: 1 | -1): void => {
    for (const key of keys) {
      const left = (open.get(key) ?? 0) + change
      if (left > 0) open.set(key, left)
      else open.delete(key)
    }
  }

  return async (c) => {
    if (services.isStopping()) return c.body(null, 503)
    const visitor = await visitors.find(c)
    // 204 tells a browser not to connect again.
    if (visitor === null || !(await visitors.hasSpoken(visitor))) return c.body(null, 204)
    const [all, address, own] = ['all', `address ${callerOf(c).counted}`, `visitor ${visitor.id}`] as const
    const isFull = (key: string, limit: number): boolean => (open.get(key) ?? 0) >= limit
    if (isFull(all, most.all) || isFull(address, most.address) || isFull(own, most.visitor)) {
      return problem(c, isFull(all, most.all) ? 503 : 429, chatText.tooManyPages(formatWait(TRY_AGAIN_SECONDS * 1000)), { 'Retry-After': String(TRY_AGAIN_SECONDS) })
    }
    c.header('X-Accel-Buffering', 'no')
    const afterSeq = readSeq(c.req.header('Last-Event-ID') ?? c.req.query('after'))
    count([all, address, own], 1)
    const response = streamSSE(c, async (stream) => {
      try {
        await pushLines(services, visitor, stream, afterSeq)
      } catch (error) {
        if (!(error instanceof StoreError)) faults.say(STREAM_ENDED, {}, describeError(error))
      } finally {
        count([all, address, own], -1)
      }
    })
    response.headers.set('Cache-Control', 'no-store')
    return response
  }
}

const readSeq = (value: string | undefined): number => (value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : 0)

async function pushLines(services: ChatServices, visitor: Visitor, stream: SSEStreamingApi, afterSeq: number): Promise<void> {
  let lastSeq = afterSeq
  let wake = (): void => {}
  const arrived: string[] = []
  const unsubscribe = services.mailbox.subscribe(visitor.id, ({ key }) => {
    arrived.push(key)
    wake()
  })
  stream.onAbort(() => wake())
  try {
    await stream.writeSSE({ event: 'open', data: '', retry: RECONNECT_MS })
    while (!stream.aborted && !stream.closed && !services.isStopping()) {
      // An announcement may be sent long after it was queued, below the last seq: it is found by its key.
      const lines = await listPushedLines(services.store, visitor.conversation, { seq: lastSeq, keys: arrived.splice(0) })
      for (const line of lines) {
        lastSeq = Math.max(lastSeq, line.seq)
        const rendered = renderLine(line, { documentTitle: services.documentTitle, now: services.now() })
        await stream.writeSSE({ event: 'line', id: String(lastSeq), data: JSON.stringify(rendered) })
      }
      const newest = lines.at(-1)
      if (newest !== undefined && !stream.aborted) await markFetched(services.store, visitor.conversation, newest.at, services.now())
      if (arrived.length > 0 || stream.aborted) continue
      const wasWoken = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), HEARTBEAT_MS)
        wake = () => {
          clearTimeout(timer)
          resolve(true)
        }
      })
      if (!wasWoken) await stream.write(': still here\n\n')
    }
  } finally {
    unsubscribe()
  }
}
