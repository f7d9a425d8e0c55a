import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeDraft, returnDraft } from '../../src/outbox/announcement-drafts.ts'
import { changeAnnouncement, createAnnouncement, findAnnouncement, type AnnouncementDraft, type AnnouncementMove, type AnnouncementServices } from '../../src/outbox/announcements.ts'
import { listAnnouncementLines } from '../../src/store/announcements/announcement-records.ts'
import { listStaffNotices, markStaffNoticesSeen } from '../../src/store/staff/staff-notices.ts'
import { addPeople, addStaffMembers, openTestStore } from './world.ts'

let world: Awaited<ReturnType<typeof openTestStore>>
let services: AnnouncementServices
let clock: Date

beforeEach(async () => {
  world = await openTestStore()
  clock = new Date('2026-11-24T02:00:00Z')
  services = { store: world.store, now: () => clock, wakeOutbox: () => undefined, areas: [] }
  await addStaffMembers(world.store, 'wang', 'li', 'zhao')
  await addPeople(world.store, ['a', 'b'])
})
afterEach(() => world.close())

async function draft(more: Partial<AnnouncementDraft> = {}): Promise<string> {
  const result = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: {}, ...more })
  if (result.outcome !== 'created') throw new Error(JSON.stringify(result))
  return result.announcement.id
}
const approve = (id: string, by = 'li', more: Partial<AnnouncementMove> = {}) => changeAnnouncement(services, { id, action: 'approve', by, ...more })
const queued = () => world.store.read.outboxMessage.findMany({ where: { announcementId: { not: null } }, orderBy: { seq: 'asc' } })
const historyOf = async (id: string) => (await listAnnouncementLines(world.store, id)).map(({ byName, action, note }) => [byName, action, note])

describe('a draft', () => {
  it('is changed by its author, and what is sent is what stands then; its history says what was changed', async () => {
    const id = await draft()
    const sendAt = new Date('2026-11-25T02:00:00Z')
    expect(await changeDraft(services, { id, by: 'wang', ifVersion: 1, content: { title: '停水', text: '后天停水', audience: { roles: ['resident'] }, sendAt } })).toMatchObject({
      outcome: 'changed',
      announcement: { title: '停水', text: '后天停水', audience: { roles: ['resident'] }, sendAt, version: 2, status: 'draft' },
    })
    await approve(id)
    expect((await queued()).map(({ text }) => text)).toEqual(['【停水】\n后天停水', '【停水】\n后天停水'])
    expect(await historyOf(id)).toEqual([['wang', 'create', ''], ['wang', 'change', '改了标题、内容、发给谁、什么时候发'], ['li', 'approve', '']])
    expect(await world.store.read.auditEntry.findMany({ select: { action: true, detail: true }, orderBy: { id: 'asc' } })).toContainEqual({ action: 'announcement_change', detail: '改了标题、内容、发给谁、什么时候发' })
  })

  it('is approved by nobody who has written in it: neither its author nor whoever changed it', async () => {
    const id = await draft()
    await changeDraft(services, { id, by: 'li', content: { text: '明天停电', audience: {} } })
    expect(await approve(id, 'li')).toEqual({ outcome: 'own_announcement' })
    expect(await approve(id, 'wang')).toEqual({ outcome: 'own_announcement' })
    expect(await approve(id, 'zhao')).toMatchObject({ outcome: 'changed', announcement: { by: 'wang', approvedBy: 'zhao' } })
  })

  it('is not approved, returned or changed unread: who looked at it before a change is told', async () => {
    const id = await draft()
    await changeDraft(services, { id, by: 'wang', ifVersion: 1, content: { text: '不是这样', audience: {} } })
    expect(await approve(id, 'li', { ifVersion: 1 })).toEqual({ outcome: 'changed_meanwhile' })
    expect(await returnDraft(services, { id, by: 'li', comment: '时间不对', ifVersion: 1 })).toEqual({ outcome: 'changed_meanwhile' })
    expect(await changeDraft(services, { id, by: 'zhao', ifVersion: 1, content: { text: '另一种', audience: {} } })).toEqual({ outcome: 'changed_meanwhile' })
    expect(await queued()).toEqual([])
    expect(await approve(id, 'li', { ifVersion: 2 })).toMatchObject({ outcome: 'changed' })
  })

  it('is checked as a new one is, and is no draft any more once it is approved', async () => {
    const id = await draft()
    const change = (text: string, by = 'wang') => changeDraft(services, { id, by, content: { text, audience: {} } })
    expect(await change(' ')).toMatchObject({ outcome: 'invalid' })
    expect(await change('停水', 'nobody')).toEqual({ outcome: 'unknown_staff' })
    await approve(id)
    expect(await change('停水')).toMatchObject({ outcome: 'not_allowed' })
    expect(await returnDraft(services, { id, by: 'li', comment: '停' })).toMatchObject({ outcome: 'not_allowed' })
    expect(await changeDraft(services, { id: 'none', by: 'wang', content: { text: '停水', audience: {} } })).toEqual({ outcome: 'not_found' })
  })
})

describe('a draft that is returned', () => {
  const back = (id: string, comment = '时间写错了，是周六') => returnDraft(services, { id, by: 'li', comment })

  it('waits for its author, with the comment, until it is changed', async () => {
    const id = await draft()
    expect(await back(id)).toMatchObject({ outcome: 'changed', announcement: { status: 'draft', returned: { byName: 'li', comment: '时间写错了，是周六' } } })
    expect(await approve(id, 'zhao')).toEqual({ outcome: 'is_returned' })
    expect(await back(id)).toEqual({ outcome: 'is_returned' })
    await changeDraft(services, { id, by: 'wang', content: { text: '周六停水', audience: {} } })
    expect(await findAnnouncement(services, id)).toMatchObject({ returned: null, text: '周六停水' })
    expect(await historyOf(id)).toEqual([['wang', 'create', ''], ['li', 'return', '时间写错了，是周六'], ['wang', 'change', '改了内容']])
    // Who returned it has written nothing in it.
    expect(await approve(id, 'li')).toMatchObject({ outcome: 'changed' })
  })

  it('can be put forward again as it is, and returned once more', async () => {
    const id = await draft()
    await back(id)
    await changeDraft(services, { id, by: 'wang', content: { text: '明天停水', audience: {} } })
    expect((await historyOf(id)).at(-1)).toEqual(['wang', 'change', '没有改，请再审核'])
    expect(await back(id, '真的是周六')).toMatchObject({ outcome: 'changed' })
    const { id: staffId } = await world.store.read.staffMember.findUniqueOrThrow({ where: { user: 'wang' } })
    expect(await listStaffNotices(world.store, staffId)).toHaveLength(2)
  })

  it('is told to its author once: on the page, and in the chat that is bound to them', async () => {
    const { id: staffId } = await world.store.read.staffMember.findUniqueOrThrow({ where: { user: 'wang' } })
    await addPeople(world.store, ['wang-chat'], { isSubscribed: false })
    await world.store.write((transaction) => transaction.identity.createMany({ data: [{ id: 'i', channel: 'fake', account: 'a1', externalId: 'x-wang-chat', personId: 'wang-chat', staffId, createdAt: clock }] }))
    const id = await draft()
    await back(id)
    const told = 'li把您写的公告“明天停水”退回了：时间写错了，是周六\n请在工作台的“公告”里改好，再请同事审核。'
    expect(await listStaffNotices(world.store, staffId)).toMatchObject([{ text: told, request: null, announcement: { id } }])
    expect(await world.store.read.outboxMessage.findMany()).toMatchObject([{ conversationId: 'c-wang-chat', text: told, announcementId: null, requestId: null, kind: 'notice', status: 'queued' }])
    // It is no delivery of the announcement.
    expect((await findAnnouncement(services, id))?.progress).toMatchObject({ total: 2, open: 2 })
    await markStaffNoticesSeen(world.store, { staffId, announcementId: id, now: clock })
    expect(await listStaffNotices(world.store, staffId)).toEqual([])
  })

  it('needs a comment, and another person than its author', async () => {
    const id = await draft()
    expect(await back(id, ' \u200b')).toEqual({ outcome: 'empty' })
    expect(await returnDraft(services, { id, by: 'wang', comment: '不好' })).toEqual({ outcome: 'own_announcement' })
    expect((await findAnnouncement(services, id))?.returned).toBeNull()
  })
})

describe('a draft whose time has passed', () => {
  const SEND_AT = new Date('2026-11-24T03:00:00Z')
  const late = async (more: Partial<AnnouncementDraft> = {}) => {
    const id = await draft({ sendAt: SEND_AT, ...more })
    clock = new Date('2026-11-24T03:00:00Z')
    return id
  }

  it('does not go out to all when it is approved: it is asked when', async () => {
    const id = await late()
    expect(await approve(id)).toEqual({ outcome: 'send_time_passed', sendAt: SEND_AT })
    expect(await queued()).toEqual([])
    expect((await findAnnouncement(services, id))?.status).toBe('draft')
  })

  it('goes out at once on that word', async () => {
    const id = await late()
    expect(await approve(id, 'li', { send: 'now' })).toMatchObject({ announcement: { status: 'sending', sendAt: null } })
    expect((await queued()).map(({ notBefore }) => notBefore)).toEqual([clock, clock])
    expect((await historyOf(id)).at(-1)).toEqual(['li', 'approve', '改为马上发'])
  })

  it('goes out at a new time', async () => {
    const id = await late({ expiresAt: new Date('2026-11-26T00:00:00Z') })
    for (const send of [clock, new Date('2026-11-26T00:00:00Z')]) expect(await approve(id, 'li', { send })).toMatchObject({ outcome: 'wrong_time' })
    const send = new Date('2026-11-25T01:00:00Z')
    expect(await approve(id, 'li', { send })).toMatchObject({ announcement: { status: 'scheduled', sendAt: send } })
    expect((await queued()).map(({ notBefore }) => notBefore)).toEqual([send, send])
    expect((await historyOf(id)).at(-1)).toEqual(['li', 'approve', '改到 2026-11-25 09:00 发'])
  })

  it('keeps its time as long as that is to come, and means at once what was past when it was written', async () => {
    const id = await draft({ sendAt: SEND_AT })
    expect(await approve(id)).toMatchObject({ announcement: { status: 'scheduled', sendAt: SEND_AT } })
    const past = await draft({ sendAt: new Date('2026-11-24T01:00:00Z') })
    expect(await approve(past)).toMatchObject({ announcement: { status: 'sending' } })
  })
})
