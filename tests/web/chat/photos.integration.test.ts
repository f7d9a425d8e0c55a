import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JPEG, makePng, withExif } from '../../support/picture-files.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'
import { openVisitor, type TestVisitor } from '../../support/visitor.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
})
afterAll(() => web.close())

/** What a browser posts of the page's form; `accept` as its script says, or a browser without scripts. */
async function post({ cookie }: Pick<TestVisitor, 'cookie'>, text: string, photos: Uint8Array[], accept = 'text/html,application/xhtml+xml', id = randomUUID() as string): Promise<Response> {
  const form = new FormData()
  form.append('id', id)
  form.append('text', text)
  // A field in which nothing was chosen comes all the same.
  if (photos.length === 0) form.append('photo', new File([], ''))
  photos.forEach((bytes, index) => form.append('photo', new File([Uint8Array.from(bytes)], `IMG_${index}.jpg`, { type: 'image/jpeg' })))
  return fetch(`${web.url}/chat/messages`, { method: 'POST', body: form, redirect: 'manual', headers: { Cookie: cookie, Accept: accept } })
}
const lastSaid = async (visitor: TestVisitor): Promise<string> => (await visitor.history()).at(-1)?.text ?? ''
const photosOf = async (visitor: TestVisitor): Promise<string[]> => Array.from((await visitor.page()).matchAll(/<img src="(\/chat\/photos\/[^"]+)"/g), (match) => match[1] ?? '')

describe('the form of the page', () => {
  it('takes photos without scripts, with words and without', async () => {
    const visitor = await openVisitor(web.url)
    const page = await visitor.page()
    expect(page).toMatch(/<form id="chat-form"[^>]*enctype="multipart\/form-data"/)
    expect(page).toMatch(/<input id="photo" name="photo" type="file" accept="image\/jpeg,image\/png" multiple/)
    const answer = await post(visitor, '', [withExif(JPEG)])
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/#latest'])
    expect(await lastSaid(visitor)).toContain('是什么事、在哪里')
    await post(visitor, '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', [makePng(8, 8)])
    expect(await lastSaid(visitor)).toContain('您同意吗')
    await post(visitor, '同意', [])
    expect(await lastSaid(visitor)).toContain('照片：2 张')
    await post(visitor, '确认', [])
    const request = await web.store.read.serviceRequest.findFirstOrThrow({ orderBy: { createdAt: 'desc' }, include: { photos: true } })
    expect(request.photos).toHaveLength(2)
  })

  it('shows whoever sent them their photos, and nobody else', async () => {
    const [visitor, other] = [await openVisitor(web.url), await openVisitor(web.url)]
    await post(visitor, '', [withExif(JPEG)])
    const [src = ''] = await photosOf(visitor)
    const own = await fetch(web.url + src, { headers: { Cookie: visitor.cookie } })
    expect([own.status, own.headers.get('content-type'), own.headers.get('x-content-type-options')]).toEqual([200, 'image/jpeg', 'nosniff'])
    expect(Buffer.from(await own.arrayBuffer()).includes('GPS')).toBe(false)
    expect((await fetch(web.url + src, { headers: { Cookie: other.cookie } })).status).toBe(404)
    expect((await fetch(web.url + src)).status).toBe(404)
    const [file = ''] = fs.readdirSync(path.join(web.assistant.directory, 'photos'))
    // Photos are no announcement's pictures, which whoever has the address may see.
    expect((await fetch(`${web.url}/pictures/${file}`)).status).toBe(404)
  })

  it('says what is wrong with what is no photo, and takes the words', async () => {
    const visitor = await openVisitor(web.url)
    await post(visitor, '3号楼2单元楼道灯坏了', [Buffer.from('<svg onload="alert(1)"/>')])
    expect(await lastSaid(visitor)).toMatch(/打不开，没有收[^]*您同意吗/)
  })
})

describe('the script of the page', () => {
  it('gets its lines as JSON, and the same message sent again is taken once', async () => {
    const visitor = await openVisitor(web.url)
    const id = randomUUID()
    for (const answer of [await post(visitor, '', [makePng(8, 8, { grey: 3 })], 'application/json', id), await post(visitor, '', [makePng(8, 8, { grey: 3 })], 'application/json', id)]) {
      expect(answer.status).toBe(200)
      expect(((await answer.json()) as { lines: { text: string }[] }).lines.map(({ text }) => text)).toEqual([expect.stringContaining('是什么事、在哪里')])
    }
    expect(await photosOf(visitor)).toHaveLength(1)
  })

  it('is refused from elsewhere, and when it is too large', async () => {
    const visitor = await openVisitor(web.url)
    const form = new FormData()
    form.append('id', 'x')
    form.append('text', '你好')
    expect((await fetch(`${web.url}/chat/messages`, { method: 'POST', body: form, headers: { Cookie: visitor.cookie, 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403)
    const large = await post(visitor, '', Array.from({ length: 7 }, () => new Uint8Array(5 * 1024 * 1024)), 'application/json').catch(() => null)
    expect(large?.status ?? 413).toBe(413)
    expect((await post(visitor, '你好', [], 'application/json')).status).toBe(200)
  })

  it('one address that sends hundreds of photos has to wait; its words are still answered', async () => {
    const visitor = await openVisitor(web.url)
    const statuses: number[] = []
    for (let index = 0; index < 20; index += 1) statuses.push((await post(visitor, '', Array.from({ length: 4 }, () => JPEG), 'application/json')).status)
    expect(statuses).toContain(429)
    expect((await visitor.say('你好')).status).toBe(200)
  })
})
