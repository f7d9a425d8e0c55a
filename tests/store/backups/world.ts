import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import type { BackupOptions } from '../../../src/store/backups/make-backup.ts'
import type { RestoreOptions } from '../../../src/store/backups/restore-backup.ts'
import { openStore, type Store } from '../../../src/store/engine/store.ts'

export const MIGRATIONS = path.resolve(import.meta.dirname, '../../../prisma/migrations')
export const NOW = new Date('2026-12-01T02:00:00Z')
export const log = pino({ level: 'silent' })

/** A small community on SQLite, with pictures and knowledge, in a folder of its own. */
export async function openCommunity() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-backups-'))
  const at = (...names: string[]) => path.join(directory, ...names)
  for (const [name, content] of [['data/pictures/a.jpg', 'picture'], ['data/photos/b.jpg', 'photo'], ['data/keys/erased-logins.key', 'a key of thirty-two bytes in all..'], ['knowledge/office.yaml', 'name: 幸福社区\n'], ['knowledge/documents/说明.md', '# 说明\n']] as const) {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true })
    fs.writeFileSync(at(name), content)
  }
  const url = `file:${at('data', 'linli.db')}`
  const stores: Store[] = []
  const open = async (of = url) => {
    const store = await openStore({ url: of, migrationsDirectory: MIGRATIONS, log })
    stores.push(store)
    return store
  }
  const store = await open()
  const backup: BackupOptions = {
    directory: at('backups'),
    databaseUrl: url,
    migrationsDirectory: MIGRATIONS,
    picturesDirectory: at('data', 'pictures'),
    photosDirectory: at('data', 'photos'),
    keysDirectory: at('data', 'keys'),
    knowledgeDirectory: at('knowledge'),
    settings: ['TELEGRAM_BOT_TOKEN'],
    now: NOW,
  }
  const restoreTo = (name: string, file: string): RestoreOptions => ({
    file,
    dataDirectory: at(name),
    databaseUrl: `file:${at(name, 'linli.db')}`,
    migrationsDirectory: MIGRATIONS,
    knowledgeDirectory: at(`${name}-knowledge`),
    log,
    now: new Date(NOW.getTime() + 26 * 60 * 60_000),
  })
  return {
    directory,
    at,
    url,
    store,
    open,
    backup,
    restoreTo,
    close: async () => {
      await Promise.all(stores.map((one) => one.close()))
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}
export type Community = Awaited<ReturnType<typeof openCommunity>>

/** A resident with a conversation, a request and a message of each state. */
export async function fill(store: Store, now: Date, nickname = '刘桂兰😀'): Promise<void> {
  await store.write(async (transaction) => {
    await transaction.person.createMany({ data: [{ id: 'p', nickname, isSubscribed: true, createdAt: now }] })
    await transaction.conversation.createMany({ data: [{ id: 'c', channel: 'fake', account: 'a1', externalId: 'x', kind: 'private', personId: 'p', createdAt: now }] })
    await transaction.inboundMessage.createMany({ data: [{ id: 'm', channel: 'fake', account: 'a1', externalId: '1', conversationId: 'c', personId: 'p', text: '你好', attachments: [], isAddressed: true, sentAt: now, receivedAt: now }] })
    await transaction.serviceRequest.createMany({
      data: ['1', '2'].map((id) => ({ id, number: `SR-20261201-000${id}`, kind: 'service', status: 'submitted', category: '公共照明', description: '灯坏了', requesterId: 'p', mergedIntoId: id === '1' ? '2' : null, createdAt: now, updatedAt: now })),
    })
    await transaction.counter.createMany({ data: [{ key: 'SR-2026-12-01', value: 2 }, { key: 'push', value: 7 }] })
    await transaction.announcement.createMany({ data: [{ id: 'n', title: '停水', text: '明天停水', status: 'sending', audience: {}, by: 'wang', isEmergency: false, createdAt: now }] })
    const row = { conversationId: 'c', personId: 'p', priority: 1, kind: 'notice', text: '已派单', extras: { buttons: [{ label: 'b', text: 'a' }], citations: [] }, isPushed: true, notBefore: now, createdAt: now }
    await transaction.outboxMessage.createMany({ data: [{ ...row, key: 'k1', status: 'queued' }, { ...row, key: 'k2', status: 'sending', leaseUntil: now, leaseOwner: 'o' }, { ...row, key: 'k3', status: 'sent', sentAt: now }, { ...row, key: 'k4', status: 'queued', announcementId: 'n', priority: 2 }] })
    await transaction.staffMember.createMany({ data: [{ id: 's', user: 'wang', name: '王丽', role: 'staff', passwordHash: '', mustChangePassword: false, createdAt: now }] })
    await transaction.staffSession.createMany({ data: [{ id: 't', staffId: 's', csrfToken: '', createdAt: now, expiresAt: new Date(now.getTime() + 1e9) }] })
    await transaction.channelAccount.createMany({ data: [{ channel: 'fake', account: 'a1', leaseOwner: 'o', leaseUntil: now, cursor: '5', updatedAt: now }] })
    await transaction.unansweredQuestion.createMany({ data: [{ id: 'q', question: '低保多少钱', score: 0.1 + 0.2, status: 'open', createdAt: now, lastAskedAt: now }] })
  })
}
