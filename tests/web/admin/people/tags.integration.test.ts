import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addStaff } from '../../../../src/store/staff/staff.ts'
import { type AdminFixture, FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient

/** Three residents: one who reported something, a volunteer, and one of whom only the nickname is known; and a bound group. */
beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
  await residentTurn(fixture, { sender: 'liu', nickname: '桂兰', subscribes: true, request: {} })
  await residentTurn(fixture, { sender: 'zhang', nickname: '老张', subscribes: true, volunteer: { areaCode: 'jgdq-weidong', status: 'active' } })
  await residentTurn(fixture, { sender: 'hu', nickname: '胡大爷' })
  await fixture.store.write((transaction) =>
    transaction.conversation.createMany({ data: [{ id: 'room', channel: 'wechat', account: 'a', externalId: 'r', kind: 'group', title: '三期业主群', boundAt: fixture.clock.now, createdAt: fixture.clock.now }] }),
  )
})
afterEach(() => fixture.close())

const idOf = async (nickname: string) => (await fixture.store.read.person.findFirstOrThrow({ where: { nickname } })).id
const tagsOf = async (nickname: string) => (await fixture.store.read.personTag.findMany({ where: { person: { nickname } } })).map((row) => row.tag).sort()
const post = async (form: Record<string, string | string[]>) => client.post('/admin/residents/tags', form)
const listed = async (query: string) => {
  const { text } = await client.get(`/admin/residents?${query}`)
  return ['刘桂兰', '张建国', '胡大爷'].filter((name) => text.includes(`<b class="typed">${name}</b>`))
}

describe('The residents’ page', () => {
  it.each([
    ['', ['刘桂兰', '张建国', '胡大爷']],
    ['q=桂兰', ['刘桂兰']],
    ['q=13800138001', ['刘桂兰']],
    ['q=139-0013-9002', ['张建国']],
    ['q=胡大', ['胡大爷']],
    ['q=sr-2026', ['刘桂兰']],
    ['q=VL-2026 建国', ['张建国']],
    ['q=没有这个人', []],
    ["q=' OR 1=1 --", []],
    ['area=jgdq-dongshan', ['刘桂兰']],
    ['area=jgdq', ['刘桂兰', '张建国']],
    ['tag=-', ['刘桂兰', '张建国', '胡大爷']],
    ['tag=独居老人', []],
    ['page=99', ['刘桂兰', '张建国', '胡大爷']],
  ])('finds by name, telephone, number and area: %s', async (query, names) => {
    expect(await listed(query)).toEqual(names)
  })

  it('gives several people several tags at once, takes them away again, and says so in the log', async () => {
    const answer = await post({ person: [await idOf('桂兰'), await idOf('胡大爷')], tags: '独居老人，三期 业主', do: 'add', q: '', area: 'jgdq' })
    expect(answer.text).toContain('标签改好了')
    expect(answer.text).toContain('value="jgdq" selected')
    expect(await tagsOf('桂兰')).toEqual(['三期', '业主', '独居老人'])
    expect(await tagsOf('老张')).toEqual([])
    expect(await listed('tag=独居老人')).toEqual(['刘桂兰', '胡大爷'])
    expect(await listed('tag=-')).toEqual(['张建国'])
    await post({ person: [await idOf('桂兰')], tags: '三期，业主', do: 'remove' })
    expect(await tagsOf('桂兰')).toEqual(['独居老人'])
    expect(await tagsOf('胡大爷')).toEqual(['三期', '业主', '独居老人'])
    await post({ drop: `${await idOf('胡大爷')} 独居老人` })
    expect(await tagsOf('胡大爷')).toEqual(['三期', '业主'])
    const log = (await client.get('/admin/audit')).text
    expect(log).toContain('给居民加标签')
    expect(log).toContain('加给 2 人')
    expect(log).not.toContain(await idOf('桂兰'))
  })

  it('gives a tag to all who were found, unless they have become others', async () => {
    expect((await post({ all: '3', area: 'jgdq', tags: '一区', do: 'add' })).status).toBe(409)
    expect(await fixture.store.read.personTag.count()).toBe(0)
    await post({ all: '2', area: 'jgdq', tags: '一区', do: 'add' })
    expect([await tagsOf('桂兰'), await tagsOf('老张'), await tagsOf('胡大爷')]).toEqual([['一区'], ['一区'], []])
  })

  it('says what is missing, and keeps what was chosen and typed', async () => {
    const person = await idOf('桂兰')
    expect((await post({ tags: '独居老人', do: 'add' })).text).toContain('没有选中人')
    expect((await post({ person, tags: ' ，😀', do: 'add' })).text).toContain('还没有写标签')
    const long = await post({ person, tags: '老'.repeat(21), do: 'add' })
    expect(long.status).toBe(422)
    expect(long.text).toContain('太长了，一个标签最多 20 个字')
    expect(long.text).toContain(`value="${person}" checked`)
    expect(long.text).toContain(`value="${'老'.repeat(21)}"`)
    const full = await post({ person, tags: Array.from({ length: 20 }, (_, index) => `标签${index}`).join('，'), do: 'add' })
    expect(full.text).toContain('标签改好了')
    expect((await post({ person, tags: '再一个', do: 'add' })).text).toContain('每个人最多 20 个标签')
  })

  it('takes hostile tags as plain words', async () => {
    const person = await idOf('桂兰')
    await post({ person, tags: '<script>alert(1)</script>，"><img src=x onerror=alert(1)>，=1+1，独\u202e居\u200b老人，@所有人', do: 'add' })
    const { text } = await client.get('/admin/residents')
    expect(text).not.toMatch(/<script>|<img|onerror=|\u202e|\u200b/)
    for (const tag of await tagsOf('桂兰')) expect(tag).toMatch(/^[\p{L}\p{N}·\-/()]+$/u)
    expect(await tagsOf('桂兰')).toContain('独居老人')
    for (const drop of ['', ' ', 'nobody 独居老人', "' OR 1=1 独居老人", '\u0000 \u0000', `${person} ${'老'.repeat(3_000)}`]) expect((await post({ drop })).status).toBeLessThan(500)
    expect(await tagsOf('桂兰')).toContain('独居老人')
  })

  it('needs the token of its own form', async () => {
    const person = await idOf('桂兰')
    for (const csrf of [null, 'x'.repeat(32)]) expect((await client.post('/admin/residents/tags', { person, tags: '独居老人', do: 'add' }, { csrf })).status).toBe(403)
    expect(await fixture.store.read.personTag.count()).toBe(0)
  })

  it('lists nobody who had everything deleted', async () => {
    await post({ person: await idOf('胡大爷'), tags: '独居老人', do: 'add' })
    await fixture.store.write((transaction) => transaction.person.updateMany({ where: { nickname: '胡大爷' }, data: { erasedAt: fixture.clock.now } }))
    expect(await listed('')).toEqual(['刘桂兰', '张建国'])
  })
})

describe('The page of all tags', () => {
  beforeEach(async () => {
    await post({ person: [await idOf('桂兰'), await idOf('老张')], tags: '独居老人', do: 'add' })
    await client.post('/admin/channels/rooms/room/tags', { tags: '三期业主、通知' })
  })
  const asStaff = async () => {
    const { now } = fixture.clock
    const added = await addStaff(fixture.store, { user: 'li', role: 'staff', now })
    await fixture.store.write((transaction) => transaction.staffMember.updateMany({ where: { user: 'li' }, data: { mustChangePassword: false } }))
    const staff = new FormClient(fixture.url)
    await staff.logIn('li', added.outcome === 'added' ? added.oneTimePassword : '')
    return staff
  }

  it('renames a tag for everybody, and removes one once that was confirmed', async () => {
    expect((await client.get('/admin/tags')).text).toContain('2 人')
    await client.post('/admin/tags/rename', { tag: '独居老人', to: ' 独居长者 ' })
    expect([await tagsOf('桂兰'), await tagsOf('老张')]).toEqual([['独居长者'], ['独居长者']])
    expect((await client.post('/admin/tags/rename', { tag: '独居长者', to: '两个 词' })).status).toBe(422)
    expect((await client.post('/admin/tags/rename', { tag: '没有', to: '词' })).status).toBe(409)
    expect((await client.post('/admin/tags/remove', { tag: '独居长者' })).status).toBe(422)
    expect(await tagsOf('桂兰')).toEqual(['独居长者'])
    await client.post('/admin/tags/remove', { tag: '独居长者', confirmed: 'yes' })
    expect(await tagsOf('桂兰')).toEqual([])
    const log = (await client.get('/admin/audit')).text
    expect(log).toContain('标签改名')
    expect(log).toContain('去掉一个标签')
  })

  it('lets staff see and tag, but only administrators rename and remove for everybody', async () => {
    const staff = await asStaff()
    expect((await staff.get('/admin/tags')).text).not.toContain('/admin/tags/remove')
    expect((await staff.get('/admin/residents')).status).toBe(200)
    expect((await staff.post('/admin/tags/rename', { tag: '独居老人', to: '别的' })).status).toBe(403)
    expect((await staff.post('/admin/tags/remove', { tag: '独居老人', confirmed: 'yes' })).status).toBe(403)
    await staff.post('/admin/residents/tags', { person: await idOf('胡大爷'), tags: '独居老人', do: 'add' })
    expect([await tagsOf('桂兰'), await tagsOf('胡大爷')]).toEqual([['独居老人'], ['独居老人']])
  })
})

describe('A group’s tags', () => {
  const roomTags = async () => (await fixture.store.read.roomTag.findMany()).map((row) => row.tag).sort()

  it('are what stands in its field, while it is bound', async () => {
    expect((await client.post('/admin/channels/rooms/room/tags', { tags: '三期业主、通知' })).text).toContain('群的标签改好了')
    expect((await client.get('/admin/channels')).text).toMatch(/value="(?:三期业主，通知|通知，三期业主)"/)
    await client.post('/admin/channels/rooms/room/tags', { tags: '三期业主' })
    expect(await roomTags()).toEqual(['三期业主'])
    expect((await client.post('/admin/channels/rooms/room/tags', { tags: '老'.repeat(21) })).status).toBe(422)
    await client.post('/admin/channels/rooms/room/unbind', {})
    expect((await client.post('/admin/channels/rooms/room/tags', { tags: '别的' })).status).toBe(404)
    expect(await roomTags()).toEqual(['三期业主'])
  })
})

describe('Writing an announcement for a tag', () => {
  beforeEach(async () => {
    await post({ person: [await idOf('桂兰'), await idOf('胡大爷')], tags: '独居老人', do: 'add' })
    await client.post('/admin/channels/rooms/room/tags', { tags: '三期业主' })
  })

  it('shows whom it would reach, keeps it in the draft, and freezes the same', async () => {
    expect((await client.get('/admin/announcements/new')).text).toContain('只发给有标签的人和群')
    const shown = await client.post('/admin/announcements/audience', { tag: '独居老人' })
    expect(shown.text).toContain('现在会发给 1 个人或群，比如：刘**')
    expect((await client.post('/admin/announcements/audience', { tag: ['独居老人', '三期业主'] })).text).toContain('现在会发给 2 个人或群，比如：群“三期业主群”（三期业主）、刘**（迎宾社区，独居老人）')
    const page = await client.post('/admin/announcements', { text: '天冷了', tag: ['独居老人', '三期业主'] })
    expect(page.text).toContain('有标签“独居老人”或“三期业主”的')
    expect(page.text).not.toContain('所有订阅的居民')
    expect(page.text).toContain('审核后会发给 2 个人或群')
    expect(await fixture.store.read.announcement.findFirstOrThrow()).toMatchObject({ audience: { tags: ['独居老人', '三期业主'] } })
  })

  it('from an older one keeps a tag that is gone, so that it reaches nobody instead of everybody', async () => {
    await client.post('/admin/announcements', { text: '天冷了', tag: '独居老人' })
    const { id } = await fixture.store.read.announcement.findFirstOrThrow()
    await client.post('/admin/tags/remove', { tag: '独居老人', confirmed: 'yes' })
    const form = (await client.get(`/admin/announcements/new?from=${id}`)).text
    expect(form).toContain('独居老人（现在谁都没有这个标签）')
    expect(form).toContain('现在一个人也收不到')
    expect((await client.post('/admin/announcements', { text: '天冷了', tag: '' })).status).toBe(422)
  })

  it.each([{ area: 'gone' }, { channel: 'gone' }])('so does an area or a channel that is gone: %j', async (chosen) => {
    expect((await client.post('/admin/announcements/audience', chosen)).text).toContain('现在一个人也收不到')
  })
})
