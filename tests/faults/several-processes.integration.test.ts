import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type ServiceProcess } from '../../src/commands/bench/service-process.ts'
import { startPostgresql, type PostgresqlServer } from '../support/postgresql-server.ts'
import { startProxy, type Proxy } from '../support/proxy.ts'

const TOKEN = 'token-of-a-service-started-by-hand'
const PROCESSES = 3
const KILLS = 3

let server: PostgresqlServer
let directory: string
let url: string
let proxy: Proxy
let services: ServiceProcess[] = []

/** Without what takes longest at a start and does nothing here: the embedding model, and learning anew from staff's talk. */
const start = () => {
  const nothing = path.join(directory, 'nothing')
  return startService({ dataDirectory: path.join(directory, 'data'), environment: { DATABASE_URL: url, KNOWLEDGE_DIR: path.join(directory, 'knowledge'), EMBEDDING_MODEL_DIR: nothing, XDG_CACHE_HOME: nothing } })
}

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-several-'))
  fs.cpSync(path.resolve(import.meta.dirname, '../../knowledge'), path.join(directory, 'knowledge'), { recursive: true, filter: (file) => path.basename(file) !== 'talk' })
  server = await startPostgresql()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: `${server.url}/postgres` })
  await client.connect()
  await client.query(`CREATE DATABASE "${name}"`)
  await client.end()
  url = `${server.url}/${name}`
  proxy = await startProxy()
  // All at once, on a database without tables.
  services = await Promise.all(Array.from({ length: PROCESSES }, start))
  proxy.backends = services.map((service) => service.url)
}, 600_000)
afterAll(async () => {
  await proxy.close()
  await Promise.all(services.map((service) => service.stop()))
  await server.stop()
  fs.rmSync(directory, { recursive: true, force: true })
}, 120_000)

interface Said {
  duplicate: boolean
  replies: { text: string }[]
}

/** What a caller does: it sends the same message until it is answered. */
async function say(resident: string, id: string, text: string): Promise<Said> {
  for (;;) {
    const answer = await fetch(`${proxy.url}/api/v1/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ id, conversation: resident, sender: { id: resident }, text }),
    }).catch(() => undefined)
    if (answer?.status === 200) return (await answer.json()) as Said
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const isStored = async (id: string): Promise<boolean> => (await query(`SELECT 1 FROM "InboundMessage" WHERE "externalId" LIKE '%${id}%'`)).length > 0

const NUMBER = /SR-\d{8}-\d{4}/

describe('three processes on one PostgreSQL, behind a proxy', () => {
  it('lose nothing, do nothing twice and keep the order while one after another is killed', async () => {
    const told: { resident: string; id: string; number: string }[] = []
    let isOver = false
    const visit = async (name: string) => {
      for (let visits = 0; !isOver || visits === 0; visits += 1) {
        const resident = `${name}-${visits}`
        for (const [step, text] of [`${visits + 1}号楼楼道灯坏了，我叫刘桂兰，电话13800138001`, '同意', '确认'].entries()) {
          const { replies } = await say(resident, `${resident}-${step}`, text)
          const number = NUMBER.exec(replies.map((reply) => reply.text).join())?.[0]
          if (text === '确认') told.push({ resident, id: `${resident}-${step}`, number: number ?? `none for ${resident}` })
        }
      }
    }
    // Some don't wait for an answer, only until it was heard: each process gets some of what they say, and an earlier message may still be another's.
    const hurry = async (resident: string) => {
      for (let round = 0; !isOver || round === 0; round += 1) {
        const answers: Promise<Said>[] = []
        for (const [index, text] of ['志愿者怎么报名', '你好', '楼道灯坏了', '取消'].entries()) {
          const id = `${resident}-${round}-${index}`
          answers.push(say(resident, id, text))
          while (!(await isStored(id))) await new Promise((resolve) => setTimeout(resolve, 10))
        }
        await Promise.all(answers)
      }
    }
    const residents = [...Array.from({ length: 4 }, (_, index) => visit(`waits-${index}`)), ...Array.from({ length: 3 }, (_, index) => hurry(`hurries-${index}`))]
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = told.length
      await services[0]?.until(async () => told.length >= before + 3)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
      // What it had in hand is taken up by the others, before it is back.
      const victim = kill % PROCESSES
      await services[victim]?.kill()
      proxy.backends = services.filter((_, index) => index !== victim).map((service) => service.url)
      services[victim] = await start()
      proxy.backends = services.map((service) => service.url)
    }
    isOver = true
    await Promise.all(residents)

    expect(await query('SELECT 1 FROM "InboundMessage" WHERE "decidedAt" IS NULL')).toEqual([])
    const numbers = (await query<{ number: string }>(`SELECT "number" FROM "ServiceRequest"`)).map((row) => row.number)
    expect(new Set(told.map(({ number }) => number)).size).toBe(told.length)
    expect([...numbers].sort()).toEqual(told.map(({ number }) => number).sort())
    for (const { resident, id, number } of told.slice(-10)) {
      const again = await say(resident, id, '确认')
      expect(again).toMatchObject({ duplicate: true })
      expect(again.replies.map((reply) => reply.text).join()).toContain(number)
    }
    // Answers stand in the order in which the messages were said.
    const turns = await query<{ conversationId: string; id: string; seq: number }>(`
      SELECT m."conversationId", m."id", min(o."seq") AS seq FROM "InboundMessage" m JOIN "OutboxMessage" o ON o."inboundId" = m."id"
      GROUP BY m."conversationId", m."id", m."receivedAt" ORDER BY m."conversationId", m."receivedAt", m."id"`)
    const outOfOrder = turns.filter((turn, index) => turns[index - 1]?.conversationId === turn.conversationId && Number(turns[index - 1]?.seq) > Number(turn.seq))
    expect(turns.length).toBeGreaterThan(30)
    expect(outOfOrder).toEqual([])
  }, 900_000)
})
