import { describe, expect, test } from 'vitest'
import type { ConversationState } from '../../src/domain/kept-state.ts'
import { whatIsAsked } from '../../src/dialog/asked.ts'

const AT = '2026-11-24T02:00:00.000Z'
const state: ConversationState = { v: 1, waitingFor: { type: 'which_request', question: 'which-request:1', at: AT, text: '不用来了', move: 'withdraw', sole: 'SR-20261124-0001' } }
const touched = (ms: number) => ({ request: { askedAt: null, touchedAt: new Date(new Date(AT).getTime() + ms) } })

describe('whether a request is withdrawn', () => {
  test('is still asked though the words that led to the question were noted with it a moment later', () => {
    expect(whatIsAsked(null, state, touched(40))).toBe('withdraw_sure')
  })

  test('is out of mind once staff have done something since', () => {
    expect(whatIsAsked(null, state, touched(60_000))).toBe('receipt')
  })
})

test('what staff asked is open at once, whatever was asked before it', () => {
  const asked = { request: { askedAt: new Date(new Date(AT).getTime() + 30), touchedAt: new Date(new Date(AT).getTime() + 30) } }
  expect(whatIsAsked(null, { v: 1, waitingFor: { type: 'subscription', question: 'subscription:1', at: AT } }, asked)).toBe('staff_question')
})
