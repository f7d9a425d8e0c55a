import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import { editRequest } from '../../src/desk/requests/edit-request.ts'
import { fileForCaller } from '../../src/desk/requests/file-for-caller.ts'
import { retryWebhook } from '../../src/desk/retry-webhook.ts'
import { createWebhooks, type Webhooks } from '../../src/outbox/webhooks.ts'
import { moveRequest } from '../../src/store/requests/move-request.ts'
import { subscribeWebhooks } from '../../src/store/webhooks/webhooks.ts'
import { openDeskWorld, type DeskWorld } from '../desk/desk-world.ts'
import { startReceiver, type WebhookReceiver } from '../fakes/webhooks/receiver.ts'
import { captureLog, type CapturedLog } from '../support/log.ts'

const KEY = randomBytes(32)
const SECRET = `whsec_${KEY.toString('base64')}`
const SECOND_MS = 1000
const HOUR_MS = 3600 * SECOND_MS

let world: DeskWorld
let receiver: WebhookReceiver
let webhooks: Webhooks
let captured: CapturedLog
const open = (secret = SECRET) => createWebhooks({ store: world.store, target: { url: receiver.url, secret }, log: captured.log, now: () => world.clock.now })

beforeEach(async () => {
  ;[world, receiver] = [await openDeskWorld(), await startReceiver(KEY)]
  captured = captureLog()
  webhooks = open()
  await subscribeWebhooks(world.store, true, world.clock.now)
})
afterEach(async () => {
  await webhooks.stop()
  await receiver.close()
  await world.close()
})

/** One round of the outbox, and all that it begins. */
async function round(): Promise<Date | null> {
  await webhooks.sweep()
  await webhooks.idle()
  return webhooks.sweep()
}
const pass = (ms: number) => (world.clock.now = new Date(world.clock.now.getTime() + ms))
const file = async () => {
  const filed = await fileForCaller(world.desk, world.li, { channel: 'phone', name: '刘桂兰', phone: '13800138001', address: '3号楼2单元501', description: '楼道灯坏了' })
  if (filed.outcome !== 'filed') throw new Error(filed.outcome)
  return filed.request
}
const states = async () => (await world.store.read.webhookDelivery.findMany({ orderBy: [{ at: 'asc' }, { id: 'asc' }] })).map(({ state }) => state)

describe('a change of a request', () => {
  it('is pushed with its number, status and instant, signed, and nothing that is anybody’s', async () => {
    const { id, number, createdAt } = await file()
    pass(SECOND_MS)
    await changeRequest(world.desk, world.li, { id, status: 'accepted', note: '刘桂兰家，马上来' })
    const acceptedAt = world.clock.now
    pass(SECOND_MS)
    await editRequest(world.desk, world.li, { id, assignee: 'wang', correction: { address: '4号楼1单元101' } })
    pass(SECOND_MS)
    await round()
    expect(receiver.received.map(({ body }) => body)).toEqual([
      { type: 'request.created', number, status: 'submitted', at: createdAt.toISOString() },
      { type: 'request.updated', number, status: 'accepted', at: acceptedAt.toISOString() },
      { type: 'request.updated', number, status: 'accepted', at: expect.any(String) as string },
      { type: 'request.updated', number, status: 'accepted', at: expect.any(String) as string },
    ])
    for (const { raw, type, timestamp } of receiver.received) {
      expect(type).toBe('application/json')
      expect(timestamp).toBe(Math.floor(world.clock.now.getTime() / SECOND_MS))
      expect(raw).not.toMatch(/刘桂兰|13800138001|号楼|灯坏了|wang/)
    }
    expect(new Set(receiver.received.map(({ id: webhookId }) => webhookId)).size).toBe(4)
    expect(await states()).toEqual(['sent', 'sent', 'sent', 'sent'])
    await round()
    expect(receiver.received.length).toBe(4)
    expect(captured.faults()).toEqual([])
  })

  it('is none where staff only note something for themselves', async () => {
    const { id } = await file()
    await round()
    await editRequest(world.desk, world.li, { id, internalNote: '这家要多留意' })
    await round()
    expect(receiver.received.length).toBe(1)
  })

  it('is queued with the change or not at all', async () => {
    const { id } = await file()
    const failing = world.store.write(async (transaction) => {
      await moveRequest(transaction, id, { kind: 'status', author: 'staff', by: 'li', note: '', to: 'accepted' }, world.clock.now)
      throw new Error('taken back')
    })
    await expect(failing).rejects.toThrow('taken back')
    expect(await states()).toEqual(['queued'])
  })

  it('is not queued where nothing is pushed, and what waited is not sent later', async () => {
    await file()
    await subscribeWebhooks(world.store, false, world.clock.now)
    await file()
    expect(await states()).toEqual(['failed'])
    await subscribeWebhooks(world.store, true, world.clock.now)
    await round()
    expect(receiver.received).toEqual([])
    await file()
    await round()
    expect(receiver.received.length).toBe(1)
  })
})

describe('a program that does not take it', () => {
  it('gets it again, later each time, under the same id and a signature of that time; one line says so, one when it is over', async () => {
    await file()
    receiver.answers = 500
    let at = world.clock.now.getTime()
    for (const waitMs of [5, 30, 120, 600].map((seconds) => seconds * SECOND_MS)) {
      const next = await round()
      expect((next?.getTime() ?? 0) - at).toBe(waitMs)
      world.clock.now = new Date(at + waitMs - 1)
      const before = receiver.received.length
      await round()
      expect(receiver.received.length).toBe(before)
      at += waitMs
      world.clock.now = new Date(at)
    }
    receiver.answers = 200
    await round()
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)
    expect(receiver.received.map(({ timestamp }) => timestamp - (receiver.received[0]?.timestamp ?? 0))).toEqual([0, 5, 35, 155, 755])
    expect(await states()).toEqual(['sent'])
    expect(captured.faults().map(({ fault, reason }) => [fault, reason])).toEqual([['webhook-not-taken', 'HTTP 500']])
    expect(captured.lines.at(-1)?.msg).toMatch(/takes what is pushed to it again/)
  })

  it('is given up after a day, with a line; staff have it pushed again', async () => {
    const { number } = await file()
    receiver.answers = 404
    for (let next = await round(); next !== null; next = await round()) world.clock.now = next
    const [kept] = await world.store.read.webhookDelivery.findMany()
    expect(kept).toMatchObject({ number, state: 'failed', error: 'HTTP 404' })
    const tookMs = world.clock.now.getTime() - (kept?.at.getTime() ?? 0)
    expect([tookMs > 21 * HOUR_MS, tookMs <= 24 * HOUR_MS]).toEqual([true, true])
    const line = captured.faults().at(-1)
    expect(line).toMatchObject({ fault: 'webhook-given-up', webhook: kept?.id })
    expect(JSON.stringify(captured.lines)).not.toMatch(/whsec_|127\.0\.0\.1/)
    receiver.answers = 204
    expect(await retryWebhook(world.desk, world.li, kept?.id ?? '')).toBe(true)
    await round()
    expect(await states()).toEqual(['sent'])
    expect(await retryWebhook(world.desk, world.li, kept?.id ?? '')).toBe(false)
    expect(await world.store.read.auditEntry.findMany({ where: { action: 'retry_webhook' } })).toMatchObject([{ actor: 'li', subject: kept?.id }])
  })

  it('is not followed elsewhere, nor believed with another secret', async () => {
    await file()
    receiver.answers = 302
    await round()
    expect(receiver.received.length).toBe(1)
    expect(captured.faults()).toMatchObject([{ reason: 'HTTP 302' }])
    webhooks = open(`whsec_${randomBytes(32).toString('base64')}`)
    pass(HOUR_MS)
    await round()
    expect(receiver.received.length).toBe(1)
    expect((await world.store.read.webhookDelivery.findFirstOrThrow()).error).toBe('HTTP 401')
  })

  it('that is away is named as that', async () => {
    await file()
    await receiver.close()
    await round()
    expect((await world.store.read.webhookDelivery.findFirstOrThrow()).error).toBe('ECONNREFUSED')
    receiver = await startReceiver(KEY)
  })
})

it('what was being pushed when the process ended is pushed by the next one, under the same id', async () => {
  await file()
  receiver.answers = 'hangs'
  await webhooks.sweep()
  await expect.poll(() => receiver.received.length).toBe(1)
  await webhooks.stop()
  receiver.answers = 204
  webhooks = open()
  await round()
  expect(receiver.received.length).toBe(1)
  pass(30 * SECOND_MS)
  await round()
  expect(receiver.received.map(({ id }) => id)).toEqual([receiver.received[0]?.id, receiver.received[0]?.id])
  expect(await states()).toEqual(['sent'])
})

it('what was settled a month ago is forgotten; a plain text is a secret too', async () => {
  await file()
  await round()
  pass(31 * 24 * HOUR_MS)
  await round()
  expect(await states()).toEqual([])
  const plain = await startReceiver(Buffer.from('a plain secret of words'))
  const other = createWebhooks({ store: world.store, target: { url: plain.url, secret: 'a plain secret of words' }, log: captured.log, now: () => world.clock.now })
  await file()
  await other.sweep()
  await other.idle()
  expect(plain.received.length).toBe(1)
  await plain.close()
})
