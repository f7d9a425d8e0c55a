import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreError } from '../../../src/domain/errors.ts'
import { createStaffCode } from '../../../src/store/staff/codes.ts'
import { setStaffDisabled } from '../../../src/store/staff/staff.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
let count = 0

beforeEach(async () => {
  // A Tuesday of 2026-W48, 10:00.
  web = await openTestWeb({ start: '2026-11-24T02:00:00Z' })
  for (const user of ['wangli', 'liqiang', 'zhaomin']) await web.addStaff(user)
  await web.store.write((transaction) => transaction.staffMember.updateMany({ where: { user: 'wangli' }, data: { name: '王丽' } }))
})
afterEach(() => web.close())

interface Turn {
  intent: string
  replies: { text: string; buttons?: { label: string; text: string }[] }[]
}
interface Pushed {
  seq: number
  text: string
  kind: string
}

async function say(who: string, text: string, more: object = {}): Promise<string> {
  const { status, json, text: body } = await web.api('POST', '/api/v1/messages', { id: `m${(count += 1)}`, conversation: who, sender: { id: who }, text, ...more })
  if (status !== 200) throw new Error(body)
  return (json as unknown as Turn).replies.map((reply) => reply.text).join('\n')
}

const pushedTo = async (who: string): Promise<string[]> => ((await web.api('GET', `/api/v1/messages?conversation=${who}&after=0`)).json as unknown as { messages: Pushed[] }).messages.map(({ text }) => text)

async function bind(user: string, who = `chat-${user}`): Promise<void> {
  const code = await createStaffCode(web.store, { user, now: web.clock.now })
  expect(await say(who, `绑定 ${code}`)).toContain('绑定好了')
}

const put = (days: object[], week = '2026-W48') => web.api('PUT', `/api/v1/duty?week=${week}`, { days })
const onDutyToday = (person: string | null = 'wangli', deputy: string | null = 'liqiang') => put([{ date: '2026-11-24', person, deputy }])

interface AlertJson {
  request: string
  drill: boolean
  words: string
  acknowledged_at: string | null
  acknowledged_by: string | null
  alerted: { user: string; channel: string; at: string; acknowledged_at: string | null }[]
}
const alerts = async (): Promise<AlertJson[]> => ((await web.api('GET', '/api/v1/alerts')).json as unknown as { alerts: AlertJson[] }).alerts

/** Lets time pass for the sweep of the running outbox. */
async function pass(seconds: number, until: () => Promise<boolean>): Promise<void> {
  web.clock.now = new Date(web.clock.now.getTime() + seconds * 1000)
  web.outbox.wake()
  const endsAt = Date.now() + 10_000
  while (!(await until()) && Date.now() < endsAt) await new Promise((resolve) => setTimeout(resolve, 20))
}
/** In the order of time, `60 wangli`. */
const alerted = async () => (await alerts()).flatMap((alert) => alert.alerted.map(({ user, at }) => `${(new Date(at).getTime() - new Date('2026-11-24T02:00:00Z').getTime()) / 1000} ${user}`)).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || a.localeCompare(b))

describe('the roster', () => {
  it('of a week nothing is set for has seven days with nobody, and says the gaps from today on', async () => {
    const { status, json } = await web.api('GET', '/api/v1/duty?week=2026-W48')
    expect(status).toBe(200)
    expect(json).toMatchObject({ week: '2026-W48', days: [{ date: '2026-11-23', person: null, deputy: null }, { date: '2026-11-24' }, { date: '2026-11-25' }, { date: '2026-11-26' }, { date: '2026-11-27' }, { date: '2026-11-28' }, { date: '2026-11-29' }] })
    expect(json['gaps']).toHaveLength(6)
    expect((json as unknown as { gaps: string[] }).gaps[0]).toBe('11月24日（周二）没有人值班：出了紧急情况会马上告诉全体工作人员。')
  })

  it('is set day by day; what is left out stays; a gap is saved and said', async () => {
    await bind('wangli')
    await bind('liqiang')
    await put([{ date: '2026-11-24', person: 'wangli', deputy: 'liqiang' }, { date: '2026-11-25', person: 'wangli', deputy: null }])
    const { status, json } = await put([{ date: '2026-11-26', person: 'zhaomin', deputy: 'liqiang' }])
    expect(status).toBe(200)
    expect((json as unknown as { days: object[] }).days.slice(1, 4)).toEqual([{ date: '2026-11-24', person: 'wangli', deputy: 'liqiang' }, { date: '2026-11-25', person: 'wangli', deputy: null }, { date: '2026-11-26', person: 'zhaomin', deputy: 'liqiang' }])
    expect((json as unknown as { gaps: string[] }).gaps.slice(0, 2)).toEqual(['11月25日（周三）没有替班的人：值班的不回，过 6 分钟才告诉大家。', '11月26日（周四）zhaomin没有绑定聊天账号，收不到紧急通知。请他在“我的”里生成绑定码。'])
    expect((await web.api('GET', '/api/v1/duty?week=2026-W49')).json).toMatchObject({ days: [{ date: '2026-11-30', person: null }, {}, {}, {}, {}, {}, {}] })
  })

  it('refuses an unknown or disabled user, a day of another week, a day twice, a week that is none; and then nothing is saved', async () => {
    await setStaffDisabled(web.store, { user: 'zhaomin', isDisabled: true, by: 'wangli', now: web.clock.now })
    const good = { date: '2026-11-24', person: 'wangli', deputy: null }
    const bad: [object[], string][] = [
      [[good, { date: '2026-11-25', person: 'nobody', deputy: null }], '2026-W48'],
      [[good, { date: '2026-11-25', person: 'wangli', deputy: 'zhaomin' }], '2026-W48'],
      [[good, { date: '2026-12-01', person: 'wangli', deputy: null }], '2026-W48'],
      [[good, good], '2026-W48'],
      [[good], '2026-W54'],
      [[good], 'next week'],
      [[{ date: 'today', person: 'wangli', deputy: null }], '2026-W48'],
      [[{ date: '2026-11-24', person: 7, deputy: null }], '2026-W48'],
    ]
    for (const [days, week] of bad) expect((await put(days, encodeURIComponent(week))).status, JSON.stringify(days)).toBe(422)
    expect(await web.store.read.dutyDay.count()).toBe(0)
    expect((await web.api('GET', '/api/v1/duty?week=2026-W99')).status).toBe(422)
  })
})

describe('an emergency over the API', () => {
  it('tells the resident the name of whom it was told to, and staff the rest; who answers 收到 is named to the resident', async () => {
    await bind('wangli')
    await bind('wangli', 'second-login')
    await bind('liqiang')
    await onDutyToday()
    const answer = await say('liu', '厨房着火了，火很大')
    expect(answer).toContain('请马上打 119')
    expect(answer).toMatch(/已通知值班的王丽。编号 SR-20261124-0001。/)
    for (const who of ['chat-wangli', 'second-login']) expect((await pushedTo(who)).join()).toContain('厨房着火了')
    expect(await pushedTo('chat-liqiang')).toEqual([])
    expect(await alerted()).toEqual(['0 wangli', '0 wangli'])
    expect(await say('chat-wangli', '收到')).toContain('记下了：您已收到 SR-20261124-0001。')
    expect(await pushedTo('liu')).toEqual(['王丽已看到您说的紧急情况（SR-20261124-0001）。'])
    const [alert] = await alerts()
    expect(alert).toMatchObject({ request: 'SR-20261124-0001', drill: false, acknowledged_by: 'wangli', acknowledged_at: '2026-11-24T02:00:00.000Z' })
    expect(alert?.alerted.every((one) => one.channel === 'http' && one.acknowledged_at !== null)).toBe(true)
    web.clock.now = new Date(web.clock.now.getTime() + 600_000)
    web.outbox.wake()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await alerted()).toHaveLength(2)
  }, 90_000)

  it('nobody answering: again, the deputy, all; the resident hears once that nobody has confirmed; the history holds each step', async () => {
    await bind('wangli')
    await bind('liqiang')
    await bind('zhaomin')
    await onDutyToday()
    await say('liu', '我妈晕倒了叫不醒')
    await pass(60, async () => (await alerted()).length === 2)
    await pass(120, async () => (await alerted()).length === 3)
    await pass(180, async () => (await alerted()).length === 6)
    expect(await alerted()).toEqual(['0 wangli', '60 wangli', '180 liqiang', '360 liqiang', '360 wangli', '360 zhaomin'])
    expect(await pushedTo('liu')).toEqual(['您说的紧急情况（SR-20261124-0001）还没有人确认，请马上打 120！我们还在找人。'])
    const { requests } = (await web.api('GET', '/api/v1/requests')).json as unknown as { requests: { history: { note: string; kind?: string }[] }[] }
    expect(requests[0]?.history.map(({ note }) => note)).toEqual(['', '紧急通知王丽', '再次紧急通知王丽', '还没有人确认，紧急通知替班的liqiang', '还没有人确认，已请居民马上打电话求助', expect.stringContaining('紧急通知全体工作人员')])
  }, 90_000)

  it('says that nobody has confirmed, and whom to call, where nobody is bound to any login', async () => {
    await onDutyToday()
    const answer = await say('liu', '楼道里有人拿刀追人')
    expect(answer).toContain('还没有人确认，请马上打 110')
    expect(answer).not.toContain('已通知')
  })

  it('what is said later goes to those who know; that all is well alarms nobody', async () => {
    await bind('wangli')
    await onDutyToday()
    await say('liu', '我妈晕倒了叫不醒')
    web.clock.now = new Date(web.clock.now.getTime() + 30_000)
    const still = await say('liu', '救护车还没来')
    expect(still).toContain('加到 SR-20261124-0001 里了')
    expect(still).toContain('又通知了王丽。')
    web.clock.now = new Date(web.clock.now.getTime() + 30_000)
    expect(await say('liu', '救护车怎么还没到啊')).toContain('又通知了王丽')
    expect((await alerts())[0]?.words).toBe('救护车怎么还没到啊')
    web.clock.now = new Date(web.clock.now.getTime() + 20_000)
    const safe = await say('liu', '没事了，救护车来了，人醒了')
    expect(safe).not.toContain('通知')
    expect((await pushedTo('chat-wangli')).at(-1)).toContain('居民说没事了')
    expect(await web.store.read.serviceRequest.count()).toBe(1)
  })

  it('of two, a bare 收到 answers the one told last and names the other; its button names its own', async () => {
    await bind('wangli')
    await onDutyToday()
    await say('liu', '厨房着火了')
    web.clock.now = new Date(web.clock.now.getTime() + 1_000)
    await say('sun', '我爸晕倒了叫不醒')
    const answered = await say('chat-wangli', '收到')
    expect(answered).toContain('您已收到 SR-20261124-0002')
    expect(answered).toContain('还有没确认的：SR-20261124-0001')
    expect(await say('chat-wangli', '收到 SR-20261124-0001')).toContain('您已收到 SR-20261124-0001')
    expect(await say('chat-wangli', '收到 SR-20261124-0001')).toContain('已经由王丽确认收到了')
    expect(await say('chat-wangli', '收到 SR-20261124-0009')).toContain('现在没有等人确认的紧急情况')
  })

  it('收到 of somebody who is no member of staff answers nothing', async () => {
    await bind('wangli')
    await onDutyToday()
    await say('liu', '厨房着火了')
    await say('liu', '收到 SR-20261124-0001')
    await say('stranger', '收到')
    expect((await alerts())[0]?.acknowledged_at).toBeNull()
  })

  it('a member of staff answers in the middle of a form, and in more words', async () => {
    await bind('wangli')
    await onDutyToday()
    await say('chat-wangli', '3号楼楼道灯坏了')
    await say('liu', '厨房着火了')
    expect(await say('chat-wangli', '收到，马上到')).toContain('您已收到 SR-20261124-0001')
    expect((await alerts())[0]?.acknowledged_by).toBe('wangli')
  })

  it('staff who change the request have answered, and its resident is told of the change alone', async () => {
    await bind('wangli')
    await onDutyToday()
    await say('liu', '厨房着火了')
    await web.api('PATCH', '/api/v1/requests/SR-20261124-0001', { status: 'dispatched', note: '已派人' })
    expect((await alerts())[0]).toMatchObject({ acknowledged_by: 'api' })
    expect((await pushedTo('liu')).filter((text) => text.includes('已看到'))).toEqual([])
  })

  it('who deletes everything is also out of the alerts, and of what staff were told', async () => {
    await bind('wangli')
    await onDutyToday()
    await say('liu', '厨房着火了，我叫刘桂兰，电话13800138001')
    await say('liu', '删除我的数据')
    await say('liu', '确认删除')
    const kept = JSON.stringify([await web.store.read.alert.findMany(), await web.store.read.outboxMessage.findMany(), await web.store.read.activity.findMany()])
    expect(kept).not.toMatch(/着火了|刘桂兰|13800138001/)
  })
})

describe('while the database takes nothing', () => {
  it('an emergency that could be received is decided within seconds of its return, and staff are alerted then', async () => {
    await bind('wangli')
    await onDutyToday()
    const write = web.store.write.bind(web.store)
    let writes = 0
    // The message is stored; nothing after it is.
    web.store.write = (job) => (writes++ === 0 ? write(job) : Promise.reject(new StoreError('The disk is full.', { retryable: true })))
    const refused = await web.api('POST', '/api/v1/messages', { id: 'fire', conversation: 'liu', sender: { id: 'liu' }, text: '厨房着火了' })
    expect(refused.status).toBe(503)
    expect(refused.text).toContain('119')
    expect(await web.store.read.inboundMessage.count({ where: { text: '厨房着火了', decidedAt: null } })).toBe(1)
    web.store.write = write
    await expect.poll(alerted, { timeout: 9_000 }).toEqual(['0 wangli'])
    await expect.poll(() => pushedTo('chat-wangli')).toHaveLength(1)
    const again = await web.api('POST', '/api/v1/messages', { id: 'fire', conversation: 'liu', sender: { id: 'liu' }, text: '厨房着火了' })
    expect(again.text).toContain('已通知值班的王丽')
    expect(await alerted()).toEqual(['0 wangli'])
  })
})

describe('演练', () => {
  it('by chat tells staff as in an emergency, marked on every message; residents get nothing; for a resident the word begins nothing', async () => {
    await bind('wangli')
    await bind('liqiang', 'chat-li')
    await onDutyToday()
    await say('liu', '您好')
    expect(await say('liu', '演练')).not.toContain('警报演练开始了')
    const begun = await say('chat-li', '演练')
    expect(begun).toContain('【演练】警报演练开始了（YL-20261124-0001）。已通知值班的王丽。')
    expect(await say('chat-li', '演练')).toContain('正在演练')
    const [told = ''] = await pushedTo('chat-wangli')
    expect(told).toContain('这是警报演练，没有真的险情')
    expect(await alerts()).toMatchObject([{ request: 'YL-20261124-0001', drill: true, alerted: [{ user: 'wangli' }] }])
    expect(await say('chat-wangli', '收到 YL-20261124-0001')).toContain('演练到这里结束')
    expect(await pushedTo('liu')).toEqual([])
    expect(await web.store.read.serviceRequest.count()).toBe(0)
  })
})
