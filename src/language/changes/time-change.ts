import { normalize } from '../normalize.ts'
import { parseNumber } from '../values/numbers.ts'
import { dayPartAt, endOfDayPart } from '../values/times/clock.ts'
import { readDates } from '../values/times/dates.ts'
import { lookAhead, lookBack } from '../values/times/look-back.ts'
import { locateTimes, type FoundTime } from '../values/times/times.ts'
import { isDeniedAfter, type ValueChange } from './what-is-changed.ts'

const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/
const DAY_LENGTH = 'YYYY-MM-DD'.length
const COUNT = '(半个?|[\\d一二两三四五六七八九十]{1,3}个?半?)'
const LATER = '(?:往后|向后|朝后)(?:挪|推|延|拖|错|串|移)?|推迟|延后|延迟|顺延|推后|(?:挪|错|串)后|晚'
const EARLIER = '(?:往前|向前|朝前)(?:挪|提|赶|移)?|提前|提早|早'
const SHIFT = new RegExp(`(?:(${LATER})|(${EARLIER}))(?:个|上)?(?:来)?${COUNT}(天|日|周|星期|礼拜|小时|钟头|分钟|刻钟)(?!前|以前|之前)`)
const MINUTES: Readonly<Record<string, number>> = { 天: 1440, 日: 1440, 周: 10_080, 星期: 10_080, 礼拜: 10_080, 小时: 60, 钟头: 60, 分钟: 1, 刻钟: 15 }
const SAME_DAY = /(?:日子|日期|那?天)(?:都|还是|仍)?(?:不变|没变|不改|不动|照旧|一样)|(?:还是|就是?|仍是?)(?:那|当|同一)天|同一天/
const SAME_CLOCK = /(?:(?:还|就|仍|照)(?:是|在|按)?(?:那|原|这|同)(?:来|样)?|同(?:样|一)?)的?一?个?(?:点|时间|钟点|时候|时段)|(?:时间|点数?|钟点|几点)(?:都|还是)?(?:不变|没变|不改|不动|照旧|一样)/
const CHANGES = /[改挪换]|推迟|推到|延[后迟期到]|顺延|提前|提早|往[前后]|[早晚]点[儿来去]?|[再才][来去到]|就(?:行|成|赶趟)|先别|错开/
const SAYS_OTHERWISE = /(?:时间|日子|日期|钟点)[^,。;!?]{0,6}(?:错|不对|改|换|变|挪)|[改换挪推](?:个|一?下|一?改)?(?:时间|日子|日期|天|点)/
const NOT_THEN = /^[^,。;!?]{0,5}(?:[别没忙]|(?<![行成中好以便])不(?!行|变)|加班|有事|出门|上班|走不开)/

const asUtc = (time: string): Date => new Date(`${time.length === DAY_LENGTH ? `${time}T00:00` : time}:00Z`)

/** The known time some minutes later; undefined where it has no clock and hours are said. */
function shifted(known: string, minutes: number): string | undefined {
  if (known.length === DAY_LENGTH && minutes % MINUTES['天']! !== 0) return undefined
  return new Date(asUtc(known).getTime() + minutes * 60_000).toISOString().slice(0, known.length)
}

/** "往后挪一天", "提前半小时", as minutes; undefined when nothing is moved. */
function readShift(plain: string): number | undefined {
  const [, later, , count = '', unit = ''] = SHIFT.exec(plain) ?? []
  const each = MINUTES[unit]
  if (each === undefined) return undefined
  const half = count.endsWith('半') ? 0.5 : 0
  const whole = count.startsWith('半') ? 0.5 : (parseNumber(count.replace(/个?半?$/, '')) ?? Number.NaN) + half
  const minutes = whole * each * (later === undefined ? -1 : 1)
  return Number.isInteger(minutes) ? minutes : undefined
}

interface Said extends FoundTime {
  hasDay: boolean
  /** 上午, 晚上: where one is said. */
  part: string | undefined
}

/** The day of the last or the first part of the day in some words. */
function partIn(words: string): string | undefined {
  for (let at = 0; at < words.length; at += 1) {
    const part = dayPartAt(words, at)
    if (part !== undefined) return part
  }
  return undefined
}

const AFTERNOON = 12
/** Without a part of the day these hours are the evening's where the afternoon was wanted. */
const MAYBE_EVENING = { from: 6, to: 8 }

function onKnownDay(said: Said, known: string): string {
  const hour = Number(said.time.slice(11, 13))
  const isEvening = said.part === undefined && hour >= MAYBE_EVENING.from && hour <= MAYBE_EVENING.to && Number(known.slice(11, 13)) >= AFTERNOON
  return `${known.slice(0, DAY_LENGTH)}T${String(isEvening ? hour + AFTERNOON : hour).padStart(2, '0')}${said.time.slice(13)}`
}

/** Of another day the hour stays, unless a part of the day is said in which it does not lie. */
function atKnownClock(said: Said, known: string, isSameClock: boolean): string {
  const hour = Number(known.slice(11, 13))
  const end = said.part === undefined ? undefined : endOfDayPart(said.part)
  const fits = end === undefined || (hour < end && (end <= AFTERNOON || hour >= AFTERNOON))
  return known.length > DAY_LENGTH && (isSameClock || fits) ? `${said.time}${known.slice(DAY_LENGTH)}` : said.time
}

/** "明天上午别来": a time at which nobody is to come. */
export function saysNotThen(text: string, now: Date): boolean {
  const plain = normalize(text)
  return timesIn(text, plain, now).some((said) => NOT_THEN.test(lookAhead(plain, said.end)))
}

function timesIn(text: string, plain: string, now: Date): Said[] {
  return locateTimes(text, now, 'either').map((found) => {
    const words = plain.slice(found.start, found.end)
    return { ...found, hasDay: found.time.length === DAY_LENGTH || readDates(words, 0).length > 0, part: partIn(words) ?? (found.time.length === DAY_LENGTH ? partIn(lookAhead(plain, found.end, 3)) : undefined) }
  })
}

/**
 * What a text makes of the time that was wanted: another one, or the known one moved ("往后挪一天", "改一点半，日子不变").
 * @param known local ISO, as said; anything else is moved by nothing that is relative
 */
export function readTimeChange(text: string, { known, now, isCorrection }: { known: string; now: Date; isCorrection: boolean }): ValueChange {
  const plain = normalize(text)
  if (!ISO.test(known)) return undefined
  const shift = readShift(plain)
  if (shift !== undefined) {
    const value = shifted(known, shift)
    return value === undefined ? 'unread' : { value, isSure: true }
  }
  const [isSameDay, isSameClock] = [SAME_DAY.test(plain), SAME_CLOCK.test(plain)]
  const isChange = isCorrection || isSameDay || isSameClock || CHANGES.test(plain)
  if (!isChange) return undefined
  const isOld = ({ time, hasDay }: Said): boolean => time === known || time === (hasDay ? known.slice(0, DAY_LENGTH) : `${time.slice(0, DAY_LENGTH)}${known.slice(DAY_LENGTH)}`)
  const told = timesIn(text, plain, now).filter((said) => !isOld(said) && !isDeniedAfter(lookBack(plain, said.start)) && !NOT_THEN.test(lookAhead(plain, said.end)))
  const [first] = told
  if (first === undefined || told.length > 1) return told.length > 1 || SAYS_OTHERWISE.test(plain) ? 'unread' : undefined
  const value = !first.hasDay ? onKnownDay(first, known) : first.time.length === DAY_LENGTH ? atKnownClock(first, known, isSameClock) : first.time
  return value === known || asUtc(value).getTime() < asUtc(known).getTime() - LONGEST_BACK_MS ? undefined : { value, isSure: true }
}

/** What lies so far before the day that was wanted tells of the past. */
const LONGEST_BACK_MS = 60 * 24 * 60 * 60 * 1000
