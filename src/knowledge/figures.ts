import { normalize } from '../language/normalize.ts'
import { parseNumber } from '../language/numbers.ts'

/** A number with its unit as it stands in a text; a range has two bounds, a single figure the same one twice. */
export interface Figure {
  from: number
  to: number
  unit: '平方米' | '%' | '元' | '户' | '公里' | '年份' | '年' | '所' | '岁'
  /** The words themselves. */
  text: string
}

const DIGITS = '(?:\\d+(?:\\.\\d+)?|[零〇一二两三四五六七八九十百千]+)'
const UNITS: Record<string, Figure['unit']> = { 平方米: '平方米', 平米: '平方米', 平方: '平方米', 平: '平方米', '%': '%', 元: '元', 块: '元', 块钱: '元', 户: '户', 公里: '公里', 年: '年', 所: '所', 岁: '岁', 周岁: '岁' }
const BOUND_BEFORE = '(?:不少于|不低于|不超过|至少|最低)?'
const BOUND_AFTER = '(?:以上|以下|以内|左右)?'
const FIGURE = new RegExp(`${BOUND_BEFORE}(百分之)?(${DIGITS})(?:\\s*(?:—|–|-|~|至|到)\\s*(${DIGITS}))?\\s*(万|亿)?\\s*(平方米|平米|平方(?!公里)|平(?!时|安|台|均)|%|元|块钱?|户|公里|年|所|周?岁)?${BOUND_AFTER}`, 'g')

/** The figures of a text, in order; numbers without a unit that is known are left out. */
export function readFigures(text: string): Figure[] {
  const figures: Figure[] = []
  for (const match of normalize(text).matchAll(FIGURE)) {
    const figure = toFigure(match)
    if (figure !== null) figures.push(figure)
  }
  return figures
}

function toFigure([whole, percent, first, second, scale, unitText]: RegExpMatchArray): Figure | null {
  const from = readAmount(first, scale)
  const to = second === undefined ? from : readAmount(second, scale)
  // "2万" of money is often said without 元.
  const unit = percent !== undefined ? '%' : unitText !== undefined ? UNITS[unitText] : scale === undefined ? undefined : '元'
  if (from === null || to === null || unit === undefined) return null
  const isCalendarYear = unit === '年' && from >= 1900 && from <= 2100
  return { from, to, unit: isCalendarYear ? '年份' : unit, text: whole.trim() }
}

function readAmount(text: string | undefined, scale: string | undefined): number | null {
  if (text === undefined) return null
  const value = /^[\d.]+$/.test(text) ? Number(text) : (parseNumber(text) ?? Number.NaN)
  if (!Number.isFinite(value)) return null
  return value * (scale === '万' ? 10_000 : scale === '亿' ? 100_000_000 : 1)
}

/** Whether two figures can both be true: same unit and overlapping. */
export function agrees(left: Figure, right: Figure): boolean {
  return left.unit === right.unit && left.from <= right.to && right.from <= left.to
}
