import fs from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JPEG, makePng, withExif } from '../../../support/picture-files.ts'
import { type AdminFixture, FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient

beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
  await residentTurn(fixture, { subscribes: true })
})
afterEach(() => fixture.close())

const files = (): string[] => (fs.existsSync(fixture.picturesDirectory) ? fs.readdirSync(fixture.picturesDirectory) : [])
const shown = (page: string): string[] => [...page.matchAll(/src="(\/pictures\/[^"]+)"/g)].map((match) => match[1] ?? '')
const post = (fields: Record<string, string>, file?: Uint8Array, name = 'photo.jpg') => client.postFile('/admin/announcements', fields, file && { field: 'picture', name, bytes: file })

describe('a picture in the form of an announcement', () => {
  it('is kept without its place, shown to whoever approves, and served with its own type', async () => {
    const page = await post({ title: '停水', text: '明天停水' }, withExif(JPEG))
    expect(page.status).toBe(200)
    expect(page.text).toContain('草稿存好了')
    const [address = ''] = shown(page.text)
    expect(address).toMatch(/^\/pictures\/[0-9a-f]{64}\.jpg$/)
    expect(files()).toHaveLength(1)

    const served = await fetch(fixture.url + address)
    expect(served.headers.get('content-type')).toBe('image/jpeg')
    expect(served.headers.get('x-content-type-options')).toBe('nosniff')
    expect(served.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(Buffer.from(await served.arrayBuffer()).equals(Buffer.from(JPEG))).toBe(true)
    expect((await fetch(fixture.url + address, { headers: { 'If-None-Match': served.headers.get('etag') ?? '' } })).status).toBe(304)
    for (const wrong of [address.replace('.jpg', '.png'), '/pictures/..%2Flinli.db', '/pictures/linli.db', `/pictures/${'0'.repeat(64)}.jpg`]) expect((await fetch(fixture.url + wrong)).status, wrong).toBe(404)
  })

  it('is served to nobody who would run it: a name and a type that lie change nothing', async () => {
    const page = await post({ text: '明天停水' }, Buffer.from('<html><script>alert(1)</script></html>'), 'photo.jpg')
    expect(page.status).toBe(422)
    expect(page.text).toContain('选的不是图片。请选 JPG 或 PNG 格式的照片或截图。')
    expect(page.text).toContain('明天停水')
    expect(files()).toEqual([])
  })

  it.each([
    ['too large a photo', new Uint8Array(6 * 1024 * 1024).fill(7), '图片太大了，最多 5 MB'],
    ['a GIF', Buffer.from('GIF89a\x01\0\x01\0'), '这是 GIF 格式的图片，有的平台显示不了。请换成 JPG 或 PNG'],
    ['an iPhone’s HEIC', Buffer.from('\0\0\0\x18ftypheic'), '这是 HEIC 格式的图片'],
    ['half a photo', JPEG.subarray(0, 300), '这张图片坏了，打不开。请换一张。'],
    ['a strip of a screenshot', makePng(100, 4_000), '这张图片太大或太长了（100×4000）'],
    ['an empty file', new Uint8Array(0), '选的不是图片'],
  ])('%s is refused in a sentence, and what was written stays', async (_, file, sentence) => {
    const page = await post({ title: '停水', text: '明天停水' }, file)
    expect([page.status, page.text.includes(sentence)], page.text.slice(0, 300)).toEqual([422, true])
    expect(page.text).toContain('value="停水"')
    expect(files()).toEqual([])
    expect(await fixture.store.read.announcement.count()).toBe(0)
  })

  it('what is too large for any form is refused before it is read', async () => {
    const page = await post({ text: '明天停水' }, new Uint8Array(21 * 1024 * 1024))
    expect(page.status).toBe(413)
    expect(page.text).toContain('图片太大了')
  })

  it('stays chosen while the rest is put right, and can be given up', async () => {
    const wrong = await post({ text: '明天停水', sendAt: '2020-01-01T08:00' }, JPEG)
    expect(wrong.status).toBe(422)
    const kept = /name="keptPicture" value="([^"]+)"/.exec(wrong.text)?.[1] ?? ''
    expect(shown(wrong.text)).toEqual([`/pictures/${kept}`])
    const counted = await post({ text: '明天停水', keptPicture: kept, do: 'count' })
    expect(shown(counted.text)).toEqual([`/pictures/${kept}`])
    const saved = await post({ text: '明天停水', keptPicture: kept })
    expect(shown(saved.text)).toEqual([`/pictures/${kept}`])
    const without = await post({ text: '明天停水', keptPicture: kept, dropPicture: 'yes' })
    expect(shown(without.text)).toEqual([])
  })

  it('a name that is none of ours is refused, whoever sends it', async () => {
    for (const keptPicture of ['../linli.db', `${'0'.repeat(64)}.jpg`]) {
      const page = await post({ text: '明天停水', keptPicture })
      expect(page.status).toBe(422)
      expect(page.text).toContain('刚才选的图片已经不在了，请再选一次。')
    }
  })

  it('goes along when an announcement is written like another, and goes with a draft that is given up', async () => {
    const first = await post({ text: '明天停水' }, JPEG)
    const id = (await fixture.store.read.announcement.findFirstOrThrow()).id
    const again = await client.get(`/admin/announcements/new?from=${id}`)
    expect(shown(again.text)).toEqual(shown(first.text))
    const cancelled = await client.post(`/admin/announcements/${id}/cancel`, {})
    expect(cancelled.text).toContain('取消了')
    expect(files()).toEqual([])
    expect(shown((await client.get(`/admin/announcements/new?from=${id}`)).text)).toEqual([])
  })

  it('needs the token of the form as everything else does, and a session', async () => {
    const token = client.csrf
    client.csrf = 'wrong'
    expect((await post({ text: '明天停水' }, JPEG)).status).toBe(403)
    client.csrf = token
    const stranger = new FormClient(fixture.url)
    expect((await stranger.postFile('/admin/announcements', { text: '停水' }, { field: 'picture', name: 'a.jpg', bytes: JPEG })).text).toContain('密码')
    expect(files()).toEqual([])
    expect(await fixture.store.read.announcement.count()).toBe(0)
  })
})
