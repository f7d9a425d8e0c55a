import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assignRequest } from '../../src/desk/requests/assign-request.ts'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import { correctRequest } from '../../src/desk/requests/correct-request.ts'
import { editRequest } from '../../src/desk/requests/edit-request.ts'
import { fileForCaller } from '../../src/desk/requests/file-for-caller.ts'
import { noteInternally } from '../../src/desk/requests/note-internally.ts'
import { disableStaff } from '../../src/desk/staff/disable-staff.ts'
import { addFollower } from '../../src/store/requests/followers.ts'
import { moveRequest } from '../../src/store/requests/move-request.ts'
import { listOwnRequests, listRequests } from '../../src/store/requests/requests.ts'
import { erasePerson } from '../../src/store/people/erasure.ts'
import { lastLine, openDeskWorld, type DeskWorld } from './desk-world.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await openDeskWorld()
})
afterEach(() => world.close())

const follow = async (requestId: string, personId = 'qian') => {
  await world.store.write(async (transaction) => {
    await transaction.person.createMany({ data: [{ id: personId, createdAt: world.clock.now }] })
    await transaction.conversation.createMany({ data: [{ id: `c-${personId}`, channel: 'http', account: 'api', externalId: personId, kind: 'private', personId, createdAt: world.clock.now }] })
    await addFollower(transaction, { requestId, personId, conversationId: `c-${personId}`, since: world.clock.now })
  })
}

describe('moving a request', () => {
  it('asks the flow of residents too, and writes nothing where it says no', async () => {
    const { id } = await world.file()
    await changeRequest(world.desk, world.li, { id, status: 'resolved', note: '' })
    const moved = await world.store.write((transaction) => moveRequest(transaction, id, { kind: 'status', to: 'cancelled', note: '居民撤回', author: 'resident', by: '居民' }, world.clock.now))
    expect(moved).toMatchObject({ outcome: 'not_allowed', from: 'resolved' })
    expect((await world.read(id)).activities).toHaveLength(2)
  })

  it('keeps the dates that hang on the status', async () => {
    const { id } = await world.file()
    await changeRequest(world.desk, world.li, { id, status: 'waiting_resident', note: '厨房还是卫生间？' })
    const waiting = await world.read(id)
    expect(waiting.waitingSince).toEqual(waiting.updatedAt)
    expect(waiting.acknowledgedAt).toEqual(waiting.updatedAt)
    world.clock.now = new Date('2026-11-25T02:00:00Z')
    await noteInternally(world.desk, world.li, { id, note: '再等等' })
    expect((await world.read(id)).waitingSince).toEqual(waiting.waitingSince)
    await changeRequest(world.desk, world.li, { id, status: 'resolved', note: '' })
    const resolved = await world.read(id)
    expect(resolved).toMatchObject({ waitingSince: null, finishedAt: resolved.updatedAt })
    world.clock.now = new Date('2026-11-26T02:00:00Z')
    await changeRequest(world.desk, world.li, { id, status: 'closed', note: '' })
    expect((await world.read(id)).finishedAt).toEqual(resolved.finishedAt)
    await changeRequest(world.desk, world.li, { id, status: 'reopened', note: '' })
    expect((await world.read(id)).finishedAt).toBeNull()
  })

  it('tells the requester and everybody who follows, each once, and asks the requester alone for a score', async () => {
    const { id } = await world.file()
    await follow(id)
    await changeRequest(world.desk, world.li, { id, status: 'resolved', note: '换了灯泡' })
    await changeRequest(world.desk, world.li, { id, status: 'resolved', note: '换了灯泡' })
    expect(await world.sent('c-liu')).toEqual([expect.stringMatching(/^您的“公共照明”.*已办结。\n工作人员说：换了灯泡\n.*打个分/s)])
    expect(await world.sent('c-qian')).toEqual([expect.stringMatching(/^您也报过的“公共照明”.*已办结。\n工作人员说：换了灯泡$/s)])
  })

  it('never gives two lines of a history the same instant', async () => {
    const { id } = await world.file()
    for (const note of ['一', '二', '三']) await noteInternally(world.desk, world.li, { id, note })
    const { activities, updatedAt } = await world.read(id)
    expect(activities.map(({ note }) => note)).toEqual(['', '一', '二', '三'])
    expect(new Set(activities.map(({ at }) => at.getTime())).size).toBe(4)
    expect(activities.at(-1)?.at).toEqual(updatedAt)
  })

  it('knows staff whose log-in is 居民 from a resident', async () => {
    const { id } = await world.file()
    await changeRequest(world.desk, world.zhao, { id, status: 'in_progress', note: '师傅在路上' })
    expect(lastLine(await world.read(id))).toEqual({ by: '居民', author: 'staff', kind: 'status', note: '师傅在路上' })
    expect((await listOwnRequests(world.store, 'liu'))[0]?.lastNote).toBe('师傅在路上')
  })
})

describe('an internal note', () => {
  it('never leaves the desk, and tells the colleague whom it names, on the page and in their chat', async () => {
    const { id, number } = await world.file()
    await world.bindChat(world.wang)
    const result = await noteInternally(world.desk, world.li, { id, note: '住户脾气急，@王丽你熟，去看看；问过@zhang了，邮箱 a@li.com' })
    expect(result).toMatchObject({ outcome: 'noted', told: [{ user: 'wang' }], unknown: ['zhang了'] })
    expect(lastLine(await world.read(id))).toMatchObject({ kind: 'internal', by: 'li', author: 'staff' })
    expect(await world.page(world.wang)).toEqual([expect.stringContaining(number)])
    expect(await world.sent('c-wang')).toEqual([expect.stringContaining('住户脾气急')])
    expect(await world.page(world.li)).toEqual([])
    expect(await world.sent('c-liu')).toEqual([])
    const [own] = await listOwnRequests(world.store, 'liu')
    expect(JSON.stringify(own)).not.toContain('脾气')
  })

  it('is refused when it is blank or too long, and written once when it is sent twice', async () => {
    const { id } = await world.file()
    expect(await noteInternally(world.desk, world.li, { id, note: ' \n' })).toEqual({ outcome: 'empty' })
    expect(await noteInternally(world.desk, world.li, { id, note: '长'.repeat(10_000) })).toEqual({ outcome: 'note_too_long', longest: 2_000 })
    await noteInternally(world.desk, world.li, { id, note: '看过了' })
    expect((await noteInternally(world.desk, world.li, { id, note: '看过了' })).outcome).toBe('unchanged')
    expect((await world.read(id)).activities).toHaveLength(2)
  })
})

describe('assigning', () => {
  it('tells who gets it and who had it, with the reason, and not the resident', async () => {
    const { id } = await world.file()
    await world.bindChat(world.li)
    await world.bindChat(world.wang)
    await assignRequest(world.desk, world.li, { id, to: 'li' })
    expect(await world.sent('c-li')).toEqual([])
    world.clock.now = new Date('2026-11-24T03:00:00Z')
    await assignRequest(world.desk, world.zhao, { id, to: 'wang', reason: '李明下班了' })
    const request = await world.read(id)
    expect(request.assignee?.user).toBe('wang')
    expect(lastLine(request)).toEqual({ by: '居民', author: 'staff', kind: 'assignment', note: '负责人：李明 -> 王丽；原因：李明下班了' })
    expect(await world.sent('c-wang')).toEqual([expect.stringMatching(/^赵敏 把“公共照明”.*交给您负责：3号楼灯坏了\n原因：李明下班了$/s)])
    expect(await world.sent('c-li')).toEqual([expect.stringMatching(/^您负责的.*赵敏 交给 王丽 了。\n原因：李明下班了$/s)])
    expect(await world.page(world.wang)).toHaveLength(1)
    expect(await world.page(world.li)).toHaveLength(1)
    expect(await world.sent('c-liu')).toEqual([])
  })

  it('asks before a colleague’s is taken, and takes it when that is said', async () => {
    const { id } = await world.file()
    await assignRequest(world.desk, world.li, { id, to: 'li' })
    expect(await assignRequest(world.desk, world.wang, { id, to: 'wang' })).toMatchObject({ outcome: 'held', by: { user: 'li' } })
    expect((await world.read(id)).assignee?.user).toBe('li')
    expect((await assignRequest(world.desk, world.wang, { id, to: 'wang', takesOver: true })).outcome).toBe('assigned')
    expect((await assignRequest(world.desk, world.wang, { id, to: null })).outcome).toBe('assigned')
    expect((await world.read(id)).assignee).toBeNull()
  })

  it('refuses who is nobody, and who is disabled', async () => {
    const { id } = await world.file()
    await disableStaff(world.desk, world.li, { user: 'wang' })
    expect(await assignRequest(world.desk, world.li, { id, to: 'none' })).toEqual({ outcome: 'unknown_user', user: 'none' })
    expect(await assignRequest(world.desk, world.li, { id, to: 'wang' })).toEqual({ outcome: 'disabled_user', user: 'wang', name: '王丽' })
    expect((await world.read(id)).activities).toHaveLength(1)
  })
})

describe('disabling an account', () => {
  it('lists what it still has before anything happens, and hands it over to a named colleague', async () => {
    const [first, second, done] = [await world.file(), await world.file(), await world.file()]
    for (const { id } of [first, second, done]) await assignRequest(world.desk, world.wang, { id, to: 'wang' })
    await changeRequest(world.desk, world.wang, { id: done.id, status: 'resolved', note: '' })
    const asked = await disableStaff(world.desk, world.li, { user: 'wang' })
    expect(asked).toMatchObject({ outcome: 'has_requests', requests: [{ number: first.number }, { number: second.number }] })
    expect((await world.store.read.staffMember.findUniqueOrThrow({ where: { user: 'wang' } })).disabledAt).toBeNull()
    expect(await disableStaff(world.desk, world.li, { user: 'wang', handOverTo: 'nobody' })).toEqual({ outcome: 'unknown_user', user: 'nobody' })
    expect(await disableStaff(world.desk, world.li, { user: 'wang', handOverTo: '居民' })).toEqual({ outcome: 'disabled', handedOver: 2 })
    expect((await world.read(first.id)).assignee?.user).toBe('居民')
    expect(lastLine(await world.read(second.id))?.note).toBe('负责人：王丽 -> 赵敏；原因：王丽 停用了')
    expect(await world.page(world.zhao)).toHaveLength(2)
    expect((await world.read(done.id)).assignee?.user).toBe('wang')
  })

  it('leaves what nobody takes where everybody finds it', async () => {
    const { id } = await world.file()
    await assignRequest(world.desk, world.wang, { id, to: 'wang' })
    await disableStaff(world.desk, world.li, { user: 'wang', handOverTo: null })
    const nobodys = await listRequests(world.store, { assigneeId: null }, { limit: 10 })
    expect(nobodys?.items.map((request) => request.id)).toEqual([id])
  })
})

describe('correcting', () => {
  it('says in the history what was there before, and tells nobody', async () => {
    const { id } = await world.file()
    const dueAt = new Date('2026-12-01T09:30:00Z')
    const result = await correctRequest(world.desk, world.li, { id, category: '电梯', address: '5号楼', area: '迎宾社区', phone: '１３９ 0013 9001', wantedTime: '2026-11-25T15:00', dueAt })
    expect(result.outcome).toBe('corrected')
    const request = await world.read(id)
    expect(request).toMatchObject({ category: '电梯', serviceCode: 'lift', address: '5号楼', areaCode: 'yingbin', requesterPhone: '13900139001', wantedTime: '2026-11-25T15:00', dueAt })
    expect(lastLine(request)).toEqual({ by: 'li', author: 'staff', kind: 'correction', note: '类别：公共照明 -> 电梯；地址：3号楼2单元 -> 5号楼；地方：没有 -> 迎宾社区；电话：13800138001 -> 13900139001；希望时间：没有 -> 2026-11-25T15:00；最晚办好：没有 -> 2026-12-01 17:30' })
    expect((await correctRequest(world.desk, world.li, { id, category: 'lift', address: '5号楼' })).outcome).toBe('unchanged')
    expect(await world.sent('c-liu')).toEqual([])
  })

  it('refuses what is no telephone, no service and no area, and changes nothing', async () => {
    const { id } = await world.file()
    expect(await correctRequest(world.desk, world.li, { id, address: '5号楼', phone: '12345' })).toMatchObject({ outcome: 'wrong_phone', hint: expect.stringContaining('少了几位') as string })
    expect(await correctRequest(world.desk, world.li, { id, category: '修飞机' })).toEqual({ outcome: 'unknown_category', category: '修飞机' })
    expect(await correctRequest(world.desk, world.li, { id, area: '月球' })).toEqual({ outcome: 'unknown_area', area: '月球' })
    expect((await world.read(id)).address).toBe('3号楼2单元')
  })
})

describe('two people on one request', () => {
  it('a stale form is refused with what changed, and nothing of it is written', async () => {
    const seen = (await world.file()).updatedAt
    const [{ id } = { id: '' }] = (await listRequests(world.store, {}, { limit: 1 }))?.items ?? []
    await changeRequest(world.desk, world.wang, { id, status: 'in_progress', note: '师傅在路上', ifUpdatedAt: seen })
    const late = await changeRequest(world.desk, world.li, { id, status: 'resolved', note: '修好了', ifUpdatedAt: seen })
    expect(late).toMatchObject({ outcome: 'stale', request: { status: 'in_progress' }, since: [{ by: 'wang', note: '师傅在路上' }] })
    expect((await noteInternally(world.desk, world.li, { id, note: '等我', ifUpdatedAt: seen })).outcome).toBe('stale')
    expect((await assignRequest(world.desk, world.li, { id, to: 'li', ifUpdatedAt: seen })).outcome).toBe('stale')
    expect((await correctRequest(world.desk, world.li, { id, address: '5号楼', ifUpdatedAt: seen })).outcome).toBe('stale')
    expect((await world.read(id)).activities).toHaveLength(2)
  })

  it('several things done at once are done all or not at all', async () => {
    const { id, updatedAt } = await world.file()
    const refused = await editRequest(world.desk, world.li, { id, correction: { address: '5号楼' }, assignee: 'li', internalNote: '先看看', status: 'closed', ifUpdatedAt: updatedAt })
    expect(refused).toMatchObject({ outcome: 'not_allowed', from: 'submitted' })
    expect(await world.read(id)).toMatchObject({ address: '3号楼2单元', assignee: null, updatedAt })
    const done = await editRequest(world.desk, world.li, { id, correction: { address: '5号楼' }, assignee: 'li', internalNote: '先看看', status: 'in_progress', note: '马上来', ifUpdatedAt: updatedAt })
    expect(done).toMatchObject({ outcome: 'edited', request: { address: '5号楼', status: 'in_progress', assignee: { user: 'li' } } })
    expect((await world.read(id)).activities.map(({ kind }) => kind)).toEqual(['status', 'correction', 'assignment', 'internal', 'status'])
    expect(await world.sent('c-liu')).toHaveLength(1)
  })
})

describe('a request for a caller', () => {
  it('is what they said, where and about what, without a resident of ours', async () => {
    const filed = await fileForCaller(world.desk, world.li, { channel: 'phone', name: '孙大爷', phone: '13700137001', description: '迎宾社区院里的灯不亮', address: '三号楼' })
    expect(filed).toMatchObject({ outcome: 'filed', code: expect.stringMatching(/^[A-Z2-9]{5}-[A-Z2-9]{5}$/) as string, request: { channel: 'phone', category: '公共照明', serviceCode: 'street_light', areaCode: 'yingbin', requesterId: null, requesterName: '孙大爷', requesterPhone: '13700137001' } })
    if (filed.outcome === 'filed') expect(lastLine(filed.request)).toEqual({ by: 'li', author: 'staff', kind: 'status', note: '' })
  })

  it('is refused in one word when something in it can not be', async () => {
    expect(await fileForCaller(world.desk, world.li, { channel: 'visit', description: ' ' })).toEqual({ outcome: 'no_description' })
    expect(await fileForCaller(world.desk, world.li, { channel: 'visit', description: '长'.repeat(501) })).toMatchObject({ outcome: 'too_long', field: 'description' })
    expect((await fileForCaller(world.desk, world.li, { channel: 'visit', description: '灯坏了', phone: '110119' })).outcome).toBe('wrong_phone')
    expect(await world.store.read.serviceRequest.count()).toBe(0)
  })
})

describe('searching', () => {
  const found = async (search: string) => ((await listRequests(world.store, { search }, { limit: 10 }))?.items ?? []).map(({ description }) => description).sort()

  it('finds a place however it is written', async () => {
    for (const description of ['3号楼灯坏了', '三号楼门坏了', '３号楼窗坏了', '3號樓樓道黑']) await world.file({ description, address: '' })
    await world.file({ description: '13号楼灯坏了', address: '十二号楼' })
    for (const typed of ['3号楼', '三号楼', '３号楼', '三號樓']) expect((await found(typed)).length, typed).toBe(5)
    expect(await found('12号楼')).toEqual(['13号楼灯坏了'])
    expect(await found('三号楼 灯')).toEqual(['13号楼灯坏了', '3号楼灯坏了'])
  })

  it('takes % and _ and \\ as themselves', async () => {
    await world.file({ description: '电量只剩 5%' })
    await world.file({ description: '电量只剩 50 了' })
    await world.file({ description: '牌子上写 a_b\\c' })
    expect(await found('5%')).toEqual(['电量只剩 5%'])
    expect(await found('%')).toEqual(['电量只剩 5%'])
    expect(await found('a_b')).toEqual(['牌子上写 a_b\\c'])
    expect(await found('_')).toEqual(['牌子上写 a_b\\c'])
    expect(await found('b\\c')).toEqual(['牌子上写 a_b\\c'])
  })

  it('follows what was corrected', async () => {
    const { id } = await world.file()
    await correctRequest(world.desk, world.li, { id, address: '九号楼' })
    expect(await found('9号楼')).toHaveLength(1)
    expect(await found('2单元')).toHaveLength(0)
  })
})

describe('erasing', () => {
  it('takes a follower’s words out of another’s request, and hands a request that others wait for to the first of them', async () => {
    const { id } = await world.file()
    await follow(id)
    await follow(id, 'sun')
    await world.store.write((transaction) => moveRequest(transaction, id, { kind: 'resident', note: '我家四楼也黑', author: 'resident', by: '居民', personId: 'sun' }, world.clock.now))
    await noteInternally(world.desk, world.li, { id, note: '刘桂兰家电话 13800138001，@王丽' })
    await world.store.write((transaction) => erasePerson(transaction, { personId: 'sun', digestOf: world.store.digestOf, now: world.clock.now }))
    expect((await world.read(id)).activities.map(({ note }) => note)).not.toContain('我家四楼也黑')
    expect((await world.read(id)).followers.map(({ personId }) => personId)).toEqual(['qian'])
    await world.store.write((transaction) => erasePerson(transaction, { personId: 'liu', digestOf: world.store.digestOf, now: world.clock.now }))
    expect(await world.read(id)).toMatchObject({ status: 'submitted', requesterId: 'qian', conversationId: 'c-qian', requesterPhone: null, followers: [] })
    expect(await world.page(world.wang)).toEqual([])
    const kept = JSON.stringify(await Promise.all([world.store.read.serviceRequest.findMany(), world.store.read.activity.findMany(), world.store.read.outboxMessage.findMany(), world.store.read.staffNotice.findMany()]))
    expect(kept).not.toMatch(/刘桂兰|13800138001|2单元/)
  })
})
