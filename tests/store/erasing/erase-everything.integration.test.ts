import Sqlite from 'better-sqlite3'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { noteInternally } from '../../../src/desk/requests/note-internally.ts'
import { eraseResident } from '../../../src/desk/residents/erase-resident.ts'
import { USUAL_RETENTION } from '../../../src/domain/retention.ts'
import { returnDraft } from '../../../src/outbox/announcement-drafts.ts'
import { createAnnouncement } from '../../../src/outbox/announcements.ts'
import { listErasures } from '../../../src/store/erasing/logins.ts'
import { reapplyErasures } from '../../../src/store/erasing/reapply.ts'
import { listPushed } from '../../../src/store/outbox/outbox.ts'
import { changePeopleTags } from '../../../src/store/people/tags.ts'
import { addStaff } from '../../../src/store/staff/staff.ts'
import { expireSome } from '../../../src/store/erasing/expire.ts'
import { openTestAssistant, toMessage, type TestAssistant } from '../../support/assistant.ts'
import { JPEG } from '../../support/picture-files.ts'
import { staffNamed } from '../../support/staff.ts'
import { findInStore } from '../../support/whole-store.ts'

const LOGIN = 'resident-4711'
const QUESTION = '低保一个月发多少钱'
const TAG = '刘家老人'
/** All that tells of the resident. */
const PARTICULARS = ['刘桂兰', '13800138001', '3号楼2单元', '桂兰妈妈爱唱歌', LOGIN, 'message-1', 'message-2', '着火了', '低保', TAG, 'JFIF']

const logged: string[] = []
let test: TestAssistant
beforeEach(async () => {
  logged.length = 0
  test = await openTestAssistant(undefined, { log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }) })
})
afterEach(() => test.close())

const services = () => ({ store: test.store, now: () => test.clock.now, wakeOutbox: () => undefined })
const resident = { sender: LOGIN, nickname: '桂兰妈妈爱唱歌' }
const isOnServer = () => !test.database.url.startsWith('file:')

/** A resident who is known wherever somebody can be: request, photo, alert, unanswered question, group, tag, what colleagues wrote of her elsewhere. */
async function leaveTraces(): Promise<void> {
  const attachments = await test.photos.takeAll([async () => JPEG])
  const { turn } = await test.assistant.receive({ ...toMessage('3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', { ...resident, id: 'message-1' }, test.clock.now), attachments })
  await turn
  test.photos.release(attachments)
  for (const said of ['同意', '确认']) await test.say(said, resident)
  expect(await test.store.read.photo.count({ where: { requestId: { not: null } } })).toBe(1)
  await test.say(`${QUESTION}？`, { ...resident, id: 'message-2' })
  await test.say('着火了！5号楼冒烟', resident)
  await test.say('查进度', { ...resident, group: 'g1' })
  const { personId } = await test.store.read.identity.findFirstOrThrow({ where: { externalId: LOGIN } })
  await changePeopleTags(test.store, { people: { id: personId }, add: [TAG], by: 'wang', now: test.clock.now })
}

async function noteOnOthersRequest(): Promise<string> {
  for (const said of ['5号楼1单元下水道堵了，我叫王芳，电话13900139002', '同意', '确认']) await test.say(said, { sender: 'neighbour' })
  const other = await test.store.read.serviceRequest.findFirstOrThrow({ where: { requesterName: '王芳' } })
  await addStaff(test.store, { user: 'wang', name: '王姐', role: 'staff', now: test.clock.now })
  await noteInternally(services(), staffNamed('wang'), { id: other.id, note: '刘桂兰（13800138001）说她家也堵' })
  await addStaff(test.store, { user: 'li', name: '李哥', role: 'staff', now: test.clock.now })
  const draft = await createAnnouncement({ ...services(), areas: [] }, { by: 'wang', text: '下水道周六疏通', audience: {} })
  await returnDraft({ ...services(), areas: [] }, { id: draft.outcome === 'created' ? draft.announcement.id : '', by: 'li', comment: '先给刘桂兰（13800138001）打个电话' })
  return other.id
}

async function eraseAll(): Promise<void> {
  await test.say('删除我的数据', resident)
  expect((await test.say('确认删除', { ...resident, id: 'message-last' })).text).toContain('已经全部删掉了')
}

/** What the sweep does an hour later: until then the answer is on its way. */
async function letTheHourPass(): Promise<void> {
  test.clock.now = new Date(test.clock.now.getTime() + 2 * 60 * 60_000)
  await expireSome(test.store, { retention: USUAL_RETENTION, now: test.clock.now, by: '系统' })
  await test.store.forgetErased()
}

describe('删除我的数据', () => {
  it('leaves nothing of a resident in any byte of the store, and everything of the neighbour', async () => {
    await leaveTraces()
    const other = await noteOnOthersRequest()
    expect(await findInStore(test, PARTICULARS)).toEqual(PARTICULARS)

    await eraseAll()
    await letTheHourPass()
    expect(await findInStore(test, PARTICULARS)).toEqual([])
    expect((await test.store.read.activity.findFirstOrThrow({ where: { requestId: other, kind: 'internal' } })).note).toBe('（已删除）（（已删除））说她家也堵')
    expect(await findInStore(test, ['王芳', '13900139002'])).toEqual(['王芳', '13900139002'])
    expect(await test.store.read.serviceRequest.findFirst({ where: { kind: 'service', requesterName: null } })).toMatchObject({ category: '公共照明', status: 'cancelled' })
  })

  it('is known again when its messages are delivered again, also after the resident is back', async () => {
    await leaveTraces()
    await eraseAll()
    const again = await test.say('3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', { ...resident, id: 'message-1' })
    expect(again).toMatchObject({ isDuplicate: true, replies: [] })
    expect(await test.store.read.identity.count({ where: { externalId: LOGIN } })).toBe(0)
    expect((await test.say('确认删除', { ...resident, id: 'message-last' })).isDuplicate).toBe(true)

    await test.say('你好', { ...resident, id: 'message-3' })
    expect((await test.say(`${QUESTION}？`, { ...resident, id: 'message-2' })).isDuplicate).toBe(true)
    expect((await test.say('我的数据', resident)).text).toContain('提交的事情：没有')
  })

  it('退订 stands when the resident comes back, and no platform id is kept for that', async () => {
    await test.say('退订', resident)
    await eraseAll()
    await letTheHourPass()
    expect(await findInStore(test, [LOGIN])).toEqual([])
    await test.say('你好', resident)
    expect(await test.store.read.person.findFirstOrThrow({ where: { erasedAt: null } })).toMatchObject({ isSubscribed: false, optedOutAt: expect.any(Date) as Date })
    await test.say('订阅', resident)
    expect(await test.store.read.person.findFirstOrThrow({ where: { erasedAt: null } })).toMatchObject({ isSubscribed: true, optedOutAt: null })
  })

  it('is answered where it was asked, and a message that came while it was decided counts as a new one', async () => {
    await leaveTraces()
    await test.say('删除我的数据', resident)
    const confirmed = test.assistant.receive(toMessage('确认删除', resident, test.clock.now))
    const after = test.assistant.receive(toMessage('4号楼路灯坏了，不留姓名', resident, test.clock.now))
    await (await confirmed).turn
    await (await after).turn
    expect(await test.store.read.inboundMessage.count({ where: { text: { contains: '4号楼' }, erasedAt: null } })).toBe(1)
    const back = await test.store.read.identity.findFirstOrThrow({ where: { externalId: LOGIN }, include: { person: true } })
    expect(back.person).toMatchObject({ erasedAt: null })
    expect((await listPushed(test.store, { channel: 'http', account: 'api', externalId: LOGIN }, 0)).map(({ text }) => text).join()).not.toContain('刘桂兰')
  })

  it('is tried until the write-ahead log is empty too where another program reads the file, and says so until then', async ({ skip }) => {
    if (isOnServer()) return skip()
    await leaveTraces()
    const reader = new Sqlite(test.database.url.slice('file:'.length), { readonly: true })
    const reading = reader.prepare('SELECT * FROM "InboundMessage"').iterate()
    reading.next()
    await eraseAll()
    expect(test.store.holdsErased()).toBe(true)
    expect(await findInStore(test, ['13800138001'])).toEqual(['13800138001'])
    await vi.waitFor(() => expect(logged.join()).toContain('erased-in-log'), 30_000)

    reading.return?.()
    reader.close()
    await vi.waitFor(() => expect(test.store.holdsErased()).toBe(false), 60_000)
    expect(await findInStore(test, ['13800138001'])).toEqual([])
    expect(logged.join()).toContain('out of the write-ahead log')
  }, 120_000)
})

describe('the desk’s erasing', () => {
  it('reaches as far as the resident’s own, the photo’s file included, and the log says by whom, not whose', async () => {
    await leaveTraces()
    const { personId } = await test.store.read.identity.findFirstOrThrow({ where: { externalId: LOGIN } })
    expect(await eraseResident({ ...services(), photos: test.photos }, staffNamed('wang'), personId)).toEqual({ outcome: 'erased', isWhole: true })
    await letTheHourPass()
    expect(await findInStore(test, PARTICULARS)).toEqual([])
    expect(await test.store.read.auditEntry.findFirst({ where: { action: 'erase_person' } })).toMatchObject({ actor: 'wang', subject: '', detail: '' })
    expect(await eraseResident({ ...services(), photos: test.photos }, staffNamed('wang'), personId)).toEqual({ outcome: 'not_found' })
  })
})

describe('a backup from before an erasing', () => {
  it('holds what was erased, until the erasures since are applied again', async () => {
    await leaveTraces()
    // What a state in which nothing was erased has beside the marks of a later one.
    const { personId, ...login } = await test.store.read.identity.findFirstOrThrow({ where: { externalId: LOGIN } })
    const later = { digest: test.store.digestOf('login', login.channel, login.account, login.externalId), erasedAt: new Date(test.clock.now.getTime() + 60_000), optedOutAt: test.clock.now }
    expect(await reapplyErasures(test.store, [later], new Date(test.clock.now.getTime() + 120_000))).toBe(1)
    await test.photos.clear()
    await letTheHourPass()
    expect(await findInStore(test, PARTICULARS)).toEqual([])
    expect(await listErasures(test.store)).toEqual([later])
    expect(await test.store.read.person.findUniqueOrThrow({ where: { id: personId } })).toMatchObject({ nickname: '' })
    expect(await reapplyErasures(test.store, [later], test.clock.now)).toBe(0)
  })
})
