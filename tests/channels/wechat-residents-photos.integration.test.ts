import fs, { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path, { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createWechatChannel } from '../../src/channels/wechat/channel.ts'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { createOutbox, type Outbox } from '../../src/outbox/worker.ts'
import { FakeGateway } from '../fakes/wechat/gateway.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { JPEG, makePng, withExif } from '../support/picture-files.ts'
import { eventually } from './contract.ts'

const now = () => new Date()
let gateway: FakeGateway
let assistant: TestAssistant
let channel: Channel
let outbox: Outbox
let folder: string
const homeBefore = process.env['HOME']

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'linli-wechat-photos-'))
  process.env['HOME'] = folder
  gateway = new FakeGateway(`insecure_photos_${Date.now()}`)
  gateway.wechat.addContact({ id: 'wxid_liu', name: '刘桂兰' })
  gateway.wechat.addRoom({ id: '1001@chatroom', topic: '邻里群', memberIdList: ['wxid_assistant', 'wxid_liu'] })
  await gateway.start()
  const log = pino({ level: 'silent' })
  assistant = await openTestAssistant(now().toISOString(), {
    pulls: () => false,
    capabilities: () => channel.capabilities,
    fetchPhoto: async (_channel, _account, reference, signal) => (await channel.fetchPhoto?.(reference, signal)) ?? { outcome: 'failed', problem: 'lost' },
    wakeOutbox: () => outbox.wake(),
    now,
  })
  channel = createWechatChannel({ serviceToken: gateway.token, endpoint: gateway.endpoint, noTls: true, stateDir: join(folder, 'state'), log, now, printQr: () => undefined, timing: { firstBackoffMs: 50, longestBackoffMs: 500, random: () => 1 } })
  outbox = createOutbox({ store: assistant.store, channels: [channel], log, now, processId: 'wechat-photos' })
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

/** Says or sends something, and gives what it is answered with. */
async function answerTo(act: () => unknown): Promise<string> {
  const before = gateway.wechat.sent.length
  act()
  return (await eventually(() => gateway.wechat.sent[before], 'it is answered', 15_000)).text
}
const say = (text: string) => answerTo(() => gateway.wechat.say('wxid_liu', 'private', text))
const send = (bytes: Uint8Array) => answerTo(() => gateway.wechat.sendPhoto('wxid_liu', 'private', bytes))
const files = (): Buffer[] => {
  const directory = path.join(assistant.directory, 'photos')
  return fs.existsSync(directory) ? fs.readdirSync(directory).map((name) => fs.readFileSync(path.join(directory, name))) : []
}

it('photos before any word are asked about, and go with what is then reported; they go when everything is deleted', async () => {
  expect(await send(withExif(JPEG))).toContain('是什么事、在哪里')
  expect(await send(Uint8Array.from(makePng(300, 300, { noise: true })))).toContain('一共 2 张')
  expect(await send(Buffer.from('no photo at all'))).toContain('打不开')
  for (const text of ['3栋2单元楼道灯坏了', '同意', '刘桂兰，13800138001', '确认']) await say(text)
  const request = await assistant.store.read.serviceRequest.findFirstOrThrow({ include: { photos: true } })
  expect(request.photos).toHaveLength(2)
  expect(files().map((bytes) => bytes.includes('GPS'))).toEqual([false, false])
  for (const text of ['删除我的数据', '确认删除']) await say(text)
  expect(files()).toEqual([])
})

it('a photo in a group that staff have not bound is not fetched, and nothing of it is kept', async () => {
  gateway.wechat.sendPhoto('wxid_liu', { roomId: '1001@chatroom' }, JPEG)
  await expect.poll(() => assistant.store.read.inboundMessage.count({ where: { decidedAt: { not: null } } }), { timeout: 10_000 }).toBe(1)
  expect(files()).toEqual([])
  expect(await assistant.store.read.photo.count()).toBe(0)
})
