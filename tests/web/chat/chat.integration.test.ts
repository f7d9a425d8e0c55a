import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestWeb, type TestWeb } from '../../support/web.ts'
import { openVisitor, type TestVisitor } from '../../support/visitor.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
})
afterAll(() => web.close())

const visitor = (): Promise<TestVisitor> => openVisitor(web.url)

describe('who visits', () => {
  it('is known by a random cookie that scripts and other sites do not get', async () => {
    const response = await fetch(web.url)
    const [cookie] = response.headers.getSetCookie()
    expect(cookie).toMatch(/^linli_visitor=[\w-]{43}\.~[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/)
    const behindProxy = await fetch(web.url, { headers: { 'X-Forwarded-Proto': 'https' } })
    expect(behindProxy.headers.getSetCookie()[0]).toMatch(/^__Host-linli_visitor=[\w-]{43}\.~[\w-]{43}; .*Path=\/; HttpOnly; Secure/)
  })

  it('is stored only as a digest of the cookie', async () => {
    const { cookie, say } = await visitor()
    await say('你好')
    const [secret = ''] = cookie.replace('linli_visitor=', '').split('.')
    const id = createHash('sha256').update(secret).digest('hex')
    expect(await web.store.read.identity.count({ where: { channel: 'web', account: 'web', externalId: id } })).toBe(1)
    expect(JSON.stringify(await web.store.read.conversation.findMany())).not.toContain(secret)
  })

  it.each(['linli_visitor=guess', `linli_visitor=${'a'.repeat(44)}`, 'linli_visitor=', 'linli_visitor=../../etc'])('gets a new cookie instead of %s', async (cookie) => {
    const response = await fetch(web.url, { headers: { Cookie: cookie } })
    expect(response.headers.getSetCookie()[0]).toMatch(/^linli_visitor=[\w-]{43}\.~[\w-]{43};/)
    expect(response.headers.getSetCookie()[0]).not.toContain(`${cookie};`)
  })

  it('reads nobody else’s conversation', async () => {
    const [one, other] = [await visitor(), await visitor()]
    await one.say('我的门牌是7栋502')
    expect((await one.history()).map(({ text }) => text)).toContain('我的门牌是7栋502')
    expect(await other.history()).toEqual([])
    expect(await other.page()).not.toContain('7栋502')
    expect(await (await fetch(`${web.url}/chat/history`)).json()).toEqual({ lines: [] })
  })
})

describe('a message from the page', () => {
  it('is answered with the lines to show, and stands in the history in order', async () => {
    const { say, history } = await visitor()
    const { status, json } = await say('社区志愿者要占居民多少')
    expect(status).toBe(200)
    expect(json.lines).toEqual([expect.objectContaining({ from: 'assistant', kind: 'answer', key: expect.stringMatching(/^s:\d+$/) as string })])
    expect((await history()).map(({ from }) => from)).toEqual(['resident', 'assistant'])
  })

  it('sent again with the same id is taken once', async () => {
    const { say, history } = await visitor()
    const first = await say('你好', { id: 'same' })
    const second = await say('你好', { id: 'same' })
    expect(second.json.lines).toEqual(first.json.lines)
    expect(await history()).toHaveLength(2)
  })

  it('cannot take the id of another visitor’s message', async () => {
    const [one, other] = [await visitor(), await visitor()]
    await one.say('我的秘密', { id: 'shared' })
    const { json } = await other.say('你好', { id: 'shared' })
    expect(JSON.stringify(json)).not.toContain('秘密')
    expect(await other.history()).toHaveLength(2)
  })

  it('is there after a restart', async () => {
    const { say, history } = await visitor()
    await say('你好')
    const before = await history()
    await web.restart()
    expect(await history()).toEqual(before)
  })

  it('is shown as text, never as HTML', async () => {
    const { say, page } = await visitor()
    await say('你好<img src=x onerror=alert(1)><script>alert(2)</script> & "引号"')
    const html = await page()
    expect(html).toContain('&amp; &quot;引号&quot;')
    expect(html).not.toContain('<img src=x')
    expect(html).not.toContain('<script>alert')
  })

  it('from another site is refused', async () => {
    const { send } = await visitor()
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { Origin: 'null' }]) {
      expect((await send({ id: 'x', text: '你好' }, headers)).status).toBe(403)
    }
    expect((await send({ id: 'x', text: '你好' }, { Origin: web.url })).status).toBe(200)
  })

  it.each([
    ['no text', { id: 'x' }],
    ['a number for text', { id: 'x', text: 5 }],
    ['no id', { text: '你好' }],
    ['an id of 101 characters', { id: 'x'.repeat(101), text: '你好' }],
    ['a list', []],
    ['an empty id', { id: '', text: '你好' }],
    ['NUL as id', { id: '\u0000', text: '你好' }],
    ['half a surrogate pair in its id', { id: 'a\ud800', text: '你好' }],
  ])('with %s is refused in a kind sentence', async (_name, body) => {
    const { send } = await visitor()
    const { status, json, type } = await send(body)
    expect(status).toBe(422)
    expect(type).toBe('application/problem+json')
    expect(json.detail).toMatch(/请再发一次/)
  })

  it('that is far too long is refused in a kind sentence; a long one is cut', async () => {
    const { send, history } = await visitor()
    expect((await send({ id: 'a', text: 'x'.repeat(1_000_000) })).status).toBe(200)
    expect((await history())[0]?.text).toHaveLength(10_000)
    const { status, json } = await send({ id: 'b', text: 'x'.repeat(3_000_000) })
    expect(status).toBe(413)
    expect(json.detail).toMatch(/太长/)
  })

  it('is one of thirty at once; more have to wait, and are told so kindly', async () => {
    const { send } = await visitor()
    const statuses: number[] = []
    for (let index = 0; index < 32; index += 1) statuses.push((await send({ id: `n${index}`, text: '你好' })).status)
    expect(statuses.slice(0, 30).every((status) => status === 200)).toBe(true)
    expect(statuses.slice(30)).toEqual([429, 429])
    const { json, headers } = await send({ id: 'more', text: '你好' })
    expect(json.detail).toBe('您发得有点快，请过 2 秒再发。')
    expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0)
    web.clock.now = new Date(web.clock.now.getTime() + 60_000)
    expect((await send({ id: 'more', text: '你好' })).status).toBe(200)
  })
})

describe('without scripts', () => {
  it('a plain form sends, comes back to the page, and buttons are forms too', async () => {
    const { cookie, page } = await visitor()
    const post = (text: string) =>
      fetch(`${web.url}/chat/messages`, { method: 'POST', redirect: 'manual', headers: { Cookie: cookie, Origin: web.url }, body: new URLSearchParams({ id: `form-${text}`, text }) })
    const response = await post('3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    expect(response.status).toBe(303)
    expect(response.headers.get('Location')).toBe('/#latest')
    const html = await page()
    expect(html).toContain('刘桂兰')
    expect(html).toContain('<button type="submit" form="quick-form" name="text" value="同意">同意</button>')
    await post('同意')
    await post('确认')
    expect(await page()).toMatch(/SR-\d{8}-\d{4}/)
  })

  it('each page carries new ids, so that two forms are two messages and one pressed twice is one', async () => {
    const { page } = await visitor()
    const ids = (html: string) => Array.from(html.matchAll(/name="id" value="([^"]+)"/g), (match) => match[1])
    const [first, second] = [ids(await page()), ids(await page())]
    expect(new Set([...first, ...second]).size).toBe(4)
  })

  it('large type is kept', async () => {
    const { cookie } = await visitor()
    const response = await fetch(`${web.url}/chat/type`, { method: 'POST', redirect: 'manual', headers: { Cookie: cookie }, body: new URLSearchParams({ size: 'large' }) })
    const type = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const html = await (await fetch(web.url, { headers: { Cookie: `${cookie}; ${type}` } })).text()
    expect(html).toContain('<html lang="zh-CN" class="large">')
    expect(html).toContain('aria-pressed="true"')
  })

  it.each([
    ['a multipart body that is none', 422, { 'Content-Type': 'multipart/form-data; boundary=x' }, 'garbage'],
    ['multipart without a boundary', 422, { 'Content-Type': 'multipart/form-data' }, '--x'],
    ['another size', 422, { 'Content-Type': 'application/x-www-form-urlencoded' }, 'size=huge'],
    ['no size', 422, { 'Content-Type': 'application/x-www-form-urlencoded' }, ''],
    ['no form', 422, { 'Content-Type': 'text/plain' }, 'size=large'],
    ['3 MB', 413, { 'Content-Type': 'application/x-www-form-urlencoded' }, `size=${'x'.repeat(3_000_000)}`],
    ['another site', 403, { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'https://evil.example' }, 'size=large'],
  ])('%s does not change the type: %i', async (_name, status, headers, body) => {
    const response = await fetch(`${web.url}/chat/type`, { method: 'POST', redirect: 'manual', headers, body })
    expect(response.status).toBe(status)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await response.text()).not.toMatch(/node_modules|\.ts:\d/)
  })

  it('a refusal is a page, not a problem document', async () => {
    const response = await fetch(`${web.url}/chat/messages`, { method: 'POST', headers: { Origin: 'https://evil.example' }, body: new URLSearchParams({ id: 'x', text: '你好' }) })
    expect(response.status).toBe(403)
    expect(response.headers.get('Content-Type')).toContain('text/html')
  })
})

describe('what is erased', () => {
  it('is gone from the history, and the page is told to forget it', async () => {
    const { say, history } = await visitor()
    await say('3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    const { json } = await say('不同意')
    expect(json.forget).toBe(true)
    expect(JSON.stringify(await history())).not.toMatch(/刘桂兰|13800138001/)
    web.clock.now = new Date(web.clock.now.getTime() + 1_000)
    expect((await say('你好')).json.forget).toBe(false)
  })
})

describe('notices', () => {
  it('come at once through the event stream, and after a reconnect those that were missed', async () => {
    const resident = await visitor()
    const request = await resident.report()
    const change = (status: string) => web.api('PATCH', `/api/v1/requests/${request}`, { status, note: status })
    const live = await resident.listen('0')
    await change('accepted')
    const first = await live.next()
    expect(first.text).toContain('已受理')
    live.close()
    await change('in_progress')
    const again = await resident.listen(String(first.seq))
    expect((await again.next()).text).toContain('处理中')
    again.close()
  })

  it('are not heard by others', async () => {
    const [resident, other] = [await visitor(), await visitor()]
    const request = await resident.report()
    await other.say('你好')
    const [mine, theirs] = [await resident.listen('0'), await other.listen('0')]
    await web.api('PATCH', `/api/v1/requests/${request}`, { status: 'accepted', note: '' })
    expect((await mine.next()).text).toContain('已受理')
    expect(theirs.received()).toEqual([])
    mine.close()
    theirs.close()
  })

  it('an announcement sent after a later notice is heard too', async () => {
    const resident = await visitor()
    const request = await resident.report()
    await resident.say('订阅')
    await web.addStaff('wang')
    await web.addStaff('li')
    const at = new Date(web.clock.now.getTime() + 60_000).toISOString()
    const { json } = await web.api('POST', '/api/v1/announcements', { by: 'wang', text: '明天停水', audience: { channels: ['web'] }, at })
    await web.api('POST', `/api/v1/announcements/${json.id}/approve`, { by: 'li' })
    const live = await resident.listen('0')
    await web.api('PATCH', `/api/v1/requests/${request}`, { status: 'accepted', note: '' })
    expect((await live.next()).kind).toBe('notice')
    web.clock.now = new Date(web.clock.now.getTime() + 120_000)
    web.outbox.wake()
    expect(await live.next()).toMatchObject({ kind: 'announcement', text: '明天停水' })
    live.close()
  })

  it('need a visitor', async () => {
    expect((await fetch(`${web.url}/chat/events`)).status).toBe(204)
  })
})

describe('every page', () => {
  it.each(['/', '/nothing', '/assets/chat.css', '/api/v1/openapi.json'])('%s carries headers that keep strangers out', async (path) => {
    const { headers } = await fetch(web.url + path)
    expect(headers.get('Content-Security-Policy')).toMatch(/default-src 'none'; script-src 'self';.*frame-ancestors 'none'/)
    expect(headers.get('Content-Security-Policy')).not.toMatch(/unsafe/)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('Referrer-Policy')).toBe('same-origin')
  })

  it('loads nothing from elsewhere', async () => {
    const { page } = await visitor()
    expect((await page()).match(/(?:src|href)="(?!\/|#|tel:)[^"]*"/g)).toBeNull()
  })

  it('loads its files once: they may be kept as long as they are the same', async () => {
    const { page } = await visitor()
    const [, address] = /href="(\/assets\/chat\.css\?v=[^"]+)"/.exec(await page()) ?? []
    const response = await fetch(web.url + String(address))
    expect(response.headers.get('Cache-Control')).toContain('immutable')
    expect((await fetch(web.url + String(address), { headers: { 'If-None-Match': response.headers.get('ETag') ?? '' } })).status).toBe(304)
    expect((await fetch(`${web.url}/assets/..%2fserver.ts`)).status).toBe(404)
  })
})
