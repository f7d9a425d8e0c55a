import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { receiveMessage } from '../../../src/store/conversations/inbound.ts'
import { commitTurn, loadTurn, type TurnCommit } from '../../../src/store/conversations/turns.ts'
import type { Store } from '../../../src/store/engine/store.ts'
import { openTestStore } from '../../outbox/world.ts'

const NOW = new Date('2026-11-24T02:00:00Z')

let world: Awaited<ReturnType<typeof openTestStore>>
let store: Store
beforeEach(async () => {
  world = await openTestStore()
  store = world.store
})
afterEach(() => world.close())

/** Writes one row, and counts how often it had to be run for that. */
function neighbour(): { runs: number; done: Promise<unknown> } {
  const one = { runs: 0, done: Promise.resolve() as Promise<unknown> }
  const id = randomUUID()
  one.done = store.write((transaction) => {
    one.runs += 1
    return transaction.person.createMany({ data: [{ id, createdAt: NOW }] })
  })
  return one
}

async function turnOf(externalId: string, text: string): Promise<TurnCommit> {
  const message = { channel: 'http', account: 'api', externalId, conversation: { kind: 'private' as const, externalId }, sender: { externalId }, isAddressed: true, text, attachments: [], sentAt: NOW }
  const { inboundId } = await receiveMessage(store, message, NOW)
  const { context } = await loadTurn(store, inboundId, NOW)
  return { message, context, pulls: true, now: NOW, outcome: { intent: 'smalltalk', changes: [], replies: [{ to: 'sender', kind: 'text', text: '您好' }] } as unknown as TurnCommit['outcome'] }
}

describe('Writes that share a transaction', () => {
  it('a message that was decided elsewhere ends its own turn: nothing of it is written, and no neighbour is run again', async () => {
    const turn = await turnOf('m1', '您好')
    expect(await commitTurn(store, turn)).toMatchObject({ status: 'committed' })
    const neighbours = Array.from({ length: 5 }, neighbour)
    const again = commitTurn(store, { ...turn, outcome: { ...turn.outcome, intent: 'other', draft: { form: 'service_request', values: {} } as never } })
    neighbours.push(...Array.from({ length: 5 }, neighbour))
    expect(await again).toEqual({ status: 'already_decided' })
    await Promise.all(neighbours.map(({ done }) => done))
    expect(neighbours.map(({ runs }) => runs)).toEqual(Array(10).fill(1))
    expect([await store.read.draft.count(), await store.read.outboxMessage.count()]).toEqual([0, 1])
    expect(await store.read.inboundMessage.findMany({ select: { intent: true } })).toEqual([{ intent: 'smalltalk' }])
  })

  it('one that fails pays alone: the others are run once more, together, and in their order', async () => {
    const order: number[] = []
    const write = (index: number) =>
      store.write(async (transaction) => {
        order.push(index)
        await transaction.person.createMany({ data: [{ id: `p${index}`, createdAt: NOW }] })
        if (index === 30) throw new Error('of its own')
      })
    const settled = await Promise.allSettled(Array.from({ length: 64 }, (_, index) => write(index)))
    expect(settled.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1)
    expect(settled[30]).toMatchObject({ status: 'rejected', reason: { message: 'of its own' } })
    expect(await store.read.person.count()).toBe(63)
    expect(order).toEqual([...Array.from({ length: 31 }, (_, index) => index), ...Array.from({ length: 64 }, (_, index) => index)])
  })
})
