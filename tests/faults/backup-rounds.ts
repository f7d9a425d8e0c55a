import Database from 'better-sqlite3'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { startService, type ServiceProcess } from '../../src/commands/bench/service-process.ts'
import { listBackups } from '../../src/store/backups/backup-folder.ts'
import { checkBackup } from '../../src/store/backups/check-backup.ts'
import type { Manifest } from '../../src/store/backups/contents/manifest.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const MIGRATIONS = path.join(ROOT, 'prisma/migrations')
const CONVERSATIONS = 16
/** What a restore itself changes. */
const SETTLED = ['AuditEntry', 'Counter', 'Restoration', 'StaffSession']

interface Posted {
  replies: { text: string }[]
}

let building = 0

/** Files requests in 16 conversations at once until `isOver`; keeps the numbers that residents were told. */
function fileRequests(service: ServiceProcess, round: number, told: Set<string>) {
  let isOver = false
  const visit = async (resident: string) => {
    for (let count = 1; !isOver; count += 1) {
      // Somebody new each time, of another building: who reports what was reported is asked whether it is the same.
      building += 1
      const id = `${resident}-${count}`
      for (const text of [`${building}号楼楼道灯坏了，我叫刘桂兰，电话13800138001`, '同意', '确认']) {
        const { status, text: body } = await service.call('POST', '/api/v1/messages', { conversation: id, sender: { id }, text })
        if (status !== 200) throw new Error(`${status} ${body}`)
        const number = (JSON.parse(body) as Posted).replies.map((reply) => /SR-\d{8}-\d{4,}/.exec(reply.text)?.[0]).find(Boolean)
        if (text === '确认' && number !== undefined) told.add(number)
      }
    }
  }
  const visits = Promise.all(Array.from({ length: CONVERSATIONS }, (_, index) => visit(`round${round}-resident${index}`)))
  return { end: async () => { isOver = true; await visits } }
}

interface Ran {
  code: number | null
  wasKilled: boolean
  ms: number
  said: string
}

/** One command as a process of its own; killed after `killAfterMs`. */
function runCommand(args: string[], dataDirectory: string, killAfterMs?: number): Promise<Ran> {
  const startedAt = performance.now()
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', DATA_DIR: dataDirectory }
  const child = spawn(process.execPath, ['src/start.mjs', 'src/commands/linli.ts', ...args], { cwd: ROOT, env })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  return new Promise((resolve) =>
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, wasKilled: signal === 'SIGKILL', ms: performance.now() - startedAt, said })
    }),
  )
}

export interface Round {
  /** Numbers told before the backup began that the restored store lacks. */
  lost: string[]
  /** Tables whose rows are not as many as the manifest says. */
  different: string[]
  integrity: unknown
  /** Files with the name of a backup that are no whole one. */
  unsound: string[]
  /** Whether the new number of the restored store was told to somebody before. */
  isGivenTwice: boolean
  toldBefore: number
  rows: number
  backupKilled: boolean
  restoreKilled: boolean
  /** What a start on a restore that was killed half way said; '' when it was not killed there. */
  halfWay: string
  backupMs: number
  restoreMs: number
}

/** Between nothing and a little more than the whole. */
const anyMoment = (ms: number): number => 200 + Math.random() * ms

type Asked = Parameters<typeof startService>[0]

/** A backup of a service in which 16 conversations run, and a restore elsewhere, each killed at a random moment and begun anew. */
export async function runRound(round: number, options: { directory: string; told: Set<string>; last: { backupMs: number; restoreMs: number } }): Promise<Round> {
  const started: ServiceProcess[] = []
  const start = async (asked: Asked) => {
    const service = await startService(asked)
    started.push(service)
    return service
  }
  try {
    return await takeRound(round, { ...options, start })
  } finally {
    await Promise.all(started.map((service) => service.kill()))
  }
}

async function takeRound(round: number, { directory, told, last, start }: Parameters<typeof runRound>[1] & { start: (asked: Asked) => Promise<ServiceProcess> }): Promise<Round> {
  const [data, backups, elsewhere] = [path.join(directory, 'data'), path.join(directory, 'backups'), path.join(directory, `elsewhere-${round}`)]
  const service = await start({ dataDirectory: data })
  const filing = fileRequests(service, round, told)
  const toldAtStart = told.size
  await service.until(() => Promise.resolve(told.size >= toldAtStart + 20))

  const killedBackup = await runCommand(['backup', backups], data, anyMoment(last.backupMs))
  const before = [...told]
  const backup = await runCommand(['backup', backups], data)
  if (backup.code !== 0) throw new Error(backup.said)
  await filing.end()
  await service.stop()

  const found = await listBackups(backups)
  const checks = await Promise.all(found.map(async ({ file }) => ({ file, checked: await checkBackup(file, { scratch: fs.mkdtempSync(path.join(directory, 'check-')), migrationsDirectory: MIGRATIONS }) })))
  const unsound = checks.filter(({ checked }) => checked.outcome !== 'whole').map(({ file }) => file)
  const newest = found[0]?.file ?? ''
  const newestChecked = checks[0]?.checked
  if (newestChecked?.outcome !== 'whole') throw new Error(`no whole backup: ${JSON.stringify(newestChecked)}`)

  const killedRestore = await runCommand(['restore', newest], elsewhere, anyMoment(last.restoreMs))
  const isHalf = fs.existsSync(path.join(elsewhere, '.restoring'))
  const halfWay = isHalf ? await start({ dataDirectory: elsewhere }).then((started) => started.stop().then(() => 'started'), (error: unknown) => String(error)) : ''
  const restore = isHalf || !fs.existsSync(path.join(elsewhere, 'linli.db')) ? await runCommand(['restore', newest], elsewhere) : killedRestore
  if (restore !== killedRestore && restore.code !== 0) throw new Error(restore.said)

  const facts = examine(path.join(elsewhere, 'linli.db'), newestChecked.manifest, before)
  const restored = await start({ dataDirectory: elsewhere })
  const anew = new Set<string>()
  const more = fileRequests(restored, 1_000 + round, anew)
  await restored.until(() => Promise.resolve(anew.size > 0))
  await more.end()
  await restored.stop()
  for (const { file } of found) fs.rmSync(file)
  fs.rmSync(elsewhere, { recursive: true })
  return {
    ...facts,
    unsound,
    isGivenTwice: [...anew].some((number) => told.has(number)),
    toldBefore: before.length,
    backupKilled: killedBackup.wasKilled,
    restoreKilled: killedRestore.wasKilled,
    halfWay,
    backupMs: backup.ms,
    restoreMs: restore.ms,
  }
}

function examine(file: string, manifest: Manifest, before: readonly string[]) {
  const database = new Database(file, { readonly: true })
  try {
    const numbers = new Set((database.prepare('SELECT number FROM ServiceRequest').all() as { number: string }[]).map(({ number }) => number))
    const tables = Object.entries(manifest.tables).filter(([name]) => !SETTLED.includes(name))
    const different = tables.filter(([name, { rows }]) => (database.prepare(`SELECT COUNT(*) AS rows FROM "${name}"`).get() as { rows: number }).rows !== rows).map(([name]) => name)
    return { lost: before.filter((number) => !numbers.has(number)), different, integrity: database.pragma('integrity_check', { simple: true }), rows: tables.reduce((sum, [, { rows }]) => sum + rows, 0) }
  } finally {
    database.close()
  }
}
