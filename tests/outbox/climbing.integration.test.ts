import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_DEADLINES, dueAtOf } from '../../src/domain/requests/deadlines.ts'
import type { NewRequest } from '../../src/domain/messages/outcome.ts'
import type { RequestKind } from '../../src/domain/requests/requests.ts'
import { formatLocalLong, fromLocalIso } from '../../src/domain/time.ts'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import { serviceRequestForm } from '../../src/forms/service-request.ts'
import { READS_NOTHING } from '../../src/forms/form.ts'
import { loadKnowledge } from '../../src/knowledge/documents/load.ts'
import { createClimbing } from '../../src/outbox/sweeps/climbing.ts'
import type { Store } from '../../src/store/engine/store.ts'
import { insertRequest, moveRequest } from '../../src/store/requests/move-request.ts'
import { captureLog } from '../support/log.ts'
import { staffNamed } from '../support/staff.ts'
import { BY_DAY, SPECIAL, type Row } from './climbing-table.ts'
import { addPeople, openTestStore } from './world.ts'

const knowledge = await loadKnowledge('knowledge')
const { deadlines, services, areas } = knowledge

/** In the community of Yingbin, town of Dongshan, district of Jiagedaqi. */
const PLACE = 'jgdq-dongshan-yingbin'
const STAFF = [
  { user: 'boss', name: '管理员', role: 'admin', areaCode: null },
  { user: 'ma', name: '马骏', role: 'staff', areaCode: PLACE },
  { user: 'li', name: '李强', role: 'staff', areaCode: 'jgdq-dongshan' },
  { user: 'sun', name: '孙丽', role: 'staff', areaCode: 'jgdq-weidong' },
  { user: 'zhao', name: '赵敏', role: 'staff', areaCode: 'jgdq' },
  { user: 'qian', name: '钱进', role: 'staff', areaCode: 'dxal' },
]
/** When it is looked whether something has to climb, each day. */
const LOOKS = ['00:00', '00:10', '04:10', '08:00', '08:29', '08:30', '09:00', '17:29', '17:30', '22:40']
const SERVICE_OF = { urgent: '电梯故障', ordinary: '公共照明', long: '绿化养护' } as const

const local = (text: string): Date => fromLocalIso(`2026-${text.replace(' ', 'T')}`)
const shown = (at: Date | null): string => (at === null ? '' : formatLocalLong(at).slice(5))

let world: Awaited<ReturnType<typeof openTestStore>>
let store: Store
let now: Date
let log: ReturnType<typeof captureLog>

beforeEach(async () => {
  log = captureLog()
  world = await openTestStore(log.log)
  store = world.store
  now = local('09-18 00:00')
})
afterEach(() => world.close())

const addStaff = (...users: string[]) =>
  store.write((transaction) => transaction.staffMember.createMany({ data: STAFF.filter(({ user }) => users.includes(user)).map((person) => ({ id: person.user, ...person, passwordHash: '', mustChangePassword: false, createdAt: now })) }))

/** As after a restart: nothing is known but what is stored. */
const sweep = () => createClimbing({ store, services: () => services, areas: () => areas, deadlines: () => deadlines, log: log.log, now: () => now }).sweep()

const context = () => ({ services, areas, deadlines, knownArea: PLACE, now, read: READS_NOTHING })

/** What the form makes of it when it is confirmed. */
function formRecord(category: string): NewRequest {
  const [record] = serviceRequestForm.records({ category, description: '坏了', address: '迎宾小区3号楼', name: '刘桂兰', phone: '13800138001' }, context(), [])
  if (record?.type !== 'create_request') throw new Error('no request')
  return record.request
}

const plain = (kind: RequestKind): NewRequest => ({ ...formRecord('其他'), kind, serviceCode: null, category: '找工作人员', dueAt: dueAtOf({ kind }, deadlines, now) })

/** Filed by a resident of their own; the id. */
async function file(request: NewRequest, resident = 'r1'): Promise<string> {
  if ((await store.read.person.count({ where: { id: resident } })) === 0) await addPeople(store, [resident])
  const { id } = await store.write((transaction) => insertRequest(transaction, request, { author: 'resident', by: '居民', personId: resident, channel: 'fake', requesterId: resident, conversationId: `c-${resident}` }, now))
  return id
}

const historyOf = async (id: string) => (await store.read.activity.findMany({ where: { requestId: id, kind: 'escalation' }, orderBy: { at: 'asc' } })).map(({ at, note, by }) => ({ at: shown(at), note, by }))
const toldTo = async (resident: string) => (await store.read.outboxMessage.findMany({ where: { personId: resident, kind: 'notice' }, orderBy: { seq: 'asc' } })).map(({ text }) => text)
const noticesOf = async (staffId: string) => (await store.read.staffNotice.findMany({ where: { staffId }, orderBy: { at: 'asc' } })).map(({ text }) => text)

type Act = (typeof SPECIAL)[string]['acts'][number]['act']
const DESK = { get store() { return store }, now: () => now, wakeOutbox: () => undefined }
const ACTS: Record<Act, (id: string) => Promise<unknown>> = {
  resolve: (id) => changeRequest(DESK, staffNamed('ma'), { id, status: 'resolved', note: '修好了' }),
  wait: (id) => changeRequest(DESK, staffNamed('ma'), { id, status: 'waiting_resident', note: '厨房还是卫生间？' }),
  answer: (id) => store.write((transaction) => moveRequest(transaction, id, { kind: 'resident', author: 'resident', by: '居民', to: 'in_progress', note: '卫生间' }, now)),
  see: (id) => changeRequest(DESK, staffNamed('ma'), { id, status: 'accepted', note: '' }),
  put_off: (id) => store.write((transaction) => moveRequest(transaction, id, { kind: 'correction', author: 'staff', by: 'ma', note: '', values: { dueAt: local('10-09 17:30') } }, now)),
}

describe('requests that are not done in time', () => {
  it('200 of them, over holidays: each is due and climbs when the hand-made table says so', async () => {
    await addStaff('boss', 'ma', 'li', 'sun', 'zhao', 'qian')
    const filed: { id: string; name: string; resident: string; due: string; climbs: string[] }[] = []
    const events: { at: Date; run: () => Promise<unknown> }[] = []
    const plan = (at: string, name: string, make: () => NewRequest, expected: { due: string; climbs: string[] }, acts: { at: string; act: Act }[] = []) => {
      const resident = `r${filed.length}`
      const one = { id: '', name, resident, ...expected }
      filed.push(one)
      events.push({ at: local(at), run: async () => (one.id = await file(make(), resident)) })
      for (const { at: when, act } of acts) events.push({ at: local(when), run: () => ACTS[act](one.id) })
    }
    const expectedOf = ([due, ...climbs]: Row) => ({ due: `${due} 17:30`, climbs: climbs.map((day) => `${day} 08:30`) })
    for (const [day, rows] of Object.entries(BY_DAY)) {
      for (const time of ['00:05', '09:05', '17:45', '23:55']) for (const sort of ['urgent', 'ordinary', 'long'] as const) plan(`${day} ${time}`, `${sort}, ${day} ${time}`, () => formRecord(SERVICE_OF[sort]), expectedOf(rows[sort]))
      plan(`${day} 12:00`, `handoff, ${day}`, () => plain('handoff'), expectedOf(rows.ordinary))
      if (day !== '09-25' && day !== '09-26') plan(`${day} 12:00`, `question, ${day}`, () => plain('question'), expectedOf(rows.ordinary))
    }
    for (const [name, { sort, filed: at, acts, due, climbs }] of Object.entries(SPECIAL)) plan(at, name, () => (sort === 'emergency' ? plain('emergency') : formRecord(SERVICE_OF.ordinary)), { due, climbs }, acts)
    expect(filed).toHaveLength(200)

    for (let day = local('09-18 00:00'); day < local('10-26 00:00'); day = new Date(day.getTime() + 24 * 60 * 60 * 1000)) {
      for (const time of LOOKS) events.push({ at: local(`${shown(day).slice(0, 5)} ${time}`), run: sweep })
    }
    for (const { at, run } of events.sort((a, b) => a.at.getTime() - b.at.getTime())) {
      now = at
      await run()
    }

    const rows = new Map((await store.read.serviceRequest.findMany({ include: { activities: { where: { kind: 'escalation' }, orderBy: { at: 'asc' } } } })).map((row) => [row.id, row]))
    const found = filed.map(({ id, name }) => {
      const row = rows.get(id)
      return { name, due: shown(row?.dueAt ?? null), climbs: row?.activities.map(({ at }) => shown(at)), level: row?.level, since: shown(row?.levelSince ?? null) }
    })
    const levels = ['community', 'town', 'county', 'prefecture']
    expect(found).toEqual(filed.map(({ name, due, climbs }) => ({ name, due, climbs, level: levels[climbs.length], since: climbs.at(-1) ?? '' })))

    const reached = (count: number) => filed.filter(({ climbs }) => climbs.length >= count).length
    expect([await noticesOf('li'), await noticesOf('zhao'), await noticesOf('qian'), await noticesOf('sun'), await noticesOf('ma'), await noticesOf('boss')].map(({ length }) => length)).toEqual([reached(1), reached(2), reached(3), 0, 0, 0])
    const told = await store.read.outboxMessage.groupBy({ by: ['requestId'], where: { text: { contains: '已经上报' } }, _count: true })
    expect(new Map(told.map(({ requestId, _count: count }) => [requestId, count]))).toEqual(new Map(filed.flatMap(({ id, climbs }) => (climbs.length === 0 ? [] : [[id, climbs.length]]))))
    expect(log.lines.filter((line) => JSON.stringify(line).includes('climbing'))).toEqual([])
  }, 120_000)

  it('says why, who has it now, and says it once to each', async () => {
    await addStaff('boss', 'li')
    await addPeople(store, ['li-at-home'])
    await store.write((transaction) => transaction.identity.createMany({ data: [{ id: 'i1', channel: 'fake', account: 'a1', externalId: 'x-li', personId: 'li-at-home', staffId: 'li', createdAt: now }] }))
    now = local('09-18 10:00')
    const id = await file(formRecord('公共照明'))
    now = local('09-23 08:30')
    await sweep()
    await sweep()
    const { number } = await store.read.serviceRequest.findUniqueOrThrow({ where: { id } })
    expect(await historyOf(id)).toEqual([{ at: '09-23 08:30', note: '9月22日 17:30 到期，还没有办好。上报到东山街道，由李强负责。', by: '系统' }])
    expect(await toldTo('r1')).toEqual([`您的“公共照明”（${number}）到期还没有办好，对不起，已经上报东山街道，由李强督促办理。`])
    const toLi = `上报给您（东山街道）：“公共照明”${number}，9月22日 17:30 到期，还没有办好。请督促办理。`
    expect(await noticesOf('li')).toEqual([toLi])
    expect(await toldTo('li-at-home')).toEqual([toLi])
  })

  it('passes by a level at which nobody is responsible, and says so', async () => {
    await addStaff('boss', 'sun', 'zhao')
    now = local('09-18 10:00')
    const id = await file(formRecord('公共照明'))
    now = local('09-23 08:30')
    await sweep()
    expect(await historyOf(id)).toEqual([{ at: '09-23 08:30', note: '9月22日 17:30 到期，还没有办好。镇（街道）没有人负责，上报到加格达奇区，由赵敏负责。', by: '系统' }])
    expect(await store.read.serviceRequest.findUniqueOrThrow({ where: { id } })).toMatchObject({ level: 'county', status: 'submitted' })
    expect(await noticesOf('sun')).toEqual([])
  })

  it('stays where it is when nobody is responsible anywhere above: the resident hears nothing untrue, the administrator is told once', async () => {
    await addStaff('boss', 'sun')
    now = local('09-18 10:00')
    const id = await file(formRecord('公共照明'))
    for (const at of ['09-23 08:30', '09-23 09:00', '09-28 08:30', '10-12 08:30']) {
      now = local(at)
      await sweep()
    }
    expect(await historyOf(id)).toEqual([{ at: '09-23 08:30', note: '9月22日 17:30 到期，还没有办好。镇（街道）、县（区）、地区没有人负责，没有地方可以上报，还在社区（村）。请在“人员”里写上谁负责哪里。', by: '系统' }])
    expect(await store.read.serviceRequest.findUniqueOrThrow({ where: { id } })).toMatchObject({ level: 'community', levelSince: null })
    expect(await toldTo('r1')).toEqual([])
    expect(await noticesOf('boss')).toHaveLength(1)
    await addStaff('li')
    now = local('10-12 09:00')
    await sweep()
    expect((await historyOf(id)).at(-1)?.note, 'somebody was entered since').toContain('上报到东山街道')
  })

  it('a person whose account is disabled is responsible for nothing', async () => {
    await addStaff('boss', 'li', 'zhao')
    await store.write((transaction) => transaction.staffMember.updateMany({ where: { id: 'li' }, data: { disabledAt: now } }))
    now = local('09-18 10:00')
    const id = await file(formRecord('公共照明'))
    now = local('09-23 08:30')
    await sweep()
    expect((await historyOf(id))[0]?.note).toContain('由赵敏负责')
  })

  it('where the place is not known, goes to the only area of a level', async () => {
    await addStaff('boss', 'li', 'zhao', 'qian')
    now = local('09-18 10:00')
    const id = await file({ ...formRecord('公共照明'), areaCode: null })
    now = local('09-23 08:30')
    await sweep()
    expect((await historyOf(id))[0]?.note).toContain('镇（街道）、县（区）没有人负责，上报到大兴安岭地区，由钱进负责')
  })

  it('after a halt of weeks each level has its time, counted from when it got there', async () => {
    await addStaff('boss', 'li', 'zhao', 'qian')
    now = local('09-18 10:00')
    const id = await file(formRecord('公共照明'))
    for (const at of ['10-12 15:00', '10-12 15:01', '10-13 08:30', '10-14 08:29', '10-14 08:30', '10-19 08:29', '10-19 08:30']) {
      now = local(at)
      await sweep()
    }
    expect((await historyOf(id)).map(({ at }) => at)).toEqual(['10-12 15:00', '10-14 08:30', '10-19 08:30'])
  })

  it('what is taken up again after its end has a new limit from then on, wherever it had got to', async () => {
    await addStaff('boss', 'li', 'zhao')
    now = local('09-18 10:00')
    const id = await file(formRecord('公共照明'))
    now = local('09-23 08:30')
    await sweep()
    await changeRequest(DESK, staffNamed('ma'), { id, status: 'resolved', note: '' })
    now = local('09-28 15:00')
    await store.write((transaction) => moveRequest(transaction, id, { kind: 'status', author: 'resident', by: '居民', to: 'reopened', note: '没解决' }, now))
    await sweep()
    await sweep()
    expect(await store.read.activity.findMany({ where: { requestId: id, kind: 'correction' } })).toMatchObject([{ by: '系统', note: '重新处理，期限从头算：10月8日 17:30 到期。' }])
    expect(await store.read.serviceRequest.findUniqueOrThrow({ where: { id } })).toMatchObject({ level: 'town', dueAt: local('10-08 17:30') })
    for (const at of ['10-09 08:30', '10-12 08:29', '10-12 08:30']) {
      now = local(at)
      await sweep()
    }
    expect((await historyOf(id)).map(({ at }) => at)).toEqual(['09-23 08:30', '10-12 08:30'])
  })

  it('of two processes at the same moment one does it', async () => {
    await addStaff('boss', 'li')
    now = local('09-18 10:00')
    const id = await file(formRecord('公共照明'))
    now = local('09-23 08:30')
    const other = await world.reopen()
    const second = createClimbing({ store: other, services: () => services, areas: () => areas, deadlines: () => deadlines, log: log.log, now: () => now })
    await Promise.all([sweep(), second.sweep()])
    expect(await historyOf(id)).toHaveLength(1)
    expect(await noticesOf('li')).toHaveLength(1)
    expect(await toldTo('r1')).toHaveLength(1)
  })

  it('tells who has it that it went up, and who follows it', async () => {
    await addStaff('boss', 'ma', 'li')
    now = local('09-18 10:00')
    const id = await file(formRecord('公共照明'))
    await addPeople(store, ['r2'])
    await store.write(async (transaction) => {
      await moveRequest(transaction, id, { kind: 'assignment', author: 'staff', by: 'boss', note: '', values: { assigneeId: 'ma' } }, now)
      await transaction.requestFollower.createMany({ data: [{ requestId: id, personId: 'r2', conversationId: 'c-r2', since: now }] })
    })
    now = local('09-23 08:30')
    await sweep()
    expect(await noticesOf('ma')).toEqual([expect.stringContaining('您负责的“公共照明”')])
    expect(await toldTo('r2')).toEqual([expect.stringContaining('您也报过的“公共照明”')])
  })

  it('looks again within half a minute, and no sooner', async () => {
    await addStaff('boss', 'li')
    now = local('09-18 10:00')
    const id = await file(formRecord('公共照明'))
    const climbing = createClimbing({ store, services: () => services, areas: () => areas, deadlines: () => DEFAULT_DEADLINES, log: log.log, now: () => now })
    now = local('09-23 08:29')
    const next = await climbing.sweep()
    now = new Date(next.getTime() - 1)
    expect(await climbing.sweep()).toEqual(next)
    now = local('09-23 08:30')
    await climbing.sweep()
    expect(await historyOf(id)).toHaveLength(1)
  })
})
