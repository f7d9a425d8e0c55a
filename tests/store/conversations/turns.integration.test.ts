import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeRequest } from '../../../src/desk/requests/change-request.ts'
import { receiveMessage } from '../../../src/store/conversations/inbound.ts'
import { loadTurn } from '../../../src/store/conversations/turns.ts'
import type { Store } from '../../../src/store/engine/store.ts'
import { addFollower } from '../../../src/store/requests/followers.ts'
import { fillSearchTexts } from '../../../src/store/requests/requests.ts'
import { openDeskWorld, type DeskWorld } from '../../desk/desk-world.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await openDeskWorld()
})
afterEach(() => world.close())

let messages = 0
/** What a turn of this person is decided from, by a store that knows one statement and nothing else. */
const load = async (sender = 'liu') => {
  messages += 1
  const { inboundId } = await receiveMessage(world.store, { channel: 'http', account: 'api', externalId: `m${messages}`, conversation: { kind: 'private', externalId: sender }, sender: { externalId: sender }, isAddressed: true, text: '几点来', attachments: [], sentAt: world.clock.now }, world.clock.now)
  let statements = 0
  const read = { $queryRaw: (...query: Parameters<Store['read']['$queryRaw']>) => ((statements += 1), world.store.read.$queryRaw(...query)) }
  const { context } = await loadTurn({ ...world.store, read: read as never }, inboundId, world.clock.now)
  expect(statements).toBe(1)
  return context.person
}
/** Messages of `liu` are that person's, whose requests the desk's world files. */
const isLiu = () => world.store.write((transaction) => transaction.identity.createMany({ data: [{ id: 'i-liu', channel: 'http', account: 'api', externalId: 'liu', personId: 'liu', createdAt: world.clock.now }] }))

describe('what a turn is decided from, read in one statement,', () => {
  it('says that nothing is open', async () => {
    await isLiu()
    expect((await load()).request).toBeNull()
  })

  it('says since when staff wait for an answer, whatever was touched later', async () => {
    await isLiu()
    const asked = await world.file()
    await changeRequest(world.desk, world.li, { id: asked.id, status: 'waiting_resident', note: '厨房还是卫生间？' })
    const { waitingSince, updatedAt } = await world.read(asked.id)
    world.clock.now = new Date(world.clock.now.getTime() + 60_000)
    await world.file({ description: '电梯停了' })
    expect((await load()).request).toEqual({ askedAt: waitingSince, touchedAt: updatedAt })
  })

  it('counts what ended less than seven days ago, and nothing older; an emergency is none of it', async () => {
    await isLiu()
    const { id } = await world.file()
    const fire = await world.file()
    await world.store.write((transaction) => transaction.serviceRequest.update({ where: { id: fire.id }, data: { kind: 'emergency' } }))
    await changeRequest(world.desk, world.li, { id, status: 'resolved', note: '' })
    const { updatedAt } = await world.read(id)
    world.clock.now = new Date('2026-12-01T01:59:00Z')
    expect((await load()).request).toEqual({ askedAt: null, touchedAt: updatedAt })
    world.clock.now = new Date('2026-12-01T02:01:00Z')
    expect((await load()).request).toBeNull()
  })

  it('counts what somebody else filed and this person follows', async () => {
    const { id, updatedAt } = await world.file()
    const { id: personId } = await load('qian')
    const { id: conversationId } = await world.store.read.conversation.findFirstOrThrow({ where: { externalId: 'qian' } })
    await world.store.write((transaction) => addFollower(transaction, { requestId: id, personId, conversationId, since: world.clock.now }))
    expect((await load('qian')).request).toEqual({ askedAt: null, touchedAt: updatedAt })
  })
})

it('what requests are found by is made where it lacks, and where it lacks nowhere nothing is written', async () => {
  const [{ id }, other] = [await world.file(), await world.file()]
  await world.store.write((transaction) => transaction.serviceRequest.update({ where: { id }, data: { searchText: '' } }))
  let writes = 0
  const store: Store = { ...world.store, read: world.store.read, write: (job) => ((writes += 1), world.store.write(job)) }
  await fillSearchTexts(store)
  expect(writes).toBe(1)
  expect((await world.read(id)).searchText).toContain('灯')
  expect(await world.read(other.id)).toEqual(other)
  await fillSearchTexts(store)
  expect(writes).toBe(1)
})
