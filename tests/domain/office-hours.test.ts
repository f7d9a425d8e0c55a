import { describe, expect, it } from 'vitest'
import { nextOpening, openingOn, stateAt, type WorkingDays } from '../../src/domain/office/office-hours.ts'
import { Office } from '../../src/domain/office/office.ts'

const HOLIDAYS = ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07']
const CALENDAR: WorkingDays = {
  isWorkingDay: (day) => day === '2026-10-10' || (!HOLIDAYS.includes(day) && ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())),
  holidayOn: (day) => (HOLIDAYS.includes(day) ? '国庆节' : null),
}
const WEEK = ['周一', '周二', '周三', '周四', '周五']
const office = Office.parse({
  name: '幸福社区',
  changed: '2026-11-20',
  hours: [
    { days: WEEK, open: ['8:30-11:30', '13:30-17:00'] },
    { days: ['周六'], open: ['9:00-11:00'] },
    { days: WEEK, open: ['8:00-11:30'], season: { from: '12-15', to: '2-20' } },
  ],
  closed: [{ from: '2026-11-25', to: '2026-11-26', reason: '整修' }, { from: '2026-11-27', reason: '开会', open: ['14:00-17:00'] }],
})

describe('when the office is open', () => {
  it.each([
    ['2026-11-24', '8:30-11:30 13:30-17:00', ''],
    ['2026-11-28', '9:00-11:00', ''],
    ['2026-11-29', '', ''],
    ['2026-11-25', '', '整修'],
    ['2026-11-26', '', '整修'],
    ['2026-11-27', '14:00-17:00', '开会'],
    // A season that runs over the new year; Saturday has none of its own there.
    ['2026-12-15', '8:00-11:30', ''],
    ['2027-02-19', '8:00-11:30', ''],
    ['2026-12-19', '9:00-11:00', ''],
    // National day: the days, the weekend among them, and the Saturday that is worked instead.
    ['2026-10-01', '', '国庆节放假'],
    ['2026-10-03', '', '法定节假日'],
    ['2026-10-10', '8:30-11:30 13:30-17:00', '调休上班'],
  ])('%s: %s %s', (day, open, reason) => {
    const opening = openingOn(office, day, CALENDAR)
    expect([opening.open.join(' '), opening.reason]).toEqual([open, reason])
  })

  it('opens again after the holiday', () => {
    expect(nextOpening(office, '2026-10-02', CALENDAR)?.day).toBe('2026-10-08')
  })

  it.each([
    ['8:00', { state: 'before', opens: '8:30' }],
    ['8:30', { state: 'open', until: '11:30' }],
    ['11:30', { state: 'break', opens: '13:30' }],
    ['16:59', { state: 'open', until: '17:00' }],
    ['17:00', { state: 'after' }],
  ])('at %s', (time, expected) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number)
    expect(stateAt(openingOn(office, '2026-11-24', CALENDAR), hour * 60 + minute)).toEqual(expected)
  })
})

describe('what an office may say', () => {
  const problemsOf = (more: object) => Office.safeParse({ name: '幸福社区', changed: '2026-11-20', ...more }).error?.issues.map(({ path, message }) => `${path.join('/')} ${message.split(' / ')[0]}`) ?? []

  it.each([
    [{ hours: [{ days: ['周一'], open: ['9-11'] }] }, /^hours\/0\/open\/0 .*8:30-11:30/],
    [{ hours: [{ days: ['周一'], open: ['11:00-9:00'] }] }, /先早后晚/],
    [{ hours: [{ days: ['周一'], open: ['9:00-12:00', '11:00-13:00'] }] }, /重叠/],
    [{ hours: [{ days: ['周一'], open: [] }, { days: ['周一'], open: ['9:00-10:00'] }] }, /周一写了两次/],
    [{ hours: [{ days: ['周一'], open: ['9:00-25:00'] }] }, /8:30-11:30/],
    [{ closed: [{ from: '2026-12-05', to: '2026-12-01', reason: '整修' }] }, /比“2026-12-05”早/],
    [{ closed: [{ from: '2026-02-30', reason: '整修' }] }, /2026-12-01/],
    [{ places: [{ name: '图书室' }, { name: '书屋', words: ['图书室'] }] }, /另一个地方的叫法/],
    [{ questions: [{ question: '能复印吗？', answer: '能' }, { question: '能复印吗', answer: '不能' }] }, /重复/],
  ])('not %j', (more, problem) => {
    expect(problemsOf(more).join('\n')).toMatch(problem)
  })
})
