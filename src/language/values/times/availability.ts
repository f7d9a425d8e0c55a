import { normalize } from '../../normalize.ts'

/** Hours of the local day, [from, to). */
interface Hours {
  from: number
  to: number
}

interface Rule {
  /** 0 = Sunday. */
  days: ReadonlySet<number>
  hours: Hours[]
}

const ALL_DAYS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6])
const WORKING_DAYS = [1, 2, 3, 4, 5]
const DAY_NUMBERS: Record<string, number> = { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 日: 0, 天: 0 }

const ALWAYS = /随时|任何时[间候]|什么时候都|哪天都|都行|都可以|都有空|天天|每天|平时|全天|整天|长期|退休/
const EXCEPTS = /除|没空|没时间|不行|不在|忙|上班(?!日|的?时候不)/
const WEEKDAYS = /(?:周|星期|礼拜)([一二三四五六日天])(?:[到至~-](?:周|星期|礼拜)?([一二三四五六日天])|([、一二三四五六日天]*))/g
const PARTS: [RegExp, Hours][] = [
  [/上午|早上|早晨|清早|一早/, { from: 5, to: 12 }],
  [/中午/, { from: 11, to: 14 }],
  [/下午|午后/, { from: 12, to: 18 }],
  [/晚|傍晚|夜/, { from: 17, to: 24 }],
  [/白天/, { from: 7, to: 18 }],
  [/下班(?:之|以)?后|放学(?:之|以)?后|下课(?:之|以)?后/, { from: 17, to: 24 }],
]
const WHOLE_DAY: Hours = { from: 0, to: 24 }

/** The days that a part of the text names; undefined when it names none. */
function daysOf(said: string): Set<number> | undefined {
  const days = new Set<number>()
  if (/周末|双休|大礼拜|休息日/.test(said)) for (const day of [6, 0]) days.add(day)
  if (/工作日|平日|上班日/.test(said)) for (const day of WORKING_DAYS) days.add(day)
  for (const [, first = '', last, more] of said.matchAll(WEEKDAYS)) {
    const from = DAY_NUMBERS[first] ?? 0
    if (last !== undefined) for (let day = from, left = 7; left > 0; day = (day + 1) % 7, left -= 1) {
      days.add(day)
      if (day === DAY_NUMBERS[last]) break
    }
    for (const one of [first, ...(more ?? '')]) if (DAY_NUMBERS[one] !== undefined) days.add(DAY_NUMBERS[one])
  }
  return days.size === 0 ? undefined : days
}

/** When somebody is free as a rule; undefined when the words don't say it clearly enough to leave anybody out. */
function readRules(availability: string): Rule[] | undefined {
  const said = normalize(availability)
  if (EXCEPTS.test(said)) return undefined
  const rules: Rule[] = []
  let before: ReadonlySet<number> | undefined
  for (const part of said.split(/[,。;和及或]|还有|以及|\s/).filter((words) => words !== '')) {
    const days = daysOf(part)
    const hours = PARTS.filter(([words]) => words.test(part)).map(([, range]) => range)
    const isAlways = ALWAYS.test(part)
    if (days === undefined && hours.length === 0 && !isAlways) return undefined
    before = days ?? (isAlways ? ALL_DAYS : (before ?? ALL_DAYS))
    rules.push({ days: before, hours: hours.length > 0 ? hours : [WHOLE_DAY] })
  }
  return rules.length === 0 ? undefined : rules
}

/**
 * Whether a volunteer who said `availability` ("周末", "工作日晚上") is free at `time` (`2026-11-28` or `2026-11-28T15:00`, local).
 * @returns null when one of the two says it not clearly: nobody is left out by a guess
 */
export function isFreeAt(availability: string, time: string | null): boolean | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?$/.exec(time ?? '')
  const rules = match === null ? undefined : readRules(availability)
  if (match === null || rules === undefined) return null
  const [, year, month, day, hour] = match
  const weekday = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDay()
  return rules.some((rule) => rule.days.has(weekday) && (hour === undefined || rule.hours.some(({ from, to }) => Number(hour) >= from && Number(hour) < to)))
}

/** The longest text that is kept as somebody's free time. */
const LONGEST_AVAILABILITY = 60
const LEAD = /^(?:我们?|俺们?|一般|基本上?|大概|平常都?|就|只有|都是|都|是|在|有空的?时间|空闲时间|时间|[:：]|[,，。、\s])+(?=\S{2})/
const MARKS_AT_END = /[,，。.、!！\s吧啊呢哈]+$/
const SAYS_FREE = /(?:都|也|就|全|基本)*(?:有空|有时间|方便|没事|可以|能来|行|成|中)(?:的|啦|了)?$/
/** What a time ends in: only from one "都行" may go and leave it whole ("什么时候都行" stays). */
const ENDS_AS_TIME = /(?:[末日晚午晌里间早点半节假\d一二三四五六]|周[天]|[每天白]天|晚上|早上|[以之]?后|[以之]?前)$/

/** When somebody is free as a rule, as typed, without what leads in and out: "周末都行" -> 周末; undefined when nothing is left. */
export function readAvailability(said: string): string | undefined {
  const typed = said.trim().slice(0, LONGEST_AVAILABILITY)
  const withoutLead = typed.slice(LEAD.exec(typed)?.[0].length ?? 0)
  const bare = withoutLead.replace(MARKS_AT_END, '')
  const time = bare.replace(SAYS_FREE, '')
  const left = time.length >= 2 && ENDS_AS_TIME.test(time) ? time : bare
  return /[\p{L}\p{N}]/u.test(left) ? left : undefined
}

/** Several spans of one message as one text, each once, in the order said. */
export function joinAvailability(spans: readonly string[]): string | undefined {
  const said = [...new Set(spans.flatMap((span) => readAvailability(span) ?? []))]
  const joined = said.filter((one) => !said.some((other) => other !== one && other.includes(one))).join('、')
  return joined === '' ? undefined : joined.slice(0, LONGEST_AVAILABILITY)
}

const FREE = /(?:有空|有时间|闲着|没事|能来|可以来|能抽)/
const TELLS_TIME = /[周天晚早午夜末]|星期|礼拜|平时|随时|假|下班|退休/

/** When somebody says to be free, where nothing was marked: "会剪纸，周五有空" -> 周五. */
export function findAvailability(text: string): string | undefined {
  return joinAvailability(text.split(/[,，。;；、!！?？\n\s]+/).filter((clause) => FREE.test(clause) && TELLS_TIME.test(clause)))
}
