import { DEFAULT_DEADLINES } from '../../src/domain/requests/deadlines.ts'
import type { Reading } from '../../src/domain/messages/moves.ts'
import Database from 'better-sqlite3'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AssistantServices } from '../../src/dialog/assistant.ts'
import { StoreError } from '../../src/domain/errors.ts'
import type { InboundMessage } from '../../src/domain/messages/messages.ts'
import { createOutbox } from '../../src/outbox/worker.ts'
import { receiveMessage } from '../../src/store/conversations/inbound.ts'
import type { Store } from '../../src/store/engine/store.ts'
import { ScriptedChannel, VirtualTime } from '../outbox/virtual.ts'
import { openTestAssistant, toMessage, type TestAssistant } from '../support/assistant.ts'
import { captureLog, type CapturedLog } from '../support/log.ts'
import { EVERYTHING, expectNothingPersonal, expectOneLine, PERSONAL } from './lines.ts'

const QUIET_MS = 15 * 60_000

let log: CapturedLog
let test: TestAssistant
const open = async (services: Partial<AssistantServices> = {}): Promise<void> => {
  log = captureLog()
  test = await openTestAssistant(undefined, { pulls: () => false, log: log.log, ...services })
}
afterEach(async () => {
  vi.useRealTimers()
  await test.close()
})

let ids = 0
const said = (text: string, more: Partial<InboundMessage> = {}): InboundMessage => ({ ...toMessage(text, { id: `m-${(ids += 1)}`, nickname: PERSONAL.name }, test.clock.now), ...more })
const take = async (message: InboundMessage) => (await test.assistant.receive(message)).turn

/** A quarter of an hour later somebody writes again. */
async function afterQuiet(): Promise<void> {
  test.clock.now = new Date(test.clock.now.getTime() + QUIET_MS)
  await take(said('您好'))
}

describe('the route of a message leaves one line', () => {
  beforeEach(() => open())

  it('T1: for a crash after messages were received and before they were decided', async () => {
    for (let count = 0; count < 3; count += 1) await receiveMessage(test.store, said(`${PERSONAL.address}${PERSONAL.text}，我叫${PERSONAL.name}，电话${PERSONAL.phone}`), test.clock.now)
    await test.reopen()
    expect(await test.assistant.recover()).toBe(3)
    expect(await test.assistant.recover()).toBe(0)
    await afterQuiet()
    expectOneLine(log, { fault: 'left-undecided', tells: /answered now, each once\. Nothing to do/ })
    expect(log.faults()[0]).toMatchObject({ messages: 3 })
  })

  it('T4: for a message that is delivered three times more', async () => {
    const message = said(PERSONAL.text)
    for (let count = 0; count < 4; count += 1) await take(message)
    await afterQuiet()
    expectOneLine(log, { fault: 'delivered-again', tells: /answered once\. Nothing to do/, times: 3 })
  })

  it('T18: for a burst of fifty messages that are two days old', async () => {
    const sentAt = new Date(test.clock.now.getTime() - 2 * 24 * 3_600_000)
    for (let count = 0; count < 50; count += 1) await take(said(`第${count}条，${PERSONAL.text}`, { sentAt }))
    expect(await test.store.read.inboundMessage.count()).toBe(50)
    expect(await test.store.read.outboxMessage.count()).toBe(0)
    await afterQuiet()
    expectOneLine(log, { fault: 'arrived-late', tells: /nobody is answered.*Nothing to do but to look at the requests/, times: 50 })
  })

  it('T24: for buttons that belong to nothing open any more', async () => {
    const buttonSentAt = new Date(test.clock.now.getTime() - 3_600_000)
    for (let count = 0; count < 2; count += 1) expect(JSON.stringify(await take(said('确认', { buttonSentAt })))).toContain('这个按钮是以前的')
    await afterQuiet()
    expectOneLine(log, { fault: 'stale-button', tells: /told so, and what to do instead\. Nothing to do/, times: 2 })
  })
})

describe('a mistake of this program leaves one line', () => {
  it('when messages cannot be decided: they go to staff', async () => {
    await open({ answerer: { answer: () => Promise.reject(new TypeError(`cannot read ${EVERYTHING}`)) } as unknown as AssistantServices['answerer'] })
    for (let count = 0; count < 3; count += 1) await take(said('社区志愿者要占居民多少'))
    expect(await test.store.read.serviceRequest.count({ where: { kind: 'handoff' } })).toBe(3)
    await afterQuiet()
    expectOneLine(log, { fault: 'turn-passed-to-staff', level: 'error', tells: /Answer it among the requests, and report it/, times: 3 })
    expect(log.faults()[0]).toMatchObject({ error: 'TypeError', where: expect.stringContaining('route-lines') as string })
  })

  it('when turns cannot be read: they are tried again until they are answered', async () => {
    let isBroken = true
    const reading: Partial<AssistantServices> = {
      get areas() {
        if (isBroken) throw new TypeError(EVERYTHING)
        return []
      },
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    log = captureLog()
    test = await openTestAssistant(undefined, { pulls: () => false, log: log.log })
    const broken = await brokenAssistant(reading)
    const turn = (await broken.receive(said('您好'))).turn
    await expect(turn).rejects.toThrow(TypeError)
    await vi.advanceTimersByTimeAsync(31_000)
    isBroken = false
    await vi.advanceTimersByTimeAsync(15 * 60_000)
    await vi.waitFor(async () => expect(await test.store.read.inboundMessage.count({ where: { decidedAt: null } })).toBe(0))
    await vi.waitFor(() => expect(log.lines.some((line) => line.level === 30)).toBe(true))
    await broken.stop()
    expectOneLine(log, { fault: 'turn-not-committed', level: 'error', tells: /tried again within a quarter of an hour.*report it with this line/ })
  })

  it('when a turn can not be written, also where passing it to staff fails for another reason: the first is not lost', async () => {
    await open()
    let isReceived = false
    const failures: Error[] = [new TypeError(EVERYTHING), new StoreError('The database was locked.', { retryable: true })]
    const store: Store = {
      ...test.store,
      write: (job) => {
        if (!isReceived || failures.length === 0) return test.store.write(job).finally(() => (isReceived = true))
        return Promise.reject(failures.shift() ?? new Error('none is left'))
      },
    }
    const broken = await brokenAssistant({ store })
    const message = said('您好')
    await expect((await broken.receive(message)).turn).rejects.toThrow(StoreError)
    expect(failures).toEqual([])
    expect(await broken.recover()).toBe(1)
    await broken.stop()
    const [line, ...others] = log.faults().filter(({ fault }) => fault === 'turn-not-committed')
    expect(line).toMatchObject({ error: 'TypeError', where: expect.stringContaining('route-lines') as string })
    expect(others).toEqual([])
    expectNothingPersonal(log.lines)
  })

  /** The test's own assistant with a part that fails; made as the test's is, over the same store. */
  async function brokenAssistant(part: Partial<AssistantServices>) {
    const { createAssistant } = await import('../../src/dialog/route.ts')
    const services: AssistantServices = { store: test.store, answerer: {} as AssistantServices['answerer'], reader: GREETING_READER, services: [], areas: [], deadlines: DEFAULT_DEADLINES, pulls: () => false, wakeOutbox: () => undefined, log: log.log, now: () => test.clock.now }
    return createAssistant(Object.defineProperties(services, Object.getOwnPropertyDescriptors(part)))
  }
})

/** Reads every message as a greeting. */
const greeting = (text: string): Reading => ({ moves: [{ type: 'greet', text }], intent: 'smalltalk', intents: ['smalltalk'], slots: {}, danger: 0, isSure: true })
const GREETING_READER: AssistantServices['reader'] = {
  read: greeting,
  readAs: greeting,
  category: () => undefined,
  nearest: () => undefined, isAbout: () => false,
  slots: () => ({}),
  saysSame: () => false,
  withoutParticulars: (question) => question,
  readAnnouncement: (text) => ({ text, audience: {} }),
}

describe('a database that takes nothing leaves one line, whoever wants to write', () => {
  it('when the disk is full', async () => {
    await open()
    const [{ page_count: pages = 0 } = {}] = await test.store.write((transaction) => transaction.$queryRawUnsafe<{ page_count: number }[]>('PRAGMA page_count'))
    const limit = (most: number | bigint) => test.store.write((transaction) => transaction.$queryRawUnsafe(`PRAGMA max_page_count = ${most}`))
    await limit(pages)
    const long = PERSONAL.text.repeat(300)
    for (let count = 0; count < 3; count += 1) await expect(take(said(long))).rejects.toMatchObject({ code: 'store', retryable: true })
    await limit(1_000_000)
    await take(said(long))
    expectOneLine(log, { fault: 'disk-full', level: 'error', tells: /written by itself once there is room.*Make room on the disk/, times: 3 })
  })

  it('when another program locks it, with the outbox and the route both at work', async () => {
    await open()
    const time = new VirtualTime(test.clock.now.toISOString())
    const platform = new ScriptedChannel(time, { id: 'http', account: 'api' })
    const outbox = createOutbox({ store: time.watch(test.store), channels: [platform], log: log.log, now: time.now, setTimer: time.setTimer, processId: 'locked', random: () => 0.5 })
    await outbox.start()
    await time.settle()
    await take(said('您好'))
    const other = new Database(path.join(test.directory, 'linli.db'))
    other.exec('BEGIN IMMEDIATE')
    outbox.wake()
    await time.settle()
    await expect(take(said(PERSONAL.text))).rejects.toMatchObject({ code: 'store', retryable: true })
    other.exec('COMMIT')
    other.close()
    await time.advance(60_000)
    expect(platform.sent).toHaveLength(1)
    const stopped = outbox.stop()
    await time.advance(10_000)
    await stopped
    expectOneLine(log, { fault: 'database-locked', level: 'error', tells: /written by itself once it is free; nothing is lost\. End that program/ })
    expectNothingPersonal(log.lines)
  }, 60_000)
})
