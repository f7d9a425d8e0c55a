// Sends what is queued in the database of argv[2], over a platform that is a file (argv[3]): one line for each message it took.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { createOutbox } from '../../src/outbox/worker.ts'
import { openStore } from '../../src/store/engine/store.ts'
import { ScriptedChannel, VirtualTime } from './virtual.ts'

const [url = '', file = '', clockAheadMs = '0'] = process.argv.slice(2)
const now = () => new Date(Date.now() + Number(clockAheadMs))
const migrationsDirectory = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'prisma', 'migrations')
const log = pino({ level: 'silent' })
const store = await openStore({ url, migrationsDirectory, log })
const channel = new ScriptedChannel(new VirtualTime(now().toISOString()))
channel.answer = async ({ conversation }) => {
  fs.appendFileSync(file, `${conversation.externalId}\n`)
  await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 10))
  return { outcome: 'sent' }
}
await createOutbox({ store, channels: [channel], log, now, processId: `child-${process.pid}` }).start()
process.stdout.write('started\n')
