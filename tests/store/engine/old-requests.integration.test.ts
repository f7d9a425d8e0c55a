import SqliteDatabase from 'better-sqlite3'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { openStore } from '../../../src/store/engine/store.ts'
import { migrateDatabase } from '../../../src/store/engine/inspect.ts'
import { fillSearchTexts, findRequest, listRequests } from '../../../src/store/requests/requests.ts'

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../prisma/migrations')
const BEFORE = '20261201'
const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 2, minute)).toISOString()

/** The migrations as they were before requests became conversations. */
function oldMigrations(directory: string): string {
  const old = path.join(directory, 'migrations')
  for (const name of fs.readdirSync(MIGRATIONS)) if (name < BEFORE) fs.cpSync(path.join(MIGRATIONS, name), path.join(old, name), { recursive: true })
  return old
}

it('a database from before keeps every request and every line of its history, and says who wrote which', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-old-'))
  const file = path.join(directory, 'linli.db')
  await migrateDatabase(`file:${file}`, oldMigrations(directory))
  const old = new SqliteDatabase(file)
  old.exec(`
    INSERT INTO "Person" ("id", "createdAt") VALUES ('liu', '${at(0)}');
    INSERT INTO "Conversation" ("id", "channel", "account", "externalId", "kind", "personId", "createdAt") VALUES ('c', 'telegram', 'bot', '1', 'private', 'liu', '${at(0)}');
    INSERT INTO "StaffMember" ("id", "user", "name", "role", "passwordHash", "mustChangePassword", "createdAt") VALUES ('s', 'li', '李明', 'staff', '', 0, '${at(0)}');
    INSERT INTO "ServiceRequest" ("id", "number", "kind", "category", "status", "description", "requesterId", "conversationId", "assigneeId", "createdAt", "updatedAt") VALUES
      ('r', 'SR-20261124-0001', 'help', '代办代购', 'resolved', '三号楼买药', 'liu', 'c', 's', '${at(0)}', '${at(9)}'),
      ('q', 'SR-20261124-0002', 'service', '公共照明', 'waiting_resident', '灯坏了', NULL, NULL, 'who-left', '${at(0)}', '${at(9)}');
    INSERT INTO "VolunteerSearch" ("requestId", "state", "by", "statusAtStart", "createdAt", "updatedAt") VALUES ('r', 'ended', '系统', 'submitted', '${at(0)}', '${at(0)}');
    INSERT INTO "Activity" ("id", "requestId", "at", "status", "note", "by") VALUES
      ('1', 'r', '${at(0)}', 'submitted', '', '居民'),
      ('2', 'r', '${at(1)}', 'submitted', '问了 2 位志愿者谁能去', '系统'),
      ('3', 'r', '${at(2)}', 'dispatched', '志愿者 VL-1 答应去', '志愿者'),
      ('4', 'r', '${at(3)}', 'dispatched', '谢谢', '居民'),
      ('5', 'r', '${at(4)}', 'dispatched', '记得带医保卡', 'li'),
      ('6', 'r', '${at(5)}', 'resolved', '买到了', 'li'),
      ('7', 'r', '${at(9)}', 'resolved', '评价 5 分', '居民'),
      ('8', 'q', '${at(0)}', 'submitted', '', '居民'),
      ('9', 'q', '${at(6)}', 'waiting_resident', '哪一盏？', 'li');`)
  old.close()

  const store = await openStore({ url: `file:${file}`, migrationsDirectory: MIGRATIONS, log: pino({ level: 'silent' }) })
  await fillSearchTexts(store)
  const request = await findRequest(store, 'r')
  expect(request?.activities.map(({ kind, author, personId }) => [kind, author, personId])).toEqual([
    ['status', 'resident', 'liu'],
    ['internal', 'system', null],
    ['status', 'volunteer', null],
    ['resident', 'resident', 'liu'],
    ['staff_note', 'staff', null],
    ['status', 'staff', null],
    ['resident', 'resident', 'liu'],
  ])
  expect(request).toMatchObject({ channel: 'telegram', assignee: { user: 'li' }, finishedAt: new Date(at(5)), waitingSince: null })
  expect(await findRequest(store, 'q')).toMatchObject({ channel: '', assignee: null, finishedAt: null, waitingSince: new Date(at(6)) })
  expect(await store.read.volunteerSearch.count()).toBe(1)
  expect((await listRequests(store, { search: '3号楼' }, { limit: 5 }))?.items).toHaveLength(1)
  await store.close()
  fs.rmSync(directory, { recursive: true, force: true })
})
