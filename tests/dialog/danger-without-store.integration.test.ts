import { afterEach, beforeEach, expect, it } from 'vitest'
import { StoreError } from '../../src/domain/errors.ts'
import type { InboundMessage, OutgoingMessage } from '../../src/domain/messages/messages.ts'
import { createReceiver } from '../../src/platforms.ts'
import { openTestWeb, type TestWeb } from '../support/web.ts'

const DANGER = '厨房着火了，满屋都是烟，出不去'
let web: TestWeb
let isDown: boolean
beforeEach(async () => {
  isDown = true
  web = await openTestWeb({ wrap: (assistant) => ({ ...assistant, receive: (message) => (isDown ? Promise.reject(new StoreError('The disk is full', { retryable: true })) : assistant.receive(message)) }) })
})
afterEach(() => web.close())

const chat = (text: string, id: string, cookie = '') =>
  fetch(`${web.url}/chat/messages`, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: web.url, ...(cookie !== '' && { Cookie: cookie }) }, body: JSON.stringify({ id, text }) })

it('the web chat tells who is in danger what to do while nothing can be stored, and takes the message as soon as it can', async () => {
  const refused = await chat(DANGER, 'm1')
  expect(refused.status).toBe(503)
  expect(((await refused.json()) as { detail: string }).detail).toContain('119')
  const harmless = await chat('楼道灯坏了', 'm2')
  expect(((await harmless.json()) as { detail: string }).detail).not.toContain('119')
  isDown = false
  expect((await chat(DANGER, 'm1')).status).toBe(200)
})

it('who has written too much is heard all the same when they are in danger, and beyond the bounds of that reads what to do', async () => {
  isDown = false
  const first = await chat('你好', 'm0')
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? ''
  let last = first
  for (let count = 1; count < 200 && last.status === 200; count += 1) last = await chat('你好', `m${count}`, cookie)
  expect(last.status).toBe(429)
  expect(((await last.json()) as { detail: string }).detail).toMatch(/有点快，请过 \d+ 秒再发/)
  const heard = await chat(DANGER, 'danger', cookie)
  expect(heard.status).toBe(200)
  expect(JSON.stringify(await heard.json())).toContain('119')
  expect(await web.store.read.serviceRequest.count({ where: { kind: 'emergency' } })).toBe(1)
  let refused = heard
  for (let count = 1; count < 100 && refused.status === 200; count += 1) refused = await chat(DANGER, `danger${count}`, cookie)
  expect(refused.status).toBe(429)
  expect(((await refused.json()) as { detail: string }).detail).toContain('119')
})

it('the API says it in the detail of its refusal', async () => {
  const { status, json } = await web.api('POST', '/api/v1/messages', { conversation: 'c1', sender: { id: 'u1' }, text: DANGER })
  expect(status).toBe(503)
  expect(json['detail']).toContain('119')
})

it('on a platform they are told once a message, who is in no danger once a conversation, and it delivers the message again', async () => {
  const sent: OutgoingMessage[] = []
  const message: InboundMessage = { channel: 'telegram', account: 'a', externalId: '7', conversation: { kind: 'private', externalId: 'c' }, sender: { externalId: 'u' }, isAddressed: true, text: DANGER, attachments: [], sentAt: web.clock.now }
  const send = (one: OutgoingMessage) => {
    sent.push(one)
    return Promise.resolve({ outcome: 'sent' as const })
  }
  const receive = createReceiver({ send }, { receive: () => Promise.reject(new StoreError('The disk is full', { retryable: true })), safetyWords: (said) => web.assistant.assistant.safetyWords(said) })
  await expect(receive(message)).rejects.toThrow(StoreError)
  await expect(receive(message)).rejects.toThrow(StoreError)
  for (const externalId of ['8', '8', '9']) await expect(receive({ ...message, externalId, text: '楼道灯坏了' })).rejects.toThrow(StoreError)
  expect(sent.map(({ kind }) => kind)).toEqual(['emergency', 'receipt'])
  expect(sent[0]?.text).toContain('119')
  expect(sent[1]?.text).toContain('还没有记下来')
})
