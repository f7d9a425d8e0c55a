import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Prisma } from '../../../src/store/generated/client.ts'
import type { Store, Transaction } from '../../../src/store/engine/store.ts'
import { openTestStore } from '../../outbox/world.ts'

const NOW = new Date('2026-11-24T02:00:00.123Z')

let world: Awaited<ReturnType<typeof openTestStore>>
let store: Store
beforeEach(async () => {
  world = await openTestStore()
  store = world.store
})
afterEach(() => world.close())

const addPerson = (transaction: Transaction, id: string) => transaction.$executeRaw`INSERT INTO "Person" ("id", "nickname", "isSubscribed", "createdAt") VALUES (${id}, ${'刘桂兰'}, ${true}, ${NOW})`

describe('Plain statements', () => {
  it('give every kind of value as the models do', async () => {
    const id = randomUUID()
    await store.write((transaction) => addPerson(transaction, id))
    await store.write((transaction) => transaction.$executeRaw`INSERT INTO "Counter" ("key", "value") VALUES (${'x'}, ${41})`)
    const [row] = await store.read.$queryRaw<object[]>`SELECT "id", "nickname", "isSubscribed", "optedOutAt", "createdAt" FROM "Person"`
    expect(row).toEqual(await store.read.person.findFirst({ select: { id: true, nickname: true, isSubscribed: true, optedOutAt: true, createdAt: true } }))
    const ids = Prisma.join([Prisma.sql`${id}`, Prisma.sql`${'none'}`])
    expect(await store.read.$queryRaw`SELECT "key", "value", (SELECT COUNT(*) FROM "Person" WHERE "id" IN (${ids})) AS "people" FROM "Counter" WHERE "key" = ${'x'}`).toEqual([{ key: 'x', value: 41, people: 1n }])
    expect(await store.read.$queryRaw(Prisma.sql`SELECT "createdAt" FROM "Person" WHERE "createdAt" = ${NOW}`)).toEqual([{ createdAt: NOW }])
    const state = JSON.stringify({ form: 'service_request' })
    await store.write((transaction) => transaction.conversation.createMany({ data: [{ id: 'c', channel: 'http', account: 'api', kind: 'private', externalId: 'c', createdAt: NOW }] }))
    await store.write((transaction) => transaction.$executeRaw`INSERT INTO "DialogState" ("conversationId", "personId", "state", "updatedAt") VALUES (${'c'}, ${id}, ${state}, ${NOW})`)
    expect((await store.read.dialogState.findMany())[0]?.state).toEqual({ form: 'service_request' })
  })

  it('belong to their transaction: what fails takes them back with what the models wrote', async () => {
    const failed = store.write(async (transaction) => {
      await addPerson(transaction, 'a')
      await transaction.person.createMany({ data: [{ id: 'b', createdAt: NOW }] })
      throw new Error('of its own')
    })
    await expect(failed).rejects.toThrow('of its own')
    expect(await store.read.person.count()).toBe(0)
  })

  it('run in no transaction that has ended', async () => {
    let left: Transaction | undefined
    await store.write(async (transaction) => {
      left = transaction
      await addPerson(transaction, 'a')
    })
    await expect(left && addPerson(left, 'b')).rejects.toThrow()
    expect(await store.read.person.count()).toBe(1)
  })
})
