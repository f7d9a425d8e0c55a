import type { Chat, User } from 'grammy/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeAnnouncement, createAnnouncement } from '../../src/outbox/announcements.ts'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import type { SentMessage } from '../fakes/telegram/bot-api.ts'
import { group, home, liu, openTelegramWorld, type TelegramWorld } from './telegram-world.ts'
import { staffNamed } from '../support/staff.ts'

const REPORT = '3栋2单元楼道灯坏了，我叫刘桂兰，电话13800138001'
const STALE = '这个按钮是以前的'
const zhao: User = { id: 202, is_bot: false, first_name: '赵明' }

let world: TelegramWorld
beforeEach(async () => { world = await openTelegramWorld() })
afterEach(async () => { await world.close() })

/** Does something that is answered, and gives the answer once all has come to rest. */
async function answerTo(act: () => unknown): Promise<SentMessage> {
  const before = world.api.sent.length
  act()
  const answer = await world.sent(before + 1)
  await world.settled()
  return answer
}
const tell = (text: string, from: User = liu, chat: Chat = home): Promise<SentMessage> => answerTo(() => world.api.say(from, chat, text))
const press = (sent: SentMessage, label: string, from: User = liu): Promise<SentMessage> => answerTo(() => world.api.press(from, sent, buttonOf(sent, label)))
function buttonOf(sent: SentMessage, label: string): string {
  const button = sent.buttons.find((one) => one.label.includes(label))
  if (button === undefined) throw new Error(`"${sent.text}" has no button ${label}, but ${sent.buttons.map((one) => one.label).join()}`)
  return button.data
}
const numberIn = (sent: SentMessage): string => /SR-\d{8}-\d{4}/.exec(sent.text)?.[0] ?? ''
const requests = () => world.store.read.serviceRequest.findMany({ orderBy: { number: 'asc' } })

async function file(report = REPORT): Promise<string> {
  let last = await tell(report)
  if (last.text.includes('您同意吗')) last = await press(last, '同意')
  return numberIn(await press(last, '确认'))
}

async function resolve(number: string): Promise<SentMessage> {
  const request = (await requests()).find((one) => one.number === number)
  const services = { store: world.store, now: () => new Date(), wakeOutbox: () => world.outbox.wake() }
  const before = world.api.sent.length
  await changeRequest(services, staffNamed('staff'), { id: request?.id ?? '', status: 'resolved', note: '' })
  const notice = await world.sent(before + 1)
  await world.settled()
  return notice
}

describe('T24: a button of a form', () => {
  it('pressed twice answers one question, not the one after it', async () => {
    const consent = await tell('3栋2单元楼道灯坏了')
    expect((await press(consent, '同意')).text).toContain('怎么称呼')
    const again = await press(consent, '同意')
    expect(again.text).toMatch(new RegExp(`${STALE}[\\s\\S]*怎么称呼`))
    expect((await tell('刘桂兰')).text).toContain('电话')
    expect((await tell('13800138001')).text).toMatch(/3栋2单元[\s\S]*刘桂兰/)
  })

  it('of an earlier summary does not submit what has been put right since', async () => {
    await tell(REPORT)
    const first = await tell('同意')
    const second = await tell('电话改成13900139000')
    expect((await press(first, '确认')).text).toMatch(new RegExp(`${STALE}[\\s\\S]*13900139000`))
    expect(await requests()).toEqual([])
    expect(numberIn(await press(second, '确认'))).not.toBe('')
    expect(await requests()).toMatchObject([{ requesterPhone: '13900139000' }])
  })

  it('that was cancelled, or submitted, starts nothing: whichever of its buttons is pressed', async () => {
    const consent = await tell(REPORT)
    const summary = await press(consent, '同意')
    await press(summary, '取消')
    for (const [sent, label] of [[consent, '同意'], [consent, '不同意'], [summary, '确认'], [summary, '修改']] as const) {
      expect((await press(sent, label)).text, label).toContain(STALE)
    }
    expect(await world.store.read.draft.count()).toBe(0)
    expect(await requests()).toEqual([])
    expect((await press(summary, '取消')).text).toContain('没有正在填的')
  })

  it('is as stale when a crash came between its pressing and its answer', async () => {
    const old = await tell(REPORT)
    await press(old, '不同意')
    await tell('5栋下水道堵了，我叫刘桂兰，电话13800138001')
    await press(old, '同意')
    await world.store.write(async (transaction) => {
      const last = await transaction.inboundMessage.findFirstOrThrow({ orderBy: { receivedAt: 'desc' } })
      await transaction.outboxMessage.deleteMany({ where: { inboundId: last.id } })
      await transaction.inboundMessage.update({ where: { id: last.id }, data: { decidedAt: null } })
    })
    expect((await answerTo(() => void world.assistant.assistant.recover().then(() => world.outbox.wake()))).text).toMatch(new RegExp(`${STALE}[\\s\\S]*您同意吗`))
    expect(await world.store.read.consent.count()).toBe(0)
  })

  it('shown before the one that is open does not answer that one', async () => {
    const old = await tell(REPORT)
    await press(old, '不同意')
    await tell('5栋下水道堵了，我叫刘桂兰，电话13800138001')
    for (const label of ['同意', '不同意']) expect((await press(old, label)).text, label).toMatch(new RegExp(`${STALE}[\\s\\S]*您同意吗`))
    expect(await world.store.read.consent.count()).toBe(0)
    expect(await world.store.read.draft.count()).toBe(1)
  })

  it('of everything that is deleted works in a form too, and not when something else was said since', async () => {
    await tell('3栋2单元楼道灯坏了')
    const before = world.api.sent.length
    await tell('删除我的数据')
    const [sure] = world.api.sent.slice(before)
    if (sure === undefined) throw new Error('nothing was asked')
    await tell('社区志愿者要占居民多少')
    expect((await press(sure, '确认删除')).text).toContain(STALE)
    expect(await world.store.read.draft.count()).toBe(1)
    await tell('删除我的数据')
    const again = world.api.sent.findLast((sent) => sent.buttons.some((button) => button.data === '确认删除'))
    if (again === undefined) throw new Error('nothing was asked again')
    expect((await press(again, '确认删除')).text).toContain('全部删掉')
    expect(await world.store.read.draft.count()).toBe(0)
  })

  it('that was shown again is as good in both places', async () => {
    const consent = await tell('3栋2单元楼道灯坏了')
    await tell('社区志愿者要占居民多少')
    expect((await press(consent, '同意')).text).toContain('怎么称呼')
  })

  it('still cancels its own form from an earlier question', async () => {
    const consent = await tell('3栋2单元楼道灯坏了')
    const name = await press(consent, '同意')
    await tell('刘桂兰')
    expect((await press(name, '取消')).text).toContain('已经取消')
  })
})

describe('T24: a button of a request’s notice', () => {
  it('rates its own request, once, and not the one that was finished after it', async () => {
    const [one, two] = [await file(), await file('5栋下水道堵了')]
    const notice = await resolve(one)
    await resolve(two)
    expect((await press(notice, '5 分')).text).toContain('5 分')
    expect((await press(notice, '5 分')).text).toContain('打过分了')
    expect((await requests()).map((request) => request.ratingScore)).toEqual([5, null])
    expect((await press(notice, '1 分')).text).toContain('1 分')
    expect((await requests()).map((request) => request.ratingScore)).toEqual([1, null])
    const activities = await world.store.read.activity.findMany({ where: { note: { startsWith: '评价' } } })
    expect(activities).toHaveLength(2)
  })

  it('opens its request again once; what is being worked on again is not rated', async () => {
    const notice = await resolve(await file())
    expect((await press(notice, '没解决')).text).toContain('重新处理')
    expect((await press(notice, '没解决')).text).toContain('已经在重新处理')
    expect((await press(notice, '5 分')).text).toContain('办完了再请您打分')
    expect(await requests()).toMatchObject([{ status: 'reopened', ratingScore: null }])
  })

  it('is no answer to the form that is open', async () => {
    const notice = await resolve(await file())
    await tell('我要报修')
    expect((await press(notice, '没解决')).text).toContain('重新处理')
    const [draft] = await world.store.read.draft.findMany()
    expect(JSON.stringify(draft?.state)).not.toContain('没解决')
  })
})

describe('T24: a button of an announcement', () => {
  it('says 收到 for its own announcement, once, also while a form is open', async () => {
    const services = { store: world.store, areas: [], now: () => new Date(), wakeOutbox: () => world.outbox.wake() }
    const staff = ['author', 'approver'].map((user) => ({ id: user, user, name: user, role: 'staff', passwordHash: 'x', mustChangePassword: false, createdAt: new Date() }))
    await world.store.write((transaction) => transaction.staffMember.createMany({ data: staff }))
    await tell('订阅')
    const announce = async (text: string): Promise<SentMessage> => {
      const before = world.api.sent.length
      const created = await createAnnouncement(services, { by: 'author', text, audience: {} })
      if (created.outcome === 'created') await changeAnnouncement(services, { id: created.announcement.id, action: 'approve', by: 'approver' })
      const sent = await world.sent(before + 1)
      await world.settled()
      return sent
    }
    const [first] = [await announce('明天停水'), await announce('后天停电')]
    await tell('我要报修')
    expect((await press(first, '收到')).text).toContain('知道您收到了')
    expect((await press(first, '收到')).text).toContain('知道您收到了')
    const rows = await world.store.read.outboxMessage.findMany({ where: { kind: 'announcement' }, orderBy: { seq: 'asc' } })
    expect(rows.map((row) => row.acknowledgedAt !== null)).toEqual([true, false])
    expect(await world.store.read.draft.count()).toBe(1)
  })

  it('that a member of staff was shown before another one publishes neither', async () => {
    await tell('你好')
    await world.store.write(async (transaction) => {
      await transaction.staffMember.create({ data: { id: 's', user: 'wang', name: '王', role: 'staff', passwordHash: 'x', mustChangePassword: false, createdAt: new Date() } })
      await transaction.identity.updateMany({ data: { staffId: 's' } })
    })
    const first = await tell('发公告：明天停水')
    const second = await tell('发公告：后天停电')
    expect((await press(first, '确认发布')).text).toContain(STALE)
    expect(await world.store.read.announcement.count()).toBe(0)
    expect((await press(second, '确认发布')).text).toContain('另一位同事')
    expect((await press(second, '确认发布')).text).toContain(STALE)
    expect(await world.store.read.announcement.findMany({ select: { text: true } })).toEqual([{ text: '后天停电' }])
  })
})

describe('T24: a button under an answer', () => {
  it('passes its own question on, once, however long ago it was refused', async () => {
    const refused = await tell('低保一个月多少钱')
    await tell('医保怎么报销')
    expect(numberIn(await press(refused, '转给工作人员'))).not.toBe('')
    const again = await press(refused, '转给工作人员')
    const [request, ...more] = await requests()
    expect(more).toEqual([])
    expect(again.text).toContain(`已经转给工作人员了，编号 ${request?.number}`)
    expect(request).toMatchObject({ kind: 'question', description: '低保一个月多少钱' })
  })

  it('typed twice, 转给工作人员 passes one question on once', async () => {
    await tell('低保一个月多少钱')
    await tell('转给工作人员')
    expect((await tell('转给工作人员')).text).toContain('已经转给工作人员了')
    expect(await requests()).toHaveLength(1)
  })

  it('shows the clause of its own answer or says that it is too long ago', async () => {
    const first = await tell('社区志愿者要占居民多少')
    const second = await tell('每百户居民的社区服务设施不少于多少平方米')
    expect((await press(first, '详细')).text).toContain('再问一次')
    expect((await press(second, '详细')).text).toContain('平方米')
  })

  it('counts one vote of one person, however often it is pressed; in a group everybody may vote', async () => {
    const answer = await answerTo(() => world.api.say(liu, group, '@linli_test_bot 社区志愿者要占居民多少'))
    await press(answer, '有用')
    await press(answer, '有用')
    await press(answer, '没用', zhao)
    expect((await world.store.read.answerVote.findMany()).map((vote) => vote.isUseful).sort()).toEqual([false, true])
  })

  it('in a group is for the one who was answered: somebody else is told so, and nothing is done', async () => {
    const answer = await answerTo(() => world.api.say(liu, group, '@linli_test_bot 低保一个月多少钱'))
    const offer = await press(answer, '没用')
    expect((await press(offer, '转给工作人员', zhao)).text).toContain('给刚才问的那位邻居')
    expect(await requests()).toEqual([])
    expect(numberIn(await press(offer, '转给工作人员'))).not.toBe('')
    expect(await requests()).toMatchObject([{ kind: 'question', description: '低保一个月多少钱' }])
  })

  it('转人工 pressed twice makes one request', async () => {
    const hello = await tell('你好')
    await press(hello, '找工作人员')
    expect((await press(hello, '找工作人员')).text).toContain('之前找过')
    expect(await requests()).toHaveLength(1)
  })
})

describe('a pressed button', () => {
  it('of every kind is confirmed exactly once, and each within Telegram’s time', async () => {
    const hello = await tell('你好')
    for (const { label } of hello.buttons.filter((one) => one.label !== '报修办事' && one.label !== '当志愿者')) await press(hello, label)
    const calls = world.api.callsOf('answerCallbackQuery')
    expect(calls).toHaveLength(3)
    expect(calls.every((call) => call.status === 200)).toBe(true)
    expect(world.api.unansweredQueries()).toEqual([])
  })
})
