import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWechatChannel } from '../../src/channels/wechat/channel.ts'
import type { Channel } from '../../src/domain/messages/channel.ts'
import type { OutgoingPicture } from '../../src/domain/pictures/pictures.ts'
import { FakeGateway } from '../fakes/wechat/gateway.ts'
import { JPEG, makePng } from '../support/picture-files.ts'
import { eventually, outgoing } from './contract.ts'

const toLiu = { kind: 'private', externalId: 'wxid_liu' } as const
const small: OutgoingPicture = { name: `${'a'.repeat(64)}.jpg`, size: JPEG.length, type: 'image/jpeg', bytes: Uint8Array.from(JPEG) }
/** Too large to travel beside the call: it goes up to the gateway first. */
const noise = Uint8Array.from(makePng(1_200, 1_000, { noise: true }))
const large: OutgoingPicture = { name: `${'b'.repeat(64)}.png`, size: noise.length, type: 'image/png', bytes: noise }

describe('pictures on WeChat, over gRPC', () => {
  let gateway: FakeGateway
  let channel: Channel
  let folder: string
  const homeBefore = process.env['HOME']

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'linli-wechat-pictures-'))
    process.env['HOME'] = folder
    gateway = new FakeGateway(`insecure_pictures_${Date.now()}`)
    gateway.wechat.addContact({ id: 'wxid_liu', name: '刘桂兰' })
    await gateway.start()
    channel = createWechatChannel({ serviceToken: gateway.token, endpoint: gateway.endpoint, noTls: true, stateDir: join(folder, 'state'), log: pino({ level: 'silent' }), now: () => new Date(), printQr: () => undefined, timing: { firstBackoffMs: 50, longestBackoffMs: 500, random: () => 1 } })
    await channel.start(async () => undefined)
    await eventually(() => gateway.wechat.puppet.listenerCount('message') > 0, 'the channel listens')
    gateway.wechat.login()
    await eventually(() => channel.status().state === 'online', 'the channel is online', 15_000)
  })
  afterEach(async () => {
    await channel.stop()
    await gateway.die()
    if (homeBefore === undefined) delete process.env['HOME']
    else process.env['HOME'] = homeBefore
    rmSync(folder, { recursive: true, force: true })
  })

  it.each([['small', small], ['of a megabyte', large]])('one that is %s arrives whole, as a picture', async (_, picture) => {
    expect(await channel.send(outgoing(toLiu, '', { picture }))).toMatchObject({ outcome: 'sent', platformMessageId: 'sent-1' })
    const [sent] = gateway.wechat.sent
    expect(sent).toMatchObject({ conversationId: 'wxid_liu', text: '' })
    expect(sent?.picture?.name).toBe(picture.type === 'image/png' ? 'picture.png' : 'picture.jpg')
    expect(Buffer.from(sent?.picture?.bytes ?? []).equals(Buffer.from(picture.bytes))).toBe(true)
  })

  it('one whose answer was lost is unknown, and the client does not send it in another way', async () => {
    gateway.wechat.lostAnswers.push(new Error('socket hang up'))
    expect(await channel.send(outgoing(toLiu, '', { picture: small }))).toMatchObject({ outcome: 'unknown' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(gateway.wechat.sent).toHaveLength(1)
  })

  it('tells a stranger, and an account that is too fast, apart', async () => {
    expect(await channel.send(outgoing({ kind: 'private', externalId: 'wxid_stranger' }, '', { picture: small }))).toMatchObject({ outcome: 'recipient_gone' })
    gateway.wechat.failures.push(new Error('操作太频繁'))
    expect(await channel.send(outgoing(toLiu, '', { picture: small }))).toMatchObject({ outcome: 'retry', pausesAccount: true })
    expect(gateway.wechat.sent).toEqual([])
  })

  it('waits while the gateway is down, and nothing is sent', async () => {
    await gateway.die()
    const result = await channel.send(outgoing(toLiu, '', { picture: large }))
    expect(result.outcome).toBe('retry')
    expect(gateway.wechat.sent).toEqual([])
  })
})
