import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addStaff, changePassword } from '../../../../src/store/staff/staff.ts'
import { FormClient, openAdmin, residentTurn, type AdminFixture } from '../../admin-fixture.ts'
import { JPEG } from '../../../support/picture-files.ts'

let fixture: AdminFixture
/** 王芳 has written it; 张伟 is asked to approve. */
let writer: FormClient
let colleague: FormClient

async function logIn(user: string, name: string): Promise<FormClient> {
  const added = await addStaff(fixture.store, { user, name, role: 'staff', now: fixture.clock.now })
  if (added.outcome !== 'added') throw new Error(added.outcome)
  await changePassword(fixture.store, { staffId: added.staff.id, current: added.oneTimePassword, next: 'three calm rivers', now: fixture.clock.now })
  const client = new FormClient(fixture.url)
  await client.logIn(user, 'three calm rivers')
  return client
}

beforeEach(async () => {
  ;({ fixture } = await openAdmin())
  writer = await logIn('wfang', '王芳')
  colleague = await logIn('zhangwei', '张伟')
  await residentTurn(fixture, { sender: 'liu', nickname: '刘桂兰', subscribes: true })
})
afterEach(() => fixture.close())

async function write(more: Record<string, string> = {}): Promise<string> {
  await writer.post('/admin/announcements', { title: '停水', text: '明天停水', ...more })
  return (await fixture.store.read.announcement.findFirstOrThrow({ orderBy: { createdAt: 'desc' } })).id
}
const row = () => fixture.store.read.announcement.findFirstOrThrow()
const sent = () => fixture.store.read.outboxMessage.findMany({ where: { announcementId: { not: null } } })

describe('A draft', () => {
  it('is returned with a comment, which its author finds on the day’s page and above the form, and changes', async () => {
    const id = await write()
    expect((await colleague.get(`/admin/announcements/${id}`)).text).toContain('王芳，2026-11-24')
    expect((await colleague.post(`/admin/announcements/${id}/return`, { version: '1', comment: ' ' })).text).toContain('请写上要改什么')
    expect((await colleague.post(`/admin/announcements/${id}/return`, { version: '1', comment: '要写清几点到几点' })).text).toContain('退回了，写的人会看到您的意见')
    // It waits for its author now, not for approval.
    expect((await colleague.get('/admin')).text).not.toContain('公告等审核')
    expect((await colleague.get('/admin/announcements')).text).toContain('退回修改')

    const today = await writer.get('/admin')
    expect(today.text).toContain('同事找您')
    expect(today.text).toContain('张伟把您写的公告“停水”退回了：要写清几点到几点')
    expect(today.text).toContain(`href="/admin/announcements/${id}"`)
    expect((await writer.get(`/admin/announcements/${id}`)).text).toContain('要写清几点到几点')
    expect((await writer.get('/admin')).text).not.toContain('同事找您')

    const form = await writer.get(`/admin/announcements/${id}/edit`)
    expect(form.text.indexOf('要写清几点到几点')).toBeLessThan(form.text.indexOf('<form class="stack"'))
    expect(form.text).toMatch(/<textarea id="text"[^>]*>\s*明天停水/)
    const changed = await writer.post(`/admin/announcements/${id}/edit`, { version: '1', title: '停水', text: '明天九点到五点停水' })
    expect(changed.text).toContain('改好了')
    expect(changed.text).toContain('改了内容')
    const approved = await colleague.post(`/admin/announcements/${id}/approve`, { version: '2' })
    expect(approved.text).toContain('审核通过')
    expect((await sent()).map(({ text }) => text)).toEqual(['【停水】\n明天九点到五点停水'])
    expect(approved.text).toContain('张伟，2026-11-24')
    expect(approved.text).not.toMatch(/zhangwei|wfang/)
  })

  it('that was changed since it was read is not approved by that reading, and what two write at once is not lost', async () => {
    const id = await write()
    await writer.post(`/admin/announcements/${id}/edit`, { version: '1', text: '后天停水' })
    const refused = await colleague.post(`/admin/announcements/${id}/approve`, { version: '1' })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('刚刚被改过')
    expect(refused.text).toContain('后天停水')
    const other = await colleague.post(`/admin/announcements/${id}/edit`, { version: '1', text: '大后天停水' })
    expect(other.status).toBe(409)
    expect(other.text).toContain('大后天停水')
    expect(await row()).toMatchObject({ text: '后天停水' })
    await colleague.post(`/admin/announcements/${id}/edit`, { version: '2', text: '大后天停水' })
    expect(await row()).toMatchObject({ text: '大后天停水', by: 'wfang' })
    expect((await colleague.get(`/admin/announcements/${id}`)).text).toContain('这条您改过，要请另一位同事来审核')
  })

  it('keeps its picture, its audience and its time through a change, and gives the picture up', async () => {
    await writer.get('/admin/announcements/new')
    await writer.postFile('/admin/announcements', { text: '停水', role: 'volunteer', sendAt: '2026-11-25T09:30' }, { field: 'picture', name: 'a.jpg', bytes: JPEG })
    const { id, pictureName } = await row()
    const form = await writer.get(`/admin/announcements/${id}/edit`)
    expect(form.text).toContain(`name="keptPicture" value="${pictureName}"`)
    expect(form.text).toContain('value="2026-11-25T09:30"')
    expect(form.text).toMatch(/name="role" value="volunteer" checked/)
    await writer.postFile(`/admin/announcements/${id}/edit`, { version: '1', text: '停水两天', role: 'volunteer', sendAt: '2026-11-25T09:30', keptPicture: pictureName ?? '' })
    expect(await row()).toMatchObject({ text: '停水两天', pictureName, sendAt: new Date('2026-11-25T01:30:00Z'), audience: { roles: ['volunteer'] } })
    await writer.postFile(`/admin/announcements/${id}/edit`, { version: '2', text: '停水两天', keptPicture: pictureName ?? '', dropPicture: 'yes' })
    expect(await row()).toMatchObject({ pictureName: null })
    expect((await fetch(`${fixture.url}/pictures/${pictureName}`)).status).toBe(404)
  })

  it('is no more to be changed once it is sent', async () => {
    const id = await write()
    await colleague.post(`/admin/announcements/${id}/approve`, { version: '1' })
    expect((await writer.get(`/admin/announcements/${id}/edit`)).text).toContain('居民会看到')
    const late = await writer.post(`/admin/announcements/${id}/edit`, { version: '1', text: '不停水了' })
    expect(late.status).toBe(409)
    expect(await row()).toMatchObject({ text: '明天停水' })
    expect((await writer.get('/admin/announcements/none/edit')).status).toBe(404)
  })
})

describe('A draft whose time has passed', () => {
  it('is asked about anew: now, another time, or back; approved without an answer it stays', async () => {
    const id = await write({ sendAt: '2026-11-24T11:00' })
    fixture.clock.now = new Date('2026-11-24T05:00:00Z')
    const page = await colleague.get(`/admin/announcements/${id}`)
    expect(page.text).toContain('原定 2026-11-24 11:00 发，这个时间已经过了')
    expect(page.text).toContain('退回去改')
    expect((await colleague.post(`/admin/announcements/${id}/approve`, { version: '1' })).status).toBe(409)
    expect((await colleague.post(`/admin/announcements/${id}/approve`, { version: '1', send: 'later', sendAt: '' })).text).toContain('请先选好换到什么时间')
    expect((await colleague.post(`/admin/announcements/${id}/approve`, { version: '1', send: 'later', sendAt: '2026-11-24T09:00' })).text).toContain('发送时间要晚于现在')
    expect(await sent()).toEqual([])
    await colleague.post(`/admin/announcements/${id}/approve`, { version: '1', send: 'later', sendAt: '2026-11-25T09:00' })
    expect((await sent()).map(({ notBefore }) => notBefore)).toEqual([new Date('2026-11-25T01:00:00Z')])
    const other = await write({ sendAt: '2026-11-24T14:00' })
    fixture.clock.now = new Date('2026-11-24T07:00:00Z')
    expect((await colleague.post(`/admin/announcements/${other}/approve`, { version: '1', send: 'now' })).text).toContain('发送中')
  })
})

describe('An announcement that was approved', () => {
  it('says whom it is frozen to and what that means, and is brought to those who came since by a second draft', async () => {
    const id = await write()
    expect((await colleague.get(`/admin/announcements/${id}`)).text).toContain('名单在审核通过时定下')
    await colleague.post(`/admin/announcements/${id}/approve`, { version: '1' })
    const before = await writer.get(`/admin/announcements/${id}`)
    expect(before.text.replaceAll(/\s+/g, ' ')).toContain('名单在审核通过时（2026-11-24 10:00）定下：1 个人或群')
    expect(before.text).toContain('新订阅、新加标签的收不到这一条；退订的，还没轮到就不再发')
    expect(before.text).not.toContain('又有')
    await residentTurn(fixture, { sender: 'li', nickname: '李强', subscribes: true })
    expect((await writer.get(`/admin/announcements/${id}`)).text).toContain('又有 1 个人或群能收到')
    const draft = await writer.post(`/admin/announcements/${id}/supplement`, {})
    expect(draft.text).toContain('只发给后来的人')
    expect(draft.text).toContain('审核后会发给 1 个人或群')
    expect(draft.text).toContain('这条是您自己写的')
    expect((await writer.post(`/admin/announcements/${id}/supplement`, {})).text).toContain('已经写好了')
    expect((await writer.get(`/admin/announcements/${id}`)).text).toContain('在等同事审核')
    const { id: second } = await fixture.store.read.announcement.findFirstOrThrow({ where: { supplements: id } })
    // Changed or counted anew, it is still for those alone.
    const form = await writer.get(`/admin/announcements/${second}/edit`)
    expect(form.text).toContain('现在会发给 1 个人或群，比如：李**')
    expect((await writer.post('/admin/announcements/audience', { notYetOf: id })).text).toContain('现在会发给 1 个人或群')
    await writer.post(`/admin/announcements/${second}/edit`, { version: '1', text: '明天停水，请备水', notYetOf: id })
    await colleague.post(`/admin/announcements/${second}/approve`, { version: '2' })
    expect((await sent()).map(({ announcementId, text }) => [announcementId, text])).toEqual([[id, '【停水】\n明天停水'], [second, '明天停水，请备水']])
  })
})

describe('The choices of an audience', () => {
  it('say how many each would reach now, and the examples where and what somebody is', async () => {
    await residentTurn(fixture, { sender: 'zhao', nickname: '赵敏', subscribes: true, volunteer: { name: '赵敏', status: 'active' } })
    const form = (await writer.get('/admin/announcements/new')).text.replaceAll(/<[^>]*>|\s+/g, ' ').replaceAll(/ +/g, ' ')
    expect(form).toContain('居民 2 人')
    expect(form).toContain('志愿者 1 人')
    expect(form).toContain('绑定的群 0 个群')
    expect(form).toContain('迎宾社区 1 人')
    expect(form).toContain('东山街道 1 人')
    expect(form).toContain('卫东街道 0 人')
    expect(form).toContain('赵**（迎宾社区，志愿者）')
  })
})
