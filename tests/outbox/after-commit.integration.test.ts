import { afterEach, beforeEach, expect, it } from 'vitest'
import { createOutbox } from '../../src/outbox/worker.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { captureLog } from '../support/log.ts'
import { ScriptedChannel, VirtualTime } from './virtual.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant(undefined, { pulls: () => false })
})
afterEach(() => test.close())

it('T2: a crash after a turn was committed and before its reply left: the reply goes out at the next start, once, also when the message is delivered again', async () => {
  const { log, faults } = captureLog()
  const platform = new ScriptedChannel(new VirtualTime(test.clock.now.toISOString()), { id: 'http', account: 'api' })
  const ask = () => test.say('社区志愿者要占居民多少', { id: 'm-1' })
  const answer = await ask()
  await test.reopen()
  expect(await test.store.read.outboxMessage.findMany()).toMatchObject([{ status: 'queued', attempts: 0 }])
  expect(platform.sent).toEqual([])

  const outbox = createOutbox({ store: test.store, channels: [platform], log, now: () => test.clock.now, processId: 'next' })
  await outbox.start()
  expect(await ask()).toMatchObject({ isDuplicate: true })
  outbox.wake()
  await expect.poll(() => test.store.read.outboxMessage.findMany()).toMatchObject([{ status: 'sent', attempts: 1, text: answer.text }])
  await outbox.stop()
  expect(platform.sent).toMatchObject([{ to: 'resident-1', text: expect.stringContaining('10%') as string }])
  expect(faults()).toMatchObject([{ fault: 'left-waiting', messages: 1 }])
})
