import { describe, expect, it } from 'vitest'
import { createLoopGuard } from '../../src/channels/loop-guard.ts'

const clock = { ms: Date.UTC(2026, 10, 24) }
const open = () => createLoopGuard(() => new Date(clock.ms))
const said = (sender: string, kind: 'private' | 'group' = 'group', externalId = 'room') => ({ conversation: { kind, externalId }, sender: { externalId: sender } })

describe('the guard against programs that answer each other', () => {
  it('lets a person ask, and stops a sender who goes on faster than anybody types, in that conversation only', () => {
    const guard = open()
    const answered = Array.from({ length: 40 }, () => {
      clock.ms += 2_000
      return guard.mayAnswer(said('bot'))
    })
    expect(answered).toEqual(Array.from({ length: 40 }, (_, index) => index < 20))
    expect(guard.mayAnswer(said('liu'))).toBe(true)
    expect(guard.mayAnswer(said('bot', 'group', 'other room'))).toBe(true)
  })

  it('answers again after a pause', () => {
    const guard = open()
    for (let count = 0; count < 30; count += 1) guard.mayAnswer(said('bot'))
    clock.ms += 5 * 60_000 - 1
    expect(guard.mayAnswer(said('bot'))).toBe(false)
    clock.ms += 5 * 60_000
    expect(guard.mayAnswer(said('bot'))).toBe(true)
  })

  it('never stops one question every fifteen seconds', () => {
    const guard = open()
    for (let count = 0; count < 100; count += 1) {
      clock.ms += 15_001
      expect(guard.mayAnswer(said('liu'))).toBe(true)
    }
  })

  it('leaves room for a long form in private', () => {
    const guard = open()
    const answered = Array.from({ length: 70 }, () => guard.mayAnswer(said('liu', 'private', 'liu')))
    expect(answered.filter(Boolean)).toHaveLength(60)
  })

  it('forgets who has been quiet longest', () => {
    const guard = open()
    for (let count = 0; count < 30; count += 1) guard.mayAnswer(said('first'))
    for (let count = 0; count < 1_000; count += 1) guard.mayAnswer(said(`other ${count}`))
    expect(guard.mayAnswer(said('first'))).toBe(true)
  })
})
