import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { SetupError } from '../../src/domain/errors.ts'
import { startServer } from '../../src/web/server.ts'
import { holdPort, openTestWeb } from '../support/web.ts'

describe('the server', () => {
  it('names PORT when the port is taken', async () => {
    const { port, release } = await holdPort()
    const failure = await startServer(new Hono(), { host: '127.0.0.1', port }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(SetupError)
    expect((failure as Error).message).toMatch(new RegExp(`Port ${port} is taken.*PORT`))
    await release()
  })

  it('names HOST when the machine has no such address', async () => {
    const failure = await startServer(new Hono(), { host: '192.0.2.1', port: 0 }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(SetupError)
    expect((failure as Error).message).toContain('HOST')
  })

  it('finishes the request in hand, ends event streams and closes soon', async () => {
    let finish = (): void => {}
    const isAsked = new Promise<void>((asked) => {
      app.get('/slow', async (c) => {
        asked()
        await new Promise<void>((resolve) => (finish = resolve))
        return c.text('done')
      })
    })
    const server = await startServer(app, { host: '127.0.0.1', port: 0 })
    const slow = fetch(`http://127.0.0.1:${server.port}/slow`)
    await isAsked
    const startedAt = performance.now()
    const closed = server.close()
    await expect(fetch(`http://127.0.0.1:${server.port}/slow`)).rejects.toThrow()
    finish()
    expect(await (await slow).text()).toBe('done')
    await closed
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it('keeps a connection longer than the proxies before it do, so that no request meets its end', async () => {
    const server = await startServer(new Hono(), { host: '127.0.0.1', port: 0 })
    const answer = await fetch(`http://127.0.0.1:${server.port}/`)
    expect(Number(/timeout=(\d+)/.exec(answer.headers.get('Keep-Alive') ?? '')?.[1])).toBeGreaterThan(60)
    await server.close()
  })

  it('does not wait for residents who only listen', async () => {
    const web = await openTestWeb()
    const page = await fetch(`${web.url}/`)
    const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    await fetch(`${web.url}/chat/messages`, { method: 'POST', headers: { Cookie: cookie, 'Content-Type': 'application/json' }, body: JSON.stringify({ id: 'first', text: '你好' }) })
    const stream = await fetch(`${web.url}/chat/events`, { headers: { Cookie: cookie } })
    expect(stream.headers.get('Content-Type')).toContain('text/event-stream')
    const startedAt = performance.now()
    const drained = stream.text().catch(() => 'cut')
    await web.close()
    await drained
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})

const app = new Hono()
