import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAnnouncement } from '../../src/outbox/announcements.ts'
import { listPushed } from '../../src/store/outbox/outbox.ts'
import { addStaff, changePassword } from '../../src/store/staff/staff.ts'
import { ADMIN, type AdminFixture, FormClient, openAdmin, residentTurn } from './admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient

beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
})
afterEach(() => fixture.close())

const pushed = (sender = 'liu') => listPushed(fixture.store, { channel: 'web', account: 'web', externalId: sender }, 0)
const actions = async () => (await fixture.store.read.auditEntry.findMany({ orderBy: { id: 'asc' } })).map((entry) => `${entry.actor} ${entry.action}`)

/** Logs in a second member of staff whose password is already their own. */
async function logInColleague(): Promise<FormClient> {
  const added = await addStaff(fixture.store, { user: 'zhangwei', name: '张伟', role: 'staff', now: fixture.clock.now })
  if (added.outcome !== 'added') throw new Error('not added')
  await changePassword(fixture.store, { staffId: added.staff.id, current: added.oneTimePassword, next: 'three calm rivers', now: fixture.clock.now })
  const colleague = new FormClient(fixture.url)
  await colleague.logIn('zhangwei', 'three calm rivers')
  return colleague
}

describe('requests', () => {
  it('a change of status with a note tells the resident once, however often it is sent', async () => {
    const number = await residentTurn(fixture, { request: {} })
    const { id } = await fixture.store.read.serviceRequest.findFirstOrThrow()
    const page = await client.get(`/admin/requests/${number}`)
    expect(page.text).toContain('13800138001')
    expect(page.text).toContain('3号楼2单元楼道灯坏了')
    const change = { from: 'submitted', status: 'dispatched', note: '师傅下午三点到' }
    const answer = await client.post(`/admin/requests/${id}/status`, change)
    expect(answer.text).toContain('改好了，居民会收到一条通知')
    expect(answer.text).toContain('师傅下午三点到')
    expect((await client.post(`/admin/requests/${id}/status`, change)).status).toBe(409)
    await client.post(`/admin/requests/${id}/status`, { status: 'dispatched', note: '师傅下午三点到' })
    const notices = await pushed()
    expect(notices.map((notice) => notice.text)).toEqual([`您的“公共照明”（${number}）：已派单。\n工作人员说：师傅下午三点到`])
    expect(fixture.calls.wakes).toBe(1)
    expect(await actions()).toContain(`${ADMIN.user} change_request`)
  })

  it('offers and takes only what the flow allows', async () => {
    const number = await residentTurn(fixture, { request: {} })
    const { id } = await fixture.store.read.serviceRequest.findFirstOrThrow()
    await client.post(`/admin/requests/${id}/status`, { status: 'resolved', note: '' })
    const page = await client.get(`/admin/requests/${number}`)
    expect([...page.text.matchAll(/name="status" value="(\w+)"/g)].map((match) => match[1])).toEqual(['closed', 'reopened', 'resolved'])
    for (const status of ['accepted', 'nonsense', '']) expect((await client.post(`/admin/requests/${id}/status`, { status, note: '写好的话' })).text).toContain('写好的话')
    expect((await fixture.store.read.serviceRequest.findFirstOrThrow()).status).toBe('resolved')
  })

  it('who read an older state of affairs sees the new one and keeps what was written', async () => {
    await residentTurn(fixture, { request: {} })
    const { id } = await fixture.store.read.serviceRequest.findFirstOrThrow()
    const colleague = await logInColleague()
    await colleague.post(`/admin/requests/${id}/status`, { from: 'submitted', status: 'accepted', note: '' })
    const answer = await client.post(`/admin/requests/${id}/status`, { from: 'submitted', status: 'rejected', note: '不归我们管' })
    expect(answer.text).toContain('刚才有同事把它改成了“已受理”')
    expect(answer.text).toContain('不归我们管')
    expect(await pushed()).toHaveLength(1)
  })

  it('an emergency stands first until somebody acknowledges it, and the resident is told', async () => {
    await residentTurn(fixture, { request: {} })
    const number = await residentTurn(fixture, { sender: 'zhao', request: { kind: 'emergency', category: '紧急情况', description: '楼下着火了' } })
    const { id } = await fixture.store.read.serviceRequest.findFirstOrThrow({ where: { number } })
    const before = await client.get('/admin')
    expect(before.text.indexOf('还没有人确认')).toBeGreaterThan(0)
    expect(before.text.indexOf('还没有人确认')).toBeLessThan(before.text.indexOf('新来的，等受理'))
    const after = await client.post(`/admin/requests/${id}/acknowledge`, { back: 'today' })
    expect(after.text).toContain('已确认收到')
    expect(after.text).not.toContain('还没有人确认')
    expect((await client.post(`/admin/requests/${id}/acknowledge`, {})).text).toContain('已经有同事确认过了')
    expect((await pushed('zhao')).map((notice) => notice.text)).toEqual([`${ADMIN.user}已看到您说的紧急情况（${number}）。`])
  })

  it('telephones are masked in lists and whole in the detail', async () => {
    const number = await residentTurn(fixture, { request: {} })
    for (const path of ['/admin', '/admin/requests', '/admin/today/board']) {
      const { text } = await client.get(path)
      expect(text).toContain('138****8001')
      expect(text).not.toContain('13800138001')
    }
    expect((await client.get(`/admin/requests/${number}`)).text).toContain('tel:13800138001')
  })

  it('the list is paged, filtered and searched', async () => {
    for (let count = 0; count < 45; count += 1) {
      await residentTurn(fixture, { sender: `p${count}`, request: { description: `第${count}件`, areaCode: count % 9 === 0 ? 'jgdq-weidong' : 'jgdq-dongshan-yingbin', dueAt: count < 3 ? new Date('2026-11-20T00:00:00Z') : null } })
    }
    const rows = async (query: string) => [...(await client.get(`/admin/requests${query}`)).text.matchAll(/class="number">(SR-[\d-]+)/g)].map((match) => match[1] ?? '')
    const pages = [await rows(''), await rows('?page=2'), await rows('?page=3')]
    expect(pages.map((page) => page.length)).toEqual([20, 20, 5])
    expect(new Set(pages.flat()).size).toBe(45)
    expect(await rows('?page=99')).toEqual(pages[2])
    expect(await rows('?page=-3')).toEqual(pages[0])
    expect(await rows('?area=jgdq-weidong')).toHaveLength(5)
    expect(await rows('?area=jgdq-dongshan')).toHaveLength(20)
    expect(await rows('?status=overdue')).toHaveLength(3)
    expect(await rows('?status=mine')).toHaveLength(0)
    expect(await rows('?q=第7件')).toHaveLength(1)
    const { id } = await fixture.store.read.serviceRequest.findFirstOrThrow({ where: { description: '第7件' } })
    await client.post(`/admin/requests/${id}/assign`, { to: 'me' })
    expect(await rows('?status=mine')).toHaveLength(1)
  })

  it('a number, or its end, opens the request from any page', async () => {
    const number = await residentTurn(fixture, { request: {} })
    for (const q of [number, number.toLowerCase(), number.replaceAll('-', ''), 'SR 20261124 1', '1', '1124-1', 'ＳＲ－20261124－0001']) {
      expect((await client.get(`/admin/search?q=${encodeURIComponent(q)}`)).text, q).toContain(`<title>${number}`)
    }
    expect((await client.get('/admin/search?q=没有这个')).text).toContain('没有找到')
  })

  it('what residents typed is text, whatever it looks like', async () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'&'
    const number = await residentTurn(fixture, { text: evil, nickname: evil, question: `${evil}？`, request: { description: evil, address: evil, requesterName: evil, category: '公共照明' }, volunteer: { name: evil, availability: evil, skills: [evil] } })
    const volunteer = await fixture.store.read.volunteer.findFirstOrThrow()
    const answer = await client.post(`/admin/requests/${(await fixture.store.read.serviceRequest.findFirstOrThrow()).id}/status`, { status: 'accepted', note: evil })
    for (const path of ['/admin', '/admin/requests', `/admin/requests/${number}`, `/admin/requests?q=${encodeURIComponent(evil)}`, '/admin/volunteers', `/admin/volunteers/${volunteer.number}`, '/admin/unanswered', '/admin/audit']) {
      const { text, status } = await client.get(path)
      expect(status).toBe(200)
      expect(text, path).not.toMatch(/<script>alert|<img src=x/)
    }
    expect(answer.text).toContain('&lt;script&gt;alert(1)')
  })
})

describe('volunteers', () => {
  it('approval tells the volunteer once and counts in the gauge', async () => {
    const number = await residentTurn(fixture, { sender: 'zhang', volunteer: {} })
    const { id } = await fixture.store.read.volunteer.findFirstOrThrow()
    expect((await client.get('/admin')).text).toContain(number)
    expect((await client.get('/admin/volunteers')).text).toContain('139****9002')
    await client.post(`/admin/volunteers/${id}/status`, { status: 'active', note: '周六来活动室' })
    await client.post(`/admin/volunteers/${id}/status`, { status: 'active', note: '周六来活动室' })
    expect((await pushed('zhang')).map((notice) => notice.text)).toEqual([`张建国，您的志愿者登记通过了，编号 ${number}。谢谢您愿意帮邻居，有合适的事会在这里找您。\n工作人员说：周六来活动室`])
    expect((await client.get('/admin/volunteers')).text).toMatch(/<b class="big">1<\/b>/)
    expect((await client.post(`/admin/volunteers/${id}/status`, { status: 'pending' })).status).toBe(409)
  })
})

describe('announcements', () => {
  it('one writes, another approves; one\'s own is explained and refused', async () => {
    await residentTurn(fixture, { subscribes: true })
    const draft = { title: '停水通知', text: '明天停水', role: ['resident'] }
    expect((await client.post('/admin/announcements', { ...draft, do: 'count' })).text).toContain('现在会发给 1 个人或群')
    expect((await client.post('/admin/announcements/audience', { channel: 'web', role: 'group' })).text).toContain('一个人也收不到')
    const own = await client.post('/admin/announcements', draft)
    expect(own.text).toContain('要请另一位同事来审核')
    const { id } = await fixture.store.read.announcement.findFirstOrThrow()
    const refused = await client.post(`/admin/announcements/${id}/approve`, {})
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('自己写的公告要由另一位同事审核')
    expect(await fixture.store.read.outboxMessage.count({ where: { announcementId: id } })).toBe(0)
    const colleague = await logInColleague()
    const approved = await colleague.post(`/admin/announcements/${id}/approve`, {})
    expect(approved.text).toContain('审核通过，会按时发出去')
    expect(approved.text).toContain('1 个里发了 0 个')
    expect(await fixture.store.read.outboxMessage.count({ where: { announcementId: id } })).toBe(1)
    expect((await client.post(`/admin/announcements/${id}/pause`, {})).text).toContain('已暂停')
    expect((await client.post(`/admin/announcements/${id}/resume`, {})).text).toContain('继续发')
    expect((await client.post(`/admin/announcements/${id}/cancel`, {})).text).toContain('已取消')
    expect(await actions()).toEqual(expect.arrayContaining([`${ADMIN.user} announcement_create`, 'zhangwei announcement_approve', `${ADMIN.user} announcement_cancel`]))
  })

  it('an emergency one needs a second confirmation', async () => {
    const colleague = await logInColleague()
    const created = await createAnnouncement({ store: fixture.store, now: () => fixture.clock.now, wakeOutbox: () => undefined, areas: [] }, { by: ADMIN.user, text: '请马上离开3号楼', audience: {}, isEmergency: true })
    const id = created.outcome === 'created' ? created.announcement.id : ''
    expect((await colleague.post(`/admin/announcements/${id}/approve`, {})).text).toContain('要先打勾确认')
    expect((await fixture.store.read.announcement.findFirstOrThrow()).status).toBe('draft')
    await colleague.post(`/admin/announcements/${id}/approve`, { confirmed: 'yes' })
    expect((await fixture.store.read.announcement.findFirstOrThrow()).status).not.toBe('draft')
  })

  it('a draft that can\'t be is explained and keeps what was written', async () => {
    const form = { title: '量血压', text: '周六量血压', channel: 'web' }
    const past = await client.post('/admin/announcements', { ...form, sendAt: '2020-01-01T08:00' })
    expect(past.text).toContain('时间已经过了')
    expect(past.text).toContain('周六量血压')
    expect(past.text).toMatch(/name="channel" value="web" checked/)
    expect((await client.post('/admin/announcements', { ...form, sendAt: 'soon' })).text).toContain('时间没看懂')
    expect((await client.post('/admin/announcements', { ...form, text: '' })).text).toContain('公告没有内容')
    expect(await fixture.store.read.announcement.count()).toBe(0)
  })
})

describe('channels and one\'s own account', () => {
  it('a channel that waits for its log-in shows its QR code', async () => {
    const [web] = fixture.channels
    if (web) fixture.channels.push({ ...web, id: 'wechat', account: 'main', status: { state: 'needs_login', detail: '请扫码', qrCode: 'https://login.example/x', since: fixture.clock.now } })
    expect((await client.get('/admin/channels')).text).toContain('<svg')
    expect((await client.get('/admin')).text).toContain('微信：等扫码登录')
  })

  it('groups that wait to be bound stand apart, with how much was said in them; one that changed its id is bound again as itself', async () => {
    const { now } = fixture.clock
    const [web] = fixture.channels
    if (web) fixture.channels.push({ ...web, id: 'wechat', account: 'main', capabilities: { ...web.capabilities, silentUntilBound: true } })
    const account = { channel: 'wechat', account: 'main' }
    const room = { ...account, kind: 'group', createdAt: now }
    await fixture.store.write(async (transaction) => {
      await transaction.conversation.createMany({
        data: [
          { ...room, id: 'ours', externalId: 'old', title: '<b>花园群</b>', areaCode: 'jgdq-weidong', boundAt: now, goneAt: now },
          { ...room, id: 'stranger', externalId: 'new', title: '花园群' },
        ],
      })
      await transaction.person.createMany({ data: [{ id: 'zhao', nickname: '赵敏', createdAt: now }] })
      const message = { ...account, personId: 'zhao', text: '', attachments: [], isAddressed: false, sentAt: now, receivedAt: now }
      await transaction.inboundMessage.createMany({ data: ['ours', 'stranger', 'stranger'].map((conversationId, index) => ({ ...message, id: `m${index}`, externalId: `m${index}`, conversationId })) })
    })
    const [, waiting = '', known = ''] = (await client.get('/admin/channels')).text.split(/id="s-rooms(?:-to-bind)?"/)
    expect(waiting).toContain('花园群')
    expect(waiting).toContain('2 条消息')
    expect(waiting).toContain('邻里在群里不说话')
    expect(known).toContain('&lt;b&gt;花园群')
    expect(known).toContain('发不进去')
    const page = await client.post('/admin/channels/room-code', { room: 'ours' })
    expect(page.text).toContain('现在的群里')
    expect(await fixture.store.read.oneTimeCode.findMany({ where: { purpose: 'room' } })).toMatchObject([{ roomId: 'ours', areaCode: null }])
    expect((await client.post('/admin/channels/room-code', { room: 'nowhere' })).status).toBe(404)
  })

  it('codes are shown once and only their digest is kept', async () => {
    const own = /绑定码：<b class="code">([A-Z2-9]{10})</.exec((await client.post('/admin/own/code', {})).text)?.[1] ?? ''
    const room = /群绑定码：<b class="code">([A-Z2-9]{10})</.exec((await client.post('/admin/channels/room-code', { area: 'jgdq-weidong' })).text)?.[1] ?? ''
    expect(own).not.toBe('')
    const codes = await fixture.store.read.oneTimeCode.findMany()
    expect(codes.map((code) => [code.purpose, code.areaCode]).sort()).toEqual([['room', 'jgdq-weidong'], ['staff', null]])
    expect(JSON.stringify(codes)).not.toContain(own)
    expect(JSON.stringify(codes)).not.toContain(room)
    expect((await client.get('/admin/own')).text).not.toContain(own)
  })

  it('only administrators manage staff, and the last of them stays', async () => {
    const colleague = await logInColleague()
    expect((await colleague.get('/admin/people')).status).toBe(403)
    expect((await colleague.post('/admin/people', { user: 'mine', role: 'admin' })).status).toBe(403)
    expect((await colleague.post(`/admin/people/${ADMIN.user}/disable`, {})).status).toBe(403)
    expect((await client.post(`/admin/people/${ADMIN.user}/disable`, {})).text).toContain('不能对自己这样做')
    expect((await client.post('/admin/people/zhangwei/disable', {})).text).toContain('停用了')
    expect((await colleague.get('/admin')).text).toContain('id="password"')
    expect((await client.post('/admin/people', { user: 'zhangwei', role: 'staff' })).status).toBe(409)
    expect((await client.post('/admin/people', { user: 'a b', role: 'staff' })).text).toContain('用户名只能有')
  })
})
