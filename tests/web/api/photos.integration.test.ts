import fs from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { JPEG, makePng, pngChunk, withExif, withSegment } from '../../support/picture-files.ts'
import { API_TOKEN, openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
})
afterAll(() => web.close())
let count = 0
/** Somebody of this test's own. */
const somebody = () => `r${(count += 1)}`

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const photo = (bytes: Uint8Array = JPEG, mime = 'image/jpeg') => ({ type: 'photo', mime, data: base64(bytes) })
/** One that is like no other. */
const another = (grey: number) => photo(makePng(8, 8, { grey }), 'image/png')

interface Answer {
  status: number
  text: string
  intent: string
}
async function say(who: string, text: string, attachments?: object[]): Promise<Answer> {
  const { status, json } = await web.api('POST', '/api/v1/messages', { conversation: who, sender: { id: who }, text, ...(attachments && { attachments }) })
  return { status, intent: String(json.intent), text: status === 200 ? (json.replies as unknown as { text: string }[]).map((reply) => reply.text).join('\n') : JSON.stringify(json) }
}

interface RequestJson {
  id: string
  number: string
  status: string
  description: string
  photos: { id: string; url: string }[]
  history: { kind: string; note: string; by: string }[]
}
/** This person's requests, newest first. */
async function requestsOf(who: string): Promise<RequestJson[]> {
  const rows = await web.store.read.serviceRequest.findMany({ where: { requester: { identities: { some: { externalId: who } } } }, orderBy: { createdAt: 'desc' } })
  return Promise.all(rows.map(async ({ id }) => (await web.api('GET', `/api/v1/requests/${id}`)).json as unknown as RequestJson))
}
async function report(who: string, attachments?: object[]): Promise<RequestJson> {
  for (const text of ['3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', '同意']) await say(who, text, text === '同意' ? undefined : attachments)
  await say(who, '确认')
  const [request] = await requestsOf(who)
  if (request === undefined) throw new Error(`nothing was filed for ${who}`)
  return request
}
const load = (url: string, token = API_TOKEN) => fetch(web.url + url, { headers: { Authorization: `Bearer ${token}` } })
const files = (): string[] => (fs.existsSync(path.join(web.assistant.directory, 'photos')) ? fs.readdirSync(path.join(web.assistant.directory, 'photos')) : [])
const clear = async () => {
  web.clock.now = new Date(web.clock.now.getTime() + 2 * 60 * 60_000)
}
afterEach(clear)

describe('a photo with the words of a report', () => {
  it('goes with the request that is filed, without the place and the camera', async () => {
    const taken = withSegment(withExif(JPEG, { orientation: 6 }), 0xe2, Buffer.from('ICC_PROFILE\0\u0001\u0001 Phone 15 Pro'))
    expect(Buffer.from(taken).includes('GPS 50.4241N')).toBe(true)
    const request = await report(somebody(), [photo(taken)])
    expect(request.photos).toEqual([{ id: expect.any(String) as unknown, url: `/api/v1/requests/${request.id}/photos/${request.photos[0]?.id ?? ''}` }])
    const served = await load(request.photos[0]?.url ?? '')
    expect(served.headers.get('content-type')).toBe('image/jpeg')
    expect(served.headers.get('x-content-type-options')).toBe('nosniff')
    expect(served.headers.get('cache-control')).toMatch(/^private/)
    const bytes = Buffer.from(await served.arrayBuffer())
    for (const word of ['GPS', '50.4241N', 'Ph1', 'Phone 15', 'ICC_PROFILE']) expect(bytes.includes(word), word).toBe(false)
    const [name = ''] = files()
    expect(fs.readFileSync(path.join(web.assistant.directory, 'photos', name)).equals(bytes)).toBe(true)
    // Which way up it is stays.
    expect(bytes.includes(Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6]))).toBe(true)
  })

  it('is counted in the summary, and nobody sees it without the token', async () => {
    const who = somebody()
    await say(who, '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', [another(1)])
    expect((await say(who, '同意')).text).toContain('照片：1 张')
    await say(who, '确认')
    const [request] = await requestsOf(who)
    const url = request?.photos[0]?.url ?? ''
    expect((await load(url, 'not-the-token-at-all')).status).toBe(401)
    expect((await load(url.replace(/[^/]+$/, 'nothing'))).status).toBe(404)
  })

  it('of a PNG loses its texts and its profile', async () => {
    const png = makePng(8, 8, { extra: [pngChunk('tEXt', Buffer.from('Comment\0at home')), pngChunk('iCCP', Buffer.from('Camera profile')), pngChunk('eXIf', Buffer.from('GPS'))] })
    const request = await report(somebody(), [photo(png, 'image/jpeg')])
    const served = await load(request.photos[0]?.url ?? '')
    expect(served.headers.get('content-type')).toBe('image/png')
    const bytes = Buffer.from(await served.arrayBuffer())
    for (const word of ['at home', 'Camera profile', 'GPS', 'iCCP']) expect(bytes.includes(word), word).toBe(false)
  })
})

describe('a photo without words', () => {
  it('before any word asks what is wrong, and goes with the request that follows', async () => {
    const who = somebody()
    expect((await say(who, '', [another(10)])).text).toContain('是什么事、在哪里')
    expect((await say(who, '', [another(11)])).text).toContain('一共 2 张')
    const request = await report(who)
    expect(request.photos).toHaveLength(2)
  })

  it('is not kept for what is said an hour later', async () => {
    const who = somebody()
    await say(who, '', [another(12)])
    await clear()
    expect((await report(who)).photos).toEqual([])
  })

  it('to an open form goes with it, is no wrong answer, and is asked no more', async () => {
    const who = somebody()
    await say(who, '3号楼2单元楼道灯坏了')
    await say(who, '同意')
    const answer = await say(who, '', [another(13)])
    expect(answer).toMatchObject({ intent: 'service_request' })
    expect(answer.text).toMatch(/^照片收到了，会一起报上去。\n/)
    await say(who, '刘桂兰，13800138001')
    await say(who, '确认')
    expect((await requestsOf(who))[0]?.photos).toHaveLength(1)
  })

  it('after filing joins the open request, in its history', async () => {
    const who = somebody()
    const { number } = await report(who)
    const answer = await say(who, '', [another(14), another(15)])
    expect(answer.text).toContain(number)
    const [request, ...others] = await requestsOf(who)
    expect(others).toEqual([])
    expect(request?.photos).toHaveLength(2)
    expect(request?.history.at(-1)).toMatchObject({ kind: 'photo', by: '居民', note: '发来照片 2 张' })
  })

  it('answers what staff asked for', async () => {
    const who = somebody()
    const { id } = await report(who)
    await web.api('PATCH', `/api/v1/requests/${id}`, { status: 'waiting_resident', note: '请发一张照片' })
    await say(who, '', [another(16)])
    expect((await requestsOf(who))[0]).toMatchObject({ status: 'in_progress' })
  })

  it('with several open requests asks which, by what each is about, and goes there', async () => {
    const who = somebody()
    const lamp = await report(who)
    await clear()
    for (const text of ['5号楼1单元下水道堵了', '确认']) await say(who, text)
    await clear()
    const asked = await web.api('POST', '/api/v1/messages', { conversation: who, sender: { id: who }, text: '', attachments: [another(17)] })
    const { buttons } = (asked.json.replies as unknown as { buttons: { label: string; text: string }[] }[])[0] ?? { buttons: [] }
    expect(buttons.map(({ label }) => label).join()).toMatch(/下水道[^]*灯坏了[^]*是别的事/)
    await say(who, buttons.find(({ label }) => label.includes('灯坏了'))?.text ?? '')
    const after = await requestsOf(who)
    expect(after.map(({ number, photos }) => [number, photos.length])).toContainEqual([lamp.number, 1])
    expect(after.flatMap(({ photos }) => photos)).toHaveLength(1)
  })
})

describe('too many, too large, none at all', () => {
  it('five: one sentence, and four are kept', async () => {
    const who = somebody()
    const answer = await say(who, '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', [20, 21, 22, 23, 24].map(another))
    expect(answer.status).toBe(200)
    expect(answer.text.match(/最多收 4 张/g)).toHaveLength(1)
    await say(who, '同意')
    await say(who, '确认')
    expect((await requestsOf(who))[0]?.photos).toHaveLength(4)
  })

  it('a fifth after filing is told so, and leaves the four alone', async () => {
    const who = somebody()
    await report(who, [30, 31, 32, 33].map(another))
    expect((await say(who, '', [another(34)])).text).toContain('最多收 4 张')
    expect((await requestsOf(who))[0]?.photos).toHaveLength(4)
  })

  it('one that is no photo, or of more than 5 MB: one sentence, and the others are kept', async () => {
    const who = somebody()
    const large = photo(makePng(2_400, 2_400, { noise: true }), 'image/png')
    const answer = await say(who, '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', [photo(Buffer.from('<html>not a photo</html>')), large, another(40)])
    expect(answer.text).toMatch(/打不开[^]*太大|太大[^]*打不开/)
    await say(who, '同意')
    await say(who, '确认')
    expect((await requestsOf(who))[0]?.photos).toHaveLength(1)
    expect((await say(somebody(), '', [photo(Buffer.from('nothing'))])).text).toMatch(/打不开，没有收/)
  })

  it('only photos may make a message larger than other bodies', async () => {
    const { status } = await web.api('PATCH', '/api/v1/requests/nothing', { note: 'x'.repeat(9_000_000) })
    expect(status).toBe(413)
    const large = photo(makePng(1_800, 2_600, { noise: true }), 'image/png')
    expect(large.data.length * 4).toBeGreaterThan(20_000_000)
    expect((await say(somebody(), '3号楼2单元楼道灯坏了', [large, large, large, large])).status).toBe(200)
  })

  it('a small file that would unpack into gigabytes is refused', async () => {
    const bomb = Buffer.from(makePng(4, 4))
    bomb.writeUInt32BE(60_000, 16)
    const header = pngChunk('IHDR', bomb.subarray(16, 29))
    const png = Buffer.concat([bomb.subarray(0, 8), header, bomb.subarray(33)])
    expect((await say(somebody(), '', [photo(png, 'image/png')])).text).toContain('没有收')
  })

  it.each([
    ['another kind', [{ type: 'video', mime: 'image/jpeg', data: '' }]],
    ['another format', [{ type: 'photo', mime: 'image/gif', data: 'AAAA' }]],
    ['no base64', [{ type: 'photo', mime: 'image/jpeg', data: 'ÿ not base64' }]],
    ['no list', { type: 'photo' }],
  ])('%s is 422 and says where', async (_, attachments) => {
    const { status, json } = await web.api('POST', '/api/v1/messages', { conversation: 'x', sender: { id: 'x' }, text: '你好', attachments })
    expect(status).toBe(422)
    expect(String(json.detail)).toContain('attachments')
  })
})

describe('the same photo', () => {
  it('twice is one file, and once in a request', async () => {
    const [one, other] = [somebody(), somebody()]
    const before = files().length
    await report(one, [another(50), another(50)])
    expect((await requestsOf(one))[0]?.photos).toHaveLength(1)
    await report(other, [another(50)])
    expect((await requestsOf(other))[0]?.photos).toHaveLength(1)
    expect(files()).toHaveLength(before + 1)
  })

  it('goes when the last who sent it has deleted everything, and not before', async () => {
    const [one, other] = [somebody(), somebody()]
    const before = new Set(files())
    await report(one, [another(60)])
    await report(other, [another(60)])
    const [name = ''] = files().filter((file) => !before.has(file))
    for (const text of ['删除我的数据', '确认删除']) await say(one, text)
    expect(files()).toContain(name)
    for (const text of ['删除我的数据', '确认删除']) await say(other, text)
    expect(files()).not.toContain(name)
    expect(await web.store.read.photo.count({ where: { name } })).toBe(0)
  })
})

describe('one’s own data', () => {
  it('tells of the photos, and calling the form off or refusing leaves none', async () => {
    const who = somebody()
    await report(who, [another(70), another(71)])
    expect((await say(who, '我的数据')).text).toContain('照片 2 张')
    const stranger = somebody()
    const before = files().length
    await say(stranger, '3号楼2单元楼道灯坏了', [another(72)])
    expect(files()).toHaveLength(before + 1)
    await say(stranger, '不同意')
    expect(files()).toHaveLength(before)
    await say(stranger, '', [another(73)])
    await say(stranger, '撤回同意')
    await say(stranger, '3号楼2单元楼道灯坏了', [another(74)])
    await say(stranger, '取消')
    expect(files().length).toBeLessThanOrEqual(before + 1)
  })
})

it('a photo beside a cry for help goes with it', async () => {
  const who = somebody()
  const answer = await say(who, '我家厨房着火了，3号楼', [another(80)])
  expect(answer.text).toContain('119')
  const [request] = await requestsOf(who)
  expect(request?.photos).toHaveLength(1)
  await say(who, '', [another(81)])
  expect((await requestsOf(who))[0]?.photos).toHaveLength(2)
})
