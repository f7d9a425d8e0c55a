import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStaffCode } from '../../src/store/staff/codes.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

const TEXT = '明天上午九点到下午五点停水，请提前备水。'

describe('An announcement written in chat', () => {
  let test: TestAssistant
  beforeEach(async () => {
    test = await openTestAssistant()
    await test.say('订阅', { sender: 'subscriber', nickname: '李大妈' })
  })
  afterEach(() => test.close())

  const bindStaff = async (): Promise<void> => {
    await addStaff(test.store, { user: 'wang', role: 'staff', now: test.clock.now })
    const code = await createStaffCode(test.store, { user: 'wang', now: test.clock.now })
    await test.say(`绑定 ${code}`, { sender: 'wang-tg' })
  }
  const drafts = () => test.store.read.announcement.findMany()

  it('is shown first with whom it would reach, then kept for a second person; nothing is sent', async () => {
    await bindStaff()
    const preview = await test.say(`发公告：${TEXT}`, { sender: 'wang-tg' })
    expect(preview.intent).toBe('announcement_admin')
    expect(preview.text).toContain(TEXT)
    expect(preview.text).toContain('会发给 1 个人或群，比如：李**')
    expect(preview.replies[0]?.buttons?.map((button) => button.text)).toEqual(['确认发布', '取消'])
    expect(await drafts()).toEqual([])

    const kept = await test.say('确认发布', { sender: 'wang-tg' })
    expect(kept.text).toContain('另一位同事')
    expect(await drafts()).toMatchObject([{ text: TEXT, status: 'draft', by: 'wang', approvedBy: null }])
    expect(await test.store.read.outboxMessage.count({ where: { announcementId: { not: null } } })).toBe(0)
  })

  it('is for those whom its first words name', async () => {
    await bindStaff()
    await test.say(`发公告：给志愿者：${TEXT}`, { sender: 'wang-tg' })
    await test.say('确认发布', { sender: 'wang-tg' })
    expect(await drafts()).toMatchObject([{ text: TEXT, audience: { roles: ['volunteer'] } }])
  })

  it('is dropped by 取消, and confirmed only once', async () => {
    await bindStaff()
    await test.say(`发公告：${TEXT}`, { sender: 'wang-tg' })
    await test.say('取消', { sender: 'wang-tg' })
    await test.say('确认发布', { sender: 'wang-tg' })
    expect(await drafts()).toEqual([])
    await test.say(`发公告：${TEXT}`, { sender: 'wang-tg' })
    await test.say('确认发布', { sender: 'wang-tg' })
    await test.say('确认发布', { sender: 'wang-tg' })
    expect(await drafts()).toHaveLength(1)
  })

  it('is not taken from a resident, nor shown in a group', async () => {
    expect((await test.say(`发公告：${TEXT}`, { sender: 'resident-1' })).text).toContain('只有社区工作人员')
    expect((await test.say('确认发布', { sender: 'resident-1' })).text).not.toContain('存好')
    await bindStaff()
    const inGroup = await test.say(`发公告：${TEXT}`, { sender: 'wang-tg', group: 'g1' })
    expect(inGroup.replies.find((reply) => reply.to === 'group')?.text).not.toContain(TEXT)
    expect(await drafts()).toEqual([])
  })

  it('explains itself when there is no text', async () => {
    await bindStaff()
    expect((await test.say('发公告', { sender: 'wang-tg' })).text).toContain('发公告：明天')
  })
})
