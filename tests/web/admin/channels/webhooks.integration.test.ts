import { afterAll, beforeAll, expect, it } from 'vitest'
import { settleWebhook, subscribeWebhooks } from '../../../../src/store/webhooks/webhooks.ts'
import { FormClient, residentTurn, startAdmin, type AdminFixture } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient
beforeAll(async () => {
  fixture = await startAdmin()
  client = new FormClient(fixture.url)
  await client.logIn()
})
afterAll(() => fixture.close())

it('staff see what was pushed to another program, why it was not taken, and push it again', async () => {
  expect((await client.get('/admin/channels')).text).toContain('href="/admin/webhooks"')
  expect((await client.get('/admin/webhooks')).text).toContain('现在没有推给别的程序')
  await subscribeWebhooks(fixture.store, true, fixture.clock.now)
  await residentTurn(fixture, { request: {} })
  const { id, number } = await fixture.store.read.webhookDelivery.findFirstOrThrow()
  expect((await client.get('/admin/webhooks')).text).toMatch(new RegExp(`${number}[\\s\\S]*新登记（已提交）[\\s\\S]*等着推`))
  await settleWebhook(fixture.store, id, { failed: true, error: 'HTTP 500' })
  const failed = (await client.get('/admin/webhooks')).text
  expect(failed).toContain('没推到')
  expect(failed).toContain('上次：HTTP 500')
  const again = await client.post(`/admin/webhooks/${id}/retry`, {})
  expect(again.text).toContain('马上再推一次')
  expect(await fixture.store.read.webhookDelivery.findFirstOrThrow()).toMatchObject({ state: 'queued' })
  await settleWebhook(fixture.store, id, { sentAt: fixture.clock.now })
  const sent = (await client.get('/admin/webhooks')).text
  expect(sent).toContain('推到了')
  expect(sent).not.toContain('现在再推')
  expect((await client.post(`/admin/webhooks/${id}/retry`, {})).text).toContain('没有这一条，或者已经推到了')
  expect((await client.get('/admin/audit')).text).toContain('把变动再推一次')
})
