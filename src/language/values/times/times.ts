import { toLocalIso } from '../../../domain/time.ts'
import { normalize } from '../../normalize.ts'
import { addDays, dayOf, festivalNamed, formatDay } from './calendar.ts'
import type { Day } from './calendar.ts'
import { dayPartAt, endOfDayPart, readClockAt } from './clock.ts'
import type { Clock } from './clock.ts'
import { dayOfFestival, readDates } from './dates.ts'
import type { DateReading, Direction } from './dates.ts'
import { hideSpans, LONGEST_READ, lookAhead, lookBack } from './look-back.ts'
import { parseNumber } from '../numbers.ts'

export type { Direction } from './dates.ts'

export interface FoundTime {
  /** `2026-11-24` or `2026-11-24T15:00`, Shanghai's wall clock. */
  time: string
  start: number
  end: number
}

const COUNT = '(?:\\d{1,3}|[零一二三四五六七八九十百两]{1,4})'
const DISTANCE = new RegExp(`(半个?|${COUNT}个?半?)多?(小时|钟头|点儿?(?=后|之后|以后)|分钟|刻钟|分(?=前|后|之|以))多?钟?(之前|以前|前|之后|以后|后|内|以内|之内)|再?过(半个?|${COUNT}个?半?)(小时|钟头|分钟|刻钟)`, 'g')

/** Minutes that "半小时", "一个半小时", "20分钟", "一刻钟" last. */
function minutesOf(count: string, unit: string): number | undefined {
  const perUnit = /小时|钟头|点/.test(unit) ? 60 : unit === '刻钟' ? 15 : 1
  if (count.startsWith('半')) return perUnit / 2
  const whole = parseNumber(count.replace(/个?半?$/, ''))
  return whole === undefined ? undefined : whole * perUnit + (count.endsWith('半') ? perUnit / 2 : 0)
}

function readDistances(text: string, now: Date): FoundTime[] {
  return Array.from(text.matchAll(DISTANCE)).flatMap((match) => {
    const [, count = match[4] ?? '', unit = match[5] ?? '', side = ''] = match
    const minutes = unit.startsWith('点') && !count.includes('个') ? undefined : minutesOf(count, unit)
    if (minutes === undefined) return []
    const sign = side.includes('前') ? -1 : 1
    return [{ time: toLocalIso(new Date(now.getTime() + sign * minutes * 60_000)).slice(0, 16), start: match.index, end: match.index + match[0].length }]
  })
}

function formatWithClock(day: Day, clock: Clock): string {
  const shifted = addDays(day, clock.daysLater)
  return `${formatDay(shifted)}T${String(clock.hour).padStart(2, '0')}:${String(clock.minute).padStart(2, '0')}`
}

/** The longest gap between a date and its clock: "明天（周三）下午3点", "12月1号，上午9点". */
const MOST_BETWEEN = 3
const BETWEEN = /^[\s,的大概约在是就()-]{0,3}$/

/** "明天（周三）", "11月28日 星期六": two words for one day. */
function mergeDates(dates: readonly DateReading[], text: string): DateReading[] {
  const merged: DateReading[] = []
  for (const date of dates) {
    const last = merged.at(-1)
    const isNear = last !== undefined && date.start - last.end <= 2
    const gap = isNear ? text.slice(last.end, date.start) : ''
    if (isNear && /^[\s,(]*$/.test(gap) && (date.isWeekday !== last.isWeekday || gap.includes('('))) last.end = date.end + (text[date.end] === ')' ? 1 : 0)
    else merged.push({ ...date })
  }
  return merged
}

/** The clock of a date, just behind it; a part of the day may stand between them. */
function clockAfter(text: string, date: DateReading): Clock | undefined {
  for (let gap = 0; gap <= MOST_BETWEEN; gap += 1) {
    if (gap > 0 && !BETWEEN.test(text.slice(date.end, date.end + gap))) return undefined
    const clock = readClockAt(text, date.end + gap, date.dayPart)
    if (clock !== undefined) return clock
  }
  return undefined
}

interface Moment {
  now: Date
  today: Day
  /** `2026-11-24T10:30`. */
  local: string
  direction: Direction
}

/** Clocks without a date ("晚上8点") are today's; where the direction is known and they lie on the other side, the nearest on that side. */
function timeOfBareClock(clock: Clock, { today, local, direction }: Moment): string {
  const time = formatWithClock(today, clock)
  if (direction === 'past' && time > local) return formatWithClock(addDays(today, -1), clock)
  if (direction !== 'future' || time >= local) return time
  const later = { ...clock, hour: clock.hour + 12 }
  if (!clock.hasDayPart && clock.hour < 12 && formatWithClock(today, later) >= local) return formatWithClock(today, later)
  return formatWithClock(addDays(today, 1), clock)
}

function readBareClocks(text: string, from: number, to: number, moment: Moment): FoundTime[] {
  const found: FoundTime[] = []
  for (let at = from; at < to; ) {
    const clock = readClockAt(text, at, undefined)
    if (clock !== undefined && clock.end <= to) found.push({ time: timeOfBareClock(clock, moment), start: at, end: clock.end })
    at = clock !== undefined && clock.end <= to ? clock.end : at + 1
  }
  return found
}

function momentOf(now: Date, direction: Direction): Moment {
  const local = toLocalIso(now).slice(0, 16)
  return { now, local, direction, today: dayOf(Number(local.slice(0, 4)), Number(local.slice(5, 7)), Number(local.slice(8, 10))) }
}

/** Every point in time that a text names, in the order said; one pass over the text. */
export function locateTimes(text: string, now: Date, direction: Direction = 'either'): FoundTime[] {
  const plain = normalize(text.slice(0, LONGEST_READ))
  const moment = momentOf(now, direction)
  const distances = readDistances(plain, now)
  const hidden = hideSpans(plain, distances)
  const found: FoundTime[] = [...distances]
  let from = 0
  for (const date of mergeDates(readDates(hidden, moment.today, direction), hidden)) {
    found.push(...readBareClocks(hidden, from, date.start, moment))
    const clock = clockAfter(hidden, date)
    found.push(clock === undefined ? { time: formatDay(date.day), start: date.start, end: date.end } : { time: formatWithClock(date.day, clock), start: date.start, end: clock.end })
    from = clock?.end ?? date.end
  }
  found.push(...readBareClocks(hidden, from, hidden.length, moment))
  const ordered = found.sort((one, other) => one.start - other.start)
  // Of "从早上六点到晚上十点" the beginning counts.
  return ordered.filter((time, index) => {
    const last = ordered[index - 1]
    return last === undefined || time.start - last.end > 4 || !/^[^,。;!?]{0,3}[到至~—-]$/.test(plain.slice(last.end, time.start))
  })
}

/** The longest span that can be a time; of a longer text nothing is read here. */
const LONGEST_SPAN = 60
// What goes on, recurs, or is left open names no point: 每天, 除了周三, 随时, 一会儿, 白天.
const NO_POINT = /^(?:除了|除(?!夕)|不是|别在|不要|不在)|每|逢|(?<![今明昨前后])天天|随时|一直|一会儿?|待会儿?|等会儿?|马上|立[刻马]|即刻|赶紧|尽快|哪天|什么时[候间]|啥时/
const AFTER_WORK = /(?:下班|放学|下课|收工|饭)(?:了)?(?:之|以)?后/

/** A part of the day alone: today's, or the next one where it is over and something is wished. */
function dayOfPart(plain: string, moment: Moment): Day | undefined {
  const at = plain.search(/\S/)
  for (let start = Math.max(0, at); start < Math.min(plain.length, at + 4); start += 1) {
    const part = dayPartAt(plain, start) ?? (/^(?:下班|放学)/.test(plain.slice(start)) ? '晚上' : undefined)
    if (part === undefined || part === '早' || part === '晚') continue
    const isOver = Number(moment.local.slice(11, 13)) >= endOfDayPart(part)
    return moment.direction === 'future' && isOver ? addDays(moment.today, 1) : moment.today
  }
  return AFTER_WORK.test(plain) ? moment.today : undefined
}

/**
 * The point in time that a span or a short answer names, as long as what was said: `2026-11-24` or `2026-11-24T15:00`, Shanghai's wall clock.
 * Of a range its beginning. undefined for what names no day: durations (三天), whole weeks, months and years, 随时, 一会儿, 每周三.
 * A part of the day has no clock (晌午, 擦黑, 下班后: the day alone).
 * @param options.direction which way the day lies that is named without its week, month or year (周三, 15号, 八点); `either`: what is said around it, else the nearer one
 */
export function readTime(span: string, now: Date, options: { direction?: Direction } = {}): string | undefined {
  if (span.length > LONGEST_SPAN) return undefined
  const plain = normalize(span).trim()
  if (NO_POINT.test(plain)) return undefined
  const moment = momentOf(now, options.direction ?? 'either')
  const [found] = locateTimes(`${plain}。`, now, moment.direction)
  // A span that begins with a clock needs nothing around it to be one: "六点下班以后".
  const clock = found?.start === 0 || found?.time.includes('T') === true ? undefined : readClockAt(plain, 0, '')
  if (clock !== undefined) return timeOfBareClock(clock, moment)
  if (found !== undefined) return found.time
  const named = festivalNamed(plain)
  const day = (named === undefined ? undefined : dayOfFestival(named, moment.today, moment.direction)) ?? dayOfPart(plain, moment)
  return day === undefined ? undefined : formatDay(day)
}

const WISH_AFTER = /^[^,。;!?]{0,4}(?:来|过来|上门|派|修|维修|处理|解决|完成|做完|弄好|去|到|办|见|方便|有空|在家|有时间|可以|行|能|之前|前|以前|开始|送|取|接|帮|陪|打扫|疏通|看看)/
const WISH_BEFORE = /(?:最好|希望|能不能|可不可以|麻烦|请|想|要|需要|约|预约|改到|改成|改为|定在|安排|时间[:是]?|等到?|必须|务必|赶在|能在?)[^,。;!?]{0,4}$/

// What goes on every day, or lasts until some hour, has no point in time: "天天晚上十一点还在跳", "音响放到九点多".
const EVERY_DAY = /(?:天天|每天|每晚|每到|成天|整天|老是|总是|总|老|经常|常常|一到)(?:都|就|在|大|的|,| )*$/
const LASTS_UNTIL = /(?:[吵闹放响跳唱打干弄搞喝玩叫开砸钻哭蹦]|持续|一直)(?:到|至)$/

const isHabit = (plain: string, { start, end, time }: FoundTime): boolean => {
  const before = lookBack(plain, start)
  const isBareClock = time.includes('T') && !/[天日号周期拜昨今明后前]/.test(plain.slice(start, end))
  return isBareClock && (EVERY_DAY.test(before) || LASTS_UNTIL.test(before))
}

/**
 * Of a whole message: when somebody should come or it should be done; otherwise when it happened. As long as what was said.
 * @param now the instant that 明天 and 半小时前 count from
 */
export function findTime(text: string, now: Date): string | undefined {
  const plain = normalize(text.slice(0, LONGEST_READ))
  const found = locateTimes(text, now).filter((candidate) => !isHabit(plain, candidate))
  if (found.length < 2) return found[0]?.time
  const local = toLocalIso(now)
  const isAhead = (candidate: FoundTime): boolean => candidate.time.slice(0, 16) >= local.slice(0, candidate.time.length)
  const isWished = (candidate: FoundTime): boolean => WISH_AFTER.test(lookAhead(plain, candidate.end)) || WISH_BEFORE.test(lookBack(plain, candidate.start, 20))
  const chosen = found.find((candidate) => isAhead(candidate) && isWished(candidate)) ?? found.find((candidate) => isAhead(candidate) && candidate.time.slice(0, 10) > local.slice(0, 10)) ?? found.find(isAhead) ?? found[0]
  return chosen?.time
}

const ASKS_WHEN = /几点|几号|哪天|多会|(?:啥|什么)时/
const NOT_THEN = /^[^,。;!?]{0,3}(?:[别没]|不(?!行))/
/** What somebody has to do then themselves: 明儿还得出车. */
const OWN_DUTY = /^[^,。;!?]{0,3}还(?:得|要)(?![来修弄])/
const MAY_IT_BE = /(?:行|可以|成|方便)(?:不行|吗|嘛|么|不)/

/** The time that somebody asks a visit for: "能不能明天上午来", "后天下午行吗". undefined where none is wished, or it is asked when it will be. */
export function findWishedTime(text: string, now: Date): string | undefined {
  const plain = normalize(text.slice(0, LONGEST_READ))
  if (ASKS_WHEN.test(plain)) return undefined
  const local = toLocalIso(now)
  const mayBe = MAY_IT_BE.test(plain)
  return locateTimes(text, now, 'future').find(({ time, start, end }) => {
    const after = lookAhead(plain, end)
    return time.slice(0, 16) >= local.slice(0, time.length) && !NOT_THEN.test(after) && !OWN_DUTY.test(after) && (mayBe || WISH_AFTER.test(after) || WISH_BEFORE.test(lookBack(plain, start, 20)))
  })?.time
}
