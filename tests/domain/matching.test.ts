import { describe, expect, it } from 'vitest'
import { chooseVolunteers, describeHelp, type HelpWanted, type VolunteerCandidate } from '../../src/domain/volunteers/matching.ts'
import type { Area } from '../../src/domain/services.ts'

const area = (code: string, level: Area['level'], parent: string | null): Area => ({ code, name: code, level, parent, words: [] })
const AREAS = [area('county', 'county', null), area('town', 'town', 'county'), area('here', 'community', 'town'), area('here-1', 'grid', 'here'), area('next', 'community', 'town'), area('other-town', 'town', 'county'), area('far', 'community', 'other-town')]

const REPAIR = [{ can: ['修', '水电'], anybody: false }]
const TALK = [
  { asked: ['理发'], can: ['理发', '剪'], anybody: false },
  { can: ['聊天'], anybody: true },
]

const wanted = (more: Partial<HelpWanted> = {}): HelpWanted => ({ requesterId: 'liu', requesterPhone: '13800138001', areaCode: 'here', description: '买药', helpers: [], allowsMinors: false, ...more })
const volunteer = (id: string, more: Partial<VolunteerCandidate> = {}): VolunteerCandidate => ({
  id, number: `VL-${id}`, personId: `p-${id}`, status: 'active', phone: `1390000${id}`, age: 40, hasGuardian: false, areaCode: 'here', skills: ['跑腿'], isFree: null, isReachable: true, wasAsked: false, carrying: 0, recent: 0, lastAskedAt: null, ...more,
})
const chosen = (request: HelpWanted, candidates: VolunteerCandidate[], count = 9) => chooseVolunteers(request, candidates, AREAS, count).map(({ id }) => id)

describe('whom to ask', () => {
  it.each<[string, Partial<VolunteerCandidate>]>([
    ['who waits for approval', { status: 'pending' }],
    ['who is paused', { status: 'paused' }],
    ['who has left', { status: 'left' }],
    ['the requester', { personId: 'liu' }],
    ['the requester on another platform', { phone: '13800138001' }],
    ['a minor', { age: 16, hasGuardian: true }],
    ['who has a guardian and no age', { age: null, hasGuardian: true }],
    ['who lives in another town', { areaCode: 'far' }],
    ['who is not free then', { isFree: false }],
    ['who can be pushed nothing', { isReachable: false }],
    ['who was asked', { wasAsked: true }],
    ['who carries two already', { carrying: 2 }],
  ])('never %s', (_who, more) => {
    expect(chosen(wanted(), [volunteer('1', more), volunteer('2')])).toEqual(['2'])
  })

  it('asks a minor where staff said so', () => {
    expect(chosen(wanted({ allowsMinors: true }), [volunteer('1', { age: 16, hasGuardian: true })])).toEqual(['1'])
  })

  it('asks the same community before the same town before who said no place, and who carries one', () => {
    const all = [volunteer('1', { areaCode: null }), volunteer('2', { areaCode: 'next' }), volunteer('3', { areaCode: 'here-1', carrying: 1 }), volunteer('4', { areaCode: 'town' }), volunteer('5', { areaCode: 'county' })]
    expect(chosen(wanted(), all)).toEqual(['3', '2', '4', '1', '5'])
    expect(chosen(wanted(), all, 2)).toEqual(['3', '2'])
  })

  it('knows nobody to be far where the request says no place', () => {
    expect(chosen(wanted({ areaCode: null }), [volunteer('1', { areaCode: 'far' }), volunteer('2', { areaCode: null })])).toEqual(['1', '2'])
  })

  it('asks only who can do it where a skill is needed', () => {
    const all = [volunteer('1', { skills: ['唠嗑'] }), volunteer('2', { skills: ['修水电'] }), volunteer('3', { skills: [] })]
    expect(chosen(wanted({ helpers: REPAIR }), all)).toEqual(['2'])
  })

  it('asks who has the skill first where anybody will do, and only hairdressers where hair is to be cut', () => {
    const all = [volunteer('1', { skills: ['跑腿'] }), volunteer('2', { skills: ['陪老人聊天'] }), volunteer('3', { skills: ['剪头发'] })]
    expect(chosen(wanted({ helpers: TALK, description: '陪我妈说说话' }), all)).toEqual(['2', '1', '3'])
    expect(chosen(wanted({ helpers: TALK, description: '老人要理发' }), all)).toEqual(['3'])
  })

  it('asks first who has helped least lately, then who was asked longest ago, then by number', () => {
    const at = (day: number) => new Date(Date.UTC(2026, 10, day))
    const all = [volunteer('4', { lastAskedAt: at(20) }), volunteer('3', { lastAskedAt: at(10) }), volunteer('5', { recent: 1 }), volunteer('2'), volunteer('1')]
    expect(chosen(wanted(), all)).toEqual(['1', '2', '3', '4', '5'])
    expect(chosen(wanted(), all.toReversed())).toEqual(['1', '2', '3', '4', '5'])
  })
})

describe('what is told of a request', () => {
  it('is the service and words of the catalogue, never the resident’s own', () => {
    expect(describeHelp('代办代购', '帮刘桂兰13800138001买药和买菜、买米', { words: ['买药', '买菜', '买米', '代办代购'] })).toBe('代办代购（买药、买菜）')
    expect(describeHelp('代办代购', '帮个忙', undefined)).toBe('代办代购')
    expect(describeHelp('家政维修', '水龙头坏了', { words: ['水龙头', '水龙头坏了'] })).toBe('家政维修（水龙头坏了）')
  })
})
