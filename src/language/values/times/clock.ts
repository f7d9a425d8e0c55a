import { lookAhead, lookBack } from './look-back.ts'
import { parseNumber } from '../numbers.ts'
import { createWordTable } from '../../word-table.ts'

export interface Clock {
  hour: number
  minute: number
  /** 1 for midnight at a day's end ("晚上12点"). */
  daysLater: number
  /** Whether a part of the day was said with it. */
  hasDayPart: boolean
  start: number
  end: number
}

type Half = 'morning' | 'noon' | 'afternoon' | 'evening' | 'night'

const DAY_PARTS: Readonly<Record<Half, readonly string[]>> = {
  morning: ['凌晨', '清晨', '清早', '大清早', '一大早', '一早', '早起', '早上', '早晨', '早间', '上午', '前晌', '头晌', '天亮', '天刚亮', '天刚擦亮', '天擦亮', '大早', '早'],
  noon: ['中午', '正午', '晌午', '晌午头', '午间', '大晌午'],
  afternoon: ['下午', '午后', '过晌', '过晌午', '下晌', '后晌', '傍晚', '傍黑', '擦黑', '天擦黑', '天黑', '黄昏'],
  evening: ['晚上', '晚间', '夜晚', '下黑', '晚'],
  night: ['夜里', '夜间', '半夜', '深夜', '午夜', '后半夜', '前半夜', '大半夜', '三更半夜'],
}
const halfOf = new Map(Object.entries(DAY_PARTS).flatMap(([half, words]) => words.map((word) => [word, half as Half] as const)))
/** The word for a part of the day that stands at a place ("下午"); undefined when none does. */
export const dayPartAt: (text: string, at: number) => string | undefined = createWordTable([...halfOf.keys()])

/** The hours in which a part of the day ends, for telling whether it is over. */
const ENDS: Readonly<Record<Half, number>> = { morning: 12, noon: 14, afternoon: 18, evening: 24, night: 24 }
export const endOfDayPart = (part: string): number => ENDS[halfOf.get(part) ?? 'night']

function hourOfDay(hour: number, part: string): { hour: number; daysLater: number } {
  switch (halfOf.get(part)) {
    case 'afternoon':
      return { hour: hour < 12 ? hour + 12 : hour, daysLater: 0 }
    case 'evening':
      // 晚上两点 is after midnight.
      if (hour < 4) return { hour, daysLater: 1 }
      return hour === 12 ? { hour: 0, daysLater: 1 } : { hour: hour < 12 ? hour + 12 : hour, daysLater: 0 }
    case 'noon':
      return { hour: hour <= 3 ? hour + 12 : hour, daysLater: 0 }
    case 'night':
      return hour === 12 ? { hour: 0, daysLater: 1 } : { hour: hour >= 7 && hour < 12 ? hour + 12 : hour, daysLater: 0 }
    case 'morning':
      return { hour: hour === 12 && !/上午|前晌|头晌/.test(part) ? 0 : hour, daysLater: 0 }
    case undefined:
      return { hour: hour >= 1 && hour <= 5 ? hour + 12 : hour, daysLater: 0 }
  }
}

const N = '(?:\\d{1,2}|[零〇一二三四五六七八九十两廿卅]{1,3})'
const HOUR = new RegExp(`(${N})(?:(?:点钟?|时(?!候|间|常|不|刻))(整)?|(?=[-~到至—]{1,2}${N}(?:点|时)))`, 'y')
const MINUTE = new RegExp(`([一三两])刻|(半)|过?(${N})分?(?![\\d点号栋幢楼])`, 'y')
const WRITTEN = /(?<![\d:.])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:])/y
const SHORT_OF = new RegExp(`差(${N})分(?:钟)?(?:到|就|不到)?(${N})点`, 'y')
const TAIL = /来钟|来点钟?|钟/y
const ABOUT = /(?:的|大概|大约|差不多|,| )?/y
const NO_CLOCK_AFTER = /^[^,。]{0,1}(?:建议|意见|要求|问题|小事|儿小|说明)/
const NOTHING_BEFORE = /[有差快慢早晚好多少大小轻重高低远近第几每这那\d.]$/
// Without a part of the day or a date, "一点" is mostly "a little": something else must show that a clock is meant.
const CLOCK_AFTER = /^(?:左右|前后|多|前|以前|之前|到|来|过来|往后|以后|之后|后|上门|开始|就|的时候|时|那会|,|。|;|!|\?|$|\s|~|-|见|去|钟|吧|行|可以|方便|有空|在家|停)/

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function asClock(hour: number | undefined, minute: number, part: string, start: number, end: number): Clock | undefined {
  if (hour === undefined || hour > 24 || minute > 59) return undefined
  const placed = hour === 24 ? { hour: 0, daysLater: 1 } : hour === 0 ? { hour: 0, daysLater: 0 } : hourOfDay(hour, part)
  return { ...placed, minute, hasDayPart: part !== '', start, end }
}

/** "七八点", "十一二点": the earlier one. */
const readHour = (said: string): number | undefined => (/^十?[一二三四五六七八九]{2}$/.test(said) ? parseNumber(said.slice(0, -1)) : parseNumber(said))

function minuteOf(match: RegExpExecArray | null): number {
  if (match === null) return 0
  if (match[2] !== undefined) return 30
  return match[1] !== undefined ? (parseNumber(match[1]) ?? 1) * 15 : (parseNumber(match[3] ?? '') ?? 0)
}

/** A clock whose hour stands at `at`; `start` is where its part of the day begins. */
function spokenAt(text: string, at: number, start: number, part: string, isBare: boolean): Clock | undefined {
  const short = matchAt(SHORT_OF, text, at)
  if (short !== null) {
    const [minutes, hour] = [parseNumber(short[1] ?? '') ?? 0, readHour(short[2] ?? '')]
    const whole = asClock(hour, 0, part, start, at + short[0].length)
    return whole === undefined || minutes < 1 || minutes > 59 ? undefined : { ...whole, hour: (whole.hour + 23) % 24, minute: 60 - minutes }
  }
  const match = matchAt(HOUR, text, at)
  if (match === null) return undefined
  let end = at + match[0].length
  const isRange = !/[点时]/.test(match[0])
  const minute = match[2] === undefined && !isRange ? matchAt(MINUTE, text, end) : null
  end += minute?.[0].length ?? matchAt(TAIL, text, end)?.[0].length ?? 0
  const said = text.slice(start, end)
  if (NO_CLOCK_AFTER.test(lookAhead(text, end))) return undefined
  if (isBare) {
    if (NOTHING_BEFORE.test(lookBack(text, start, 1)) || !(isRange || CLOCK_AFTER.test(lookAhead(text, end)) || /钟|时|半|刻|分/.test(said))) return undefined
    if (match[1] === '一' && !/钟|半|刻|分/.test(said)) return undefined
  }
  return asClock(readHour(match[1] ?? ''), minuteOf(minute), part, start, end)
}

function writtenAt(text: string, at: number, start: number, part: string): Clock | undefined {
  const match = matchAt(WRITTEN, text, at)
  return match === null ? undefined : asClock(Number(match[1]), Number(match[2]), part === '' ? '上午' : part, start, at + match[0].length)
}

const STARTS_NUMBER = /[\d零〇一二三四五六七八九十两廿卅差]/

/**
 * The clock that begins at a place of a text in the form of `normalize`: "晚上8点半", "下午三点一刻", "14:30", "9点20", "差五分八点".
 * @param dayPart said with the date before it ("昨晚"), '' = none was said with it; undefined when no date was said
 */
export function readClockAt(text: string, at: number, dayPart: string | undefined): Clock | undefined {
  const clock = clockAt(text, at, dayPart)
  // 昨晚半夜两点 lies after the midnight of that evening.
  const isAfterMidnight = clock !== undefined && clock.daysLater === 0 && clock.hour < 6 && halfOf.get(dayPart ?? '') === 'evening' && halfOf.get(dayPartAt(text, at) ?? '') === 'night'
  return isAfterMidnight ? { ...clock, daysLater: 1 } : clock
}

function clockAt(text: string, at: number, dayPart: string | undefined): Clock | undefined {
  const said = dayPartAt(text, at)
  const from = said === undefined ? at : at + said.length + (matchAt(ABOUT, text, at + said.length)?.[0].length ?? 0)
  if (!STARTS_NUMBER.test(text.charAt(from))) return undefined
  const part = said ?? dayPart ?? ''
  return writtenAt(text, from, at, part) ?? spokenAt(text, from, at, part, said === undefined && dayPart === undefined)
}
