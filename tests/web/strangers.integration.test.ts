import http from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JPEG } from '../support/picture-files.ts'
import { openTestWeb, type TestWeb } from '../support/web.ts'

/* What everybody who asks gets to see of the service's manners: no traces in caches, cookies that are ours, links that are ours. */

const METRICS_TOKEN = 'a-token-for-the-figures'
let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
})
afterAll(() => web.close())

const HTTPS = { 'X-Forwarded-Proto': 'https' }

describe('what is personal', () => {
  it.each(['/', '/chat/history', '/chat/my-data', '/chat/events', '/nothing', '/api/v1/messages?conversation=c1', '/api/v1/requests', '/api/v1/volunteers', '/api/v1/nothing', '/healthz', '/readyz', '/metrics'])('%s is kept by no cache', async (path) => {
    expect((await web.api('GET', path)).headers.get('cache-control')).toBe('no-store')
  })

  it('nor is what was said, a refusal, or a stream of news', async () => {
    const said = await fetch(`${web.url}/chat/messages`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id: 'one', text: '你好' }) })
    expect(said.headers.get('cache-control')).toBe('no-store')
    const cookie = said.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const stop = new AbortController()
    const stream = await fetch(`${web.url}/chat/events`, { headers: { Cookie: cookie }, signal: stop.signal })
    expect([stream.status, stream.headers.get('cache-control')]).toEqual([200, 'no-store'])
    stop.abort()
    expect((await web.api('GET', '/api/v1/requests', undefined, { Authorization: 'Bearer wrong' })).headers.get('cache-control')).toBe('no-store')
  })

  it('nor is a photo', async () => {
    const photo = { type: 'photo', mime: 'image/jpeg', data: Buffer.from(JPEG).toString('base64') }
    for (const [id, text, attachments] of [['p1', '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', [photo]], ['p2', '同意'], ['p3', '确认']] as const) await web.api('POST', '/api/v1/messages', { id, conversation: 'p', sender: { id: 'p' }, text, ...(attachments && { attachments }) })
    const { requests } = (await web.api('GET', '/api/v1/requests')).json as unknown as { requests: { photos: { url: string }[] }[] }
    const answer = await web.api('GET', new URL(requests[0]?.photos[0]?.url ?? '', web.url).pathname)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
  })

  it('what is the same for all may be kept', async () => {
    expect((await fetch(`${web.url}/assets/chat.css`)).headers.get('cache-control')).toBe('no-cache')
  })
})

describe('behind TLS', () => {
  it('browsers are told to come by https from now on, and not otherwise', async () => {
    expect((await fetch(web.url, { headers: HTTPS })).headers.get('strict-transport-security')).toBe('max-age=15552000')
    expect((await fetch(web.url)).headers.get('strict-transport-security')).toBeNull()
    const careful = await openTestWeb({ web: { trustedProxies: [] } })
    const answer = await fetch(careful.url, { headers: HTTPS })
    expect([answer.headers.get('strict-transport-security'), answer.headers.getSetCookie()[0]?.startsWith('linli_visitor=')]).toEqual([null, true])
    await careful.close()
  })

  it('the visitor’s cookie is one that no other host can set, and who had one before goes on', async () => {
    const say = (cookie: string, text: string) =>
      fetch(`${web.url}/chat/messages`, { method: 'POST', headers: { ...HTTPS, Cookie: cookie, 'Content-Type': 'application/json' }, body: JSON.stringify({ id: text, text }) })
    const before = (await fetch(web.url)).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    await say(before, '我家在7栋502')
    const moved = await fetch(web.url, { headers: { ...HTTPS, Cookie: before } })
    expect(await moved.text()).toContain('7栋502')
    const [now = '', gone = ''] = moved.headers.getSetCookie()
    expect(now).toMatch(/^__Host-linli_visitor=/)
    expect(gone).toMatch(/^linli_visitor=; Max-Age=0/)
    // Another cookie that somebody plants beside it counts for nothing.
    const planted = (await fetch(web.url)).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect(await (await fetch(web.url, { headers: { ...HTTPS, Cookie: `${planted}; ${now.split(';')[0]}` } })).text()).toContain('7栋502')
  })
})

describe('a link that the service builds', () => {
  const askAs = (host: string, more: Record<string, string> = {}): Promise<string> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(web.url)
      const request = http.get({ host: '127.0.0.1', port, path: '/api/v1/announcements', headers: { Host: host, Authorization: 'Bearer a-token-of-the-tests', ...more } }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve(text))
      })
      request.on('error', reject)
    })

  it('leads nowhere else, whatever host somebody asks for', async () => {
    await web.addStaff('wang')
    await web.api('POST', '/api/v1/announcements', { by: 'wang', text: '停水', audience: {}, picture: Buffer.from(JPEG).toString('base64') })
    const own = new RegExp(`"picture":"http://127\\.0\\.0\\.1:${new URL(web.url).port}/pictures/`)
    expect(await askAs('evil.example')).toMatch(own)
    expect(await askAs('evil.example:80')).not.toContain('evil')
    expect(await askAs('linli.example', HTTPS)).toContain('"picture":"https://linli.example/pictures/')
  })

  it('is the public one where that is known', async () => {
    const known = await openTestWeb({ web: { publicUrl: 'https://linli.example' } })
    await known.addStaff('wang')
    const { json } = await known.api('POST', '/api/v1/announcements', { by: 'wang', text: '停水', audience: {}, picture: Buffer.from(JPEG).toString('base64') })
    expect(json.picture).toMatch(/^https:\/\/linli\.example\/pictures\//)
    await known.close()
  })
})

describe('a link with a name and a password in it', () => {
  it('is refused in an announcement, wherever it stands', async () => {
    const draft = { by: 'wang', text: '详情看网站', audience: {} }
    for (const more of [{ text: '看 https://user:pass@intern.example/a' }, { title: 'ftp://wang@host/x' }, { link_url: 'https://bank.cn@evil.example/' }, { picture_url: 'https://u:p@example.org/a.jpg' }]) {
      const { status, text } = await web.api('POST', '/api/v1/announcements', { ...draft, ...more })
      expect(status).toBe(422)
      expect(text).toContain('用户名或密码')
    }
    expect((await web.api('POST', '/api/v1/announcements', { ...draft, text: '看 https://example.org/@wang?a=b@c，或写信给 a@example.org' })).status).toBe(201)
  })

  it('that staff write to a resident arrives without them', async () => {
    const said = async (id: string, text: string) => ((await web.api('POST', '/api/v1/messages', { id, conversation: 'n', sender: { id: 'n' }, text })).json.replies as unknown as { text: string }[]).map((reply) => reply.text).join('\n')
    await said('n1', '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await said('n2', '同意')
    const number = /SR-\d{8}-\d{4}/.exec(await said('n3', '确认'))?.[0] ?? ''
    await web.api('PATCH', `/api/v1/requests/${number}`, { status: 'accepted', note: '进度看 https://wang:geheim@intern.example/a' })
    const { messages } = (await web.api('GET', '/api/v1/messages?conversation=n')).json as unknown as { messages: { text: string }[] }
    expect(messages.at(-1)?.text).toContain('进度看 https://intern.example/a')
    expect(JSON.stringify(messages)).not.toContain('geheim')
  })
})

describe('the figures', () => {
  it('need no token, unless one is set', async () => {
    expect((await fetch(`${web.url}/metrics`)).status).toBe(200)
    const closed = await openTestWeb({ web: { metricsToken: METRICS_TOKEN } })
    const read = (headers: Record<string, string>) => fetch(`${closed.url}/metrics`, { headers })
    const refused = await read({})
    expect([refused.status, refused.headers.get('www-authenticate'), refused.headers.get('content-type')]).toEqual([401, 'Bearer', 'application/problem+json'])
    expect((await read({ Authorization: 'Bearer a-token-of-the-tests' })).status).toBe(401)
    const answer = await read({ Authorization: `Bearer ${METRICS_TOKEN}` })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('linli_http_request_duration_seconds')
    await closed.close()
  })
})
