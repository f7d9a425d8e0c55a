import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_DEADLINES } from '../../../../src/domain/requests/deadlines.ts'
import { addStaff, changePassword } from '../../../../src/store/staff/staff.ts'
import { moveRequest } from '../../../../src/store/requests/move-request.ts'
import { FormClient, residentTurn, startAdmin, type AdminFixture } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient

/** A Tuesday, 10:00 in Shanghai. */
const NOW = '2026-11-24T02:00:00Z'

beforeEach(async () => {
  fixture = await startAdmin()
  fixture.clock.now = new Date(NOW)
  client = new FormClient(fixture.url)
  await client.logIn()
})
afterEach(() => fixture.close())

const file = async (description: string, dueAt: string | null, more: { areaCode?: string; filedAt?: string } = {}): Promise<string> => {
  fixture.clock.now = new Date(more.filedAt ?? NOW)
  const number = await residentTurn(fixture, { request: { description, dueAt: dueAt === null ? null : new Date(dueAt), ...(more.areaCode && { areaCode: more.areaCode }) } })
  fixture.clock.now = new Date(NOW)
  return (await fixture.store.read.serviceRequest.findUniqueOrThrow({ where: { number } })).id
}

/** Numbers of requests in the box with this title on the day's page: its figure, and the descriptions shown. */
async function box(title: string, as = client): Promise<{ total: number; shown: string[] } | null> {
  const { text } = await as.get('/admin')
  const section = text.split('<section').find((part) => new RegExp(`<h2[^>]*>\\s*${title} <span class="total">`).test(part))
  if (section === undefined) return null
  return { total: Number(/class="total">(\d+)/.exec(section)?.[1]), shown: [...section.matchAll(/<span class="typed">([^<]+)<\/span><\/a>/g)].map((match) => match[1] ?? '') }
}
const list = async (status: string) => [...(await client.get(`/admin/requests?status=${status}`)).text.matchAll(/<span class="typed">([^<]+)<\/span><\/a>/g)].map((match) => match[1]).sort()

async function logInAs(user: string): Promise<FormClient> {
  const added = await addStaff(fixture.store, { user, name: user, role: 'staff', now: fixture.clock.now })
  if (added.outcome !== 'added') throw new Error('not added')
  await changePassword(fixture.store, { staffId: added.staff.id, current: added.oneTimePassword, next: 'three calm rivers', now: fixture.clock.now })
  const colleague = new FormClient(fixture.url)
  await colleague.logIn(user, 'three calm rivers')
  return colleague
}

describe('what is due', () => {
  it('is amber on its last working day and red after, and each heap is the same on the day’s page as in the list', async () => {
    await file('昨天到期', '2026-11-23T09:30:00Z')
    await file('今天下班到期', '2026-11-24T09:30:00Z')
    await file('明天到期', '2026-11-25T09:30:00Z')
    await file('没有期限', null)
    const done = await file('昨天到期，办完了', '2026-11-23T09:30:00Z')
    await client.post(`/admin/requests/${done}/status`, { status: 'resolved', note: '' })
    expect(await box('超时了')).toEqual({ total: 1, shown: ['昨天到期'] })
    expect(await box('今天到期')).toEqual({ total: 1, shown: ['今天下班到期'] })
    expect(await list('overdue')).toEqual(['昨天到期'])
    expect(await list('last_day')).toEqual(['今天下班到期'])
    const { text } = await client.get('/admin/requests')
    expect(text).toMatch(/昨天到期<\/span>[\s\S]*?class="tag alarm">超时 17 小时/)
    expect(text).toMatch(/今天下班到期<\/span>[\s\S]*?class="tag wait">今天 17:30 到期/)
    expect([...text.matchAll(/class="tag (?:alarm|wait)"/g)], 'nothing else is coloured').toHaveLength(2)
  })

  it('on a Friday is amber over the weekend too, as nobody works then', async () => {
    fixture.clock.now = new Date('2026-11-27T02:00:00Z')
    await client.logIn()
    await residentTurn(fixture, { request: { description: '周日到期', dueAt: new Date('2026-11-29T09:30:00Z') } })
    await residentTurn(fixture, { request: { description: '周一到期', dueAt: new Date('2026-11-30T09:30:00Z') } })
    expect((await box('今天到期'))?.shown).toEqual(['周日到期'])
  })
})

describe('what nobody moves', () => {
  it('has a box of its own after three working days, whatever the resident said meanwhile', async () => {
    const waits = await file('等了四天', null, { filedAt: '2026-11-18T02:00:00Z' })
    await file('周五才报', null, { filedAt: '2026-11-20T02:00:00Z' })
    const touched = await file('昨天受理了', null, { filedAt: '2026-11-18T02:00:00Z' })
    await fixture.store.write(async (transaction) => {
      await moveRequest(transaction, waits, { kind: 'resident', author: 'resident', by: '居民', note: '催一下' }, new Date('2026-11-23T02:00:00Z'))
      await moveRequest(transaction, touched, { kind: 'status', author: 'staff', by: 'ma', to: 'accepted', note: '' }, new Date('2026-11-23T02:00:00Z'))
    })
    expect(await box('3 个工作日没动过')).toEqual({ total: 1, shown: ['等了四天'] })
    expect(await list('not_moved')).toEqual(['等了四天'])
  })

  it('is nobody’s until somebody takes it, and again when that account is disabled; what is new is counted there, and shown among the new', async () => {
    const id = await file('没人管', null, { filedAt: '2026-11-24T01:00:00Z' })
    const other = await file('也没人管', null)
    for (const one of [id, other]) await client.post(`/admin/requests/${one}/status`, { status: 'accepted', note: '' })
    const colleague = await logInAs('zhangwei')
    await colleague.get('/admin')
    await colleague.post(`/admin/requests/${id}/assign`, { to: 'me' })
    expect(await box('没人负责', colleague)).toEqual({ total: 1, shown: ['也没人管'] })
    await fixture.store.write((transaction) => transaction.staffMember.updateMany({ where: { user: 'zhangwei' }, data: { disabledAt: fixture.clock.now } }))
    expect((await box('没人负责'))?.total).toBe(2)
    expect(await list('nobody')).toEqual(['也没人管', '没人管'])
    await file('新来的', null)
    expect(await box('没人负责')).toEqual({ total: 3, shown: ['没人管', '也没人管'] })
    expect((await client.get('/admin')).text).toContain('看全部 3 件')
    expect(await list('nobody')).toHaveLength(3)
  })
})

describe('what climbed', () => {
  const climb = (id: string, level: string) => fixture.store.write((transaction) => moveRequest(transaction, id, { kind: 'escalation', author: 'system', by: '系统', note: '到期，还没有办好。', values: { level, levelSince: fixture.clock.now } }, fixture.clock.now))

  it('stands on the page of those who are responsible there, and of nobody else with an area', async () => {
    await climb(await file('东山的', '2026-11-20T09:30:00Z'), 'town')
    await climb(await file('卫东的', '2026-11-20T09:30:00Z', { areaCode: 'jgdq-weidong' }), 'town')
    await climb(await file('到区里的', '2026-11-20T09:30:00Z'), 'county')
    const [town, county] = [await logInAs('lisi'), await logInAs('zhaoliu')]
    const answer = await client.post('/admin/people/lisi/area', { area: 'jgdq-dongshan' })
    expect(answer.text).toContain('改好了：那里到期没办完的，会上报给他')
    expect(answer.text).toMatch(/id="area-lisi"[\s\S]*?value="jgdq-dongshan" selected/)
    await client.post('/admin/people/zhaoliu/area', { area: 'jgdq' })
    expect((await box('超时上报的', town))?.shown).toEqual(['东山的'])
    expect((await box('超时上报的', county))?.shown).toEqual(['到区里的'])
    expect((await box('超时上报的'))?.total, 'who has no area sees all').toBe(3)
    expect((await client.get('/admin/requests')).text).toMatch(/到区里的<\/span>[\s\S]*?已上报县（区）/)
  })

  it('who is responsible for what is for administrators to say, of places that are there', async () => {
    const colleague = await logInAs('lisi')
    expect((await colleague.post('/admin/people/lisi/area', { area: 'jgdq' })).status).toBe(403)
    expect((await client.post('/admin/people/lisi/area', { area: 'nowhere' })).text).toContain('没有这个地方')
    expect((await client.post('/admin/people/nobody/area', { area: 'jgdq' })).status).toBe(404)
    expect((await fixture.store.read.staffMember.findUniqueOrThrow({ where: { user: 'lisi' } })).areaCode).toBeNull()
    await client.post('/admin/people/lisi/area', { area: 'jgdq' })
    await client.post('/admin/people/lisi/area', { area: '' })
    expect((await fixture.store.read.staffMember.findUniqueOrThrow({ where: { user: 'lisi' } })).areaCode).toBeNull()
    expect((await fixture.store.read.auditEntry.findMany({ where: { action: 'staff_area' } })).map(({ subject, detail }) => `${subject} ${detail}`)).toEqual(['lisi jgdq', 'lisi '])
  })
})

describe('the calendar', () => {
  it('says so on the day’s page when the year that is coming is not published yet', async () => {
    await fixture.close()
    const calendar = [{ year: 2026, source: '通知', isPublished: true, holidays: [], workdays: [] }]
    fixture = await startAdmin({ deadlines: { ...DEFAULT_DEADLINES, calendar } })
    client = new FormClient(fixture.url)
    await client.logIn()
    expect((await client.get('/admin')).text).not.toContain('还没有写进')
    fixture.clock.now = new Date('2026-12-12T02:00:00Z')
    await client.logIn()
    expect((await client.get('/admin')).text).toContain('2027 年的放假和调休还没有写进 knowledge/holidays.yaml')
  })
})
