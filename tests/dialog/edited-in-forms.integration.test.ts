import { describe, expect, it } from 'vitest'
import { MINUTE_MS, useEdits } from './edits.ts'

const { assistant, edit, requests, say, wait } = useEdits()

describe('an edit while a form is open', () => {
  it('that changes nothing of the form is silent, and one of an earlier message is no answer', async () => {
    const before = await say('你好')
    const said = await say('你好，迎宾小区3号楼楼道灯坏了')
    await say('同意')
    expect((await edit(said, '您好，迎宾小区3号楼楼道灯坏了')).replies).toEqual([])
    expect((await edit(said, '您好，迎宾小区5号楼楼道灯坏了')).text).toContain('改过来了')
    expect((await edit(before, '张三丰')).text).toMatch(/没有记到这张表里[\s\S]*怎么称呼/)
    const [draft] = await assistant().store.read.draft.findMany()
    expect(JSON.stringify(draft?.state)).not.toContain('张三丰')
  })

  it('answers the open question when the first version was not understood', async () => {
    await say('迎宾小区3号楼楼道灯坏了')
    await say('同意')
    await say('王芳')
    const said = await say('1380013800')
    expect((await edit(said, '13800138001')).text).toContain('请您看看')
  })

  it('takes consent back: 同意 that becomes 不同意 leaves nothing', async () => {
    await say('迎宾小区3号楼楼道灯坏了')
    const said = await say('同意')
    expect((await edit(said, '不同意')).text).toContain('不登记')
    expect(await assistant().store.read.draft.count()).toBe(0)
    expect(await assistant().store.read.consent.count({ where: { withdrawnAt: null } })).toBe(0)
  })
})

describe('an edit of a volunteer’s sign-up', () => {
  it('says that it changes nothing, and how it is changed', async () => {
    const said = await say('我想当志愿者，我叫王芳，40岁，电话13800138001，会修电器，周末有空')
    for (const answer of ['同意', '迎宾小区', '跳过', '确认', '确认']) if ((await assistant().store.read.volunteer.count()) === 0) await say(answer)
    expect(await assistant().store.read.volunteer.count()).toBe(1)
    expect((await edit(said, '我想当志愿者，我叫王芳，40岁，电话13900139000，会修电器，周末有空')).text).toMatch(/VL-\d{8}-\d{4}.*更新资料/)
    expect((await assistant().store.read.volunteer.findFirst())?.phone).toBe('13800138001')
  })
})

describe('an edit in a group', () => {
  it('of the message that opened a form in private corrects it there, and the group reads nothing', async () => {
    const said = await say('迎宾小区3号楼楼道灯坏了', 'group-1')
    expect(said.turn.replies.map((reply) => reply.to)).toEqual(['group', 'private'])
    const result = await edit(said, '迎宾小区5号楼楼道灯坏了')
    expect(result.replies.map((reply) => reply.to)).toEqual(['private'])
    expect(result.text).toContain('改过来了')
    await say('同意')
    await say('王芳')
    await say('13800138001')
    const { turn } = await say('确认')
    const number = /SR-\d{8}-\d{4}/.exec(turn.replies[0]?.text ?? '')?.[0]
    const late = await edit(said, '迎宾小区6号楼楼道灯坏了')
    expect(late.replies.map((reply) => reply.to)).toEqual(['private'])
    expect(late.text).toContain(number)
    expect((await requests())[0]?.address).toContain('5号楼')
  })

  it('is silent where it does not address the assistant, and where the message is old', async () => {
    const said = await say('社区志愿者要占居民多少', 'group-1')
    expect((await edit(said, '社区用房要多少', { isAddressed: false })).replies).toEqual([])
    wait(11 * MINUTE_MS)
    expect((await edit(said, '社区用房每百户要多少平方米')).replies).toEqual([])
    expect(await requests()).toEqual([])
  })
})
