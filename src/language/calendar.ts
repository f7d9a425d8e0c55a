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

const LUNAR_FESTIVALS: Record<string, [month: number, date: number]> = {
  春节: [1, 1],
  大年初一: [1, 1],
  大年初二: [1, 2],
  大年初三: [1, 3],
  大年初五: [1, 5],
  元宵: [1, 15],
  正月十五: [1, 15],
  端午: [5, 5],
  七夕: [7, 7],
  中秋: [8, 15],
  重阳: [9, 9],
  腊八: [12, 8],
}
const SOLAR_FESTIVALS: Record<string, [month: number, date: number]> = {
  元旦: [1, 1],
  妇女节: [3, 8],
  三八节: [3, 8],
  植树节: [3, 12],
  清明: [4, 5],
  劳动节: [5, 1],
  五一: [5, 1],
  青年节: [5, 4],
  儿童节: [6, 1],
  六一: [6, 1],
  建军节: [8, 1],
  教师节: [9, 10],
  国庆: [10, 1],
  十一: [10, 1],
  平安夜: [12, 24],
  圣诞: [12, 25],
}

/** A source fragment: the festivals known by name; those that are also numbers only with 节 or 假. */
export const FESTIVAL =
  '(?:春节|大年初[一二三五]|年三十|大年三十|除夕|元宵|正月十五|端午|七夕|中秋|重阳|腊八|元旦|妇女节|三八节|植树节|清明|劳动节|五一(?=节|假|放假|期间|前|后|当天|那天)|青年节|儿童节|六一(?=节|儿童|当天|那天)|建军节|教师节|国庆|十一(?=假|长假|期间|放假)|平安夜|圣诞)'

let lunarFormat: Intl.DateTimeFormat | undefined

function lunarDate(day: Day): [month: number, date: number, isLeap: boolean] {
  lunarFormat ??= new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' })
  const parts = lunarFormat.formatToParts(new Date(day))
  const month = parts.find((part) => part.type === 'month')?.value ?? ''
  const date = parts.find((part) => part.type === 'day')?.value ?? ''
  return [Number.parseInt(month, 10), Number.parseInt(date, 10), /bis/.test(month)]
}

// Where calendars of some runtimes are a day off, because the new moon falls close to midnight in Beijing.
const FIRST_MONTH_CORRECTIONS: Record<number, Day> = { 2027: dayOf(2027, 2, 6), 2030: dayOf(2030, 2, 3) }

function lunarDay(year: number, month: number, date: number): Day | undefined {
  const corrected = month === 1 ? FIRST_MONTH_CORRECTIONS[year] : undefined
  if (corrected !== undefined) return addDays(corrected, date - 1)
  // The first lunar month begins between 21 January and 20 February; a month has at most 30 days.
  const earliest = addDays(dayOf(year, 1, 20), Math.floor((month - 1) * 29.4))
  for (let day = earliest; day < addDays(earliest, 75); day = addDays(day, 1)) {
    const [lunarMonth, lunarDateOfMonth, isLeap] = lunarDate(day)
    if (lunarMonth === month && lunarDateOfMonth === date && !isLeap) return day
  }
  return undefined
}

/** The day of a festival in the year whose spring festival is in `year`; undefined when the name is not known. */
export function festivalDay(name: string, year: number): Day | undefined {
  const solar = SOLAR_FESTIVALS[name]
  if (solar !== undefined) return dayOf(year, ...solar)
  if (/除夕|三十/.test(name)) {
    const spring = lunarDay(year, 1, 1)
    return spring === undefined ? undefined : addDays(spring, -1)
  }
  const lunar = LUNAR_FESTIVALS[name]
  return lunar === undefined ? undefined : lunarDay(year, ...lunar)
}
