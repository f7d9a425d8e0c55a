import { afterEach, beforeEach, expect, it } from 'vitest'
import { type AdminFixture, type FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient

beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
  await residentTurn(fixture, { sender: 'liu', nickname: '刘阿姨的家', request: {} })
})
afterEach(() => fixture.close())

it('an administrator deletes all of a resident after a second look, and only once', async () => {
  const { id } = await fixture.store.read.person.findFirstOrThrow({ where: { nickname: '刘阿姨的家' } })
  const page = `/admin/residents/${id}/erase`
  expect((await client.get('/admin/residents')).text).toContain(`href="${page}"`)
  expect((await client.get(page)).text).toContain('找不回来')
  expect((await client.post(page, {})).text).toContain('全部删掉了')
  expect(await fixture.store.read.person.findUniqueOrThrow({ where: { id } })).toMatchObject({ nickname: '' })
  expect((await client.get('/admin/residents')).text).not.toContain('刘阿姨的家')
  expect((await client.post(page, {})).status).toBe(404)
  expect((await client.get('/admin/audit')).text).toContain('删掉一位居民的全部资料')
})

it('who is no administrator neither sees it nor can do it', async () => {
  await fixture.store.write((transaction) => transaction.staffMember.updateMany({ data: { role: 'staff' } }))
  const { id } = await fixture.store.read.person.findFirstOrThrow({ where: { nickname: '刘阿姨的家' } })
  expect((await client.get('/admin/residents')).text).not.toContain('/erase')
  expect((await client.get(`/admin/residents/${id}/erase`)).status).toBe(403)
  expect((await client.post(`/admin/residents/${id}/erase`, {})).status).toBe(403)
  expect((await fixture.store.read.person.findUniqueOrThrow({ where: { id } })).erasedAt).toBeNull()
})
