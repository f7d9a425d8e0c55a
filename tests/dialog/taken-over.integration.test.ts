import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { staffActor, type Actor } from '../../src/desk/actor.ts'
import { handBack, takeOver } from '../../src/desk/requests/take-over.ts'
import { createTakeovers } from '../../src/outbox/sweeps/takeovers.ts'
import { findRequest } from '../../src/store/requests/requests.ts'
import { listStaffNotices } from '../../src/store/staff/staff-notices.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { createDesk } from '../support/desk.ts'

let linli: TestAssistant
let li: Actor
let id: string

const desk = () => createDesk({ store: linli.store, now: () => linli.clock.now })
const later = (minutes: number) => {
  linli.clock.now = new Date(linli.clock.now.getTime() + minutes * 60_000)
}
const words = async () => ((await findRequest(linli.store, id))?.activities ?? []).filter(({ kind }) => kind === 'resident').map(({ note }) => note)

beforeEach(async () => {
  linli = await openTestAssistant()
  const added = await addStaff(linli.store, { user: 'li', name: '李明', role: 'staff', now: linli.clock.now })
  if (added.outcome !== 'added') throw new Error(added.outcome)
  li = staffActor(added.staff)
  for (const said of ['3号楼2单元楼道灯坏了', '同意', '我叫刘桂兰', '13800138001', '确认']) {
    await linli.say(said)
    later(1)
  }
  ;({ id } = await linli.store.read.serviceRequest.findFirstOrThrow())
  await takeOver(desk(), li, { id })
})
afterEach(() => linli.close())

describe('a conversation that staff have taken over', () => {
  it('gets no answer from the assistant: what is said joins the request and is told who speaks', async () => {
    for (const said of ['志愿者人数有什么要求', '4号楼水管也漏了', '你好']) expect((await linli.say(said)).replies).toEqual([])
    expect(await words()).toEqual(['志愿者人数有什么要求', '4号楼水管也漏了', '你好'])
    expect(await linli.store.read.serviceRequest.count()).toBe(1)
    expect((await listStaffNotices(linli.store, li.staffId ?? '')).map(({ text }) => text)).toContainEqual(expect.stringContaining('4号楼水管也漏了'))
  })

  it('is still met at once in danger', async () => {
    const turn = await linli.say('我家厨房着火了，快来人')
    expect(turn.intent).toBe('emergency')
    expect(turn.text).toContain('119')
    expect(await linli.store.read.serviceRequest.count({ where: { kind: 'emergency' } })).toBe(1)
  })

  it('is the assistant’s again when it is handed back, or idle for half an hour', async () => {
    later(29)
    expect((await linli.say('在吗')).replies).toEqual([])
    later(29)
    expect((await linli.say('还在吗')).replies).toEqual([])
    later(30)
    expect((await linli.say('志愿者人数有什么要求')).text).not.toBe('')
    await takeOver(desk(), li, { id })
    expect((await linli.say('你好')).replies).toEqual([])
    await handBack(desk(), li, { id })
    expect((await linli.say('你好')).text).not.toBe('')
  })

  it('is the assistant’s again after half an hour, and its resident is told so, once', async () => {
    const takeovers = createTakeovers({ store: linli.store, now: () => linli.clock.now, wakeOutbox: () => undefined, log: pino({ level: 'silent' }) })
    const told = async () => (await linli.store.read.outboxMessage.findMany({ where: { requestId: id, key: { startsWith: 'notice:' } }, orderBy: { seq: 'asc' } })).map(({ text }) => text)
    await linli.say('在吗')
    const before = (await told()).length
    expect(await takeovers.sweep()).toEqual(new Date(linli.clock.now.getTime() + 30 * 60_000))
    later(29)
    await takeovers.sweep()
    expect(await told()).toHaveLength(before)
    later(1)
    expect(await takeovers.sweep()).toBeNull()
    await takeovers.sweep()
    later(60)
    await takeovers.sweep()
    expect((await told()).slice(before)).toEqual([expect.stringContaining('我接着回您')])
    expect((await findRequest(linli.store, id))?.activities.at(-1)).toMatchObject({ kind: 'internal', author: 'system' })
    await takeOver(desk(), li, { id })
    await handBack(desk(), li, { id })
    later(60)
    await takeovers.sweep()
    expect((await told()).filter((text) => text.includes('半小时没有人说话了'))).toHaveLength(1)
  })
})
