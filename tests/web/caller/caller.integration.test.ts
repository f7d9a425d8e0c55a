import { Hono } from 'hono'
import http from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { callerOf, noteCaller, type Caller } from '../../../src/web/caller/caller.ts'
import { startServer, type RunningServer } from '../../../src/web/server.ts'

let server: RunningServer | undefined
afterEach(() => server?.close())

/** What the service makes of a request from this machine with these headers. */
async function ask(trustedProxies: readonly string[], headers: Record<string, string> = {}): Promise<Caller> {
  await server?.close()
  const app = new Hono()
  app.use('*', noteCaller(trustedProxies))
  app.get('/', (c) => c.json(callerOf(c)))
  server = await startServer(app, { host: '127.0.0.1', port: 0 })
  const { port } = server
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, headers: { Connection: 'close', ...headers } }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(JSON.parse(text) as Caller))
    })
    request.on('error', reject)
  })
}
const addressOf = async (trusted: readonly string[], forwarded: string): Promise<string> => (await ask(trusted, { 'X-Forwarded-For': forwarded })).address

describe('where a request comes from', () => {
  it('is the connection, whatever it says of itself, unless a trusted proxy says it', async () => {
    expect(await addressOf([], '203.0.113.9')).toBe('127.0.0.1')
    expect(await addressOf(['10.0.0.0/8'], '203.0.113.9')).toBe('127.0.0.1')
    expect(await addressOf(['127.0.0.1'], '203.0.113.9')).toBe('203.0.113.9')
  })

  it('is read from the right: what a visitor wrote himself stands to the left of what the proxy saw', async () => {
    expect(await addressOf(['127.0.0.1'], '198.51.100.1, 198.51.100.2, 203.0.113.9')).toBe('203.0.113.9')
    expect(await addressOf(['127.0.0.1', '10.0.0.0/8'], '198.51.100.1, 203.0.113.9, 10.1.2.3, 10.1.2.4:5555')).toBe('203.0.113.9')
    expect(await addressOf(['127.0.0.1', '10.0.0.0/8'], '10.1.2.3')).toBe('10.1.2.3')
  })

  it('is the last that can be read where somebody writes what is no address', async () => {
    expect(await addressOf(['127.0.0.1'], '')).toBe('127.0.0.1')
    expect(await addressOf(['127.0.0.1'], 'unknown')).toBe('127.0.0.1')
    expect(await addressOf(['127.0.0.1', '10.0.0.0/8'], '<script>, 10.1.2.3')).toBe('10.1.2.3')
  })

  it('of IPv6 counts as the /64 that it lies in', async () => {
    expect(await ask(['127.0.0.1'], { 'X-Forwarded-For': '2001:db8:1:2:3:4:5:6' })).toMatchObject({ address: '2001:db8:1:2:3:4:5:6', counted: '2001:db8:1:2::/64' })
  })
})

describe('https, and the host', () => {
  it('are believed of a trusted proxy only', async () => {
    const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'linli.example', Host: 'inside:8080' }
    expect(await ask(['127.0.0.1'], headers)).toMatchObject({ isHttps: true, host: 'linli.example' })
    const alone = await ask([], headers)
    expect(alone.isHttps).toBe(false)
    expect(alone.host).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  it('a name that somebody asks for straight is none of ours; an address is', async () => {
    expect((await ask(['127.0.0.1'], { Host: 'evil.example' })).host).toMatch(/^127\.0\.0\.1:\d+$/)
    expect((await ask(['127.0.0.1'], { Host: '192.0.2.7:8080' })).host).toBe('192.0.2.7:8080')
    expect((await ask(['127.0.0.1'], { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'a@evil.example/x' })).host).toMatch(/^127\.0\.0\.1:\d+$/)
  })
})
