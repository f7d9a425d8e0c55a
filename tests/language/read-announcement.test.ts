import { describe, expect, it } from 'vitest'
import { describeWhom } from '../../src/dialog/steps/announce.ts'
import { readAnnouncement } from '../../src/language/announcements.ts'
import type { Area } from '../../src/domain/services.ts'

const area = (code: string, name: string): Area => ({ code, name, level: 'community', parent: null, words: [] })
const areas = [area('yb', '迎宾社区'), area('yb2', '迎宾社区'), area('xy', '向阳社区')]
const tags = ['独居老人', '老人', '三期业主群', '向阳社区', '志愿者', '党']
const read = (said: string) => readAnnouncement(said, { areas, tags })

describe('The words that say for whom an announcement is', () => {
  it.each([
    ['给独居老人：天冷了，注意保暖', { tags: ['独居老人'] }],
    ['发给老人:天冷了', { tags: ['老人'] }],
    ['给独居老人和老人：天冷了', { tags: ['独居老人', '老人'] }],
    ['发到三期业主群：明天停水', { tags: ['三期业主群'] }],
    ['给迎宾社区的独居老人：天冷了', { areas: ['yb', 'yb2'], tags: ['独居老人'] }],
    ['给向阳社区：天冷了', { areas: ['xy'] }],
    ['给志愿者：周六集合', { roles: ['volunteer'] }],
    ['给向阳社区的志愿者：周六集合', { areas: ['xy'], roles: ['volunteer'] }],
    ['发到群：明天停水', { roles: ['group'] }],
  ])('%s', (said, audience) => {
    expect(read(said)).toEqual({ text: said.replace(/^[^:：]*[:：]/, ''), audience })
  })

  it.each(['给残疾人：天冷了', '给党员：开会', '明天停水，给老人送水：请报名'])('are part of the text where they name nobody known: %s', (said) => {
    expect(read(said)).toEqual({ text: said, audience: {} })
  })

  it('are told back to the writer', () => {
    expect(describeWhom({ areas: ['yb'], tags: ['独居老人'] }, areas)).toBe('迎宾社区，标签“独居老人”')
    expect(describeWhom({ roles: ['group', 'volunteer'] }, areas)).toBe('志愿者、群')
    expect(describeWhom({}, areas)).toBe('所有订阅的居民')
  })
})
