import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Area } from '../../src/domain/services.ts'
import { changeAnnouncement, createAnnouncement, findAnnouncement, listAnnouncements, type AnnouncementDraft, type AnnouncementServices } from '../../src/outbox/announcements.ts'
import { toAnnouncementView } from '../../src/outbox/announcement-view.ts'
import { acknowledge, listDeliveries } from '../../src/store/outbox/deliveries.ts'
import { addGroup, addPeople, addStaffMembers, openTestStore } from './world.ts'

const AREAS: Area[] = [
  { code: 'g1', name: '第一网格', level: 'grid', parent: 'yingbin', words: [] },
  { code: 'yingbin', name: '迎宾社区', level: 'community', parent: 'dongshan', words: [] },
  { code: 'dongshan', name: '东山街道', level: 'town', parent: null, words: [] },
  { code: 'weidong', name: '卫东街道', level: 'town', parent: null, words: [] },
]

let world: Awaited<ReturnType<typeof openTestStore>>
let services: AnnouncementServices
let clock: Date
let wakes: number

beforeEach(async () => {
  world = await openTestStore()
  clock = new Date('2026-11-24T02:00:00Z')
  wakes = 0
  services = { store: world.store, now: () => clock, wakeOutbox: () => (wakes += 1), areas: AREAS }
  await addStaffMembers(world.store, 'wang', 'li')
})
afterEach(() => world.close())

async function draft(more: Partial<AnnouncementDraft> = {}): Promise<string> {
  const result = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: {}, ...more })
  if (result.outcome !== 'created') throw new Error(JSON.stringify(result))
  return result.announcement.id
}
const approve = (id: string, by = 'li') => changeAnnouncement(services, { id, action: 'approve', by })
const recipients = async (id: string) => (await listDeliveries(world.store, id, { limit: 100 }))?.items.map((item) => item.conversation)

describe('writing and approving an announcement', () => {
  it('needs a staff member to write it and another one to approve it', async () => {
    expect(await createAnnouncement(services, { by: 'nobody', text: '停水', audience: {} })).toEqual({ outcome: 'unknown_staff' })
    const id = await draft()
    expect(await approve(id, 'wang')).toEqual({ outcome: 'own_announcement' })
    expect(await approve(id, 'nobody')).toEqual({ outcome: 'unknown_staff' })
    expect((await findAnnouncement(services, id))?.status).toBe('draft')
    expect(await approve(id)).toMatchObject({ outcome: 'changed', announcement: { approvedBy: 'li' } })
    expect(await approve(id)).toMatchObject({ outcome: 'not_allowed', from: 'finished' })
    expect(await approve('no-such-id')).toEqual({ outcome: 'not_found' })
  })

  it('is refused without text, or when it ends before it begins, and leaves no row', async () => {
    for (const more of [{ text: ' \u200b\n' }, { expiresAt: new Date('2026-11-24T01:00:00Z') }, { sendAt: new Date('2026-11-25T00:00:00Z'), expiresAt: new Date('2026-11-24T12:00:00Z') }]) {
      expect(await createAnnouncement(services, { by: 'wang', text: '停水', audience: {}, ...more })).toMatchObject({ outcome: 'invalid' })
    }
    expect((await listAnnouncements(services, { limit: 10 }))?.items).toEqual([])
  })

  it('counts of a draft whom it would reach, and freezes them once approved', async () => {
    await addPeople(world.store, ['a', 'b'])
    const id = await draft({ title: '停水' })
    expect((await findAnnouncement(services, id))?.progress).toMatchObject({ total: 2, open: 2, sent: 0 })
    await approve(id)
    await addPeople(world.store, ['late'])
    expect(await recipients(id)).toEqual(['x-a', 'x-b'])
    expect(wakes).toBe(1)
    const rows = await world.store.read.outboxMessage.findMany({ orderBy: { seq: 'asc' } })
    expect(rows[0]).toMatchObject({ key: `announcement:${id}:a`, kind: 'announcement', text: '【停水】\n明天停水', status: 'queued', isPushed: true, personId: 'a' })
    expect((await findAnnouncement(services, id))?.status).toBe('sending')
  })

  it('is finished at once when nobody is reached', async () => {
    const id = await draft()
    await approve(id)
    expect(await findAnnouncement(services, id)).toMatchObject({ status: 'finished', progress: { total: 0, open: 0 } })
  })

  it('shows other programs the fields of the contract', async () => {
    const id = await draft({ title: '停水', isEmergency: true })
    const record = await findAnnouncement(services, id)
    expect(record && toAnnouncementView(record)).toMatchObject({
      id, title: '停水', text: '明天停水', status: 'draft', by: 'wang', approved_by: null, total: 0, open: 0, sent: 0, failed: 0, unknown: 0, opted_out: 0, cancelled: 0, expired: 0, acknowledged: 0, created_at: '2026-11-24T02:00:00.000Z',
    })
  })
})

describe('the audience', () => {
  it('is every subscriber when nothing is asked for, and no group', async () => {
    await addPeople(world.store, ['a'])
    await addPeople(world.store, ['unsubscribed'], { isSubscribed: false })
    await addGroup(world.store, 'g')
    const id = await draft()
    await approve(id)
    expect(await recipients(id)).toEqual(['x-a'])
  })

  it('holds bound groups only, of the areas asked for', async () => {
    await addGroup(world.store, 'bound', { areaCode: 'g1' })
    await addGroup(world.store, 'unbound', { areaCode: 'g1', isBound: false })
    await addGroup(world.store, 'elsewhere', { areaCode: 'weidong' })
    const id = await draft({ audience: { roles: ['group'], areas: ['dongshan'] } })
    await approve(id)
    expect(await recipients(id)).toEqual(['x-bound'])
  })

  it('takes an area by code or name with everything that lies in it', async () => {
    await addPeople(world.store, ['grid'], { areaCode: 'g1' })
    await addPeople(world.store, ['town'], { areaCode: 'dongshan' })
    await addPeople(world.store, ['other'], { areaCode: 'weidong' })
    await addPeople(world.store, ['nowhere'])
    const byName = await draft({ audience: { areas: ['东山街道'] } })
    await approve(byName)
    expect(await recipients(byName)).toEqual(['x-grid', 'x-town'])
    const unknown = await draft({ audience: { areas: ['nowhere'] } })
    expect((await findAnnouncement(services, unknown))?.progress.total).toBe(0)
  })

  it('reaches volunteers who are active when only volunteers are asked for', async () => {
    await addPeople(world.store, ['resident', 'active', 'pending'])
    await world.store.write((transaction) =>
      transaction.volunteer.createMany({
        data: ['active', 'pending'].map((status) => ({ id: status, number: status, personId: status, name: status, phone: '13800138000', areaCode: 'g1', skills: [], availability: '', status, createdAt: clock, updatedAt: clock })),
      }),
    )
    const id = await draft({ audience: { roles: ['volunteer'], areas: ['dongshan'] } })
    expect((await findAnnouncement(services, id))?.progress.total).toBe(1)
    await approve(id)
    expect(await recipients(id)).toEqual(['x-active'])
  })

  it('reaches each person once, where they spoke last, on a channel that is asked for', async () => {
    await addPeople(world.store, ['a'], { channel: 'web' })
    await world.store.write(async (transaction) => {
      await transaction.conversation.createMany({ data: ['telegram', 'http'].map((channel) => ({ id: channel, channel, account: 'x', externalId: channel, kind: 'private', personId: 'a', createdAt: clock })) })
      const heard = (conversationId: string, at: string) => ({ id: conversationId, channel: conversationId, account: 'x', externalId: conversationId, conversationId, personId: 'a', text: '', attachments: [], isAddressed: true, sentAt: new Date(at), receivedAt: new Date(at) })
      await transaction.inboundMessage.createMany({ data: [heard('telegram', '2026-11-25T00:00:00Z'), heard('http', '2026-11-26T00:00:00Z')] })
    })
    const everywhere = await draft()
    await approve(everywhere)
    expect(await recipients(everywhere)).toEqual(['http'])
    const narrowed = await draft({ audience: { channels: ['web', 'telegram'] } })
    await approve(narrowed)
    expect(await recipients(narrowed)).toEqual(['telegram'])
  })
})

describe('the course of an announcement', () => {
  const act = (id: string, action: 'pause' | 'resume' | 'cancel' | 'retry', by = 'wang') => changeAnnouncement(services, { id, action, by })

  it('is scheduled when its time is still to come, also after a pause', async () => {
    await addPeople(world.store, ['a'])
    const id = await draft({ sendAt: new Date('2026-11-24T03:00:00Z') })
    expect(await approve(id)).toMatchObject({ announcement: { status: 'scheduled' } })
    expect(await act(id, 'pause')).toMatchObject({ announcement: { status: 'paused' } })
    expect(await act(id, 'pause')).toEqual({ outcome: 'not_allowed', from: 'paused' })
    expect(await act(id, 'resume')).toMatchObject({ announcement: { status: 'scheduled' } })
    clock = new Date('2026-11-24T03:00:01Z')
    await act(id, 'pause')
    expect(await act(id, 'resume')).toMatchObject({ announcement: { status: 'sending' } })
  })

  it('lets go of everybody not yet reached when it is cancelled, and stays so', async () => {
    await addPeople(world.store, ['a', 'b'])
    const id = await draft()
    await approve(id)
    expect(await act(id, 'cancel')).toMatchObject({ announcement: { status: 'cancelled', progress: { total: 2, open: 0, cancelled: 2 } } })
    expect(await act(id, 'resume')).toEqual({ outcome: 'not_allowed', from: 'cancelled' })
    expect(await act(id, 'retry')).toEqual({ outcome: 'not_allowed', from: 'cancelled' })
  })

  it('tries failed deliveries again, and is being sent again', async () => {
    await addPeople(world.store, ['a', 'b'])
    const id = await draft()
    await approve(id)
    await world.store.write((transaction) => transaction.outboxMessage.updateMany({ where: { personId: 'a' }, data: { status: 'failed', attempts: 8, error: 'gave_up: x' } }))
    await world.store.write((transaction) => transaction.outboxMessage.updateMany({ where: { personId: 'b' }, data: { status: 'sent', sentAt: clock } }))
    expect(await act(id, 'retry')).toMatchObject({ announcement: { status: 'sending', progress: { total: 2, open: 1, sent: 1 } } })
    expect((await listDeliveries(world.store, id, { limit: 10, status: 'queued' }))?.items).toMatchObject([{ conversation: 'x-a', attempts: 0, error: null }])
  })

  it('counts 收到 once, for the announcement that arrived last', async () => {
    await addPeople(world.store, ['a'])
    const first = await draft()
    const second = await draft()
    for (const [id, at] of [[first, '2026-11-24T02:01:00Z'], [second, '2026-11-24T02:05:00Z']] as const) {
      await approve(id)
      await world.store.write((transaction) => transaction.outboxMessage.updateMany({ where: { announcementId: id }, data: { status: 'sent', sentAt: new Date(at) } }))
    }
    expect(await acknowledge(world.store, 'a', clock)).toEqual({ outcome: 'acknowledged' })
    expect(await acknowledge(world.store, 'a', clock)).toEqual({ outcome: 'already' })
    expect(await acknowledge(world.store, 'b', clock)).toEqual({ outcome: 'nothing' })
    expect((await findAnnouncement(services, second))?.progress.acknowledged).toBe(1)
    expect((await findAnnouncement(services, first))?.progress.acknowledged).toBe(0)
  })
})

describe('lists', () => {
  it('give announcements newest first, page by page', async () => {
    const ids: string[] = []
    for (let count = 0; count < 5; count += 1) {
      clock = new Date(clock.getTime() + 1000)
      ids.unshift(await draft())
    }
    const first = await listAnnouncements(services, { limit: 3 })
    const second = await listAnnouncements(services, { limit: 3, cursor: first?.nextCursor ?? '' })
    expect([...(first?.items ?? []), ...(second?.items ?? [])].map((item) => item.id)).toEqual(ids)
    expect(second?.nextCursor).toBeNull()
  })

  it('give deliveries page by page, and nothing for a cursor that is none', async () => {
    await addPeople(world.store, ['a', 'b', 'c'])
    const id = await draft()
    await approve(id)
    const first = await listDeliveries(world.store, id, { limit: 2 })
    const second = await listDeliveries(world.store, id, { limit: 2, cursor: first?.nextCursor ?? '' })
    expect([...(first?.items ?? []), ...(second?.items ?? [])].map((item) => item.conversation)).toEqual(['x-a', 'x-b', 'x-c'])
    expect(second?.nextCursor).toBeNull()
    expect(await listDeliveries(world.store, id, { limit: 2, cursor: 'x' })).toBeNull()
  })
})

describe('a large audience', () => {
  it('of 10,000 is frozen whole', async () => {
    await addPeople(world.store, Array.from({ length: 10_000 }, (_, index) => `p${index}`))
    const id = await draft()
    await approve(id)
    expect((await findAnnouncement(services, id))?.progress.total).toBe(10_000)
  })
})
