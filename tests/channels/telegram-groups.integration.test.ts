import type { Chat, Message, User } from 'grammy/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SentMessage } from '../fakes/telegram/bot-api.ts'
import { JPEG } from '../support/picture-files.ts'
import { group, home, liu, openTelegramWorld, type TelegramWorld } from './telegram-world.ts'

const forum: Chat.SupergroupChat = { id: -2050, type: 'supergroup', title: '阳光花园业主', is_forum: true }
const BOT = '@linli_test_bot'
const QUESTION = '社区志愿者要占居民多少'
const photo = [{ file_id: 'f', file_unique_id: 'u', width: 1, height: 1 }]

let world: TelegramWorld
beforeEach(async () => {
  world = await openTelegramWorld()
  world.api.photos.set('f', JPEG)
})
afterEach(async () => { await world.close() })

type Content = Parameters<TelegramWorld['api']['say']>[2]

/** Says something that is answered, and gives the answer. */
async function answerTo(content: Content, chat: Chat = group, from: User = liu): Promise<SentMessage> {
  const before = world.api.sent.length
  world.api.say(from, chat, content)
  const answer = await world.sent(before + 1)
  await world.settled()
  return answer
}
/** What is answered once all this was said. */
async function answersTo(...said: { content: Content; chat?: Chat; from?: User }[]): Promise<SentMessage[]> {
  const before = world.api.sent.length
  for (const { content, chat = group, from = liu } of said) world.api.say(from, chat, content)
  await world.settled()
  return world.api.sent.slice(before)
}
const inbound = () => world.store.read.inboundMessage.findMany({ orderBy: { receivedAt: 'asc' } })
const quoted = (sent: SentMessage): Message => ({ message_id: sent.messageId, chat: group, from: world.api.me, date: 1, text: sent.text })

describe('T20: in a group with privacy mode as Telegram sets it', () => {
  beforeEach(() => { world.api.privacyMode = true })

  it('the assistant hears nothing but what is for it: talk and other bots’ commands are not even stored', async () => {
    expect(await answersTo({ content: QUESTION }, { content: '今天停水吗？' }, { content: '/report@weather_bot 雨' }, { content: `写信到 x${BOT}.com` })).toEqual([])
    expect(await inbound()).toEqual([])
  })

  it.each([
    ['a mention', `${BOT} ${QUESTION}`],
    ['a mention at the end', `${QUESTION} ${BOT}`],
    ['a mention in other letters', `@Linli_Test_Bot ${QUESTION}`],
    ['a command with its name', `/help${BOT}`],
    ['a command', '/help'],
    ['a caption with a mention', { photo, caption: `${BOT} ${QUESTION}` }],
  ])('%s is answered once, quoting the asker', async (_, content) => {
    const before = world.api.sent.length
    const said = world.api.say(liu, group, content)
    expect(await world.sent(before + 1)).toMatchObject({ chatId: group.id, replyTo: said.message?.message_id })
    await world.settled()
    expect(world.api.sent).toHaveLength(before + 1)
  })

  it('a reply to its answer goes on from there', async () => {
    const answer = await answerTo(`${BOT} ${QUESTION}`)
    const next = await answerTo({ text: '详细', reply_to_message: quoted(answer) as never })
    expect(next.text).toContain('志愿者')
  })

  it('a mention that is edited in is answered, an edit without one is not', async () => {
    const said = world.api.say(liu, group, QUESTION)
    world.api.edit(said, `${QUESTION}啊`)
    world.api.edit(said, `${BOT} ${QUESTION}`, Math.floor(Date.now() / 1000) + 1)
    expect((await world.sent(1)).replyTo).toBe(said.message?.message_id)
    await world.settled()
    expect(world.api.sent).toHaveLength(1)
    expect(await inbound()).toHaveLength(1)
  })
})

describe('T20: in a group without privacy mode', () => {
  it('what is not for the assistant is met with silence, and stored without its words', async () => {
    const ours = quoted(await answerTo(`${BOT} ${QUESTION}`))
    const channel: Chat.ChannelChat = { id: -5, type: 'channel', title: '街道发布' }
    const other: User = { id: 900, is_bot: false, first_name: '社区小助手' }
    const silent: { content: Content; from?: User }[] = [
      { content: '今天停水吗？' },
      { content: `${BOT}二号 几点` },
      { content: `发到 a${BOT} 或者 x${BOT}.com` },
      { content: '/report@weather_bot 雨' },
      { content: `/report@weather_bot ${BOT.slice(1)}` },
      { content: { text: `${BOT} ${QUESTION}`, forward_origin: { type: 'user', sender_user: other, date: 1 } } },
      { content: { text: `${BOT} ${QUESTION}`, entities: [{ type: 'blockquote', offset: 0, length: BOT.length + QUESTION.length + 1 }, { type: 'mention', offset: 0, length: BOT.length }] } },
      { content: { text: `社区小助手 ${QUESTION}`, entities: [{ type: 'text_mention', offset: 0, length: 5, user: other }] } },
      { content: { text: QUESTION, reply_to_message: { ...ours, from: other } as never } },
      { content: { text: `${BOT} ${QUESTION}`, sender_chat: channel, is_automatic_forward: true }, from: { id: 777000, is_bot: false, first_name: 'Telegram' } },
      { content: { text: `${BOT} ${QUESTION}`, sender_chat: group }, from: { id: 1087968824, is_bot: true, first_name: 'GroupAnonymousBot' } },
      { content: { text: `${BOT} ${QUESTION}`, via_bot: { id: 901, is_bot: true, first_name: '别的机器人' } } },
      { content: { photo } },
      { content: { new_chat_members: [other] } },
      { content: { left_chat_member: other } },
      { content: { pinned_message: ours as never } },
      { content: { new_chat_title: `${BOT} ${QUESTION}` } },
    ]
    expect(await answersTo(...silent)).toEqual([])
    const kept = (await inbound()).slice(1)
    expect(kept.length).toBeGreaterThan(8)
    expect(kept.map((row) => row.text)).toEqual(kept.map(() => ''))
    expect(kept.every((row) => !row.isAddressed)).toBe(true)
  })

  it('a mention by id or twice is one mention, and the answer is short', async () => {
    expect((await answerTo({ text: `社区小助手，${QUESTION}`, entities: [{ type: 'text_mention', offset: 0, length: 5, user: world.api.me }] })).text).toContain('10%')
    expect(await answersTo({ content: `${BOT} ${BOT} ${QUESTION}` })).toHaveLength(1)
  })

  it('posts of a channel that the assistant is in are not asked for', async () => {
    world.api.deliver({ update_id: 5_000, channel_post: { message_id: 1, chat: { id: -5, type: 'channel', title: '街道发布' }, date: 1, text: `${BOT} ${QUESTION}` } })
    await answerTo(`${BOT} ${QUESTION}`)
    expect(world.api.sent).toHaveLength(1)
    expect(world.api.callsOf('getUpdates')[0]?.params['allowed_updates']).toEqual(['message', 'edited_message', 'callback_query', 'my_chat_member'])
  })
})

describe('a topic of a forum', () => {
  const inTopic = { is_topic_message: true, message_thread_id: 77 } as const

  it('is where its questions are answered', async () => {
    const before = world.api.sent.length
    const said = world.api.say(liu, forum, { text: `${BOT} ${QUESTION}`, ...inTopic })
    expect(await world.sent(before + 1)).toMatchObject({ chatId: forum.id, threadId: 77, replyTo: said.message?.message_id })
    expect(world.api.callsOf('sendMessage').at(-1)?.params).toMatchObject({ message_thread_id: 77 })
  })

  it('also when the question is deleted meanwhile, and when a button is pressed there', async () => {
    world.api.latencyMs = 100
    const said = world.api.say(liu, forum, { text: `${BOT} ${QUESTION}`, ...inTopic })
    world.api.chats.forget(forum.id, said.message?.message_id ?? 0)
    const answer = await world.sent(1)
    expect(answer).toMatchObject({ threadId: 77, replyTo: null })
    await world.settled()
    world.api.latencyMs = 0
    world.api.press(liu, answer, answer.buttons[0]?.data ?? '')
    expect(await world.sent(2)).toMatchObject({ threadId: 77, text: expect.stringContaining('谢谢') as string })
  })

  it('does not go along into a private conversation, and is none in a group that is no forum', async () => {
    world.api.openChat(home)
    const replies = await answersTo({ content: { text: `${BOT} 3栋2单元楼道灯坏了`, ...inTopic }, chat: forum })
    expect(replies.map(({ chatId, threadId }) => [chatId, threadId])).toEqual([[forum.id, 77], [home.id, null]])
    const plain = await answerTo({ text: `${BOT} ${QUESTION}`, message_thread_id: 12 })
    expect(plain).toMatchObject({ chatId: group.id, threadId: null })
  })

  it('does not make its first message a reply to the assistant, though Telegram says so', async () => {
    const created = { message_id: 77, chat: forum, from: world.api.me, date: 1, forum_topic_created: { name: '报修', icon_color: 1 }, ...inTopic }
    expect(await answersTo({ content: { text: QUESTION, reply_to_message: created as never, ...inTopic }, chat: forum })).toEqual([])
  })

  it('is kept for a question that a crash left undecided', async () => {
    const said = world.api.say(liu, forum, { text: `${BOT} ${QUESTION}`, ...inTopic })
    await world.sent(1)
    await world.settled()
    await world.store.write(async (transaction) => {
      await transaction.outboxMessage.deleteMany({})
      await transaction.inboundMessage.updateMany({ data: { decidedAt: null, intent: null } })
    })
    await world.assistant.assistant.recover()
    world.outbox.wake()
    expect(await world.sent(2)).toMatchObject({ threadId: 77, replyTo: said.message?.message_id })
  })
})

describe('an album', () => {
  const album = (count: number, at: number | null, caption = `${BOT} 3栋2单元楼道灯坏了`): { content: Content }[] =>
    Array.from({ length: count }, (_, index) => ({ content: { photo, media_group_id: 'album-1', ...(index === at && { caption }) } }))

  it.each([0, 4])('of five photos gets one answer, to its words (photo %i has them)', async (at) => {
    const replies = await answersTo(...album(5, at).map((one) => ({ ...one, chat: home })))
    expect(replies).toHaveLength(1)
    expect(replies[0]?.text).toContain('您同意吗')
    expect((await inbound()).map((row) => row.attachments)).toHaveLength(5)
  })

  it('without words is asked once what it is about; a second album is asked anew', async () => {
    const replies = await answersTo(...album(5, null).map((one) => ({ ...one, chat: home })))
    expect(replies.map((reply) => reply.text)).toEqual([expect.stringContaining('是什么事、在哪里')])
    expect(await answersTo({ content: { photo, media_group_id: 'album-2' }, chat: home }, { content: { photo, media_group_id: 'album-2' }, chat: home })).toHaveLength(1)
  })

  it('in a group is answered once when its caption mentions the assistant, and else not at all', async () => {
    const replies = await answersTo(...album(3, 0, `${BOT} ${QUESTION}`))
    expect(replies).toHaveLength(1)
    expect(await answersTo(...album(3, 0, QUESTION))).toEqual([])
  })
})
