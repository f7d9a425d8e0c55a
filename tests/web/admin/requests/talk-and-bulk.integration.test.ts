import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listPushed } from '../../../../src/store/outbox/outbox.ts'
import { markFetched } from '../../../../src/store/conversations/takeover.ts'
import { addStaff } from '../../../../src/store/staff/staff.ts'
import { ADMIN, type AdminFixture, type FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient
let number: string
let path: string

const LIU = { channel: 'web', account: 'web', externalId: 'liu' }
const told = async () => (await listPushed(fixture.store, LIU, 0)).map(({ text }) => text)
const request = () => fixture.store.read.serviceRequest.findFirstOrThrow({ where: { number }, include: { activities: { orderBy: { at: 'asc' } }, assignee: true } })

beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
  await addStaff(fixture.store, { user: 'zhangwei', name: '张伟', role: 'staff', now: fixture.clock.now })
  number = await residentTurn(fixture, { request: {} })
  path = `/admin/requests/${number}`
  await client.get(path)
  fixture.clock.now = new Date('2026-11-24T02:05:00Z')
})
afterEach(() => fixture.close())

describe('the box under the conversation', () => {
  it('tells the resident, and shows whether they have seen it', async () => {
    const page = await client.post(`${path}/say`, { said: '师傅下午来，在家吗？', to: 'ask' })
    expect(page.text).toContain('居民会收到这句话')
    expect(await told()).toEqual([expect.stringContaining('师傅下午来，在家吗？')])
    expect((await request()).status).toBe('waiting_resident')
    const bubbles = (html: string) => html.slice(html.indexOf('id="talk"'), html.indexOf('id="say-form"'))
    expect(bubbles((await client.get(path)).text)).toContain('等着发')
    await fixture.store.write((transaction) => transaction.outboxMessage.updateMany({ where: { status: 'queued' }, data: { status: 'sent', sentAt: fixture.clock.now } }))
    expect(bubbles((await client.get(path)).text)).toContain('已送到')
    fixture.clock.now = new Date('2026-11-24T02:06:00Z')
    await markFetched(fixture.store, LIU, new Date('2026-11-24T02:05:00Z'), fixture.clock.now)
    expect(bubbles((await client.get(path)).text)).toContain('看过了')
    await fixture.store.write((transaction) => transaction.outboxMessage.updateMany({ where: { key: { startsWith: 'notice:' } }, data: { status: 'failed' } }))
    expect(bubbles((await client.get(path)).text)).toContain('没发出去')
  })

  it('keeps an internal note at the desk, and says whom it could not tell', async () => {
    const noted = await client.post(`${path}/say`, { said: '@张伟 这家脾气急', to: 'internal' })
    expect(noted.text).toContain('提到的同事会收到')
    expect(await fixture.store.read.staffNotice.count({ where: { text: { contains: '脾气急' } } })).toBe(1)
    expect((await client.post(`${path}/say`, { said: '@王五 也去看看', to: 'internal' })).text).toContain('没有叫“王五')
    expect(await told()).toEqual([])
  })

  it('keeps what was written when it can’t be taken', async () => {
    const long = '长'.repeat(2_001)
    for (const to of ['resident', 'internal']) expect((await client.post(`${path}/say`, { said: long, to })).text).toContain(long)
    expect((await client.post(`${path}/say`, { said: '写好的话', to: 'nobody' })).text).toContain('写好的话')
    expect((await request()).activities).toHaveLength(1)
  })

  it('takes in a template that staff wrote, without scripts', async () => {
    await client.post('/admin/templates', { id: '', title: '约时间', text: '请问您什么时候在家？' })
    expect((await client.post('/admin/templates', { id: '', title: '约时间', text: '另一句' })).text).toContain('已经有一句叫“约时间”')
    const { id } = await fixture.store.read.replyTemplate.findFirstOrThrow()
    const page = await client.post(`${path}/say`, { said: '您好。', to: 'template', template: id })
    expect(page.text).toMatch(/<textarea id="say"[^>]*>\s*您好。\n请问您什么时候在家？/)
    expect(await told()).toEqual([])
    await client.post('/admin/templates', { id, title: '约时间', text: '几点在家？' })
    expect((await client.get('/admin/templates')).text).toContain('几点在家？')
    await client.post('/admin/templates/remove', { id })
    expect((await client.get('/admin/templates')).text).not.toContain('几点在家？')
  })

  it('takes the conversation over and hands it back', async () => {
    const page = await client.post(`${path}/take-over`, {})
    expect(page.text).toContain('您接管了这个对话')
    expect((await client.get(`${path}/talk`)).text).toContain('hx-trigger')
    expect((await client.post(`${path}/hand-back`, {})).text).toContain('接管对话')
    expect(await told()).toHaveLength(2)
  })
})

describe('a request', () => {
  it('is corrected on its page, with what was there before in its history', async () => {
    const page = await client.post(`${path}/correct`, { category: '公共照明', address: '3号楼3单元', area: 'jgdq-weidong', name: '刘桂兰', phone: '139 0013 9002', wanted: '明天上午', due: '2026-11-30T18:00' })
    expect(page.text).toContain('更正好了')
    expect(page.text).toContain('地址：3号楼2单元 -&gt; 3号楼3单元')
    expect(await request()).toMatchObject({ address: '3号楼3单元', areaCode: 'jgdq-weidong', requesterPhone: '13900139002', wantedTime: '明天上午', dueAt: new Date('2026-11-30T10:00:00Z') })
    const refused = await client.post(`${path}/correct`, { phone: '12', address: '5号楼' })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('value="5号楼"')
    expect((await request()).address).toBe('3号楼3单元')
  })

  it('is handed over with a reason, but not to somebody who was shut out', async () => {
    await client.post(`/admin/requests/${(await request()).id}/assign`, { to: 'colleague', colleague: 'zhangwei', reason: '他管这一片' })
    expect((await request()).assignee?.user).toBe('zhangwei')
    expect((await client.get(path)).text).toContain('他管这一片')
    await fixture.store.write((transaction) => transaction.staffMember.update({ where: { user: 'zhangwei' }, data: { disabledAt: fixture.clock.now } }))
    await client.post(`/admin/requests/${(await request()).id}/assign`, { to: 'nobody' })
    expect((await client.post(`/admin/requests/${(await request()).id}/assign`, { to: 'colleague', colleague: 'zhangwei' })).text).toContain('张伟已经停用了')
  })

  it('is moved on by one of the three likely buttons', async () => {
    await client.post(`/admin/requests/${(await request()).id}/status`, { from: 'submitted', next: 'in_progress', note: '' })
    expect((await request()).status).toBe('in_progress')
  })
})

it('somebody who telephones gets a request and a code for their chat; what is wrong keeps what was typed', async () => {
  expect((await client.get('/admin/requests/new')).text).toContain('代居民登记')
  const refused = await client.post('/admin/requests/new', { channel: 'phone', description: '楼道灯坏了', phone: '12' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('楼道灯坏了')
  const filed = await client.post('/admin/requests/new', { channel: 'visit', description: '四楼漏水', name: '老陈', phone: '13700137003' })
  expect(filed.text).toMatch(/<b class="code">[A-Z0-9-]{6,}<\/b>/)
  expect(await fixture.store.read.serviceRequest.findFirstOrThrow({ where: { requesterName: '老陈' } })).toMatchObject({ channel: 'visit', requesterPhone: '13700137003', description: '四楼漏水' })
})

describe('the list', () => {
  it('does the same to those that are ticked, says what was not done, and takes it back', async () => {
    const second = await residentTurn(fixture, { sender: 'chen', request: { description: '水管漏了' } })
    const closed = await residentTurn(fixture, { sender: 'wu', request: { description: '旧事' } })
    await fixture.store.write((transaction) => transaction.serviceRequest.update({ where: { number: closed }, data: { status: 'cancelled' } }))
    const ids = (await fixture.store.read.serviceRequest.findMany({ select: { id: true } })).map(({ id }) => id)
    const page = await client.get('/admin/requests')
    expect(page.text).toContain(`aria-label="勾选 ${second} 公共照明"`)
    const done = await client.post('/admin/requests/bulk', { id: ids, assignee: 'user:zhangwei', set_status: 'dispatched', note: '', note_to: 'internal' })
    expect(done.text).toContain('刚才一起办了 2 件')
    expect(done.text).toMatch(new RegExp(`${closed}</a>：现在是“已取消”，不能直接改成“已派单”`))
    expect((await client.get('/admin/requests')).text).toContain('刚才一起办了 2 件')
    expect((await client.get('/admin/requests?status=nobody')).text).not.toContain(second)
    expect((await client.post('/admin/requests/bulk/undo', {})).text).toContain('2 件恢复了原样')
    expect((await request()).status).toBe('submitted')
    expect((await client.get('/admin/requests?status=nobody')).text).toContain(second)
    expect((await client.post('/admin/requests/bulk/undo', {})).status).toBe(422)
  })

  it('says in one sentence what is missing', async () => {
    expect((await client.post('/admin/requests/bulk', { set_status: 'accepted' })).text).toContain('一件也没有勾选')
    expect((await client.post('/admin/requests/bulk', { id: (await request()).id })).text).toContain('没有选要做什么')
  })
})

it('names who has each request, and what nobody has', async () => {
  expect((await client.get('/admin/requests')).text).toContain('没人负责</span>')
  await client.post(`/admin/requests/${(await request()).id}/assign`, { to: 'me' })
  expect((await client.get('/admin/requests?status=mine')).text).toContain(`${ADMIN.user} 负责`)
})
