import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { residentsById } from '../../../src/store/people/resident-board.ts'
import { changePeopleTags } from '../../../src/store/people/tags.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
const say = (who: string, text: string) => web.api('POST', '/api/v1/messages', { conversation: who, sender: { id: who, name: who }, text })
const draft = (audience: object) => web.api('POST', '/api/v1/announcements', { by: 'wang', text: '天冷了', audience })

beforeAll(async () => {
  web = await openTestWeb()
  await web.addStaff('wang')
  await web.addStaff('li')
  for (const who of ['old', 'young', 'left']) await say(who, '订阅')
  await say('left', '退订')
  const people = await web.store.read.person.findMany({ where: { nickname: { in: ['old', 'left'] } } })
  await changePeopleTags(web.store, { people: residentsById(people.map(({ id }) => id)), add: ['独居老人'], by: 'wang', now: web.clock.now })
})
afterAll(() => web.close())

describe('audience.tags of POST /api/v1/announcements', () => {
  it('reaches the subscribers who have one of them, and nobody else', async () => {
    const created = await draft({ tags: ['独居老人', '没有这个'] })
    expect(created.status).toBe(201)
    expect(created.json).toMatchObject({ total: 1, audience: { tags: ['独居老人', '没有这个'] } })
    await web.api('POST', `/api/v1/announcements/${created.json.id}/approve`, { by: 'li' })
    await expect.poll(async () => (await web.api('GET', `/api/v1/announcements/${created.json.id}`)).json, { timeout: 10_000 }).toMatchObject({ status: 'finished', total: 1, sent: 1 })
    const pushedTo = async (who: string) => ((await web.api('GET', `/api/v1/messages?conversation=${who}`)).json.messages as unknown as object[]).length
    expect([await pushedTo('old'), await pushedTo('young'), await pushedTo('left')]).toEqual([1, 0, 0])
  })

  it('reaches nobody by a tag that nobody has, and everybody when it is empty', async () => {
    expect((await draft({ tags: ['没有这个'] })).json).toMatchObject({ total: 0 })
    expect((await draft({ tags: [] })).json).toMatchObject({ total: 2 })
  })

  it('takes a tag in any form in which it may be written', async () => {
    expect((await draft({ tags: [' 独居 老人\u200b'] })).json).toMatchObject({ total: 1, audience: { tags: ['独居老人'] } })
  })

  it.each([[{ tags: '独居老人' }], [{ tags: [5] }], [{ tags: [null] }], [{ tags: [''] }], [{ tags: ['   '] }], [{ tags: ['！！'] }], [{ tags: ['独居老人', '<b></b>'] }], [{ tags: ['老'.repeat(21)] }], [{ tags: ['独居\u0000老人'] }], [{ tags: Array(51).fill('独居老人') }]])('refuses %j with 422, and leaves no row', async (audience) => {
    const before = await web.store.read.announcement.count()
    const refused = await draft(audience)
    expect(refused.status).toBe(422)
    expect(refused.headers.get('content-type')).toContain('application/problem+json')
    expect(await web.store.read.announcement.count()).toBe(before)
  })

  it('stands in the OpenAPI document with its bounds', async () => {
    const { json } = await web.api('GET', '/api/v1/openapi.json')
    const { components } = json as unknown as { components: { schemas: Record<string, { properties: Record<string, object> }> } }
    expect(components.schemas.Audience?.properties.tags).toMatchObject({ type: 'array', items: { type: 'string', minLength: 1, maxLength: 20 } })
    expect(components.schemas.Audience?.properties.skills).toMatchObject({ type: 'array' })
  })
})
