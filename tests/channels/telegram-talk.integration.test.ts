import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SentMessage } from '../fakes/telegram/bot-api.ts'
import { group, home, liu, openTelegramWorld, type TelegramWorld } from './telegram-world.ts'

let world: TelegramWorld
beforeEach(async () => { world = await openTelegramWorld() })
afterEach(async () => { await world.close() })

/** Says a line in private, and gives what it is answered with. */
async function tell(text: string): Promise<SentMessage> {
  const before = world.api.sent.length
  world.api.say(liu, home, text)
  return world.sent(before + 1)
}

const conversationOf = (chatId: number) => world.store.read.conversation.findFirst({ where: { channel: 'telegram', externalId: String(chatId) } })
const inbound = () => world.store.read.inboundMessage.findMany({ orderBy: { receivedAt: 'asc' } })

describe('an edited message', () => {
  it('corrects the open form that it fed', async () => {
    const said = world.api.say(liu, home, '3栋2单元楼道灯坏了')
    await world.sent(1)
    expect((await tell('同意')).text).toContain('怎么称呼')
    const edited = world.api.edit(said, '5栋2单元楼道灯坏了')
    expect((await world.sent(3)).text).toMatch(/改过来了[\s\S]*怎么称呼/)
    await tell('刘桂兰')
    const summary = await tell('13800138001')
    expect(summary.text).toMatch(/地址：.*5栋2单元/)
    expect(summary.text).not.toContain('3栋')
    await world.settled()
    const rows = await inbound()
    expect(rows.map((row) => row.externalId)).toContain(`201:${said.message?.message_id}:${edited.edited_message?.edit_date}`)
  })

  it('corrects a single answer in it', async () => {
    await tell('楼道灯坏了')
    await tell('同意')
    const said = world.api.say(liu, home, '阳光花园3栋')
    await world.sent(3)
    world.api.edit(said, '阳光花园5栋')
    expect((await world.sent(4)).text).toContain('改过来了')
    await tell('刘桂兰')
    expect((await tell('13800138001')).text).toMatch(/地址：.*阳光花园5栋/)
  })

  it('after its request was submitted is told to staff, and to the resident in one sentence with the number', async () => {
    const said = world.api.say(liu, home, '3栋2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await world.sent(1)
    await tell('同意')
    const number = /SR-\d{8}-\d{4}/.exec((await tell('确认')).text)?.[0]
    world.api.edit(said, '5栋2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    expect((await world.sent(4)).text).toBe(`您改的话已经加到 ${number} 里，工作人员看得到。`)
    world.api.edit(said, '5栋2单元楼道灯坏了！我叫刘桂兰，电话 13800138001', Math.floor(Date.now() / 1000) + 1)
    await world.settled()
    expect(world.api.sent).toHaveLength(4)
    const requests = await world.store.read.serviceRequest.findMany({ include: { activities: { orderBy: { at: 'asc' } } } })
    expect(requests).toHaveLength(1)
    expect(requests[0]?.activities.at(-1)?.note).toMatch(/^居民修改了消息：“5栋.*”（原来是“3栋.*”）$/)
  })

  it('that is older than ten minutes and led to nothing goes to staff, and is not answered', async () => {
    const said = world.api.say(liu, home, '社区志愿者要占居民多少')
    await world.sent(1)
    if (said.message === undefined) throw new Error('nothing was said')
    const longAgo = { ...said, message: { ...said.message, date: said.message.date - 20 * 60 } }
    world.api.edit(longAgo, '3栋2单元楼道灯坏了')
    await world.settled()
    expect(world.api.sent).toHaveLength(1)
    expect(await world.store.read.serviceRequest.findMany({ select: { kind: true, description: true } })).toEqual([{ kind: 'handoff', description: '3栋2单元楼道灯坏了' }])
  })

  it('is answered anew when its question has changed, and not when its words have not', async () => {
    const said = world.api.say(liu, home, '社区志愿者要占居民多少')
    const answered = await world.sent(1)
    world.api.edit(said, { text: '社区志愿者要占居民多少', link_preview_options: { is_disabled: true } })
    world.api.edit(said, '社区用房每百户要多少平方米', Math.floor(Date.now() / 1000) + 1)
    const again = await world.sent(2)
    expect(again.text).not.toBe(answered.text)
    expect(again.text).toMatch(/平方米|设施/)
    await world.settled()
    expect(world.api.sent).toHaveLength(2)
    expect(await inbound()).toHaveLength(2)
  })

  it('counts once however often it is delivered', async () => {
    const said = world.api.say(liu, home, '社区志愿者要占居民多少')
    await world.sent(1)
    const edited = world.api.edit(said, '社区用房每百户要多少平方米')
    await world.sent(2)
    world.api.deliver(edited)
    world.api.deliver({ ...edited, update_id: edited.update_id + 50 })
    await world.settled()
    expect(world.api.sent).toHaveLength(2)
    expect(await inbound()).toHaveLength(2)
  })

  it('of group talk is still talk, until it addresses the assistant', async () => {
    const said = world.api.say(liu, group, '社区志愿者要占居民多少')
    world.api.edit(said, '社区志愿者要占居民多少啊')
    world.api.edit(said, '@linli_test_bot 社区志愿者要占居民多少', Math.floor(Date.now() / 1000) + 1)
    expect((await world.sent(1)).replyTo).toBe(said.message?.message_id)
    await world.settled()
    expect(world.api.sent).toHaveLength(1)
  })
})

describe('a form that is started in a group', () => {
  it('goes on in private by the link, where the resident never wrote before', async () => {
    world.api.openChat(home, 'not_started')
    world.api.say(liu, group, '@linli_test_bot 3栋2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    const hint = await world.sent(1)
    expect(hint.chatId).toBe(group.id)
    expect(hint.text).not.toMatch(/13800138001|3栋/)
    const link = /https:\/\/t\.me\/linli_test_bot\?start=([\w-]+)/.exec(hint.text)
    expect(link).not.toBeNull()
    await world.settled()
    expect(world.api.sent).toHaveLength(1)
    expect((await conversationOf(home.id))?.goneAt).not.toBeNull()

    world.api.openChat(home)
    const first = await tell(`/start ${link?.[1]}`)
    expect(first.text).toContain('您同意吗')
    expect((await conversationOf(home.id))?.goneAt).toBeNull()
    expect((await tell('同意')).text).toContain('请您看看')
    expect((await tell('确认')).text).toMatch(/SR-\d{8}-\d{4}/)
  })
})

describe('a button', () => {
  it('of a form that is over gets a sentence and files nothing', async () => {
    world.api.say(liu, home, '3栋2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await world.sent(1)
    const summary = await tell('同意')
    world.api.press(liu, summary, '确认')
    expect((await world.sent(3)).text).toMatch(/SR-\d{8}-\d{4}/)
    world.api.press(liu, summary, '确认')
    expect((await world.sent(4)).text).toContain('这个按钮是以前的')
    await world.settled()
    expect(await world.store.read.serviceRequest.count()).toBe(1)
    expect(world.api.callsOf('answerCallbackQuery').filter((call) => call.status === 200)).toHaveLength(2)
  })

  it('of an earlier form does not confirm the one that is open', async () => {
    world.api.say(liu, home, '3栋2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await world.sent(1)
    const old = await tell('同意')
    await tell('取消')
    const second = await tell('5栋下水道堵了，我叫刘桂兰，电话13800138001')
    expect(second.text).toContain('请您看看')
    const message = { message_id: old.messageId, chat: home, date: Math.floor(Date.now() / 1000) - 60, from: world.api.me, text: old.text }
    world.api.deliver({ update_id: 900_000, callback_query: { id: 'old', from: liu, chat_instance: '1', data: '确认', message } })
    expect((await world.sent(5)).text).toMatch(/这个按钮是以前的[\s\S]*请您看看/)
    await world.settled()
    expect(await world.store.read.serviceRequest.count()).toBe(0)
  })

  it('that says nothing to us is told so where it was pressed', async () => {
    world.api.deliver({ update_id: 900_001, callback_query: { id: 'game', from: liu, chat_instance: '1', inline_message_id: 'x', data: '确认' } })
    await world.settled()
    expect(world.api.callsOf('answerCallbackQuery')[0]?.params['text']).toContain('用不了')
    expect(await inbound()).toHaveLength(0)
  })
})

describe('a message without words', () => {
  it.each([
    ['photo that Telegram has lost', { photo: [{ file_id: 'f', file_unique_id: 'u', width: 1, height: 1 }] }, '没有传过来'],
    ['voice', { voice: { file_id: 'f', file_unique_id: 'u', duration: 3 } }, '听不了语音'],
    ['video', { video: { file_id: 'f', file_unique_id: 'u', width: 1, height: 1, duration: 3 } }, '看不懂视频'],
    ['document', { document: { file_id: 'f', file_unique_id: 'u', file_name: '申请表.doc' } }, '打不开文件'],
    ['place', { location: { latitude: 30.1, longitude: 119.2 } }, '哪一栋'],
    ['sticker', { sticker: { file_id: 'f', file_unique_id: 'u', type: 'regular', width: 1, height: 1, is_animated: false, is_video: false, emoji: '👍' } }, '表情'],
    ['round video', { video_note: { file_id: 'f', file_unique_id: 'u', length: 1, duration: 3 } }, '看不懂视频'],
    ['animation', { animation: { file_id: 'f', file_unique_id: 'u', width: 1, height: 1, duration: 3 }, document: { file_id: 'f', file_unique_id: 'u' } }, '看不懂视频'],
    ['song', { audio: { file_id: 'f', file_unique_id: 'u', duration: 3, title: '歌' } }, '听不了语音'],
    ['named place', { venue: { location: { latitude: 30.1, longitude: 119.2 }, title: '居委会', address: '幸福路1号' }, location: { latitude: 30.1, longitude: 119.2 } }, '哪一栋'],
    ['somebody’s card', { contact: { phone_number: '+8613900139000', first_name: '王芳', user_id: 999 } }, '名片'],
    ['dice', { dice: { emoji: '🎲', value: 3 } }, '看不懂'],
    ['story', { story: { id: 1, chat: group } }, '看不懂'],
    ['poll', { poll: { id: 'p', question: '打牌吗', options: [], total_voter_count: 0, is_closed: false, is_anonymous: true, type: 'regular', allows_multiple_answers: false } }, '看不懂'],
  ])('(%s) is met with a sentence that fits, in a form and outside', async (_, content, words) => {
    world.api.say(liu, home, content as never)
    expect((await world.sent(1)).text).toContain(words)
    await tell('3栋2单元楼道灯坏了')
    await tell('同意')
    world.api.say(liu, home, content as never)
    expect((await world.sent(4)).text).toMatch(new RegExp(`${words}[\\s\\S]*怎么称呼`))
  })

  it('but with a caption says what the caption says', async () => {
    world.api.say(liu, home, { photo: [{ file_id: 'f', file_unique_id: 'u', width: 1, height: 1 }], caption: '3栋2单元楼道灯坏了' })
    expect((await world.sent(1)).text).toContain('您同意吗')
    await world.settled()
    expect((await inbound())[0]?.attachments).toMatchObject([{ kind: 'photo', reference: 'f' }])
  })
})

describe('a hostile text', () => {
  it('is sent back without markup, whatever name it comes with', async () => {
    const hostile = { ...liu, first_name: '<b>@所有人</b>[x](tg://user?id=1)\u202e' }
    world.api.say(hostile, { ...home, first_name: hostile.first_name }, '<a href="http://evil.example">点</a> @linli_test_bot *_[x](tg://user?id=1) 社区志愿者要占居民多少')
    await world.sent(1)
    await world.settled()
    for (const call of world.api.callsOf('sendMessage')) {
      expect(Object.keys(call.params)).not.toContain('parse_mode')
      expect(call.params['text']).not.toMatch(/<|tg:\/\/|evil|@所有人/)
    }
  })
})

describe('a group that becomes a supergroup', () => {
  const bind = (chatId: number) => world.store.write((transaction) => transaction.conversation.updateMany({ where: { externalId: String(chatId) }, data: { boundAt: new Date() } }))

  it('is told of by its service messages: it moves once, with its binding and history', async () => {
    world.api.say(liu, group, '@linli_test_bot 社区志愿者要占居民多少')
    await world.sent(1)
    await bind(group.id)
    const id = (await conversationOf(group.id))?.id ?? ''
    const updates = world.api.migrate(group.id, -2002)
    for (const update of updates) world.api.deliver(update)
    world.api.say(liu, { ...group, id: -2002 }, '@linli_test_bot 社区用房每百户要多少平方米')
    expect((await world.sent(2)).chatId).toBe(-2002)
    await world.settled()
    const groups = await world.store.read.conversation.findMany({ where: { kind: 'group' }, select: { id: true, externalId: true, boundAt: true } })
    expect(groups).toEqual([{ id, externalId: '-2002', boundAt: expect.any(Date) as Date }])
    expect(await world.store.read.inboundMessage.count({ where: { conversationId: id } })).toBe(2)
    expect(world.api.callsOf('sendMessage').every((call) => call.status === 200)).toBe(true)
  })

  it('takes in what was heard under the new id before', async () => {
    world.api.say(liu, group, '@linli_test_bot 社区志愿者要占居民多少')
    await world.sent(1)
    await bind(group.id)
    world.api.say(liu, { ...group, id: -2002 }, '@linli_test_bot 社区用房每百户要多少平方米')
    await world.sent(2)
    const id = (await conversationOf(group.id))?.id ?? ''
    world.api.migrate(group.id, -2002)
    await world.settled()
    const groups = await world.store.read.conversation.findMany({ where: { kind: 'group' }, select: { id: true, externalId: true, boundAt: true } })
    expect(groups).toEqual([{ id, externalId: '-2002', boundAt: expect.any(Date) as Date }])
    expect(await world.store.read.inboundMessage.count({ where: { conversationId: id } })).toBe(2)
  })
})

describe('a resident who blocks the assistant, and a group that sends it away', () => {
  it('are marked, left out, and unmarked when they let it in again', async () => {
    await tell('订阅')
    world.api.say(liu, group, '@linli_test_bot 你好')
    await world.sent(2)
    await world.settled()
    for (const chat of [home, group]) {
      world.api.setStanding(chat.id, chat === home ? 'blocked' : 'kicked')
      await world.settled()
      expect((await conversationOf(chat.id))?.goneAt, `${chat.type} is gone`).not.toBeNull()
      world.api.setStanding(chat.id, 'open')
      await world.settled()
      expect((await conversationOf(chat.id))?.goneAt, `${chat.type} is back`).toBeNull()
    }
  })
})
