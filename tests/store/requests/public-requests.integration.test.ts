import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isOpen, REQUEST_KINDS, REQUEST_STATUSES } from '../../../src/domain/requests/requests.ts'
import { openStore, type Store } from '../../../src/store/engine/store.ts'
import { findByPhoneEnd, findPublicNumber, findPublicRequests, listPublicRequests, type PublicFilter } from '../../../src/store/requests/public-requests.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-public-'))
let store: Store
let database: TestDatabase
const MIDNIGHT = Date.parse('2026-11-01T00:00:00Z')
const HOUR_MS = 60 * 60 * 1000

/** Numbers that look random and are the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * sides)
  }
}

const throwDice = dice(7)
const pick = <T>(list: readonly T[]): T => list[throwDice(list.length)] as T
const rows = Array.from({ length: 300 }, (_, index) => {
  const createdAt = new Date(MIDNIGHT + throwDice(60 * 24) * HOUR_MS)
  return { id: `id-${index}`, number: `SR-20261101-${String(index).padStart(4, '0')}`, kind: pick(REQUEST_KINDS), serviceCode: pick(['street_light', 'sewer', 'other', null]), status: pick(REQUEST_STATUSES), createdAt }
})

beforeAll(async () => {
  database = await createTestDatabase(directory)
  store = await openStore({ ...database, log: pino({ level: 'silent' }) })
  const particulars = { category: '公共照明', description: '刘桂兰说灯坏了', address: '3号楼2单元501', requesterName: '刘桂兰', requesterPhone: '13800138001' }
  await store.write((transaction) => transaction.serviceRequest.createMany({ data: rows.map((row) => ({ ...row, ...particulars, updatedAt: row.createdAt })) }))
})
afterAll(async () => {
  await store.close()
  await database.drop()
  fs.rmSync(directory, { recursive: true, force: true })
})

const isPublic = (row: (typeof rows)[number]): boolean => (row.kind === 'service' || row.kind === 'help') && row.serviceCode !== null
const newestFirst = (a: (typeof rows)[number], b: (typeof rows)[number]): number => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1)

describe('what anybody may read of requests', () => {
  it('is, for a hundred filters, what a plain look at all rows gives, newest first', async () => {
    for (let round = 0; round < 100; round += 1) {
      const from = new Date(MIDNIGHT + throwDice(50 * 24) * HOUR_MS)
      const filter: PublicFilter = {
        from,
        before: new Date(from.getTime() + throwDice(30 * 24) * HOUR_MS),
        ...(throwDice(2) === 0 && { serviceCodes: pick([['street_light'], ['sewer', 'other'], ['unknown']]) }),
        ...(throwDice(2) === 0 && { isOpen: throwDice(2) === 0 }),
      }
      const most = pick([1, 5, 1000])
      const expected = rows
        .filter((row) => isPublic(row) && row.createdAt >= filter.from && row.createdAt < filter.before)
        .filter((row) => filter.serviceCodes === undefined || filter.serviceCodes.includes(row.serviceCode ?? ''))
        .filter((row) => filter.isOpen === undefined || isOpen(row) === filter.isOpen)
        .sort(newestFirst)
        .slice(0, most)
      expect((await listPublicRequests(store, filter, most)).map(({ number }) => number)).toEqual(expected.map(({ number }) => number))
    }
  })

  it('by number is found only of what falls under a service', async () => {
    const found = await findPublicRequests(store, rows.map(({ number }) => number), 1000)
    expect(found.map(({ number }) => number).sort()).toEqual(rows.filter(isPublic).map(({ number }) => number))
    for (const row of rows.slice(0, 40)) expect(await findPublicNumber(store, row.id)).toBe(isPublic(row) ? row.number : null)
  })

  it('holds nothing else', async () => {
    const all = await listPublicRequests(store, { from: new Date(0), before: new Date(MIDNIGHT * 2) }, 1000)
    expect(new Set(all.flatMap((row) => Object.keys(row)))).toEqual(new Set(['number', 'serviceCode', 'category', 'status', 'createdAt', 'updatedAt', 'finishedAt', 'dueAt']))
  })
})

describe('a request of which somebody knows the end of the telephone', () => {
  it('is theirs to read, whatever it is about, and nobody else’s', async () => {
    for (const { id, number, status } of rows.slice(0, 20)) {
      expect(await findByPhoneEnd(store, id, '8001')).toEqual({ request: expect.objectContaining({ number, status }) as unknown, goesOnIn: null })
      for (const wrong of ['8002', '1380']) expect(await findByPhoneEnd(store, id, wrong)).toBeNull()
    }
  })

  it('leads on to the last that it went into', async () => {
    const [first, second, third] = rows.slice(20, 23).map(({ id }) => id) as [string, string, string]
    await store.write(async (transaction) => {
      await transaction.serviceRequest.updateMany({ where: { id: first }, data: { mergedIntoId: second } })
      await transaction.serviceRequest.updateMany({ where: { id: second }, data: { mergedIntoId: third } })
    })
    expect((await findByPhoneEnd(store, first, '8001'))?.goesOnIn?.number).toBe(rows[22]?.number)
  })
})
