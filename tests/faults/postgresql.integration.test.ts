import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type ServiceProcess } from '../../src/commands/bench/service-process.ts'
import { StoreError } from '../../src/domain/errors.ts'
import { inspectDatabase } from '../../src/store/engine/inspect.ts'
import { openStore, type Store } from '../../src/store/engine/store.ts'
import { startPostgresql, type PostgresqlServer } from '../support/postgresql-server.ts'

const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations')

let server: PostgresqlServer
let directory: string
beforeAll(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-postgresql-test-'))
  server = await startPostgresql()
})
afterAll(async () => {
  await server.stop()
  fs.rmSync(directory, { recursive: true, force: true })
})

async function query<Row extends pg.QueryResultRow>(database: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: `${server.url}/${database}` })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

async function createDatabase(): Promise<{ name: string; url: string }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await query('postgres', `CREATE DATABASE "${name}"`)
  return { name, url: `${server.url}/${name}` }
}

const logTo = (lines: string[]) => pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
const open = (url: string, lines: string[] = []) => openStore({ url, migrationsDirectory: MIGRATIONS, log: logTo(lines) })

const sendTo = (service: ServiceProcess) => async (resident: string, id: string, text: string) => {
  const { status, text: body } = await service.call('POST', '/api/v1/messages', { id, conversation: resident, sender: { id: resident }, text })
  return { status, body: JSON.parse(body) as { duplicate: boolean; replies: { text: string }[] } }
}

describe('the whole program on PostgreSQL', () => {
  it('loses nothing that was confirmed and repeats nothing when it is killed', async () => {
    const { name, url } = await createDatabase()
    const settings = { dataDirectory: path.join(directory, 'killed'), environment: { DATABASE_URL: url } }
    const told = new Map<string, string>()
    const service = await startService(settings)
    const send = sendTo(service)
    const file = async (resident: string) => {
      for (let visit = 0; ; visit += 1) {
        for (const [step, text] of [`${visit + 1}号楼楼道灯坏了，我叫刘桂兰，电话13800138001`, '同意', '确认'].entries()) {
          const answer = await send(resident, `${visit}-${step}`, text).catch(() => undefined)
          if (answer?.status !== 200) return
          const number = /SR-\d{8}-\d{4}/.exec(answer.body.replies.map((reply) => reply.text).join())?.[0]
          if (number !== undefined && text === '确认') told.set(`${resident} ${visit}-${step}`, number)
        }
      }
    }
    const visitors = Array.from({ length: 10 }, (_, index) => file(`resident-${index}`))
    await service.until(async () => told.size >= 10)
    await service.kill()
    await Promise.all(visitors)

    const again = await startService(settings)
    for (const [message, number] of told) {
      const [resident = '', id = ''] = message.split(' ')
      const { body } = await sendTo(again)(resident, id, '确认')
      expect(body.duplicate).toBe(true)
      expect(body.replies.map((reply) => reply.text).join()).toContain(number)
    }
    expect(await again.stop()).toBe(0)
    const numbers = (await query<{ number: string }>(name, 'SELECT "number" FROM "ServiceRequest"')).map((row) => row.number)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers).toEqual(expect.arrayContaining([...told.values()]))
    expect(new Set(told.values()).size).toBe(told.size)
    expect(await query(name, 'SELECT 1 FROM "InboundMessage" WHERE "decidedAt" IS NULL')).toEqual([])
  }, 180_000)

  it('answers again by itself once the server is back, and knows what it was sent before', async () => {
    const { url } = await createDatabase()
    const service = await startService({ dataDirectory: path.join(directory, 'away'), environment: { DATABASE_URL: url } })
    const send = sendTo(service)
    const before = await send('r', '1', '社区志愿者要占居民多少')
    expect(before.status).toBe(200)
    await server.pause()
    expect((await send('r', '2', '你好')).status).toBeGreaterThanOrEqual(500)
    await server.resume()
    await service.until(async () => (await send('r', '2', '你好')).status === 200)
    expect((await send('r', '1', '社区志愿者要占居民多少')).body).toMatchObject({ duplicate: true, replies: before.body.replies })
    const said = service.output().split('\n').filter((line) => line.includes('database-away'))
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('Start it')
    expect(await service.stop()).toBe(0)
  }, 180_000)
})

describe('two stores on one database', () => {
  let stores: Store[]
  beforeAll(async () => {
    const { url } = await createDatabase()
    // At the same time: one makes the tables, the other waits for it.
    stores = await Promise.all([open(url), open(url)])
  })
  afterAll(() => Promise.all(stores.map((store) => store.close())))

  it('count in one row without losing a step', async () => {
    const [one, two] = stores as [Store, Store]
    const step = (store: Store) =>
      store.write(async (transaction) => {
        const row = await transaction.counter.findUnique({ where: { key: 'steps' } })
        await transaction.counter.upsert({ where: { key: 'steps' }, create: { key: 'steps', value: 1 }, update: { value: (row?.value ?? 0) + 1 } })
      })
    await Promise.all(Array.from({ length: 200 }, (_, index) => step(index % 2 === 0 ? one : two)))
    expect(await one.read.counter.findUnique({ where: { key: 'steps' } })).toMatchObject({ value: 200 })
  })

  it('read through a connection that can not write', async () => {
    await expect(stores[0]?.read.counter.create({ data: { key: 'no', value: 1 } })).rejects.toThrow(/may only be read/)
  })

  it('keep nothing of a batch that failed, and all of those that did not', async () => {
    const [one] = stores as [Store]
    const add = (key: string, isWrong: boolean) =>
      one.write(async (transaction) => {
        await transaction.counter.create({ data: { key, value: 1 } })
        if (isWrong) throw new Error(`${key} is wrong`)
      })
    const results = await Promise.allSettled([add('a', false), add('b', true), add('c', false)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await one.read.counter.findMany({ where: { key: { in: ['a', 'b', 'c'] } }, orderBy: { key: 'asc' } })).map(({ key }) => key)).toEqual(['a', 'c'])
  })
})

describe('what keeps the store from opening is said with the remedy, and without the password', () => {
  const refusal = async (url: string): Promise<string> => {
    const error: unknown = await open(url).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(StoreError)
    expect((error as Error).message).not.toContain('for-tests-only')
    expect((error as Error).message).not.toContain('wrong-password')
    return (error as Error).message
  }

  it('a wrong password', async () => {
    expect(await refusal(`${server.url.replace('for-tests-only', 'wrong-password')}/postgres`)).toMatch(/refuses the user or the password: check DATABASE_URL/)
  })

  it('a database that is not there', async () => {
    expect(await refusal(`${server.url}/nowhere`)).toMatch(/nowhere does not exist: make it with "createdb"/)
  })

  it('a server that is not there', async () => {
    expect(await refusal('postgresql://linli:for-tests-only@127.0.0.1:1/linli')).toMatch(/can't be reached: start it/)
  })

  it('a migration that was edited after it had been applied', async () => {
    const { name, url } = await createDatabase()
    await (await open(url)).close()
    await query(name, `UPDATE "_prisma_migrations" SET checksum = 'another'`)
    expect(await refusal(url)).toMatch(/was changed after it had been applied/)
  })
})

describe('looking at a database', () => {
  it('tells one without tables from one that is up to date', async () => {
    const { name, url } = await createDatabase()
    const place = `PostgreSQL ${new URL(url).host}/${name}`
    expect(await inspectDatabase(url, MIGRATIONS)).toEqual({ outcome: 'absent', place })
    await (await open(url)).close()
    expect(await inspectDatabase(url, MIGRATIONS)).toMatchObject({ outcome: 'read', place, faults: [], pendingMigrations: [], activeStaff: 0 })
  })
})
