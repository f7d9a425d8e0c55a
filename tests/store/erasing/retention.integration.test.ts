import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeRequest } from '../../../src/desk/requests/change-request.ts'
import { USUAL_RETENTION } from '../../../src/domain/retention.ts'
import { createRetention } from '../../../src/outbox/sweeps/retention.ts'
import { countExpired, describeCounts } from '../../../src/store/erasing/expire.ts'
import { openTestAssistant, toMessage, type TestAssistant } from '../../support/assistant.ts'
import { captureLog } from '../../support/log.ts'
import { JPEG } from '../../support/picture-files.ts'
import { staffNamed } from '../../support/staff.ts'
import { findInStore } from '../../support/whole-store.ts'

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const pass = (ms: number) => (test.clock.now = new Date(test.clock.now.getTime() + ms))

/** One night of the sweep, as the outbox calls it; the process has been running for long enough to believe its clock. */
async function sweep(log = captureLog()): Promise<void> {
  let elapsedMs = 0
  const retention = createRetention({ store: test.store, photos: test.photos, retention: USUAL_RETENTION, log: log.log, now: () => test.clock.now, elapsedMs: () => elapsedMs })
  await retention.sweep()
  elapsedMs = 7 * HOUR_MS
  pass(7 * HOUR_MS)
  while ((await retention.sweep()) <= test.clock.now);
}

const auditLines = async () => (await test.store.read.auditEntry.findMany({ where: { action: 'retention' } })).map(({ actor, detail }) => `${actor}: ${detail}`)

async function report(sender: string, said: string): Promise<string> {
  const attachments = await test.photos.takeAll([async () => JPEG])
  await (await test.assistant.receive({ ...toMessage(said, { sender }, test.clock.now), attachments })).turn
  test.photos.release(attachments)
  for (const answer of ['同意', '确认']) await test.say(answer, { sender })
  return (await test.store.read.serviceRequest.findFirstOrThrow({ orderBy: { number: 'desc' } })).id
}

const move = (id: string, status: 'in_progress' | 'resolved' | 'reopened', note: string) =>
  changeRequest({ store: test.store, now: () => test.clock.now, wakeOutbox: () => undefined }, staffNamed('wang'), { id, status, note })

describe('a form that nobody agreed to', () => {
  it('is gone a day after its last word, with all that was said in it; one with consent stays', async () => {
    await test.say('3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', { sender: 'undecided' })
    for (const said of ['5号楼1单元下水道堵了，我叫王芳，电话13900139002', '同意']) await test.say(said, { sender: 'agreed' })
    pass(23 * HOUR_MS)
    await sweep()
    expect(await findInStore(test, ['刘桂兰', '王芳'])).toEqual(['王芳'])
    expect((await test.store.read.draft.findMany()).length).toBe(1)
    expect((await test.say('确认', { sender: 'agreed' })).text).toMatch(/SR-\d{8}-\d{4}/)
  })

  it('is not gone before', async () => {
    await test.say('3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', { sender: 'undecided' })
    pass(16 * HOUR_MS)
    await sweep()
    expect((await test.say('同意', { sender: 'undecided' })).text).toContain('刘桂兰')
  })
})

describe('messages', () => {
  it('are gone after 180 days, asked and answered, with who nothing else is known of; requests and later messages stay', async () => {
    await report('reporter', '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await test.say('低保一个月发多少钱，紫薇路的', { sender: 'passer-by', nickname: '路过的老张' })
    await test.say('今晚吃啥', { sender: 'overheard-1', nickname: '偷听不得', group: 'g1', isAddressed: false })
    expect(await findInStore(test, ['overheard-1', '偷听不得'])).toEqual(['overheard-1'])
    pass(100 * DAY_MS)
    await test.say('你好呀呀呀', { sender: 'reporter' })
    await sweep()
    expect(await findInStore(test, ['passer-by', 'overheard-1'])).toEqual(['passer-by'])

    pass(81 * DAY_MS)
    const planned = await countExpired(test.store, { retention: USUAL_RETENTION, now: new Date(test.clock.now.getTime() + 7 * HOUR_MS) })
    await sweep()
    expect(await findInStore(test, ['passer-by', '路过的老张', '紫薇路', '你好呀呀呀'])).toEqual(['你好呀呀呀'])
    expect(await test.store.read.serviceRequest.findFirstOrThrow()).toMatchObject({ requesterName: '刘桂兰', status: 'submitted' })
    // What their chats were called goes with them.
    expect((await auditLines()).at(-1)).toBe(`系统: ${describeCounts({ ...planned, conversations: 1 })}`)
    expect((await test.say('查进度', { sender: 'reporter' })).text).toContain('公共照明')
  })
})

describe('a request', () => {
  it('is kept for the figures alone two years after its end: no words, names, telephones, addresses, photos', async () => {
    const id = await report('reporter', '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await move(id, 'in_progress', '刘桂兰家门口那盏')
    pass(2 * DAY_MS)
    await move(id, 'resolved', '换了灯泡')
    await test.say('5分，修得真快呀', { sender: 'reporter' })
    const words = ['刘桂兰', '13800138001', '3号楼2单元', '换了灯泡', '修得真快呀', 'JFIF']
    const before = await test.store.read.serviceRequest.findUniqueOrThrow({ where: { id }, include: { activities: { orderBy: { at: 'asc' } } } })

    pass(729 * DAY_MS)
    await sweep()
    expect(await findInStore(test, words)).toEqual(words)

    pass(2 * DAY_MS)
    await sweep()
    expect(await findInStore(test, words)).toEqual([])
    const after = await test.store.read.serviceRequest.findUniqueOrThrow({ where: { id }, include: { activities: { orderBy: { at: 'asc' } } } })
    const figures = ({ number, kind, serviceCode, category, status, areaCode, channel, level, ratingScore, createdAt, finishedAt, dueAt, updatedAt, activities }: typeof before) =>
      ({ number, kind, serviceCode, category, status, areaCode, channel, level, ratingScore, createdAt, finishedAt, dueAt, updatedAt, course: activities.map(({ kind, status, at, by }) => ({ kind, status, at, by })) })
    expect(figures(after)).toEqual(figures(before))
    expect(after).toMatchObject({ description: '（已过保存期）', requesterId: null })
    expect((await auditLines()).at(-1)).toContain('变成只有数字的工单 1')
  })

  it('that is opened again stays, and what is written of it later goes again', async () => {
    const id = await report('reporter', '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await move(id, 'resolved', '')
    pass(731 * DAY_MS)
    await sweep()
    await move(id, 'reopened', '张师傅再看一次')
    await sweep()
    expect(await findInStore(test, ['张师傅再看一次'])).toEqual(['张师傅再看一次'])
    await move(id, 'resolved', '')
    pass(731 * DAY_MS)
    await sweep()
    expect(await findInStore(test, ['张师傅再看一次'])).toEqual([])
  })
})

describe('the sweep', () => {
  it('lets nothing go for six hours when the clock has jumped, and says so', async () => {
    await test.say('低保一个月发多少钱，紫薇路的', { sender: 'passer-by' })
    await sweep()
    const log = captureLog()
    let elapsedMs = 0
    const retention = createRetention({ store: test.store, photos: test.photos, retention: USUAL_RETENTION, log: log.log, now: () => test.clock.now, elapsedMs: () => elapsedMs })
    const rightTime = test.clock.now
    pass(400 * DAY_MS)
    await retention.sweep()
    elapsedMs = 5 * HOUR_MS
    pass(5 * HOUR_MS)
    await retention.sweep()
    expect(await test.store.read.inboundMessage.count()).toBe(1)
    expect(log.lines.filter(({ fault }) => fault === 'retention-waits')).toHaveLength(1)
    test.clock.now = new Date(rightTime.getTime() + 6 * HOUR_MS)
    await createRetention({ store: test.store, photos: test.photos, retention: USUAL_RETENTION, log: log.log, now: () => test.clock.now, elapsedMs: () => 0 }).sweep()
    expect(await test.store.read.inboundMessage.count()).toBe(1)
  })

  it('leaves a neighbour’s turn in between: much goes in many short transactions, with one line a day in the log', async () => {
    await test.say('你好', { sender: 'many' })
    const row = await test.store.read.inboundMessage.findFirstOrThrow()
    const { attachments: _a, origin: _o, replies: _r, answered: _w, ...values } = row
    await test.store.write((transaction) => transaction.inboundMessage.createMany({ data: Array.from({ length: 900 }, (_, index) => ({ ...values, attachments: [], id: `copy-${index}`, externalId: `copy-${index}` })) }))
    pass(181 * DAY_MS)
    await sweep()
    expect(await test.store.read.inboundMessage.count()).toBe(0)
    expect(await auditLines()).toEqual([expect.stringContaining('收到的消息 901')])
  })
})
