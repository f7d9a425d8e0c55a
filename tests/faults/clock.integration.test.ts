import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOutbox } from '../../src/outbox/worker.ts'
import { settleWrittenAhead } from '../../src/store/engine/written-ahead.ts'
import { takeAttempt } from '../../src/store/engine/throttle.ts'
import { findSession, startSession } from '../../src/store/staff/sessions.ts'
import { addStaff, findStaff } from '../../src/store/staff/staff.ts'
import { ScriptedChannel, VirtualTime } from '../outbox/virtual.ts'
import { openTestAssistant, toMessage, type TestAssistant } from '../support/assistant.ts'

const DAY_MS = 24 * 3_600_000
const NOW = new Date('2026-12-01T02:00:00Z')
const later = (ms: number): Date => new Date(NOW.getTime() + ms)
const WRONG = later(400 * DAY_MS)

let test: TestAssistant
let steadyNow: Date | undefined
beforeEach(async () => {
  steadyNow = undefined
  test = await openTestAssistant(NOW.toISOString(), { pulls: () => false, steadyNow: () => steadyNow ?? test.clock.now })
})
afterEach(() => test.close())

describe('a clock that was 400 days ahead and is right again', () => {
  it('leaves nobody locked out longer than the rule says', async () => {
    const rule = { key: 'login:x', freeAttempts: 1, firstWaitMs: 60_000, longestWaitMs: 600_000 }
    expect(await takeAttempt(test.store, [rule], WRONG)).toBe(0)
    expect(await takeAttempt(test.store, [rule], NOW)).toBe(600_000)
    expect(await takeAttempt(test.store, [rule], later(300_000))).toBe(300_000)
    expect(await takeAttempt(test.store, [rule], later(600_000))).toBe(0)
  })

  it('ends the log-ins that would last for 400 days, and no other', async () => {
    await addStaff(test.store, { user: 'wang', role: 'staff', now: NOW })
    const staff = await findStaff(test.store, 'wang')
    if (staff === null) throw new Error('There is no such member of staff.')
    const fromAhead = await startSession(test.store, { staff, address: 'a', now: WRONG })
    const fromNow = await startSession(test.store, { staff, address: 'a', now: NOW })
    expect(await findSession(test.store, fromAhead, NOW)).toBeNull()
    expect(await findSession(test.store, fromNow, NOW)).not.toBeNull()
  })

  it('holds up no reply: what it left queued or half sent goes on, in order', async () => {
    test.clock.now = WRONG
    for (const id of ['m1', 'm2']) await (await test.assistant.receive(toMessage('您好', { id }, WRONG))).turn
    await test.store.write((transaction) => transaction.outboxMessage.updateMany({ data: { notBefore: later(400 * DAY_MS + 5_000) } }))
    test.clock.now = NOW
    expect(await settleWrittenAhead(test.store, NOW)).toBe(2)
    const time = new VirtualTime(NOW.toISOString())
    const platform = new ScriptedChannel(time, { id: 'http', account: 'api' })
    const outbox = createOutbox({ store: time.watch(test.store), channels: [platform], log: silent, now: time.now, setTimer: time.setTimer, processId: 'p', random: () => 0.5 })
    await outbox.start()
    await time.advance(20_000)
    expect(platform.sent).toHaveLength(2)
    const stopped = outbox.stop()
    await time.advance(10_000)
    await stopped
  })
})

describe('a clock that is set forward while the service runs', () => {
  it('makes no message of a platform too old to be answered', async () => {
    steadyNow = NOW
    test.clock.now = WRONG
    const turn = await (await test.assistant.receive(toMessage('您好', { sentAt: later(-1_000) }, WRONG))).turn
    expect(turn.replies).not.toEqual([])
    const old = await (await test.assistant.receive(toMessage('您好', { sentAt: later(-DAY_MS) }, WRONG))).turn
    expect(old.replies).toEqual([])
  })
})

const silent = { fatal() {}, error() {}, warn() {}, info() {}, debug() {}, trace() {} } as never
