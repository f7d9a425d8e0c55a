// Alerts staff from the database of argv[2], over platforms that are a file (argv[3]): a line for each message, `seconds recipient`. Its clock began at
// argv[4] (real milliseconds) with the emergency at argv[5], and goes twenty times as fast.
import fs from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import { createAlerts } from '../../src/outbox/sweeps/alerts.ts'
import { createOutbox } from '../../src/outbox/worker.ts'
import { openStore } from '../../src/store/engine/store.ts'
import { ScriptedChannel, VirtualTime } from './virtual.ts'

const SPEED = 20
const [url = '', file = '', realStart = '0', filedAt = ''] = process.argv.slice(2)
const start = new Date(filedAt).getTime()
const now = () => new Date(start + (Date.now() - Number(realStart)) * SPEED)
const setTimer = (callback: () => void, ms: number) => {
  const timer = setTimeout(callback, ms / SPEED)
  return () => clearTimeout(timer)
}
const log = pino({ level: 'silent' })
const store = await openStore({ url, migrationsDirectory: path.resolve(import.meta.dirname, '../../prisma/migrations'), log })
const channels = ['telegram', 'wechat', 'fake'].map((id) => {
  const channel = new ScriptedChannel(new VirtualTime(now().toISOString()), { id })
  channel.answer = ({ conversation }) => {
    fs.appendFileSync(file, `${Math.round((now().getTime() - start) / 1000)} ${conversation.externalId}\n`)
    return { outcome: 'sent' }
  }
  return channel
})
const alerts = createAlerts({ store, log, now })
await createOutbox({ store, channels, log, now, setTimer, processId: `child-${process.pid}`, sweep: () => alerts.sweep() }).start()
