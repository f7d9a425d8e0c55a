import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { editSeveral, findUndoable, undoLastBulk } from '../../src/desk/requests/bulk.ts'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import { noteInternally } from '../../src/desk/requests/note-internally.ts'
import { handBack, takeOver } from '../../src/desk/requests/take-over.ts'
import { tellResident } from '../../src/desk/requests/tell-resident.ts'
import { findTakeover } from '../../src/store/conversations/takeover.ts'
import { lastLine, openDeskWorld, type DeskWorld } from './desk-world.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await openDeskWorld()
})
afterEach(() => world.close())

const member = ({ staffId, ...actor }: DeskWorld['li']) => ({ ...actor, staffId: staffId ?? '' })
const at = (iso: string) => {
  world.clock.now = new Date(iso)
}

describe('telling a resident', () => {
  it('reaches them once, stands in the history, and can wait for an answer', async () => {
    const { id, number } = await world.file()
    await tellResident(world.desk, world.li, { id, said: '厨房还是卫生间？', asks: true })
    expect((await tellResident(world.desk, world.li, { id, said: '厨房还是卫生间？', asks: true })).outcome).toBe('unchanged')
    expect(await world.sent('c-liu')).toEqual([`关于您的“公共照明”（${number}），社区的李明说：\n厨房还是卫生间？\n请直接在这里回复。`])
    const request = await world.read(id)
    expect(lastLine(request)).toEqual({ by: 'li', author: 'staff', kind: 'staff_note', note: '厨房还是卫生间？' })
    expect(request.status).toBe('waiting_resident')
  })

  it('refuses what is blank or too long, and whom nothing reaches', async () => {
    const { id } = await world.file()
    expect((await tellResident(world.desk, world.li, { id, said: ' ' })).outcome).toBe('empty')
    expect(await tellResident(world.desk, world.li, { id, said: '长'.repeat(10_000) })).toEqual({ outcome: 'note_too_long', longest: 2_000 })
    await world.store.write((transaction) => transaction.serviceRequest.update({ where: { id }, data: { conversationId: null } }))
    expect((await tellResident(world.desk, world.li, { id, said: '在家吗' })).outcome).toBe('unreachable')
    expect((await world.read(id)).activities).toHaveLength(1)
  })
})

describe('taking a conversation over', () => {
  it('is one person’s at a time, told the resident in one line, and handed back by any colleague', async () => {
    const { id } = await world.file()
    expect((await takeOver(world.desk, world.li, { id })).outcome).toBe('taken_over')
    expect((await takeOver(world.desk, world.li, { id })).outcome).toBe('unchanged')
    expect(await takeOver(world.desk, world.wang, { id })).toEqual({ outcome: 'held', by: 'li' })
    await tellResident(world.desk, world.li, { id, said: '在家吗' })
    expect((await handBack(world.desk, world.wang, { id })).outcome).toBe('handed_back')
    expect((await handBack(world.desk, world.wang, { id })).outcome).toBe('unchanged')
    expect(await world.sent('c-liu')).toEqual([expect.stringMatching(/^社区的李明来和您说话了/), '李明：在家吗', expect.stringMatching(/^王丽说完了/)])
  })

  it('ends by itself when nobody has said anything for half an hour, counted from the last word', async () => {
    const { id } = await world.file()
    await takeOver(world.desk, world.li, { id })
    at('2026-11-24T02:29:00Z')
    expect(await findTakeover(world.store.read, 'c-liu', world.clock.now)).toMatchObject({ by: 'li', requestId: id })
    await tellResident(world.desk, world.li, { id, said: '在家吗' })
    at('2026-11-24T02:58:00Z')
    expect(await findTakeover(world.store.read, 'c-liu', world.clock.now)).not.toBeNull()
    at('2026-11-24T02:59:00Z')
    expect(await findTakeover(world.store.read, 'c-liu', world.clock.now)).toBeNull()
    expect((await takeOver(world.desk, world.wang, { id })).outcome).toBe('taken_over')
  })
})

describe('several requests at once', () => {
  it('are each done by themselves, and what can’t be done is said with its reason', async () => {
    const [one, other, done, fire] = [await world.file(), await world.file(), await world.file(), await world.file()]
    await changeRequest(world.desk, world.li, { id: done.id, status: 'resolved', note: '' })
    await world.store.write((transaction) => transaction.serviceRequest.update({ where: { id: fire.id }, data: { kind: 'emergency' } }))
    const result = await editSeveral(world.desk, member(world.li), { ids: [one.id, other.id, done.id, fire.id, 'none', one.id], assignee: 'wang', status: 'dispatched' })
    if (result.outcome !== 'done') throw new Error(result.outcome)
    expect(result.changed.map(({ id }) => id)).toEqual([one.id, other.id])
    expect(result.refused.map(({ id, why }) => [id, why.outcome])).toEqual([[done.id, 'not_allowed'], [fire.id, 'emergency'], ['none', 'not_found']])
    expect(await world.read(one.id)).toMatchObject({ status: 'dispatched', assignee: { user: 'wang' } })
    expect((await world.read(done.id)).assignee).toBeNull()
  })

  it('are taken back within a minute, and nobody hears of it', async () => {
    const [one, other] = [await world.file(), await world.file()]
    await editSeveral(world.desk, member(world.li), { ids: [one.id, other.id], assignee: 'wang', status: 'resolved', note: '修好了' })
    expect(await world.page(world.wang)).toHaveLength(2)
    await noteInternally(world.desk, world.zhao, { id: other.id, note: '没好' })
    at('2026-11-24T02:00:59Z')
    expect(await undoLastBulk(world.desk, member(world.wang))).toEqual({ outcome: 'too_late' })
    expect(await undoLastBulk(world.desk, member(world.li))).toEqual({ outcome: 'undone', restored: [one.number], left: [other.number] })
    expect(await world.read(one.id)).toMatchObject({ status: 'submitted', assigneeId: null, finishedAt: null })
    expect(await world.read(other.id)).toMatchObject({ status: 'resolved', assignee: { user: 'wang' } })
    const rows = await world.store.read.outboxMessage.findMany({ where: { conversationId: 'c-liu' } })
    expect(rows.map(({ requestId, status }) => [requestId === one.id, status]).sort()).toEqual([[false, 'queued'], [true, 'cancelled']])
    expect(await world.page(world.wang)).toHaveLength(1)
    expect(JSON.stringify((await world.store.read.dialogState.findFirstOrThrow()).state)).not.toContain(one.id)
    expect(await undoLastBulk(world.desk, member(world.li))).toEqual({ outcome: 'too_late' })
  })

  it('are told their residents only when the minute is over, and can’t be taken back then', async () => {
    const { id } = await world.file()
    await editSeveral(world.desk, member(world.li), { ids: [id], status: 'resolved' })
    expect((await world.store.read.outboxMessage.findFirstOrThrow({ where: { conversationId: 'c-liu' } })).notBefore).toEqual(new Date('2026-11-24T02:01:00Z'))
    expect((await findUndoable(world.store, member(world.li).staffId, world.clock.now))?.changes).toHaveLength(1)
    at('2026-11-24T02:01:00Z')
    expect(await undoLastBulk(world.desk, member(world.li))).toEqual({ outcome: 'too_late' })
    expect((await world.read(id)).status).toBe('resolved')
  })

  it('are all as they were when the program stops in the middle, and nothing stands there to be taken back', async () => {
    const [one, other] = [await world.file(), await world.file()]
    let looks = 0
    const now = () => {
      // The clock is asked for each of them: it stops at the second.
      looks += 1
      if (looks > 2) throw new Error('killed')
      return world.clock.now
    }
    await expect(editSeveral({ ...world.desk, now }, member(world.li), { ids: [one.id, other.id], assignee: 'wang', status: 'resolved' })).rejects.toThrow('killed')
    expect(await world.read(one.id)).toMatchObject({ status: 'submitted', assigneeId: null, activities: [{}] })
    expect(await findUndoable(world.store, member(world.li).staffId, world.clock.now)).toBeNull()
    expect(await world.page(world.wang)).toEqual([])
  })

  it('are not touched where nothing is said of them', async () => {
    const { id } = await world.file()
    expect((await editSeveral(world.desk, member(world.li), { ids: [], status: 'accepted' })).outcome).toBe('no_requests')
    expect((await editSeveral(world.desk, member(world.li), { ids: [id], note: ' ' })).outcome).toBe('nothing_to_do')
    expect((await editSeveral(world.desk, member(world.li), { ids: Array.from({ length: 101 }, (_, index) => String(index)), status: 'accepted' })).outcome).toBe('too_many')
    expect((await world.read(id)).activities).toHaveLength(1)
  })
})
