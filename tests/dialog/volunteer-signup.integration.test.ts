import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const volunteers = () => test.store.read.volunteer.findMany()

describe('signing up as a volunteer', () => {
  it('fills in what one message says and asks for the rest', async () => {
    await test.say('我想当志愿者，我叫李明，62岁，电话13800138001，会修水电，周末有空')
    const summary = await test.say('同意')
    expect(summary.text).toContain('请您看看')
    const receipt = await test.say('确认')
    expect(receipt.text).toContain('VL-20261124-0001')
    expect(await volunteers()).toEqual([expect.objectContaining({ name: '李明', phone: '13800138001', age: 62, status: 'active', guardianName: null })])
    expect((await volunteers())[0]?.availability).toContain('周末')
  })

  it('asks a minor for a guardian, and lets staff decide', async () => {
    await test.say('当志愿者')
    expect((await test.say('同意')).text).toContain('怎么称呼')
    await test.say('张小宇')
    await test.say('13800138002')
    expect((await test.say('15')).text).toContain('监护人')
    expect((await test.say('张大勇')).text).toContain('监护人的电话')
    await test.say('13800138003')
    await test.say('教老人用手机')
    await test.say('周六上午')
    const receipt = await test.say('确认')
    expect(receipt.text).toContain('监护人')
    expect(await volunteers()).toEqual([expect.objectContaining({ name: '张小宇', age: 15, status: 'pending', guardianName: '张大勇', guardianPhone: '13800138003' })])
  })

  it('a second sign-up makes no second record: it says so, and can change the first', async () => {
    for (const said of ['我想当志愿者，我叫李明，62岁，电话13800138001，会修水电，周末有空', '同意', '确认']) await test.say(said)
    expect((await test.say('我想当志愿者')).text).toContain('已经登记过了')
    expect((await test.say('更新资料')).text).toContain('13800138001')
    await test.say('电话改成13900139000')
    await test.say('确认')
    expect(await volunteers()).toEqual([expect.objectContaining({ number: 'VL-20261124-0001', phone: '13900139000' })])
  })

  it('can be left again', async () => {
    for (const said of ['我想当志愿者，我叫李明，62岁，电话13800138001，会修水电，周末有空', '同意', '确认']) await test.say(said)
    await test.say('退出志愿者')
    expect((await volunteers())[0]?.status).toBe('left')
  })
})
