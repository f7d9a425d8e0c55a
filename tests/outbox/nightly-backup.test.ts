import fs from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createNightlyBackup, type NightlyBackup } from '../../src/outbox/sweeps/nightly-backup.ts'
import { listBackups } from '../../src/store/backups/backup-folder.ts'
import { makeBackup } from '../../src/store/backups/make-backup.ts'
import { openCommunity, type Community } from '../store/backups/world.ts'
import { captureLog } from '../support/log.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const HOUR_MS = 3_600_000
let community: Community
let clock: { now: Date }
let nightly: NightlyBackup
let lines: ReturnType<typeof captureLog>['lines']

const start = (options: { kept?: number; directory?: string } = {}) => {
  const captured = captureLog()
  lines = captured.lines
  const directory = options.directory ?? community.backup.directory
  nightly = createNightlyBackup({ directory, kept: options.kept ?? 2, make: (now) => makeBackup({ ...community.backup, directory, now }), log: captured.log, now: () => clock.now })
}

beforeEach(async () => {
  community = await openCommunity()
  // 10:00 in Shanghai.
  clock = { now: new Date('2026-12-01T02:00:00Z') }
  start()
})
afterEach(() => community.close())

/** Lets time pass and looks as the outbox does; resolves with when to look again. */
async function pass(ms: number): Promise<Date | null> {
  clock.now = new Date(clock.now.getTime() + ms)
  const next = await nightly.sweep()
  await nightly.idle()
  return next
}
const days = async () => (await listBackups(community.backup.directory)).map(({ madeAt }) => madeAt.toISOString())

it('makes one ten minutes after a start that has none, one every night at half past three, and keeps so many', async () => {
  expect(await pass(0)).toEqual(new Date('2026-12-01T02:10:00Z'))
  expect(await days()).toEqual([])
  await pass(10 * 60_000)
  expect(await days()).toEqual(['2026-12-01T02:10:00.000Z'])
  expect(await pass(HOUR_MS)).toEqual(new Date('2026-12-01T19:30:00Z'))
  await pass(17 * HOUR_MS)
  await pass(24 * HOUR_MS)
  await pass(HOUR_MS)
  expect(await days()).toEqual(['2026-12-02T20:10:00.000Z', '2026-12-01T20:10:00.000Z'])
  expect(await nightly.state()).toMatchObject({ isNightly: true, problem: null, last: { madeAt: new Date('2026-12-02T20:10:00Z') } })
})

it('after a restart goes by what lies in the folder: none is made twice in a night', async () => {
  await pass(10 * 60_000)
  start()
  await pass(HOUR_MS)
  expect(await days()).toHaveLength(1)
})

it('a backup dated in the future by a wrong clock keeps none from being made', async () => {
  await makeBackup({ ...community.backup, now: new Date('2027-12-01T02:00:00Z') })
  await pass(10 * 60_000)
  expect(await days()).toHaveLength(2)
})

it('one that can not be made is said once, shown, and tried again every hour; its end is said too', async () => {
  fs.writeFileSync(community.at('file'), '')
  start({ directory: community.at('file', 'backups') })
  await pass(10 * 60_000)
  await pass(30 * 60_000)
  await pass(HOUR_MS)
  expect((await nightly.state()).problem).toMatch(/ENOTDIR|EEXIST/)
  expect(lines.filter((line) => line['fault'] === 'no-backup')).toHaveLength(1)
  fs.rmSync(community.at('file'))
  await pass(HOUR_MS)
  expect(await nightly.state()).toMatchObject({ problem: null, last: { madeAt: clock.now } })
  expect(lines.filter((line) => line['fault'] === 'no-backup')).toHaveLength(2)
})

it('is none where none is wanted', async () => {
  start({ kept: 0 })
  expect(await pass(100 * HOUR_MS)).toBeNull()
  expect(await days()).toEqual([])
})
