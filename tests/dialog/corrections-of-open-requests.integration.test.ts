import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
  for (const said of ['迎宾小区3号楼2单元501厨房水管漏水，后天下午三点来修，我叫王芳，电话13800138001', '同意', '确认']) await test.say(said)
  test.clock.now = new Date(test.clock.now.getTime() + 60_000)
})
afterEach(() => test.close())

const request = async () => {
  const all = await test.store.read.serviceRequest.findMany({ include: { activities: { orderBy: { at: 'asc' } } } })
  expect(all).toHaveLength(1)
  return all[0]!
}

describe('what is put right in an open request', () => {
  it.each([
    ['写错了，是3单元，2单元是我妹她家', { address: '迎宾小区3号楼3单元501' }],
    ['房号说错了，应该是502', { address: '迎宾小区3号楼2单元502' }],
    ['电话后两位写反了，是10不是01', { requesterPhone: '13800138010' }],
    ['能不能往后推一天，还是那个点', { wantedTime: '2026-11-27T15:00' }],
    ['时间改到四点，日子不变', { wantedTime: '2026-11-26T16:00' }],
  ])('%s: the whole new value is told, and stands there', async (said, values) => {
    const { text } = await test.say(said)
    for (const value of Object.values(values)) expect(text).toContain(value.replace('T', ' '))
    expect(await request()).toMatchObject(values)
  })

  it('is never said to be done where it was not: what stands is told, and how it is changed', async () => {
    const { text } = await test.say('我电话留错了')
    expect(text).not.toContain('改好了')
    expect(text).toContain('13800138001，没有改')
    expect((await request()).requesterPhone).toBe('13800138001')
    await test.say('电话改成13900139000')
    expect((await request()).requesterPhone).toBe('13900139000')
  })

  it('is asked with two buttons where it is not sure, and put right by the first', async () => {
    const { replies } = await test.say('我在家等着，电话13900139000')
    const [change, leave] = replies.flatMap(({ buttons = [] }) => buttons)
    expect([change?.label, leave?.label]).toEqual(['电话改成13900139000', '不改'])
    expect((await request()).requesterPhone).toBe('13800138001')
    await test.say(change?.text ?? '')
    expect((await request()).requesterPhone).toBe('13900139000')
  })

  it('a number plate is neither an address nor a telephone', async () => {
    const { text } = await test.say('堵门的车车牌尾号是7K21')
    expect(text).not.toContain('改好了')
    expect(await request()).toMatchObject({ address: '迎宾小区3号楼2单元501', requesterPhone: '13800138001' })
  })
})
