import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStaffCode } from '../../src/store/staff/codes.ts'
import { residentsById } from '../../src/store/people/resident-board.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { changePeopleTags } from '../../src/store/people/tags.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
  await test.say('订阅', { sender: 'liu', nickname: '刘桂兰' })
  await test.say('订阅', { sender: 'li', nickname: '李强' })
  await tag('刘桂兰', '独居老人', '三期业主')
})
afterEach(() => test.close())

async function tag(nickname: string, ...add: string[]): Promise<void> {
  const { id } = await test.store.read.person.findFirstOrThrow({ where: { nickname } })
  await changePeopleTags(test.store, { people: residentsById([id]), add, by: 'wang', now: test.clock.now })
}
async function bindStaff(): Promise<void> {
  await addStaff(test.store, { user: 'wang', role: 'staff', now: test.clock.now })
  await test.say(`绑定 ${await createStaffCode(test.store, { user: 'wang', now: test.clock.now })}`, { sender: 'wang-tg' })
}

describe('A resident’s tags', () => {
  it('stand in 我的数据, their own only', async () => {
    expect((await test.say('我的数据', { sender: 'liu' })).text).toMatch(/社区给您记的标签：(?:独居老人、三期业主|三期业主、独居老人)\n/)
    expect((await test.say('我的数据', { sender: 'li' })).text).not.toContain('标签')
  })

  it('go with everything else when the data are deleted, and no log says whose they were', async () => {
    const { id } = await test.store.read.person.findFirstOrThrow({ where: { nickname: '刘桂兰' } })
    await test.say('删除我的数据', { sender: 'liu' })
    await test.say('确认删除', { sender: 'liu' })
    expect(await test.store.read.personTag.count()).toBe(0)
    const log = JSON.stringify(await test.store.read.auditEntry.findMany())
    expect(log).not.toContain(id)
    expect(log).not.toContain('刘桂兰')
    await test.say('订阅', { sender: 'liu' })
    expect((await test.say('我的数据', { sender: 'liu' })).text).not.toContain('标签')
  })
})

describe('发公告 for a tag', () => {
  it('says for whom it is, and is kept for them', async () => {
    await bindStaff()
    const preview = await test.say('发公告：给独居老人：天冷了，注意保暖。', { sender: 'wang-tg' })
    expect(preview.text).toMatch(/————\n天冷了，注意保暖。\n————\n发给：标签“独居老人”。会发给 1 个人或群，比如：刘\*\*（(?:独居老人，三期业主|三期业主，独居老人)）。/)
    await test.say('确认发布', { sender: 'wang-tg' })
    expect(await test.store.read.announcement.findFirstOrThrow()).toMatchObject({ text: '天冷了，注意保暖。', audience: { tags: ['独居老人'] } })
  })

  it('shows that it would reach everybody where nobody has that tag', async () => {
    await bindStaff()
    const preview = await test.say('发公告：给残疾人：天冷了，注意保暖。', { sender: 'wang-tg' })
    expect(preview.text).toContain('给残疾人：天冷了')
    expect(preview.text).toContain('发给：所有订阅的居民。会发给 2 个人或群')
  })
})
