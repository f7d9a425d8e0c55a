import { afterEach, beforeEach, expect, it } from 'vitest'
import { createStaffCode } from '../../src/store/staff/codes.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

/** Who is named in the group when the last one that asked there is answered. */
async function namedInGroup(): Promise<string> {
  const row = await test.store.read.outboxMessage.findFirstOrThrow({ where: { conversation: { kind: 'group' } }, orderBy: { seq: 'desc' } })
  return (row.extras as unknown as { mention: { nickname: string } }).mention.nickname
}
const askInGroup = (sender: string, nickname: string) => test.say('社区志愿者要占居民多少', { sender, nickname, group: 'g1' })

it('who poses as an office in a group is answered as the resident that they are; others by their name', async () => {
  await askInGroup('liu', '幸福社区居委会')
  expect(await namedInGroup()).toBe('幸福社区居委会（居民）')
  await askInGroup('wang', '管理员')
  expect(await namedInGroup()).toBe('管理员（居民）')
  await askInGroup('li', '李大妈')
  expect(await namedInGroup()).toBe('李大妈')
  // What is kept is the name as it was chosen, so that it is found again when everything of that person is erased.
  expect((await test.store.read.person.findMany({ orderBy: { createdAt: 'asc' } })).map(({ nickname }) => nickname).sort()).toEqual(['幸福社区居委会', '李大妈', '管理员'].sort())
})

it('staff who are known by their login are named as they are', async () => {
  const { clock, store } = test
  await addStaff(store, { user: 'wang', role: 'staff', now: clock.now })
  await test.say(`绑定 ${(await createStaffCode(store, { user: 'wang', now: clock.now })) ?? ''}`, { sender: 'wang', nickname: '网格员小王' })
  await askInGroup('wang', '网格员小王')
  expect(await namedInGroup()).toBe('网格员小王')
  await askInGroup('zhao', '网格员小王')
  expect(await namedInGroup()).toBe('网格员小王（居民）')
})
