import fs from 'node:fs'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { makeBackup } from '../../../src/store/backups/make-backup.ts'
import { moveToPostgresql } from '../../../src/store/backups/move-to-postgresql.ts'
import { openStore } from '../../../src/store/engine/store.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { fill, log, MIGRATIONS, NOW, openCommunity, type Community } from './world.ts'

// On SQLite alone there is nowhere to move to.
describe.skipIf(inject('postgresqlServer') === undefined)('moving to PostgreSQL', () => {
  let community: Community
  let target: TestDatabase
  beforeEach(async () => {
    community = await openCommunity()
    // NUL is what PostgreSQL can't hold.
    await fill(community.store, NOW, '刘\u0000桂兰😀')
    target = await createTestDatabase(community.directory)
  })
  afterEach(async () => {
    await community.close()
    await target.drop()
  })
  const move = () => moveToPostgresql({ databaseUrl: community.url, target: target.url, migrationsDirectory: MIGRATIONS })

  it('takes every row over, proves it table by table, and numbers go on where they were', async () => {
    await community.store.close()
    const moved = await move()
    expect(moved).toMatchObject({ outcome: 'moved', tables: { OutboxMessage: { rows: 4 }, ServiceRequest: { rows: 2 } } })
    const store = await openStore({ ...target, log })
    expect(await store.read.person.findFirstOrThrow()).toMatchObject({ nickname: '刘桂兰😀', isSubscribed: true, createdAt: NOW })
    expect(await store.read.serviceRequest.findMany({ orderBy: { id: 'asc' }, select: { mergedIntoId: true } })).toEqual([{ mergedIntoId: '2' }, { mergedIntoId: null }])
    expect((await store.read.outboxMessage.findFirstOrThrow({ where: { key: 'k1' } })).extras).toEqual({ buttons: [{ label: 'b', text: 'a' }], citations: [] })
    const { seq } = await store.write((transaction) => transaction.outboxMessage.create({ data: { key: 'k5', conversationId: 'c', priority: 0, kind: 'answer', text: '好', extras: {}, status: 'sent', isPushed: false, notBefore: NOW, createdAt: NOW } }))
    expect(seq).toBe(5)
    // What points to nothing is still refused.
    await expect(store.write((transaction) => transaction.outboxMessage.create({ data: { key: 'k6', conversationId: 'nobody', priority: 0, kind: 'answer', text: '好', extras: {}, status: 'sent', isPushed: false, notBefore: NOW, createdAt: NOW } }))).rejects.toThrow()
    await store.close()
    expect(await move()).toMatchObject({ outcome: 'occupied' })
  })

  it('is refused while a service has the file open', async () => {
    expect(await move()).toMatchObject({ outcome: 'in_use' })
  })

  it('a backup of PostgreSQL says plainly that its tools are missing, and leaves nothing', async () => {
    const store = await openStore({ ...target, log })
    await store.close()
    expect(await makeBackup({ ...community.backup, databaseUrl: target.url, tools: community.at('no-tools') })).toEqual({ outcome: 'no_tools', reason: 'pg_dump is not on the PATH' })
    expect(fs.readdirSync(community.backup.directory)).toEqual([])
  })
})
