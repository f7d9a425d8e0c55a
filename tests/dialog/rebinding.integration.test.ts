import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeAnnouncement, createAnnouncement } from '../../src/outbox/announcements.ts'
import { unbindRoom } from '../../src/store/channels/channel-board.ts'
import { createRoomCode, createStaffCode } from '../../src/store/staff/codes.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

const OLD = 'old-id'
const NEW = 'new-id'

/** After a log-in that gave everything a new id. The old room had an area, a tag, a history and an announcement under way. */
describe('a room of ours under a new id', () => {
  let test: TestAssistant
  let roomId: string

  beforeEach(async () => {
    test = await openTestAssistant(undefined, { capabilities: () => ({ silentUntilBound: true }) })
    for (const user of ['wang', 'li']) await addStaff(test.store, { user, role: 'staff', now: test.clock.now })
    await bindStaff('wang')
    await inRoom(OLD, `绑定 ${await createRoomCode(test.store, { areaCode: 'jgdq-weidong', now: test.clock.now })}`)
    await inRoom(OLD, '志愿者要占居民多少？', 'liu')
    roomId = (await rooms())[0]?.id ?? ''
    await test.store.write((transaction) => transaction.roomTag.createMany({ data: [{ conversationId: roomId, tag: '三期', by: 'wang', createdAt: test.clock.now }] }))
  })
  afterEach(() => test.close())

  const bindStaff = async (sender: string) => test.say(`绑定 ${(await createStaffCode(test.store, { user: 'wang', now: test.clock.now })) ?? ''}`, { sender })
  const inRoom = (group: string, text: string, sender = 'wang') => test.say(text, { group, sender })
  const codeFor = (id: string) => createRoomCode(test.store, { roomId: id, now: test.clock.now })
  const rooms = () => test.store.read.conversation.findMany({ where: { kind: 'group' }, include: { tags: true }, orderBy: { createdAt: 'asc' } })

  async function announce(): Promise<string> {
    const services = { store: test.store, now: () => test.clock.now, wakeOutbox: () => undefined, areas: [] }
    const created = await createAnnouncement(services, { by: 'li', text: '明天停水', audience: { rooms: [roomId] } })
    const id = created.outcome === 'created' ? created.announcement.id : ''
    await changeAnnouncement(services, { id, action: 'approve', by: 'wang' })
    return id
  }

  it('goes on under it, with area, tags, history and what is being announced to it', async () => {
    const announcementId = await announce()
    await test.store.write((transaction) => transaction.outboxMessage.updateMany({ where: { announcementId }, data: { status: 'failed', error: 'recipient_gone: contact not found', attempts: 1 } }))
    await test.store.write((transaction) => transaction.conversation.updateMany({ where: { id: roomId }, data: { goneAt: test.clock.now } }))
    await inRoom(NEW, '12349是什么？', 'zhao')
    const turn = await inRoom(NEW, `绑定 ${await codeFor(roomId)}`)
    expect(turn.text).toContain('认出来了')
    expect(await rooms()).toMatchObject([{ id: roomId, externalId: NEW, areaCode: 'jgdq-weidong', goneAt: null, tags: [{ tag: '三期' }] }])
    expect((await rooms())[0]?.boundAt).not.toBeNull()
    expect(await test.store.read.inboundMessage.count({ where: { conversationId: roomId } })).toBe(4)
    expect(await test.store.read.outboxMessage.findMany({ where: { announcementId } })).toMatchObject([{ conversationId: roomId, status: 'queued', attempts: 0 }])
    expect((await inRoom(NEW, '志愿者要占居民多少？', 'zhao')).text).toContain('10%')
    expect(await rooms()).toHaveLength(1)
  })

  it('is not taken for itself by its name: a plain code makes it a room of its own', async () => {
    await inRoom(NEW, `绑定 ${await createRoomCode(test.store, { now: test.clock.now })}`)
    expect((await rooms()).map((room) => [room.externalId, room.boundAt !== null])).toEqual([[OLD, true], [NEW, true]])
  })

  it('needs staff of the present log-in: who was staff under another contact id is nobody yet', async () => {
    const code = await codeFor(roomId)
    expect((await inRoom(NEW, `绑定 ${code}`, 'wang-new-id')).replies).toEqual([])
    expect((await rooms()).map((room) => room.externalId)).toEqual([OLD, NEW])
    await bindStaff('wang-new-id')
    expect((await inRoom(NEW, `绑定 ${code}`, 'wang-new-id')).text).toContain('认出来了')
    expect((await rooms()).map((room) => room.externalId)).toEqual([NEW])
  })

  it('is not mixed with a room that is bound on its own, until staff unbind that one', async () => {
    await inRoom(NEW, `绑定 ${await createRoomCode(test.store, { now: test.clock.now })}`)
    const code = await codeFor(roomId)
    expect((await inRoom(NEW, `绑定 ${code}`)).text).toContain('解绑')
    expect(await rooms()).toHaveLength(2)
    await unbindRoom(test.store, { id: (await rooms())[1]?.id ?? '', by: 'wang', now: test.clock.now })
    expect((await inRoom(NEW, `绑定 ${code}`)).text).toContain('认出来了')
    expect(await rooms()).toMatchObject([{ id: roomId, externalId: NEW }])
  })

  it('is simply bound again where its id has not changed', async () => {
    await unbindRoom(test.store, { id: roomId, by: 'wang', now: test.clock.now })
    await inRoom(OLD, `绑定 ${await codeFor(roomId)}`)
    expect((await rooms()).map((room) => [room.id, room.externalId, room.boundAt !== null, room.areaCode])).toEqual([[roomId, OLD, true, 'jgdq-weidong']])
  })

  it('is not found on another platform, nor after it is gone; the code stays good where it belongs', async () => {
    const code = await codeFor(roomId)
    await test.store.write((transaction) => transaction.conversation.updateMany({ where: { id: roomId }, data: { channel: 'telegram' } }))
    expect((await inRoom(NEW, `绑定 ${code}`)).text).toContain('不在这里')
    expect((await inRoom(NEW, `绑定 ${await codeFor('nowhere')}`)).text).toContain('不在这里')
    expect((await rooms()).every((room) => room.externalId !== NEW || room.boundAt === null)).toBe(true)
    expect(await test.store.read.oneTimeCode.count({ where: { purpose: 'room', usedAt: null } })).toBe(2)
  })

  it('gives its replies to the room once, under its new id, however often the message is delivered', async () => {
    const code = await codeFor(roomId)
    const first = await test.say(`绑定 ${code}`, { id: 'bind-1', group: NEW, sender: 'wang' })
    const again = await test.say(`绑定 ${code}`, { id: 'bind-1', group: NEW, sender: 'wang' })
    expect(again).toMatchObject({ isDuplicate: true, replies: first.replies })
    expect(await test.store.read.outboxMessage.count({ where: { conversationId: roomId, text: { contains: '认出来了' } } })).toBe(1)
  })
})
