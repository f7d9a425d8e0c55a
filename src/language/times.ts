import { toLocalIso } from '../domain/time.ts'
import { DAY_PART, readClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { addDays, dayOf, formatDay } from './calendar.ts'
import type { Day } from './calendar.ts'
import { readDates } from './dates.ts'
import type { DateReading } from './dates.ts'
import { normalize } from './normalize.ts'
import { CHINESE_NUMBER, parseNumber } from './numbers.ts'

export interface FoundTime {
  /** `2026-11-24` or `2026-11-24T15:00`, Shanghai's wall clock. */
  time: string
  start: number
  end: number
}

const N = `(?:\\d{1,3}|${CHINESE_NUMBER}{1,4})`
const SPAN = new RegExp(`(半个?|${N}个?半?)(?:多)?(小时|钟头|分钟|刻钟|分(?=前|后|之|以))(?:多)?(?:钟)?(之前|以前|前|之后|以后|后|内|以内|之内)`, 'g')

/** Minutes that "半小时", "一个半小时", "20分钟", "一刻钟" last. */
function minutesOf(count: string, unit: string): number | undefined {
  const perUnit = unit === '小时' || unit === '钟头' ? 60 : unit === '刻钟' ? 15 : 1
  if (count.startsWith('半')) return perUnit / 2
  const whole = parseNumber(count.replace(/个?半?$/, ''))
  return whole === undefined ? undefined : whole * perUnit + (count.endsWith('半') ? perUnit / 2 : 0)
}

function readSpans(text: string, now: Date): FoundTime[] {
  return Array.from(text.matchAll(SPAN)).flatMap((match) => {
    const minutes = minutesOf(match[1] ?? '', match[2] ?? '')
    if (minutes === undefined) return []
    const sign = /前/.test(match[3] ?? '') ? -1 : 1
    const time = toLocalIso(new Date(now.getTime() + sign * minutes * 60_000)).slice(0, 16)
    return [{ time, start: match.index, end: match.index + match[0].length }]
  })
}

function formatWithClock(day: Day, clock: Clock): string {
  const shifted = addDays(day, clock.daysLater)
  return `${formatDay(shifted)}T${String(clock.hour).padStart(2, '0')}:${String(clock.minute).padStart(2, '0')}`
}

/** What may stand between a date and its clock: "明天（周三）下午3点", "12月1号，上午9点". */
const BETWEEN = /^[\s,的大概约在是就()-]{0,3}$/

function mergeDates(dates: DateReading[], text: string): DateReading[] {
  const merged: DateReading[] = []
  for (const date of dates) {
    const last = merged.at(-1)
    const gap = last === undefined ? '' : text.slice(last.end, date.start)
    // "明天（周三）", "11月28日 星期六": two words for one day.
    if (last !== undefined && gap.length <= 2 && /^[\s,(]*$/.test(gap) && (date.isWeekday !== last.isWeekday || gap.includes('('))) last.end = date.end + (text[date.end] === ')' ? 1 : 0)
    else merged.push({ ...date })
  }
  return merged
}

/** Every point in time that a text names, in the order said. */
export function locateTimes(text: string, now: Date): FoundTime[] {
  const plain = normalize(text)
  const local = toLocalIso(now)
  const today = dayOf(Number(local.slice(0, 4)), Number(local.slice(5, 7)), Number(local.slice(8, 10)))
  const spans = readSpans(plain, now)
  const hidden = spans.reduce((result, span) => result.slice(0, span.start) + '。'.repeat(span.end - span.start) + result.slice(span.end), plain)
  const dates = mergeDates(readDates(hidden, today), hidden)
  const found: FoundTime[] = [...spans]
  let from = 0
  for (const date of dates) {
    found.push(...readBareClocks(hidden, from, date.start, today))
    const rest = hidden.slice(date.end)
    const clock = readClock(rest, date.dayPart)
    if (clock !== undefined && BETWEEN.test(rest.slice(0, clock.start))) {
      found.push({ time: formatWithClock(date.day, clock), start: date.start, end: date.end + clock.end })
      from = date.end + clock.end
    } else {
      found.push({ time: formatDay(date.day), start: date.start, end: date.end })
      from = date.end
    }
  }
  found.push(...readBareClocks(hidden, from, hidden.length, today))
  const ordered = found.sort((one, other) => one.start - other.start)
  // Of "从早上六点到晚上十点" the beginning counts.
  return ordered.filter((time, index) => index === 0 || !/^[^,。;!?]{0,3}[到至~—-]$/.test(plain.slice(ordered[index - 1]?.end, time.start)))
}

/** Clocks without a date ("晚上8点") are today's. */
function readBareClocks(text: string, from: number, to: number, today: Day): FoundTime[] {
  const found: FoundTime[] = []
  for (let start = from; start < to; ) {
    const clock = readClock(text.slice(start, to), undefined)
    if (clock === undefined) break
    found.push({ time: formatWithClock(today, clock), start: start + clock.start, end: start + clock.end })
    start += clock.end
  }
  return found
}

const WISH_AFTER = /^[^,。;!?]{0,4}(?:来|过来|上门|派|修|维修|处理|解决|完成|做完|弄好|去|到|办|见|方便|有空|在家|有时间|可以|行|能|之前|前|以前|开始|送|取|接|帮|陪|打扫|疏通|看看)/
const WISH_BEFORE = /(?:最好|希望|能不能|可不可以|麻烦|请|想|要|需要|约|预约|改到|改成|改为|定在|安排|时间[:是]?|等到?|必须|务必|赶在|能在?)[^,。;!?]{0,4}$/

// What goes on every day, or lasts until some hour, has no point in time: "天天晚上十一点还在跳", "音响放到九点多".
const EVERY_DAY = /(?:天天|每天|每晚|每到|成天|整天|老是|总是|总|老|经常|常常|一到)(?:都|就|在|大|的|,| )*$/
const LASTS_UNTIL = /(?:[吵闹放响跳唱打干弄搞喝玩叫开砸钻哭蹦]|持续|一直)(?:到|至)$/

const isHabit = (plain: string, { start, end, time }: FoundTime): boolean => {
  const before = plain.slice(0, start)
  const isBareClock = time.includes('T') && !/[天日号周期拜昨今明后前]/.test(plain.slice(start, end))
  return isBareClock && (EVERY_DAY.test(before) || LASTS_UNTIL.test(before))
}

/**
 * When somebody should come or it should be done; otherwise when it happened. As long as what was said: a day, or a day and a clock.
 * @param now the instant that 明天 and 半小时前 count from
 */
export function findTime(text: string, now: Date): string | undefined {
  const plain = normalize(text)
  const found = locateTimes(text, now).filter((candidate) => !isHabit(plain, candidate))
  if (found.length < 2) return found[0]?.time
  const local = toLocalIso(now)
  const isAhead = (candidate: FoundTime): boolean => candidate.time.slice(0, 16) >= local.slice(0, candidate.time.length)
  const isWished = (candidate: FoundTime): boolean => WISH_AFTER.test(plain.slice(candidate.end)) || WISH_BEFORE.test(plain.slice(0, candidate.start))
  const chosen = found.find((candidate) => isAhead(candidate) && isWished(candidate)) ?? found.find((candidate) => isAhead(candidate) && candidate.time.slice(0, 10) > local.slice(0, 10)) ?? found.find(isAhead) ?? found[0]
  return chosen?.time
}

const WEEKDAY = '(?:每个?|逢)?(?:周|星期|礼拜)(?:[一二三四五六日天末](?!岁)(?:到周?[一二三四五六日天]|至周?[一二三四五六日天]|[、和,]?(?:周|星期)?[一二三四五六日天](?=[、和,]|都|也|上午|下午|晚|白天|有|可以|能|$))*)'
const RECURRING = `(?:${WEEKDAY}|(?:每个?)?(?:双休日|周末|工作日|平日|节假日|假期|寒暑假|寒假|暑假|休息日|法定假日|大礼拜)|每天|天天|平时|随时|任何时间|任何时候|什么时候都行|哪天都行|每月|每个月|每周|一周[一二两三四五六七\\d]+(?:次|天)|长期|全天|整天|白天|(?:下班|放学|下课|退休|饭|接完孩子|送完孩子)(?:之|以)?后|不上班(?:的时候)?|没课(?:的时候)?)`
const PART = `(?:${DAY_PART.replace('|晚)', '|晚上?)')}|白天|(?:\\d{1,2}|[一二三四五六七八九十两]{1,3})(?:点半?|:\\d{2})(?:以后|之后|后|以前|之前|前)?(?:[到至~-](?:晚上|下午|中午)?(?:\\d{1,2}|[一二三四五六七八九十两]{1,3})(?:点半?|:\\d{2}))?)`
const LINK = '[、和跟与及或,\\s]?(?:或者|还有|以及|的)?'
const AVAILABLE = new RegExp(`(?:${RECURRING}|${PART})(?:${LINK}(?:${RECURRING}|${PART}))*`, 'g')
const FREE = /^(?:的?时间?|一般|基本|基本上|大概|我|也|都|一直|比较|就|全|,)*(?:有空|有时间|都行|都可以|可以|能(?!不能)|行|没事|方便|空闲|闲着|没课|休息|来|参加|服务|ok)/
const FREE_BEFORE = /(?:有空的?时间|空闲时间|服务时间|可服务时间|时间|有空|方便|有时间|能来的?时间|什么时候[^,。]{0,4})(?:是|为|:|的是|在|一般|大概|基本|都)*$/
const IS_RECURRING = new RegExp(RECURRING)

/** Where a text says when its sender is free as a rule; a single date is not one. */
export function locateAvailability(text: string): { text: string; start: number; end: number } | undefined {
  const plain = normalize(text)
  const spans = Array.from(plain.matchAll(AVAILABLE), (match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }))
  const isOnce = (span: { start: number }): boolean => /(?:这|本|下|上)(?:个|一个)?$/.test(plain.slice(0, span.start))
  const isFree = (span: { start: number; end: number }): boolean => !isOnce(span) && (FREE.test(plain.slice(span.end)) || FREE_BEFORE.test(plain.slice(0, span.start)))
  const isRule = (span: { text: string; start: number }): boolean =>
    IS_RECURRING.test(span.text) && !isOnce(span)
  const best = spans.find((span) => isRule(span) && isFree(span)) ?? spans.find(isFree) ?? spans.find((span) => isRule(span) && span.text.length > 1)
  return best === undefined ? undefined : { ...best, text: text.slice(best.start, best.end).replace(/[,，、\s的]+$/, '') }
}

/** When a volunteer is free, in their own words ("周末", "工作日晚上", "每周三下午"); undefined when it isn't said. */
export function findAvailability(text: string): string | undefined {
  return locateAvailability(text)?.text
}
