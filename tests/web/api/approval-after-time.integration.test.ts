import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

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
