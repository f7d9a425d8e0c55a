import Database from 'better-sqlite3'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startService, type ServiceProcess } from '../../src/commands/bench/service-process.ts'
import { checkDatabase, checkDataDirectory } from '../../src/commands/doctor/doctor-local.ts'
import { openVisitor, type TestVisitor } from '../support/visitor.ts'

const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations')
/** Each starts the whole program, beside whatever else the machine does. */
const LONGEST_MS = 600_000
const DANGER = '厨房着火了，满屋都是烟，出不去'
const ADMIN = { ADMIN_USER: 'wangfang', ADMIN_PASSWORD: 'a quiet evening walk' }

let root: string
const started: ServiceProcess[] = []
/** Ends what a failed test has left running. */
afterEach(() => Promise.all(started.splice(0).map((service) => service.kill())))
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-table-'))
})
afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

/** Whether this user may mount a small disk of its own, as root outside most containers. */
const canMount = (() => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
})()

async function logIn(url: string): Promise<string> {
  const form = await fetch(`${url}/admin/login`)
  const cookie = form.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ')
  const token = /name="_csrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? ''
  const answer = await fetch(`${url}/admin/login`, { method: 'POST', redirect: 'manual', headers: { Cookie: cookie, Origin: url }, body: new URLSearchParams({ _csrf: token, user: ADMIN.ADMIN_USER, password: ADMIN.ADMIN_PASSWORD }) })
  return answer.headers.getSetCookie().find((one) => one.startsWith('linli_staff='))?.split(';')[0] ?? ''
}

interface World {
  service: ServiceProcess
  resident: TestVisitor
  /** A request that was confirmed before. */
  number: string
  staffPage: (route?: string) => Promise<{ status: number; text: string }>
  ready: () => Promise<{ status: number; parts: Record<string, { state: string; detail: string }>; says: string }>
  faults: () => string[]
}

async function open(dataDirectory: string): Promise<World> {
  const service = await startService({ dataDirectory, environment: { ...ADMIN, LOG_LEVEL: 'warn' } })
  started.push(service)
  const resident = await openVisitor(service.url)
  const number = await resident.report()
  const cookie = await logIn(service.url)
  return {
    service,
    resident,
    number,
    staffPage: async (route = '/admin/requests') => {
      const response = await fetch(service.url + route, { headers: { Cookie: cookie }, redirect: 'manual' })
      return { status: response.status, text: await response.text() }
    },
    ready: async () => {
      const { status, text } = await service.call('GET', '/readyz')
      const body = JSON.parse(text) as { status: string; parts: Record<string, { state: string; detail: string }> }
      return { status, parts: body.parts, says: body.status }
    },
    faults: () => service.output().split('\n').filter((line) => line.includes('"level":50')).map((line) => (JSON.parse(line) as { fault: string }).fault),
  }
}

const doctor = (dataDirectory: string) => checkDatabase({ databaseUrl: `file:${path.join(dataDirectory, 'linli.db')}`, migrationsDirectory: MIGRATIONS })

interface Told {
  /** The chat's refusal, the pages' banner, the fault's name, what readyz says of the database. */
  banner: RegExp
  fault: string
  detail: RegExp
}

/** What everybody is told while nothing can be written: residents, those in danger, staff, whoever runs it. */
async function expectTold({ service, resident, number, staffPage, ready, faults }: World, { banner, fault, detail }: Told): Promise<void> {
  const [said, danger] = await Promise.all([resident.say('楼道灯坏了', { id: 'while' }), resident.say(DANGER, { id: 'danger' })])
  expect(said.status).toBe(503)
  expect(said.json.detail).toContain('还没有记下来')
  expect(danger.status).toBe(503)
  expect(danger.json.detail).toContain('119')
  // Reading goes on: staff see what is there, and on each page what is wrong.
  const page = await staffPage()
  expect(page.status).toBe(200)
  expect(page.text).toContain(number)
  expect(page.text).toMatch(banner)
  const state = await ready()
  expect(state).toMatchObject({ status: 503, says: 'not_ready', parts: { database: { state: 'failed', detail: expect.stringMatching(detail) as string } } })
  expect((await service.call('GET', '/healthz')).status).toBe(200)
  expect(faults()).toEqual([fault])
}

/** What could not be taken is taken as soon as it is sent again; what was confirmed is there. */
async function expectMended({ service, resident, number, staffPage, ready }: World): Promise<void> {
  await service.until(async () => (await resident.say('楼道灯坏了', { id: 'while' })).status === 200)
  await service.until(async () => (await ready()).status === 200)
  const page = await staffPage()
  expect(page.text).toContain(number)
  expect(page.text).not.toMatch(/存不下来|写不进去/)
  expect(await service.stop()).toBe(0)
}

describe('a service whose database', () => {
  it('is locked by another program says so to everybody, reads on, and goes on by itself', async () => {
    const directory = path.join(root, 'locked')
    const world = await open(directory)
    const other = new Database(path.join(directory, 'linli.db'))
    other.exec('BEGIN IMMEDIATE')
    await expectTold(world, { banner: /数据库被别的程序锁着/, fault: 'database-locked', detail: /Another program has locked/ })
    expect(await doctor(directory)).toMatchObject({ state: 'broken', detail: expect.stringMatching(new RegExp(`锁着，写不进去.*进程 ${world.service.pid}`)) as string })
    other.exec('ROLLBACK')
    other.close()
    await expectMended(world)
  }, LONGEST_MS)

  it.skipIf(!canMount)('lies on a disk that fills up is warned of it before, and goes on when there is room', async () => {
    const directory = path.join(root, 'full')
    fs.mkdirSync(directory)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', directory])
    try {
      const world = await open(directory)
      expect(await world.ready()).toMatchObject({ status: 200, says: 'ready', parts: { database: { state: 'ok' }, disk: { state: 'failed', detail: expect.stringMatching(/^\d+ MB are free/) as string } } })
      expect((await world.staffPage()).text).toMatch(/磁盘马上就满了，只剩 \d+ MB/)
      expect(world.service.output()).toContain('"fault":"disk-low"')
      expect(checkDataDirectory({ dataDirectory: directory })).toMatchObject({ state: 'broken', remedy: expect.stringContaining('腾出地方') as string })
      fillUp(path.join(directory, 'filler'))
      await expectTold(world, { banner: /磁盘满了/, fault: 'disk-full', detail: /disk is full/ })
      fs.rmSync(path.join(directory, 'filler'))
      await world.service.until(async () => (await world.resident.say('楼道灯坏了', { id: 'while' })).status === 200)
      await world.service.until(async () => (await world.ready()).status === 200)
      expect((await world.staffPage()).text).toContain(world.number)
      expect(await world.service.stop()).toBe(0)
    } finally {
      execFileSync('umount', ['--lazy', directory])
    }
  }, LONGEST_MS)
})

function fillUp(file: string): void {
  const handle = fs.openSync(file, 'w')
  try {
    for (let size = 65_536; size >= 1; size = size > 4096 ? 4096 : size > 1 ? 1 : 0) {
      try {
        for (;;) fs.writeSync(handle, Buffer.alloc(size))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    }
  } finally {
    fs.closeSync(handle)
  }
}

describe('a service that may open no further file', () => {
  it('answers those who are connected, and says what is missing', async () => {
    const directory = path.join(root, 'handles')
    const world = await open(directory)
    const limit = (files: number) => execFileSync('prlimit', ['--pid', String(world.service.pid), `--nofile=${files}:`])
    const before = await world.service.call('GET', '/readyz')
    expect(before.status).toBe(200)
    limit(3)
    await world.service.until(async () => (await world.ready()).parts['disk']?.state === 'failed')
    expect((await world.ready()).parts['disk']?.detail).toMatch(/No file handles are left.*ulimit -n/)
    const answer = await world.service.call('POST', '/api/v1/messages', { id: 'm1', conversation: 'c', sender: { id: 'u' }, text: DANGER })
    expect(answer.text).toContain('119')
    limit(4096)
    await world.service.until(async () => (await world.ready()).parts['disk']?.state !== 'failed')
    expect((await world.staffPage()).text).toContain(world.number)
    expect(world.service.output()).toContain('"fault":"disk-low"')
    expect(await world.service.stop()).toBe(0)
  }, LONGEST_MS)
})

describe('a second service on the same file', () => {
  it('does not start, and names the first, which goes on', async () => {
    const directory = path.join(root, 'two')
    const world = await open(directory)
    await expect(startService({ dataDirectory: directory })).rejects.toThrow(new RegExp(`Process ${world.service.pid}.*one file is served by one process`))
    expect((await world.resident.say('您好')).status).toBe(200)
    expect(await doctor(directory)).toMatchObject({ state: 'ok', detail: expect.stringContaining(`进程 ${world.service.pid}`) as string })
    await world.service.kill()
    const next = await startService({ dataDirectory: directory, environment: ADMIN })
    expect(await next.stop()).toBe(0)
  }, LONGEST_MS)
})

describe('a service does not start on a database that', () => {
  it.each([
    ['is empty', (file: string) => fs.writeFileSync(file, ''), /is empty \(0 bytes\)/, /是空的（0 字节）/],
    ['a newer program has changed', addNewerMigration, /20991231235959_later.*this program knows no later one than/, /新版本改过的（20991231235959_later）/],
    ['begins with something else', (file: string) => fs.writeFileSync(file, Buffer.alloc(8192, 7)), /is not a SQLite database/, /打不开|坏了/],
  ])('%s', async (name, change, says, doctorSays) => {
    const directory = path.join(root, name.replaceAll(' ', '-'))
    fs.mkdirSync(directory)
    const file = path.join(directory, 'linli.db')
    change(file)
    const before = fs.readFileSync(file)
    await expect(startService({ dataDirectory: directory })).rejects.toThrow(says)
    expect(fs.readFileSync(file).equals(before)).toBe(true)
    expect(await doctor(directory)).toMatchObject({ state: 'broken', detail: expect.stringMatching(doctorSays) as string })
  }, LONGEST_MS)
})

function addNewerMigration(file: string): void {
  const database = new Database(file)
  database.exec(`CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`)
  database.exec(`INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at) VALUES ('x', 'y', '20991231235959_later', 1)`)
  database.pragma('journal_mode = WAL')
  database.close()
}
