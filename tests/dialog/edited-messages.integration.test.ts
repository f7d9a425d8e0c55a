import { describe, expect, it } from 'vitest'
import { toMessage } from '../support/assistant.ts'
import { MINUTE_MS, REPORT, useEdits } from './edits.ts'

const { assistant, edit, notes, report, requests, say, wait } = useEdits()

describe('a message that was edited after its request was submitted', () => {
  it('is told to staff in the request’s history, and to the resident in one sentence with its number', async () => {
    const said = await report()
    const result = await edit(said, REPORT.replace('3号楼', '5号楼'))
    expect(result.replies).toHaveLength(1)
    expect(result.text).toBe(`您改的话已经加到 ${said.number} 里，工作人员看得到。`)
    const [request, ...more] = await requests()
    expect(more).toEqual([])
    expect(request?.activities.at(-1)).toMatchObject({ by: '居民', status: 'submitted' })
    expect(request?.activities.at(-1)?.note).toMatch(/^居民修改了消息：“迎宾小区5号楼.*”（原来是“迎宾小区3号楼.*”）$/)
    expect(await assistant().store.read.draft.count()).toBe(0)
  })

  it('also when it was a single answer in the form, and again when it is edited again', async () => {
    await say('我要报修')
    await say('同意')
    await say('楼道灯坏了')
    const place = await say('迎宾小区3号楼')
    await say('王芳')
    await say('13800138001')
    await say('确认')
    expect((await edit(place, '迎宾小区5号楼')).text).toContain('已经加到')
    expect((await edit(place, '迎宾小区6号楼')).text).toContain('已经加到')
    expect(await notes()).toEqual(['居民修改了消息：“迎宾小区5号楼”（原来是“迎宾小区3号楼”）', '居民修改了消息：“迎宾小区6号楼”（原来是“迎宾小区5号楼”）'])
    expect(await requests()).toHaveLength(1)
  })

  it('is silent when its words are the same', async () => {
    const said = await report()
    expect((await edit(said, `${REPORT}！`)).replies).toEqual([])
    expect((await edit(said, REPORT.replaceAll('，', ', '))).replies).toEqual([])
    expect(await notes()).toEqual([])
    expect(await assistant().store.read.inboundMessage.count()).toBe(3)
  })

  it('says so when the request is over, and how it is opened again', async () => {
    const said = await report()
    const finish = (status: string) => assistant().store.write((transaction) => transaction.serviceRequest.updateMany({ data: { status } }))
    await finish('resolved')
    expect((await edit(said, REPORT.replace('3号楼', '5号楼'))).text).toMatch(/已办结.*没解决/)
    expect((await say('没解决')).turn.replies[0]?.text).toContain('重新处理')
    await finish('cancelled')
    expect((await edit(said, REPORT.replace('3号楼', '6号楼'))).text).toMatch(/已取消.*再说一遍/)
    expect((await notes()).filter((note) => note.startsWith('居民修改了消息'))).toHaveLength(2)
  })

  it('does not disturb the form that is open now: that goes on after the sentence', async () => {
    const said = await report()
    await say('我要报修')
    await say('下水道堵了')
    const result = await edit(said, REPORT.replace('3号楼', '5号楼'))
    // Right after the first report its place is taken over.
    expect(result.text).toMatch(/已经加到[\s\S]*我们接着刚才的[\s\S]*下水道堵了/)
    const [draft] = await assistant().store.read.draft.findMany()
    expect(JSON.stringify(draft?.state)).not.toContain('5号楼')
  })

  it('survives a restart between the request and the edit', async () => {
    const said = await report()
    await assistant().reopen()
    expect((await edit(said, REPORT.replace('3号楼', '5号楼'))).text).toContain(said.number)
  })

  it('leaves nothing of it when the resident has everything deleted', async () => {
    const said = await report()
    await edit(said, REPORT.replace('3号楼', '5号楼'))
    await say('删除我的数据')
    await say('确认删除')
    expect(await notes()).toEqual([])
    await edit(said, REPORT.replace('3号楼', '7号楼'))
    expect(JSON.stringify(await notes())).not.toContain('7号楼')
  })

  it('is not taken for one’s own by somebody else', async () => {
    const said = await report()
    const message = toMessage('迎宾小区9号楼', { id: `${said.id}:9`, sender: 'resident-2' }, assistant().clock.now)
    const { turn } = await assistant().assistant.receive({ ...message, edits: said.id, firstSentAt: said.sentAt })
    await turn
    expect(await notes()).toEqual([])
  })
})

describe('an edit of an old message', () => {
  it('of a request goes to staff; several in a row get one sentence', async () => {
    const said = await report()
    wait(30 * MINUTE_MS)
    expect((await edit(said, REPORT.replace('3号楼', '5号楼'))).text).toContain(said.number)
    wait(MINUTE_MS)
    expect((await edit(said, REPORT.replace('3号楼', '6号楼'))).replies).toEqual([])
    expect(await notes()).toHaveLength(2)
    wait(30 * MINUTE_MS)
    expect((await edit(said, REPORT.replace('3号楼', '7号楼'))).replies).toHaveLength(1)
  })

  it('that arrives late itself is noted and not answered', async () => {
    const said = await report()
    expect((await edit(said, REPORT.replace('3号楼', '5号楼'), { arrivesAfterMs: 11 * MINUTE_MS })).replies).toEqual([])
    expect(await notes()).toHaveLength(1)
  })

  it('of a question goes to staff and is not answered; within minutes it is answered, and makes no request', async () => {
    const said = await say('社区志愿者要占居民多少')
    expect((await edit(said, '每百户居民的社区服务设施不少于多少平方米')).text).toContain('平方米')
    expect(await requests()).toEqual([])
    wait(11 * MINUTE_MS)
    expect((await edit(said, '网格员要做什么')).replies).toEqual([])
    expect(await requests()).toMatchObject([{ kind: 'question', description: '网格员要做什么', status: 'submitted' }])
  })

  it('of something that the resident did not want kept is passed on to nobody', async () => {
    const said = await say(REPORT)
    await say('不同意')
    wait(11 * MINUTE_MS)
    expect((await edit(said, REPORT.replace('3号楼', '5号楼'))).replies).toEqual([])
    expect(await requests()).toEqual([])
  })

  it('still corrects the form that is open', async () => {
    const said = await say('迎宾小区3号楼楼道灯坏了')
    await say('同意')
    wait(30 * MINUTE_MS)
    expect((await edit(said, '迎宾小区5号楼楼道灯坏了')).text).toMatch(/改过来了[\s\S]*怎么称呼/)
  })

  it('is helped at once when it tells of a danger', async () => {
    const said = await say('社区志愿者要占居民多少')
    wait(30 * MINUTE_MS)
    expect((await edit(said, '3号楼着火了')).text).toContain('119')
    expect(await requests()).toMatchObject([{ kind: 'emergency' }])
  })
})

describe('an edited question', () => {
  it('that was passed on is answered in its new words, and staff read of it: no second request', async () => {
    const said = await say('低保一个月多少钱')
    expect(said.turn.replies[0]?.kind).toBe('refusal')
    await say('转给工作人员')
    const result = await edit(said, '社区志愿者要占居民多少')
    expect(result.replies).toHaveLength(1)
    expect(result.text).toMatch(/10%[\s\S]*您改的话已经加到 SR-/)
    expect(await requests()).toHaveLength(1)
    expect(await notes()).toEqual(['居民修改了消息：“社区志愿者要占居民多少”（原来是“低保一个月多少钱”）'])
  })

  it('that is refused again is noted, once', async () => {
    const said = await say('低保一个月多少钱')
    await say('转给工作人员')
    const result = await edit(said, '低保一年多少钱')
    expect(result.replies).toHaveLength(1)
    expect(result.text).toContain('已经加到')
    expect(await requests()).toHaveLength(1)
  })
})

describe('an edit of what went to staff as it was said', () => {
  it('of an emergency adds the place and telephone that it names', async () => {
    const said = await say('着火了快来人')
    const result = await edit(said, '迎宾小区3号楼着火了快来人，电话13800138001')
    expect(result.text).toContain('已经加到')
    const [request, ...more] = await requests()
    expect(more).toEqual([])
    expect(request).toMatchObject({ kind: 'emergency', requesterPhone: '13800138001' })
    expect(request?.address).toContain('3号楼')
  })

  it('of 转人工 makes no second one', async () => {
    const said = await say('转人工，我想问低保')
    await edit(said, '转人工，我想问医保')
    expect(await requests()).toHaveLength(1)
    expect((await notes()).at(-1)).toContain('医保')
  })

  it('of a rating is the rating that counts', async () => {
    await report()
    await assistant().store.write((transaction) => transaction.serviceRequest.updateMany({ data: { status: 'resolved' } }))
    const said = await say('5分，修得很快')
    await edit(said, '2分，又坏了')
    expect(await requests()).toMatchObject([{ ratingScore: 2, ratingComment: '又坏了' }])
  })
})
