import type { Chat, User } from 'grammy/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AnnouncementRecord } from '../../src/store/announcements/announcement-records.ts'
import { changeAnnouncement, createAnnouncement, findAnnouncement } from '../../src/outbox/announcements.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { openTelegramWorld, type TelegramWorld } from './telegram-world.ts'

const RESIDENTS = [1, 2, 3, 4, 5, 6].map((number) => ({ from: { id: 4_000 + number, is_bot: false, first_name: `居民${number}` } satisfies User, chat: { id: 4_000 + number, type: 'private', first_name: `居民${number}` } satisfies Chat.PrivateChat }))
const GROUPS = [1, 2, 3].map((number): Chat.GroupChat => ({ id: -4_000 - number, type: 'group', title: `${number}号楼` }))
const TEXT = '明天上午九点到下午五点停水，请提前备水。'

let world: TelegramWorld
beforeEach(async () => { world = await openTelegramWorld() })
afterEach(async () => { await world.close() })

const services = () => ({ store: world.store, areas: [], now: () => new Date(), wakeOutbox: () => world.outbox.wake() })

async function announce(roles: ('resident' | 'group')[]): Promise<string> {
  for (const user of ['wang', 'li']) await addStaff(world.store, { user, role: 'staff', now: new Date() })
  const created = await createAnnouncement(services(), { by: 'wang', text: TEXT, audience: { roles } })
  if (created.outcome !== 'created') throw new Error(created.outcome)
  expect((await changeAnnouncement(services(), { id: created.announcement.id, action: 'approve', by: 'li' })).outcome).toBe('changed')
  return created.announcement.id
}
async function finished(id: string): Promise<AnnouncementRecord> {
  await expect.poll(async () => (await findAnnouncement(services(), id))?.status, { timeout: 20_000 }).toBe('finished')
  const record = await findAnnouncement(services(), id)
  if (record === null) throw new Error('the announcement is gone')
  return record
}
const deliveries = (id: string) => world.store.read.outboxMessage.findMany({ where: { announcementId: id }, orderBy: { seq: 'asc' }, select: { status: true, conversation: { select: { externalId: true, goneAt: true } } } })
const gotIt = (): number[] => world.api.sent.filter((sent) => sent.text === TEXT).map((sent) => sent.chatId)

async function bindGroups(): Promise<void> {
  for (const chat of GROUPS) world.api.say(RESIDENTS[0]!.from, chat, '@linli_test_bot 你好')
  await world.sent(GROUPS.length)
  await world.settled()
  await world.store.write((transaction) => transaction.conversation.updateMany({ where: { kind: 'group' }, data: { boundAt: new Date() } }))
}

describe('T9: an announcement', () => {
  it('to somebody who has blocked the assistant fails for them alone, and they are left out of the next', async () => {
    for (const { from, chat } of RESIDENTS) world.api.say(from, chat, '订阅')
    await world.sent(RESIDENTS.length)
    await world.settled()
    // The bot hears of one block, and finds out about the other only by sending.
    world.api.setStanding(4_002, 'blocked')
    world.api.chats.known(4_005).standing = 'blocked'
    await world.settled()
    const first = await finished(await announce(['resident']))
    expect(first.progress).toMatchObject({ total: 5, open: 0, sent: 4, failed: 1, unknown: 0 })
    expect(gotIt().sort()).toEqual([4_001, 4_003, 4_004, 4_006])
    const failed = (await deliveries(first.id)).find((row) => row.status === 'failed')
    expect(failed?.conversation).toMatchObject({ externalId: '4005', goneAt: expect.any(Date) as Date })
    const second = await createAnnouncement(services(), { by: 'wang', text: TEXT, audience: { roles: ['resident'] } })
    expect(second.outcome === 'created' && second.announcement.progress.total).toBe(4)
    // Who writes again is there again.
    world.api.openChat(RESIDENTS[4]!.chat)
    world.api.say(RESIDENTS[4]!.from, RESIDENTS[4]!.chat, '你好')
    await world.settled()
    expect((await findAnnouncement(services(), second.outcome === 'created' ? second.announcement.id : ''))?.progress.total).toBe(5)
  })

  it('to a group that has sent the assistant away fails there, and reaches the others', async () => {
    await bindGroups()
    world.api.chats.known(-4_002).standing = 'kicked'
    const { id, progress } = await finished(await announce(['group']))
    expect(progress).toMatchObject({ total: 3, sent: 2, failed: 1 })
    expect(gotIt().sort()).toEqual([-4_001, -4_003])
    expect((await deliveries(id)).filter((row) => row.conversation.goneAt !== null).map((row) => row.conversation.externalId)).toEqual(['-4002'])
  })
})

describe('T10: a group that is migrated in the middle of an announcement', () => {
  it('gets it once, in its new chat, also when the service message about it comes later', async () => {
    await bindGroups()
    // Telegram has moved it, and the bot is told by the refusal to send.
    const old = world.api.chats.known(-4_002)
    old.movedTo = -1_004_002
    world.api.openChat({ id: -1_004_002, type: 'supergroup', title: '2号楼' })
    const { id, progress } = await finished(await announce(['group']))
    expect(progress).toMatchObject({ total: 3, sent: 3, failed: 0, unknown: 0 })
    expect(gotIt().sort()).toEqual([-1_004_002, -4_001, -4_003].sort())
    for (const update of world.api.migrate(-4_002, -1_004_002)) world.api.deliver(update)
    await world.settled()
    expect((await deliveries(id)).map((row) => row.conversation.externalId).sort()).toEqual(['-1004002', '-4001', '-4003'])
    expect(await world.store.read.conversation.count({ where: { kind: 'group', boundAt: { not: null } } })).toBe(3)
    expect(gotIt()).toHaveLength(3)
  })
})
