import Database from 'better-sqlite3'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreError } from '../../src/domain/errors.ts'
import { inspectDatabase } from '../../src/store/engine/inspect.ts'
import { openStore, type Store } from '../../src/store/engine/store.ts'
import { captureLog, type CapturedLog } from '../support/log.ts'
import { expectOneLine } from './lines.ts'

const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations')

let directory: string
let file: string
let log: CapturedLog
const opened: Store[] = []
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-faults-'))
  file = path.join(directory, 'linli.db')
  log = captureLog()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()))
  fs.rmSync(directory, { recursive: true, force: true })
})

async function open(options: { serves?: boolean } = {}): Promise<Store> {
  const store = await openStore({ url: `file:${file}`, migrationsDirectory: MIGRATIONS, log: log.log, ...options })
  opened.push(store)
  return store
}
const closeAll = () => Promise.all(opened.splice(0).map((store) => store.close()))

const refusal = async (serves = false): Promise<string> => {
  const error: unknown = await open({ serves }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(StoreError)
  return (error as Error).message
}

const count = (store: Store, key: string) => store.write(async (transaction) => void (await transaction.counter.upsert({ where: { key }, create: { key, value: 1 }, update: { value: { increment: 1 } } })))
const kept = async (store: Store, key: string) => (await store.read.counter.findUnique({ where: { key } }))?.value

/** Another program that keeps everybody from writing. */
function lock(): { end: () => void } {
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  return {
    end: () => {
      other.exec('ROLLBACK')
      other.close()
    },
  }
}

describe('while another program locks the file', () => {
  // The lock is this thread's own: a wait that holds the event loop would never see its end.
  it('reads go on, the event loop too, and a write is done as soon as the lock is gone', async () => {
    const store = await open()
    await count(store, 'before')
    const other = lock()
    const written = Array.from({ length: 20 }, () => count(store, 'waited'))
    for (let read = 0; read < 40; read += 1) {
      expect(await kept(store, 'before')).toBe(1)
      expect(await kept(store, 'waited')).toBeUndefined()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    other.end()
    await Promise.all(written)
    expect(await kept(store, 'waited')).toBe(20)
    expect(store.trouble()).toBeNull()
    expect(log.faults()).toEqual([])
  })

  it('everybody who waits is told after a few seconds, not one after the other, and it is said once', async () => {
    const store = await open()
    const other = lock()
    const startedAt = performance.now()
    const results = await Promise.allSettled(Array.from({ length: 100 }, (_, index) => count(store, `key ${index}`)))
    expect(performance.now() - startedAt).toBeLessThan(15_000)
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'store', retryable: true } })
    expect(store.trouble()).toBe('busy')
    other.end()
    await count(store, 'after')
    expect(store.trouble()).toBeNull()
    expectOneLine(log, { fault: 'database-locked', level: 'error', tells: /nothing is lost\. End that program/, times: 1 })
  })
})

describe('a database that is not what it was does not begin a new community', () => {
  it('a file of no bytes', async () => {
    fs.writeFileSync(file, '')
    expect(await refusal()).toMatch(/is empty \(0 bytes\).*Restore a backup in its place, or remove the file/)
    expect(fs.statSync(file).size).toBe(0)
    expect(await inspectDatabase(`file:${file}`, MIGRATIONS)).toEqual({ outcome: 'empty', place: file })
  })

  it('a log whose database is gone', async () => {
    await count(await open(), 'confirmed')
    fs.cpSync(`${file}-wal`, path.join(directory, 'kept-wal'))
    await closeAll()
    fs.rmSync(file)
    fs.renameSync(path.join(directory, 'kept-wal'), `${file}-wal`)
    expect(await refusal()).toMatch(/is gone, but its log .* is there/)
    expect(fs.statSync(`${file}-wal`).size).toBeGreaterThan(0)
  })

  it('a file that begins with something else', async () => {
    await open()
    await closeAll()
    const content = fs.readFileSync(file)
    content.fill(7, 0, 100)
    fs.writeFileSync(file, content)
    expect(await refusal()).toMatch(/is not a SQLite database, or its beginning is damaged: restore a backup/)
    expect(fs.readFileSync(file).equals(content)).toBe(true)
  })

  it('a database that a newer program has changed names both versions and stays as it is', async () => {
    await count(await open(), 'confirmed')
    await closeAll()
    const database = new Database(file)
    database.exec(`INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at) VALUES ('x', 'y', '20991231235959_from_the_future', 1)`)
    database.close()
    const newest = fs.readdirSync(MIGRATIONS).sort().at(-1) ?? ''
    const message = await refusal()
    expect(message).toContain('20991231235959_from_the_future')
    expect(message).toContain(newest)
    expect(await inspectDatabase(`file:${file}`, MIGRATIONS)).toMatchObject({ outcome: 'newer', theirs: '20991231235959_from_the_future', ours: newest })
  })
})

describe('one file is served by one process', () => {
  it('a second one is told which process has it; commands go on; it is free again when that ends', async () => {
    const first = await open({ serves: true })
    expect(await inspectDatabase(`file:${file}`, MIGRATIONS)).toMatchObject({ outcome: 'read', use: { servedBy: process.pid, isLocked: false } })
    expect(await refusal(true)).toMatch(new RegExp(`Process ${process.pid}.*one file is served by one process`))
    const command = await open()
    await count(command, 'by a command')
    expect(await kept(first, 'by a command')).toBe(1)
    await closeAll()
    await open({ serves: true })
  })
})

describe('a damaged page', () => {
  it('refuses what stands on it in words, goes on with the rest, and stays known', async () => {
    const store = await open()
    for (let index = 0; index < 400; index += 1) await count(store, `key ${String(index).padStart(4, '0')} ${'x'.repeat(100)}`)
    await closeAll()
    damage(file, 'Counter')
    const damaged = await open()
    await expect(damaged.read.counter.findMany()).rejects.toMatchObject({ code: 'store', retryable: true })
    expect(await damaged.read.person.count()).toBe(0)
    await damaged.write((transaction) => transaction.person.create({ data: { id: 'p', isSubscribed: true, createdAt: new Date() } }))
    expect(damaged.trouble()).toBe('damaged')
    expect(await inspectDatabase(`file:${file}`, MIGRATIONS)).toMatchObject({ outcome: 'read', faults: [expect.stringMatching(/malformed|page/i)] })
    expectOneLine(log, { fault: 'database-damaged', level: 'error', tells: /doctor.*put the latest backup in its place/, end: 'none' })
  })
})

/** Overwrites a leaf page of a table, as a dying disk does. */
function damage(database: string, table: string): void {
  const reading = new Database(database, { readonly: true })
  const { pageno, pagesize } = reading.prepare(`SELECT max(pageno) AS pageno, max(pgsize) AS pagesize FROM dbstat WHERE name = ? AND pagetype = 'leaf'`).get(table) as { pageno: number; pagesize: number }
  reading.close()
  const handle = fs.openSync(database, 'r+')
  fs.writeSync(handle, Buffer.alloc(pagesize, 0xa5), 0, pagesize, (pageno - 1) * pagesize)
  fs.closeSync(handle)
}
