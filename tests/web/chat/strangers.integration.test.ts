import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PartHealth } from '../../../src/domain/health.ts'
import { CHAT_BOUNDS, type ChatBounds } from '../../../src/web/chat/bounds.ts'
import { JPEG, makePng } from '../../support/picture-files.ts'
import { openTestWeb, type TestWeb, type TestWebOptions } from '../../support/web.ts'
import { openVisitor } from '../../support/visitor.ts'

const DANGER = '厨房着火了，满屋都是烟，出不去'
const FORGED = [`linli_visitor=${'a'.repeat(43)}`, `linli_visitor=${'a'.repeat(43)}.~${'b'.repeat(43)}`, 'linli_visitor=guess', `linli_visitor=${'a'.repeat(43)}.`, `linli_visitor=${'a'.repeat(4_000)}`]

let web: TestWeb
const open = async (bounds: Partial<ChatBounds> = {}, more: TestWebOptions['web'] = {}): Promise<void> => {
  web = await openTestWeb({ web: { bounds: { ...CHAT_BOUNDS, ...bounds }, ...more } })
}
afterEach(() => web.close())

const PLENTY = { perMinute: 1e9, burst: 1e9 }
const few = (burst: number) => ({ perMinute: 6, burst })
const from = (address: string) => ({ 'X-Forwarded-For': address })

interface Answer {
  status: number
  detail: string
  retryAfter: number
  cookie: string
}
/** One message from a browser that has this cookie, or none. */
async function say(text: string, { cookie = '', headers = {} }: { cookie?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  const response = await fetch(`${web.url}/chat/messages`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...(cookie !== '' && { Cookie: cookie }), ...headers }, body: JSON.stringify({ id: randomUUID(), text }) })
  const json = (await response.json()) as { detail?: string; lines?: { text: string }[] }
  return { status: response.status, detail: json.detail ?? json.lines?.map((line) => line.text).join('\n') ?? '', retryAfter: Number(response.headers.get('Retry-After')), cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}
const newVisitor = async (headers: Record<string, string> = {}): Promise<string> => (await fetch(web.url, { headers })).headers.getSetCookie()[0]?.split(';')[0] ?? ''

async function countRows(): Promise<Record<string, number>> {
  const { read } = web.store
  const [people, logins, conversations, messages, sends] = await Promise.all([read.person.count(), read.identity.count(), read.conversation.count(), read.inboundMessage.count(), read.outboxMessage.count()])
  return { people, logins, conversations, messages, sends }
}
const NOBODY = { people: 0, logins: 0, conversations: 0, messages: 0, sends: 0 }

const streams: AbortController[] = []
async function listen(cookie: string, headers: Record<string, string> = {}): Promise<Response> {
  const stop = new AbortController()
  streams.push(stop)
  return fetch(`${web.url}/chat/events`, { headers: { Cookie: cookie, ...headers }, signal: stop.signal })
}
afterEach(() => streams.splice(0).forEach((stop) => stop.abort()))

describe('who only looks', () => {
  beforeEach(() => open())

  it('costs nothing: five hundred visits leave no row and use up no place', async () => {
    for (let round = 0; round < 50; round += 1) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(web.url)))
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      await Promise.all(answers.map((answer) => answer.text()))
    }
    expect(await countRows()).toEqual(NOBODY)
    expect((await say('你好')).status).toBe(200)
  })

  it('has no stream of news, with a cookie and without, until something was said', async () => {
    const cookie = await newVisitor()
    expect((await listen('')).status).toBe(204)
    expect((await listen(cookie)).status).toBe(204)
    await say('你好', { cookie })
    expect((await listen(cookie)).status).toBe(200)
  })

  it('is asked to write something when nothing was written, and is nobody still', async () => {
    for (const text of ['', '   ', '\u200b']) expect(await say(text)).toMatchObject({ status: 422, detail: expect.stringContaining('还没有写字') as unknown })
    expect(await countRows()).toEqual(NOBODY)
  })

  it.each(FORGED)('with a made-up cookie is nobody: %s', async (cookie) => {
    expect((await fetch(web.url, { headers: { Cookie: cookie } })).headers.getSetCookie()[0]).toMatch(/^linli_visitor=[\w-]{43}\.~[\w-]{43};/)
    expect((await listen(cookie)).status).toBe(204)
    expect(await (await fetch(`${web.url}/chat/history`, { headers: { Cookie: cookie } })).json()).toEqual({ lines: [] })
    for (let count = 0; count < 10; count += 1) expect((await fetch(`${web.url}/chat/my-data`, { headers: { Cookie: cookie } })).status).toBe(404)
    expect(await countRows()).toEqual(NOBODY)
    const said = await say('你好', { cookie })
    expect(said.cookie).not.toBe(cookie)
  })
})

describe('a cookie', () => {
  beforeEach(() => open())

  it('of the time before there were marks goes on where it was, and gets its mark', async () => {
    const cookie = await newVisitor()
    await say('我家在7栋502', { cookie })
    const [unmarked = ''] = cookie.split('.')
    const again = await fetch(web.url, { headers: { Cookie: unmarked } })
    expect(await again.text()).toContain('7栋502')
    expect(again.headers.getSetCookie()[0]?.split(';')[0]).toBe(cookie)
    expect((await listen(unmarked)).status).toBe(200)
  })

  it('is taken back on this device when its owner leaves: the page is a fresh one, what was filed stays', async () => {
    const visitor = await openVisitor(web.url)
    const number = await visitor.report()
    const page = await visitor.page()
    expect(page).toMatch(/<form method="post" action="\/chat\/leave" id="leave-form"><button type="submit">结束在这台设备上<\/button>/)
    const left = await fetch(`${web.url}/chat/leave`, { method: 'POST', redirect: 'manual', headers: { Cookie: visitor.cookie, Origin: web.url } })
    expect([left.status, left.headers.get('location')]).toEqual([303, '/'])
    expect(left.headers.getSetCookie()).toEqual([expect.stringMatching(/^linli_visitor=; Max-Age=0; Path=\//)])
    const fresh = await fetch(web.url)
    expect(await fresh.text()).not.toContain(number)
    expect(fresh.headers.getSetCookie()[0]).not.toContain(visitor.cookie)
    expect((await web.api('GET', `/api/v1/requests/${number}`)).json.status).toBe('submitted')
  })

  it('is not taken back by another site; behind TLS both names go, and what the browser kept', async () => {
    expect((await fetch(`${web.url}/chat/leave`, { method: 'POST', headers: { Origin: 'https://evil.example' } })).status).toBe(403)
    const left = await fetch(`${web.url}/chat/leave`, { method: 'POST', redirect: 'manual', headers: { 'X-Forwarded-Proto': 'https' } })
    expect(left.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-linli_visitor=; Max-Age=0; Path=\/; Secure/), expect.stringMatching(/^linli_visitor=; Max-Age=0/)])
    expect(left.headers.get('clear-site-data')).toBe('"cache"')
  })
})

describe('new people', () => {
  it('come as many as the bounds allow from one address; the next reads when to go on, and leaves no row', async () => {
    await open({ newcomers: { address: few(3), all: PLENTY } })
    for (let count = 0; count < 3; count += 1) expect((await say('你好', { headers: from('203.0.113.9') })).status).toBe(200)
    const before = await countRows()
    expect(await say('你好', { headers: from('203.0.113.9') })).toMatchObject({ status: 429, retryAfter: 10, detail: '现在第一次来的人太多了，请过 10 秒再发。着急的事请打社区电话，有危险请打 110、119 或 120。' })
    expect(await countRows()).toEqual(before)
    expect((await say('你好', { headers: from('203.0.113.10') })).status).toBe(200)
    web.clock.now = new Date(web.clock.now.getTime() + 10_000)
    expect((await say('你好', { headers: from('203.0.113.9') })).status).toBe(200)
  })

  it('are bounded in all, from however many addresses; who is known already goes on', async () => {
    await open({ newcomers: { address: PLENTY, all: few(3) } })
    const known = await newVisitor()
    await say('你好', { cookie: known })
    for (let count = 0; count < 2; count += 1) expect((await say('你好', { headers: from(`203.0.113.${count}`) })).status).toBe(200)
    expect((await say('你好', { headers: from('203.0.113.77') })).status).toBe(429)
    expect((await say('社区几点上班', { cookie: known })).status).toBe(200)
  })

  it('with made-up cookies are new each time', async () => {
    await open({ newcomers: { address: few(2), all: PLENTY } })
    const statuses: number[] = []
    for (let count = 0; count < 4; count += 1) statuses.push((await say('你好', { cookie: `linli_visitor=${String(count).repeat(43)}` })).status)
    expect(statuses).toEqual([200, 200, 429, 429])
  })

  it('behind a proxy that nobody trusts are all one address', async () => {
    await open({ newcomers: { address: few(2), all: PLENTY } }, { trustedProxies: [] })
    const statuses: number[] = []
    for (let count = 0; count < 3; count += 1) statuses.push((await say('你好', { headers: from(`203.0.113.${count}`) })).status)
    expect(statuses).toEqual([200, 200, 429])
  })

  it('in danger are heard all the same, and beyond that read what to do', async () => {
    await open({ newcomers: { address: few(1), all: PLENTY }, dangers: { visitor: PLENTY, address: few(2), all: PLENTY } })
    await say('你好')
    expect((await say('你好')).status).toBe(429)
    for (let count = 0; count < 2; count += 1) expect(await say(DANGER)).toMatchObject({ status: 200, detail: expect.stringContaining('119') as unknown })
    expect(await web.store.read.serviceRequest.count({ where: { kind: 'emergency' } })).toBe(2)
    expect(await say(DANGER)).toMatchObject({ status: 429, detail: expect.stringContaining('119') as unknown })
  })
})

describe('messages', () => {
  it('of one address wait when there are too many, and so do those of all; what is refused uses nothing up', async () => {
    await open({ messages: { visitor: PLENTY, address: few(2), all: few(4) } })
    const [one, two, three] = [await newVisitor(), await newVisitor(), await newVisitor()]
    for (const text of ['你好', '谢谢']) expect((await say(text, { cookie: one, headers: from('203.0.113.1') })).status).toBe(200)
    for (let count = 0; count < 5; count += 1) expect(await say('你好', { cookie: one, headers: from('203.0.113.1') })).toMatchObject({ status: 429, retryAfter: 10, detail: '您发得有点快，请过 10 秒再发。' })
    for (const text of ['你好', '谢谢']) expect((await say(text, { cookie: two, headers: from('203.0.113.2') })).status).toBe(200)
    expect((await say('你好', { cookie: three, headers: from('203.0.113.3') })).status).toBe(429)
    expect(await say(DANGER, { cookie: three, headers: from('203.0.113.3') })).toMatchObject({ status: 200, detail: expect.stringContaining('119') as unknown })
  })

  it('of whoever carries the token know no such bounds', async () => {
    await open({ messages: { visitor: few(1), address: few(1), all: few(1) }, newcomers: { address: few(1), all: few(1) } })
    for (let count = 0; count < 20; count += 1) expect((await web.api('POST', '/api/v1/messages', { id: `m${count}`, conversation: `c${count}`, sender: { id: `u${count}` }, text: '你好' })).status).toBe(200)
  })
})

describe('streams of news', () => {
  it('are bounded by visitor, by address and in all, in words, and a place that is given back is free', async () => {
    await open({ streams: { visitor: 2, address: 3, all: 4 } })
    const [one, two, three] = [await newVisitor(), await newVisitor(), await newVisitor()]
    for (const cookie of [one, two, three]) await say('你好', { cookie })
    const first = await listen(one, from('203.0.113.1'))
    expect([first.status, (await listen(one, from('203.0.113.1'))).status]).toEqual([200, 200])
    const refused = await listen(one, from('203.0.113.2'))
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '30'])
    expect(await refused.text()).toContain('请关掉不用的页面，过 30 秒再打开')
    expect((await listen(two, from('203.0.113.1'))).status).toBe(200)
    expect((await listen(three, from('203.0.113.1'))).status).toBe(429)
    expect((await listen(two, from('203.0.113.3'))).status).toBe(200)
    expect((await listen(three, from('203.0.113.4'))).status).toBe(503)
    streams[0]?.abort()
    await expect.poll(async () => (await listen(one, from('203.0.113.5'))).status).toBe(200)
  })

  it('of made-up cookies take no places', async () => {
    await open({ streams: { visitor: 1, address: 1, all: 1 } })
    const cookie = await newVisitor()
    await say('你好', { cookie })
    for (const forged of FORGED) expect((await listen(forged)).status).toBe(204)
    expect((await listen(cookie)).status).toBe(200)
  })
})

describe('photos', () => {
  async function send(text: string, photos: readonly Uint8Array[], { cookie = '', headers = {} }: { cookie?: string; headers?: Record<string, string> } = {}) {
    const form = new FormData()
    form.append('id', randomUUID())
    form.append('text', text)
    photos.forEach((bytes, index) => form.append('photo', new File([Uint8Array.from(bytes)], `${index}.jpg`)))
    const response = await fetch(`${web.url}/chat/messages`, { method: 'POST', body: form, headers: { Accept: 'application/json', Cookie: cookie, ...headers } })
    const json = (await response.json()) as { detail?: string; lines?: { text: string }[] }
    return { status: response.status, detail: json.detail ?? '', text: json.lines?.map((line) => line.text).join('\n') ?? '' }
  }
  const large = makePng(400, 400, { noise: true })
  const bytes = (burst: number) => ({ perMinute: large.length, burst })

  it.each([
    ['one visitor', { visitor: bytes(3 * large.length), address: PLENTY, all: PLENTY }],
    ['one address', { visitor: PLENTY, address: bytes(3 * large.length), all: PLENTY }],
    ['all', { visitor: PLENTY, address: PLENTY, all: bytes(3 * large.length) }],
  ])('of %s may take so much of the disk; then words alone go on, and one reads when', async (_who, photoBytes) => {
    await open({ photoBytes })
    const cookie = await newVisitor()
    expect((await send('楼道', [large, large], { cookie })).status).toBe(200)
    expect((await send('楼道', [large, large], { cookie }))).toMatchObject({ status: 429, detail: '照片发得太多了，请过 1 分钟再发。只发文字现在就可以；着急的事请打社区电话。' })
    expect((await say('你好', { cookie })).status).toBe(200)
    web.clock.now = new Date(web.clock.now.getTime() + 60_000)
    expect((await send('楼道', [large, large], { cookie })).status).toBe(200)
  })

  it('beyond the bounds keep nobody in danger from being heard', async () => {
    await open({ photos: { address: few(1) } })
    const cookie = await newVisitor()
    await send('楼道', [JPEG], { cookie })
    const heard = await send(DANGER, [JPEG], { cookie })
    expect([heard.status, heard.text.includes('119')]).toEqual([200, true])
  })

  it('are not taken where the disk is full; the words are', async () => {
    const full: PartHealth = { state: 'failed', detail: '', banner: '' }
    await open({}, { health: { examine: () => Promise.resolve({ isReady: true, parts: { disk: full, database: full, pictures: full, model: full, channels: full, knowledge: full } }) } })
    const { status, text } = await send('3号楼2单元楼道灯坏了', [JPEG])
    expect([status, /照片/.test(text)]).toEqual([200, true])
    expect(await web.store.read.photo.count()).toBe(0)
  })
})
