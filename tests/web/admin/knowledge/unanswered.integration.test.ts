import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAnswerer } from '../../../../src/knowledge/answer/answerer.ts'
import { addStaffKnowledge } from '../../../../src/knowledge/documents/staff-knowledge.ts'
import { listKnownGaps, listTypicalQuestions } from '../../../../src/store/knowledge/unanswered.ts'
import { voteOnAnswer } from '../../../../src/store/knowledge/votes.ts'
import { ADMIN, type AdminFixture, type FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

const HTMX = { headers: { 'HX-Request': 'true' } }
const NEAR_13 = { document: 'hexie', clause: '13', score: 0.4 }

let fixture: AdminFixture
let client: FormClient
beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
})
afterEach(() => fixture.close())

const ask = (question: string, nearest = NEAR_13) => residentTurn(fixture, { question, nearest })
const idOf = async (question: string) => (await fixture.store.read.unansweredQuestion.findFirstOrThrow({ where: { question } })).id
const statuses = async () => Object.fromEntries((await fixture.store.read.unansweredQuestion.findMany()).map((row) => [row.question, row.status]))

/** The questions that a group's form names, by the words of its heading. */
const idsIn = (page: string, heading: string) => new RegExp(`<h2 class="typed">${heading}</h2>.*?name="ids" value="([^"]+)"`, 's').exec(page)?.[1] ?? ''

describe('the list of unanswered questions', () => {
  it('shows questions that ask about the same as one group, most asked first, with the nearest clause chosen and what is answered now', async () => {
    await ask('紫薯铁锅炖在哪领', { document: 'hexie', clause: '12', score: 0.1 })
    await ask('家里下水道堵了归谁管')
    await ask('下水道堵了归谁管')
    await ask('下水道堵了归谁管')
    const { text } = await client.get('/admin/unanswered')
    expect(text.match(/class="question card"/g)).toHaveLength(2)
    expect(text.indexOf('下水道堵了归谁管')).toBeLessThan(text.indexOf('紫薯铁锅炖在哪领'))
    expect(text).toContain('<h2 class="typed">下水道堵了归谁管</h2>')
    expect(text).toMatch(/问了 3 次.*2 种问法/s)
    expect(text).toContain('家里下水道堵了归谁管</li>')
    expect(text).toMatch(/value="hexie 1[23]" selected[^>]*>\s*第 1[23] 条 [^<]*（最接近）/)
    expect(text).toContain('现在：')
    expect(text).toContain('共 2 组问题')
  })

  it('tells how many called the answer useless', async () => {
    await ask('志愿者要占多少')
    const inbound = await fixture.store.read.inboundMessage.findFirstOrThrow()
    const answered = { question: '志愿者要占多少', kind: 'refusal' as const, document: 'hexie', clause: '13', score: 0.4 }
    await fixture.store.write((transaction) => voteOnAnswer(transaction, { inboundId: inbound.id, personId: inbound.personId, isUseful: false, answered, now: fixture.clock.now }))
    expect((await client.get('/admin/unanswered')).text).toContain('1 人说没用')
  })

  it('shows hundreds of questions by groups', async () => {
    const at = fixture.clock.now
    const things = ['下水道', '停车位', '路灯', '电梯', '暖气', '垃圾站', '健身器材', '门禁', '快递柜', '充电桩']
    const asks = ['坏了归谁管', '什么时候修好', '一个月收多少钱', '电话是多少', '几点开门', '在哪里']
    const places = ['东门', '西门', '3号楼', '广场', '河边', '学校', '菜市场', '医院']
    const rows = things.flatMap((thing) => asks.flatMap((wish) => places.map((place) => `${place}${thing}${wish}`)))
    await fixture.store.write((transaction) => transaction.unansweredQuestion.createMany({ data: rows.map((question, index) => ({ id: `q${index}`, question, score: 0, status: 'open', createdAt: at, lastAskedAt: at })) }))
    const { text } = await client.get('/admin/unanswered')
    expect(Number(/共 (\d+) 组问题/.exec(text)?.[1])).toBeLessThan(rows.length / 2)
  })
})

describe('deciding about a group', () => {
  it('shows the effect first and saves nothing; the second click makes it count at the next question, and undo takes all of it back', async () => {
    await ask('下水道堵了归谁管')
    await ask('家里下水道堵了归谁管')
    const ids = idsIn((await client.get('/admin/unanswered')).text, '[^<]*下水道堵了归谁管')
    const [first = ''] = ids.split(' ')
    const form = { ids, as: 'typical', clause: 'hexie 12' }
    const effect = await client.post(`/admin/unanswered/${first}/try`, form, HTMX)
    expect(effect.text).toMatch(/^<li/)
    expect(effect.text).toContain('还没有保存')
    expect(effect.text).toMatch(/现在：[^→]*→ 以后：第 12 条/)
    expect(effect.text).toMatch(/试了 \d+ 个已知的问题/)
    expect(await listTypicalQuestions(fixture.store)).toEqual([])
    expect(await statuses()).toEqual({ 下水道堵了归谁管: 'open', 家里下水道堵了归谁管: 'open' })

    const saved = await client.post(`/admin/unanswered/${first}`, form, HTMX)
    expect(saved.text).toContain('以后用第 12 条回答')
    expect(saved.text).toContain('连同 1 种问法')
    const [added] = await listTypicalQuestions(fixture.store)
    expect(added).toMatchObject({ id: first, documentId: 'hexie', clause: '12', addedBy: ADMIN.user })
    expect(await statuses()).toEqual({ 下水道堵了归谁管: 'typical', 家里下水道堵了归谁管: 'typical' })
    expect((await fixture.answerer.answer(added?.text ?? '')).ranked[0]?.clause).toBe('12')
    expect((await client.get('/admin/unanswered')).text).toContain('没有待处理的问题')

    const list = await client.get('/admin/unanswered?show=decided')
    expect(list.text).toContain('共 1 次处理')
    expect((await client.post(`/admin/unanswered/${first}/undo`, {})).text).toContain('撤销了')
    expect(await listTypicalQuestions(fixture.store)).toEqual([])
    expect(await statuses()).toEqual({ 下水道堵了归谁管: 'open', 家里下水道堵了归谁管: 'open' })
    expect(fixture.calls.reloads).toBe(2)
  })

  it('counts after a restart, and can be taken back then', async () => {
    await ask('下水道堵了归谁管')
    const id = await idOf('下水道堵了归谁管')
    await client.post(`/admin/unanswered/${id}`, { as: 'typical', clause: 'hexie 12' })
    const documents = [{ id: 'hexie', title: '意见', issuer: '民政局', issuedOn: '2012-04-05', passages: [{ documentId: 'hexie', clause: '12', title: '邻里互助', text: '组织居民开展邻里互助活动。', typicalQuestions: [] }] }]
    const again = async () => {
      const staffs = addStaffKnowledge({ documents, gaps: [] }, await listTypicalQuestions(fixture.store), await listKnownGaps(fixture.store))
      return createAnswerer({ ...staffs, cacheDirectory: '/nonexistent', log: pino({ level: 'silent' }), now: () => fixture.clock.now }).workings().knowledge.questions.map(({ text }) => text)
    }
    expect(await again()).toContain('下水道堵了归谁管')
    await client.post(`/admin/unanswered/${id}/undo`, {})
    expect(await again()).not.toContain('下水道堵了归谁管')
  })

  it('adds the wordings that are ticked, after trying again', async () => {
    await ask('下水道堵了归谁管')
    await ask('家里下水道堵了归谁管')
    const ids = idsIn((await client.get('/admin/unanswered')).text, '[^<]*下水道堵了归谁管')
    const [first = '', second = ''] = ids.split(' ')
    const form = { ids, as: 'gap', clause: 'hexie 12', added: [first, second] }
    expect((await client.post(`/admin/unanswered/${first}`, { ...form, again: '1' }, HTMX)).text.match(/type="checkbox"[^>]*checked/g)).toHaveLength(2)
    expect(await listKnownGaps(fixture.store)).toEqual([])
    await client.post(`/admin/unanswered/${first}`, form)
    expect((await listKnownGaps(fixture.store)).map((gap) => gap.id).sort()).toEqual([first, second].sort())
  })

  it('dismisses a group with one click, which undo takes back', async () => {
    await ask('下水道堵了归谁管')
    await ask('家里下水道堵了归谁管')
    const ids = idsIn((await client.get('/admin/unanswered')).text, '[^<]*下水道堵了归谁管')
    const [first = ''] = ids.split(' ')
    expect((await client.post(`/admin/unanswered/${first}/try`, { ids, as: 'dismissed' }, HTMX)).text).toContain('不用管')
    expect(Object.values(await statuses())).toEqual(['dismissed', 'dismissed'])
    expect((await client.post(`/admin/unanswered/${first}/undo`, {}, HTMX)).text).toContain('用这条回答')
    expect(Object.values(await statuses())).toEqual(['open', 'open'])
  })

  it('a clause that does not exist is not taken, nor a question that a colleague has decided', async () => {
    await ask('志愿者要占多少')
    const id = await idOf('志愿者要占多少')
    for (const way of ['', '/try']) {
      expect((await client.post(`/admin/unanswered/${id}${way}`, { as: 'typical', clause: 'hexie 99' })).text).toContain('请先选答案在哪一条')
      expect((await client.post(`/admin/unanswered/${id}${way}`, { as: 'typical', clause: '' }, HTMX)).text).toContain('请先选答案在哪一条')
    }
    await client.post(`/admin/unanswered/${id}`, { as: 'dismissed' })
    const late = await client.post(`/admin/unanswered/${id}`, { as: 'typical', clause: 'hexie 13' })
    expect(late.status).toBe(404)
    expect(late.text).toContain('可能同事已经处理了')
    expect(await listTypicalQuestions(fixture.store)).toEqual([])
  })

  it('what was decided with another wording waits again when it is refused all the same', async () => {
    await ask('下水道堵了归谁管')
    await ask('家里下水道堵了归谁管')
    const ids = idsIn((await client.get('/admin/unanswered')).text, '[^<]*下水道堵了归谁管')
    const [first = ''] = ids.split(' ')
    await client.post(`/admin/unanswered/${first}`, { ids, as: 'typical', clause: 'hexie 12' })
    await ask('家里下水道堵了归谁管')
    await ask('下水道堵了归谁管')
    expect(Object.values(await statuses()).sort()).toEqual(['open', 'typical'])
  })
})
