import { addDays, addMonths, dayOf, existingDay, festivalAt, festivalDay, lastDayOfMonth, lunarDay, monthOf, weekdayOf, yearOf } from './calendar.ts'
import type { Day } from './calendar.ts'
import { lookAhead, lookBack } from './look-back.ts'
import { parseNumber } from '../numbers.ts'

/** Which way a day lies that is named without its year, month or week. `either`: by what is said around it, else the nearer one. */
export type Direction = 'past' | 'future' | 'either'

export interface DateReading {
  day: Day
  start: number
  end: number
  /** Said in the same word: 昨晚 -> 晚上, 今早 -> 早上; '' = a date without a part of the day. */
  dayPart: string
  isWeekday: boolean
}

interface Context {
  today: Day
  direction: Direction
  /** What stands before and after the expression, for telling 3号楼 from the 3rd and past from future. */
  before: string
  after: string
}

interface Read {
  day: Day | undefined
  dayPart?: string
  isWeekday?: boolean
}

interface Rule {
  /** The characters that it can begin with. */
  heads: string
  pattern: RegExp
  read: (match: RegExpExecArray, context: Context) => Read | undefined
}

const DIGITS = '0123456789'
const NUMERALS = '零〇一二三四五六七八九十两廿卅'
const N = `(\\d{1,2}|[${NUMERALS}]{1,3})`
/** The same, not within a longer number. */
const WHOLE_N = `(?<![\\d${NUMERALS}])${N}`
const number = (text: string | undefined): number => parseNumber(text ?? '') ?? Number.NaN

// Said of what has happened; a bare weekday or date before it lies in the past.
const IS_PAST = /^[^,。;!?]{0,8}(?:坏了|丢了|漏了|停了|堵了|开始[漏坏停响]|就[坏漏堵停没]|没了|发生|发现|出现|报的?修|报过|报了|反映过|打过|来过|修过|刚|摔|撞|已经)/

const liesBehind = ({ direction, after }: Context): boolean => direction === 'past' || (direction === 'either' && IS_PAST.test(after))
const daysAhead = (day: Day, { today }: Context): number => (day - today) / 86_400_000

/** Of a day that comes every year the one that is meant. */
function ofTheYear(dayIn: (year: number) => Day | undefined, context: Context): Day | undefined {
  const year = yearOf(context.today)
  const day = dayIn(year)
  if (day === undefined) return undefined
  const ahead = daysAhead(day, context)
  if (context.direction === 'past') return ahead > 0 ? dayIn(year - 1) : day
  if (context.direction === 'future') return ahead < 0 ? dayIn(year + 1) : day
  if (ahead < -200 && !liesBehind(context)) return dayIn(year + 1)
  return ahead > 270 ? dayIn(year - 1) : day
}

function ofTheMonth(date: number, context: Context): Day | undefined {
  const { today, after, direction } = context
  const day = existingDay(yearOf(today), monthOf(today), date)
  const inMonth = (offset: number): Day | undefined => {
    const first = addMonths(dayOf(yearOf(today), monthOf(today), 1), offset)
    return existingDay(yearOf(first), monthOf(first), date)
  }
  if (direction === 'past') return day === undefined || day > today ? inMonth(-1) : day
  const isOver = day !== undefined && day < today && !liesBehind(context) && (direction === 'future' || !/了/.test(after.slice(0, 12)))
  return isOver ? inMonth(1) : day
}

const YEAR_WORDS: Readonly<Record<string, number>> = { 今年: 0, 本年: 0, 明年: 1, 后年: 2, 去年: -1, 前年: -2, 大前年: -3, 转年: 1, 来年: 1 }

function yearOfWords(text: string, today: Day): number | undefined {
  const offset = YEAR_WORDS[text]
  if (offset !== undefined) return yearOf(today) + offset
  const value = number(text.replace(/年$/, ''))
  if (Number.isNaN(value)) return undefined
  return value < 100 ? value + (value > 50 ? 1900 : 2000) : value
}

const WEEKDAYS: Readonly<Record<string, number>> = { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 日: 7, 天: 7, 末: 6, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7 }
const WEEKS: Readonly<Record<string, number>> = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1, 下下: 2 }

function readWeekday(match: RegExpExecArray, context: Context): Day | undefined {
  const weekday = WEEKDAYS[match[2] ?? '']
  if (weekday === undefined) return undefined
  const monday = addDays(context.today, 1 - weekdayOf(context.today))
  const inThisWeek = addDays(monday, weekday - 1)
  const weeks = WEEKS[(match[1] ?? '').replace(/一?个$/, '')]
  if (weeks !== undefined) return addDays(inThisWeek, weeks * 7)
  if (match[2] === '末' && weekdayOf(context.today) === 7) return context.today
  if (inThisWeek < context.today && !liesBehind(context)) return addDays(inThisWeek, 7)
  return inThisWeek > context.today && liesBehind(context) ? addDays(inThisWeek, -7) : inThisWeek
}

const RELATIVE: Readonly<Record<string, number>> = { 大前: -3, 前: -2, 昨: -1, 今: 0, 当: 0, 本: 0, 明: 1, 赶明: 1, 后: 2, 大后: 3, 大大后: 4 }
const PART_OF_SHORT: Readonly<Record<string, string>> = { 早: '早上', 晨: '早上', 晚: '晚上', 夜: '夜里', 黑: '晚上' }

function readRelative(match: RegExpExecArray, { today, before, after }: Context): Read | undefined {
  const word = match[1] ?? ''
  if (word === '后' && /[以之随先然最背]$/.test(before)) return undefined
  if (word === '前' && /[目之以向提]$/.test(before)) return undefined
  if (word === '本' && !/^日/.test(match[0].slice(1))) return undefined
  if (match[0].endsWith('黑') && /^[^,。;]{0,1}[社板户色]/.test(after)) return undefined
  const offset = RELATIVE[word]
  return offset === undefined ? undefined : { day: addDays(today, offset), dayPart: PART_OF_SHORT[match[2] ?? ''] ?? '' }
}

function readMonthPart(first: Day, part: string): Day {
  if (/底|末/.test(part)) return lastDayOfMonth(yearOf(first), monthOf(first))
  return /初|上旬/.test(part) ? first : addDays(first, part.startsWith('下') ? 20 : 14)
}

function readDistance(match: RegExpExecArray, { today }: Context): Read | undefined {
  const sign = match[3] === '前' ? -1 : 1
  const isHalf = match[1] === '半'
  const count = isHalf ? 1 : match[1] === '仨' ? 3 : match[1] === '俩' ? 2 : number(match[1])
  if (Number.isNaN(count)) return undefined
  if (match[2] === '月') return { day: isHalf ? addDays(today, sign * 15) : addMonths(today, sign * count) }
  if (match[2] === '年') return { day: count > 200 ? undefined : addMonths(today, sign * (isHalf ? 6 : count * 12)) }
  return { day: isHalf ? undefined : addDays(today, sign * count * (match[2] === '天' || match[2] === '日' ? 1 : 7)) }
}

const LUNAR_MONTHS: Readonly<Record<string, number>> = { 正: 1, 冬: 11, 腊: 12 }

/** 正月初三, 腊月廿三, 农历八月十五; 初八 alone is the first one that comes. */
function readLunar(match: RegExpExecArray, context: Context): Read | undefined {
  const date = number((match[3] ?? '').replace(/^初/, ''))
  if (Number.isNaN(date)) return undefined
  const month = LUNAR_MONTHS[match[2] ?? ''] ?? number(match[2])
  const year = match[1] === undefined ? undefined : yearOfWords(match[1], context.today)
  if (year !== undefined) return { day: lunarDay(year, month, date) }
  const isLate = month >= 11
  const day = ofTheYear((of) => lunarDay(isLate ? of - 1 : of, month, date), context)
  return { day: isLate && context.direction === 'either' && day !== undefined && daysAhead(day, context) < -60 && !liesBehind(context) ? lunarDay(yearOf(context.today), month, date) : day }
}

/** 初八: the first one that comes, or the last one that was. */
function readLunarDateAlone(said: string | undefined, context: Context): Read {
  const date = number(said)
  const year = yearOf(context.today)
  let last: Day | undefined
  // The twelve months of the lunar year before are counted on by those of this one; four before this calendar month's number lies in the past.
  for (let month = 12 + monthOf(context.today) - 4; month <= 24; month += 1) {
    const day = month > 12 ? lunarDay(year, month - 12, date) : lunarDay(year - 1, month, date)
    if (day === undefined) continue
    if (day >= context.today) return { day: day > context.today && liesBehind(context) ? last : day }
    last = day
  }
  return { day: liesBehind(context) ? last : undefined }
}

function readFestival(name: string, year: number | undefined, context: Context): Day | undefined {
  if (year !== undefined) return festivalDay(name, year)
  if (context.direction !== 'either') return ofTheYear((of) => festivalDay(name, of), context)
  const thisYear = festivalDay(name, yearOf(context.today))
  return thisYear !== undefined && daysAhead(thisYear, context) < -20 && !liesBehind(context) ? festivalDay(name, yearOf(context.today) + 1) : thisYear
}

/** The day of a festival that a whole answer names. */
export const dayOfFestival = (name: string, today: Day, direction: Direction): Day | undefined => readFestival(name, undefined, { today, direction, before: '', after: '' })

const rule = (heads: string, pattern: string, read: Rule['read']): Rule => ({ heads, pattern: new RegExp(pattern, 'y'), read })

// A number with 号 is a date where nothing follows, or what is said of a day: a part of it, who does or is what, how it goes on. Before a noun it counts things: 3号楼, 五号网格.
const OF_A_DAY = [
  '$|[^\\u3400-\\u9fffa-z\\d#]|\\d{1,2}[点:]|[一二三四五六七八九十两]{1,3}点',
  '[早晚晨夜前后之以到至左]|上[午门班]|下[午班]|中[午旬]|凌晨|傍|白天|那[天会]|当天|这天|星期|礼拜|周[一二三四五六日]|开始|大?[概约]',
  '[我你您他她它咱的了吧呗呢就才也都还又再要想能可会得该没不别来去在有是由给帮请让行成截过]',
  '停(?!车)|断|修|装|换(?!热)|坏|发|办(?!公)|交(?!叉|口)|送|取|接|走(?!廊|道)|回|出[发门来去]|报(?!箱|亭)|打|搬|用|刚|已|说|丢|漏|堵|摔|生|结|清|检|体检|开(?!关)',
].join('|')
const IS_DATE = `(?=${OF_A_DAY})`
const NAMED_YEAR = '(今年|明年|后年|去年|前年|大前年|本年|来年|转年)'

/** At each place of a text the first of these that fits there is taken. */
const RULES: readonly Rule[] = [
  // 2026年12月1日, 2026-12-01, 2026/12/1, 二〇二六年十二月一日
  rule(DIGITS + NUMERALS, `(?<!\\d)(\\d{4}|\\d{2}(?=年)|[零〇一二三四五六七八九]{2,4}(?=年))[年\\-/.]的?${N}[月\\-/.]份?${N}(?:日|号|(?![\\d日号]))`, (match, { today }) => {
    const year = yearOfWords(match[1] ?? '', today)
    return { day: year === undefined ? undefined : existingDay(year, number(match[2]), number(match[3])) }
  }),
  // 20261201
  rule('2', '(?<!\\d)(20\\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])(?!\\d)', (match) => ({ day: existingDay(Number(match[1]), Number(match[2]), Number(match[3])) })),
  // 明年3月5号
  rule('今明后去前大本来转', `${NAMED_YEAR}的?${N}月份?${N}(?:日|号|(?![\\d日号]))`, (match, { today }) => {
    const year = yearOfWords(match[1] ?? '', today)
    return { day: year === undefined ? undefined : existingDay(year, number(match[2]), number(match[3])) }
  }),
  // 12月1号; a lunar date is said without 号: 八月十五, 腊月廿三, 正月初三
  rule('农阴今明后去前大本来转正冬腊', `(?:${NAMED_YEAR}的?)?(?:农历|阴历)?([正冬腊])月(初[一二三四五六七八九十]|[一二三四五六七八九十廿卅]{1,3})(?![\\d点号])`, readLunar),
  rule('八', '八月十五(?![日号\\d])', (_match, context) => ({ day: readFestival('中秋', undefined, context) })),
  rule('农阴', '()(?:农历|阴历)(\\d{1,2}|[一二三四五六七八九十]{1,2})月(初[一二三四五六七八九十]|\\d{1,2}|[一二三四五六七八九十廿卅]{1,3})(?:日|号)?', (match, context) => {
    const date = number((match[3] ?? '').replace(/^初/, ''))
    return { day: ofTheYear((year) => lunarDay(year, number(match[2]), date), context) }
  }),
  rule('大', '大年初([一二三四五六七八九十])', (match, context) => ({ day: ofTheYear((year) => lunarDay(year, 1, number(match[1])), context) })),
  rule(NUMERALS, '()([二三四五六七八九十]{1,2}(?=月))月(初[一二三四五六七八九十]|廿[一二三四五六七八九]?)(?![\\d点号])', (match, context) => {
    const date = number((match[3] ?? '').replace(/^初/, ''))
    return { day: ofTheYear((year) => lunarDay(year, number(match[2]), date), context) }
  }),
  rule('初', '(?<![年月大最当起])初([一二三四五六七八九十])(?![月中高级一二三]|步|期|次|生)', (match, context) => readLunarDateAlone(match[1], context)),
  rule('过', '过了(十五|初[一二三四五六七八九十])(?![\\d点号日月天])', (match, context) => readLunarDateAlone(match[1]?.replace('初', ''), context)),
  rule(DIGITS + NUMERALS, `${WHOLE_N}月份?的?${N}(?:日|号|(?![\\d日号]))(?!个|楼|栋)`, (match, context) => {
    const [month, date] = [number(match[1]), number(match[2])]
    return { day: ofTheYear((year) => existingDay(year, month, date), context) }
  }),
  rule(DIGITS, '(?<![\\d/])(1[0-2]|0?[1-9])\\/(3[01]|[12]\\d|0?[1-9])(?![\\d/])', (match, context) => ({ day: ofTheYear((year) => existingDay(year, Number(match[1]), Number(match[2])), context) })),
  // 下个月5号, 本月9日
  rule('上这本当下', `(上上|上|这|本|当|下下|下)个?月的?${N}[日号]`, (match, { today }) => {
    const first = addMonths(dayOf(yearOf(today), monthOf(today), 1), WEEKS[match[1] ?? ''] ?? 0)
    return { day: existingDay(yearOf(first), monthOf(first), number(match[2])) }
  }),
  rule('上这本当下个月', '(上|这|本|当|下)?个?月(底|末|初|[上中下]旬|中)(?!考)', (match, { today, before }) => {
    if (match[1] === undefined && /[\d一二三四五六七八九十每]$/.test(before)) return undefined
    return { day: readMonthPart(addMonths(dayOf(yearOf(today), monthOf(today), 1), { 上: -1, 下: 1 }[match[1] ?? ''] ?? 0), match[2] ?? '') }
  }),
  rule(DIGITS + NUMERALS, `${WHOLE_N}月份?月?(底|末|初|[上中下]旬)`, (match, context) => {
    const month = number(match[1])
    if (!(month >= 1 && month <= 12)) return undefined
    return { day: ofTheYear((year) => readMonthPart(dayOf(year, month, 1), match[2] ?? ''), context) }
  }),
  rule('今明去年', '(今年|明年|去年)?(?<!每)年(底|末)(?!考)', (match, { today }) => ({ day: dayOf(yearOf(today) + (YEAR_WORDS[match[1] ?? ''] ?? 0), 12, 31) })),
  rule('今明去', '(今|明|去)年(底|末)(?!考)', (match, { today }) => ({ day: dayOf(yearOf(today) + (YEAR_WORDS[`${match[1] ?? ''}年`] ?? 0), 12, 31) })),
  // 下周三, 本周五, 这个周末, 上礼拜天, 星期六
  rule('上下这本周星礼', '(上上一?个?|下下一?个?|上一?个?|下一?个?|这一?个?|本)?(?:(?<=[上下这本个])周)?(?:周|星期|礼拜)([一二三四五六日天末]|[1-7](?!\\d))(?![个岁年]|天前|天后)', (match, context) =>
    /每个?$|逢$|[一-龥]隔$/.test(context.before) ? undefined : { day: readWeekday(match, context), isWeekday: true }),
  // 明后天: the first of the two
  rule('明今', '(今明|明后)(?:两|俩|2)?[天日](?!常)', (match, { today }) => ({ day: addDays(today, match[1] === '今明' ? 0 : 1) })),
  // 大前天, 昨天, 今儿个, 后儿, 昨黑儿
  rule('大前昨今明后当本赶', '(大前|大大后|大后|赶明|前|昨|今|明|后|当|本)(?:天|日(?!常|期|子|历|用)|儿个?(?!子|女|媳|童)|个儿?(?=$|[,。;!?\\s早晚上下中晌后头前夜的])|个儿)(?:(早|晚)(?!间|晨|期|点|了|些|[上]))?(夜(?!里|间|晚))?', (match, context) =>
    readRelative(Object.assign(match, { 2: match[2] ?? match[3] }), context)),
  rule('昨今明当前后', '(昨|今|明|当|前|后)(早|晨|晚|夜)(?:上|间|里)?(?!期|点|了)', readRelative),
  rule('昨今', '(昨|今)(黑)(?:儿|夜|个|天|里)*', readRelative),
  // 3天后, 两周前, 半年前
  rule(DIGITS + NUMERALS + '百半仨俩', `(?<![\\d${NUMERALS}个])(\\d{1,3}|[${NUMERALS}百千]{1,3}|半|仨|俩)个?多?(天|日|周|星期|礼拜|(?<=个|半|个多|仨|俩)月|年)(?:之|以)?(前|后)(?!面|边|台|门|楼|院)`, readDistance),
  rule('过', `(?<!不|难)过${N}天(?!后)`, (match, { today }) => ({ day: addDays(today, number(match[1])) })),
  // 15号, 二十八号
  rule(DIGITS + NUMERALS, `(?<![\\d一二三四五六七八九十a-z\\-#路街巷弄道村镇苑园区])${N}[号日]${IS_DATE}`, (match, context) => ({ day: ofTheMonth(number(match[1]), context) })),
  rule('刚方现这眼', '刚才|刚刚|方才|现在|这会儿?|眼下', (_match, { today, before }) => (/[到至]$/.test(before) ? undefined : { day: today })),
]

const rulesByHead = new Map<string, Rule[]>()
for (const one of RULES) for (const head of new Set(one.heads)) rulesByHead.set(head, [...(rulesByHead.get(head) ?? []), one])

const FESTIVAL_TAIL = /(?:节)?(?:前一天|前夕)?/y
const YEAR_BEFORE = /(今年|明年|去年|后年|前年)的?$/

function readFestivalAt(text: string, at: number, context: Context): DateReading | undefined {
  const name = festivalAt(text, at)
  if (name === undefined) return undefined
  FESTIVAL_TAIL.lastIndex = at + name.length
  const tail = FESTIVAL_TAIL.exec(text)?.[0] ?? ''
  const said = YEAR_BEFORE.exec(context.before)
  const year = said?.[1] === undefined ? undefined : yearOfWords(said[1], context.today)
  const end = at + name.length + tail.length
  const day = readFestival(name, year, { ...context, after: lookAhead(text, end) })
  if (day === undefined) return undefined
  return { day: addDays(day, tail.endsWith('前一天') || tail.endsWith('前夕') ? -1 : 0), start: at - (said?.[0].length ?? 0), end, dayPart: '', isWeekday: false }
}

function readDateAt(text: string, at: number, today: Day, direction: Direction): DateReading | { day: undefined; end: number } | undefined {
  const rules = rulesByHead.get(text.charAt(at)) ?? []
  for (const { pattern, read } of rules) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) continue
    const end = at + match[0].length
    const reading = read(match, { today, direction, before: lookBack(text, at), after: lookAhead(text, end) })
    // A date that the calendar has not (2月30号) is none, and no part of it is one.
    if (reading !== undefined && (reading.day === undefined || Number.isNaN(reading.day))) return { day: undefined, end }
    if (reading?.day !== undefined) return { day: reading.day, start: at, end, dayPart: reading.dayPart ?? '', isWeekday: reading.isWeekday ?? false }
  }
  return readFestivalAt(text, at, { today, direction, before: lookBack(text, at), after: '' })
}

/** Every date in a text in the form of `normalize`, in the order said, none overlapping another; one look at each place. */
export function readDates(text: string, today: Day, direction: Direction = 'either'): DateReading[] {
  const found: DateReading[] = []
  for (let at = 0; at < text.length; ) {
    const reading = readDateAt(text, at, today, direction)
    if (reading?.day !== undefined) found.push(reading)
    at = reading?.end ?? at + 1
  }
  return found
}
