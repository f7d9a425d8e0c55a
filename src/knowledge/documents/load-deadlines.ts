import { z } from 'zod'
import { DEFAULT_DEADLINES, type Deadlines } from '../../domain/requests/deadlines.ts'
import { isWeekend, type CalendarYear, type WorkCalendar } from '../../domain/requests/working-days.ts'
import { addProblem, parseYaml, type Located, type SourceFile } from './load-file.ts'

const Days = z.number().int().min(1).max(365)
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: '要写成 08:30 的样子 / must look like 08:30' })
const Later = z.number().int().min(0).max(10_000)

const ClimbingEntry = z
  .strictObject({ town: Later, county: Later, prefecture: Later })
  .refine(({ town, county, prefecture }) => town <= county && county <= prefecture, { error: '要一级比一级晚 / each level must come later than the one below' })

const DeadlinesFile = z.strictObject({
  limits: z.strictObject({ urgent: Days, ordinary: Days, long: Days }),
  opensAt: TimeOfDay,
  closesAt: TimeOfDay,
  climbing: z.strictObject({ ordinary: ClimbingEntry, urgent: ClimbingEntry, emergency: ClimbingEntry }),
  notMovedDays: Days,
})

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)
const Day = z.string().refine((text) => !Number.isNaN(Date.parse(text)) && isDay(text), { error: '要写成 2026-10-01 的样子，而且要真有这一天 / must be a real day like 2026-10-01' })

const YearEntry = z.strictObject({
  year: z.number().int().min(2000).max(2100),
  source: z.string().trim().min(1).max(300),
  isPublished: z.boolean(),
  holidays: z.array(z.strictObject({ name: z.string().trim().min(1).max(30), from: Day, to: Day })).min(1),
  workdays: z.array(Day),
})

/** When things are due and climb; problems are added to `source`. A folder without the file has what is usual. */
export function readDeadlines(source: SourceFile | null): Omit<Deadlines, 'calendar'> {
  const parsed = source === null || source.text === '' ? null : parseYaml(source, DeadlinesFile)
  return parsed?.value ?? DEFAULT_DEADLINES
}

/** Days off and make-up workdays by year; problems are added to `source`. A folder without the file knows of none. */
export function readHolidays(source: SourceFile | null): WorkCalendar {
  const parsed = source === null || source.text === '' ? null : parseYaml(source, z.array(YearEntry).min(1))
  if (source === null || parsed === null) return []
  for (const [index, year] of parsed.value.entries()) {
    if (parsed.value.findIndex((other) => other.year === year.year) !== index) addProblem(source, parsed.lineOf([index, 'year']), `year: ${year.year} 年写了两次 / stands twice`)
    reportWrongDays(source, parsed, index, year)
  }
  return parsed.value
}

function reportWrongDays(source: SourceFile, parsed: Located<CalendarYear[]>, index: number, year: CalendarYear): void {
  for (const [at, { name, from, to }] of year.holidays.entries()) {
    const report = (text: string) => addProblem(source, parsed.lineOf([index, 'holidays', at]), `${name}: ${text}`)
    if (from > to) report('开头比结尾晚 / ends before it begins')
    else if (!belongsTo(year.year, from) || !belongsTo(year.year, to)) report(`不在 ${year.year} 年 / not in this year`)
    else if (year.holidays.slice(0, at).some((other) => other.from <= to && from <= other.to)) report('和前面的假期重了 / overlaps an earlier one')
  }
  for (const [at, day] of year.workdays.entries()) {
    const report = (text: string) => addProblem(source, parsed.lineOf([index, 'workdays', at]), `${day}: ${text}`)
    if (!belongsTo(year.year, day)) report(`不在 ${year.year} 年 / not in this year`)
    else if (!isWeekend(day)) report('不是周六、周日，不用写 / is no Saturday or Sunday')
    else if (year.holidays.some(({ from, to }) => from <= day && day <= to)) report('又写成了放假 / is a day off too')
    else if (year.workdays.indexOf(day) !== at) report('写了两次 / stands twice')
  }
}

/** The notice for a year may speak of the last days of the year before. */
const belongsTo = (year: number, day: string): boolean => day.startsWith(`${year}-`) || day.startsWith(`${year - 1}-12-`)
