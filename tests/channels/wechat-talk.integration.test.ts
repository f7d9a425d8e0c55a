import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWechatChannel } from '../../src/channels/wechat/channel.ts'
import type { Channel } from '../../src/domain/channel.ts'
import { changeAnnouncement, createAnnouncement } from '../../src/outbox/announcements.ts'
import { createOutbox, type Outbox } from '../../src/outbox/worker.ts'
import { createRoomCode, createStaffCode } from '../../src/store/codes.ts'
import { addStaff } from '../../src/store/staff.ts'
import { FakeGateway } from '../fakes/wechat/gateway.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { eventually } from './contract.ts'

const ROOM = { id: '1001@chatroom', topic: '阳光花园邻里群', memberIdList: ['wxid_assistant', 'wxid_liu', 'wxid_wang'] }
const now = () => new Date()
const TIMING = { firstBackoffMs: 50, longestBackoffMs: 500, random: () => 1 }

/** The whole assistant behind WeChat, from text to text: real gRPC, store and outbox. */
describe('WeChat, from text to text', () => {
  let gateway: FakeGateway
  let assistant: TestAssistant
  let channel: Channel
  let outbox: Outbox
  let folder: string
  const homeBefore = process.env['HOME']

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'linli-wechat-talk-'))
    // wechaty's client keeps names under the home folder; a test must not read what an earlier one left.
    process.env['HOME'] = folder
    gateway = new FakeGateway(`insecure_talk_${Date.now()}`)
    gateway.wechat.addContact({ id: 'wxid_liu', name: '刘桂兰' })
    gateway.wechat.addContact({ id: 'wxid_wang', name: '王芳' })
    gateway.wechat.addRoom({ ...ROOM })
    await gateway.start()
    const log = pino({ level: 'silent' })
    assistant = await openTestAssistant(now().toISOString(), { pulls: () => false, capabilities: () => channel.capabilities, wakeOutbox: () => outbox.wake(), now })
    channel = createWechatChannel({ serviceToken: gateway.token, endpoint: gateway.endpoint, noTls: true, stateDir: join(folder, 'state'), log, now, printQr: () => undefined, friendPauseMs: 10, timing: TIMING })
    outbox = createOutbox({ store: assistant.store, channels: [channel], log, now, processId: 'wechat-talk' })
    await outbox.start()
    await channel.start(async (message) => {
      const { turn } = await assistant.assistant.receive(message)
      turn.catch(() => undefined)
    })
    await eventually(() => gateway.wechat.puppet.listenerCount('message') > 0, 'the channel listens')
    gateway.wechat.login()
    await eventually(() => channel.status().state === 'online', 'the channel is online', 15_000)
  })
  afterEach(async () => {
    await channel.stop()
    await outbox.stop()
    await assistant.close()
    await gateway.die()
    if (homeBefore === undefined) delete process.env['HOME']
    else process.env['HOME'] = homeBefore
    rmSync(folder, { recursive: true, force: true })
  })

  const sentTo = (conversationId: string) => gateway.wechat.sent.filter((sent) => sent.conversationId === conversationId).map((sent) => sent.text)
  const ask = (roomId: string, text: string): string => gateway.wechat.say('wxid_liu', { roomId }, `@${gateway.wechat.name}\u2005${text}`)
  const received = () => assistant.store.read.inboundMessage.count()
  const undecided = () => assistant.store.read.inboundMessage.count({ where: { decidedAt: null } })
  async function until(check: () => Promise<boolean>, what: string): Promise<void> {
    for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) if (await check()) return
    throw new Error(`It did not happen: ${what}`)
  }

  async function bindStaff(): Promise<void> {
    await addStaff(assistant.store, { user: 'wang', role: 'staff', now: now() })
    await addStaff(assistant.store, { user: 'li', role: 'staff', now: now() })
    gateway.wechat.say('wxid_wang', 'private', `绑定 ${(await createStaffCode(assistant.store, { user: 'wang', now: now() })) ?? ''}`)
    await eventually(() => sentTo('wxid_wang').length > 0, 'staff are bound')
  }

  async function bindRoom(roomId: string): Promise<void> {
    const before = sentTo(roomId).length
    gateway.wechat.say('wxid_wang', { roomId }, `@${gateway.wechat.name}\u2005绑定 ${await createRoomCode(assistant.store, { now: now() })}`)
    await eventually(() => sentTo(roomId).length > before, 'the room is bound')
  }

  it('answers a question in a group with the clause, naming the asker, and takes a report on in private', async () => {
    await bindStaff()
    await bindRoom(ROOM.id)
    ask(ROOM.id, '社区志愿者要占居民多少')
    await eventually(() => sentTo(ROOM.id).length > 1, 'the answer')
    expect(sentTo(ROOM.id)[1]).toMatch(/^@刘桂兰\u2005[^]*10%以上[^]*第13条/)
    ask(ROOM.id, '报修：3号楼2单元楼道灯坏了')
    await eventually(() => sentTo('wxid_liu').length > 0, 'the form goes on in private')
    expect(sentTo(ROOM.id).at(-1)).not.toContain('3号楼')
    gateway.wechat.say('wxid_liu', 'private', '同意')
    await eventually(() => sentTo('wxid_liu').some((text) => /怎么称呼|姓名|贵姓/.test(text)), 'the name is asked for')
  })

  it('tells in the group how somebody who is no friend is reached in private, accepts the friend request, and the form goes on there', async () => {
    gateway.wechat.addContact({ id: 'wxid_zhao', name: '赵敏', friend: false })
    await bindStaff()
    await bindRoom(ROOM.id)
    gateway.wechat.say('wxid_zhao', { roomId: ROOM.id }, `@${gateway.wechat.name}\u2005报修：3号楼2单元楼道灯坏了`)
    await eventually(() => sentTo(ROOM.id).length > 1, 'the group is told')
    expect(sentTo(ROOM.id)[1]).toMatch(/^@赵敏\u2005[^]*私信[^]*请先加我为好友/)
    await until(async () => (await assistant.store.read.outboxMessage.count({ where: { status: 'failed', error: { startsWith: 'recipient_gone' } } })) === 1, 'the private question finds nobody')
    gateway.wechat.askToBeFriend('wxid_zhao')
    await eventually(() => sentTo('wxid_zhao').length > 0, 'the form goes on in private')
    expect(gateway.wechat.puppet.acceptedFriends).toEqual(['request-wxid_zhao'])
    expect(sentTo('wxid_zhao').join('\n')).toContain('同意')
    gateway.wechat.say('wxid_zhao', 'private', '同意')
    await eventually(() => sentTo('wxid_zhao').some((text) => /怎么称呼|姓名|贵姓/.test(text)), 'the name is asked for')
  })

  it('greets a new friend once, whether its puppet tells of the request, of the friendship, or of both', async () => {
    gateway.wechat.addContact({ id: 'wxid_zhao', name: '赵敏', friend: false })
    gateway.wechat.askToBeFriend('wxid_zhao')
    await eventually(() => sentTo('wxid_zhao').length > 0, 'the greeting')
    gateway.wechat.confirmFriend('wxid_zhao')
    gateway.wechat.confirmFriend('wxid_liu')
    await eventually(() => sentTo('wxid_liu').length > 0, 'the greeting of the other one')
    expect([sentTo('wxid_zhao').length, gateway.wechat.puppet.acceptedFriends]).toEqual([1, ['request-wxid_zhao']])
    expect(sentTo('wxid_zhao')[0]).toContain('您好，我是邻里')
  })

  it('T16: after a log-in with all ids new nothing is sent to a room of the same topic until it is bound again', async () => {
    await bindStaff()
    await bindRoom(ROOM.id)
    const again = { ...ROOM, id: '2002@chatroom' }
    const namesake = { ...ROOM, id: '3003@chatroom' }
    gateway.wechat.addRoom(again)
    gateway.wechat.addRoom(namesake)
    const announce = async (): Promise<void> => {
      const services = { store: assistant.store, now, wakeOutbox: () => outbox.wake(), areas: [] }
      const created = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: { roles: ['group'] } })
      await changeAnnouncement(services, { id: created.outcome === 'created' ? created.announcement.id : '', action: 'approve', by: 'li' })
    }
    await announce()
    await eventually(() => sentTo(ROOM.id).includes('明天停水'), 'the bound room hears it', 20_000)
    expect([...sentTo(again.id), ...sentTo(namesake.id)]).not.toContain('明天停水')
    await bindRoom(again.id)
    await announce()
    await eventually(() => sentTo(again.id).includes('明天停水'), 'the room that was bound again hears it', 20_000)
    expect(sentTo(namesake.id)).toEqual([])
  })

  it('T18: a burst of fifty messages that are two days old is stored and answered by nobody', async () => {
    const timestamp = Math.floor(Date.now() / 1000) - 2 * 24 * 3600
    for (let index = 0; index < 50; index += 1) gateway.wechat.say('wxid_liu', 'private', `志愿者要占居民多少 ${index}`, { timestamp })
    await until(async () => (await received()) === 50 && (await undecided()) === 0, 'fifty are stored and decided')
    expect(gateway.wechat.sent).toEqual([])
  })
})
