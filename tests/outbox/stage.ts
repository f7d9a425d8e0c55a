import { afterEach, beforeEach } from 'vitest'
import type { Channel, ChannelCapabilities } from '../../src/domain/messages/channel.ts'
import { changeAnnouncement, createAnnouncement, findAnnouncement, setAnnouncementRate, type AnnouncementAction, type AnnouncementDraft } from '../../src/outbox/announcements.ts'
import { createOutbox, type Outbox, type OutboxOptions } from '../../src/outbox/worker.ts'
import { queueMessages, type NewOutboxMessage } from '../../src/store/outbox/outbox.ts'
import type { Store } from '../../src/store/engine/store.ts'
import { captureLog, type CapturedLog } from '../support/log.ts'
import { addStaffMembers, openTestStore } from './world.ts'
import { ScriptedChannel, VirtualTime } from './virtual.ts'

/** 10:00 in Shanghai. */
const START = '2026-11-24T02:00:00Z'

/** An outbox on a real database, in virtual time, over platforms that a test scripts. */
export class OutboxStage {
  #world!: Awaited<ReturnType<typeof openTestStore>>
  #time!: VirtualTime
  #running: Outbox[] = []
  #processes = 0
  #keys = 0
  #log!: CapturedLog

  async open(): Promise<void> {
    this.#log = captureLog()
    this.#world = await openTestStore(this.#log.log)
    this.#time = new VirtualTime(START)
    this.#running = []
  }

  async close(): Promise<void> {
    for (const outbox of this.#running) {
      const stopped = outbox.stop()
      await this.#time.advance(10_000)
      await stopped
    }
    await this.#world.close()
  }

  get time(): VirtualTime {
    return this.#time
  }

  get store(): Store {
    return this.#world.store
  }

  get log(): CapturedLog {
    return this.#log
  }

  /** A second connection to the same database, as another process has it. */
  reopen(): Promise<Store> {
    return this.#world.reopen()
  }

  /** Another time of day to begin at; before anything is started. */
  beginAt(instant: string): void {
    this.#time = new VirtualTime(instant)
  }

  channel(options: Partial<ChannelCapabilities> & { id?: string; account?: string } = {}): ScriptedChannel {
    return new ScriptedChannel(this.#time, options)
  }

  /** A process that sends; `store`, if it is not to use the test's own, is watched by the clock too. A write takes `writeMs` of it, by default no time. */
  async start(channels: Channel[], { store: given = this.store, writeMs = 0, ...more }: Partial<OutboxOptions> & { writeMs?: number } = {}): Promise<Outbox> {
    this.#processes += 1
    const watched = this.#time.watch(given)
    const store: Store = writeMs === 0 ? watched : { ...watched, write: (job) => this.#time.wait(writeMs).then(() => watched.write(job)) }
    const outbox = createOutbox({ store, channels, log: this.#log.log, now: this.#time.now, setTimer: this.#time.setTimer, processId: `process-${this.#processes}`, random: () => 0.5, ...more })
    this.#running.push(outbox)
    await outbox.start()
    await this.#time.settle()
    return outbox
  }

  /** A stop in good order. */
  async stop(outbox: Outbox): Promise<void> {
    this.#running = this.#running.filter((other) => other !== outbox)
    await outbox.stop()
  }

  /** Every process dies: nothing that it holds is noted, and none of its timers rings again. */
  crash(): void {
    this.#running = []
    this.#time = new VirtualTime(this.#time.now().toISOString())
  }

  async wake(outbox: Outbox): Promise<void> {
    outbox.wake()
    await this.#time.settle()
  }

  queue(conversationId: string, text: string, more: Partial<NewOutboxMessage> = {}): Promise<void> {
    this.#keys += 1
    const message: NewOutboxMessage = { key: `key-${this.#keys}`, conversationId, priority: 'reply', kind: 'text', text, isPushed: false, ...more }
    return this.store.write((transaction) => queueMessages(transaction, [message], this.#time.now()))
  }

  /** Someone of `addPeople` writes to us. */
  async hear(id: string): Promise<void> {
    this.#keys += 1
    const at = this.#time.now()
    await this.store.write((transaction) =>
      transaction.inboundMessage.createMany({ data: [{ id: `heard-${this.#keys}`, channel: 'fake', account: 'a1', externalId: `m-${this.#keys}`, conversationId: `c-${id}`, personId: id, text: '您好', attachments: [], isAddressed: true, sentAt: at, receivedAt: at, decidedAt: at }] }),
    )
  }

  rows() {
    return this.store.read.outboxMessage.findMany({ orderBy: { seq: 'asc' } })
  }

  async statuses(): Promise<string[]> {
    return (await this.rows()).map((row) => row.status)
  }

  get #services() {
    return { store: this.store, now: this.#time.now, wakeOutbox: () => undefined, areas: [] }
  }

  /** An announcement of 明天停水 to every subscriber, written by wang and approved by li. */
  async announce(more: Partial<AnnouncementDraft> = {}): Promise<string> {
    if ((await this.store.read.staffMember.count()) === 0) await addStaffMembers(this.store, 'wang', 'li')
    const created = await createAnnouncement(this.#services, { by: 'wang', text: '明天停水', audience: {}, ...more })
    if (created.outcome !== 'created') throw new Error(JSON.stringify(created))
    await this.act(created.announcement.id, 'approve', 'li')
    return created.announcement.id
  }

  act(id: string, action: AnnouncementAction, by = 'wang') {
    return changeAnnouncement(this.#services, { id, action, by })
  }

  setRate(id: string, perMinute: number | null) {
    return setAnnouncementRate(this.#services, { id, perMinute, by: 'wang' })
  }

  async progressOf(id: string) {
    const found = await findAnnouncement(this.#services, id)
    return { status: found?.status, ...found?.progress }
  }
}

/** A stage of its own for every test of a file. */
export function useOutboxStage(): OutboxStage {
  const stage = new OutboxStage()
  beforeEach(() => stage.open())
  afterEach(() => stage.close())
  return stage
}

/** `p0`, `p1`, … */
export const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}`)
