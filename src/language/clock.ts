import { CHINESE_NUMBER, parseNumber } from './numbers.ts'

export interface Clock {
  hour: number
  minute: number
  /** 1 for midnight at a day's end ("晚上12点"). */
  daysLater: number
  start: number
  end: number
}

/** A source fragment: parts of the day. */
export const DAY_PART = '(?:凌晨|清晨|清早|大清早|一大早|一早|早上|早晨|早间|上午|中午|正午|晌午|午间|下午|午后|过晌|傍晚|傍黑|晚上|晚间|夜里|夜间|半夜|深夜|午夜|后半夜|前半夜|大半夜|晚)'

const HOUR = `(?:\\d{1,2}|${CHINESE_NUMBER.replace('百千', '')}{1,3})`
const MINUTE = `(?:([一三两])刻|(半)|(\\d{1,2}|${CHINESE_NUMBER.replace('百千', '')}{1,3})分?)`
const SPOKEN = new RegExp(`(${DAY_PART})?(?:的|大概|大约|差不多|,| )?(${HOUR})(?:点钟?|时(?!候|间|常|不|刻))(?:整|${MINUTE})?(?![^,。]{0,1}(?:建议|意见|要求|问题|小事|儿小|说明))`, 'g')
const WRITTEN = new RegExp(`(${DAY_PART})?(?:的|大概|大约| )?(?<![\\d:])([01]?\\d|2[0-4]):([0-5]\\d)(?::[0-5]\\d)?(?![\\d:])`, 'g')
// Without a part of the day or a date, "一点" is mostly "a little": something else must show that a clock is meant.
const CLOCK_AFTER = /^(?:左右|前后|多|前|以前|之前|到|来|过来|以后|之后|后|上门|开始|就|的时候|时|那会|,|。|;|!|\?|$|\s|~|-|见|去|钟|吧|行|可以|方便|有空|在家|停)/

function hourOfDay(hour: number, part: string): { hour: number; daysLater: number } {
  if (/下午|午后|过晌|傍晚|傍黑|晚/.test(part) && !/早|凌/.test(part)) {
    if (hour === 12) return /晚/.test(part) ? { hour: 0, daysLater: 1 } : { hour: 12, daysLater: 0 }
    return { hour: hour < 12 ? hour + 12 : hour, daysLater: 0 }
  }
  if (/中午|正午|晌午|午间/.test(part)) return { hour: hour <= 3 ? hour + 12 : hour, daysLater: 0 }
  if (/夜/.test(part)) {
    if (hour === 12) return { hour: 0, daysLater: 1 }
    return { hour: hour >= 7 && hour < 12 ? hour + 12 : hour, daysLater: 0 }
  }
  if (part === '') return { hour: hour >= 1 && hour <= 5 ? hour + 12 : hour, daysLater: 0 }
  return { hour: hour === 12 && /凌晨|早/.test(part) ? 0 : hour, daysLater: 0 }
}

function asClock(match: RegExpExecArray, part: string, hour: number | undefined, minute: number): Clock | undefined {
  if (hour === undefined || hour > 24 || minute > 59) return undefined
  const placed = hour === 24 ? { hour: 0, daysLater: 1 } : hour === 0 ? { hour: 0, daysLater: 0 } : hourOfDay(hour, part)
  return { ...placed, minute, start: match.index, end: match.index + match[0].length }
}

function readSpoken(text: string, dayPart: string | undefined): Clock | undefined {
  for (const match of text.matchAll(SPOKEN)) {
    const part = match[1] ?? dayPart ?? ''
    const hourText = match[2] ?? ''
    const minute = match[4] !== undefined ? 30 : match[3] !== undefined ? (parseNumber(match[3]) ?? 1) * 15 : match[5] !== undefined ? (parseNumber(match[5]) ?? 0) : 0
    const isBare = match[1] === undefined && dayPart === undefined
    const before = text.slice(0, match.index)
    if (isBare && (/[有差快慢早晚好多少大小轻重高低远近第几每这那\d.]$/.test(before) || !(CLOCK_AFTER.test(text.slice(match.index + match[0].length)) || /点钟|时|半|刻|分/.test(match[0])))) continue
    if (isBare && hourText === '一' && !/钟|半|刻|分/.test(match[0])) continue
    // "七八点", "十一二点": the earlier one.
    const hour = /^十?[一二三四五六七八九]{2}$/.test(hourText) ? parseNumber(hourText.slice(0, -1)) : parseNumber(hourText)
    const clock = asClock(match, part, hour, minute)
    if (clock !== undefined) return clock
  }
  return undefined
}

/** The next word of the day that names no other clock: "下午". */
const PART_ALONE = new RegExp(`^[\\s,的]?(${DAY_PART})`)
const BEFORE_CLOCK_RANGE = new RegExp(`(${DAY_PART})?(\\d{1,2})(?=[-~到至—]+\\d{1,2}(?:点|时))`, 'g')

/**
 * The first clock in a text: "晚上8点半", "下午三点一刻", "14:30", "9点20".
 * @param dayPart said with the date before it ("昨晚"); undefined when no date was said
 */
export function readClock(text: string, dayPart: string | undefined): Clock | undefined {
  const candidates: Clock[] = []
  const spoken = readSpoken(text, dayPart)
  if (spoken !== undefined) candidates.push(spoken)
  for (const match of text.matchAll(WRITTEN)) {
    const part = match[1] ?? dayPart ?? ''
    const hour = Number(match[2])
    const clock = asClock(match, part === '' ? '上午' : part, hour, Number(match[3]))
    if (clock !== undefined) {
      candidates.push(clock)
      break
    }
  }
  for (const match of text.matchAll(BEFORE_CLOCK_RANGE)) {
    const clock = asClock(match, match[1] ?? dayPart ?? '', Number(match[2]), 0)
    if (clock !== undefined) {
      candidates.push(clock)
      break
    }
  }
  return candidates.sort((one, other) => one.start - other.start)[0]
}

/** The part of the day at the head of a text ("下午来" -> 下午). */
export function readDayPart(text: string): string | undefined {
  return PART_ALONE.exec(text)?.[1]
}
