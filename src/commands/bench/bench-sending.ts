import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { loadConfig } from '../../config.ts'
import { addBenchAudience } from '../../store/engine/bench/bench-floor.ts'
import { openStore } from '../../store/engine/store.ts'
import { addStaff } from '../../store/staff/staff.ts'
import { startService, type ServiceProcess } from './service-process.ts'
import { shareOfPace, startStrictBotApi, type StrictBotApi } from './strict-bot-api.ts'

const LONGEST_MS = 300_000

export interface SendingFigures {
  recipients: number
  /** Of the platform's 30 a second, its own pauses left out. */
  share: number
  perSecond: number
  pauses: number
  rateRefusals: number
}

/** The whole program sends one announcement in real time over HTTP to a platform that counts, beside residents who talk. */
export async function measureSending(options: { recipients: number; conversations: number; talk: (service: ServiceProcess, conversation: number, isOver: () => boolean) => Promise<void> }): Promise<SendingFigures> {
  const { recipients, conversations, talk } = options
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-bench-sending-'))
  const platform = await startStrictBotApi()
  try {
    await fill(directory, recipients, platform.token.split(':')[0] ?? '')
    const service = await startService({ dataDirectory: directory, environment: { TELEGRAM_BOT_TOKEN: platform.token, TELEGRAM_API_ROOT: platform.apiRoot, QUIET_HOURS: 'off' } })
    try {
      // Without a model it answers by words, and sends as ever.
      await service.until(async () => (await service.call('GET', '/readyz')).text.includes('hybrid')).catch(() => undefined)
      let isOver = false
      const talking = Promise.all(Array.from({ length: conversations }, (_, conversation) => talk(service, conversation, () => isOver)))
      try {
        await announce(service)
        await Promise.race([untilTaken(platform, recipients), talking.then(() => new Promise<never>(() => undefined))])
      } finally {
        isOver = true
      }
      await talking
    } finally {
      await service.stop()
    }
    const spanMs = (platform.taken.at(-1) ?? 0) - (platform.taken[0] ?? 0)
    return { recipients, share: shareOfPace(platform), perSecond: (recipients / spanMs) * 1_000, pauses: platform.pauses.length, rateRefusals: platform.rateRefusals }
  } finally {
    await platform.close()
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

async function fill(directory: string, recipients: number, account: string): Promise<void> {
  const store = await openStore({ url: `file:${path.join(directory, 'linli.db')}`, migrationsDirectory: loadConfig({}).migrationsDirectory, log: pino({ level: 'silent' }) })
  try {
    for (const user of ['writer', 'approver']) await addStaff(store, { user, role: 'staff', now: new Date() })
    await addBenchAudience(store, recipients, new Date(), { channel: 'telegram', account })
  } finally {
    await store.close()
  }
}

async function announce(service: ServiceProcess): Promise<void> {
  const created = await service.call('POST', '/api/v1/announcements', { by: 'writer', text: '明天上午九点到十一点停水，请提前储水。', audience: { channels: ['telegram'] } })
  const { id } = JSON.parse(created.text) as { id?: string }
  const approved = await service.call('POST', `/api/v1/announcements/${id ?? ''}/approve`, { by: 'approver' })
  if (approved.status !== 200) throw new Error(`the announcement was not approved: ${created.text} ${approved.text}`)
}

async function untilTaken(platform: StrictBotApi, recipients: number): Promise<void> {
  for (const endsAt = performance.now() + LONGEST_MS; platform.taken.length < recipients; ) {
    if (performance.now() > endsAt) throw new Error(`only ${platform.taken.length} of ${recipients} were sent within ${LONGEST_MS / 60_000} minutes`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
