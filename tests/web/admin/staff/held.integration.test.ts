import { afterEach, beforeEach, expect, it } from 'vitest'
import type { BackupState } from '../../../../src/outbox/sweeps/nightly-backup.ts'
import { settleRestored } from '../../../../src/store/backups/settle-restored.ts'
import { FormClient, residentTurn, startAdmin, type AdminFixture } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient
let backups: BackupState
beforeEach(async () => {
  backups = { last: { file: 'f', madeAt: new Date('2026-11-24T01:00:00Z'), bytes: 1 }, isNightly: true, problem: null }
  fixture = await startAdmin({ backups: () => Promise.resolve(backups) })
  client = new FormClient(fixture.url)
  await client.logIn()
})
afterEach(() => fixture.close())

it('how old the last backup is stands on the first page, and in red when it is too old or could not be made', async () => {
  expect((await client.get('/admin')).text).toContain('最近的备份是 1 小时前做的')
  fixture.clock.now = new Date('2026-11-27T02:00:00Z')
  await client.logIn()
  expect((await client.get('/admin')).text).toMatch(/notice">最近的备份是 3 天前做的.*太久了/)
  backups = { last: null, isNightly: true, problem: 'disk full' }
  expect((await client.get('/admin')).text).toContain('自动备份没有做成（disk full）')
  backups = { last: null, isNightly: false, problem: null }
  expect((await client.get('/admin')).text).toContain('还没有备份。没有设自动备份。')
})

it('after a restore staff decide on the first page what becomes of messages that were waiting', async () => {
  await residentTurn(fixture, { request: {} })
  await fixture.store.write((transaction) => transaction.outboxMessage.updateMany({ data: { status: 'queued' } }))
  expect((await client.get('/admin')).text).not.toContain('恢复以后')
  await fixture.store.write((transaction) => settleRestored(transaction, { backupAt: fixture.clock.now, file: 'f', now: fixture.clock.now, isSqlite: true }))
  await client.logIn()
  const page = await client.get('/admin')
  expect(page.text).toContain('恢复以后，等您决定')
  expect((await client.get('/admin/deliveries?status=held')).text).toContain('恢复以后等工作人员决定')
  expect((await client.post('/admin/held', { decision: '' })).text).toContain('没看懂您选的是哪一个')
  const answer = await client.post('/admin/held', { decision: 'cancelled' })
  expect(answer.text).toContain('这些不再发')
  expect(answer.text).not.toContain('恢复以后，等您决定')
  expect(await fixture.store.read.outboxMessage.count({ where: { status: 'held' } })).toBe(0)
  expect((await client.post('/admin/held', { decision: 'sent' })).text).toContain('同事已经决定过了')
})
