import { readNumeral } from '../clause-label.ts'

const DIGIT = '[\\d〇○零一二三四五六七八九十]'
const DATE = new RegExp(`(${DIGIT}{4})\\s*(?:年|[-/.])\\s*(${DIGIT}{1,3})\\s*(?:月|[-/.])\\s*(${DIGIT}{1,3})\\s*日?`)
const WHOLE = new RegExp(`^[（(]?\\s*${DATE.source}\\s*[）)]?$`)

/** The first whole date in a text, ISO: 2012年4月5日, 二〇一二年四月五日, 2012-04-05; null when there is none, or none that exists. */
export function findDate(text: string): string | null {
  const match = DATE.exec(text.normalize('NFKC').replaceAll('○', '〇'))
  if (match === null) return null
  const [year, month, day] = match.slice(1).map((part) => readNumeral(part))
  if (year === null || month === null || day === null || year === undefined || month === undefined || day === undefined) return null
  const iso = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const instant = new Date(`${iso}T00:00:00Z`)
  return Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== iso || year < 1900 || year > 2100 ? null : iso
}

/** A line that holds a date and nothing else. */
export const isDateLine = (text: string): boolean => WHOLE.test(text.normalize('NFKC').replaceAll('○', '〇')) && findDate(text) !== null

/** The last day of so many years from a day on. */
export function addYears(from: string, years: string): string | null {
  const count = readNumeral(years)
  if (count === null) return null
  const end = new Date(`${from}T00:00:00Z`)
  end.setUTCFullYear(end.getUTCFullYear() + count)
  end.setUTCDate(end.getUTCDate() - 1)
  return end.toISOString().slice(0, 10)
}
