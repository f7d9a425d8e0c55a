import { describe, expect, it } from 'vitest'
import { StoreError } from '../../src/domain/errors.ts'
import { answerAlert } from '../../src/store/duty/alert-answers.ts'
import { moveRequest } from '../../src/store/requests/move-request.ts'
import { fileEmergency, setDuty } from '../support/duty.ts'
import { MINUTE, TODAY, WHOLE_COURSE, useAlertStage } from './alert-stage.ts'
import type { ScriptedChannel } from './virtual.ts'
import { addPeople } from './world.ts'

const { stage, sweepOn, start, platforms, all, course, answer } = useAlertStage()

describe('an emergency that nobody answers', () => {
  it('stands step by step in the history of its request, and no form that staff have open goes stale by that', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const outbox = await start(all(platforms()))
    await fileEmergency(stage.store, stage.time.now())
    const seen = await stage.store.read.serviceRequest.findFirstOrThrow({ include: { activities: true } })
    await stage.wake(outbox)
    await stage.time.advance(12 * MINUTE)
    const later = await stage.store.read.serviceRequest.findFirstOrThrow({ include: { activities: { orderBy: { at: 'asc' } } } })
    expect(later.activities.length).toBeGreaterThan(seen.activities.length + 2)
    expect(later.updatedAt).toEqual(seen.updatedAt)
    const moved = await stage.store.write((transaction) => moveRequest(transaction, later.id, { kind: 'status', to: 'accepted', note: '', author: 'staff', by: 'wang', ifUpdatedAt: seen.updatedAt }, stage.time.now()))
    expect(moved.outcome).toBe('moved')
    const { activities, updatedAt } = await stage.store.read.serviceRequest.findFirstOrThrow({ include: { activities: { orderBy: { at: 'asc' } } } })
    expect(activities.at(-1)).toMatchObject({ status: 'accepted', at: updatedAt })
    expect(new Set(activities.map(({ at }) => at.getTime())).size).toBe(activities.length)
  })

  it('goes at once to the person on duty on every channel, again after 60 s, to the deputy after 3 minutes, to all after 6, and then no more', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const on = platforms()
    const outbox = await start(all(on))
    const told = await fileEmergency(stage.store, stage.time.now())
    await stage.wake(outbox)
    expect(told).toMatchObject({ role: 'duty', names: ['王丽'] })
    await stage.time.advance(12 * MINUTE)
    expect(course(...all(on))).toEqual(WHOLE_COURSE)
    expect(on.telegram.texts[0]).toContain('“厨房着火了”（10:00）\n在哪里：3号楼2单元501\n电话：13800138001（刘桂兰）\n看到了请马上回“收到 SR-20261124-r1”')
    expect(on.fake.texts).toEqual(['您说的紧急情况（SR-20261124-r1）还没有人确认，请马上打 119！我们还在找人。'])
    const history = await stage.store.read.activity.findMany({ where: { requestId: 'r1' }, orderBy: { at: 'asc' } })
    expect(history.map(({ note }) => note)).toEqual(['紧急通知王丽', '再次紧急通知王丽', '还没有人确认，紧急通知替班的李强', '还没有人确认，已请居民马上打电话求助', expect.stringMatching(/^还没有人确认，紧急通知全体工作人员：/)])
  })

  it('goes the same course to the second over two crashes and another connection to the database', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const first = platforms()
    const outbox = await start(all(first))
    await fileEmergency(stage.store, stage.time.now())
    await stage.wake(outbox)
    await stage.time.advance(30_000)
    stage.crash()
    const [second, other] = [platforms(), await stage.reopen()]
    await start(all(second), other)
    await stage.time.advance(100_000)
    stage.crash()
    const [third, last] = [platforms(), await stage.reopen()]
    await start(all(third), last)
    await stage.time.advance(12 * MINUTE)
    // Each stage counts from its own start.
    const shifted = (channels: ScriptedChannel[], byMs: number) => channels.flatMap(({ sent }) => sent.map((one) => ({ ...one, atMs: one.atMs + byMs })))
    const whole = [...shifted(all(first), 0), ...shifted(all(second), 30_000), ...shifted(all(third), 130_000)].sort((a, b) => a.atMs - b.atMs || a.to.localeCompare(b.to))
    expect(whole.map(({ atMs, to }) => `${atMs / 1000} ${to}`)).toEqual(WHOLE_COURSE)
    expect(new Set(whole.map(({ key }) => key)).size).toBe(whole.length)
  })

  it('after a standstill of ten minutes tells each once, by the last that was missed', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    await fileEmergency(stage.store, stage.time.now())
    await stage.time.advance(10 * MINUTE)
    const on = platforms()
    await start(all(on))
    expect(course(...all(on)).map((line) => line.split(' ')[1])).toEqual(['x-li-telegram', 'x-liu', 'x-wang-telegram', 'x-wang-wechat', 'x-zhao-wechat', 'x-wang-telegram', 'x-wang-wechat'].sort())
    await stage.time.advance(MINUTE)
    expect(on.telegram.sent).toHaveLength(3)
  })

  it('of two processes on one store is told by one', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const [one, other] = [platforms(), platforms()]
    await start(all(one))
    await start(all(other), await stage.reopen())
    await fileEmergency(stage.store, stage.time.now())
    await stage.time.advance(10 * MINUTE)
    const keys = [...all(one), ...all(other)].flatMap(({ sent }) => sent.map(({ key }) => key))
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys).toHaveLength(WHOLE_COURSE.length)
  })

  it('goes on as soon as a database that took nothing is back, each step once', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const on = platforms()
    const outbox = await start(all(on))
    await fileEmergency(stage.store, stage.time.now())
    await stage.wake(outbox)
    const write = stage.store.write.bind(stage.store)
    await stage.time.advance(50_000)
    stage.store.write = () => Promise.reject(new StoreError('The disk is full.', { retryable: true }))
    await stage.time.advance(50_000)
    expect(course(...all(on))).toEqual(WHOLE_COURSE.slice(0, 2))
    stage.store.write = write
    await stage.time.advance(16_000)
    expect(on.wechat.sent.map(({ atMs }) => atMs).at(-1)).toBeLessThanOrEqual(115_000)
    await stage.time.advance(10 * MINUTE)
    expect(course(...all(on)).filter((line) => !line.startsWith('1') || line.startsWith('180'))).toEqual(WHOLE_COURSE.filter((line) => !line.startsWith('60 ')))
    expect(all(on).flatMap(({ sent }) => sent)).toHaveLength(WHOLE_COURSE.length)
  })

  it('with nobody on duty goes to all at once', async () => {
    const on = platforms()
    const outbox = await start(all(on))
    const told = await fileEmergency(stage.store, stage.time.now())
    await stage.wake(outbox)
    expect(told?.role).toBe('all')
    expect(course(...all(on))).toEqual(['0 x-li-telegram', '0 x-wang-telegram', '0 x-wang-wechat', '0 x-zhao-wechat'])
  })

  it('goes to the deputy at once where the person on duty has no login, or was disabled', async () => {
    await setDuty(stage.store, TODAY, 'unbound', 'li')
    const on = platforms()
    const outbox = await start(all(on))
    expect(await fileEmergency(stage.store, stage.time.now())).toMatchObject({ role: 'duty', names: ['李强'] })
    await stage.wake(outbox)
    expect(course(...all(on))).toEqual(['0 x-li-telegram'])
  })

  it('says that nobody was told where no login is bound to anybody', async () => {
    await stage.store.write((transaction) => transaction.identity.updateMany({ data: { staffId: null } }))
    await setDuty(stage.store, TODAY, 'wang', 'li')
    expect(await fileEmergency(stage.store, stage.time.now())).toMatchObject({ role: 'nobody', names: [], call: '119' })
    const on = platforms()
    await start(all(on))
    await stage.time.advance(10 * MINUTE)
    expect(course(...all(on))).toEqual(['180 x-liu'])
    expect(on.fake.texts).toEqual(['您说的紧急情况（SR-20261124-r1）还没有人确认，请马上打 119！'])
  })

  it('is not held back by quiet hours, and goes before the replies that wait', async () => {
    stage.beginAt('2026-11-24T16:30:00Z')
    await setDuty(stage.store, '2026-11-25', 'wang', 'li')
    const telegram = stage.channel({ id: 'telegram', rate: { perSecond: 1, burst: 1 } })
    for (const id of ['a', 'b', 'c']) await addPeople(stage.store, [id], { channel: 'telegram' })
    for (const id of ['a', 'b', 'c']) await stage.queue(`c-${id}`, '回答')
    await fileEmergency(stage.store, stage.time.now())
    await stage.start([telegram], { sweep: sweepOn(stage.store), quietHours: { fromMinutes: 21 * 60 + 30, toMinutes: 7 * 60 + 30 } })
    await stage.time.advance(5_000)
    expect(telegram.sent.map(({ to }) => to)).toEqual(['x-wang-telegram', 'x-a', 'x-b', 'x-c'])
  })

  it('is over when staff have closed it', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const on = platforms()
    await fileEmergency(stage.store, stage.time.now())
    await stage.store.write((transaction) => transaction.serviceRequest.updateMany({ data: { status: 'resolved' } }))
    await start(all(on))
    await stage.time.advance(10 * MINUTE)
    expect(course(...all(on))).toEqual(['0 x-wang-telegram', '0 x-wang-wechat'])
    expect(await stage.store.read.alert.findFirstOrThrow()).toMatchObject({ acknowledgedAt: null, dueAt: null, endedAt: new Date('2026-11-24T02:01:00Z') })
  })
})

describe('收到', () => {
  for (const [afterSeconds, told] of [[1, 2], [59, 2], [61, 4], [179, 4], [181, 6], [359, 6], [361, 10]] as const) {
    it(`after ${afterSeconds} s ends it: nobody is alerted any more`, async () => {
      await setDuty(stage.store, TODAY, 'wang', 'li')
      const on = platforms()
      const outbox = await start(all(on))
      await fileEmergency(stage.store, stage.time.now())
      await stage.wake(outbox)
      await stage.time.advance(afterSeconds * 1000)
      expect(course(...all(on))).toEqual(WHOLE_COURSE.slice(0, told))
      expect(await answer('zhao')).toMatchObject({ outcome: 'answered' })
      await stage.time.advance(12 * MINUTE)
      const alerts = all(on).flatMap(({ sent }) => sent).filter(({ key }) => !/:(?:seen|taken)/.test(key))
      expect(alerts).toHaveLength(told)
      expect(on.fake.texts.at(-1)).toBe('赵敏已看到您说的紧急情况（SR-20261124-r1）。')
    })
  }

  it('is told to the others who know of it, once; the request is accepted, and counted as seen', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const on = platforms()
    await start(all(on))
    await fileEmergency(stage.store, stage.time.now())
    await stage.time.advance(200_000)
    await answer('li')
    await stage.time.advance(10_000)
    expect(on.wechat.texts.at(-1)).toBe('SR-20261124-r1：李强已经确认收到。')
    expect(on.telegram.sent.filter(({ key }) => key.includes(':taken')).map(({ to }) => to)).toEqual(['x-wang-telegram'])
    expect(await stage.store.read.serviceRequest.findFirstOrThrow()).toMatchObject({ status: 'accepted', acknowledgedAt: new Date('2026-11-24T02:03:20Z') })
    expect(await stage.store.read.alertNotice.findMany({ where: { acknowledgedAt: { not: null } } })).toMatchObject([{ staffId: 's-li', channel: 'telegram' }])
  })

  it('of whoever comes second is told who has it', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    await fileEmergency(stage.store, stage.time.now())
    const { id } = await stage.store.read.alert.findFirstOrThrow()
    await answer('wang')
    expect(await stage.store.write((transaction) => answerAlert(transaction, { alertId: id, user: 'li', now: stage.time.now() }))).toEqual({ outcome: 'answered_before', number: 'SR-20261124-r1', name: '王丽' })
  })
})
