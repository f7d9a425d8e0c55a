import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setStaffDisabled } from '../../../src/store/staff/staff.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
  for (const user of ['wang', 'li', 'gone', '居民']) await web.addStaff(user)
  await setStaffDisabled(web.store, { user: 'gone', isDisabled: true, by: 'li', now: web.clock.now })
})
afterAll(() => web.close())

type Line = { kind: string; status: string; note: string; by: string; at: string }
interface Request {
  id: string
  number: string
  updated_at: string
  history: Line[]
  [field: string]: unknown
}

const send = async (method: string, path: string, body?: unknown) => {
  const { status, json } = await web.api(method, `/api/v1${path}`, body)
  return { status, json: json as unknown as Request & { detail: string; request: Request; changed: Line[]; code: string } }
}
const file = async (values: Record<string, unknown> = {}) => (await send('POST', '/requests', { by: 'li', channel: 'phone', description: '3号楼2单元楼道灯坏了', ...values })).json
const patch = (id: string, body: Record<string, unknown>) => send('PATCH', `/requests/${id}`, body)
const list = async (query: string) => (await web.api('GET', `/api/v1/requests?${query}`)).json.requests as unknown as Request[]
const say = (who: string, text: string) => web.api('POST', '/api/v1/messages', { conversation: who, sender: { id: who }, text })
const pushed = async (who: string) => ((await web.api('GET', `/api/v1/messages?conversation=${who}`)).json.messages as unknown as { text: string }[]).map(({ text }) => text)

describe('a request that staff file', () => {
  it('is 201, with all that a request has, and a code for the resident’s chat', async () => {
    const { status, json } = await send('POST', '/requests', { by: 'li', channel: 'visit', name: '孙大爷', phone: '137 0013 7001', description: '楼道灯不亮', address: '三号楼', category: '公共照明' })
    expect(status).toBe(201)
    expect(json).toMatchObject({ channel: 'visit', category: '公共照明', service_code: 'street_light', status: 'submitted', address: '三号楼', assignee: null, followers: 0, merged_into: null, level: 'community', waiting_since: null, photos: [], requester: { name: '孙大爷', phone: '13700137001' }, history: [{ kind: 'status', status: 'submitted', note: '', by: 'li' }] })
    expect((await send('GET', `/requests/${json.id}`)).json).not.toHaveProperty('code')
  })

  it.each([
    [{ by: 'nobody' }, 422, /^by: there is no staff user “nobody”/],
    [{ by: 'gone' }, 403, /^by: gone \(gone\) is disabled/],
    [{ channel: 'http' }, 422, /channel/],
    [{ phone: '12345' }, 422, /^phone: .*少了几位/],
    [{ category: '修飞机' }, 422, /^category: there is no service “修飞机”/],
    [{ description: '' }, 422, /description/],
    [{ description: ' \n ' }, 422, /^description: there are no words/],
    [{ description: '长'.repeat(10_000) }, 422, /description: must have 1 to 500 characters/],
  ])('with %j is refused in one sentence', async (wrong, status, detail) => {
    const before = await web.store.read.serviceRequest.count()
    const answer = await send('POST', '/requests', { by: 'li', channel: 'phone', description: '灯坏了', ...wrong })
    expect(answer).toMatchObject({ status, json: { detail: expect.stringMatching(detail) as string } })
    expect(await web.store.read.serviceRequest.count()).toBe(before)
  })

  it('becomes the resident’s by the code, alone or after 绑定, once and only in private', async () => {
    const { id, number, code } = await file()
    expect((await web.api('POST', '/api/v1/messages', { conversation: 'g1', sender: { id: 'sun' }, group: { id: 'g1' }, mentioned: true, text: `绑定 ${code}` })).text).not.toContain(number)
    expect((await say('sun', code.toLowerCase())).text).toContain(`（${number}），现在是“已提交”`)
    expect((await send('GET', `/requests/${id}`)).json.history.at(-1)).toMatchObject({ kind: 'resident', by: '居民', note: '接上了聊天' })
    await patch(id, { status: 'accepted', note: '明天来' })
    expect(await pushed('sun')).toEqual([expect.stringContaining('明天来')])
    expect((await say('thief', `绑定 ${code}`)).text).toContain('绑定码不对')
    expect((await say('sun', '查进度')).text).toContain(number)
  })
})

describe('PATCH', () => {
  it('does what is said in the name of a member of staff, and the resident is told once', async () => {
    const { id, code } = await file()
    await say('p1', code)
    const { status, json } = await patch(id, { by: 'li', status: 'in_progress', note: '师傅在路上', internal_note: '这家急，@wang 盯一下', assignee: 'wang', category: '水管漏水', address: '5号楼', phone: '13900139001', due_at: '2026-12-01T17:30:00+08:00' })
    expect(status).toBe(200)
    expect(json).toMatchObject({ status: 'in_progress', assignee: 'wang', category: '水管漏水', service_code: 'water_leak', address: '5号楼', requester: { phone: '13900139001' }, due_at: '2026-12-01T09:30:00.000Z' })
    expect(json.history.slice(2).map(({ kind, by }) => [kind, by])).toEqual([['correction', 'li'], ['assignment', 'li'], ['internal', 'li'], ['status', 'li']])
    expect(json.history[2]?.note).toContain('地址：没有 -> 5号楼')
    expect(await pushed('p1')).toEqual([expect.stringMatching(/处理中。\n工作人员说：师傅在路上$/)])
    expect((await pushed('p1')).join()).not.toContain('盯一下')
  })

  it('without a status tells the note, and the actor is api where none is named', async () => {
    const { id } = await file()
    const { json } = await patch(id, { note: '在等零件' })
    expect(json.history.at(-1)).toMatchObject({ kind: 'staff_note', status: 'submitted', note: '在等零件', by: 'api' })
    expect((await patch(id, { note: '在等零件' })).json).toEqual(json)
  })

  it('takes a resident’s words for theirs and not those of a member of staff whose log-in is 居民', async () => {
    const { id, code } = await file()
    await say('p2', code)
    await patch(id, { by: '居民', status: 'waiting_resident', note: '厨房还是卫生间？' })
    const { json } = await send('GET', `/requests/${id}`)
    expect(json.waiting_since).toBe(json.updated_at)
    expect((await say('p2', '查进度')).text).toContain('工作人员说：厨房还是卫生间？')
  })

  it('gives back and takes away whose it is', async () => {
    const { id } = await file()
    await patch(id, { by: 'li', assignee: 'li' })
    expect((await patch(id, { by: 'wang', assignee: 'wang' })).json.assignee).toBe('wang')
    expect((await patch(id, { by: 'wang', assignee: null })).json.history.at(-1)).toMatchObject({ kind: 'assignment', note: '负责人：wang -> 没人负责', by: 'wang' })
  })

  it('with a stale if_updated_at is 409 with the present request and what changed, and nothing is written', async () => {
    const { id, updated_at: seen } = await file()
    const now = (await patch(id, { by: 'wang', status: 'accepted', note: '我来', if_updated_at: seen })).json
    const { status, json } = await patch(id, { by: 'li', status: 'resolved', note: '修好了', if_updated_at: seen })
    expect(status).toBe(409)
    expect(json.request).toEqual(now)
    expect(json.changed).toMatchObject([{ by: 'wang', status: 'accepted', note: '我来' }])
    expect((await patch(id, { by: 'li', status: 'resolved', note: '修好了', if_updated_at: now.updated_at })).status).toBe(200)
  })

  it.each([
    [{}, 422, /say what is to be done/],
    [{ by: 'li' }, 422, /say what is to be done/],
    [{ by: 'nobody', status: 'accepted' }, 422, /^by: there is no staff user “nobody”/],
    [{ by: 'gone', status: 'accepted' }, 403, /^by: gone \(gone\) is disabled/],
    [{ assignee: 'nobody' }, 422, /^assignee: there is no staff user “nobody”/],
    [{ assignee: 'gone' }, 422, /^assignee: gone \(gone\) is disabled/],
    [{ note: '长'.repeat(10_000) }, 422, /note: must have 0 to 2000 characters/],
    [{ internal_note: '长'.repeat(10_000) }, 422, /internal_note: must have 0 to 2000 characters/],
    [{ internal_note: ' ' }, 422, /^internal_note: there are no words/],
    [{ phone: '没有' }, 422, /^phone: this is no telephone/],
    [{ category: '修飞机' }, 422, /^category: /],
    [{ due_at: 'morgen' }, 422, /due_at/],
    [{ status: 'closed' }, 409, /submitted/],
    [{ merge_into: 'SR-20200101-0001' }, 422, /^merge_into: /],
    [{ address: '5号楼', status: 'closed' }, 409, /submitted/],
  ])('with %j is refused in one sentence, and nothing is changed', async (body, status, detail) => {
    const { id, updated_at: before } = await file()
    expect(await patch(id, body)).toMatchObject({ status, json: { detail: expect.stringMatching(detail) as string } })
    expect((await send('GET', `/requests/${id}`)).json.updated_at).toBe(before)
  })
})

describe('the list', () => {
  it('is filtered by status, assignee, area, category, words and time', async () => {
    const [a, b, c] = [await file({ description: '三號樓水管漏水', category: '水管漏水' }), await file({ description: '电量只剩 5%，灯不亮' }), await file({ description: '五号楼灯闪' })]
    await patch(a.id, { assignee: 'wang', status: 'in_progress', due_at: '2026-11-23T00:00:00Z' })
    const numbers = async (query: string) => (await list(`limit=200&${query}`)).map(({ number }) => number)
    expect(await numbers('status=in_progress&assignee=wang&category=水管漏水')).toContain(a.number)
    expect(await numbers('overdue=true')).toEqual([a.number])
    expect(await numbers('q=3号楼水管')).toEqual([a.number])
    expect(await numbers('q=%255%25')).toEqual([])
    expect(await numbers(`q=${encodeURIComponent('5%')}`)).toEqual([b.number])
    const nobodys = await numbers('assignee=none')
    expect(nobodys).toContain(c.number)
    expect(nobodys).not.toContain(a.number)
    expect(await numbers('area=nowhere')).toEqual([])
    expect(await numbers('status=&assignee=&area=&category=&q=')).toEqual(await numbers(''))
  })

  it.each([
    ['status=done', /status/],
    ['assignee=nobody', /^assignee: there is no staff user “nobody”/],
    ['overdue=yes', /overdue/],
    ['limit=0', /limit/],
    ['cursor=none', /^cursor: /],
  ])('with %s is 422 in one sentence', async (query, detail) => {
    expect(await send('GET', `/requests?${query}`)).toMatchObject({ status: 422, json: { detail: expect.stringMatching(detail) as string } })
  })

  it('refuses the cursor of another list', async () => {
    const { id } = await file()
    expect((await web.api('GET', `/api/v1/volunteers?cursor=${id}`)).status).toBe(422)
  })
})

it('the document of the API names what is taken and given', async () => {
  const document = (await web.api('GET', '/api/v1/openapi.json')).json as unknown as { paths: Record<string, Record<string, { parameters?: { name: string }[]; responses: Record<string, unknown> }>>; components: { schemas: Record<string, { properties: object }> } }
  expect(document.paths['/requests']?.['get']?.parameters?.map(({ name }) => name).sort()).toEqual(['area', 'assignee', 'category', 'cursor', 'limit', 'overdue', 'q', 'status'])
  expect(Object.keys(document.components.schemas['RequestChange']?.properties ?? {})).toEqual(['by', 'status', 'note', 'internal_note', 'assignee', 'category', 'address', 'phone', 'due_at', 'merge_into', 'if_updated_at'])
  expect(Object.keys(document.paths['/requests/{id}']?.['patch']?.responses ?? {})).toEqual(expect.arrayContaining(['200', '403', '404', '409', '422']))
  expect(Object.keys(document.components.schemas['ServiceRequest']?.properties ?? {})).toEqual(expect.arrayContaining(['assignee', 'channel', 'photos', 'merged_into', 'followers', 'wanted_time', 'level', 'waiting_since']))
})
