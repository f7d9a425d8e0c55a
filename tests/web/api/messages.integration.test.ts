import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ServiceStoppingError, StoreError } from '../../../src/domain/errors.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
})
afterAll(() => web.close())

const post = (body: unknown, headers?: Record<string, string>) => web.api('POST', '/api/v1/messages', body, headers)
const lines = async (conversation: string, after?: number) => (await web.api('GET', `/api/v1/messages?conversation=${encodeURIComponent(conversation)}${after === undefined ? '' : `&after=${after}`}`)).json

/** Files a report in one conversation and gives back its number. */
async function fileReport(conversation: string, sender = conversation): Promise<string> {
  await post({ conversation, sender: { id: sender }, text: '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001' })
  await post({ conversation, sender: { id: sender }, text: '同意' })
  const { text } = await post({ conversation, sender: { id: sender }, text: '确认' })
  return /SR-\d{8}-\d{4}/.exec(text)?.[0] ?? ''
}

it('what staff wrote counts as seen once it was fetched', async () => {
  const number = await fileReport('seen')
  const { id } = await web.store.read.serviceRequest.findUniqueOrThrow({ where: { number } })
  await web.api('PATCH', `/api/v1/requests/${id}`, { note: '师傅到楼下了' })
  const readAt = async () => (await web.store.read.conversation.findFirstOrThrow({ where: { externalId: 'seen' } })).readAt
  expect(await readAt()).toBeNull()
  await lines('seen')
  expect(await readAt()).toEqual(web.clock.now)
})

describe('handing a message in', () => {
  it('answers a policy question with the clause, its number and the words', async () => {
    const { status, json } = await post({ id: 'm1', conversation: 'a', sender: { id: 'a', name: '刘阿姨' }, text: '社区志愿者要占居民多少' })
    expect(status).toBe(200)
    expect(json).toMatchObject({ id: 'm1', intent: 'ask_policy', duplicate: false, replies: [{ to: 'private', kind: 'answer', citations: [{ clause: '13' }] }] })
  })

  it('answers the same id in the same conversation again as the first time, and says so, whatever the text is now', async () => {
    const first = await post({ id: 'again', conversation: 'b', sender: { id: 'b' }, text: '你好' })
    const second = await post({ id: 'again', conversation: 'b', sender: { id: 'b' }, text: '我想当志愿者' })
    expect(second.json).toEqual({ ...first.json, duplicate: true })
    const elsewhere = await post({ id: 'again', conversation: 'b2', sender: { id: 'b' }, text: '你好' })
    expect(elsewhere.json.duplicate).toBe(false)
  })

  it('takes twenty deliveries of one message at once as one turn', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post({ id: 'burst', conversation: 'c', sender: { id: 'c' }, text: '我家着火了' })))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(answers.filter(({ json }) => json.duplicate === (false as never))).toHaveLength(1)
    expect(new Set(answers.map(({ json }) => JSON.stringify(json.replies))).size).toBe(1)
    expect(await web.store.read.serviceRequest.count({ where: { kind: 'emergency' } })).toBe(1)
  })

  it('makes an id up when there is none', async () => {
    const { json } = await post({ conversation: 'd', sender: { id: 'd' }, text: '你好' })
    expect(json.id).toMatch(/^[0-9a-f-]{36}$/)
  })

  it.each([
    ['an empty text', ''],
    ['blanks', ' \n\t '],
    ['emoji only', '😀😀'],
    ['10,000 characters', '水'.repeat(10_000)],
    ['1,000,000 characters', '水'.repeat(1_000_000)],
    ['1,000,000 escaped characters', '\u0007'.repeat(1_000_000)],
    ['halves of surrogate pairs', 'a\ud800b\udc00'],
    ['NUL and control characters', 'a\0b\u0007'],
    ['zero-width and bidirectional characters', '\u200b\u202e你好\u2066'],
    ['HTML', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['SQL', "'; DROP TABLE Person; --"],
    ['a formula', '=HYPERLINK("http://x","y")'],
  ])('answers %s with a sentence', async (_name, text) => {
    const { status, json } = await post({ conversation: 'odd', sender: { id: 'odd' }, text })
    expect(status).toBe(200)
    expect((json.replies as unknown as { text: string }[])[0]?.text).not.toBe('')
  })

  it('stores what was typed clean and cut', async () => {
    await post({ id: 'dirty', conversation: 'dirty', sender: { id: 'dirty', name: '<b>王\u202e@所有人</b>' }, text: `${'水'.repeat(20_000)}\0` })
    const row = await web.store.read.inboundMessage.findFirstOrThrow({ where: { externalId: JSON.stringify(['dirty', 'dirty', 'dirty']) }, include: { conversation: true } })
    expect(row.text).toBe('水'.repeat(10_000))
    const person = await web.store.read.person.findUniqueOrThrow({ where: { id: row.personId } })
    expect(person.nickname).toBe('王')
  })

  it('ignores keys that it does not know, __proto__ too', async () => {
    const { status } = await post('{"conversation":"p","sender":{"id":"p","__proto__":{"x":1}},"text":"你好","__proto__":{"isAddressed":false},"more":1}')
    expect(status).toBe(200)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})

describe('groups', () => {
  const group = { id: 'g1', name: '阳光花园' }

  it('only overhear what is not addressed to the assistant', async () => {
    const { status, json } = await post({ conversation: 'g1', sender: { id: 'e' }, group, text: '今天天气真好' })
    expect(status).toBe(200)
    expect(json.replies).toEqual([])
  })

  it('move a form to a private conversation, which can be read there', async () => {
    await post({ conversation: 'e-private', sender: { id: 'e' }, text: '你好' })
    const { json } = await post({ conversation: 'g1', sender: { id: 'e' }, group, mentioned: true, text: '3号楼2单元楼道灯坏了' })
    const replies = json.replies as unknown as { to: string; conversation?: string; text: string }[]
    expect(replies.map(({ to }) => to)).toContain('private')
    expect(replies.find(({ to }) => to === 'private')?.conversation).toBe('e-private')
    expect(replies.find(({ to }) => to === 'group')).not.toHaveProperty('conversation')
    const pushed = (await lines('e-private')).messages as unknown as { seq: number; text: string }[]
    expect(pushed.map(({ text }) => text)).toEqual(replies.filter(({ to }) => to === 'private').map(({ text }) => text))
  })

  it('are known by their id, not by the conversation field', async () => {
    await post({ id: 'x', conversation: 'whatever', sender: { id: 'f' }, group: { id: 'g2' }, mentioned: true, text: '你好' })
    const again = await post({ id: 'x', conversation: 'other', sender: { id: 'f' }, group: { id: 'g2' }, mentioned: true, text: '你好' })
    expect(again.json.duplicate).toBe(true)
  })
})

describe('reading what was pushed', () => {
  it('gives the notice of a changed request once, after the last seq, in UTC', async () => {
    const number = await fileReport('reader')
    const { json: request } = await web.api('GET', `/api/v1/requests/${number}`)
    await web.api('PATCH', `/api/v1/requests/${request.id}`, { status: 'accepted', note: '明天上门' })
    const { messages } = (await lines('reader', 0)) as unknown as { messages: { seq: number; text: string; kind: string; at: string }[] }
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatchObject({ kind: 'notice', text: expect.stringContaining('明天上门') as string, at: expect.stringMatching(/Z$/) as string })
    expect((await lines('reader', messages[0]?.seq)).messages).toEqual([])
  })

  it('is empty for a conversation that nobody has heard of', async () => {
    expect(await lines('nobody')).toEqual({ messages: [] })
  })

  it.each(['after=-1', 'after=', 'after=1e3', 'after=0x1', 'after=1.5', 'after=99999999999999999999', 'after=1&after=2'])('refuses %s', async (query) => {
    const { status } = await web.api('GET', `/api/v1/messages?conversation=a&${query}`)
    expect(status).toBe(422)
  })

  it('needs a conversation', async () => {
    expect((await web.api('GET', '/api/v1/messages')).status).toBe(422)
  })
})

describe('when nothing can be taken', () => {
  it.each([
    ['while it stops', () => new ServiceStoppingError()],
    ['when the database is locked', () => new StoreError('locked', { retryable: true })],
  ])('says 503 and when to come again, %s', async (_name, fault) => {
    const failing = await openTestWeb({ wrap: (assistant) => ({ ...assistant, receive: () => Promise.reject(fault()) }) })
    const { status, headers, json } = await failing.api('POST', '/api/v1/messages', { conversation: 'a', sender: { id: 'a' }, text: '你好' })
    expect(status).toBe(503)
    expect(headers.get('Retry-After')).toMatch(/^\d+$/)
    expect(headers.get('Content-Type')).toBe('application/problem+json')
    expect(json.detail).toMatch(/again/)
    await failing.close()
  })

  it('shows nothing of the inside when something breaks', async () => {
    const failing = await openTestWeb({ wrap: (assistant) => ({ ...assistant, receive: () => Promise.reject(new Error('secret /etc/passwd')) }) })
    const { status, text } = await failing.api('POST', '/api/v1/messages', { conversation: 'a', sender: { id: 'a' }, text: '你好' })
    expect(status).toBe(500)
    expect(text).not.toMatch(/secret|passwd|at .*\.ts/)
    await failing.close()
  })
})
