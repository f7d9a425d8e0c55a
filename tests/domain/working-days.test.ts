import { describe, expect, it } from 'vitest'
import { dueAtOf, isProvisional, lastDayUntil, notMovedSince } from '../../src/domain/requests/deadlines.ts'
import { formatLocalLong, fromLocalIso } from '../../src/domain/time.ts'
import { addWorkingDays, holidayOn, isWorkingDay } from '../../src/domain/requests/working-days.ts'
import { loadKnowledge } from '../../src/knowledge/documents/load.ts'

const { deadlines, services } = await loadKnowledge('knowledge')
const { calendar } = deadlines
const at = (local: string): Date => fromLocalIso(local)

describe('Chinese working days', () => {
  it.each([
    ['2026-11-24', true, 'a Tuesday'],
    ['2026-11-28', false, 'a Saturday'],
    ['2026-01-01', false, 'New Year'],
    ['2026-01-04', true, 'a Sunday that is worked for New Year'],
    ['2026-02-14', true, 'a Saturday that is worked for the Spring Festival'],
    ['2026-02-15', false, 'the first day of the Spring Festival holiday'],
    ['2026-02-23', false, 'a Monday, its last day'],
    ['2026-02-24', true, 'the day after'],
    ['2026-02-28', true, 'a Saturday that is worked for the Spring Festival'],
    ['2026-04-06', false, 'Qingming'],
    ['2026-05-05', false, 'a Tuesday, Labour Day holiday'],
    ['2026-05-09', true, 'a Saturday that is worked for Labour Day'],
    ['2026-06-19', false, 'the Dragon Boat Festival, a Friday'],
    ['2026-09-20', true, 'a Sunday that is worked for National Day'],
    ['2026-09-25', false, 'Mid-Autumn'],
    ['2026-10-07', false, 'a Wednesday, National Day holiday'],
    ['2026-10-10', true, 'a Saturday that is worked for National Day'],
    ['2027-01-01', false, 'New Year 2027'],
    ['2027-02-10', false, 'a Wednesday in lieu of the Sunday of the Spring Festival 2027'],
    ['2027-02-11', true, 'the day after, as nothing else is published'],
    ['2028-10-02', false, 'a Monday of a year that nobody has entered: National Day is always off'],
    ['2028-10-04', true, 'the Wednesday after it'],
  ])('%s is worked: %s (%s)', (day, isWorked) => {
    expect(isWorkingDay(day, calendar)).toBe(isWorked)
  })

  // Counted on the State Council's notice for 2026 and a wall calendar.
  it.each([
    ['2026-11-24T10:00', 1, '2026-11-25 10:00'],
    ['2026-11-27T10:00', 1, '2026-11-30 10:00'],
    ['2026-11-28T03:00', 1, '2026-11-30 03:00'],
    ['2026-11-25T00:30', 3, '2026-11-30 00:30'],
    ['2026-09-18T10:00', 1, '2026-09-20 10:00'],
    ['2026-09-18T10:00', 5, '2026-09-24 10:00'],
    ['2026-09-24T10:00', 1, '2026-09-28 10:00'],
    ['2026-09-30T23:59', 1, '2026-10-08 23:59'],
    ['2026-09-30T10:00', 3, '2026-10-10 10:00'],
    ['2026-09-30T10:00', 4, '2026-10-12 10:00'],
    ['2026-10-03T10:00', 7, '2026-10-15 10:00'],
    ['2026-02-13T10:00', 2, '2026-02-24 10:00'],
    ['2026-02-13T10:00', 7, '2026-03-02 10:00'],
    ['2026-12-31T10:00', 1, '2027-01-04 10:00'],
    ['2027-02-04T10:00', 1, '2027-02-11 10:00'],
    ['2028-04-28T10:00', 1, '2028-05-03 10:00'],
    ['2026-10-12T10:00', -1, '2026-10-10 10:00'],
    ['2026-10-12T10:00', -4, '2026-09-30 10:00'],
    ['2026-10-05T10:00', -1, '2026-09-30 10:00'],
  ])('from %s %i working days on it is %s', (start, days, expected) => {
    expect(formatLocalLong(addWorkingDays(at(start), days, calendar))).toBe(expected)
  })

  it('knows which holiday it is', () => {
    expect(holidayOn('2026-10-03', calendar)).toBe('国庆节')
    expect(holidayOn('2026-10-08', calendar)).toBeNull()
  })

  it('says of which years the days off are not published', () => {
    expect(isProvisional(at('2026-12-31T23:00'), calendar)).toBe(false)
    expect(isProvisional(at('2027-01-01T01:00'), calendar)).toBe(true)
    expect(isProvisional(at('2028-03-01T01:00'), calendar)).toBe(true)
  })
})

describe('when something is due', () => {
  const service = (name: string) => services.find((one) => one.name === name)

  it.each([
    ['电梯故障', '2026-11-24T10:00', '2026-11-25 17:30'],
    ['公共照明', '2026-11-24T10:00', '2026-11-27 17:30'],
    ['公共照明', '2026-11-28T03:00', '2026-12-02 17:30'],
    ['绿化养护', '2026-11-24T23:50', '2026-12-03 17:30'],
  ])('%s filed at %s is due at %s', (name, filed, due) => {
    expect(formatLocalLong(dueAtOf({ kind: 'service', service: service(name) }, deadlines, at(filed)))).toBe(due)
  })

  it('gives what is in no catalogue three working days, and an emergency none', () => {
    expect(formatLocalLong(dueAtOf({ kind: 'handoff' }, deadlines, at('2026-09-30T10:00')))).toBe('2026-10-10 17:30')
    expect(formatLocalLong(dueAtOf({ kind: 'emergency' }, deadlines, at('2026-09-30T22:10')))).toBe('2026-09-30 22:10')
  })

  it('is not due before the time that is wished', () => {
    const due = (wantedTime: string | null) => formatLocalLong(dueAtOf({ kind: 'help', wantedTime }, deadlines, at('2026-11-24T10:00')))
    expect(due('2026-12-10T19:00')).toBe('2026-12-10 19:00')
    expect(due('2026-12-10')).toBe('2026-12-10 23:59')
    expect(due('2026-11-25T09:00')).toBe('2026-11-27 17:30')
    expect(due('下个月')).toBe('2026-11-27 17:30')
  })

  it('has a limit for every service, which is said to be an example', () => {
    expect(services.filter(({ limitWorkingDays, limitKind }) => limitWorkingDays !== { urgent: 1, ordinary: 3, long: 7 }[limitKind])).toEqual([])
    expect(services.every(({ isLimitExample }) => isLimitExample)).toBe(true)
    expect(new Set(services.map(({ limitKind }) => limitKind)).size).toBe(3)
  })

  it.each([
    ['2026-11-24T10:00', '2026-11-25 00:00', 'a Tuesday: what is due today'],
    ['2026-11-27T10:00', '2026-11-30 00:00', 'a Friday: the weekend too, which nobody works'],
    ['2026-11-28T10:00', '2026-11-30 00:00', 'a Saturday: not what is due on Monday'],
    ['2026-09-30T10:00', '2026-10-08 00:00', 'before the holidays: all of them'],
  ])('at %s it is the last day of all that is due before %s (%s)', (now, until) => {
    expect(formatLocalLong(lastDayUntil(at(now), calendar))).toBe(until)
  })

  it('does not count holidays as days on which nothing was moved', () => {
    expect(formatLocalLong(notMovedSince(at('2026-10-09T10:00'), deadlines))).toBe('2026-09-29 10:00')
  })
})
