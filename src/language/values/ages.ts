import { normalize } from '../normalize.ts'
import { parseNumber } from './numbers.ts'
import { toLocalIso } from '../../domain/time.ts'

export const YOUNGEST_AGE = 1
export const OLDEST_AGE = 120
/** The longest span that can be an age. */
const LONGEST_SPAN = 24

const N = '(\\d{1,3}|[零〇一二三四五六七八九十百两]{1,5})'
const BEFORE = /^(?:今年|现年|年龄|岁数|年纪|我|俺|本人|他|她|孩子|都|已经|已|快|快要|将近|大概|大约|差不多|虚岁|虚|周岁|刚满|刚|满|才|也|是|有|整|就|为|了|:|,|\s)*/
const AFTER = /(?:周岁|虚岁|岁|整|出头|多|来|左右|上下|有余|挂零|半|了|啦|吧|啊|呀|哈|呢|的|人|,|。|\.|!|\s)*$/
/** 七十又五, 六十有三: the ten and what comes on top of it. */
const TEN_AND = /^([二三四五六七八九]?十)[有又零]([一二三四五六七八九])$/
/** 五十五六, 六七十: the earlier one of two. */
const TWO_OF_ONE_TEN = /^([二三四五六七八九]?十)?([一二三四五六七八九])([一二三四五六七八九])(十)?$/
/** 奔七十, 奔五: the ten that one comes near to. */
const NEARS = /^奔着?(?:([二三四五六七八九])十?|(\d0))$/
const BORN = /^(?:(?:我|他|她|是|生于|出生于|,|\s)*)(\d{4}|\d{2}|[零〇一二三四五六七八九]{2,4})年?(?:的|生人?|出生|生的)*$/

const inBounds = (age: number | undefined): number | undefined => (age !== undefined && Number.isInteger(age) && age >= YOUNGEST_AGE && age <= OLDEST_AGE ? age : undefined)

/** 58年的, 1958年, 58年生人: the years since, which may be one too many before the birthday. A year of two digits lies in the past century where it can't be in this one. */
function yearsSince(said: string, now: Date): number | undefined {
  if (!/年|生/.test(said) && !/^(?:19|20)\d\d$/.test(said)) return undefined
  const year = parseNumber(BORN.exec(said)?.[1] ?? '')
  if (year === undefined) return undefined
  const thisYear = Number(toLocalIso(now).slice(0, 4))
  if (year >= 100) return inBounds(thisYear - year)
  const inThisCentury = Math.floor(thisYear / 100) * 100 + year
  return inBounds(thisYear - (inThisCentury <= thisYear ? inThisCentury : inThisCentury - 100))
}

function numberOfYears(said: string): number | undefined {
  const [, ten, unit] = TEN_AND.exec(said) ?? []
  if (ten !== undefined && unit !== undefined) return (parseNumber(ten) ?? 0) + (parseNumber(unit) ?? 0)
  const two = TWO_OF_ONE_TEN.exec(said)
  if (two?.[2] !== undefined && (two[1] === undefined) !== (two[4] === undefined)) return parseNumber(`${two[1] ?? ''}${two[2]}${two[4] ?? ''}`)
  return new RegExp(`^${N}$`).test(said) ? parseNumber(said) : undefined
}

/**
 * The age in years that a span or an answer to "how old?" says: 62, 六十二了, 十七岁半 (17), 刚满十八. What is said about it counts as it was said:
 * 六十出头, 六十多 and 六十来岁 are 60, 快七十 and 奔七十 are 70, 虚岁六十三 is 63, of 五十五六 the earlier. A year of birth (58年的) counts from `now`.
 * undefined for anything else, for months (十个月), and beyond 1 to 120.
 */
export function readAge(said: string, now: Date): number | undefined {
  if (said.length > LONGEST_SPAN) return undefined
  const plain = normalize(said).trim()
  if (/个?月|天大?$/.test(plain)) return undefined
  const near = NEARS.exec(plain.replace(BEFORE, '').replace(AFTER, ''))
  if (near !== null) return inBounds(near[1] === undefined ? Number(near[2]) : (parseNumber(near[1]) ?? 0) * 10)
  return yearsSince(plain.replace(/[。.!,\s]+$/, ''), now) ?? inBounds(numberOfYears(plain.replace(BEFORE, '').replace(AFTER, '')))
}
