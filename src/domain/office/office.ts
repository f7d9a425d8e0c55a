import { z } from 'zod'

/*
 * What a resident would ask the office itself: its telephone, address, hours, people, places, and questions that staff answered. The same
 * schema checks `knowledge/office.yaml`, the form in the desk and `PUT /api/v1/office`. Sentences of problems are Chinese and English: staff read them.
 */

export const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const
export type Weekday = (typeof WEEKDAYS)[number]

const text = (longest: number) => z.string().trim().min(1).max(longest)
const MOST_ENTRIES = 500
const MOST_SPANS = 4
const MOST_OF_A_KIND = 60

const DAY = /^\d{4}-\d{2}-\d{2}$/
const isDay = (day: string): boolean => DAY.test(day) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
/** A calendar day, 2026-12-01. */
const Day = z.string().refine((day) => DAY.test(day) && !Number.isNaN(Date.parse(day)) && isDay(day), { error: '要写成 2026-12-01 这样的日期 / must be a date like 2026-12-01' }).meta({ format: 'date' })

const SPAN = /^([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)$/

/** Minutes after midnight between which it is open; null when `span` is none. */
export function readSpan(span: string): { from: number; to: number } | null {
  const [, fromHour, fromMinute, toHour, toMinute] = SPAN.exec(span) ?? []
  if (fromHour === undefined) return null
  const [from, to] = [Number(fromHour) * 60 + Number(fromMinute), Number(toHour) * 60 + Number(toMinute)]
  return from < to && to <= 24 * 60 ? { from, to } : null
}

/** Opening times of one day, in order and apart; none = closed. */
const Spans = z
  .array(z.string().trim())
  .max(MOST_SPANS)
  .superRefine((spans, context) => {
    let before = -1
    for (const [index, span] of spans.entries()) {
      const read = readSpan(span)
      if (read === null) context.addIssue({ code: 'custom', path: [index], message: `“${span}”要写成 8:30-11:30 这样，先早后晚 / must be like 8:30-11:30` })
      else if (read.from < before) context.addIssue({ code: 'custom', path: [index], message: `“${span}”和前一段重叠，或者排在了后面 / overlaps the one before` })
      before = read?.to ?? before
    }
  })

const MONTH_DAY = /^(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])$/
const MonthDay = z.string().refine((day) => MONTH_DAY.test(day), { error: '要写成 06-01 这样的月和日 / must be a month and a day like 06-01' }).meta({ pattern: MONTH_DAY.source })
const Season = z.strictObject({ from: MonthDay, to: MonthDay })

const HoursLine = z.strictObject({
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
  open: Spans,
  /** In which part of each year; absent = all of it but for the seasons of other lines. */
  season: Season.exactOptional(),
})
export type HoursLine = z.infer<typeof HoursLine>

/** By weekday; a day that no line names is closed. */
const Hours = z
  .array(HoursLine)
  .max(MOST_OF_A_KIND)
  .superRefine((lines, context) => {
    const seen = new Map<string, number>()
    for (const [index, { days, season }] of lines.entries()) {
      for (const day of days) {
        const key = `${day} ${season === undefined ? '' : `${season.from} ${season.to}`}`
        const earlier = seen.get(key)
        if (earlier === undefined) seen.set(key, index)
        else context.addIssue({ code: 'custom', path: [index, 'days'], message: `${day}写了两次，第 ${earlier + 1} 段已有 / this day stands in another line already` })
      }
    }
  })

/** Days that differ from the week: closed, or with other hours. */
const SpecialDays = z.strictObject({ from: Day, to: Day.exactOptional(), reason: text(40), open: Spans.exactOptional() })
export type SpecialDays = z.infer<typeof SpecialDays>

const Words = z.array(text(40)).max(MOST_OF_A_KIND)

const Person = z.strictObject({
  name: text(30),
  duty: text(60),
  telephone: text(60).exactOptional(),
  /** Buildings or places whose grid worker this is, as residents say them (3号楼, 迎宾小区3号楼). */
  buildings: Words.exactOptional(),
  changed: Day.exactOptional(),
})
export type OfficePerson = z.infer<typeof Person>

const Place = z.strictObject({
  name: text(30),
  /** Other names of it. */
  words: Words.exactOptional(),
  address: text(120).exactOptional(),
  telephone: text(60).exactOptional(),
  hours: Hours.exactOptional(),
  note: text(300).exactOptional(),
  changed: Day.exactOptional(),
})
export type OfficePlace = z.infer<typeof Place>

export const LONGEST_OFFICE_ANSWER = 1_000

const Pair = z.strictObject({
  question: text(200),
  /** The same in other words. */
  also: z.array(text(200)).max(MOST_OF_A_KIND).exactOptional(),
  answer: text(LONGEST_OFFICE_ANSWER),
  /** Where it stands in a document; `document` is its id. */
  /** `print`: the fingerprint of its words, by which it is followed when its number changes. */
  clause: z.strictObject({ document: text(60), number: text(20), print: text(20).exactOptional() }).exactOptional(),
  changed: Day.exactOptional(),
})
export type OfficePair = z.infer<typeof Pair>

/** Facts that stand alone; `dates` says when each of them was changed last. */
export const DATED_FACTS = ['name', 'telephone', 'address', 'hours', 'holidays', 'closed'] as const
export type DatedFact = (typeof DATED_FACTS)[number]

export const Office = z
  .strictObject({
    /** Nobody has filled it in yet: every answer says that it is an example. */
    example: z.boolean().exactOptional(),
    name: text(40),
    telephone: text(60).exactOptional(),
    address: text(120).exactOptional(),
    hours: Hours.default([]),
    /** Opening times on public holidays; none = closed. */
    holidays: z.strictObject({ open: Spans }).default({ open: [] }),
    closed: z.array(SpecialDays).max(MOST_ENTRIES).default([]),
    people: z.array(Person).max(MOST_ENTRIES).default([]),
    places: z.array(Place).max(MOST_ENTRIES).default([]),
    questions: z.array(Pair).max(MOST_ENTRIES).default([]),
    /** Day of the last change of whatever has no day of its own. */
    changed: Day,
    dates: z.partialRecord(z.enum(DATED_FACTS), Day).exactOptional(),
  })
  .superRefine((office, context) => {
    for (const [index, { from, to }] of office.closed.entries()) {
      if (to !== undefined && to < from) context.addIssue({ code: 'custom', path: ['closed', index, 'to'], message: `“${to}”比“${from}”早 / lies before its beginning` })
    }
    reportTwice(office.places.map(({ name, words = [] }) => [name, ...words]), (index, name) => context.addIssue({ code: 'custom', path: ['places', index, 'name'], message: `“${name}”已经是另一个地方的叫法 / another place has this name` }))
    reportTwice(office.questions.map(({ question, also = [] }) => [question, ...also]), (index, question) => context.addIssue({ code: 'custom', path: ['questions', index, 'question'], message: `“${question}”重复，前面已有 / the same question stands above` }))
  })
export type Office = z.infer<typeof Office>

const bare = (said: string): string => said.normalize('NFKC').toLowerCase().replaceAll(/[\s\p{P}]/gu, '')

function reportTwice(entries: readonly string[][], report: (index: number, said: string) => void): void {
  const seen = new Map<string, number>()
  for (const [index, names] of entries.entries()) {
    for (const name of names) {
      const owner = seen.get(bare(name))
      if (owner !== undefined && owner !== index) report(index, name)
      else seen.set(bare(name), index)
    }
  }
}

/** Day of the last change of one fact. */
export const changedOn = (office: Office, fact: DatedFact): string => office.dates?.[fact] ?? office.changed
