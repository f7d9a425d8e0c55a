import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
  await web.addStaff('wang')
  await web.addStaff('li')
})
afterAll(() => web.close())

const say = (who: string, text: string) => web.api('POST', '/api/v1/messages', { conversation: who, sender: { id: who }, text })
const pushed = async (who: string) => (await web.api('GET', `/api/v1/messages?conversation=${who}`)).json.messages as unknown as { text: string; kind: string; seq: number }[]

async function report(who: string, what = '3号楼2单元楼道灯坏了'): Promise<{ id: string; number: string }> {
  await say(who, `${what}，我叫刘桂兰，电话13800138001`)
  await say(who, '同意')
  const number = /SR-\d{8}-\d{4}/.exec((await say(who, '确认')).text)?.[0] ?? 'none'
  const { json } = await web.api('GET', `/api/v1/requests/${number}`)
  return { id: String(json.id), number }
}

describe('service requests', () => {
  it('are given as they are, with their history, by id and by number', async () => {
    const { id, number } = await report('r1')
    const { json } = await web.api('GET', `/api/v1/requests/${id}`)
    expect(json).toEqual({
      id,
      number,
      kind: 'service',
      service_code: 'street_light',
      category: '公共照明',
      status: 'submitted',
      description: '3号楼2单元楼道灯坏了',
      address: '3号楼2单元',
      area: null,
      requester: { name: '刘桂兰', phone: '13800138001' },
      rating: null,
      created_at: '2026-11-24T02:00:00.000Z',
      updated_at: '2026-11-24T02:00:00.000Z',
      due_at: '2026-11-27T09:30:00.000Z',
      assignee: null,
      channel: 'http',
      photos: [],
      merged_into: null,
      followers: 0,
      wanted_time: null,
      level: 'community',
      waiting_since: null,
      history: [{ at: '2026-11-24T02:00:00.000Z', kind: 'status', status: 'submitted', note: '', by: '居民' }],
    })
    expect((await web.api('GET', `/api/v1/requests/${number}`)).json).toEqual(json)
  })

  it('are changed as staff do, and the resident is told once', async () => {
    const { id } = await report('r2')
    const first = await web.api('PATCH', `/api/v1/requests/${id}`, { status: 'in_progress', note: '师傅在路上' })
    expect(first.status).toBe(200)
    expect(first.json).toMatchObject({ status: 'in_progress', history: [{ status: 'submitted' }, { status: 'in_progress', note: '师傅在路上', by: 'api' }] })
    const again = await web.api('PATCH', `/api/v1/requests/${id}`, { status: 'in_progress', note: '师傅在路上' })
    expect(again.json).toEqual(first.json)
    expect(await pushed('r2')).toHaveLength(1)
    await web.api('PATCH', `/api/v1/requests/${id}`, { status: 'in_progress', note: '要等零件' })
    expect((await pushed('r2')).map(({ text }) => text)).toEqual([expect.stringContaining('师傅在路上'), expect.stringContaining('要等零件')])
  })

  it('refuse a status that the flow does not allow with 409, an unknown one with 422, an unknown id with 404', async () => {
    const { id } = await report('r3')
    expect((await web.api('PATCH', `/api/v1/requests/${id}`, { status: 'closed' })).status).toBe(409)
    expect((await web.api('PATCH', `/api/v1/requests/${id}`, { status: 'done' })).status).toBe(422)
    expect((await web.api('PATCH', `/api/v1/requests/${id}`, { status: 'accepted', note: 5 })).status).toBe(422)
    expect((await web.api('PATCH', '/api/v1/requests/none', { status: 'accepted' })).status).toBe(404)
    expect((await web.api('GET', `/api/v1/requests/${id}`)).json.status).toBe('submitted')
    expect(await pushed('r3')).toEqual([])
  })

  it('hold the rating that the resident gave', async () => {
    const { id } = await report('r4')
    await web.api('PATCH', `/api/v1/requests/${id}`, { status: 'resolved', note: '修好了' })
    await say('r4', '5分，修得很快')
    expect((await web.api('GET', `/api/v1/requests/${id}`)).json.rating).toMatchObject({ score: 5 })
  })

  it('come in pages, newest first, each once, also when one arrives in between', async () => {
    for (let index = 0; index < 3; index += 1) {
      web.clock.now = new Date(web.clock.now.getTime() + 1000)
      await report(`page-${index}`)
    }
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const { json } = await web.api('GET', `/api/v1/requests?limit=2${cursor === null ? '' : `&cursor=${String(cursor)}`}`)
      const requests = json.requests as unknown as { number: string; created_at: string }[]
      expect(requests.length).toBeLessThanOrEqual(2)
      seen.push(...requests.map(({ number }) => number))
      cursor = json.next_cursor as unknown as string | null
      if (seen.length === 2) {
        web.clock.now = new Date(web.clock.now.getTime() + 1000)
        await report('in-between')
      }
    } while (cursor !== null)
    const before = (await web.store.read.serviceRequest.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] })).map(({ number }) => number).slice(1)
    expect(seen).toEqual(before)
  })

  it('refuse an unknown cursor in one sentence', async () => {
    for (const list of ['requests', 'volunteers', 'announcements']) expect(await web.api('GET', `/api/v1/${list}?cursor=none`)).toMatchObject({ status: 422, json: { detail: expect.stringMatching(/^cursor: /) as string } })
  })
})

describe('volunteers', () => {
  it('are listed and found with what they offer, and the guardian of a minor', async () => {
    for (const said of ['当志愿者', '同意', '张小宇', '13800138002', '15', '张大勇', '13800138003', '教老人用手机', '周六上午', '确认']) await say('v1', said)
    const { json } = await web.api('GET', '/api/v1/volunteers')
    const [volunteer] = json.volunteers as unknown as { id: string; number: string }[]
    expect(volunteer).toEqual({
      id: expect.any(String) as string,
      number: expect.stringMatching(/^VL-\d{8}-\d{4}$/) as string,
      name: '张小宇',
      phone: '13800138002',
      age: 15,
      guardian: { name: '张大勇', phone: '13800138003' },
      area: null,
      skills: expect.any(Array) as string[],
      availability: expect.stringContaining('周六') as string,
      status: 'pending',
      created_at: expect.stringMatching(/Z$/) as string,
    })
    expect((await web.api('GET', `/api/v1/volunteers/${volunteer?.id}`)).json).toEqual(volunteer)
    expect((await web.api('GET', `/api/v1/volunteers/${volunteer?.number}`)).json).toEqual(volunteer)
    expect((await web.api('GET', '/api/v1/volunteers/none')).status).toBe(404)
  })
})

describe('announcements', () => {
  const draft = (body: object) => web.api('POST', '/api/v1/announcements', { by: 'wang', text: '明天停水', audience: {}, ...body })

  it('are drafts until another member of staff approves them, then reach subscribers once', async () => {
    await report('subscriber')
    await say('subscriber', '订阅')
    const created = await draft({ title: '停水', audience: { channels: ['http'] } })
    expect(created.status).toBe(201)
    expect(created.json).toMatchObject({ status: 'draft', by: 'wang', approved_by: null, title: '停水', text: '明天停水' })
    const { id } = created.json
    expect((await web.api('POST', `/api/v1/announcements/${id}/approve`, { by: 'wang' })).status).toBe(409)
    expect((await web.api('POST', `/api/v1/announcements/${id}/approve`, { by: 'li' })).json).toMatchObject({ approved_by: 'li' })
    await expect.poll(async () => (await web.api('GET', `/api/v1/announcements/${id}`)).json.status, { timeout: 10_000 }).toBe('finished')
    const { json } = await web.api('GET', `/api/v1/announcements/${id}`)
    expect(json.sent).toBe(json.total)
    expect((await pushed('subscriber')).filter(({ kind }) => kind === 'announcement')).toHaveLength(1)
    const deliveries = (await web.api('GET', `/api/v1/announcements/${id}/deliveries?status=sent`)).json.deliveries as unknown as object[]
    expect(deliveries).toContainEqual({ id: expect.any(String) as string, channel: 'http', conversation: 'subscriber', status: 'sent', attempts: expect.any(Number) as number, error: null, sent_at: expect.any(String) as string, acknowledged_at: null })
    expect((await web.api('GET', `/api/v1/announcements/${id}/deliveries?status=none`)).status).toBe(422)
  })

  it('can wait, be held, go on, be given up', async () => {
    const { id } = (await draft({ at: '2027-01-01T08:00:00+08:00' })).json
    const act = async (action: string) => (await web.api('POST', `/api/v1/announcements/${id}/${action}`, { by: 'li' })).json.status
    expect(await act('approve')).toBe('scheduled')
    expect(await act('pause')).toBe('paused')
    expect(await act('resume')).toBe('scheduled')
    expect(await act('cancel')).toBe('cancelled')
    expect((await web.api('POST', `/api/v1/announcements/${id}/resume`, { by: 'li' })).status).toBe(409)
    expect((await web.api('GET', `/api/v1/announcements/${id}`)).json.at).toBe('2027-01-01T00:00:00.000Z')
  })

  it.each(['2028-02-29T23:59:59.5+08:00', '2026-12-31t23:59:00z', '2026-12-01T00:30+14:00'])('take the real time %s', async (at) => {
    const created = await draft({ at })
    expect(created.status).toBe(201)
    expect(created.json.at).toBe(new Date(at).toISOString())
  })

  it('are listed newest first, drafts too', async () => {
    web.clock.now = new Date(web.clock.now.getTime() + 1000)
    const { id } = (await draft({ text: '最新的' })).json
    const { json } = await web.api('GET', '/api/v1/announcements?limit=1')
    expect((json.announcements as unknown as { id: string }[]).map((announcement) => announcement.id)).toEqual([id])
    expect(json.next_cursor).not.toBeNull()
  })

  it('that nobody would get are written all the same, with a total of 0', async () => {
    expect((await draft({ audience: { areas: ['nowhere'] } })).json).toMatchObject({ total: 0, status: 'draft' })
  })

  it.each([
    [403, { by: 'nobody' }],
    [422, { by: 5 }],
    [422, { text: '' }],
    [422, { text: '   ' }],
    [422, { text: null }],
    [422, { audience: 'all' }],
    [422, { audience: { roles: ['king'] } }],
    [422, { audience: { channels: 'web' } }],
    [422, { audience: { area: ['jgdq-weidong-xingfu'] } }],
    [422, { expiresAt: '2030-01-01T00:00:00Z' }],
    [422, { at: 'tomorrow' }],
    [422, { at: '2026-11-25T08:00:00' }],
    [422, { at: 1764000000 }],
    [422, { at: '2026-02-30T00:00:00Z' }],
    [422, { at: '2026-02-29T08:00:00+08:00' }],
    [422, { at: '2026-04-31T00:00:00Z' }],
    [422, { at: '2026-11-25T24:00:00Z' }],
    [422, { at: '0000-01-01T00:00:00Z' }],
    [422, { at: '0001-01-01T00:00:00+08:00' }],
    [422, { at: '9999-12-31T23:59:59-08:00' }],
    [422, { expires_at: '2026-02-30T00:00:00Z' }],
    [422, { emergency: 'yes' }],
    [409, { expires_at: '2020-01-01T00:00:00Z' }],
  ])('refuse with %i, and leave no row: %j', async (status, body) => {
    const before = await web.store.read.announcement.count()
    expect((await draft(body)).status).toBe(status)
    expect(await web.store.read.announcement.count()).toBe(before)
  })

  it('need a known member of staff for every action', async () => {
    const { id } = (await draft({})).json
    expect((await web.api('POST', `/api/v1/announcements/${id}/approve`, { by: 'nobody' })).status).toBe(403)
    expect((await web.api('POST', `/api/v1/announcements/${id}/approve`, {})).status).toBe(422)
    expect((await web.api('POST', '/api/v1/announcements/none/approve', { by: 'li' })).status).toBe(404)
  })
})
