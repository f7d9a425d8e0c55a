import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

describe('a group that has the id of a private conversation', () => {
  it('stays a group: a form that is open in private is neither shown nor continued there', async () => {
    await test.say('3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', { conversation: 'x', sender: 'liu' })
    const inGroup = await test.say('同意', { group: 'x', sender: 'liu' })
    expect(inGroup.text).not.toMatch(/刘桂兰|13800138001/)
    const moved = await test.say('5号楼下水道堵了，我叫刘桂兰，电话13800138001', { group: 'x', sender: 'liu' })
    expect(moved.replies[0]).toMatchObject({ to: 'group' })
    expect(moved.replies[0]?.text).not.toMatch(/刘桂兰|13800138001/)
  })
})
