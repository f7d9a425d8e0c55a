import { readNumeral } from '../clause-label.ts'

const DIGIT = '[\\d〇○零一二三四五六七八九十]'
const DATE = new RegExp(`(${DIGIT}{4})\\s*(?:年|[-/.])\\s*(${DIGIT}{1,3})\\s*(?:月|[-/.])\\s*(${DIGIT}{1,3})\\s*[日号]?`)
const WHOLE = new RegExp(`^[（(]?\\s*${DATE.source}\\s*[）)]?$`)
const MONTH = new RegExp(`^[（(]?\\s*(${DIGIT}{4})\\s*年\\s*(${DIGIT}{1,3})\\s*月\\s*[）)]?$`)

const flatten = (text: string): string => text.normalize('NFKC').replaceAll('○', '〇')

/** The first whole date in a text, ISO: 2012年4月5日, 3月1号, 二〇一二年四月五日, 2012-04-05; null when there is none, or none that exists. */
export function findDate(text: string): string | null {
  return toIso(DATE.exec(flatten(text))?.slice(1) ?? [])
}

/** The first day of a month that stands alone (2024年3月); null when the text says anything else. */
export function findMonth(text: string): string | null {
  const [year, month] = MONTH.exec(flatten(text).trim())?.slice(1) ?? []
  return year === undefined || month === undefined ? null : toIso([year, month, '1'])
}

function toIso(parts: readonly string[]): string | null {
  const [year, month, day] = parts.map((part) => readNumeral(part))
  if (year === null || month === null || day === null || year === undefined || month === undefined || day === undefined) return null
  const iso = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const instant = new Date(`${iso}T00:00:00Z`)
  return Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== iso || year < 1900 || year > 2100 ? null : iso
}

/** A line that holds a date (or a month) and nothing else. */
export const isDateLine = (text: string): boolean => (WHOLE.test(flatten(text).trim()) && findDate(text) !== null) || findMonth(text) !== null

/** What stands before a date that ends a line: the issuer of "居委会 2024年3月1日"; null when no date ends it. */
export function beforeDate(text: string): string | null {
  const match = new RegExp(`^(.*?)\\s*${DATE.source}\\s*$`).exec(flatten(text))
  return match === null || findDate(text) === null ? null : text.slice(0, (match[1] ?? '').length).trim()
}

/** The last day of so many years from a day on. */
export function addYears(from: string, years: string): string | null {
  const count = readNumeral(years)
  if (count === null) return null
  const end = new Date(`${from}T00:00:00Z`)
  end.setUTCFullYear(end.getUTCFullYear() + count)
  end.setUTCDate(end.getUTCDate() - 1)
  return end.toISOString().slice(0, 10)
}

/** A day as a person types it, 2024-03-01 or 2024年3月1日, as an ISO day; null when it is none that there is. */
export function readTypedDay(typed: string): string | null {
  const day = WHOLE.test(flatten(typed).trim()) ? findDate(typed) : null
  const instant = new Date(`${day ?? ''}T00:00:00Z`)
  return Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== day ? null : day
}
