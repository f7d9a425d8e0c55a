import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AdminFixture, type FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

const HTMX = { headers: { 'HX-Request': 'true' } }
const NEAR_13 = { document: 'hexie', clause: '13', score: 0.4 }

let fixture: AdminFixture
let client: FormClient
beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
})
afterEach(() => fixture.close())

const ask = (question: string, sender: string) => residentTurn(fixture, { question, nearest: NEAR_13, sender })
const idOf = async (question: string) => (await fixture.store.read.unansweredQuestion.findFirstOrThrow({ where: { question } })).id
const notices = () => fixture.store.read.outboxMessage.findMany({ where: { kind: 'notice' }, select: { text: true, conversation: { select: { externalId: true } } } })

describe('typing an answer on the page of unanswered questions', () => {
  it('is shown before it goes, saved and told once, and stands among the decided, where it is taken back', async () => {
    await ask('紫薯铁锅炖在哪领', 'zhang')
    await ask('紫薯铁锅炖在哪领', 'li')
    const id = await idOf('紫薯铁锅炖在哪领')
    expect((await client.get('/admin/unanswered')).text).toContain('自己写答复')
    const shown = await client.post(`/admin/unanswered/${id}/try`, { as: 'answered', answer: '周五下午在食堂领。', clause: 'hexie 13', cite: '1', ids: id })
    expect(shown.text).toContain('会发给问过的 2 个人')
    expect(shown.text).toContain('还没有保存，也没有发出')
    expect(shown.text).toContain('会注明：参见第 13 条')
    expect(await notices()).toEqual([])

    const saved = await client.post(`/admin/unanswered/${id}`, { as: 'answered', answer: '周五下午在食堂领。', clause: 'hexie 13', cite: '1', ids: id })
    expect(saved.text).toContain('问过的人会各收到一次')
    expect((await notices()).map(({ conversation }) => conversation.externalId).sort()).toEqual(['li', 'zhang'])
    expect((await notices())[0]?.text).toContain('周五下午在食堂领。\n参见《关于建设和谐社区的意见》第13条。\n——社区提供，2026年11月24日更新')
    expect((await fixture.answerer.answer('紫薯铁锅炖在哪领')).text).toContain('周五下午在食堂领')

    const decided = await client.get('/admin/unanswered?show=decided')
    expect(decided.text).toContain('写了答复，以后这样回答')
    expect((await client.get('/admin/audit')).text).toContain('写答复')
    expect((await client.get('/admin/office')).text).toContain('周五下午在食堂领')
    await client.post(`/admin/unanswered/${id}/undo`, {})
    expect((await fixture.answerer.answer('紫薯铁锅炖在哪领')).kind).toBe('refusal')
  })

  it('says when nothing was typed, and works in parts of the page', async () => {
    await ask('紫薯铁锅炖在哪领', 'zhang')
    const id = await idOf('紫薯铁锅炖在哪领')
    expect((await client.post(`/admin/unanswered/${id}/try`, { as: 'answered', answer: ' ', clause: 'hexie 13', ids: id })).text).toContain('请先写答复')
    expect((await client.post(`/admin/unanswered/${id}/try`, { as: 'answered', answer: '周五领', clause: 'hexie 13', ids: id }, HTMX)).text).toMatch(/^<li/)
    expect((await client.post(`/admin/unanswered/${id}`, { as: 'answered', answer: '周五领', ids: id }, HTMX)).text).toContain('写了答复')
    expect((await client.post(`/admin/unanswered/${id}`, { as: 'answered', answer: '周五领', ids: id })).status).toBe(404)
    expect(await notices()).toHaveLength(1)
  })
})

describe('answering at the request', () => {
  it('closes it, tells the resident once, and counts from then on', async () => {
    const number = await residentTurn(fixture, { sender: 'zhang', request: { kind: 'question', category: '政策问题', serviceCode: null, description: '紫薯铁锅炖在哪领' } })
    const page = await client.get(`/admin/requests/${number}`)
    expect(page.text).toContain('答复居民，并记下来')
    const { id } = await fixture.store.read.serviceRequest.findFirstOrThrow({ where: { number } })
    const empty = await client.post(`/admin/requests/${id}/answer`, { question: '紫薯铁锅炖在哪领', answer: '' })
    expect(empty.text).toContain('请先写答复')
    const done = await client.post(`/admin/requests/${id}/answer`, { question: '紫薯铁锅炖在哪领', answer: '周五下午在食堂领。' })
    expect(done.text).toContain('答复存好了')
    expect((await notices()).map(({ text }) => text.includes('周五下午在食堂领'))).toEqual([true])
    expect((await fixture.answerer.answer('紫薯铁锅炖在哪领')).text).toContain('周五下午在食堂领')
    expect((await client.post(`/admin/requests/${id}/answer`, { question: '紫薯铁锅炖在哪领', answer: '别的' })).text).toContain('已经结束了')
  })
})
