import { describe, expect, it } from 'vitest'
import { readConversationState, readDraftState } from '../../src/domain/kept-state.ts'
import { draftOf } from '../support/turn.ts'

describe('what one turn keeps for the next', () => {
  it('is read as it was written', () => {
    expect(readDraftState(draftOf())).toEqual({ value: draftOf(), isBroken: false })
    expect(readConversationState({ v: 1, lastQuestion: '多少', just: 'answer' })).toEqual({ value: { v: 1, lastQuestion: '多少', just: 'answer' }, isBroken: false })
    expect(readDraftState(null)).toEqual({ value: null, isBroken: false })
  })

  it('of a program before versions is brought up to date', () => {
    const { v: _none, further: _neither, ...old } = draftOf()
    expect(readDraftState(old)).toEqual({ value: draftOf(), isBroken: false })
    expect(readConversationState({ pending: 'delete_data', shownIn: 'in-7', lastQuestion: '多少' }).value).toMatchObject({ v: 1, lastQuestion: '多少', waitingFor: { type: 'deletion' } })
    expect(readConversationState({ ratingRequestId: 'r1' }).value).toMatchObject({ waitingFor: { type: 'rating', requestId: 'r1' } })
    expect(readConversationState({ announcement: { text: '停水', audience: { roles: ['volunteer'] } }, shownIn: 'in-8' }).value).toMatchObject({ waitingFor: { type: 'announcement', announcement: { text: '停水', audience: { roles: ['volunteer'] } } } })
  })

  it.each([['broken'], [7], [{ v: 99 }], [{ ...draftOf(), stage: 'nowhere' }], [[]]])('%j is dropped', (stored) => {
    expect(readDraftState(stored)).toEqual({ value: null, isBroken: true })
  })

  it.each([['broken'], [{ v: 99 }], [{ v: 1, waitingFor: { type: 'godot' } }]])('a state %j is dropped', (stored) => {
    expect(readConversationState(stored)).toEqual({ value: { v: 1 }, isBroken: true })
  })
})
