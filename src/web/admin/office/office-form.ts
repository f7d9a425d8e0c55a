import { WEEKDAYS, type HoursLine, type Office, type OfficePair, type OfficePerson, type OfficePlace, type SpecialDays } from '../../../domain/office/office.ts'
import { normalize } from '../../../language/normalize.ts'

/*
 * The office as a form without scripts: every list has some empty rows behind it, and an empty row is none.
 */

/** Empty rows behind each list. */
export const SPARE_ROWS = { seasons: 1, closed: 2, people: 3, places: 1, questions: 2 } as const
const MOST_ROWS = 500

/** A week of one season as it is typed: by weekday, `8:30-11:30 13:30-17:00`. */
export interface WeekFields {
  from: string
  to: string
  days: string[]
}

/** Lines as weeks: the whole year's first, then one for each season. */
export function toWeeks(lines: readonly HoursLine[]): WeekFields[] {
  const weeks = new Map<string, WeekFields>([['', { from: '', to: '', days: WEEKDAYS.map(() => '') }]])
  for (const { days, open, season } of lines) {
    const key = season === undefined ? '' : `${season.from} ${season.to}`
    const week = weeks.get(key) ?? { from: season?.from ?? '', to: season?.to ?? '', days: WEEKDAYS.map(() => '') }
    for (const day of days) week.days[WEEKDAYS.indexOf(day)] = open.join(' ')
    weeks.set(key, week)
  }
  return [...weeks.values()]
}

const BETWEEN = /[\s,，、;；和]+/u
/** 8：30—11：30 as 8:30-11:30. */
const readSpans = (typed: string): string[] => normalize(typed).replaceAll(/\s*(?:-|—|–|~|～|至|到)+\s*/gu, '-').split(BETWEEN).filter((span) => span !== '')

/** Weeks as lines; days that have the same times stand in one. */
export function toLines(weeks: readonly WeekFields[]): HoursLine[] {
  return weeks.flatMap(({ from, to, days }) => {
    const lines = new Map<string, HoursLine>()
    for (const [index, typed] of days.entries()) {
      const day = WEEKDAYS[index]
      if (typed.trim() === '' || day === undefined) continue
      const open = readSpans(typed)
      const line = lines.get(open.join(' ')) ?? { days: [], open, ...((from !== '' || to !== '') && { season: { from: readMonthDay(from), to: readMonthDay(to) } }) }
      line.days.push(day)
      lines.set(open.join(' '), line)
    }
    return [...lines.values()]
  })
}

/** 6月1日, 6.1 and 6-1 as 06-01; anything else as it was typed. */
function readMonthDay(typed: string): string {
  const [, month, date] = /^(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})\s*[日号]?$/.exec(normalize(typed.trim())) ?? []
  return month === undefined || date === undefined ? typed.trim() : `${month.padStart(2, '0')}-${date.padStart(2, '0')}`
}

/** 2026年12月1日 and 2026/12/1 as 2026-12-01. */
function readDay(typed: string): string {
  const [, year, month, date] = /^(\d{4})\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})\s*日?$/.exec(normalize(typed.trim())) ?? []
  return year === undefined ? typed.trim() : `${year}-${(month ?? '').padStart(2, '0')}-${(date ?? '').padStart(2, '0')}`
}

const words = (typed: string): string[] => typed.split(/[\n,，、;；]+/u).map((word) => word.trim()).filter((word) => word !== '')
const given = <K extends string>(key: K, value: string): Partial<Record<K, string>> => (value === '' ? {} : ({ [key]: value } as Partial<Record<K, string>>))

/** What was typed, as the office it says; what is wrong with it, the schema finds. `before` gives what the form does not show. */
export function readOfficeForm(form: URLSearchParams, before: Office | null): unknown {
  const value = (name: string): string => (form.get(name) ?? '').trim()
  const rows = <T>(name: string, read: (at: (field: string) => string) => T | null): T[] => {
    const count = Math.min(MOST_ROWS, Number(value(`${name}.rows`)) || 0)
    return Array.from({ length: count }, (_, index) => read((field) => value(`${name}.${index}.${field}`))).filter((row) => row !== null)
  }
  const weeksOf = (name: string): WeekFields[] => rows(name, (at) => ({ from: at('from'), to: at('to'), days: WEEKDAYS.map((_, day) => at(`day${day}`)) }))
  return {
    ...(form.has('example') && { example: true }),
    name: value('name'),
    ...given('telephone', value('telephone')),
    ...given('address', value('address')),
    hours: toLines(weeksOf('hours')),
    holidays: { open: readSpans(value('holidays')) },
    closed: rows('closed', (at): SpecialDays | null => {
      const [from, to, reason, open] = [readDay(at('from')), readDay(at('to')), at('reason'), readSpans(at('open'))]
      return from === '' && reason === '' ? null : { from, ...given('to', to), reason, ...(open.length > 0 && { open }) }
    }),
    people: rows('people', (at): OfficePerson | null => {
      const buildings = words(at('buildings'))
      return at('name') === '' && at('duty') === '' ? null : { name: at('name'), duty: at('duty'), ...given('telephone', at('telephone')), ...(buildings.length > 0 && { buildings }) }
    }),
    places: rows('places', (at): OfficePlace | null => {
      const other = words(at('words'))
      const hours = toLines([{ from: '', to: '', days: WEEKDAYS.map((_, day) => at(`day${day}`)) }])
      const seasons = (before?.places.find(({ name }) => name === at('name'))?.hours ?? []).filter(({ season }) => season !== undefined)
      const all = [...hours, ...seasons]
      return at('name') === '' ? null : { name: at('name'), ...(other.length > 0 && { words: other }), ...given('address', at('address')), ...given('telephone', at('telephone')), ...(all.length > 0 && { hours: all }), ...given('note', at('note')) }
    }),
    questions: rows('questions', (at): OfficePair | null => {
      const also = at('also').split('\n').map((line) => line.trim()).filter((line) => line !== '')
      const clause = before?.questions.find(({ question }) => question === at('question'))?.clause
      return at('question') === '' && at('answer') === '' ? null : { question: at('question'), ...(also.length > 0 && { also }), answer: at('answer'), ...(clause !== undefined && { clause }) }
    }),
    changed: before?.changed ?? value('today'),
    ...(before?.dates !== undefined && { dates: before.dates }),
  }
}

const NAMES: Record<string, string> = {
  name: '名称', telephone: '电话', address: '地址', hours: '上班时间', holidays: '法定节假日', closed: '特殊日子', people: '谁管什么', places: '活动场所', questions: '问答',
  duty: '管什么', from: '从', to: '到', reason: '原因', open: '时间', words: '别的叫法', note: '说明', question: '问题', answer: '答复', also: '别的问法', buildings: '楼号', days: '星期', season: '季节', clause: '条款',
}

/** Where in the form something is wrong, for people: 谁管什么 第 2 行 管什么. */
export const namePath = (path: readonly (string | number)[]): string => path.map((part) => (typeof part === 'number' ? `第 ${part + 1} 行` : (NAMES[part] ?? part))).join(' ')

/** The Chinese half of a sentence that says what is wrong. */
export const inChinese = (message: string): string => {
  const said = message.split(' / ')[0] ?? message
  return /[\u4e00-\u9fff]/.test(said) ? said : '没有写，或者写得不对、太长'
}
