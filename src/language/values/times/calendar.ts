import { createWordTable } from '../../word-table.ts'

// Days are counted as UTC midnights: a calendar day has no zone.
export type Day = number

export const DAY_MS = 24 * 60 * 60 * 1000

export const dayOf = (year: number, month: number, date: number): Day => Date.UTC(year, month - 1, date)
export const addDays = (day: Day, count: number): Day => day + count * DAY_MS
export const formatDay = (day: Day): string => new Date(day).toISOString().slice(0, 10)
export const yearOf = (day: Day): number => new Date(day).getUTCFullYear()
export const monthOf = (day: Day): number => new Date(day).getUTCMonth() + 1
/** 1 = Monday … 7 = Sunday. */
export const weekdayOf = (day: Day): number => new Date(day).getUTCDay() || 7

/** The day, if the calendar has it (no 31 November). */
export function existingDay(year: number, month: number, date: number): Day | undefined {
  const day = dayOf(year, month, date)
  return monthOf(day) === month && new Date(day).getUTCDate() === date ? day : undefined
}

/** The same date some months away, or the last day of that month. */
export function addMonths(day: Day, count: number): Day {
  const date = new Date(day)
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1)
  return existingDay(yearOf(first), monthOf(first), date.getUTCDate()) ?? lastDayOfMonth(yearOf(first), monthOf(first))
}

export const lastDayOfMonth = (year: number, month: number): Day => Date.UTC(year, month, 0)

/** Days that the lunar calendar names: month and date of it. */
const LUNAR_FESTIVALS: Readonly<Record<string, readonly [month: number, date: number]>> = { 春节: [1, 1], 大年: [1, 1], 元宵: [1, 15], 端午: [5, 5], 七夕: [7, 7], 中元: [7, 15], 中秋: [8, 15], 重阳: [9, 9], 腊八: [12, 8], 小年: [12, 23] }
/** The last day of the lunar year has no date of its own: 29 or 30. */
const NEW_YEARS_EVE: ReadonlySet<string> = new Set(['除夕', '年三十', '大年三十'])
const SOLAR_FESTIVALS: Readonly<Record<string, readonly [month: number, date: number]>> = {
  元旦: [1, 1], 妇女节: [3, 8], 三八节: [3, 8], 植树节: [3, 12], 劳动节: [5, 1], 五一: [5, 1], 青年节: [5, 4], 儿童节: [6, 1], 六一: [6, 1], 七一: [7, 1], 建军节: [8, 1], 八一: [8, 1], 教师节: [9, 10], 国庆: [10, 1], 十一: [10, 1], 平安夜: [12, 24], 圣诞: [12, 25],
}
/** The 24 solar terms: month, and the constant of the usual rule for their date in this century. */
const SOLAR_TERMS: Readonly<Record<string, readonly [month: number, constant: number]>> = {
  小寒: [1, 5.4055], 大寒: [1, 20.12], 立春: [2, 3.87], 雨水: [2, 18.73], 惊蛰: [3, 5.63], 春分: [3, 20.646], 清明: [4, 4.81], 谷雨: [4, 20.1], 立夏: [5, 5.52], 小满: [5, 21.04], 芒种: [6, 5.678], 夏至: [6, 21.37],
  小暑: [7, 7.108], 大暑: [7, 22.83], 立秋: [8, 7.5], 处暑: [8, 23.13], 白露: [9, 7.646], 秋分: [9, 23.042], 寒露: [10, 8.318], 霜降: [10, 23.438], 立冬: [11, 7.438], 小雪: [11, 22.36], 大雪: [12, 7.18], 冬至: [12, 21.94],
}
/** Names that are also numbers, or weather: a festival only with one of these after them. */
const NEEDS_MORE: Readonly<Record<string, readonly string[]>> = {
  五一: ['节', '假', '放', '期间', '前', '后', '当天', '那天', '劳动'], 六一: ['节', '儿童', '当天', '那天'], 七一: ['节', '前', '后', '当天'], 八一: ['节', '前', '后', '当天'], 十一: ['假', '长假', '期间', '放假', '黄金'],
  小雪: ['节气'], 大雪: ['节气'], 雨水: ['节气'], 大年: ['初一'], 小满: ['节气', '前', '后', '那天'],
}

const FESTIVAL_NAMES: readonly string[] = [...Object.keys(LUNAR_FESTIVALS), ...NEW_YEARS_EVE, ...Object.keys(SOLAR_FESTIVALS), ...Object.keys(SOLAR_TERMS)]
const nameAt = createWordTable(FESTIVAL_NAMES)

const words = new Intl.Segmenter('zh', { granularity: 'word' })
const LONGEST_WORD = 4

/** Whether the end of a name is the beginning of another word: 小年 in 小年轻. */
function endsInOtherWord(text: string, at: number, name: string): boolean {
  const last = words.segment(text.slice(at, at + name.length + LONGEST_WORD)).containing(name.length - 1)
  return last !== undefined && last.index > 0 && last.index + last.segment.length > name.length && last.segment.charAt(name.length - last.index) !== '节'
}

/** The festival or solar term that stands at a place of a text; undefined when none does. */
export function festivalAt(text: string, at: number): string | undefined {
  const name = nameAt(text, at)
  if (name !== undefined && endsInOtherWord(text, at, name)) return undefined
  const needed = name === undefined ? undefined : NEEDS_MORE[name]
  return name !== undefined && (needed === undefined || needed.some((word) => text.startsWith(word, at + name.length))) ? name : undefined
}

/** The festival that a whole text is ("十一", "中秋节"), also by a name that is a number. */
export const festivalNamed = (text: string): string | undefined => FESTIVAL_NAMES.find((name) => text === name || text === `${name}节`)

// Where calendars of some runtimes are a day off, because the new moon falls close to midnight in Beijing.
const FIRST_MONTH_CORRECTIONS: Readonly<Record<number, Day>> = { 2027: dayOf(2027, 2, 6), 2030: dayOf(2030, 2, 3) }

let lunarFormat: Intl.DateTimeFormat | undefined

function lunarDate(day: Day): { month: number; date: number; isLeap: boolean } {
  lunarFormat ??= new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' })
  const parts = lunarFormat.formatToParts(new Date(day))
  const month = parts.find((part) => part.type === 'month')?.value ?? ''
  const date = parts.find((part) => part.type === 'day')?.value ?? ''
  return { month: Number.parseInt(month, 10), date: Number.parseInt(date, 10), isLeap: /bis/.test(month) }
}

/** The first days of the twelve lunar months (leap ones left out) of the lunar year that begins in a year. */
function monthsOfLunarYear(year: number): ReadonlyMap<number, Day> {
  const starts = new Map<number, Day>()
  // The first month begins between 21 January and 20 February, the last one at most 13 months later.
  for (let day = dayOf(year, 1, 20); day < dayOf(year + 1, 2, 1) && starts.size < 12; ) {
    const { month, date, isLeap } = lunarDate(day)
    // Months have 29 or 30 days: from any day the next first one is not nearer than this.
    if (date !== 1) day = addDays(day, Math.max(1, 30 - date))
    else {
      if (!isLeap && (month === 1 || starts.size > 0)) starts.set(month, day)
      day = addDays(day, 29)
    }
  }
  const first = FIRST_MONTH_CORRECTIONS[year]
  if (first !== undefined) starts.set(1, first)
  return starts
}

const MOST_YEARS_KEPT = 50
const lunarYears = new Map<number, ReadonlyMap<number, Day>>()

/** The day of a lunar date in the lunar year that begins in `year`. Each year is reckoned once. */
export function lunarDay(year: number, month: number, date: number): Day | undefined {
  if (year < 1900 || year > 2200) return undefined
  let months = lunarYears.get(year)
  if (months === undefined) {
    if (lunarYears.size >= MOST_YEARS_KEPT) lunarYears.clear()
    months = monthsOfLunarYear(year)
    lunarYears.set(year, months)
  }
  const first = months.get(month)
  return first === undefined || date < 1 || date > 30 ? undefined : addDays(first, date - 1)
}

/** The day of a festival or solar term; a festival of the twelfth lunar month lies in the year whose spring festival is in `year`. */
export function festivalDay(name: string, year: number): Day | undefined {
  const solar = SOLAR_FESTIVALS[name]
  if (solar !== undefined) return dayOf(year, ...solar)
  const term = SOLAR_TERMS[name]
  if (term !== undefined) return dayOf(year, term[0], Math.floor((year % 100) * 0.2422 + term[1]) - Math.floor(((year % 100) - (term[0] <= 2 ? 1 : 0)) / 4))
  if (NEW_YEARS_EVE.has(name)) {
    const spring = lunarDay(year, 1, 1)
    return spring === undefined ? undefined : addDays(spring, -1)
  }
  const lunar = LUNAR_FESTIVALS[name]
  return lunar === undefined ? undefined : lunarDay(lunar[0] === 12 ? year - 1 : year, ...lunar)
}
