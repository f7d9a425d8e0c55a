import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JPEG, makePng, withExif } from '../../support/picture-files.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
  await web.addStaff('wang')
  await web.addStaff('li')
  await web.api('POST', '/api/v1/messages', { conversation: 'r1', sender: { id: 'r1' }, text: '订阅' })
})
afterAll(() => web.close())

const announce = (more: object) => web.api('POST', '/api/v1/announcements', { by: 'wang', text: '明天停水', audience: {}, ...more })
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
async function pushedAfter(approved: string): Promise<Record<string, unknown>[]> {
  const before = (await web.api('GET', '/api/v1/messages?conversation=r1')).json.messages as unknown as unknown[]
  expect((await web.api('POST', `/api/v1/announcements/${approved}/approve`, { by: 'li' })).status).toBe(200)
  for (;;) {
    const messages = (await web.api('GET', '/api/v1/messages?conversation=r1')).json.messages as unknown as Record<string, unknown>[]
    if (messages.length > before.length) return messages.slice(before.length)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('a picture over HTTP', () => {
  it('is taken with an announcement, told where it is served, and comes with the message', async () => {
    const { status, json } = await announce({ picture: base64(withExif(JPEG)) })
    expect(status).toBe(201)
    expect(json).toMatchObject({ status: 'draft', picture: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/pictures\/[0-9a-f]{64}\.jpg$/) as unknown })
    const [message] = await pushedAfter(String(json.id))
    expect(Object.keys(message ?? {}).sort()).toEqual(['at', 'kind', 'picture', 'seq', 'text'])
    expect(message).toMatchObject({ kind: 'announcement', text: '明天停水', picture: json.picture })
    const served = await fetch(String(message?.['picture']))
    expect(served.headers.get('content-type')).toBe('image/jpeg')
    expect(served.headers.get('x-content-type-options')).toBe('nosniff')
    expect(base64(new Uint8Array(await served.arrayBuffer()))).toBe(base64(JPEG))
    expect((await web.api('GET', `/api/v1/announcements/${String(json.id)}`)).json.picture).toBe(json.picture)
  })

  it('changes nothing where there is none: the fields of the contract and no others', async () => {
    const { json } = await announce({})
    expect(json).not.toHaveProperty('picture')
    const [message] = await pushedAfter(String(json.id))
    expect(Object.keys(message ?? {}).sort()).toEqual(['at', 'kind', 'seq', 'text'])
  })

  it('that lies elsewhere is an address in the text, as a link is', async () => {
    const { json } = await announce({ picture_url: 'https://example.org/a.jpg', link_url: 'https://example.org/notice' })
    expect(json).toMatchObject({ picture_url: 'https://example.org/a.jpg', link_url: 'https://example.org/notice' })
    const [message] = await pushedAfter(String(json.id))
    expect(message?.['text']).toBe('明天停水\n图片：https://example.org/a.jpg\n详情：https://example.org/notice')
  })

  it.each([
    ['words', Buffer.from('words').toString('base64'), '选的不是图片'],
    ['a GIF', Buffer.from('GIF89a').toString('base64'), 'GIF'],
    ['half a picture', base64(JPEG.subarray(0, 400)), '坏了'],
    ['no base64', 'a b', 'base64'],
    ['a number', 7, 'picture'],
    ['more than 5 MB', 'A'.repeat(7 * 1024 * 1024), 'picture'],
    ['an address that is none', undefined, 'picture_url'],
  ])('%s is 422, says why and leaves no row', async (_, picture, words) => {
    const before = await web.store.read.announcement.count()
    const answer = await announce(picture === undefined ? { picture_url: 'javascript:alert(1)' } : { picture })
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.text).toContain(words)
    expect(await web.store.read.announcement.count()).toBe(before)
  })

  it('of an announcement that is refused for another reason is not kept', async () => {
    const png = makePng(31, 17)
    expect((await announce({ by: 'nobody', picture: base64(png) })).status).toBe(403)
    const { json } = await announce({ picture: base64(png) })
    expect((await web.api('POST', `/api/v1/announcements/${String(json.id)}/cancel`, { by: 'wang' })).status).toBe(200)
    expect((await fetch(String(json.picture))).status).toBe(404)
  })
})
