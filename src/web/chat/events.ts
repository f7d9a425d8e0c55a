import type { Context } from 'hono'
import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import { StoreError } from '../../domain/errors.ts'
import { createFaultLog, describeError, QUIET_MS, type Fault } from '../../domain/faults.ts'
import type { ChatServices } from './chat.tsx'
import { markFetched } from '../../store/conversations/takeover.ts'
import { listPushedLines } from '../../store/conversations/conversations.ts'
import { renderLine } from './line.tsx'
import { findVisitor, type Visitor } from './visitor.ts'

const HEARTBEAT_MS = 15_000
/** What a browser waits before it connects again. */
const RECONNECT_MS = 2_000
const MOST_STREAMS_OF_A_VISITOR = 8
const MOST_STREAMS = 5_000

const STREAM_ENDED: Fault = {
  name: 'event-stream-ended',
  level: 'warn',
  message: 'The stream of news to an open page ended by a mistake in this program; the page connects again by itself within seconds and misses nothing. If it goes on, report it with this line.',
  end: 'No stream of news ended so for ten minutes.',
  quietMs: QUIET_MS,
}

/** Pushes notices to open pages: what came since the last one that the page has seen, then each as it is sent. */
export function createEvents(services: ChatServices): (c: Context) => Response | Promise<Response> {
  const open = new Map<string, number>()
  const faults = createFaultLog(services.log, services.now)
  let total = 0
  const count = (visitor: Visitor, change: 1 | -1): void => {
    const mine = (open.get(visitor.id) ?? 0) + change
    total += change
    if (mine > 0) open.set(visitor.id, mine)
    else open.delete(visitor.id)
  }

  return (c) => {
    const visitor = findVisitor(c)
    // 204 tells a browser not to connect again.
    if (!visitor || services.isStopping()) return c.body(null, visitor ? 503 : 204)
    if (total >= MOST_STREAMS || (open.get(visitor.id) ?? 0) >= MOST_STREAMS_OF_A_VISITOR) return c.body(null, 503, { 'Retry-After': '10' })
    c.header('X-Accel-Buffering', 'no')
    const afterSeq = readSeq(c.req.header('Last-Event-ID') ?? c.req.query('after'))
    return streamSSE(c, async (stream) => {
      count(visitor, 1)
      try {
        await pushLines(services, visitor, stream, afterSeq)
      } catch (error) {
        if (!(error instanceof StoreError)) faults.say(STREAM_ENDED, {}, describeError(error))
      } finally {
        count(visitor, -1)
      }
    })
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
