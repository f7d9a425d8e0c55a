import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { staffActor, type Actor } from '../../src/desk/actor.ts'
import type { CatalogueServices } from '../../src/desk/services.ts'
import type { Service } from '../../src/domain/services.ts'
import { insertRequest } from '../../src/store/requests/move-request.ts'
import { findRequest, type RequestRecord } from '../../src/store/requests/requests.ts'
import { listStaffNotices } from '../../src/store/staff/staff-notices.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { openStore, type Store } from '../../src/store/engine/store.ts'
import { createTestDatabase } from '../support/database.ts'
import { createDesk } from '../support/desk.ts'

const service = (code: string, name: string): Service => ({ code, name, words: [name], materials: [], steps: ['登记'], place: '社区', limitWorkingDays: 3, isLimitExample: false, limitKind: 'ordinary', fee: '免费', needsPersonalData: true, kind: 'service' })

/** Three members of staff, a small catalogue and a community, on a real database. */
export interface DeskWorld {
  store: Store
  desk: CatalogueServices
  clock: { now: Date }
  li: Actor
  wang: Actor
  zhao: Actor
  /** A request of a resident who writes from their own chat. */
  file(values?: { description?: string; address?: string }): Promise<RequestRecord>
  read(id: string): Promise<RequestRecord>
  /** The chat of a login that is bound to a member of staff. */
  bindChat(actor: Actor): Promise<void>
  /** What stands on somebody's page, newest first. */
  page(actor: Actor): Promise<string[]>
  /** What was queued for a conversation. */
  sent(conversationId: string): Promise<string[]>
  close(): Promise<void>
}

export async function openDeskWorld(): Promise<DeskWorld> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-desk-'))
  const database = await createTestDatabase(directory)
  const store = await openStore({ ...database, log: pino({ level: 'silent' }) })
  const clock = { now: new Date('2026-11-24T02:00:00Z') }
  const now = () => clock.now
  const areas = [
    { code: 'town', name: '东山街道', level: 'town' as const, parent: null, words: [] },
    { code: 'yingbin', name: '迎宾社区', level: 'community' as const, parent: 'town', words: [] },
  ]
  const desk = createDesk({ store, now, areas, catalogue: [service('street_light', '公共照明'), service('lift', '电梯'), service('other', '其他')], categoryOf: (text) => (text.includes('灯') ? '公共照明' : undefined) })
  const member = async (user: string, name: string): Promise<Actor> => {
    const added = await addStaff(store, { user, name, role: 'staff', now: clock.now })
    if (added.outcome !== 'added') throw new Error(added.outcome)
    return staffActor(added.staff)
  }
  const [li, wang, zhao] = [await member('li', '李明'), await member('wang', '王丽'), await member('居民', '赵敏')]
  await store.write(async (transaction) => {
    await transaction.person.createMany({ data: [{ id: 'liu', createdAt: clock.now }] })
    await transaction.conversation.createMany({ data: [{ id: 'c-liu', channel: 'http', account: 'api', externalId: 'liu', kind: 'private', personId: 'liu', createdAt: clock.now }] })
  })
  const read = async (id: string): Promise<RequestRecord> => {
    const request = await findRequest(store, id)
    if (request === null) throw new Error('no such request')
    return request
  }
  return {
    store,
    desk,
    clock,
    li,
    wang,
    zhao,
    read,
    async file({ description = '3号楼灯坏了', address = '3号楼2单元' } = {}) {
      const request = { kind: 'service', serviceCode: 'street_light', category: '公共照明', description, address, areaCode: null, requesterName: '刘桂兰', requesterPhone: '13800138001', wantedTime: null, dueAt: null } as const
      const filing = { author: 'resident', by: '居民', personId: 'liu', channel: 'http', requesterId: 'liu', conversationId: 'c-liu' } as const
      return read((await store.write((transaction) => insertRequest(transaction, request, filing, clock.now))).id)
    },
    async bindChat({ staffId, user }) {
      await store.write(async (transaction) => {
        await transaction.person.createMany({ data: [{ id: `p-${user}`, createdAt: clock.now }] })
        await transaction.identity.createMany({ data: [{ id: `i-${user}`, channel: 'telegram', account: 'bot', externalId: user, personId: `p-${user}`, staffId, createdAt: clock.now }] })
        await transaction.conversation.createMany({ data: [{ id: `c-${user}`, channel: 'telegram', account: 'bot', externalId: user, kind: 'private', personId: `p-${user}`, createdAt: clock.now }] })
      })
    },
    page: async ({ staffId }) => (await listStaffNotices(store, staffId ?? '')).map(({ text }) => text),
    sent: async (conversationId) => (await store.read.outboxMessage.findMany({ where: { conversationId }, orderBy: { seq: 'asc' } })).map(({ text }) => text),
    async close() {
      await store.close()
      await database.drop()
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The last line of a history: who, what, and in which words. */
export const lastLine = (request: RequestRecord) => {
  const line = request.activities.at(-1)
  return line && { by: line.by, author: line.author, kind: line.kind, note: line.note }
}
