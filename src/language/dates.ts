import { addDays, addMonths, dayOf, existingDay, FESTIVAL, festivalDay, lastDayOfMonth, monthOf, weekdayOf, yearOf } from './calendar.ts'
import type { Day } from './calendar.ts'
import { CHINESE_NUMBER, parseNumber } from './numbers.ts'

export interface DateReading {
  day: Day
  start: number
  end: number
  /** Said in the same word: 昨晚 -> 晚上, 今早 -> 早上; undefined when not. '' = a date without a part of the day. */
  dayPart: string
  isWeekday: boolean
}

interface Context {
  today: Day
  /** What stands before and after the expression, for telling 3号楼 from the 3rd and past from future. */
  before: string
  after: string
}

type Reader = (match: RegExpExecArray, context: Context) => { day: Day | undefined; dayPart?: string; isWeekday?: boolean } | undefined

const N = `(?:\\d{1,2}|${CHINESE_NUMBER.replace('百千', '')}{1,3})`
const number = (text: string | undefined): number => parseNumber(text ?? '') ?? Number.NaN

// Said of what has happened; a bare weekday or date before it lies in the past.
const IS_PAST = /^[^,。;!?]{0,8}(?:坏了|丢了|漏了|停了|堵了|开始[漏坏停响]|就[坏漏堵停没]|没了|发生|发现|出现|报的?修|报过|报了|反映过|打过|来过|修过|刚|摔|撞|已经)/

function nearestYear(month: number, date: number, context: Context): Day | undefined {
  const year = yearOf(context.today)
  const day = existingDay(year, month, date)
  if (day === undefined) return undefined
  const daysAhead = (day - context.today) / 86_400_000
  if (daysAhead < -200 && !IS_PAST.test(context.after)) return existingDay(year + 1, month, date)
  if (daysAhead > 270) return existingDay(year - 1, month, date)
  return day
}

function yearOfWords(text: string, today: Day): number | undefined {
  const year = yearOf(today)
  const offset = { 今年: 0, 本年: 0, 明年: 1, 后年: 2, 去年: -1, 前年: -2 }[text]
  if (offset !== undefined) return year + offset
  const value = number(text.replace(/年$/, ''))
  if (Number.isNaN(value)) return undefined
  return value < 100 ? value + (value > 50 ? 1900 : 2000) : value
}

const WEEKDAYS: Record<string, number> = { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 日: 7, 天: 7, 末: 6, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7 }

function readWeekday(match: RegExpExecArray, context: Context): Day | undefined {
  const weekday = WEEKDAYS[match[2] ?? '']
  if (weekday === undefined) return undefined
  const monday = addDays(context.today, 1 - weekdayOf(context.today))
  const inThisWeek = addDays(monday, weekday - 1)
  const which = match[1] ?? ''
  const weeks = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1, 下下: 2 }[which.replace(/一?个$/, '')]
  if (weeks !== undefined) return addDays(inThisWeek, weeks * 7)
  if (match[2] === '末' && weekdayOf(context.today) === 7) return context.today
  if (inThisWeek < context.today && !IS_PAST.test(context.after)) return addDays(inThisWeek, 7)
  return inThisWeek > context.today && IS_PAST.test(context.after) ? addDays(inThisWeek, -7) : inThisWeek
}

const RELATIVE: Record<string, number> = { 大前: -3, 前: -2, 昨: -1, 今: 0, 当: 0, 明: 1, 后: 2, 大后: 3 }
const PART_OF_SHORT: Record<string, string> = { 早: '早上', 晨: '早上', 晚: '晚上', 夜: '夜里' }

const READERS: [RegExp, Reader][] = [
  // 2026年12月1日, 2026-12-01, 2026/12/1, 2026.12.1, 二〇二六年十二月一日, 明年3月5号
  [new RegExp(`(\\d{4}|\\d{2}(?=年)|[零〇一二三四五六七八九]{2,4}(?=年)|今年|明年|后年|去年|前年|本年)[年\\-/.]?(?:的)?(${N})[月\\-/.](?:份)?(${N})(?:日|号|(?![\\d日号]))`, 'g'), (match, { today }) => {
    const year = yearOfWords(match[1] ?? '', today)
    return { day: year === undefined ? undefined : existingDay(year, number(match[2]), number(match[3])) }
  }],
  [/(?<!\d)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)/g, (match) => ({ day: existingDay(Number(match[1]), Number(match[2]), Number(match[3])) })],
  // 12月1号; 下个月5号, 这个月15号, 本月9日
  [new RegExp(`(?<![\\d一二三四五六七八九十])(${N})月(?:份)?的?(${N})(?:日|号|(?![\\d日号]))(?!个|楼|栋)`, 'g'), (match, context) => ({ day: nearestYear(number(match[1]), number(match[2]), context) })],
  [/(?<![\d/])(1[0-2]|0?[1-9])\/(3[01]|[12]\d|0?[1-9])(?![\d/])/g, (match, context) => ({ day: nearestYear(Number(match[1]), Number(match[2]), context) })],
  [new RegExp(`(上上|上|这|本|当|下下|下)个?月的?(${N})[日号]`, 'g'), (match, { today }) => {
    const months = { 上上: -2, 上: -1, 这: 0, 本: 0, 当: 0, 下: 1, 下下: 2 }[match[1] ?? ''] ?? 0
    const first = addMonths(dayOf(yearOf(today), monthOf(today), 1), months)
    return { day: existingDay(yearOf(first), monthOf(first), number(match[2])) }
  }],
  [/(上|这|本|当|下)?个?月(底|末|初|中旬?)(?!考)/g, (match, { today }) => {
    const months = { 上: -1, 下: 1 }[match[1] ?? ''] ?? 0
    const first = addMonths(dayOf(yearOf(today), monthOf(today), 1), months)
    const part = match[2] ?? ''
    return { day: /底|末/.test(part) ? lastDayOfMonth(yearOf(first), monthOf(first)) : part === '初' ? first : addDays(first, 14) }
  }],
  [new RegExp(`(?<![\\d一二三四五六七八九十])(${N})月(底|末)`, 'g'), (match, { today }) => ({ day: lastDayOfMonth(yearOf(today), number(match[1])) })],
  [/(今年|明年|去年)?(?<!每)年(?:底|末)(?!考)/g, (match, { today }) => ({ day: dayOf(yearOf(today) + ({ 明年: 1, 去年: -1 }[match[1] ?? ''] ?? 0), 12, 31) })],
  // 下周三, 本周五, 这个周末, 上礼拜天, 星期六
  [/(上上个?|下下个?|上一?个?|下一?个?|这一?个?|本)?(?:周|星期|礼拜)([一二三四五六日天末1-7])(?![个岁年\d]|天前|天后)/g, (match, context) =>
    /每个?$|[一-龥]隔$/.test(context.before) ? undefined : { day: readWeekday(match, context), isWeekday: true }],
  // 大前天, 昨天, 今早, 明晚, 后儿
  [/(大前|大后|前|昨|今|明|后|当)(?:(?:天|日(?!常|期|子|历|用)|儿个?(?!子|女|媳|童)|个儿)(?:(?=早|晚)(早|晚)(?!上|间|晨|期|点|了|些)|夜)?|(早|晨|晚|夜)(?!期|点|了))/g, (match, { today, before }) => {
    if (/[以之随先]$/.test(before) && match[1] === '后') return undefined
    if (/[目之以]$/.test(before) && match[1] === '前') return undefined
    const offset = RELATIVE[match[1] ?? '']
    return offset === undefined ? undefined : { day: addDays(today, offset), dayPart: PART_OF_SHORT[match[2] ?? match[3] ?? (match[0].endsWith('夜') ? '夜' : '')] ?? '' }
  }],
  // 3天后, 两周前, 一个月以前, 过两天
  [new RegExp(`(\\d{1,3}|${CHINESE_NUMBER}{1,3}|半)个?多?(天|日|周|星期|礼拜|(?<=个|半|个多)月|年)(?:之|以)?(前|后)(?!面|边|台|门|楼|院)`, 'g'), (match, { today }) => {
    const sign = match[3] === '前' ? -1 : 1
    const half = match[1] === '半'
    const count = half ? 1 : number(match[1])
    if (Number.isNaN(count)) return undefined
    if (match[2] === '月') return { day: half ? addDays(today, sign * 15) : addMonths(today, sign * count) }
    if (match[2] === '年') return { day: addMonths(today, sign * (half ? 6 : count * 12)) }
    return { day: half ? undefined : addDays(today, sign * count * (match[2] === '天' || match[2] === '日' ? 1 : 7)) }
  }],
  [new RegExp(`(?<!不|难)过(${N})天(?!后)`, 'g'), (match, { today }) => ({ day: addDays(today, number(match[1])) })],
  [new RegExp(`(今年|明年|去年)?(?:的)?(${FESTIVAL})(?:节)?(?:前一天|前夕)?`, 'g'), (match, context) => {
    const year = match[1] === undefined ? undefined : yearOfWords(match[1], context.today)
    const name = match[2] ?? ''
    const shift = /前一天|前夕/.test(match[0]) ? -1 : 0
    const thisYear = festivalDay(name, year ?? yearOf(context.today))
    if (thisYear === undefined) return undefined
    const isOver = year === undefined && (thisYear - context.today) / 86_400_000 < -20 && !IS_PAST.test(context.after)
    const day = isOver ? festivalDay(name, yearOf(context.today) + 1) : thisYear
    return { day: day === undefined ? undefined : addDays(day, shift) }
  }],
  // 15号, 二十八号; not 3号楼, 3号院, 3号线
  [new RegExp(`(?<![\\d一二三四五六七八九十a-z\\-#路街巷弄道村镇苑园区])(${N})[号日](?!楼|院|门|线|栋|座|单|房|室|码|文|召|店|井|公|大|厅|库|\\d|#|令|期|志|常|桌|车|坑|机|窗|住|家|的?\\d+单)`, 'g'), (match, context) => {
    const date = number(match[1])
    const { today } = context
    const day = existingDay(yearOf(today), monthOf(today), date)
    if (day !== undefined && day < today && !IS_PAST.test(context.after) && !/了/.test(context.after.slice(0, 12))) {
      const next = addMonths(dayOf(yearOf(today), monthOf(today), 1), 1)
      return { day: existingDay(yearOf(next), monthOf(next), date) }
    }
    return { day }
  }],
  [/刚才|刚刚|方才|现在|这会儿?|眼下|即刻|立刻|马上(?=来|派|就)/g, (_match, { today, before }) => (/[到至]$/.test(before) ? undefined : { day: today })],
]

/** Every date in a text, in the order said, none overlapping another; the readers at the head of the list win. */
export function readDates(text: string, today: Day): DateReading[] {
  const taken: DateReading[] = []
  for (const [pattern, read] of READERS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length]
      if (taken.some((other) => start < other.end && other.start < end)) continue
      const reading = read(match, { today, before: text.slice(0, start), after: text.slice(end) })
      if (reading?.day !== undefined) taken.push({ day: reading.day, start, end, dayPart: reading.dayPart ?? '', isWeekday: reading.isWeekday ?? false })
    }
  }
  return taken.sort((one, other) => one.start - other.start)
}
