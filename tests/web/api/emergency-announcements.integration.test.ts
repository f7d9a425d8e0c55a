import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

const PATIENCE = { timeout: 10_000 }

let web: TestWeb
beforeEach(async () => {
  // 23:00 in Shanghai, in quiet hours.
  web = await openTestWeb({ start: '2026-11-24T15:00:00Z', quietHours: { fromMinutes: 21 * 60 + 30, toMinutes: 7 * 60 + 30 } })
  for (const user of ['wang', 'li']) await web.addStaff(user)
  await web.api('POST', '/api/v1/messages', { conversation: 'chen', sender: { id: 'chen', name: '陈' }, text: '订阅' })
})
afterEach(() => web.close())

const write = async (emergency: boolean): Promise<string> => (await web.api('POST', '/api/v1/announcements', { by: 'wang', text: '燃气泄漏，请马上离开3号楼', audience: {}, emergency })).json.id as unknown as string
const approve = (id: string, body: object) => web.api('POST', `/api/v1/announcements/${id}/approve`, body)
const read = async (id: string) => (await web.api('GET', `/api/v1/announcements/${id}`)).json

describe('an emergency announcement over HTTP, at night', () => {
  it('is sent at once when a second person approves it: that is the second confirmation', async () => {
    const id = await write(true)
    expect((await approve(id, { by: 'wang' })).status).toBe(409)
    expect(await read(id)).toMatchObject({ status: 'draft', emergency: true, sent: 0 })
    const approved = await approve(id, { by: 'li' })
    expect(approved.status).toBe(200)
    expect(approved.json).toMatchObject({ emergency: true, approved_by: 'li' })
    await expect.poll(() => read(id), PATIENCE).toMatchObject({ status: 'finished', sent: 1 })
    expect((await web.api('GET', '/api/v1/messages?conversation=chen')).json.messages).toMatchObject([{ kind: 'announcement' }])
  })

  it('waits until quiet hours end when the second person says that it is none, and the answer says so', async () => {
    const id = await write(true)
    expect((await approve(id, { by: 'li', confirm_emergency: false })).json).toMatchObject({ status: 'sending', emergency: false, open: 1 })
    const loud = await write(true)
    await approve(loud, { by: 'li', confirm_emergency: true })
    await expect.poll(() => read(loud), PATIENCE).toMatchObject({ status: 'finished' })
    expect(await read(id)).toMatchObject({ status: 'sending', open: 1, sent: 0 })
    web.clock.now = new Date('2026-11-24T23:30:30Z')
    web.outbox.wake()
    await expect.poll(() => read(id), PATIENCE).toMatchObject({ status: 'finished', sent: 1 })
  })

  it('waits when it is none, whatever the second person confirms', async () => {
    const id = await write(false)
    expect((await approve(id, { by: 'li', confirm_emergency: true })).json).toMatchObject({ emergency: false })
    const loud = await write(true)
    await approve(loud, { by: 'li' })
    await expect.poll(() => read(loud), PATIENCE).toMatchObject({ status: 'finished' })
    expect(await read(id)).toMatchObject({ open: 1, sent: 0 })
  })

  it('takes no other type for the confirmation, and the document tells what it means', async () => {
    const id = await write(true)
    expect((await approve(id, { by: 'li', confirm_emergency: 'no' })).status).toBe(422)
    expect(await read(id)).toMatchObject({ status: 'draft' })
    const { json } = await web.api('GET', '/api/v1/openapi.json')
    const { components } = json as unknown as { components: { schemas: Record<string, { required: string[]; properties: Record<string, { description: string }> }> } }
    expect(components.schemas['Approval']?.required).toEqual(['by'])
    expect(components.schemas['Approval']?.properties['confirm_emergency']?.description).toContain('quiet hours')
  })
})
