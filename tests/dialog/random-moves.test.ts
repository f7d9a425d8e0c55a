import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/domain/answers.ts'
import type { RequestSummary, VolunteerSummary } from '../../src/domain/office/facts.ts'
import { EMPTY_STATE, type ConversationState, type DraftState } from '../../src/domain/kept-state.ts'
import { MOVE_NAMES, type Move, type MoveName } from '../../src/domain/messages/moves.ts'
import type { Outcome } from '../../src/domain/messages/outcome.ts'
import type { Slots } from '../../src/domain/messages/understanding.ts'
import { questionOfForm } from '../../src/dialog/asked.ts'
import { decide } from '../../src/dialog/policy.ts'
import { createRandom } from '../../src/language/reader/classifiers/hash.ts'
import { NOW, turnOf } from '../support/turn.ts'

/*
 * Whatever is said in whatever order: no form comes to a dead end, nothing that was told is lost, no record is made twice, and nothing is asked
 * that is known. The store is played: what a turn leaves is what the next one finds.
 */

interface World {
  draft: DraftState | null
  state: ConversationState
  hasConsent: boolean
  isSubscribed: boolean
  requests: RequestSummary[]
  volunteer: VolunteerSummary | null
  turns: number
}

const VALUES: Slots[] = [
  { name: '王芳' }, { phone: '13800138001' }, { address: '迎宾小区3号楼2单元501' }, { age: 45 }, { age: 15 }, { skills: ['理发'] }, { availability: '周末' }, { community: '迎宾社区' },
  { guardian: { name: '张大勇', phone: '13800138003' } }, { name: '刘桂兰', phone: '13900139001', address: '幸福小区5号楼' }, { time: '2026-11-25' }, {},
]
const SAID: Record<string, string> = { name: '王芳', phone: '13800138001', address: '迎宾小区3号楼2单元501', description: '楼道灯坏了', age: '45', guardianName: '张大勇', guardianPhone: '13800138003', skills: '理发', availability: '周末', category: '公共照明', time: '明天', community: '迎宾社区' }
const SLOTS: Record<string, Slots> = { name: { name: '王芳' }, phone: { phone: '13800138001' }, address: { address: '迎宾小区3号楼2单元501' }, description: { description: '楼道灯坏了' }, age: { age: 45 }, guardianName: { guardian: { name: '张大勇' } }, guardianPhone: { guardian: { phone: '13800138003' } }, skills: { skills: ['理发'] }, availability: { availability: '周末' }, category: { category: '公共照明' } }
const FIELDS = ['', '姓名', '电话', '地址', '年龄', '类别', '时间', '能帮的忙']
const ANSWER = { kind: 'answer', text: '10%以上。', citations: [], ranked: [], question: '志愿者要占多少', details: '' } as unknown as Answer

function randomMove(pick: <T>(of: readonly T[]) => T): Move {
  const type: MoveName = pick(MOVE_NAMES)
  const slots = pick(VALUES)
  const text = Object.values(slots).flat().map((value: unknown) => (typeof value === 'object' && value !== null ? Object.values(value).join('') : String(value))).join('，') || '嗯'
  switch (type) {
    case 'give':
      return { type, text, slots, rest: '' }
    case 'correct':
      return { type, text, field: pick(FIELDS), slots, ...(pick([true, false]) && { value: text }) }
    case 'report':
      return { type, text: '下水道堵了', slots: { ...slots, description: '下水道堵了', category: '下水道堵塞' } }
    case 'offer_help':
    case 'change_registration':
      return { type, text, slots, adds: pick([true, false]) }
    case 'add':
    case 'same_contact':
      return { type, text, slots }
    case 'ask':
      return { type, text: '志愿者要占多少', isSure: true }
    case 'ask_form':
      return { type, text: '为啥要', about: 'why' }
    case 'emergency':
      return { type, text: '着火了', danger: 'fire', isSure: pick([true, false]), slots: {} }
    case 'announce':
      return { type, text: '发公告', announcement: '' }
    case 'praise':
    case 'complain':
      return { type, text: '不错', ...(pick([true, false]) && { score: 4 }) }
    default:
      return { type, text: '好' } as Move
  }
}

function say(world: World, moves: Move[]): { outcome: Outcome; next: World } {
  const { draft, state, hasConsent, isSubscribed, requests, volunteer } = world
  const turn = turnOf(moves, { draft, state, hasConsent, isSubscribed, facts: { requests, volunteer, answer: ANSWER, offers: [] } })
  const outcome = decide(turn)
  const next: World = { ...world, turns: world.turns + 1, requests: [...requests], draft: outcome.draft === undefined ? draft : outcome.draft, state: outcome.state ?? state }
  for (const change of outcome.changes) apply(next, change)
  return { outcome, next }
}

function apply(world: World, change: Outcome['changes'][number]): void {
  switch (change.type) {
    case 'grant_consent':
      world.hasConsent = true
      return
    case 'withdraw_consent':
      world.hasConsent = false
      return
    case 'set_subscribed':
      world.isSubscribed = change.isSubscribed
      return
    case 'create_request': {
      const { request } = change
      world.requests.unshift({ id: `r${world.requests.length}`, number: `SR-20261124-${String(world.requests.length + 1).padStart(4, '0')}`, kind: request.kind, category: request.category, status: 'submitted', description: request.description, createdAt: NOW, updatedAt: NOW, finishedAt: null, waitingSince: null, urgedAt: null, dueAt: null, wantedTime: request.wantedTime, serviceCode: request.serviceCode, assignee: null, isOwn: true, lastNote: '', address: request.address, requesterName: request.requesterName, requesterPhone: request.requesterPhone, rating: null })
      return
    }
    case 'complete_request':
      world.requests = world.requests.map((request) => (request.id === change.requestId ? { ...request, address: request.address ?? change.address } : request))
      return
    case 'change_request':
      world.requests = world.requests.map((request) => (request.id === change.requestId ? { ...request, status: change.status } : request))
      return
    case 'save_volunteer': {
      const { name, phone, skills, availability, age, status } = change.volunteer
      world.volunteer = { number: 'VL-20261124-0001', name, status, skills, availability, values: { name, phone, skills, availability, ...(age !== null && { age }) } }
      return
    }
    case 'leave_volunteers':
      world.volunteer &&= { ...world.volunteer, status: 'left' }
      return
    case 'set_volunteering':
      world.volunteer &&= { ...world.volunteer, status: change.isPaused ? 'paused' : 'active' }
      return
    case 'erase_person':
      Object.assign(world, { draft: null, state: EMPTY_STATE, hasConsent: false, requests: [], volunteer: null } satisfies Partial<World>)
      return
    default:
  }
}

/** Moves that say nothing to a form. */
const ASIDES: ReadonlySet<Move['type']> = new Set<MoveName>(['ask', 'status', 'greet', 'thank', 'bye', 'chat', 'person', 'my_data', 'help', 'subscribe', 'unsubscribe', 'ask_form', 'details'])

const FOR_STAFF: ReadonlySet<Move['type']> = new Set<MoveName>(['person', 'pass_on', 'emergency', 'complain'])

function faultsOf(before: World, moves: readonly Move[], outcome: Outcome, after: World): string[] {
  const words = outcome.replies.map(({ text }) => text).join('\n')
  const { draft } = after
  const filed = outcome.changes.filter(({ type }) => type === 'create_request' || type === 'save_volunteer')
  const isForStaff = moves.some(({ type }) => FOR_STAFF.has(type))
  return [
    ...(words.trim() === '' ? ['it says nothing'] : []),
    ...(/undefined|\bnull\b|NaN|\[object/.test(words) ? ['a piece of the program shows'] : []),
    ...(draft !== null && !outcome.replies.some(({ question }) => question === questionOfForm(draft)) ? ['the open form asks nothing'] : []),
    ...(draft?.stage === 'field' && draft.asking !== null && draft.values[draft.asking] !== undefined ? [`asks for ${draft.asking}, which is known`] : []),
    ...(filed.length > 0 && before.draft?.stage !== 'confirm' && !isForStaff ? ['a record that nobody confirmed'] : []),
    ...(before.draft && draft && before.draft.openedAt === draft.openedAt && moves.every(({ type }) => ASIDES.has(type)) && JSON.stringify(draft.values) !== JSON.stringify(before.draft.values) ? ['an aside changes the form'] : []),
  ]
}

const EMPTY: World = { draft: null, state: EMPTY_STATE, hasConsent: false, isSubscribed: false, requests: [], volunteer: null, turns: 0 }

/** Answers what is asked until the form is done. */
function answerAll(world: World): { world: World; turns: number; filed: number } {
  let filed = 0
  let turns = 0
  for (; world.draft !== null && turns < 20; turns += 1) {
    const { stage, asking } = world.draft
    const said = SAID[asking ?? ''] ?? ''
    const moves: Move[] = stage === 'consent' ? [{ type: 'agree', text: '同意' }] : stage === 'confirm' ? [{ type: 'confirm', text: '确认' }] : stage === 'which_field' ? [{ type: 'confirm', text: '确认' }] : [{ type: 'give', text: said, slots: SLOTS[asking ?? ''] ?? {}, rest: said }]
    const { outcome, next } = say(world, moves)
    filed += outcome.changes.filter(({ type }) => type === 'create_request' || type === 'save_volunteer').length
    world = next
  }
  return { world, turns, filed }
}

describe('moves in any order', () => {
  it.each(Array.from({ length: 40 }, (_, index) => index + 1))('seed %i', (seed) => {
    const random = createRandom(seed)
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
    for (let talk = 0; talk < 25; talk += 1) {
      let world: World = { ...EMPTY }
      const told: string[] = []
      for (let turn = 0; turn < 15; turn += 1) {
        const moves = Array.from({ length: pick([1, 1, 1, 2]) }, () => randomMove(pick))
        told.push(moves.map((move) => JSON.stringify(move)).join(' + '))
        const { outcome, next } = say(world, moves)
        expect(faultsOf(world, moves, outcome, next), told.join('\n')).toEqual([])
        world = next
      }
      const further = world.draft?.further.length ?? 0
      const isOpen = world.draft !== null
      const done = answerAll(world)
      expect(done.world.draft, `${told.join('\n')}\nafter ${done.turns} answers: ${JSON.stringify(done.world.draft)}`).toBeNull()
      if (isOpen) expect(done.filed, told.join('\n')).toBe(1 + further)
    }
  })
})
