import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addStaff, setStaffDisabled } from '../../../../src/store/staff/staff.ts'
import { addStaffWithLogins } from '../../../support/duty.ts'
import { ADMIN, type AdminFixture, type FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient

beforeEach(async () => {
  // A Tuesday of 2026-W48.
  ;({ fixture, client } = await openAdmin())
  await addStaffWithLogins(fixture.store, 'wangli', ['web'], { name: '王丽', account: 'web' })
  await addStaff(fixture.store, { user: 'liqiang', name: '李强', role: 'staff', now: fixture.clock.now })
})
afterEach(() => fixture.close())

const emergency = (sender: string, description: string) => residentTurn(fixture, { sender, request: { kind: 'emergency', category: '紧急情况', description } })
const title = (page: { text: string }) => /<title>([^<]*)/.exec(page.text)?.[1]

describe('the roster on its page', () => {
  it('shows a week, says its gaps, saves what is chosen, and goes to the weeks beside it', async () => {
    const page = await client.get('/admin/duty')
    expect(page.text).toContain('11月23日（周一）到11月29日（周日）')
    expect(page.text).toContain('11月24日（周二）没有人值班')
    expect(page.text).toMatch(/href="\/admin\/duty\?week=2026-W47"[^>]*>\s*上一周/)
    const saved = await client.post('/admin/duty', { week: '2026-W48', 'person-2026-11-24': 'wangli', 'deputy-2026-11-24': 'liqiang' })
    expect(saved.text).toContain('存好了，不过还有空缺')
    expect(saved.text).toMatch(/<option value="wangli" selected(?:="")?>\s*王丽/)
    expect(saved.text).toContain('11月24日（周二）李强没有绑定聊天账号，收不到紧急通知')
    expect(saved.text).not.toContain('11月24日（周二）没有人值班')
    expect(await fixture.store.read.dutyDay.findMany({ include: { person: true, deputy: true } })).toMatchObject([{ date: '2026-11-24', person: { user: 'wangli' }, deputy: { user: 'liqiang' }, by: ADMIN.user }])
    expect((await client.get('/admin/audit')).text).toContain('排值班')
    expect((await client.get('/admin/duty?week=2026-W53')).text).toContain('12月28日（周一）到1月3日（周日）')
    expect((await client.get('/admin/duty?week=2026-W54')).status).toBe(404)
  })

  it('fills a week from the one before, leaves what is set, and names whom it left out', async () => {
    await client.post('/admin/duty', { week: '2026-W48', 'person-2026-11-24': 'wangli', 'deputy-2026-11-24': 'liqiang', 'person-2026-11-25': 'liqiang' })
    await client.post('/admin/duty', { week: '2026-W49', 'person-2026-12-01': ADMIN.user })
    expect((await client.post('/admin/duty/copy', { week: '2026-W49' })).text).toContain('空着的照上一周排好了')
    const rows = await fixture.store.read.dutyDay.findMany({ where: { date: { gte: '2026-11-30' } }, include: { person: true, deputy: true }, orderBy: { date: 'asc' } })
    expect(rows.map((row) => [row.date, row.person?.user ?? null, row.deputy?.user ?? null]).filter(([, ...who]) => who.some(Boolean))).toEqual([['2026-12-01', ADMIN.user, 'liqiang'], ['2026-12-02', 'liqiang', null]])
    await setStaffDisabled(fixture.store, { user: 'liqiang', isDisabled: true, by: ADMIN.user, now: fixture.clock.now })
    expect((await client.post('/admin/duty/copy', { week: '2026-W50' })).text).toContain('李强已经停用，没有排')
  })

  it('can be saved with somebody in it who was disabled since; nobody disabled is put in anew', async () => {
    await client.post('/admin/duty', { week: '2026-W48', 'person-2026-11-23': 'liqiang' })
    await setStaffDisabled(fixture.store, { user: 'liqiang', isDisabled: true, by: ADMIN.user, now: fixture.clock.now })
    const saved = await client.post('/admin/duty', { week: '2026-W48', 'person-2026-11-23': 'liqiang', 'person-2026-11-24': 'wangli' })
    expect(saved.text).toContain('存好了')
    expect(saved.text).toContain('李强（已停用）')
    expect((await client.post('/admin/duty', { week: '2026-W48', 'person-2026-11-25': 'liqiang' })).text).toContain('账号已经停用')
  })
})

describe('emergencies that nobody has confirmed', () => {
  it('stand on the page of duty and of the day, what was said last first, with a telephone to press; their number is in every title', async () => {
    const first = await emergency('zhao', '厨房着火了')
    fixture.clock.now = new Date(fixture.clock.now.getTime() + 60_000)
    const second = await emergency('sun', '老人晕倒了')
    for (const path of ['/admin/duty', '/admin']) {
      const { text } = await client.get(path)
      const box = text.slice(text.indexOf('id="alerts"'))
      expect(box.indexOf('老人晕倒了'), path).toBeLessThan(box.indexOf('厨房着火了'))
      expect(box).toContain('href="tel:13800138001"')
      expect(box).toContain(second)
      expect(box).toContain(first)
    }
    for (const path of ['/admin', '/admin/duty', '/admin/requests', '/admin/residents', '/admin/own', `/admin/requests/${first}`]) expect(title(await client.get(path)), path).toMatch(/^\(2\) /)
    const bar = await client.get('/admin/alerts/bar')
    expect(bar.text).toContain('有 2 件紧急情况没人确认')
    const seen = /alerts\/bar\?seen=([^"]+)"/.exec(bar.text)?.[1] ?? ''
    expect((await client.get(`/admin/alerts/bar?seen=${seen}`)).status).toBe(204)
  })

  it('收到 on the page ends one: its resident reads who has seen it, the others stay', async () => {
    await client.post('/admin/duty', { week: '2026-W48', 'person-2026-11-24': 'wangli' })
    const number = await emergency('zhao', '厨房着火了')
    await emergency('sun', '老人晕倒了')
    const { id } = await fixture.store.read.alert.findFirstOrThrow({ where: { number } })
    const page = await client.get('/admin/duty')
    expect(page.text).toContain('通知了 王丽（网页）')
    const after = await client.post(`/admin/alerts/${id}/acknowledge`, { back: 'duty' })
    expect(after.text).toContain('已确认收到')
    expect(title(after)).toMatch(/^\(1\) 值班/)
    expect(after.text.slice(after.text.indexOf('最近的警报'))).toContain('厨房着火了')
    expect((await client.post(`/admin/alerts/${id}/acknowledge`, { back: 'today' })).text).toContain('已经有同事确认过了')
    expect((await client.post('/admin/alerts/none/acknowledge', {})).status).toBe(404)
    expect(await fixture.store.read.serviceRequest.findFirstOrThrow({ where: { number }, include: { assignee: true } })).toMatchObject({ status: 'accepted', assignee: { user: ADMIN.user } })
    expect(fixture.calls.wakes).toBeGreaterThan(0)
  })

  it('without one the title and the page say nothing', async () => {
    expect(title(await client.get('/admin'))).toBe('今日工作 · 邻里')
    expect((await client.get('/admin/alerts/bar')).text).not.toContain('没人确认')
  })
})

describe('the drill on the page', () => {
  it('is begun once, marked, and ended by 收到', async () => {
    await client.post('/admin/duty', { week: '2026-W48', 'person-2026-11-24': 'wangli' })
    const begun = await client.post('/admin/duty/drill', {})
    expect(begun.text).toContain('演练开始了')
    expect(begun.text).toContain('【演练】有 1 个警报没人确认')
    expect((await client.post('/admin/duty/drill', {})).text).toContain('已经在演练了')
    const { id } = await fixture.store.read.alert.findFirstOrThrow()
    expect((await client.post(`/admin/alerts/${id}/acknowledge`, { back: 'duty' })).text).toContain('演练到这里结束')
    const told = await fixture.store.read.outboxMessage.findMany()
    expect(told.map(({ text }) => text.slice(0, 4))).toEqual(['【演练】', '【演练】'])
    expect(await fixture.store.read.serviceRequest.count()).toBe(0)
  })
})
