import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWechatChannel } from '../../src/channels/wechat/channel.ts'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { changeAnnouncement, createAnnouncement } from '../../src/outbox/announcements.ts'
import { createOutbox, type Outbox } from '../../src/outbox/worker.ts'
import { createRoomCode, createStaffCode } from '../../src/store/staff/codes.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { FakeGateway, OFFICIAL } from '../fakes/wechat/gateway.ts'
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

  it('T16: after a log-in with all ids new, two rooms with the same topic: nothing is said in either until the room is bound again', async () => {
    const renamed = (id: string): string => (id.includes('@') ? `new-${id}` : `${id}_new`)
    await bindStaff()
    await bindRoom(ROOM.id)
    const [ours] = await assistant.store.read.conversation.findMany({ where: { kind: 'group' } })
    const services = { store: assistant.store, now, wakeOutbox: () => outbox.wake(), areas: [] }
    const announce = async (text: string): Promise<void> => {
      const created = await createAnnouncement(services, { by: 'wang', text, audience: { roles: ['group'] } })
      await changeAnnouncement(services, { id: created.outcome === 'created' ? created.announcement.id : '', action: 'approve', by: 'li' })
    }

    await gateway.wechat.logoutWithAllIdsNew(renamed)
    const [again, namesake] = [renamed(ROOM.id), '3003@chatroom']
    gateway.wechat.addRoom({ ...ROOM, id: namesake, memberIdList: ROOM.memberIdList.map(renamed) })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    gateway.wechat.login()
    await eventually(() => channel.status().state === 'online', 'the channel is online again', 15_000)
    for (const roomId of [again, namesake]) gateway.wechat.say('wxid_liu_new', { roomId }, `@${gateway.wechat.name}\u2005志愿者要占居民多少`)
    await announce('明天停水')
    await until(async () => (await assistant.store.read.outboxMessage.count({ where: { announcementId: { not: null }, status: 'failed' } })) === 1, 'the announcement finds no room')
    await until(async () => (await undecided()) === 0, 'the questions are decided')
    expect([...sentTo(again), ...sentTo(namesake)]).toEqual([])

    const code = await createRoomCode(assistant.store, { roomId: ours?.id ?? '', now: now() })
    gateway.wechat.say('wxid_wang_new', { roomId: again }, `@${gateway.wechat.name}\u2005绑定 ${code}`)
    gateway.wechat.say('wxid_wang_new', 'private', `绑定 ${(await createStaffCode(assistant.store, { user: 'wang', now: now() })) ?? ''}`)
    await eventually(() => sentTo('wxid_wang_new').length > 0, 'staff are bound again')
    expect(sentTo(again)).toEqual([])
    gateway.wechat.say('wxid_wang_new', { roomId: again }, `@${gateway.wechat.name}\u2005绑定 ${code}`)
    await eventually(() => sentTo(again).length > 0, 'the room is bound again')
    expect(sentTo(again)[0]).toContain('阳光花园邻里群')
    await announce('后天也停水')
    await eventually(() => sentTo(again).includes('后天也停水'), 'the room hears it', 20_000)
    expect(sentTo(namesake)).toEqual([])
    expect(await assistant.store.read.conversation.findMany({ where: { kind: 'group' }, orderBy: { createdAt: 'asc' } })).toMatchObject([{ id: ours?.id, externalId: again }, { externalId: namesake, boundAt: null }])
  })

  it('T18: a burst of fifty messages that are two days old is stored and not answered; what needs somebody goes to staff', async () => {
    await bindStaff()
    await bindRoom(ROOM.id)
    const before = [gateway.wechat.sent.length, await received()] as const
    const timestamp = Math.floor(Date.now() / 1000) - 2 * 24 * 3600
    for (let index = 0; index < 24; index += 1) gateway.wechat.say('wxid_liu', 'private', `志愿者要占居民多少 ${index}`, { timestamp })
    for (let index = 0; index < 24; index += 1) gateway.wechat.say('wxid_liu', { roomId: ROOM.id }, `@${gateway.wechat.name}\u2005志愿者要占居民多少 ${index}`, { timestamp })
    gateway.wechat.say('wxid_liu', 'private', '转人工', { timestamp })
    gateway.wechat.say('wxid_liu', { roomId: ROOM.id }, `@${gateway.wechat.name}\u2005我家着火了，救命`, { timestamp })
    await until(async () => (await received()) - before[1] === 50 && (await undecided()) === 0, 'fifty are stored and decided')
    expect(gateway.wechat.sent).toHaveLength(before[0])
    expect((await assistant.store.read.serviceRequest.findMany({ orderBy: { number: 'asc' } })).map((request) => request.kind)).toEqual(['handoff', 'emergency'])
    expect((await assistant.store.read.inboundMessage.findMany({ where: { sentAt: new Date(timestamp * 1000) } })).every((message) => message.text !== '')).toBe(true)
  })

  it('T19: our own message echoed and another bot in the room are neither answered nor stored', async () => {
    gateway.wechat.addContact({ id: 'gh_weather', name: '天气', type: OFFICIAL })
    await bindStaff()
    await bindRoom(ROOM.id)
    const before = [gateway.wechat.sent.length, await received()] as const
    const question = `@${gateway.wechat.name}\u2005志愿者要占居民多少`
    for (const id of [gateway.wechat.selfId, 'gh_weather']) {
      gateway.wechat.say(id, { roomId: ROOM.id }, question)
      gateway.wechat.say(id, 'private', '志愿者要占居民多少')
    }
    gateway.wechat.say('wxid_liu', { roomId: ROOM.id }, '以上')
    await until(async () => (await received()) > before[1] && (await undecided()) === 0, 'what came after them is decided')
    expect([gateway.wechat.sent.length, await received()]).toEqual([before[0], before[1] + 1])
  })

  it('T20: a hostile nickname and topic do no harm where they are repeated', async () => {
    const hostile = '@所有人 <b>x</b>\u202e\u2005http://evil.example/'
    const room = { ...ROOM, id: '4004@chatroom', topic: hostile }
    gateway.wechat.addRoom(room)
    gateway.wechat.addContact({ id: 'wxid_evil', name: hostile })
    await bindStaff()
    await bindRoom(room.id)
    gateway.wechat.say('wxid_evil', { roomId: room.id }, `@${gateway.wechat.name}\u2005志愿者要占居民多少`)
    await eventually(() => sentTo(room.id).length > 1, 'the answer')
    const [ours] = await assistant.store.read.conversation.findMany({ where: { kind: 'group', externalId: room.id } })
    gateway.wechat.say('wxid_wang', { roomId: room.id }, `@${gateway.wechat.name}\u2005绑定 ${await createRoomCode(assistant.store, { roomId: ours?.id ?? '', now: now() })}`)
    await eventually(() => sentTo(room.id).length > 2, 'the room is bound again')
    expect(sentTo(room.id)[1]).toContain('10%')
    expect(sentTo(room.id)[2]).toContain('认出来了')
    for (const text of sentTo(room.id)) expect(text).not.toMatch(/所有人|<b>|evil|\u202e/)
  })

  it('T21: what was to be said while the gateway was away is said once, within 30 s of its return', async () => {
    await bindStaff()
    await bindRoom(ROOM.id)
    await gateway.die()
    await eventually(() => channel.status().state === 'degraded', 'the loss is noticed')
    const services = { store: assistant.store, now, wakeOutbox: () => outbox.wake(), areas: [] }
    const created = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: { roles: ['group'] } })
    await changeAnnouncement(services, { id: created.outcome === 'created' ? created.announcement.id : '', action: 'approve', by: 'li' })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await gateway.start()
    const back = Date.now()
    await eventually(() => {
      if (gateway.wechat.puppet.listenerCount('message') > 0) gateway.wechat.login()
      return sentTo(ROOM.id).includes('明天停水')
    }, 'the room hears it', 30_000)
    expect(Date.now() - back).toBeLessThan(30_000)
    await until(async () => (await assistant.store.read.outboxMessage.count({ where: { status: { in: ['queued', 'sending'] } } })) === 0, 'nothing waits')
    expect(sentTo(ROOM.id).filter((text) => text === '明天停水')).toHaveLength(1)
    expect(await assistant.store.read.outboxMessage.findMany({ where: { announcementId: { not: null } } })).toMatchObject([{ status: 'sent' }])
  })
})
