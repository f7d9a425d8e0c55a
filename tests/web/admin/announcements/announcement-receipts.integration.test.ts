import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeAnnouncement, createAnnouncement, findAnnouncement } from '../../../../src/outbox/announcements.ts'
import { acknowledge } from '../../../../src/store/outbox/deliveries.ts'
import { noteResults } from '../../../../src/store/outbox/outbox-results.ts'
import { claimRows } from '../../../../src/store/outbox/outbox-sending.ts'
import { addStaff } from '../../../../src/store/staff/staff.ts'
import { type AdminFixture, type FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient
let id: string

const services = () => ({ store: fixture.store, now: () => fixture.clock.now, wakeOutbox: () => undefined, areas: [] })
const claim = async (announcements = 100) => {
  const now = fixture.clock.now
  const leaseUntil = new Date(now.getTime() + 20_000)
  return claimRows(fixture.store, { owner: 'test', now, leaseUntil, isQuiet: false, held: new Set(), accounts: [{ channel: 'web', account: 'web', pulls: true, total: 100, announcements }] })
}

/** Three subscribers, one of whom left a telephone number, and an announcement to them that was approved. */
beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
  await addStaff(fixture.store, { user: 'zhangwei', role: 'staff', now: fixture.clock.now })
  await residentTurn(fixture, { sender: 'liu', nickname: '刘桂兰', subscribes: true, request: {} })
  await residentTurn(fixture, { sender: 'li', nickname: '李强', subscribes: true })
  await residentTurn(fixture, { sender: 'zhao', nickname: '=赵', subscribes: true, volunteer: { skills: ['开车'], status: 'active' } })
  const created = await createAnnouncement(services(), { by: 'zhangwei', title: '停水', text: '明天停水', audience: {}, linkUrl: 'https://example.org/water' })
  id = created.outcome === 'created' ? created.announcement.id : ''
  await changeAnnouncement(services(), { id, action: 'approve', by: 'wangfang' })
})
afterEach(() => fixture.close())

/** The first was sent, of the second nobody knows, the third failed. */
async function sendAll(): Promise<number[]> {
  const { rows } = await claim()
  const seqs = rows.map((row) => row.seq)
  const [sent, unknown, failed] = seqs
  if (sent === undefined || unknown === undefined || failed === undefined) throw new Error('three rows were expected')
  const at = fixture.clock.now
  await noteResults(fixture.store, {
    owner: 'test',
    now: at,
    pauses: [],
    rows: [
      { seq: sent, status: 'sent', at, platformMessageId: null },
      { seq: unknown, status: 'unknown', error: 'unknown: No answer.' },
      { seq: failed, status: 'failed', error: 'rejected: too long' },
    ],
  })
  await fixture.store.write((transaction) => transaction.announcement.updateMany({ where: { id }, data: { status: 'finished' } }))
  return seqs
}

describe('An announcement’s page', () => {
  it('shows whom a draft would reach, by some of them', async () => {
    const page = await client.post('/admin/announcements/audience', {})
    expect(page.text).toContain('现在会发给 3 个人或群')
    expect(page.text).toContain('刘**')
    expect(page.text).not.toContain('刘桂兰')
    expect((await client.post('/admin/announcements/audience', { skill: '开车' })).text).toContain('现在会发给 1 个人或群')
  })

  it('puts the link at the end of the text, and refuses what is none', async () => {
    const { rows } = await claim()
    expect(rows[0]?.message.text).toBe('【停水】\n明天停水\n详情：https://example.org/water')
    expect((await client.post('/admin/announcements', { text: '停电', linkUrl: 'javascript:alert(1)' })).text).toContain('https:// 开头的网址')
  })

  it('keeps the pace that staff set, also while it is being sent', async () => {
    expect((await client.post(`/admin/announcements/${id}/pace`, { perMinute: '2' })).text).toContain('速度改好了')
    expect((await claim()).rows).toHaveLength(2)
    expect((await claim()).rows).toHaveLength(0)
    expect((await client.post(`/admin/announcements/${id}/pace`, { perMinute: '很多' })).text).toContain('请填 1 到')
    await client.post(`/admin/announcements/${id}/pace`, { perMinute: '' })
    expect((await claim()).rows).toHaveLength(1)
  })

  it('lets staff decide about unknown ones, one by one or all; once', async () => {
    const [, unknown] = await sendAll()
    expect((await client.get(`/admin/announcements/${id}`)).text).toContain('这些都算送到了')
    expect((await client.post(`/admin/announcements/${id}/unknown`, { seq: String(unknown), as: 'sent' })).text).toContain('算送到了')
    expect((await client.post(`/admin/announcements/${id}/unknown`, { as: 'again' })).text).toContain('已经有人定过了')
    expect((await findAnnouncement(services(), id))?.progress).toMatchObject({ total: 3, open: 0, sent: 2, unknown: 0, failed: 1 })
  })

  it('sends an unknown one again only on that word, and goes on until it is through', async () => {
    await sendAll()
    await client.post(`/admin/announcements/${id}/unknown`, { as: 'again' })
    expect(await findAnnouncement(services(), id)).toMatchObject({ status: 'sending', progress: { open: 1, unknown: 0 } })
    expect((await claim()).rows).toHaveLength(1)
  })

  it('gives a call list of those who have not answered, and a reminder to only those', async () => {
    const [sent] = await sendAll()
    const { personId } = await fixture.store.read.outboxMessage.findUniqueOrThrow({ where: { seq: sent ?? 0 } })
    await acknowledge(fixture.store, personId ?? '', fixture.clock.now)
    const page = await client.get(`/admin/announcements/${id}`)
    expect(page.text).toContain('还没回“收到”的（2 个）')
    const form = await client.get(`/admin/announcements/new?from=${id}&only=unacknowledged`)
    expect(form.text).toContain('只发给上一条还没回“收到”的人')
    expect(form.text).toContain('现在会发给 2 个人或群')
    for (const file of ['call-list', 'receipts']) {
      const response = await fetch(`${fixture.url}/admin/announcements/${id}/${file}.xlsx`, { headers: { cookie: [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } })
      expect(response.headers.get('content-type')).toContain('spreadsheetml')
      expect(Buffer.from(await response.arrayBuffer()).subarray(0, 2).toString()).toBe('PK')
    }
  })

  it('is tried out by whoever has bound a login, and says how when nobody has', async () => {
    expect((await client.post(`/admin/announcements/${id}/test`, {})).text).toContain('还没有绑定')
    const staff = await fixture.store.read.staffMember.findFirstOrThrow({ where: { user: 'wangfang' } })
    await fixture.store.write((transaction) => transaction.identity.updateMany({ where: { externalId: 'li' }, data: { staffId: staff.id } }))
    expect((await client.post(`/admin/announcements/${id}/test`, {})).text).toContain('发给您了')
    expect(await fixture.store.read.outboxMessage.findMany({ where: { key: { startsWith: 'test:' } }, select: { text: true, announcementId: true } })).toEqual([{ text: '（试发，只有您收到）\n【停水】\n明天停水\n详情：https://example.org/water', announcementId: null }])
  })

  it('has every delivery in the log, found by person, telephone number and state', async () => {
    await sendAll()
    const all = await client.get('/admin/deliveries')
    expect(all.text.match(/公告“停水”/g)).toHaveLength(3)
    const byPhone = await client.get('/admin/deliveries?recipient=13800138001')
    expect(byPhone.text).toContain('刘桂兰')
    expect(byPhone.text).not.toContain('李强')
    const failed = await client.get('/admin/deliveries?status=failed')
    expect(failed.text).toContain('平台不收这条消息')
    expect((await client.get('/admin/deliveries?recipient=谁也不是')).text).toContain('没有这样的记录')
  })
})
