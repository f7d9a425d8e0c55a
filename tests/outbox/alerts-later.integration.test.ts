import { describe, expect, it } from 'vitest'
import { drill, fileEmergency, sayMore, setDuty } from '../support/duty.ts'
import { MINUTE, TODAY, WHOLE_COURSE, useAlertStage } from './alert-stage.ts'

const { stage, start, platforms, all, course, answer } = useAlertStage()

describe('what is said later', () => {
  it('is passed on at once to those who know of it, then at most every quarter of a minute with the last words; the course goes on', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const on = platforms()
    const outbox = await start(all(on))
    await fileEmergency(stage.store, stage.time.now())
    await stage.wake(outbox)
    const say = async (words: string) => {
      const told = await sayMore(stage.store, stage.time.now(), words)
      await stage.wake(outbox)
      return told?.names ?? null
    }
    await stage.time.advance(20_000)
    expect(await say('救护车还没来')).toEqual(['王丽'])
    await stage.time.advance(2_000)
    expect(await say('快点')).toBeNull()
    await stage.time.advance(2_000)
    expect(await say('火大了')).toBeNull()
    await stage.time.advance(26_000)
    expect(on.wechat.sent.map(({ atMs, text }) => `${atMs / 1000} ${/“(.*)”（/.exec(text)?.[1]}`)).toEqual(['0 厨房着火了', '20 救护车还没来', '35 火大了'])
    await stage.time.advance(400_000)
    expect(course(...all(on)).filter((line) => !/^(20|35) /.test(line))).toEqual(WHOLE_COURSE)
    expect(on.wechat.texts.at(-1)).toContain('“火大了”')
  })

  it('alerts anew after somebody had answered, also the one who did; half an hour later it does not', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const on = platforms()
    const outbox = await start(all(on))
    await fileEmergency(stage.store, stage.time.now())
    await answer('zhao')
    await stage.time.advance(10 * MINUTE)
    const before = course(...all(on)).length
    expect(await sayMore(stage.store, stage.time.now(), '救护车还没来')).toMatchObject({ names: ['王丽', '赵敏'], isAgain: false })
    await stage.wake(outbox)
    await stage.time.advance(20 * MINUTE)
    expect(course(...all(on)).slice(before)).toEqual(['600 x-wang-telegram', '600 x-wang-wechat', '600 x-zhao-wechat', '660 x-wang-telegram', '660 x-wang-wechat', '780 x-li-telegram', '780 x-liu', '960 x-li-telegram', '960 x-wang-telegram', '960 x-wang-wechat', '960 x-zhao-wechat'])
    await answer('wang')
    await stage.time.advance(31 * MINUTE)
    expect(await sayMore(stage.store, stage.time.now(), '谢谢你们')).toBeNull()
    expect(await stage.store.read.alert.count()).toBe(2)
  })

  it('that the danger is over is told to those who know, and nobody is asked to call any more; somebody must still answer', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const on = platforms()
    await start(all(on))
    await fileEmergency(stage.store, stage.time.now())
    await stage.time.advance(30_000)
    await sayMore(stage.store, stage.time.now(), '火灭了，人没事', { isSafe: true })
    await stage.time.advance(10 * MINUTE)
    expect(on.fake.sent).toEqual([])
    expect(on.telegram.texts).toContain('SR-20261124-r1：居民说没事了：“火灭了，人没事”。')
    expect(on.telegram.sent.some(({ to, atMs }) => to === 'x-li-telegram' && atMs === 180_000)).toBe(true)
  })
})

describe('a drill', () => {
  it('goes the whole course with 演练 on every message, reaches no resident, and ends by 收到', async () => {
    await setDuty(stage.store, TODAY, 'wang', 'li')
    const on = platforms()
    const outbox = await start(all(on))
    expect(await drill(stage.store, stage.time.now())).toMatchObject({ outcome: 'begun', number: 'YL-20261124-0001', told: { names: ['王丽'] } })
    expect(await drill(stage.store, stage.time.now())).toMatchObject({ outcome: 'running', number: 'YL-20261124-0001' })
    await stage.wake(outbox)
    await stage.time.advance(200_000)
    await answer('li')
    await stage.time.advance(12 * MINUTE)
    expect(course(...all(on)).slice(0, 5)).toEqual(WHOLE_COURSE.slice(0, 5))
    expect(on.fake.sent).toEqual([])
    const texts = all(on).flatMap((channel) => channel.texts)
    expect(texts).toHaveLength(7)
    for (const text of texts) expect(text).toMatch(/^【演练】/)
    expect(await stage.store.read.serviceRequest.count()).toBe(0)
  })
})
