import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { ArgScalarType, SqlQuery } from '@prisma/driver-adapter-utils'
import Database from 'better-sqlite3'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqliteAdapter } from '../../../../src/store/engine/sqlite/adapter.ts'
import { KeptStatements } from '../../../../src/store/engine/sqlite/kept-statements.ts'

const TABLE = 'CREATE TABLE "All" ("id" INTEGER PRIMARY KEY, "text" TEXT UNIQUE NOT NULL, "big" BIGINT, "real" REAL, "at" DATETIME, "is" BOOLEAN, "json" JSONB, "bytes" BLOB, "count" INTEGER, "of" INTEGER REFERENCES "All"("id"))'
const given = (sql: string, ...values: [unknown, ArgScalarType][]): SqlQuery => ({ sql, args: values.map(([value]) => value), argTypes: values.map(([, scalarType]) => ({ scalarType, arity: 'scalar' as const })) })
const insert = (id: number, text: string, more: [unknown, ArgScalarType][] = []) =>
  given('INSERT INTO "All" ("id", "text", "big", "real", "at", "is", "json", "bytes") VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [id, 'int'], [text, 'string'], ...more, ...Array.from({ length: 6 - more.length }, (): [null, 'unknown'] => [null, 'unknown']))

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-statements-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

/** Ours and Prisma's own adapter, each on a file of its own. */
async function openBoth() {
  const database = new Database(path.join(folder, 'ours.db'))
  const statements = new KeptStatements(database)
  const both = [await sqliteAdapter(database, statements).connect(), await new PrismaBetterSqlite3({ url: `file:${path.join(folder, 'theirs.db')}` }).connect()] as const
  for (const adapter of both) await adapter.executeScript(`${TABLE}; PRAGMA foreign_keys = ON`)
  return { both, database, statements }
}

describe('The adapter with kept statements', () => {
  it('gives and keeps what Prisma’s own does, of every kind of value, also the second time', async () => {
    const { both } = await openBoth()
    const asked: ['queryRaw' | 'executeRaw', SqlQuery][] = [
      ['executeRaw', insert(1, '灯', [['9007199254740993', 'bigint'], ['1.5', 'float'], ['2026-11-24T02:00:00.000Z', 'datetime'], [true, 'boolean'], ['{"a":[1]}', 'json'], ['AAEC', 'bytes']])],
      ['executeRaw', insert(2, '水', [[7, 'bigint'], [2, 'float'], [new Date('2026-11-24T02:00:00.123Z'), 'datetime'], [false, 'boolean']])],
      ['executeRaw', insert(3, '', [[-5, 'bigint'], ['3', 'decimal'], [1_764_000_000_000, 'unknown']])],
      ['executeRaw', given('UPDATE "All" SET "count" = 1.5 WHERE "id" = ?', ['3', 'int'])],
      ['queryRaw', given('SELECT * FROM "All" ORDER BY "id"')],
      ['queryRaw', given('SELECT * FROM "All" WHERE "id" = ?', [99, 'int'])],
      ['queryRaw', given('SELECT COUNT(*) AS "count", MAX("text") AS "last", AVG("real") AS "mean", MAX("big") AS "big", NULL AS "none", "at" IS NULL AS "is" FROM "All"')],
      ['queryRaw', given('INSERT INTO "All" ("id", "text") VALUES (4, ?) RETURNING "id", "text", "at"', ['门', 'string'])],
      ['queryRaw', given('DELETE FROM "All" WHERE "id" = 4')],
      ['queryRaw', given('PRAGMA journal_mode')],
    ]
    for (const [method, query] of [...asked, ...asked.slice(4)]) {
      const [ours, theirs] = [await both[0][method](query), await both[1][method](query)]
      expect(ours).toEqual(theirs)
    }
  })

  it('speaks of a fault as Prisma’s own does', async () => {
    const { both } = await openBoth()
    for (const adapter of both) await adapter.executeRaw(insert(1, '灯'))
    const wrong = [insert(1, '水'), insert(2, '灯'), given('INSERT INTO "All" ("id") VALUES (9)'), given('UPDATE "All" SET "of" = 77')]
    for (const query of wrong) {
      const [ours, theirs] = await Promise.all(both.map((adapter) => adapter.executeRaw(query).catch((error: unknown) => error))) as [{ cause: { kind: string; constraint: unknown } }, { cause: { kind: string; constraint: unknown } }]
      expect([ours.cause.kind, ours.cause.constraint]).toEqual([theirs.cause.kind, theirs.cause.constraint])
    }
    await expect(both[0].queryRaw(given('SELECT "nothing" FROM "None"'))).rejects.toMatchObject({ cause: { kind: 'sqlite', message: 'no such table: None' } })
  })

  it('runs one transaction after another, and a rollback takes back what was written in it', async () => {
    const { both: [adapter] } = await openBoth()
    const first = await adapter.startTransaction()
    let hasBegun = false
    const second = adapter.startTransaction().then((transaction) => {
      hasBegun = true
      return transaction
    })
    await first.executeRaw(insert(1, '灯'))
    await first.createSavepoint?.('a')
    await first.executeRaw(insert(2, '水'))
    await first.rollbackToSavepoint?.('a')
    expect(hasBegun).toBe(false)
    await first.executeRaw(given('COMMIT'))
    await first.commit()
    const next = await second
    await next.executeRaw(insert(3, '门'))
    await next.executeRaw(given('ROLLBACK'))
    await next.rollback()
    expect((await adapter.queryRaw(given('SELECT "id" FROM "All"'))).rows).toEqual([[1]])
  })
})

describe('Kept statements', () => {
  it('are prepared once, and the last used ones stay', () => {
    const database = new Database(':memory:')
    const prepared: string[] = []
    const counting = { prepare: (sql: string) => prepared.push(sql) && database.prepare(sql) } as unknown as Database.Database
    const statements = new KeptStatements(counting, 2)
    for (const sql of ['SELECT 1', 'SELECT 2', 'SELECT 1', 'SELECT 3', 'SELECT 1', 'SELECT 2']) statements.query(sql, [])
    expect(prepared).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 2'])
  })

  it('see a change of the schema that another connection made, and read beside a writer what was committed', () => {
    const file = path.join(folder, 'two.db')
    const [writer, reader] = [new Database(file), new Database(file)]
    writer.pragma('journal_mode = WAL')
    writer.exec('CREATE TABLE t ("a" TEXT); INSERT INTO t VALUES (\'1\')')
    const statements = new KeptStatements(reader)
    const rows = () => statements.query('SELECT * FROM t', []).rows
    expect(rows()).toEqual([['1']])
    writer.exec('BEGIN; UPDATE t SET "a" = \'2\'')
    expect(rows()).toEqual([['1']])
    writer.exec('COMMIT; ALTER TABLE t ADD COLUMN "b" INTEGER DEFAULT 7')
    const { statement, rows: after } = statements.query('SELECT * FROM t', [])
    expect([after, statement.names]).toEqual([[['2', 7n]], ['a', 'b']])
    writer.exec('DROP TABLE t')
    expect(rows).toThrow('no such table')
  })
})
