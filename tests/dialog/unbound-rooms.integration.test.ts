import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRoomCode, createStaffCode } from '../../src/store/staff/codes.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

const ROOM = { group: 'room-1' }
const SILENT = { silentUntilBound: true }

/** Rooms of a channel that declares `silentUntilBound`; every message mentions the assistant. */
describe('a room that nobody has bound', () => {
  let test: TestAssistant
  let warnings: string[]

  beforeEach(async () => {
    warnings = []
    const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) })
    test = await openTestAssistant(undefined, { capabilities: () => SILENT, log })
    await addStaff(test.store, { user: 'wang', role: 'staff', now: test.clock.now })
    await test.say(`绑定 ${(await createStaffCode(test.store, { user: 'wang', now: test.clock.now })) ?? ''}`, { sender: 'wang' })
  })
  afterEach(() => test.close())

  const roomCode = () => createRoomCode(test.store, { now: test.clock.now })
  const inRoom = (text: string, sender = 'liu', more: object = {}) => test.say(text, { ...ROOM, sender, ...more })
  async function stored(sender: string) {
    const { personId } = await test.store.read.identity.findFirstOrThrow({ where: { externalId: sender } })
    return test.store.read.inboundMessage.findMany({ where: { conversation: { kind: 'group' }, personId }, orderBy: { receivedAt: 'asc' } })
  }

  it.each(['社区志愿者要占居民多少？', '报修：3号楼2单元楼道灯坏了', '我要当志愿者', '你好', '转人工', '我的数据', '查进度', '退订', '发公告：明天停水', '收到'])('meets "%s" with silence, and keeps no word of it', async (text) => {
    expect(await inRoom(text)).toMatchObject({ replies: [], isDuplicate: false })
    expect((await stored('liu')).map(({ text: kept, attachments, isAddressed, intent }) => [kept, attachments, isAddressed, intent])).toEqual([['', [], false, 'other']])
    expect(await test.store.read.outboxMessage.count({ where: { conversation: { kind: 'group' } } })).toBe(0)
    expect(await test.store.read.serviceRequest.count()).toBe(0)
    expect(await test.store.read.draft.count()).toBe(0)
  })

  it('is answered as ever in private, and answers once it is bound', async () => {
    expect((await test.say('志愿者要占居民多少？', { sender: 'liu' })).text).toContain('10%')
    expect((await inRoom(`绑定 ${await roomCode()}`, 'wang')).text).toContain('绑定好了')
    expect((await inRoom('志愿者要占居民多少？')).text).toContain('10%')
  })

  it('says nothing to somebody who is not staff and writes a code, right or wrong, and the code stays good', async () => {
    const code = await roomCode()
    for (const said of [`绑定 ${code}`, '绑定 AAAABBBBCC', `绑定 ${code}`, '绑定 AAAABBBBCC', '绑定 AAAABBBBCC', '绑定 AAAABBBBCC', '绑定 AAAABBBBCC']) expect((await inRoom(said)).replies).toEqual([])
    expect((await stored('liu')).every((message) => message.text === '')).toBe(true)
    expect(await test.store.read.failedAttempt.count()).toBe(0)
    expect((await inRoom(`绑定 ${code}`, 'wang')).text).toContain('绑定好了')
  })

  it('tells staff that a code is wrong', async () => {
    expect((await inRoom('绑定 AAAABBBBCC', 'wang')).text).toContain('绑定码不对')
    expect((await inRoom('志愿者要占居民多少？', 'wang')).replies).toEqual([])
  })

  it('is silent to a log-in whose member of staff was disabled', async () => {
    await test.store.write((transaction) => transaction.staffMember.updateMany({ data: { disabledAt: test.clock.now } }))
    expect((await inRoom(`绑定 ${await roomCode()}`, 'wang')).replies).toEqual([])
  })

  it('is silent again once staff have unbound it', async () => {
    await inRoom(`绑定 ${await roomCode()}`, 'wang')
    await test.store.write((transaction) => transaction.conversation.updateMany({ where: { kind: 'group' }, data: { boundAt: null } }))
    expect((await inRoom('志愿者要占居民多少？')).replies).toEqual([])
  })

  it('keeps no word of what is overheard, and none of a message that came too late', async () => {
    await inRoom('家里着火了', 'liu', { isAddressed: false })
    await inRoom('家里着火了快来人', 'liu', { sentAt: new Date(test.clock.now.getTime() - 11 * 60_000) })
    expect((await stored('liu')).map((message) => message.text)).toEqual(['', ''])
    expect(await test.store.read.serviceRequest.count()).toBe(0)
  })

  it('answers an emergency in private, gives it to the staff on duty, and adds the place that is said next in the room or in private', async () => {
    const turn = await inRoom('我家着火了，救命', 'liu')
    expect(turn.replies.map(({ to, kind }) => [to, kind])).toEqual([['private', 'emergency']])
    expect(turn.text).toContain('119')
    expect(await test.store.read.outboxMessage.count({ where: { conversation: { kind: 'group' } } })).toBe(0)
    const [request] = await test.store.read.serviceRequest.findMany()
    expect(request?.kind).toBe('emergency')
    expect(await test.store.read.conversation.findFirst({ where: { id: request?.conversationId ?? '' } })).toMatchObject({ kind: 'private', externalId: 'liu' })
    expect(request?.description).toContain('我家着火了，救命（在没有绑定的群里说的')
    const place = await inRoom('在3号楼2单元501', 'liu')
    expect(place.replies.map(({ to }) => to)).toEqual(['private'])
    await test.say('我的电话是13800138001', { sender: 'liu' })
    expect(await test.store.read.serviceRequest.findMany()).toMatchObject([{ address: '3号楼2单元501', requesterPhone: '13800138001' }])
    expect((await inRoom('志愿者要占居民多少？', 'zhao')).replies).toEqual([])
  })

  it('logs once what to do, without a word of what was said', async () => {
    await inRoom('你好')
    await inRoom('在吗')
    await test.say('你好', { group: 'room-2', sender: 'liu' })
    const lines = warnings.map((line) => JSON.parse(line) as { room?: string; msg: string })
    expect(lines.map((line) => line.room)).toEqual(['room-1', 'room-2'])
    expect(lines[0]?.msg).toMatch(/not bound.*get a code/)
    expect(warnings.join('')).not.toMatch(/你好|在吗/)
  })

  it('decides after a crash as it would have before: silence, and the emergency in private', async () => {
    await inRoom('我家着火了，救命', 'liu')
    await inRoom('志愿者要占居民多少？', 'liu')
    await test.store.write((transaction) => transaction.inboundMessage.updateMany({ where: { conversation: { kind: 'group' } }, data: { decidedAt: null, replies: [] } }))
    await test.store.write((transaction) => transaction.outboxMessage.deleteMany({}))
    await test.reopen()
    expect(await test.assistant.recover()).toBe(2)
    expect(await test.store.read.outboxMessage.findMany({ where: { conversation: { person: { identities: { some: { externalId: 'liu' } } } } }, include: { conversation: true } })).toMatchObject([{ kind: 'emergency', conversation: { kind: 'private' } }])
  })
})

describe('a group of a channel that does not declare it', () => {
  it('is answered before anybody has bound it', async () => {
    const test = await openTestAssistant()
    expect((await test.say('志愿者要占居民多少？', { ...ROOM })).text).toContain('10%')
    await test.close()
  })
})
