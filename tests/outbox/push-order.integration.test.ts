import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPullChannel } from '../../src/channels/pull/channel.ts'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import { changeAnnouncement, createAnnouncement } from '../../src/outbox/announcements.ts'
import { createOutbox } from '../../src/outbox/worker.ts'
import { listPushed } from '../../src/store/outbox/outbox.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { staffNamed } from '../support/staff.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

describe('the order in which a caller of the API sees what was pushed', () => {
  it('an announcement that is sent late comes after a notice that was read before', async () => {
    const services = { store: test.store, now: () => test.clock.now, wakeOutbox: () => undefined, areas: [] }
    for (const user of ['wang', 'zhao']) await addStaff(test.store, { user, role: 'staff', now: test.clock.now })
    for (const said of ['3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', '同意', '确认', '要收通知']) await test.say(said)
    const created = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: {} })
    if (created.outcome !== 'created') throw new Error(created.outcome)
    await changeAnnouncement(services, { id: created.announcement.id, action: 'approve', by: 'zhao' })

    const request = await test.store.read.serviceRequest.findFirstOrThrow()
    await changeRequest(services, staffNamed('wang'), { id: request.id, status: 'accepted', note: '收到了' })
    const conversation = { channel: 'http', account: 'api', externalId: 'resident-1' }
    const before = await listPushed(test.store, conversation, 0)
    expect(before.map((line) => line.kind)).toEqual(['notice'])

    const outbox = createOutbox({ store: test.store, channels: [createPullChannel('http', 'api')], log: pino({ level: 'silent' }), now: () => test.clock.now, processId: 'test' })
    await outbox.start()
    await expect.poll(() => listPushed(test.store, conversation, before.at(-1)?.seq ?? 0).then((lines) => lines.map((line) => line.text))).toEqual([expect.stringContaining('明天停水')])
    await outbox.stop()
  })
})
