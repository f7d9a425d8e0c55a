import { afterEach, beforeEach, expect, it } from 'vitest'
import { inOrder, unlessHeld } from '../../../src/outbox/sweeps/sweeps.ts'
import { settleRestored } from '../../../src/store/backups/settle-restored.ts'
import { decideHeld, readHeld, watchHeld } from '../../../src/store/outbox/held.ts'
import { claimRows } from '../../../src/store/outbox/outbox-sending.ts'
import { queueMessages } from '../../../src/store/outbox/outbox.ts'
import { openTestStore } from '../../outbox/world.ts'
import { fill, NOW } from './world.ts'

const RESTORED = new Date(NOW.getTime() + 3_600_000)
let world: Awaited<ReturnType<typeof openTestStore>>
let heldSince: () => Promise<Date | null>
beforeEach(async () => {
  world = await openTestStore()
  await fill(world.store, NOW)
  heldSince = watchHeld(world.store)
})
afterEach(() => world.close())

/** What an outbox would send now. */
async function claim(now: Date): Promise<string[]> {
  const accounts = [{ channel: 'fake', account: 'a1', pulls: false, total: 100, announcements: 100 }]
  const { rows } = await claimRows(world.store, { owner: 'o', now, leaseUntil: new Date(now.getTime() + 20_000), accounts, isQuiet: false, held: new Set(), heldSince: await heldSince() })
  return rows.map(({ message }) => message.key)
}

const restore = () => world.store.write((transaction) => settleRestored(transaction, { backupAt: NOW, file: 'f', now: RESTORED, isSqlite: world.url.startsWith('file:') }))
const reply = (inboundId: string, key: string) => world.store.write((transaction) => queueMessages(transaction, [{ key, conversationId: 'c', personId: 'p', inboundId, priority: 'reply', kind: 'answer', text: '您好', isPushed: false }], RESTORED))

it('after a restore nothing of before goes out, also no reply to what was decided only then; what is new does', async () => {
  expect(await restore()).toEqual({ messages: 1, announcements: 1 })
  await reply('m', 'late')
  await world.store.write((transaction) => transaction.inboundMessage.createMany({ data: [{ id: 'm2', channel: 'fake', account: 'a1', externalId: '2', conversationId: 'c', personId: 'p', text: '在吗', attachments: [], isAddressed: true, sentAt: RESTORED, receivedAt: RESTORED }] }))
  await reply('m2', 'new')
  expect(await claim(RESTORED)).toEqual(['new'])
  expect(await readHeld(world.store)).toMatchObject({ messages: 2, announcements: 1, backupAt: NOW })
})

it('goes out when staff say so, once, or never', async () => {
  await restore()
  let swept = 0
  const sweep = unlessHeld(async () => (await heldSince()) !== null, inOrder(() => {
    swept += 1
    return Promise.resolve(null)
  }))
  await sweep()
  expect(swept).toBe(0)
  expect(await decideHeld(world.store, { by: 'wang', decision: 'sent', now: RESTORED })).toEqual({ outcome: 'decided', messages: 1 })
  expect(await decideHeld(world.store, { by: 'wang', decision: 'cancelled', now: RESTORED })).toEqual({ outcome: 'nothing_held' })
  await sweep()
  expect(swept).toBe(1)
  expect(await claim(RESTORED)).toEqual(['k1'])
  expect(await claim(RESTORED)).toEqual([])

  await restore()
  await decideHeld(world.store, { by: 'wang', decision: 'cancelled', now: RESTORED })
  expect(await readHeld(world.store)).toBeNull()
  expect(await world.store.read.auditEntry.findMany({ where: { action: { startsWith: 'held_' } }, select: { action: true, actor: true } })).toEqual([
    { action: 'held_sent', actor: 'wang' },
    { action: 'held_cancelled', actor: 'wang' },
  ])
})
