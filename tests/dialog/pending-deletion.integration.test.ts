import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

it('删除我的数据 is dropped by anything else that is said: a later 同意 or 确认 belongs to the form', async () => {
  await test.say('订阅')
  expect((await test.say('删除我的数据')).text).toContain('确定吗')
  await test.say('社区志愿者要占居民多少')
  expect((await test.say('迎宾小区3号楼2单元楼道灯坏了，我叫王芳，电话13800138001')).text).toContain('您同意吗')
  expect((await test.say('同意')).text).toContain('请您看看')
  expect((await test.say('确认')).text).toMatch(/SR-\d{8}-\d{4}/)
  expect(await test.store.read.person.count({ where: { erasedAt: null, isSubscribed: true } })).toBe(1)
})
