import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../../src/domain/messages/outcome.ts'
import type { Misread } from '../../../src/domain/messages/talk.ts'
import { receiveMessage } from '../../../src/store/conversations/inbound.ts'
import { openStore, type Store } from '../../../src/store/engine/store.ts'
import { countOpenMisread, decideMisread, findMisread, listTalkExamples, pageDecidedMisread, pageMisread, undoMisread } from '../../../src/store/knowledge/misread.ts'
import { commitTurn, loadTurn } from '../../../src/store/conversations/turns.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const NOW = new Date('2026-11-24T02:00:00Z')
const BY = { by: 'wangfang', now: NOW }
const UNREAD: Misread = { text: '锅炉咋整', cause: 'not_understood', read: [{ intent: 'service_request', probability: 0.4 }, { intent: 'ask_policy', probability: 0.3 }, { intent: 'other', probability: 0.2 }], chosen: null }

let directory: string
let database: TestDatabase
let store: Store
beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-misread-'))
  database = await createTestDatabase(directory)
  store = await openStore({ ...database, log: pino({ level: 'silent' }) })
})
afterEach(async () => {
  await store.close()
  await database.drop()
  fs.rmSync(directory, { recursive: true, force: true })
})

let count = 0
/** One turn of a person with these changes. @returns the message's id */
async function turn(sender: string, changes: (inboundId: string) => Change[]): Promise<string> {
  count += 1
  const message = { channel: 'web', account: 'web', externalId: `m${count}`, conversation: { kind: 'private' as const, externalId: sender }, sender: { externalId: sender, nickname: '' }, isAddressed: true, text: '…', attachments: [], sentAt: NOW }
  const { inboundId } = await receiveMessage(store, message, NOW)
  const { context } = await loadTurn(store, inboundId, NOW)
  await commitTurn(store, { message, context, pulls: true, now: NOW, outcome: { intent: 'other', replies: [{ to: 'private', kind: 'text', text: '没听懂' }], changes: changes(inboundId) } })
  return inboundId
}
const say = (sender: string, misread: Misread = UNREAD) => turn(sender, () => [{ type: 'note_misread', misread }])
const open = async () => (await pageMisread(store, 1)).items.map(({ text, timesSeen }) => `${text} ${timesSeen}`)
const firstId = async () => (await pageMisread(store, 1)).items[0]!.id

describe('messages that were not understood', () => {
  it('are listed once with how often they were said, what they were read as, and what a resident said that they mean', async () => {
    await say('liu', { ...UNREAD, text: '嗯那个' })
    await say('liu')
    await say('zhang', { ...UNREAD, cause: 'put_right', chosen: 'ask_policy' })
    await say('li')
    expect(await open()).toEqual(['锅炉咋整 3', '嗯那个 1'])
    expect((await pageMisread(store, 1)).items[0]).toMatchObject({ cause: 'put_right', chosen: 'ask_policy', first: 'service_request', firstProbability: 0.4, second: 'ask_policy', status: 'open' })
    expect(await countOpenMisread(store)).toBe(2)
  })

  it('that say nothing without particulars, or too much for an example, are not listed', async () => {
    await say('liu', { ...UNREAD, text: ' ' })
    await say('liu', { ...UNREAD, text: '我'.repeat(301) })
    expect(await open()).toEqual([])
  })

  it('become examples, and wait again when that is taken back', async () => {
    await say('liu')
    const id = await firstId()
    expect(await decideMisread(store, { id, decision: { as: 'example', intent: 'ask_policy' }, ...BY })).toBe(true)
    expect(await decideMisread(store, { id, decision: { as: 'dismissed' }, ...BY })).toBe(false)
    expect(await listTalkExamples(store)).toEqual([{ text: '锅炉咋整', intent: 'ask_policy' }])
    await say('zhang')
    expect(await open()).toEqual([])
    expect((await pageDecidedMisread(store, 1)).items).toMatchObject([{ example: 'ask_policy', timesSeen: 2, decidedBy: 'wangfang' }])
    expect(await undoMisread(store, { id, ...BY })).toBe('example')
    expect(await undoMisread(store, { id, ...BY })).toBe(null)
    expect(await listTalkExamples(store)).toEqual([])
    expect(await open()).toEqual(['锅炉咋整 2'])
    const log = await store.read.auditEntry.findMany({ orderBy: { id: 'asc' } })
    expect(log.map(({ action, subject, detail }) => `${action} ${subject} ${detail}`)).toEqual([`misread_example ${id} ask_policy`, `misread_undo ${id} `])
  })

  it('that were dismissed stay so, however often they are said', async () => {
    await say('liu')
    await decideMisread(store, { id: await firstId(), decision: { as: 'dismissed' }, ...BY })
    await say('zhang')
    expect(await open()).toEqual([])
  })
})

describe('what a person said', () => {
  it('goes when the person is erased, unless others said it or staff made it an example', async () => {
    await say('liu')
    await say('zhang')
    await say('liu', { ...UNREAD, text: '只有我说' })
    await say('liu', { ...UNREAD, text: '做了例子' })
    const example = (await pageMisread(store, 1)).items.find(({ text }) => text === '做了例子')!
    await decideMisread(store, { id: example.id, decision: { as: 'example', intent: 'other' }, ...BY })
    await turn('liu', () => [{ type: 'erase_person' }])
    expect(await open()).toEqual(['锅炉咋整 1'])
    expect(await findMisread(store, example.id)).toMatchObject({ timesSeen: 0, status: 'example' })
    await undoMisread(store, { id: example.id, ...BY })
    expect(await findMisread(store, example.id)).toBe(null)
    expect(await store.read.talkExample.count()).toBe(0)
  })

  it('goes with the messages of a form that was refused', async () => {
    const said = await say('liu')
    await say('liu', { ...UNREAD, text: '早先说的' })
    await turn('liu', () => [{ type: 'blank_messages', messageIds: [said], since: new Date(NOW.getTime() + 1).toISOString() }])
    expect(await open()).toEqual(['早先说的 1'])
  })

  it('counts for the message in which it was said, when a button of a later one puts it right', async () => {
    const said = await turn('liu', () => [])
    await turn('liu', () => [{ type: 'note_misread', misread: { ...UNREAD, cause: 'put_right', chosen: 'other' }, inboundId: said }])
    expect(await store.read.misreadSighting.findMany({ select: { inboundId: true } })).toEqual([{ inboundId: said }])
  })
})
