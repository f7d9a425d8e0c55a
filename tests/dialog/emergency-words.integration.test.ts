import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

it.each([
  ['烧炉子一家人都迷糊了，像是煤烟中毒', /开窗[\s\S]*120/],
  ['有人触电了倒在地上', /断电[\s\S]*120/],
  ['高压线断了耷拉到路上', /远[\s\S]*110/],
  ['有个女的坐在六楼窗台外头，要往下跳', /110 和 120/],
  ['我妈走丢了一下午没回来，她有老年痴呆', /110/],
  ['我妈把一瓶安眠药都吃了', /120/],
  ['烫着孩子了快来人', /凉水[\s\S]*120/],
  ['厨房油锅着了', /119/],
  ['柴火垛烧着了', /119/],
])('%s is met with what to do in just this danger', async (words, advice) => {
  const turn = await test.say(words)
  expect(turn.intent).toBe('emergency')
  expect(turn.replies[0]?.text.split('\n')[0]).toMatch(advice)
})
