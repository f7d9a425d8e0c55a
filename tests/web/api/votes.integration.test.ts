import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
beforeEach(async () => {
  web = await openTestWeb()
})
afterEach(() => web.close())

interface Replied {
  id: string
  intent: string
  duplicate: boolean
  replies: { to: string; kind: string; text: string; buttons?: { label: string; text: string }[] }[]
}

let count = 0
const send = async (text: string, options: { id?: string; sender?: string; group?: string } = {}): Promise<Replied> => {
  const sender = options.sender ?? 'u1'
  const conversation = options.group ?? `c-${sender}`
  const body = { id: options.id ?? `m${(count += 1)}`, conversation, sender: { id: sender, name: '刘桂兰' }, text, ...(options.group !== undefined && { group: { id: options.group }, mentioned: true }) }
  const { status, json, text: raw } = await web.api('POST', '/api/v1/messages', body)
  expect(status, raw).toBe(200)
  return json as unknown as Replied
}
const buttonsOf = (replied: Replied) => replied.replies.flatMap((reply) => reply.buttons ?? [])
const press = (replied: Replied, label: string) => buttonsOf(replied).find((button) => button.label.includes(label))?.text ?? ''

describe('votes over HTTP', () => {
  it('the buttons are labels and texts only, and sending the text is pressing', async () => {
    const answered = await send('社区志愿者要占居民多少？')
    expect(buttonsOf(answered).map((button) => Object.keys(button))).toEqual([['label', 'text'], ['label', 'text'], ['label', 'text']])
    const voted = await send(press(answered, '没用'))
    expect(voted).toMatchObject({ intent: 'rate_feedback', duplicate: false, replies: [{ to: 'private', kind: 'text' }] })
    expect(press(voted, '转给工作人员')).toBe('转给工作人员')
    const passed = await send('转给工作人员')
    expect(passed.intent).toBe('human_handoff')
    const { json } = await web.api('GET', '/api/v1/requests')
    expect((json as unknown as { requests: { kind: string; description: string }[] }).requests).toMatchObject([{ kind: 'question', description: '社区志愿者要占居民多少？' }])
  })

  it('one person has one vote an answer, however often and with whatever ids it is sent', async () => {
    const answered = await send('社区志愿者要占居民多少？', { group: 'g' })
    for (const id of ['v1', 'v1', 'v2']) await send(press(answered, '没用'), { id, group: 'g' })
    await send(press(answered, '没用'), { sender: 'u2', group: 'g' })
    expect(await web.store.read.answerVote.count()).toBe(2)
    const [listed] = await web.store.read.unansweredQuestion.findMany({ include: { votes: true } })
    expect(listed?.votes).toHaveLength(2)
    await send(press(answered, '有用'), { sender: 'u2', group: 'g' })
    expect(await web.store.read.answerVote.count()).toBe(2)
    expect(await web.store.read.answerVote.count({ where: { isUseful: true } })).toBe(1)
  })

  it('two at once are one', async () => {
    const answered = await send('社区志愿者要占居民多少？')
    await Promise.all([send(press(answered, '有用')), send(press(answered, '没用')), send(press(answered, '有用'))])
    expect(await web.store.read.answerVote.count()).toBe(1)
  })

  it('the list of pushed messages says nothing of votes, and a restart forgets none', async () => {
    const answered = await send('社区志愿者要占居民多少？')
    await send(press(answered, '没用'))
    await web.restart()
    expect((await send(press(answered, '有用'))).replies[0]?.text).toContain('改成“有用”')
    const { json } = await web.api('GET', '/api/v1/messages?conversation=c-u1&after=0')
    expect((json as unknown as { messages: unknown[] }).messages).toEqual([])
  })
})
