import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestWeb, type TestWeb } from '../../../support/web.ts'

const PATIENCE = { timeout: 10_000 }

let web: TestWeb
beforeEach(async () => {
  web = await openTestWeb({ start: '2026-11-24T02:00:00Z' })
  for (const user of ['wang', 'li']) await web.addStaff(user)
  await web.api('POST', '/api/v1/messages', { conversation: 'chen', sender: { id: 'chen', name: '陈' }, text: '订阅' })
})
afterEach(() => web.close())

const write = async (more: object = {}): Promise<string> => (await web.api('POST', '/api/v1/announcements', { by: 'wang', text: '明天停水', audience: {}, at: '2026-11-24T03:00:00Z', ...more })).json.id as unknown as string
const approve = (id: string, body: object = {}) => web.api('POST', `/api/v1/announcements/${id}/approve`, { by: 'li', ...body })
const read = async (id: string) => (await web.api('GET', `/api/v1/announcements/${id}`)).json

describe('an announcement over HTTP whose time has passed before it was approved', () => {
  it('is not sent: a problem says how it is approved', async () => {
    const id = await write()
    web.clock.now = new Date('2026-11-24T03:30:00Z')
    const refused = await approve(id)
    expect(refused.status).toBe(409)
    expect(refused.headers.get('Content-Type')).toBe('application/problem+json')
    expect(refused.text).toContain('2026-11-24T03:00:00.000Z')
    expect(refused.text).toContain('send_now')
    expect(await read(id)).toMatchObject({ status: 'draft', at: '2026-11-24T03:00:00.000Z', sent: 0 })
    expect((await approve(id, { send_now: false })).status).toBe(409)
    expect((await approve(id, { by: 'wang', send_now: true })).status).toBe(409)
  })

  it('is sent at once, or at a new time that is to come', async () => {
    const [now, later] = [await write(), await write()]
    web.clock.now = new Date('2026-11-24T03:30:00Z')
    expect(await approve(now, { send_now: true })).toMatchObject({ status: 200, json: { status: 'sending', at: null, approved_by: 'li' } })
    await expect.poll(() => read(now), PATIENCE).toMatchObject({ status: 'finished', sent: 1 })
    expect((await approve(later, { send_at: '2026-11-24T03:00:00Z' })).status).toBe(409)
    expect((await approve(later, { send_at: 'tomorrow' })).status).toBe(422)
    expect((await approve(later, { send_at: '2026-11-25T01:00:00Z', send_now: true })).status).toBe(422)
    expect((await approve(later, { send_now: 'yes' })).status).toBe(422)
    expect(await approve(later, { send_at: '2026-11-25T01:00:00Z' })).toMatchObject({ status: 200, json: { status: 'scheduled', at: '2026-11-25T01:00:00.000Z', open: 1 } })
  })

  it('goes as it always did when its time is to come, or was past when it was written', async () => {
    expect(await approve(await write())).toMatchObject({ status: 200, json: { status: 'scheduled' } })
    expect(await approve(await write({ at: '2026-11-24T01:00:00Z' }))).toMatchObject({ status: 200 })
  })
})

describe('a draft over HTTP', () => {
  it('is changed in part, and not approved by whoever changed it', async () => {
    await web.addStaff('zhao')
    const id = await write({ title: '停水', link_url: 'https://example.org/water' })
    const patch = (body: object) => web.api('PATCH', `/api/v1/announcements/${id}`, { by: 'li', ...body })
    expect(await patch({ text: '后天停水', at: null })).toMatchObject({ status: 200, json: { title: '停水', text: '后天停水', at: null, link_url: 'https://example.org/water', status: 'draft', by: 'wang' } })
    expect(await patch({ link_url: null, audience: { roles: ['volunteer'] } })).toMatchObject({ status: 200, json: { text: '后天停水', audience: { roles: ['volunteer'] } } })
    expect((await read(id)).link_url).toBeUndefined()
    for (const wrong of [{ text: 5 }, { txt: '停水' }, { audience: { area: ['x'] } }, { expires_at: '2026-11-24T01:00:00Z' }]) expect((await patch(wrong)).status).toBe(422)
    expect((await patch({ by: 'nobody' })).status).toBe(403)
    expect((await web.api('PATCH', '/api/v1/announcements/none', { by: 'li' })).status).toBe(404)
    expect((await approve(id)).status).toBe(409)
    expect((await approve(id, { by: 'zhao' })).status).toBe(200)
    expect((await patch({ text: '停水' })).status).toBe(409)
  })

  it('is returned with a comment, then waits until it is changed', async () => {
    const id = await write()
    const back = (body: object) => web.api('POST', `/api/v1/announcements/${id}/return`, { by: 'li', comment: '时间不对', ...body })
    for (const comment of ['', ' \u200b']) expect((await back({ comment })).status).toBe(422)
    expect((await back({ by: 'wang' })).status).toBe(409)
    expect(await back({})).toMatchObject({ status: 200, json: { status: 'draft' } })
    expect((await approve(id)).status).toBe(409)
    await web.api('PATCH', `/api/v1/announcements/${id}`, { by: 'wang', text: '周六停水' })
    expect((await approve(id)).status).toBe(200)
  })

  it('brings what was approved to those who came since', async () => {
    const id = await write({ at: undefined })
    await approve(id)
    await web.api('POST', '/api/v1/messages', { conversation: 'liu', sender: { id: 'liu', name: '刘' }, text: '订阅' })
    const draft = await web.api('POST', `/api/v1/announcements/${id}/supplement`, { by: 'wang' })
    expect(draft).toMatchObject({ status: 201, json: { status: 'draft', supplements: id, total: 1, text: '明天停水' } })
    expect((await web.api('POST', `/api/v1/announcements/${id}/supplement`, { by: 'wang' })).status).toBe(409)
    expect((await approve(draft.json.id as unknown as string)).json).toMatchObject({ total: 1, supplements: id })
  })
})
