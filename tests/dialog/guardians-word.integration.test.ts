import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeGuardianCode, noteGuardianConsent } from '../../src/desk/volunteers/guardian-consent.ts'
import { changeVolunteerStatus } from '../../src/store/volunteers/volunteers.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { createDesk } from '../support/desk.ts'
import { staffNamed } from '../support/staff.ts'

let test: TestAssistant
let id: string
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const wang = staffNamed('wang')
const desk = () => createDesk({ store: test.store, now: () => test.clock.now })
const approve = async () => (await changeVolunteerStatus(test.store, { id, status: 'active', by: 'wang', now: test.clock.now, notice: () => null })).outcome
const words = () => test.store.read.guardianConsent.findMany({ orderBy: { at: 'asc' } })

async function signUp(age: number): Promise<string> {
  const told = await test.say(`我想给我儿子报名志愿者，他叫曹阳，${age}岁，我叫唐静，电话13833334444`)
  let { text } = told
  for (const said of ['同意', '教老人用手机', '周六上午', '确认']) ({ text } = await test.say(said))
  id = (await test.store.read.volunteer.findFirstOrThrow()).id
  return text
}

describe('a child under 14 who signs up', () => {
  it('waits for the guardian’s own word, and is told so', async () => {
    expect(await signUp(12)).toContain('监护人自己说同意')
    expect(await approve()).toBe('needs_guardian')
    expect((await test.store.read.volunteer.findFirstOrThrow()).status).toBe('pending')
  })

  it('may be approved when staff have noted how the guardian gave it; what was noted stays', async () => {
    await signUp(12)
    expect((await noteGuardianConsent(desk(), wang, { id, how: ' ' })).outcome).toBe('empty')
    expect((await noteGuardianConsent(desk(), wang, { id, how: '话'.repeat(301) })).outcome).toBe('too_long')
    expect((await noteGuardianConsent(desk(), wang, { id, how: '打登记的电话，唐静本人说同意' })).outcome).toBe('noted')
    await noteGuardianConsent(desk(), wang, { id, how: '又来社区签了字' })
    expect(await words()).toMatchObject([{ how: '打登记的电话，唐静本人说同意', by: 'wang', guardianName: '唐静' }, { how: '又来社区签了字' }])
    expect(await test.store.read.auditEntry.count({ where: { action: 'guardian_consent' } })).toBe(2)
    expect(await approve()).toBe('changed')
  })

  it('may be approved when the guardian wrote the code from a chat of their own; the child’s own chat does not count', async () => {
    await signUp(12)
    const made = await makeGuardianCode(desk(), wang, { id })
    if (made.outcome !== 'made') throw new Error(made.outcome)
    expect((await test.say(`绑定 ${made.code}`)).text).toContain('监护人在自己的聊天里')
    expect(await words()).toEqual([])
    expect((await test.say(made.code, { sender: 'mother' })).text).toContain('您同意曹阳当志愿者')
    expect(await words()).toMatchObject([{ by: '监护人', guardianPhone: '13833334444' }])
    expect((await test.say(`绑定 ${made.code}`, { sender: 'somebody' })).text).toContain('不对')
    expect(await approve()).toBe('changed')
  })

  it('needs the word of the guardian who is registered now', async () => {
    await signUp(12)
    await noteGuardianConsent(desk(), wang, { id, how: '打电话问过' })
    await test.store.write((transaction) => transaction.volunteer.update({ where: { id }, data: { guardianName: '别人', guardianPhone: '13900139000' } }))
    expect(await approve()).toBe('needs_guardian')
  })

  it('leaves nothing of it when everything is erased', async () => {
    await signUp(12)
    await noteGuardianConsent(desk(), wang, { id, how: '打电话问过' })
    await test.say('删除我的数据')
    await test.say('确认删除')
    expect(await words()).toEqual([])
  })
})

it('from 14 on staff approve as before', async () => {
  await signUp(15)
  expect((await noteGuardianConsent(desk(), wang, { id, how: '问过' })).outcome).toBe('not_needed')
  expect(await approve()).toBe('changed')
})
