import { afterEach, beforeEach, expect, it } from 'vitest'
import { codesWithin, expandAreas } from '../../../src/domain/areas.ts'
import type { Area } from '../../../src/domain/services.ts'
import { AUDIENCE_ROLES, countAudience, listAudienceExamples } from '../../../src/store/announcements/announcement-audience.ts'
import { readAudienceSizes } from '../../../src/store/announcements/audience-sizes.ts'
import { addGroup, addPeople, EARLIER, openTestStore } from '../../outbox/world.ts'

/** A county of two towns with 12 communities each, and 10 grids in every one of these: more than one statement counts. */
const COMMUNITIES = ['t0', 't1'].flatMap((town) => Array.from({ length: 12 }, (_, index) => ({ town, code: `${town}c${index}` })))
const AREAS: Area[] = [
  { code: 'county', name: '加格达奇区', level: 'county', parent: null, words: [] },
  ...['t0', 't1'].map((code): Area => ({ code, name: `${code}街道`, level: 'town', parent: 'county', words: [] })),
  ...COMMUNITIES.map(({ town, code }): Area => ({ code, name: `${code}社区`, level: 'community', parent: town, words: [] })),
  ...COMMUNITIES.flatMap(({ code }) => Array.from({ length: 10 }, (_, index): Area => ({ code: `${code}g${index}`, name: `${code}第${index}网格`, level: 'grid', parent: code, words: [] }))),
]

let world: Awaited<ReturnType<typeof openTestStore>>
beforeEach(async () => {
  world = await openTestStore()
})
afterEach(() => world.close())

/** Residents here and there: subscribed or not, tagged, volunteers who live elsewhere, and one who reported from two places. */
async function people(): Promise<void> {
  const codes = AREAS.map(({ code }) => code)
  for (let index = 0; index < 60; index += 1) await addPeople(world.store, [`p${index}`], { areaCode: codes[(index * 37) % codes.length] ?? '', isSubscribed: index % 5 !== 0 })
  await addPeople(world.store, ['nowhere', 'gone'])
  await addGroup(world.store, 'room', { areaCode: 't0c0' })
  await addGroup(world.store, 'unbound', { isBound: false })
  const tagged = ['p1', 'p2', 'p5', 'p10', 'nowhere', 'gone']
  await world.store.write(async (transaction) => {
    await transaction.personTag.createMany({ data: tagged.map((personId) => ({ personId, tag: '独居老人', by: 'wang', createdAt: EARLIER })) })
    await transaction.roomTag.createMany({ data: ['c-room', 'c-unbound'].map((conversationId) => ({ conversationId, tag: '独居老人', by: 'wang', createdAt: EARLIER })) })
    await transaction.conversation.updateMany({ where: { id: 'c-gone' }, data: { goneAt: EARLIER } })
    const volunteer = { number: '', name: '张建国', phone: '13800138000', skills: [], availability: '', createdAt: EARLIER, updatedAt: EARLIER }
    await transaction.volunteer.createMany({ data: ['p1', 'p2', 'p3'].map((personId, index) => ({ ...volunteer, id: personId, number: personId, personId, areaCode: `t1c${index}g0`, status: index === 0 ? 'pending' : 'active' })) })
  })
}

it('every choice says how many it would reach if it were the only one', async () => {
  await people()
  const read = world.store.read
  const sizes = await readAudienceSizes(read, AREAS)
  for (const role of AUDIENCE_ROLES) expect([role, sizes.roles[role]]).toEqual([role, await countAudience(read, { roles: [role] })])
  expect(sizes.roles).toMatchObject({ volunteer: 2, group: 1 })
  expect(sizes.tags.get('独居老人')).toEqual({ people: 3, groups: 1 })
  expect(await countAudience(read, { tags: ['独居老人'] })).toBe(4)
  for (const { code } of AREAS) expect([code, sizes.areas.get(code) ?? 0]).toEqual([code, await countAudience(read, expandAreas({ areas: [code] }, AREAS))])
  // Whoever stands in two places is one person of what both lie in.
  expect(sizes.areas.get('county')).toBe(48)
  expect(codesWithin('t1', AREAS).reduce((sum, code) => sum + (code.includes('g') ? (sizes.areas.get(code) ?? 0) : 0), 0)).toBeGreaterThan(0)
})

it('examples tell where somebody is and what they are', async () => {
  await addPeople(world.store, ['a'], { areaCode: 't0c1' })
  await world.store.write(async (transaction) => {
    await transaction.person.updateMany({ data: { nickname: '李强' } })
    await transaction.personTag.createMany({ data: [{ personId: 'a', tag: '独居老人', by: 'wang', createdAt: EARLIER }] })
    await transaction.volunteer.createMany({ data: [{ id: 'a', number: 'VL-1', personId: 'a', name: '李强', phone: '13800138000', areaCode: null, skills: [], availability: '', status: 'active', createdAt: EARLIER, updatedAt: EARLIER }] })
  })
  expect(await listAudienceExamples(world.store.read, {}, AREAS)).toEqual(['李**（t0c1社区，志愿者，独居老人）'])
  await addPeople(world.store, ['b'], { createdAt: new Date('2026-11-21T00:00:00Z') })
  expect(await listAudienceExamples(world.store.read, {}, AREAS)).toEqual(['没有名字的居民', '李**（t0c1社区，志愿者，独居老人）'])
})

it('a prefecture with two thousand grids is one audience', async () => {
  const grids = Array.from({ length: 2_000 }, (_, index) => `grid${index}`)
  await addPeople(world.store, ['far'], { areaCode: 'grid1999' })
  expect(await countAudience(world.store.read, { areas: grids })).toBe(1)
})
