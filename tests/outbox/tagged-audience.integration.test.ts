import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expandAreas } from '../../src/domain/areas.ts'
import { changeAnnouncement, createAnnouncement, findAnnouncement, type AnnouncementServices } from '../../src/outbox/announcements.ts'
import { countAudience, listAudienceExamples, type Audience } from '../../src/store/announcements/announcement-audience.ts'
import { listDeliveries } from '../../src/store/outbox/deliveries.ts'
import { noteResults } from '../../src/store/outbox/outbox-results.ts'
import { claimRows } from '../../src/store/outbox/outbox-sending.ts'
import { residentsById, residentsOf } from '../../src/store/people/resident-board.ts'
import { changePeopleTags, listTags, removeTag, renameTag, setRoomTags } from '../../src/store/people/tags.ts'
import { addGroup, addPeople, addStaffMembers, openTestStore } from './world.ts'

let world: Awaited<ReturnType<typeof openTestStore>>
let services: AnnouncementServices
const now = new Date('2026-11-24T02:00:00Z')
const AREAS = [{ code: 'yb', name: '迎宾社区', level: 'community' as const, parent: null, words: [] }]

const tag = (people: string[], ...add: string[]) => changePeopleTags(world.store, { people: residentsById(people), add, by: 'wang', now })
const untag = (people: string[], ...remove: string[]) => changePeopleTags(world.store, { people: residentsById(people), remove, by: 'wang', now })
const tagRoom = (room: string, ...tags: string[]) => setRoomTags(world.store, { id: `c-${room}`, tags, by: 'wang', now })

async function draft(audience: Audience): Promise<string> {
  const result = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience })
  if (result.outcome !== 'created') throw new Error(JSON.stringify(result))
  return result.announcement.id
}
const approve = (id: string) => changeAnnouncement(services, { id, action: 'approve', by: 'li' })
const recipients = async (id: string) => ((await listDeliveries(world.store, id, { limit: 100 }))?.items ?? []).map((item) => item.conversation.replace('x-', '')).sort()

/** Ada and Bo are old and live alone, Bo has left the list; Cy owns a flat; one group of owners is bound, one is not. */
beforeEach(async () => {
  world = await openTestStore()
  services = { store: world.store, now: () => now, wakeOutbox: () => undefined, areas: AREAS }
  await addStaffMembers(world.store, 'wang', 'li')
  await addPeople(world.store, ['ada', 'cy'], { areaCode: 'yb' })
  await addPeople(world.store, ['bo'], { isSubscribed: false })
  await addPeople(world.store, ['dan'])
  await addGroup(world.store, 'owners', { areaCode: 'yb' })
  await addGroup(world.store, 'all')
  await addGroup(world.store, 'stray')
  await tag(['ada', 'bo', 'dan'], '独居老人')
  await tag(['cy'], '三期业主')
  await tagRoom('owners', '三期业主')
  await tagRoom('stray', '三期业主')
  await world.store.write((transaction) => transaction.volunteer.createMany({ data: [{ id: 'v', number: 'v', personId: 'dan', name: 'Dan', phone: '13800138000', skills: ['开车'], availability: '', status: 'active', createdAt: now, updatedAt: now }] }))
  await world.store.write((transaction) => transaction.conversation.updateMany({ where: { id: 'c-stray' }, data: { boundAt: null } }))
})
afterEach(() => world.close())

describe('An audience by tag', () => {
  it.each<[string, Audience, string[]]>([
    ['reaches the subscribers who have it', { tags: ['独居老人'] }, ['ada', 'dan']],
    ['reaches people and bound groups that have it', { tags: ['三期业主'] }, ['cy', 'owners']],
    ['reaches whoever has one of several, once', { tags: ['独居老人', '三期业主'] }, ['ada', 'cy', 'dan', 'owners']],
    ['reaches nobody by a tag that nobody has', { tags: ['没有这个'] }, []],
    ['restricts nothing when it is empty', { tags: [] }, ['ada', 'cy', 'dan']],
    ['reaches only people when residents are asked for', { tags: ['三期业主'], roles: ['resident'] }, ['cy']],
    ['reaches only groups when groups are asked for', { tags: ['三期业主'], roles: ['group'] }, ['owners']],
    ['reaches the volunteers who have it', { tags: ['独居老人'], roles: ['volunteer'] }, ['dan']],
    ['is narrowed by area', { tags: ['独居老人', '三期业主'], areas: ['迎宾社区'] }, ['ada', 'cy', 'owners']],
    ['is narrowed by skill, and then means people', { tags: ['独居老人', '三期业主'], skills: ['开车'] }, ['dan']],
    ['is narrowed by channel', { tags: ['独居老人'], channels: ['other'] }, []],
    ['stands beside groups that are named', { tags: ['独居老人'], rooms: ['c-all'] }, ['ada', 'all', 'dan']],
    ['leaves groups out that are not meant', { tags: ['三期业主'], rooms: ['c-all'], roles: ['resident'] }, ['all', 'cy']],
  ])('%s', async (_name, audience, expected) => {
    const expanded = expandAreas(audience, AREAS)
    expect(await countAudience(world.store.read, expanded)).toBe(expected.length)
    expect(await listAudienceExamples(world.store.read, expanded, AREAS)).toHaveLength(expected.length)
    const id = await draft(audience)
    expect((await findAnnouncement(services, id))?.progress.total).toBe(expected.length)
    await approve(id)
    expect(await recipients(id)).toEqual(expected)
    expect((await findAnnouncement(services, id))?.progress.total).toBe(expected.length)
  })

  it('is kept as tags are, and refused where nothing would be left of one', async () => {
    const id = await draft({ tags: [' 独居\u200b老人 ', '独居老人'] })
    expect((await findAnnouncement(services, id))?.audience).toEqual({ tags: ['独居老人'] })
    for (const tags of [['！！'], ['独居老人', '  '], ['老'.repeat(21)]]) expect(await createAnnouncement(services, { by: 'wang', text: '停水', audience: { tags } })).toMatchObject({ outcome: 'invalid' })
    expect(await world.store.read.announcement.count()).toBe(1)
  })

  it('counts who opts out between approval and sending', async () => {
    const id = await draft({ tags: ['独居老人'] })
    await approve(id)
    await world.store.write((transaction) => transaction.person.updateMany({ where: { id: 'ada' }, data: { isSubscribed: false, optedOutAt: now } }))
    const leaseUntil = new Date(now.getTime() + 20_000)
    const { rows } = await claimRows(world.store, { owner: 'test', now, leaseUntil, isQuiet: false, held: new Set(), accounts: [{ channel: 'fake', account: 'a1', pulls: false, total: 100, announcements: 100 }] })
    await noteResults(world.store, { owner: 'test', now, pauses: [], rows: rows.map(({ seq }) => ({ seq, status: 'sent' as const, at: now, platformMessageId: null })) })
    expect((await findAnnouncement(services, id))?.progress).toMatchObject({ total: 2, sent: 1, optedOut: 1, open: 0 })
  })

  it('reaches again who had everything deleted and subscribed afterwards', async () => {
    await world.store.write((transaction) => transaction.person.updateMany({ where: { id: 'ada' }, data: { erasedAt: now, isSubscribed: true } }))
    expect(await countAudience(world.store.read, {})).toBe(3)
  })
})

describe('A tag that is renamed or removed', () => {
  it('leaves what was approved as it was frozen, and follows into drafts when it is renamed', async () => {
    const approved = await draft({ tags: ['独居老人'] })
    await approve(approved)
    const waiting = await draft({ tags: ['独居老人', '三期业主'] })
    expect(await renameTag(world.store, { tag: '独居老人', to: '独居长者', by: 'wang', now })).toEqual({ outcome: 'renamed' })
    expect(await recipients(approved)).toEqual(['ada', 'dan'])
    expect((await findAnnouncement(services, approved))?.audience).toEqual({ tags: ['独居老人'] })
    expect(await findAnnouncement(services, waiting)).toMatchObject({ audience: { tags: ['独居长者', '三期业主'] }, progress: { total: 4 } })
  })

  it('is merged into one that is there already', async () => {
    await tag(['ada'], '三期业主')
    expect(await renameTag(world.store, { tag: '独居老人', to: '三期业主', by: 'wang', now })).toEqual({ outcome: 'renamed' })
    expect(await listTags(world.store.read)).toEqual([{ tag: '三期业主', people: 4, rooms: 2 }])
  })

  it('reaches nobody once it is removed, and never everybody', async () => {
    const approved = await draft({ tags: ['三期业主'] })
    await approve(approved)
    const waiting = await draft({ tags: ['三期业主'] })
    expect(await removeTag(world.store, { tag: '三期业主', by: 'wang', now })).toEqual({ outcome: 'removed' })
    expect(await removeTag(world.store, { tag: '三期业主', by: 'wang', now })).toEqual({ outcome: 'not_found' })
    expect(await recipients(approved)).toEqual(['cy', 'owners'])
    await approve(waiting)
    expect(await recipients(waiting)).toEqual([])
  })
})

describe('Tagging people', () => {
  const tagsOf = async (personId: string) => (await world.store.read.personTag.findMany({ where: { personId } })).map((row) => row.tag).sort()

  it('changes each once, and says who changed how many in the audit log, naming nobody', async () => {
    expect(await tag(['ada', 'cy'], '独居老人', '党员')).toEqual({ outcome: 'changed', people: 2 })
    expect(await tag(['ada', 'cy'], '独居老人')).toEqual({ outcome: 'unchanged', people: 2 })
    expect(await untag(['ada', 'dan'], '党员')).toEqual({ outcome: 'changed', people: 1 })
    expect(await tagsOf('cy')).toEqual(['三期业主', '党员', '独居老人'])
    const entries = await world.store.read.auditEntry.findMany({ where: { action: { in: ['tag_people', 'untag_people'] } }, orderBy: { id: 'desc' }, take: 2 })
    expect(entries).toMatchObject([{ actor: 'wang', action: 'untag_people', subject: '党员', detail: '从 1 人去掉' }, { action: 'tag_people', subject: '独居老人、党员', detail: '加给 2 人' }])
    expect(JSON.stringify(entries)).not.toMatch(/ada|cy/)
  })

  it('gives nobody more than 20, and then nobody any', async () => {
    await tag(['ada'], ...Array.from({ length: 19 }, (_, index) => `标签${index}`))
    expect(await tag(['ada', 'cy'], '再一个')).toEqual({ outcome: 'too_many_tags', people: 1 })
    expect(await tagsOf('cy')).toEqual(['三期业主'])
    expect(await tagRoom('all', ...Array.from({ length: 21 }, (_, index) => `标签${index}`))).toEqual({ outcome: 'too_many_tags' })
  })

  it('leaves out who has no data any more, or is unknown', async () => {
    await world.store.write((transaction) => transaction.person.updateMany({ where: { id: 'dan' }, data: { erasedAt: now, isSubscribed: false } }))
    await world.store.write((transaction) => transaction.volunteer.deleteMany({ where: { personId: 'dan' } }))
    expect(await tag(['dan', 'nobody'], '党员')).toEqual({ outcome: 'nobody' })
  })

  it('of all who were found changes nobody when they have become others', async () => {
    const people = residentsOf({ areaCodes: ['yb'] })
    expect(await changePeopleTags(world.store, { people, expected: 3, add: ['党员'], by: 'wang', now })).toEqual({ outcome: 'other_number', people: 2 })
    expect(await changePeopleTags(world.store, { people, expected: 2, add: ['党员'], by: 'wang', now })).toEqual({ outcome: 'changed', people: 2 })
  })

  it('of 2,000 is done at once, and of more is refused', async () => {
    await addPeople(world.store, Array.from({ length: 2_000 }, (_, index) => `p${index}`), { areaCode: 'big' })
    const people = residentsOf({ areaCodes: ['big'] })
    expect(await changePeopleTags(world.store, { people, add: ['三期业主', '党员'], by: 'wang', now })).toMatchObject({ outcome: 'changed', people: 2_000 })
    expect(await countAudience(world.store.read, { tags: ['三期业主'], roles: ['resident'] })).toBe(2_001)
    const id = await draft({ tags: ['三期业主'] })
    await approve(id)
    expect((await findAnnouncement(services, id))?.progress.total).toBe(2_002)
    await addPeople(world.store, ['one-more'], { areaCode: 'big' })
    expect(await changePeopleTags(world.store, { people, add: ['低保户'], by: 'wang', now })).toEqual({ outcome: 'too_many_people', people: 2_001 })
  })
})

describe('Tagging a group', () => {
  it('sets what it has, and only where it is bound', async () => {
    expect(await tagRoom('all', '一期业主', '通知')).toEqual({ outcome: 'changed' })
    expect(await tagRoom('all', '通知', '一期业主')).toEqual({ outcome: 'unchanged' })
    expect(await tagRoom('all', '通知')).toEqual({ outcome: 'changed' })
    expect(await listTags(world.store.read)).toContainEqual({ tag: '通知', people: 0, rooms: 1 })
    expect(await tagRoom('stray', '通知')).toEqual({ outcome: 'not_found' })
    expect(await setRoomTags(world.store, { id: 'c-ada', tags: ['通知'], by: 'wang', now })).toEqual({ outcome: 'not_found' })
  })
})
