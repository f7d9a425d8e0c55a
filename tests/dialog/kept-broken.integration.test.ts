import { afterEach, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { captureLog } from '../support/log.ts'

let test: TestAssistant
afterEach(() => test.close())

it('what was kept by a program of another time is dropped with one line, and the resident is answered', async () => {
  const log = captureLog()
  test = await openTestAssistant(undefined, { log: log.log })
  await test.say('我要报修')
  await test.store.write((transaction) => transaction.draft.updateMany({ data: { state: { v: 7, anything: true } } }))
  await test.store.write((transaction) => transaction.dialogState.updateMany({ data: { state: 'nothing' } }))
  expect((await test.say('你好')).text).toContain('我是邻里')
  expect((await test.say('3号楼2单元楼道灯坏了')).text).toContain('您同意吗')
  expect(log.lines.filter((line) => line['fault'] === 'kept-state-dropped')).toHaveLength(1)
})

it('an open form of the program before versions goes on', async () => {
  test = await openTestAssistant()
  for (const said of ['我要报修', '同意', '楼道灯坏了']) await test.say(said)
  const [draft] = await test.store.read.draft.findMany()
  const { v: _none, further: _neither, ...old } = draft?.state as Record<string, unknown>
  await test.store.write((transaction) => transaction.draft.updateMany({ data: { state: old as never } }))
  expect((await test.say('3号楼2单元')).text).toContain('怎么称呼')
})
