import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWecomChannel } from '../../src/channels/wecom/channel.ts'
import { createWecomWebhookChannel } from '../../src/channels/wecom/webhook-channel.ts'
import type { Channel } from '../../src/domain/messages/channel.ts'
import type { OutgoingPicture } from '../../src/domain/pictures/pictures.ts'
import { FakeWecom } from '../fakes/wecom/server.ts'
import { JPEG, makePng } from '../support/picture-files.ts'
import { eventually, outgoing } from './contract.ts'

const toZhang = { kind: 'private', externalId: 'zhangsan' } as const
const small: OutgoingPicture = { name: `${'a'.repeat(64)}.jpg`, size: JPEG.length, type: 'image/jpeg', bytes: Uint8Array.from(JPEG) }
const noise = Uint8Array.from(makePng(1_200, 1_000, { noise: true }))
const large: OutgoingPicture = { name: `${'b'.repeat(64)}.png`, size: noise.length, type: 'image/png', bytes: noise }
const log = pino({ level: 'silent' })

describe('pictures on WeCom', () => {
  let server: FakeWecom
  let channel: Channel

  beforeEach(async () => {
    server = new FakeWecom()
    await server.start()
    server.knownChats.add('zhangsan').add('lisi')
    channel = createWecomChannel({ botId: server.botId, secret: server.secret, wsUrl: server.wsUrl, log, now: () => new Date(), timing: { firstBackoffMs: 20, longestBackoffMs: 100, heartbeatMs: 200, takenMs: 200, random: () => 1 } })
    await channel.start(async () => undefined)
    await eventually(() => channel.status().state === 'online', 'it is online')
  })
  afterEach(async () => {
    await channel.stop()
    await server.die()
    expect(server.complaints).toEqual([])
  })

  it.each([['small', small], ['in several chunks', large]])('one that is %s is uploaded once and arrives whole at everybody', async (_, picture) => {
    const to = ['zhangsan', 'lisi', 'zhangsan']
    for (const externalId of to) expect(await channel.send(outgoing({ kind: 'private', externalId }, '', { picture }))).toEqual({ outcome: 'sent' })
    expect(server.sent.map(({ chatid }) => chatid)).toEqual(to)
    for (const { image } of server.sent) expect(Buffer.from(image ?? []).equals(Buffer.from(picture.bytes))).toBe(true)
    expect(server.uploads.media.size).toBe(1)
  })

  it('one that WeCom has forgotten goes up again at the next try', async () => {
    await channel.send(outgoing(toZhang, '', { picture: small }))
    server.uploads.media.clear()
    expect((await channel.send(outgoing(toZhang, '', { picture: small }))).outcome).toBe('retry')
    expect((await channel.send(outgoing(toZhang, '', { picture: small }))).outcome).toBe('sent')
    expect(server.sent).toHaveLength(2)
  })

  it('one whose answer was lost is unknown', async () => {
    server.faults.push('hang_up')
    expect((await channel.send(outgoing(toZhang, '', { picture: small }))).outcome).toBe('unknown')
  })

  it('one that does not get up is not sent, and tried again', async () => {
    await server.die()
    expect((await channel.send(outgoing(toZhang, '', { picture: small }))).outcome).toBe('retry')
    await server.start()
  })

  describe('that residents send', () => {
    /** As WeCom encrypts a file: AES-256-CBC, padded to blocks of 32 bytes. */
    function encrypt(bytes: Uint8Array, key: Buffer): Buffer {
      const padding = 32 - (bytes.length % 32)
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
      return Buffer.concat([cipher.update(Buffer.concat([bytes, Buffer.alloc(padding, padding)])), cipher.final()])
    }
    const fetchFrom = (path: string, key?: Buffer) => channel.fetchPhoto?.(JSON.stringify({ url: server.fileUrl(path), ...(key && { aeskey: key.toString('base64') }) }), AbortSignal.timeout(5_000))

    it('is fetched from where WeCom says, and decrypted', async () => {
      const key = randomBytes(32)
      server.files.set('/photo', encrypt(JPEG, key))
      const fetched = await fetchFrom('/photo', key)
      expect(fetched?.outcome === 'fetched' && Buffer.from(fetched.bytes).equals(Buffer.from(JPEG))).toBe(true)
    })

    it('one that is gone, in no shape that we know, or encrypted with another key is lost; a large one is not read to its end', async () => {
      server.files.set('/photo', encrypt(JPEG, randomBytes(32)))
      server.files.set('/large', new Uint8Array(6 * 1024 * 1024))
      expect(await fetchFrom('/nothing')).toEqual({ outcome: 'failed', problem: 'lost' })
      expect(await fetchFrom('/photo', randomBytes(32))).toEqual({ outcome: 'failed', problem: 'lost' })
      expect(await channel.fetchPhoto?.('no address', AbortSignal.timeout(5_000))).toEqual({ outcome: 'failed', problem: 'lost' })
      expect(await fetchFrom('/large')).toEqual({ outcome: 'failed', problem: 'too_large' })
    })
  })

  it('group webhooks take one whole, with its checksum', async () => {
    const groups = createWecomWebhookChannel({ groups: [{ name: '幸福群', webhookUrl: server.webhookUrl('k1') }], log, now: () => new Date() })
    await groups.start(async () => undefined)
    expect(await groups.send(outgoing({ kind: 'group', externalId: '幸福群' }, '', { picture: small }))).toEqual({ outcome: 'sent' })
    expect(server.webhookPosts).toEqual([{ key: 'k1', body: { msgtype: 'image', image: { base64: Buffer.from(JPEG).toString('base64'), md5: createHash('md5').update(JPEG).digest('hex') } } }])
    await groups.stop()
  })
})
