import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import type { RequestStatus } from '../../src/domain/requests/requests.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { staffNamed } from '../support/staff.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const HOUR_MS = 3_600_000
const pass = (hours: number) => void (test.clock.now = new Date(test.clock.now.getTime() + hours * HOUR_MS))
const requests = () => test.store.read.serviceRequest.findMany({ orderBy: { number: 'asc' }, include: { activities: { orderBy: { at: 'asc' } } } })

/** Files a matter and has staff move it. */
async function filed(matter: string, status?: RequestStatus, note = ''): Promise<void> {
  for (const said of [`${matter}，我叫王芳，电话13800138001`, '同意', '确认']) await test.say(said)
  pass(2)
  if (status === undefined) return
  const [request] = await requests()
  await changeRequest({ store: test.store, now: () => test.clock.now, wakeOutbox: () => undefined }, staffNamed('wang'), { id: request?.id ?? '', status, note })
  pass(5)
}

describe('what was called done and is not', () => {
  it.each(['哪修了呀，还是黑的', '又不亮了', '没修好', '灯泡又烧了', '白修了', '怎么还没修', '没有人来过啊'])('a lamp: “%s” opens it again: no thanks, no form', async (said) => {
    await filed('迎宾小区3号楼2单元楼道灯坏了', 'resolved')
    const { text, intent } = await test.say(said)
    expect(intent).toBe('rate_feedback')
    expect(text).toContain('重新处理')
    expect(text).not.toContain('谢谢')
    const [request, another] = await requests()
    expect(request).toMatchObject({ status: 'reopened' })
    expect(request?.activities.at(-1)).toMatchObject({ author: 'resident', note: said })
    expect(another).toBeUndefined()
    expect(await test.store.read.draft.count()).toBe(0)
  })

  it.each(['还在漏', '厨房又淹了', '水还是往外渗'])('a pipe: “%s” is no emergency of its own', async (said) => {
    await filed('光明小区6号楼1单元501厨房水管漏水', 'resolved')
    await test.say(said)
    expect((await requests()).map(({ kind, status }) => [kind, status])).toEqual([['service', 'reopened']])
  })

  it('a fire is a fire all the same', async () => {
    await filed('迎宾小区3号楼2单元楼道灯坏了', 'resolved')
    expect((await test.say('楼道着火了，好大的烟')).text).toContain('119')
    expect((await requests()).map(({ kind }) => kind)).toEqual(['service', 'emergency'])
  })

  it('“还是老样子” says that nothing has changed: it is opened again', async () => {
    await filed('迎宾小区3号楼2单元楼道灯坏了', 'resolved')
    await test.say('还是老样子')
    expect((await requests()).map(({ status }) => status)).toEqual(['reopened'])
  })

  it.each(['没亮', '不漏了'])('“%s” may mean either: the score is asked for once more, with 没解决 beside it', async (said) => {
    await filed('迎宾小区3号楼2单元楼道灯坏了', 'resolved')
    const { replies } = await test.say(said)
    expect(replies.flatMap(({ buttons = [] }) => buttons).map(({ label }) => label)).toContain('没解决')
    expect((await requests()).map(({ status }) => status)).toEqual(['resolved'])
  })

  it('is not opened again by another trouble, nor by the same one elsewhere', async () => {
    await filed('迎宾小区3号楼2单元楼道灯坏了', 'resolved')
    expect((await test.say('下水道堵了')).text).toContain('什么地方')
    await test.say('取消')
    expect((await test.say('4号楼1单元楼道灯坏了')).text).toContain('公共照明')
    expect((await requests()).map(({ status }) => status)).toEqual(['resolved'])
  })

  it('is not opened again by 好了好了', async () => {
    await filed('迎宾小区3号楼2单元楼道灯坏了', 'resolved')
    await test.say('好了好了')
    expect((await requests()).map(({ status }) => status)).toEqual(['resolved'])
  })

  it('is opened again when it was rated already and breaks again within seven days', async () => {
    await filed('迎宾小区3号楼2单元楼道灯坏了', 'resolved')
    await test.say('5分')
    pass(48)
    await test.say('楼道灯又灭了')
    expect((await requests()).map(({ status }) => status)).toEqual(['reopened'])
  })
})
