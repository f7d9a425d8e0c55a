import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import v8 from 'node:v8'
import vm from 'node:vm'
import pino from 'pino'
import { loadConfig } from '../../config.ts'
import type { Channel } from '../../domain/messages/channel.ts'
import { changeAnnouncement, createAnnouncement, findAnnouncement } from '../../outbox/announcements.ts'
import { createOutbox } from '../../outbox/worker.ts'
import { addBenchAudience } from '../../store/engine/bench/bench-floor.ts'
import { addStaff } from '../../store/staff/staff.ts'
import { openStore } from '../../store/engine/store.ts'

const AUDIENCES = [1_000, 10_000, 100_000]
const now = () => new Date()

export interface OutboxFigures {
  recipients: number
  freezeMs: number
  perSecond: number
  /** By how much the memory held after a collection grew while it sent, at its highest. */
  grownMb: number
}

/** A platform that answers at once, has no limits and counts what it got. */
function instantChannel(): Channel & { count: number } {
  return {
    id: 'bench',
    account: 'bench',
    count: 0,
    capabilities: { groups: false, mentions: false, buttons: false, pulls: false, proactiveWindowMs: null, canSendProactively: true, longestText: { limit: 4096, unit: 'utf16' }, rate: { perSecond: Infinity, burst: Infinity } },
    async start() {},
    async stop() {},
    async send() {
      this.count += 1
      return { outcome: 'sent' }
    },
    status: () => ({ state: 'online', detail: '', since: now() }),
  }
}

/** How fast the outbox moves one announcement, for audiences of growing size, each on a fresh durable database. */
export async function measureOutbox(most: number): Promise<OutboxFigures[]> {
  const figures: OutboxFigures[] = []
  for (const recipients of AUDIENCES.filter((size) => size <= most)) figures.push(await measureOne(recipients))
  return figures
}

v8.setFlagsFromString('--expose-gc')
const collectGarbage = vm.runInNewContext('gc') as () => void

/** Bytes that are held, after a collection: what garbage waits for one says how V8 was started, not what the outbox keeps. */
function memoryInUse(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function measureOne(recipients: number): Promise<OutboxFigures> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-bench-outbox-'))
  const log = pino({ level: 'silent' })
  const store = await openStore({ url: `file:${path.join(directory, 'linli.db')}`, migrationsDirectory: loadConfig({}).migrationsDirectory, log })
  const channel = instantChannel()
  const outbox = createOutbox({ store, channels: [channel], log, now, processId: randomUUID() })
  const services = { store, now, wakeOutbox: () => outbox.wake(), areas: [] }
  let peak = 0
  const watch = setInterval(() => (peak = Math.max(peak, memoryInUse())), 1_000)
  try {
    for (const user of ['writer', 'approver']) await addStaff(store, { user, role: 'staff', now: now() })
    await addBenchAudience(store, recipients, now())
    const created = await createAnnouncement(services, { by: 'writer', text: '明天停水', audience: {} })
    const id = created.outcome === 'created' ? created.announcement.id : ''
    const frozenAt = performance.now()
    await changeAnnouncement(services, { id, action: 'approve', by: 'approver' })
    const freezeMs = performance.now() - frozenAt
    const before = memoryInUse()
    peak = before
    const startedAt = performance.now()
    await outbox.start()
    while (channel.count < recipients) await new Promise((resolve) => setTimeout(resolve, 20))
    const seconds = (performance.now() - startedAt) / 1_000
    peak = Math.max(peak, memoryInUse())
    await outbox.stop()
    const sent = (await findAnnouncement(services, id))?.progress.sent ?? 0
    if (sent !== recipients || channel.count !== recipients) throw new Error(`${recipients} were to be sent once, ${channel.count} were, and ${sent} are noted`)
    return { recipients, freezeMs, perSecond: recipients / seconds, grownMb: (peak - before) / 1024 / 1024 }
  } finally {
    clearInterval(watch)
    await store.close()
    fs.rmSync(directory, { recursive: true, force: true })
  }
}
