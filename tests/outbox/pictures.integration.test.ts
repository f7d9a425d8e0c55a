import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { PICTURE_TYPES } from '../../src/domain/pictures/pictures.ts'
import { takePicture } from '../../src/outbox/announcement-picture.ts'
import { changeAnnouncement, createAnnouncement, findAnnouncement, type AnnouncementDraft, type AnnouncementServices } from '../../src/outbox/announcements.ts'
import { createOutbox, type Outbox } from '../../src/outbox/worker.ts'
import { decideUnknown, queueTestSend } from '../../src/store/announcements/announcement-receipts.ts'
import { acknowledge, listDeliveries } from '../../src/store/outbox/deliveries.ts'
import { openPictures, type Pictures } from '../../src/store/pictures/pictures.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'
import { eventually } from '../channels/contract.ts'
import { JPEG, makePng, withExif } from '../support/picture-files.ts'
import { ScriptedChannel, VirtualTime } from './virtual.ts'
import { addPeople, addStaffMembers, openTestStore, silentLog } from './world.ts'

const ACCOUNT = { channel: 'telegram', account: '7000001' }
const CHATS = [301, 302, 303]
const LONG = '停水通知：明天八点到十二点停水，请提前接水。'.repeat(60)

let world: Awaited<ReturnType<typeof openTestStore>>
let pictures: Pictures
/** Where they are kept. */
let directory: string
let services: AnnouncementServices
let api: FakeBotApi
let channel: Channel
let outbox: Outbox | undefined
/** Added to the clock: leases of a sender that is gone are over at once. */
let aheadMs: number
const now = () => new Date(Date.now() + aheadMs)

beforeEach(async () => {
  aheadMs = 0
  world = await openTestStore()
  directory = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'linli-pictures-')), 'pictures')
  pictures = openPictures({ directory, store: world.store, now })
  services = { store: world.store, now, wakeOutbox: () => outbox?.wake(), areas: [], pictures }
  await addStaffMembers(world.store, 'wang', 'li')
  await addPeople(world.store, CHATS.map(String), ACCOUNT)
  await world.store.write((transaction) => Promise.all(CHATS.map((id) => transaction.conversation.updateMany({ where: { id: `c-${id}` }, data: { externalId: String(id) } }))))
  api = new FakeBotApi({ now })
  await api.start()
  for (const id of CHATS) api.openChat({ id, type: 'private', first_name: '居民' })
  channel = createTelegramChannel({ token: api.token, apiRoot: api.apiRoot, log: silentLog, now, offsets: { read: async () => null, write: async () => undefined }, timing: { pollSeconds: 1, sendTimeoutSeconds: 1, uploadTimeoutSeconds: 1, random: () => 1 } })
  await channel.start(async () => undefined)
  await eventually(() => channel.status().state === 'online', 'Telegram is connected')
})
afterEach(async () => {
  await outbox?.stop()
  outbox = undefined
  await channel.stop()
  await api.die()
  await world.close()
  fs.rmSync(path.dirname(directory), { recursive: true, force: true })
})

async function startOutbox(channels: Channel[] = [channel], publicUrl: string | null = 'https://linli.example'): Promise<void> {
  await outbox?.stop()
  outbox = createOutbox({ store: world.store, channels, log: silentLog, now, processId: `p-${Math.random()}`, pictures: { read: (name) => pictures.read(name), address: (name) => publicUrl && `${publicUrl}/pictures/${name}` } })
  await outbox.start()
}

async function announce(more: Partial<AnnouncementDraft> = {}, file: Uint8Array = withExif(JPEG)): Promise<string> {
  const taken = await takePicture(pictures, file)
  if (taken.outcome !== 'taken') throw new Error(taken.reason)
  const created = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: {}, picture: taken.picture, ...more })
  if (created.outcome !== 'created') throw new Error(JSON.stringify(created))
  const { id } = created.announcement
  expect((await changeAnnouncement(services, { id, action: 'approve', by: 'li' })).outcome).toBe('changed')
  return id
}

const progress = async (id: string) => (await findAnnouncement(services, id))?.progress
const finished = async (id: string): Promise<void> => {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const open = await world.store.read.outboxMessage.count({ where: { announcementId: id, status: { in: ['queued', 'sending'] } } })
    if (open === 0) return
  }
  throw new Error(`not finished: ${JSON.stringify(await progress(id))}`)
}
/** What one chat was shown, in order. */
const seenIn = (chatId: number): string[] => api.sent.filter((sent) => sent.chatId === chatId).map((sent) => `${sent.photo === undefined ? '' : '[图]'}${sent.text}`)

describe('a picture with a short text on Telegram', () => {
  it('arrives as one message with caption and button, cleaned of its place, uploaded once', async () => {
    await startOutbox()
    const id = await announce({ title: '停水' })
    await finished(id)
    for (const chat of CHATS) expect(seenIn(chat)).toEqual(['[图]【停水】\n明天停水'])
    expect(api.sent.map((sent) => sent.buttons.map((button) => button.label))).toEqual(CHATS.map(() => ['收到']))
    for (const sent of api.sent) expect(Buffer.from(sent.photo?.bytes ?? []).equals(Buffer.from(JPEG))).toBe(true)
    expect(api.sent.map((sent) => sent.photo?.wasUploaded)).toEqual([true, false, false])
    expect(await progress(id)).toMatchObject({ total: 3, sent: 3, open: 0 })
  })

  it('whose answer was lost is unknown and goes to nobody twice, nor to others by a reference nobody has', async () => {
    api.fail('sendPhoto', { kind: 'lost_answer' })
    await startOutbox()
    const id = await announce()
    await finished(id)
    for (const chat of CHATS) expect(seenIn(chat)).toEqual(['[图]明天停水'])
    expect(await progress(id)).toMatchObject({ total: 3, sent: 2, unknown: 1 })
  })

  it('that has to wait is sent once when the wait is over, also by the next process', async () => {
    api.fail('sendPhoto', { kind: 'error', code: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } })
    await startOutbox()
    const id = await announce()
    await eventually(() => api.callsOf('sendPhoto').length > 0, 'it is tried')
    await startOutbox()
    await finished(id)
    for (const chat of CHATS) expect(seenIn(chat)).toEqual(['[图]明天停水'])
  })

  it('goes up again where Telegram no longer knows its reference', async () => {
    await startOutbox()
    await finished(await announce())
    api.photos.clear()
    await finished(await announce({ text: '后天也停水' }))
    for (const chat of CHATS) expect(seenIn(chat)).toEqual(['[图]明天停水', '[图]后天也停水'])
  })

  it('that Telegram refuses does not keep its text back', async () => {
    api.fail('sendPhoto', ...CHATS.map(() => ({ kind: 'error' as const, code: 400, description: 'Bad Request: IMAGE_PROCESS_FAILED' })))
    await startOutbox()
    const id = await announce()
    await finished(id)
    for (const chat of CHATS) expect(seenIn(chat)).toEqual(['明天停水'])
    expect(await progress(id)).toMatchObject({ sent: 3 })
  })

  it('whose file is gone goes as text', async () => {
    const id = await announce({ sendAt: new Date(now().getTime() + 300) })
    fs.rmSync(directory, { recursive: true })
    await startOutbox()
    await finished(id)
    for (const chat of CHATS) expect(seenIn(chat)).toEqual(['明天停水'])
  })

  it('is blamed on nobody where the recipient is gone', async () => {
    api.setStanding(302, 'blocked')
    await startOutbox()
    const id = await announce()
    await finished(id)
    expect(await progress(id)).toMatchObject({ total: 3, sent: 2, failed: 1 })
    expect(seenIn(302)).toEqual([])
  })
})

describe('a picture with a text that is longer than a caption', () => {
  it('goes first, its text follows; every recipient counts once', async () => {
    await startOutbox()
    const id = await announce({ text: LONG })
    await finished(id)
    for (const chat of CHATS) expect(seenIn(chat)).toEqual(['[图]', LONG])
    expect(await progress(id)).toMatchObject({ total: 3, sent: 3, open: 0 })
    expect((await findAnnouncement(services, id))?.status).toBe('finished')
    expect((await listDeliveries(world.store, id, { limit: 10 }))?.items).toHaveLength(3)
    await acknowledge(world.store, '301', now())
    expect(await progress(id)).toMatchObject({ acknowledged: 1 })
  })

  it('is not sent again when the text has to wait, whichever process goes on', async () => {
    api.fail('sendMessage', ...[1, 2, 3].map(() => ({ kind: 'error' as const, code: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } })))
    await startOutbox()
    const id = await announce({ text: LONG })
    await eventually(() => api.callsOf('sendMessage').length > 0, 'a text is tried')
    await startOutbox()
    await finished(id)
    for (const chat of CHATS) expect(seenIn(chat)).toEqual(['[图]', LONG])
  })

  it('that got no answer is not sent again, not even when staff have the unknown ones sent once more, and its text arrives', async () => {
    api.fail('sendPhoto', { kind: 'lost_answer' })
    await startOutbox()
    const id = await announce({ text: LONG })
    await finished(id)
    for (const chat of CHATS) expect(seenIn(chat)).toEqual(['[图]', LONG])
    expect(await progress(id)).toMatchObject({ total: 3, sent: 3, unknown: 0 })
    expect(await decideUnknown(world.store, { announcementId: id, as: 'again', by: 'li', now: now() })).toBe(0)
    expect(await world.store.read.outboxMessage.count({ where: { announcementId: id, pictureOf: { not: null }, status: 'unknown' } })).toBe(1)
  })

  it('that is refused does not keep its text back', async () => {
    api.fail('sendPhoto', ...CHATS.map(() => ({ kind: 'error' as const, code: 400, description: 'Bad Request: PHOTO_INVALID_DIMENSIONS' })))
    await startOutbox()
    const id = await announce({ text: LONG })
    await finished(id)
    for (const chat of CHATS) expect(seenIn(chat)).toEqual([LONG])
  })

  it('stops with its announcement', async () => {
    api.fail('sendMessage', ...CHATS.map(() => ({ kind: 'error' as const, code: 429, description: 'Too Many Requests: retry after 30', parameters: { retry_after: 30 } })))
    await startOutbox()
    const id = await announce({ text: LONG })
    await eventually(() => api.callsOf('sendMessage').length > 0, 'a text is tried')
    await changeAnnouncement(services, { id, action: 'cancel', by: 'li' })
    await finished(id)
    const { sent = 0, cancelled = 0 } = (await progress(id)) ?? {}
    expect(sent + cancelled).toBe(3)
    expect(api.sent.filter((one) => one.photo === undefined)).toHaveLength(sent)
  })
})

describe('先发给我自己看看', () => {
  it.each([['a short text', '明天停水', ['[图]（试发，只有您收到）\n明天停水']], ['a long one', LONG, ['[图]', `（试发，只有您收到）\n${LONG}`]]])('with %s shows the picture as residents would see it, to that member of staff alone', async (_, text, expected) => {
    const taken = await takePicture(pictures, JPEG)
    if (taken.outcome !== 'taken') throw new Error(taken.reason)
    const created = await createAnnouncement(services, { by: 'wang', text, audience: {}, picture: taken.picture })
    if (created.outcome !== 'created') throw new Error(created.outcome)
    const staffId = (await world.store.read.staffMember.findFirstOrThrow({ where: { user: 'wang' } })).id
    await world.store.write((transaction) => transaction.identity.createMany({ data: [{ id: 'i-301', ...ACCOUNT, externalId: '301', personId: '301', staffId, createdAt: now() }] }))
    await startOutbox()
    const { announcement } = created
    expect(await queueTestSend(world.store, { announcementId: announcement.id, text: announcement.text, picture: announcement.picture, staffId, now: now() })).toBe(1)
    outbox?.wake()
    await eventually(() => api.sent.length === expected.length, 'it arrives')
    expect(seenIn(301)).toEqual(expected)
    expect(await progress(announcement.id)).toMatchObject({ total: 3, open: 3, sent: 0 })
  })
})

describe('where a platform sends no pictures, or not this one', () => {
  const to = async (options: ConstructorParameters<typeof ScriptedChannel>[1], publicUrl: string | null, file?: Uint8Array): Promise<string[]> => {
    const plain = new ScriptedChannel(new VirtualTime(now().toISOString()), { id: 'telegram', account: ACCOUNT.account, ...options })
    await startOutbox([plain], publicUrl)
    await finished(await announce({}, file))
    return plain.texts
  }

  it('its text comes with the address of the picture', async () => {
    const texts = await to({}, 'https://linli.example')
    expect(texts).toHaveLength(3)
    for (const text of texts) expect(text).toMatch(/^明天停水\n图片：https:\/\/linli\.example\/pictures\/[0-9a-f]{64}\.jpg$/)
  })

  it('and residents cannot reach this service, the text says that there is a picture', async () => {
    expect(await to({}, null)).toEqual(CHATS.map(() => '明天停水\n（还有一张图片，这里发不出来。）'))
  })

  it('too large for it, the text comes with the address', async () => {
    const texts = await to({ pictures: { types: PICTURE_TYPES, largestBytes: 1_000, longestCaption: null } }, 'https://linli.example', makePng(100, 100, { noise: true }))
    for (const text of texts) expect(text).toMatch(/\.png$/)
  })
})

describe('the files of pictures', () => {
  const files = () => fs.readdirSync(directory).sort()
  const draft = async (file: Uint8Array) => {
    const taken = await takePicture(pictures, file)
    if (taken.outcome !== 'taken') throw new Error(taken.reason)
    const created = await createAnnouncement(services, { by: 'wang', text: '停水', audience: {}, picture: taken.picture })
    return created.outcome === 'created' ? { id: created.announcement.id, name: taken.picture.name } : Promise.reject(new Error(created.outcome))
  }
  const cancel = (id: string) => changeAnnouncement(services, { id, action: 'cancel', by: 'wang' })

  it('the same picture is kept once, and goes with the last draft that has it', async () => {
    const [one, other] = [await draft(JPEG), await draft(withExif(JPEG))]
    expect(files()).toEqual([one.name])
    expect(other.name).toBe(one.name)
    await cancel(one.id)
    expect(files()).toEqual([one.name])
    await cancel(other.id)
    expect(files()).toEqual([])
  })

  it('a picture that somebody got stays, whatever becomes of its announcement', async () => {
    const one = await draft(JPEG)
    await changeAnnouncement(services, { id: one.id, action: 'approve', by: 'li' })
    await cancel(one.id)
    expect(files()).toEqual([one.name])
  })

  it('one that was chosen and not used is gone after a day, and what a crash left too; nothing else is touched', async () => {
    const kept = await draft(JPEG)
    await takePicture(pictures, makePng(10, 10))
    fs.writeFileSync(path.join(directory, '.half.part'), 'x')
    fs.writeFileSync(path.join(directory, 'README'), 'x')
    await pictures.sweep()
    expect(files()).toHaveLength(4)
    aheadMs = 25 * 60 * 60 * 1000
    await pictures.sweep()
    expect(files()).toEqual([kept.name, 'README'].sort())
  })

  it('an announcement whose picture is gone meanwhile is refused with a sentence', async () => {
    const taken = await takePicture(pictures, JPEG)
    if (taken.outcome !== 'taken') throw new Error(taken.reason)
    await pictures.forget(taken.picture.name)
    expect(await createAnnouncement(services, { by: 'wang', text: '停水', audience: {}, picture: taken.picture })).toEqual({ outcome: 'invalid', reason: '刚才选的图片已经不在了，请再选一次。' })
    expect(await pictures.read('../linli.db')).toBeNull()
    expect(await pictures.find('../linli.db')).toBeNull()
  })
})
