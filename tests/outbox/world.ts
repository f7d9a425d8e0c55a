import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { openStore, type Store } from '../../src/store/engine/store.ts'
import { createTestDatabase } from '../support/database.ts'

export const silentLog = pino({ level: 'silent' })

/** A fresh database of its own, by default a file in a temporary folder. */
export async function openTestStore(log = silentLog): Promise<{ store: Store; url: string; directory: string; reopen(): Promise<Store>; close(): Promise<void> }> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-outbox-'))
  const database = await createTestDatabase(directory)
  const open = () => openStore({ ...database, log })
  const stores = [await open()]
  return {
    store: stores[0] as Store,
    url: database.url,
    directory,
    reopen: async () => {
      const store = await open()
      stores.push(store)
      return store
    },
    close: async () => {
      await Promise.all(stores.map((store) => store.close()))
      await database.drop()
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}

export interface PersonOptions {
  channel?: string
  account?: string
  isSubscribed?: boolean
  areaCode?: string
  createdAt?: Date
}

export const EARLIER = new Date('2026-11-20T00:00:00Z')

/** Adds residents with one private conversation each, named by `ids`. */
export async function addPeople(store: Store, ids: readonly string[], options: PersonOptions = {}): Promise<void> {
  const { channel = 'fake', account = 'a1', isSubscribed = true, areaCode = null, createdAt = EARLIER } = options
  await store.write(async (transaction) => {
    for (let start = 0; start < ids.length; start += 1_000) {
      const some = ids.slice(start, start + 1_000)
      await transaction.person.createMany({ data: some.map((id) => ({ id, isSubscribed, areaCode, createdAt })) })
      await transaction.conversation.createMany({ data: some.map((id) => ({ id: `c-${id}`, channel, account, externalId: `x-${id}`, kind: 'private', personId: id, createdAt })) })
    }
  })
}

export async function addGroup(store: Store, id: string, options: { channel?: string; account?: string; areaCode?: string; isBound?: boolean } = {}): Promise<void> {
  const { channel = 'fake', account = 'a1', areaCode = null, isBound = true } = options
  await store.write((transaction) =>
    transaction.conversation.createMany({ data: [{ id: `c-${id}`, channel, account, externalId: `x-${id}`, kind: 'group', areaCode, boundAt: isBound ? EARLIER : null, createdAt: EARLIER }] }),
  )
}

export async function addStaffMembers(store: Store, ...users: string[]): Promise<void> {
  await store.write((transaction) =>
    transaction.staffMember.createMany({ data: users.map((user) => ({ id: randomUUID(), user, name: user, role: 'staff', passwordHash: '', mustChangePassword: false, createdAt: EARLIER })) }),
  )
}
