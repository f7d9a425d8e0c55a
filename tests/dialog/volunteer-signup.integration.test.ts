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

  it('takes two who sign up in one message: whoever only was named waits until staff have asked them', async () => {
    const consent = await test.say('我俩报名志愿者：张伟，30岁，13904571235，会电脑；刘洋，28岁，13904571236，会理发，周六日有空，都住育才社区')
    expect(consent.text).toContain('另一位：刘洋，28 岁，13904571236，会理发')
    await test.say('同意')
    expect((await test.say('确认')).text).toContain('刘洋也先记下了，工作人员会和本人联系')
    const [speaker, other, ...more] = (await volunteers()).sort((one, another) => one.number.localeCompare(another.number))
    expect(more).toEqual([])
    expect(speaker).toMatchObject({ name: '张伟', phone: '13904571235', age: 30, skills: ['电脑'], status: 'active' })
    expect(other).toMatchObject({ name: '刘洋', phone: '13904571236', age: 28, skills: ['理发'], availability: speaker?.availability, status: 'pending', conversationId: null })
    expect(other?.personId).not.toBe(speaker?.personId)
  })

  it('erases with the speaker whoever they only named, and never whom somebody else has named', async () => {
    await test.say('我俩报名志愿者：张伟，30岁，13904571235，会电脑；刘洋，28岁，13904571234，会理发，周六日有空，都住育才社区', { sender: 'other', conversation: 'other' })
    for (const said of ['同意', '确认']) await test.say(said, { sender: 'other', conversation: 'other' })
    for (const said of ['我和我老伴都想当志愿者，我叫王秀兰62岁，他叫李国强65岁，电话13904571234，周末有空，住育才社区', '同意', '陪聊', '确认']) await test.say(said)
    expect(await volunteers()).toHaveLength(4)
    await test.say('删除我的数据')
    await test.say('确认')
    expect((await volunteers()).map(({ name }) => name).sort()).toEqual(['刘洋', '张伟'])
  })

  it('of a couple with one telephone makes no guardian, and whoever is named in passing signs up for nothing', async () => {
    expect((await test.say('我和我老伴都想当志愿者，我叫王秀兰62岁，他叫李国强65岁，电话13904571234')).text).toMatch(/年龄：62 岁\n另一位：李国强，65 岁\n/)
    await test.say('取消')
    const alone = await test.say('我想当志愿者，李国强介绍我来的，我叫王秀兰，62岁，电话13904571234')
    expect(alone.text).toContain('王秀兰')
    expect(alone.text).not.toContain('另一位')
  })

  it('is no request that a trouble told right after it could belong to', async () => {
    for (const said of ['我想当志愿者，我叫李明，62岁，电话13800138001，会修水电，周末有空', '同意', '确认']) await test.say(said)
    expect((await test.say('报修：暖气不热，在迎宾小区1号楼1单元501')).text).toMatch(/供暖|怎么称呼|请您看看/)
  })

  it('can be left again', async () => {
    for (const said of ['我想当志愿者，我叫李明，62岁，电话13800138001，会修水电，周末有空', '同意', '确认']) await test.say(said)
    await test.say('退出志愿者')
    expect((await volunteers())[0]?.status).toBe('left')
  })
})
