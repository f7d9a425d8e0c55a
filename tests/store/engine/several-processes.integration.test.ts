import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openStore, type Store } from '../../../src/store/engine/store.ts'
import type { Others } from '../../../src/store/engine/others.ts'
import { receiveMessage } from '../../../src/store/conversations/inbound.ts'
import { byOne, relayTo } from '../../../src/several.ts'
import { createPullChannel } from '../../../src/channels/pull/channel.ts'
import { createRateLimit } from '../../../src/web/chat/rate-limit.ts'
import { toMessage } from '../../support/assistant.ts'

const log = pino({ level: 'silent' })
const isOnServer = (inject('postgresqlServer') as string | undefined) !== undefined

// A file has one process: there is nothing to share.
describe.runIf(isOnServer)('processes on one PostgreSQL', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-several-'))
  let database: TestDatabase
  const open: Store[] = []
  beforeAll(async () => {
    database = await createTestDatabase(directory)
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((store) => store.close()))
  })
  afterAll(async () => {
    await database.drop()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  const start = async (): Promise<Store & { others: Others }> => {
    const store = await openStore({ ...database, log })
    open.push(store)
    if (store.others === undefined) throw new Error('A store on PostgreSQL has others.')
    // Asked something, it listens.
    await store.others.alone(randomUUID(), async () => undefined)
    return store as Store & { others: Others }
  }
  const end = async (store: Store) => {
    open.splice(open.indexOf(store), 1)
    await store.close()
  }
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  const latch = () => {
    let open: () => void = () => undefined
    const opened = new Promise<void>((resolve) => (open = resolve))
    return { open, opened }
  }
  /** Resolves with the first word that `said` lets through. */
  const heard = (others: Others, topic: 'mail' | 'outbox' | 'rate' | 'knowledge') => new Promise<string>((resolve) => others.hear(topic, resolve))

  it('do not do under one key what another does, and do side by side what has other keys', async () => {
    const [one, two] = [await start(), await start()]
    const done: string[] = []
    const first = latch()
    const begun = latch()
    const a = one.others.alone('conversation', async () => {
      begun.open()
      await first.opened
      done.push('one')
    })
    await begun.opened
    const b = two.others.alone('conversation', async () => void done.push('two'))
    await two.others.alone('another', async () => void done.push('beside'))
    first.open()
    await Promise.all([a, b])
    expect(done).toEqual(['beside', 'one', 'two'])
  })

  it('let go of a key when what was done under it fails', async () => {
    const [one, two] = [await start(), await start()]
    await expect(one.others.alone('k', () => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong')
    expect(await two.others.alone('k', async () => 'free')).toBe('free')
  })

  it('take over the key of one that is gone, although it never let go', async () => {
    const [one, two] = [await start(), await start()]
    const begun = latch()
    void one.others.alone('k', () => (begun.open(), new Promise(() => undefined)))
    await begun.opened
    const waiting = two.others.alone('k', async () => 'mine now')
    // As when its machine goes: the server ends the connection.
    await admin(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
    expect(await waiting).toBe('mine now')
    // And it is there again by itself.
    expect(await one.others.alone('k2', async () => 'back')).toBe('back')
  })

  it('have one of them do what one does for all, and the next when that one ends', async () => {
    const [one, two] = [await start(), await start()]
    const swept: string[] = []
    const now = () => new Date(0)
    const sweepOf = (store: Store, name: string) => byOne(store.others, async () => (swept.push(name), null), now)
    const [first, second] = [sweepOf(one, 'one'), sweepOf(two, 'two')]
    expect(await first()).toBeNull()
    expect(await second()).toEqual(new Date(5_000))
    expect(await first()).toBeNull()
    expect(swept).toEqual(['one', 'one'])
    await end(one)
    await second()
    expect(swept).toEqual(['one', 'one', 'two'])
  })

  it('hear what another says, and not what they say themselves', async () => {
    const [one, two] = [await start(), await start()]
    const own: string[] = []
    one.others.hear('outbox', () => own.push('own'))
    const word = heard(two.others, 'outbox')
    one.others.tell('outbox')
    expect(await word).toBe('')
    expect(own).toEqual([])
  })

  it('are told that they may have missed something when their connection broke', async () => {
    const one = await start()
    const word = heard(one.others, 'knowledge')
    await admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'linli-others' AND datname = current_database()`)
    expect(await word).toBe('')
  })

  it('wake the readers of a conversation who are connected to another of them', async () => {
    const [one, two] = [await start(), await start()]
    const [sender, reader] = [one, two].map((store) => createPullChannel('web', 'web', undefined, relayTo(store.others)))
    const key = new Promise((resolve) => reader?.mailbox.subscribe('visitor', (message) => resolve(message.key)))
    await sender?.send({ key: 'notice:1', conversation: { kind: 'private', externalId: 'visitor' }, kind: 'notice', text: '已受理', buttons: [] })
    expect(await key).toBe('notice:1')
  })

  it('count the tries of one caller together', async () => {
    const [one, two] = [await start(), await start()]
    const now = new Date()
    const [here, there] = [one, two].map((store) => createRateLimit({ perMinute: 1, burst: 2 }, { name: 'visitor', others: store.others }))
    const word = heard(two.others, 'rate')
    expect(here?.take('a', now)).toBe(0)
    await word
    expect([there?.take('a', now), there?.take('b', now)]).toEqual([0, 0])
    expect(there?.take('a', now)).toBe(60)
  })

  it('receive the first messages of one newcomer at the same time, and make one person of them', async () => {
    const stores = [await start(), await start()]
    const now = new Date()
    const receipts = await Promise.all(Array.from({ length: 40 }, (_, index) => receiveMessage(stores[index % 2] as Store, toMessage('你好', { id: `m-${index >> 1}`, sender: 'newcomer' }, now), now)))
    expect(new Set(receipts.map(({ conversationId }) => conversationId)).size).toBe(1)
    expect(receipts.filter(({ isNew }) => isNew)).toHaveLength(20)
    expect(await stores[0]?.read.identity.count({ where: { externalId: 'newcomer' } })).toBe(1)
    expect(await stores[0]?.read.person.count()).toBe(1)
  })

  it('write side by side what is their own, and alone what is not', async () => {
    const [one, two] = [await start(), await start()]
    const begun = latch()
    const first = latch()
    const order: string[] = []
    const a = one.write(async () => {
      begun.open()
      await first.opened
      order.push('one')
    }, 'beside')
    await begun.opened
    await two.write(async () => void order.push('two'), 'beside')
    const alone = two.write(async () => void order.push('alone'))
    first.open()
    await Promise.all([a, alone])
    expect(order).toEqual(['two', 'one', 'alone'])
  })
})
