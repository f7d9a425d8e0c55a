// Sends what is queued in the database of argv[2], over a platform without captions that is a file (argv[3]): one line for each thing it took.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { PICTURE_TYPES } from '../../src/domain/pictures/pictures.ts'
import { createOutbox } from '../../src/outbox/worker.ts'
import { openStore } from '../../src/store/engine/store.ts'
import { makePng } from '../support/picture-files.ts'
import { ScriptedChannel, VirtualTime } from './virtual.ts'

const [url = '', file = '', clockAheadMs = '0'] = process.argv.slice(2)
const now = () => new Date(Date.now() + Number(clockAheadMs))
const migrationsDirectory = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'prisma', 'migrations')
const log = pino({ level: 'silent' })
const store = await openStore({ url, migrationsDirectory, log })
const channel = new ScriptedChannel(new VirtualTime(now().toISOString()), { pictures: { types: PICTURE_TYPES, largestBytes: 1_000_000, longestCaption: null } })
channel.answer = async ({ conversation, picture, text }) => {
  fs.appendFileSync(file, `${conversation.externalId} ${picture === undefined ? '' : 'picture'}${text === '' ? '' : 'text'}\n`)
  await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 10))
  return { outcome: 'sent' }
}
const bytes = Uint8Array.from(makePng(8, 8))
await createOutbox({ store, channels: [channel], log, now, processId: `child-${process.pid}`, pictures: { read: async () => bytes, address: () => null } }).start()
process.stdout.write('started\n')
