import Database from 'better-sqlite3'
import fs from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeDataDirectory } from '../../../src/process.ts'
import { freeName, listBackups, pruneBackups } from '../../../src/store/backups/backup-folder.ts'
import { makeBackup } from '../../../src/store/backups/make-backup.ts'
import { makeBackupInThread } from '../../../src/store/backups/make-in-thread.ts'
import { restoreBackup } from '../../../src/store/backups/restore-backup.ts'
import { nextNumber } from '../../../src/store/engine/numbers.ts'
import { listPushed } from '../../../src/store/outbox/outbox.ts'
import { fill, NOW, openCommunity, type Community } from './world.ts'

// A whole backup is read through twice; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let community: Community
beforeEach(async () => {
  community = await openCommunity()
  await fill(community.store, NOW)
})
afterEach(() => community.close())

async function back(options: Partial<Community['backup']> = {}) {
  const made = await makeBackup({ ...community.backup, ...options })
  if (made.outcome !== 'made') throw new Error(JSON.stringify(made))
  return made
}

describe('a backup', () => {
  it('is one file that only its owner may read, with all of the community and the names of settings', async () => {
    const { file, manifest } = await back()
    expect(fs.readdirSync(community.backup.directory)).toEqual([path.basename(file)])
    expect(path.basename(file)).toBe('linli-20261201-100000.tar.gz')
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    expect(Object.keys(manifest.files)).toEqual(['linli.db', 'pictures/a.jpg', 'photos/b.jpg', 'keys/erased-logins.key', 'knowledge/documents/说明.md', 'knowledge/office.yaml'])
    expect(manifest).toMatchObject({ settings: ['TELEGRAM_BOT_TOKEN'], database: 'sqlite', tables: { OutboxMessage: { rows: 4 }, Person: { rows: 1 } }, last: { request: 'SR-20261201-0002', messageAt: NOW.toISOString() } })
    expect(manifest.migrations.length).toBe(fs.readdirSync(community.backup.migrationsDirectory).length)
  })

  it('holds what was committed when it began, however much is written meanwhile, and does not begin anew for that', async () => {
    const writing = new AbortController()
    const writes = (async () => {
      for (let count = 0; !writing.signal.aborted && count < 5_000; count += 1) {
        await community.store.write((transaction) => transaction.counter.create({ data: { key: `w${count}`, value: count } }))
        // Others have their turn, as they have where messages come over a network.
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const { manifest } = await back().finally(() => writing.abort())
    await writes
    expect(manifest.tables['ServiceRequest']?.rows).toBe(2)
    expect(manifest.tables['Counter']?.rows).toBeLessThan(await community.store.read.counter.count())
  })

  it('is made on a thread of its own just the same', async () => {
    expect(await makeBackupInThread(community.backup)).toMatchObject({ outcome: 'made' })
  })

  it('is not made of a damaged database, and none that is there is lost for it', async () => {
    const { file } = await back()
    await community.store.close()
    const database = new Database(community.url.slice(5))
    const { rootpage, size } = database.prepare(`SELECT rootpage, (SELECT page_size FROM pragma_page_size) AS size FROM sqlite_schema WHERE name = 'Person'`).get() as { rootpage: number; size: number }
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.close()
    const handle = fs.openSync(community.url.slice(5), 'r+')
    fs.writeSync(handle, Buffer.alloc(200, 7), 0, 200, (rootpage - 1) * size)
    fs.closeSync(handle)
    expect(await makeBackup(community.backup)).toMatchObject({ outcome: 'broken' })
    expect((await listBackups(community.backup.directory)).map((found) => found.file)).toEqual([file])
    expect(fs.readdirSync(community.backup.directory)).toHaveLength(1)
  })

  it('that could not be finished leaves nothing, and says what was in the way', async () => {
    fs.writeFileSync(community.at('file'), '')
    await expect(makeBackup({ ...community.backup, directory: community.at('file', 'backups') })).rejects.toThrow(/ENOTDIR|EEXIST/)
    expect(await makeBackup({ ...community.backup, databaseUrl: `file:${community.at('nothing.db')}` })).toMatchObject({ outcome: 'absent' })
    expect(fs.readdirSync(community.backup.directory)).toEqual([])
  })

  it('never takes the name of another, and only so many are kept, the newest', async () => {
    const files = [(await back()).file, (await back()).file, (await back({ now: new Date(NOW.getTime() + 86_400_000) })).file]
    expect(new Set(files).size).toBe(3)
    expect(fs.existsSync(freeName(community.backup.directory, NOW))).toBe(false)
    await pruneBackups(community.backup.directory, 2)
    expect((await listBackups(community.backup.directory)).map(({ file }) => file)).toEqual([files[2], files[1]])
  })
})

describe('a restore', () => {
  it('brings everything back, gives no number again, sends nothing by itself and logs everybody out', async () => {
    const { file } = await back()
    const options = community.restoreTo('elsewhere', file)
    const restored = await restoreBackup(options)
    expect(restored).toMatchObject({ outcome: 'restored', waiting: { messages: 1, announcements: 1 }, knowledge: { outcome: 'placed' } })
    expect(fs.readFileSync(community.at('elsewhere', 'photos', 'b.jpg'), 'utf8')).toBe('photo')
    expect(fs.readFileSync(community.at('elsewhere-knowledge', 'office.yaml'), 'utf8')).toBe('name: 幸福社区\n')
    expect(fs.readdirSync(community.at('elsewhere')).sort()).toEqual(['keys', 'linli.db', 'photos', 'pictures'])
    // Who was erased is known again, and stays opted out.
    expect(fs.readFileSync(community.at('elsewhere', 'keys', 'erased-logins.key'), 'utf8')).toBe('a key of thirty-two bytes in all..')
    expect(fs.statSync(community.at('elsewhere', 'linli.db')).mode & 0o777).toBe(0o600)

    const store = await community.open(options.databaseUrl)
    const rows = await store.read.outboxMessage.findMany({ orderBy: { seq: 'asc' }, select: { key: true, status: true } })
    expect(rows.map(({ key, status }) => `${key} ${status}`)).toEqual(['k1 held', 'k2 unknown', 'k3 sent', 'k4 queued'])
    expect(await store.read.announcement.findFirstOrThrow()).toMatchObject({ status: 'paused' })
    expect(await store.read.staffSession.count()).toBe(0)
    expect(await store.read.channelAccount.findFirstOrThrow()).toMatchObject({ leaseOwner: null, cursor: '5' })
    for (const [day, number] of [['2026-12-01', 'SR-20261201-1101'], ['2026-12-02', 'SR-20261202-1001']] as const) {
      expect(await store.write((transaction) => nextNumber(transaction, 'SR', new Date(`${day}T02:00:00Z`)))).toBe(number)
    }
    const { seq } = await store.write((transaction) => transaction.outboxMessage.create({ data: { key: 'k5', conversationId: 'c', priority: 0, kind: 'answer', text: '好', extras: {}, status: 'sent', isPushed: false, notBefore: NOW, createdAt: NOW } }))
    expect(seq).toBeGreaterThan(1_000_000)
    expect((await store.read.counter.findUniqueOrThrow({ where: { key: 'push' } })).value).toBe(1_000_007)
    expect(await listPushed(store, { channel: 'fake', account: 'a1', externalId: 'x' }, 0)).toEqual([])
  })

  it('leaves knowledge that is there alone, and puts the other one beside it', async () => {
    const { file } = await back()
    const options = { ...community.restoreTo('elsewhere', file), knowledgeDirectory: community.backup.knowledgeDirectory }
    expect(await restoreBackup(options)).toMatchObject({ knowledge: { outcome: 'same' } })
    fs.writeFileSync(community.at('knowledge', 'office.yaml'), 'name: 别的社区\n')
    const again = { ...community.restoreTo('other', file), knowledgeDirectory: community.backup.knowledgeDirectory }
    expect(await restoreBackup(again)).toMatchObject({ knowledge: { outcome: 'beside', directory: community.at('other', 'knowledge') } })
    expect(fs.readFileSync(community.at('knowledge', 'office.yaml'), 'utf8')).toContain('别的社区')
    expect(fs.readFileSync(community.at('other', 'knowledge', 'office.yaml'), 'utf8')).toContain('幸福社区')
  })

  it('touches no place that is not empty', async () => {
    const { file } = await back()
    expect(await restoreBackup({ ...community.restoreTo('data', file), databaseUrl: community.url })).toMatchObject({ outcome: 'occupied' })
    fs.mkdirSync(community.at('full'))
    fs.writeFileSync(community.at('full', 'mine'), '')
    expect(await restoreBackup(community.restoreTo('full', file))).toEqual({ outcome: 'occupied', by: community.at('full', 'mine') })
    expect(fs.readdirSync(community.at('full'))).toEqual(['mine'])
  })

  it('refuses what is cut off, changed in one place, or no backup, wherever that is', async () => {
    const { file } = await back()
    const whole = fs.readFileSync(file)
    const tar = gunzipSync(whole)
    const changed = (place: number) => {
      const copy = Buffer.from(tar)
      copy[place] = (copy[place] ?? 0) ^ 1
      return gzipSync(copy)
    }
    const inDatabase = tar.indexOf('灯坏了')
    const inPhoto = tar.indexOf('photo', tar.indexOf('photos/b.jpg') + 500)
    const inManifest = tar.lastIndexOf('"rows"')
    const cases = { cut: whole.subarray(0, whole.length / 2), short: gzipSync(tar.subarray(0, tar.lastIndexOf('manifest.json') - 1)), database: changed(inDatabase), photo: changed(inPhoto), manifest: changed(inManifest), text: Buffer.from('nothing of ours'), empty: Buffer.alloc(0) }
    for (const [name, content] of Object.entries(cases)) {
      fs.writeFileSync(community.at(name), content)
      expect(await restoreBackup(community.restoreTo(`to-${name}`, community.at(name))), name).toMatchObject({ outcome: 'damaged' })
      expect(fs.readdirSync(community.at(`to-${name}`)), name).toEqual([])
    }
  })

  it('refuses what a newer program made, and names what it does not know', async () => {
    await community.store.write((transaction) => transaction.$executeRaw`INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_future', CURRENT_TIMESTAMP)`)
    const newer = community.at('newer')
    fs.cpSync(community.backup.migrationsDirectory, newer, { recursive: true })
    fs.mkdirSync(path.join(newer, '29990101000000_future'))
    const { file } = await back({ migrationsDirectory: newer })
    expect(await restoreBackup(community.restoreTo('elsewhere', file))).toEqual({ outcome: 'newer', unknown: ['29990101000000_future'] })
  })

  it('that was not finished lets nothing start there, and is begun anew', async () => {
    const { file } = await back()
    const options = community.restoreTo('elsewhere', file)
    // As a kill leaves it after the photos were put in their place.
    fs.mkdirSync(community.at('elsewhere', '.restoring', 'files'), { recursive: true })
    fs.mkdirSync(community.at('elsewhere', 'photos'))
    fs.writeFileSync(community.at('elsewhere', 'photos', 'half.jpg'), '')
    expect(() => makeDataDirectory({ dataDirectory: community.at('elsewhere') })).toThrow(/was not finished/)
    expect(await restoreBackup(options)).toMatchObject({ outcome: 'restored' })
    expect(fs.readdirSync(community.at('elsewhere', 'photos'))).toEqual(['b.jpg'])
    expect(() => makeDataDirectory({ dataDirectory: community.at('elsewhere') })).not.toThrow()
  })
})
