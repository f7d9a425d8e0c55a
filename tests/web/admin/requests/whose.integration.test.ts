import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addStaff, changePassword } from '../../../../src/store/staff/staff.ts'
import { ADMIN, type AdminFixture, FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient
let colleague: FormClient
let number: string
let id: string

beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
  const added = await addStaff(fixture.store, { user: 'zhangwei', name: '张伟', role: 'staff', now: fixture.clock.now })
  if (added.outcome !== 'added') throw new Error('not added')
  await changePassword(fixture.store, { staffId: added.staff.id, current: added.oneTimePassword, next: 'three calm rivers', now: fixture.clock.now })
  colleague = new FormClient(fixture.url)
  await colleague.logIn('zhangwei', 'three calm rivers')
  number = await residentTurn(fixture, { request: {} })
  ;({ id } = await fixture.store.read.serviceRequest.findFirstOrThrow())
})
afterEach(() => fixture.close())

const assigneeOf = async () => (await fixture.store.read.serviceRequest.findFirstOrThrow({ include: { assignee: true } })).assignee?.user ?? null

describe('whose a request is', () => {
  it('stands in lists and on its page, and what nobody has is a list of its own', async () => {
    expect((await client.get('/admin/requests?status=nobody')).text).toContain(number)
    await client.post(`/admin/requests/${id}/assign`, { to: 'me' })
    expect((await client.get('/admin/requests?status=nobody')).text).not.toContain(number)
    expect((await colleague.get('/admin/requests')).text).toContain(`${ADMIN.user} 负责`)
    expect((await colleague.get(`/admin/requests/${number}`)).text).toContain(`负责人：没人负责 -&gt; ${ADMIN.user}`)
  })

  it('a colleague’s is taken only by who sees whose it is, and the colleague reads of it on the day’s page', async () => {
    await colleague.get(`/admin/requests/${number}`)
    await client.post(`/admin/requests/${id}/assign`, { to: 'me' })
    const asked = await colleague.post(`/admin/requests/${id}/assign`, { to: 'me' })
    expect(asked.status).toBe(409)
    expect(asked.text).toContain(`现在由${ADMIN.user}负责`)
    expect(asked.text).toContain(`从${ADMIN.user}那里接过来`)
    expect(await assigneeOf()).toBe(ADMIN.user)
    await colleague.post(`/admin/requests/${id}/assign`, { to: 'me', takes_over: '1' })
    expect(await assigneeOf()).toBe('zhangwei')
    const day = await client.get('/admin')
    expect(day.text).toContain('同事找您')
    expect(day.text).toContain('张伟 接过去了')
    await client.get(`/admin/requests/${number}`)
    expect((await client.get('/admin')).text).not.toContain('同事找您')
  })

  it('who is shut out hands over what they still have', async () => {
    await colleague.post(`/admin/requests/${id}/assign`, { to: 'me' })
    const asked = await client.post('/admin/people/zhangwei/disable', {})
    expect(asked.text).toContain('张伟 手上还有 1 件没办完')
    expect(asked.text).toContain(number)
    expect((await fixture.store.read.staffMember.findUniqueOrThrow({ where: { user: 'zhangwei' } })).disabledAt).toBeNull()
    expect((await client.post('/admin/people/zhangwei/disable', { to: ADMIN.user })).text).toContain('停用了')
    expect(await assigneeOf()).toBe(ADMIN.user)
    expect((await client.get('/admin/requests?status=mine')).text).toContain(number)
  })
})

it('a form that is older than what a resident or a colleague added says what that was, and keeps what was written', async () => {
  const seen = /name="seen" value="([^"]+)"/.exec((await client.get(`/admin/requests/${number}`)).text)?.[1] ?? ''
  await colleague.post(`/admin/requests/${id}/status`, { from: 'submitted', status: 'submitted', note: '我先去看看' })
  const late = await client.post(`/admin/requests/${id}/status`, { from: 'submitted', seen, status: 'resolved', note: '早就好了' })
  expect(late.status).toBe(409)
  expect(late.text).toContain('刚才有变化：zhangwei')
  expect(late.text).toContain('我先去看看')
  expect(late.text).toContain('早就好了')
  expect((await fixture.store.read.serviceRequest.findFirstOrThrow()).status).toBe('submitted')
})
