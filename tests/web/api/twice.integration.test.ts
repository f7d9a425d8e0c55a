import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JPEG } from '../../support/picture-files.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
  await web.addStaff('wang')
})
afterAll(() => web.close())

interface Request {
  id: string
  number: string
  status: string
  merged_into: string | null
  followers: number
  updated_at: string
  history: { kind: string; status: string; note: string; by: string }[]
}
interface Said {
  text: string
  buttons: string[]
}
async function say(who: string, text: string, more: Record<string, unknown> = {}): Promise<Said> {
  const { json } = await web.api('POST', '/api/v1/messages', { conversation: who, sender: { id: who }, text, ...more })
  const replies = json.replies as unknown as { text: string; buttons?: { label: string }[] }[]
  return { text: replies.map((reply) => reply.text).join('\n'), buttons: replies.flatMap(({ buttons = [] }) => buttons.map(({ label }) => label)) }
}
const pushed = async (who: string) => ((await web.api('GET', `/api/v1/messages?conversation=${who}`)).json.messages as unknown as { text: string }[]).map(({ text }) => text)
const read = async (id: string) => (await web.api('GET', `/api/v1/requests/${id}`)).json as unknown as Request
const patch = async (id: string, body: Record<string, unknown>) => {
  const { status, json } = await web.api('PATCH', `/api/v1/requests/${id}`, { by: 'wang', ...body })
  return { status, json: json as unknown as Request & { detail: string } }
}
const count = () => web.store.read.serviceRequest.count()
const newest = async () => read((await web.store.read.serviceRequest.findFirstOrThrow({ orderBy: { number: 'desc' } })).id)

async function report(who: string, words: string, phone = '13800138001'): Promise<Request> {
  for (const text of [`${words}，我叫刘桂兰，电话${phone}`, '同意', '确认']) await say(who, text)
  return newest()
}
/** By staff: nobody is asked anything. */
const file = async (description: string, address: string) => (await web.api('POST', '/api/v1/requests', { by: 'wang', channel: 'phone', description, address, category: '电梯故障' })).json as unknown as Request

describe('what somebody else has reported already', () => {
  it('is offered with what, where and how far, and who joins is told of each change until it is done', async () => {
    const lift = await report('liu', '幸福小区3号楼2单元501的电梯坏了')
    await patch(lift.id, { status: 'in_progress' })
    const before = await count()
    const asked = await say('chen', '幸福小区3号楼电梯停了，上不去')
    expect(asked.text).toContain('是不是这件事')
    expect(asked.text).toContain('幸福小区3号楼2单元，电梯故障')
    expect(asked.text).toContain('处理中')
    expect(asked.text).not.toMatch(/刘桂兰|138|501/)
    expect(asked.buttons.slice(0, 2)).toEqual(['是，就是这件', '不是这件'])
    const joined = await say('chen', '是，就是这件')
    expect(joined.text).toContain(`（${lift.number}），现在是“处理中”`)
    expect(await count()).toBe(before)
    const followed = await read(lift.id)
    expect(followed).toMatchObject({ followers: 1, status: 'in_progress' })
    expect(followed.history.at(-1)).toMatchObject({ kind: 'resident', by: '居民', note: expect.stringContaining('电梯停了') as string })

    expect((await say('chen', '查进度')).text).toContain(lift.number)
    expect((await say('chen', '查进度')).text).not.toMatch(/刘桂兰|138|501/)
    await patch(lift.id, { status: 'resolved', note: '换了主板' })
    for (const who of ['liu', 'chen']) expect((await pushed(who)).at(-1)).toMatch(new RegExp(`${lift.number}.*换了主板`, 's'))
    await say('chen', '没解决')
    expect((await read(lift.id)).status).toBe('reopened')
  })

  it('keeps the photos of who joins, and not the telephone that nobody needs', async () => {
    const lift = await report('yang', '兴安小区3号楼电梯坏了')
    await say('zhu', '兴安小区3号楼电梯坏了', { attachments: [{ type: 'photo', mime: 'image/jpeg', data: Buffer.from(JPEG).toString('base64') }] })
    await say('zhu', '就是这件')
    expect(((await read(lift.id)) as Request & { photos: unknown[] }).photos.length).toBe(1)
    await say('shi', '兴安小区3号楼电梯坏了，我叫施敏，电话13911112222')
    await say('shi', '同一件事')
    expect(await read(lift.id)).toMatchObject({ followers: 2 })
    expect(JSON.stringify(await read(lift.id))).not.toMatch(/施敏|13911112222/)
    expect(await web.store.read.inboundMessage.count({ where: { text: { contains: '13911112222' } } })).toBe(0)
  })

  it('asked about in a group is answered in private', async () => {
    await report('han', '兴安小区5号楼电梯坏了')
    const asked = (await web.api('POST', '/api/v1/messages', { conversation: 'g-lift', sender: { id: 'feng' }, group: { id: 'g-lift' }, mentioned: true, text: '兴安小区5号楼电梯坏了' })).json.replies as unknown as { to: string; text: string }[]
    expect(asked.filter(({ text }) => text.includes('是不是这件事')).map(({ to }) => to)).toEqual(['private'])
    expect((await say('feng', '是，就是这件')).text).toContain('不用再报了')
  })

  it('is another thing for who says so, and for who simply goes on', async () => {
    const lamp = await report('sun', '阳光小区1号楼1单元楼道灯坏了')
    expect((await say('wu', '阳光小区1号楼1单元楼道灯不亮，我叫吴敏，电话13900139009')).text).toContain('是不是这件事')
    expect((await say('wu', '不是这件')).text).toContain('另外报一件')
    expect((await say('wu', '同意')).text).not.toContain('是不是这件事')
    expect((await say('wu', '确认')).text).toContain('已登记')
    const other = await report('zheng', '阳光小区1号楼1单元楼道灯坏了', '13900139008')
    expect([other.number > lamp.number, (await read(lamp.id)).followers]).toEqual([true, 0])
  })

  it('is asked neither elsewhere, nor of a matter of somebody’s home, nor of one’s own', async () => {
    await report('he', '和平小区5号楼电梯坏了')
    expect((await say('ma', '和平小区6号楼电梯坏了')).text).not.toContain('是不是这件事')
    expect((await say('he', '和平小区5号楼的电梯又坏了，要重新报修')).text).not.toContain('是不是这件事')
    await report('hu', '和平小区5号楼1单元水管漏水')
    expect((await say('gao', '和平小区5号楼1单元水管漏水')).text).not.toContain('是不是这件事')
  })

  it('goes on as a report of its own where the other one has ended meanwhile', async () => {
    const lift = await report('qin', '民生小区2号楼电梯坏了')
    await say('xu', '民生小区2号楼电梯坏了')
    await patch(lift.id, { status: 'resolved' })
    expect((await say('xu', '是，就是这件')).text).toContain('另外报')
    expect((await read(lift.id)).followers).toBe(0)
  })
})

describe('merging', () => {
  it('ends the one, keeps both histories, and what its resident says later goes to the other', async () => {
    const target = await file('电梯坏了', '团结小区7号楼')
    const source = await report('lin', '团结小区7号楼2单元电梯不动了', '13700137007')
    expect(await patch(source.id, { merge_into: target.number })).toMatchObject({ status: 200, json: { status: 'merged', merged_into: target.number } })
    expect((await pushed('lin')).at(-1)).toContain(`和 ${target.number} 是同一件事`)
    expect(await read(target.id)).toMatchObject({ followers: 1, status: 'submitted' })
    expect((await read(target.id)).history.at(-1)).toMatchObject({ note: `${source.number} 并到这件里了`, by: 'wang' })
    await say('lin', `${source.number} 催一下`)
    await say('lin', '现在里面还关着一只猫')
    expect((await read(target.id)).history.filter(({ kind }) => kind === 'resident').length).toBeGreaterThan(0)
    expect((await read(source.id)).history.at(-1)).toMatchObject({ status: 'merged', by: 'wang' })
    const told = (await pushed('lin')).length
    await patch(target.id, { status: 'accepted' })
    expect((await pushed('lin')).slice(told).join()).toContain(target.number)
  })

  it('is taken back: the request is as it was, and its resident follows the other no more', async () => {
    const target = await file('电梯坏了', '团结小区8号楼')
    const source = await report('xie', '团结小区8号楼电梯不动了', '13700137008')
    await patch(source.id, { status: 'in_progress' })
    await patch(source.id, { merge_into: target.number })
    expect(await patch(source.id, { merge_into: target.number })).toMatchObject({ status: 200 })
    expect((await pushed('xie')).filter((text) => text.includes('是同一件事')).length).toBe(1)
    expect(await patch(source.id, { merge_into: null })).toMatchObject({ status: 200, json: { status: 'in_progress', merged_into: null } })
    expect(await read(target.id)).toMatchObject({ followers: 0 })
    expect((await pushed('xie')).at(-1)).toContain('还是单独办')
    expect(await patch(source.id, { merge_into: null })).toMatchObject({ status: 409 })
  })

  it('into itself, in a circle, into a merged, an ended or an unknown one, or without a target is refused in one sentence', async () => {
    const [one, other, third] = [await file('电梯坏了', '9号楼'), await file('电梯坏了', '10号楼'), await file('电梯坏了', '11号楼')]
    await patch(one.id, { merge_into: other.number })
    const before = await read(other.id)
    expect(await patch(other.id, { merge_into: other.number })).toMatchObject({ status: 422, json: { detail: 'merge_into: a request can not go into itself.' } })
    expect(await patch(other.id, { merge_into: one.number })).toMatchObject({ status: 409, json: { detail: expect.stringContaining('went into this request') as string } })
    expect(await patch(third.id, { merge_into: one.number, note: '一样' })).toMatchObject({ status: 409, json: { detail: expect.stringContaining(`merge into ${other.number}`) as string } })
    expect(await patch(one.id, { merge_into: third.number })).toMatchObject({ status: 409 })
    expect(await patch(third.id, { merge_into: 'SR-20200101-0001' })).toMatchObject({ status: 422, json: { detail: 'merge_into: there is no request SR-20200101-0001.' } })
    expect(await patch(third.id, { status: 'merged' })).toMatchObject({ status: 422, json: { detail: expect.stringContaining('say the number') as string } })
    await patch(third.id, { status: 'cancelled' })
    expect(await patch(other.id, { merge_into: third.number })).toMatchObject({ status: 409 })
    expect(await read(other.id)).toEqual(before)
    expect((await read(third.id)).history.map(({ note }) => note).join('')).toBe('')
  })
})
