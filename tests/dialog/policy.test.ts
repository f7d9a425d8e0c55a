import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/domain/answers.ts'
import { questionOfForm, whatIsAsked } from '../../src/dialog/asked.ts'
import { decide, needsOf, STEPS } from '../../src/dialog/policy.ts'
import { text } from '../../src/dialog/text.ts'
import type { PressedButton } from '../../src/store/conversations/pressed-buttons.ts'
import { draftOf, NOW, turnOf } from '../support/turn.ts'

const LAMP = { category: '公共照明', description: '楼道灯坏了', address: '3号楼2单元', name: '王芳', phone: '13800138001' }
const answer: Answer = { kind: 'answer', text: '10%以上。', citations: [], ranked: [], question: '志愿者要占多少', details: '' } as unknown as Answer
const pressed = (more: Partial<PressedButton>): PressedButton => ({ kind: 'confirm', createdAt: NOW, personId: 'p1', announcementId: null, requestId: null, inboundId: 'in-0', answered: null, recordNumber: null, ...more })

describe('the list of steps', () => {
  it('gives each its own name and the reason for its place', () => {
    expect(new Set(STEPS.map(({ name }) => name)).size).toBe(STEPS.length)
    for (const { why } of STEPS) expect(why.length).toBeGreaterThan(20)
  })

  it('asks for nothing to be looked up that no step wants of this turn', () => {
    expect([...needsOf(turnOf([{ type: 'greet', text: '你好' }]))]).toEqual([])
    expect([...needsOf(turnOf([{ type: 'status', text: '查进度' }]))]).toEqual(['requests'])
    expect([...needsOf(turnOf([{ type: 'ask', text: '多少', isSure: true }]))]).toEqual(['answer'])
    // A question may be about what the asker has filed.
    expect([...needsOf(turnOf([{ type: 'ask', text: '多少', isSure: true, topics: ['fee'] }]))]).toEqual(['answer', 'requests', 'button'])
  })
})

describe('one move', () => {
  it('confirm at the summary files the request, with the messages that fed it', () => {
    const draft = draftOf()
    expect(decide(turnOf([{ type: 'confirm', text: '确认' }, { type: 'give', text: '确认', slots: {}, rest: '' }], { draft }))).toEqual({
      intent: 'service_request',
      replies: [{ to: 'private', kind: 'receipt', text: '已登记，编号 {request}。\n事项：公共照明\n步骤：派人去修\n时限：3 个工作日（示例，以社区公布为准）；费用：\n想知道办到哪一步，随时说“查进度”。办完了会在这里告诉您。', buttons: [{ label: '查进度', text: '查进度' }] }],
      draft: null,
      state: { v: 1, just: 'receipt' },
      changes: [
        {
          type: 'create_request',
          fedBy: ['in-0', 'in-1'],
          request: { kind: 'service', serviceCode: 'street_light', category: '公共照明', description: '楼道灯坏了', address: '3号楼2单元', areaCode: null, requesterName: '王芳', requesterPhone: '13800138001', wantedTime: null, dueAt: new Date('2026-11-27T09:30:00Z') },
        },
      ],
    })
  })

  it('refuse at the summary asks which field', () => {
    const outcome = decide(turnOf([{ type: 'refuse', text: '不对' }], { draft: draftOf() }))
    expect(outcome.draft).toMatchObject({ stage: 'which_field' })
    expect(outcome.replies).toMatchObject([{ kind: 'question', text: '要改哪一项？类别、事情、地址、姓名、电话，说一样就行。' }])
  })

  it('a remark at the summary is added to the matter and replaces nothing', () => {
    for (const move of [{ type: 'add' as const, text: '尽快来', slots: {} }, { type: 'give' as const, text: '严重', slots: { name: '严重' }, rest: '' }]) {
      const { draft } = decide(turnOf([move], { draft: draftOf() }))
      expect(draft?.values).toEqual({ ...LAMP, description: `楼道灯坏了；${move.text}` })
    }
  })

  it('a bare name like the one that stands corrects it', () => {
    expect(decide(turnOf([{ type: 'give', text: '汪芳', slots: { name: '汪芳' }, rest: '' }], { draft: draftOf() })).draft?.values['name']).toBe('汪芳')
  })

  it('thanks in a form let it go on', () => {
    const outcome = decide(turnOf([{ type: 'thank', text: '谢谢' }], { draft: draftOf({ stage: 'field', asking: 'phone' }) }))
    expect(outcome.replies[0]?.text).toMatch(/^我们接着刚才的/)
  })

  it('that nobody takes is not understood', () => {
    expect(decide(turnOf([])).replies[0]?.text).toBe(text.notUnderstood)
  })
})

describe('several moves', () => {
  it('a report and a question: the form is opened, the question answered, and the form’s question comes last', () => {
    const outcome = decide(turnOf([{ type: 'report', text: '楼道灯坏了', slots: { description: '楼道灯坏了', category: '公共照明' } }, { type: 'ask', text: '志愿者要占多少', isSure: true }], { facts: { answer, listedQuestion: '志愿者要占多少', requests: [] } }))
    expect(outcome.intent).toBe('service_request')
    expect(outcome.replies.map(({ kind }) => kind)).toEqual(['answer', 'question'])
    expect(outcome.draft).toMatchObject({ stage: 'field', asking: 'address' })
    expect(outcome.answered?.question).toBe('志愿者要占多少')
  })

  it('two troubles become two requests after one confirmation', () => {
    const opened = decide(turnOf([{ type: 'report', text: '3号楼2单元楼道灯坏了', slots: LAMP }, { type: 'report', text: '下水道也堵了', slots: { description: '下水道也堵了', category: '下水道堵塞' } }], { facts: { requests: [] } }))
    expect(opened.replies[0]?.text).toContain('另外一件：下水道也堵了（下水道堵塞）')
    const filed = decide(turnOf([{ type: 'confirm', text: '确认' }], { draft: opened.draft ?? null }))
    expect(filed.changes.map((change) => (change.type === 'create_request' ? [change.request.category, change.request.address, change.isFurther] : change.type))).toEqual([['公共照明', '3号楼2单元', undefined], ['下水道堵塞', '3号楼2单元', true]])
    expect(filed.replies[0]?.text).toContain('编号 {request2}')
  })

  it('thanks beside something else add nothing', () => {
    const outcome = decide(turnOf([{ type: 'status', text: '查进度' }, { type: 'thank', text: '谢谢' }], { facts: { requests: [] } }))
    expect(outcome.replies).toHaveLength(1)
  })

  it('other readings of the words that were served are nobody’s business any more', () => {
    const outcome = decide(turnOf([{ type: 'agree', text: '好的' }, { type: 'give', text: '好的', slots: {}, rest: '好的' }], { draft: draftOf() }))
    expect(outcome.changes).toHaveLength(1)
    expect(outcome.replies).toHaveLength(1)
  })
})

describe('what is waited for', () => {
  it('is dropped by anything else that is said, where it must be sure', () => {
    const waitingFor = { type: 'deletion' as const, question: 'deletion:in-0', at: NOW.toISOString() }
    expect(decide(turnOf([{ type: 'confirm', text: '确认' }], { state: { v: 1, waitingFor } })).changes).toEqual([{ type: 'erase_person' }])
    expect(decide(turnOf([{ type: 'greet', text: '你好' }], { state: { v: 1, waitingFor } })).state).toEqual({ v: 1 })
  })

  it('decides what was asked last', () => {
    const NOBODY = { request: null }
    const request = { askedAt: null, touchedAt: NOW }
    const rating = { type: 'rating' as const, question: 'notice:1', at: '2026-11-24T01:59:30.000Z', requestId: 'r' }
    expect(whatIsAsked(null, { v: 1 }, NOBODY)).toBe('nothing')
    expect(whatIsAsked(null, { v: 1, just: 'receipt' }, NOBODY), 'a sign-up files nothing that more could be said about').toBe('nothing')
    expect(whatIsAsked(draftOf(), { v: 1 }, NOBODY)).toBe('summary')
    expect(whatIsAsked(draftOf({ stage: 'field', asking: 'address' }), { v: 1 }, NOBODY)).toBe('address')
    expect(whatIsAsked(draftOf({ stage: 'consent' }), { v: 1 }, NOBODY)).toBe('consent')
    expect(whatIsAsked(draftOf(), { v: 1, waitingFor: rating }, NOBODY)).toBe('score')
    expect(whatIsAsked(null, { v: 1 }, { request })).toBe('receipt')
    expect(whatIsAsked(null, { v: 1 }, { request: { ...request, askedAt: NOW } })).toBe('staff_question')
    expect(whatIsAsked(null, { v: 1, just: 'answer' }, { request })).toBe('receipt')
    const subscription = { type: 'subscription' as const, question: 's', at: NOW.toISOString() }
    expect(whatIsAsked(null, { v: 1, waitingFor: subscription }, { request })).toBe('subscription')
    const later = new Date(NOW.getTime() + 1)
    expect(whatIsAsked(null, { v: 1, waitingFor: subscription }, { request: { askedAt: later, touchedAt: later } }), 'what staff asked since').toBe('staff_question')
    expect(whatIsAsked(draftOf({ touchedAt: NOW.toISOString() }), { v: 1, waitingFor: rating }, NOBODY)).toBe('summary')
  })
})

describe('a button', () => {
  const confirm = [{ type: 'confirm' as const, text: '确认' }]
  const press = (question: string | undefined) => decide(turnOf(confirm, { draft: draftOf(), buttonOf: 'x', facts: { button: pressed({ ...(question !== undefined && { question }) }) } }))

  it('answers the question whose id it carries, in whatever words that was asked', () => {
    expect(press(questionOfForm(draftOf())).changes).toHaveLength(1)
  })

  it('under a summary that showed something else confirms nothing', () => {
    const outcome = press(questionOfForm(draftOf({ values: { ...LAMP, phone: '13900139000' } })))
    expect(outcome).toMatchObject({ isStaleButton: true, changes: [] })
  })

  it('of an older program, without an id, counts by its time', () => {
    const old = (createdAt: Date) => decide(turnOf(confirm, { draft: draftOf(), buttonOf: 'x', facts: { button: pressed({ createdAt }) } }))
    expect(old(NOW).changes).toHaveLength(1)
    expect(old(new Date('2026-11-24T01:00:00Z')).isStaleButton).toBe(true)
  })
})
