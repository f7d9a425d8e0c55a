import { normalize } from '../../../language/normalize.ts'
import { parseNumber } from '../../../language/values/numbers.ts'

/** A number with its unit as it stands in a text; a range has two bounds, a single figure the same one twice. */
export interface Figure {
  from: number
  to: number
  /** The unit in one spelling; `年份` = a calendar year, `号码` = a number to call. */
  unit: string
  /** Whether it is said to be the least or the most. */
  bound: 'least' | 'most' | null
  /** The words themselves. */
  text: string
}

const DIGITS = '(?:\\d+(?:\\.\\d+)?|[零〇一二两三四五六七八九十百千]+)'
const UNITS: Record<string, string> = {
  平方米: '平方米', 平米: '平方米', 平方: '平方米', 平: '平方米', '%': '%', 成: '%', 元: '元', 块: '元', 块钱: '元', 户: '户', 家: '户',
  公里: '公里', 米: '公里', 年: '年', 所: '所', 岁: '岁', 周岁: '岁', 项: '项', 级: '级', 种: '种', 倍: '倍', 位一体: '位一体', 有一化: '有一化',
  次性: '次性', 次: '次', 部委: '部门', 部门: '部门', 天: '天', 日内: '天', 个月: '个月', 小时: '小时', 分钟: '分钟', 人: '人', 名: '人', 位: '人',
  条: '条', 有: '有',
}
/** The units, in the order in which they are tried. */
const UNIT_WORDS: readonly RegExp[] = [
  /平方米|平米|平方(?!公里)|平(?!时|安|台|均)|%|成(?!立|为|员|果|本|效|绩|功|就)|元|块钱?|户|公里|米(?!饭|粉|面)|年(?!级|轻|纪)/y,
  /所(?!有|以)|周?岁|项|级|种(?!养|植)|倍|位一体|有一化|次性|次(?!数)|个?部委|个?部门|天(?!然|气|候)|日内|个月|小时|分钟|人(?![均口民人])/y,
  /名(?=[\u4e00-\u9fff])|位(?!一体|置)|条(?!件|例)|有(?=["”』」一标制工目要新的是])|个(?!人|月)[\u4e00-\u9fff]{2}/y,
]
const BOUND_BEFORE = /(不少于|不低于|不超过|不高于|不多于|至少|最少|最低|起码|至多|最多|最高)(?:给|要|得|有|配|建|是|到)?/y
const NUMBER = new RegExp(`(百分之)?(${DIGITS})(?:\\s*(?:—|–|-|~|至|到)\\s*(${DIGITS}))?`, 'y')
const SCALE = /(?:来|多|几)?\s*(万|亿)?(?:来|多)?["“”]?\s*(?:户(?=(?:—|–|-|~|至|到)))?/y
const BOUND_AFTER = /以上|以下|以内|左右/y
const STARTS_FIGURE = /[不至最起百\d零〇一二两三四五六七八九十千]/
/** "一半", "十个人里五个": shares said without a unit. */
const HALF = /(?:一半|半数)(以上|以下)?/g
/** "五分之一". */
const PART_OF = /([二三四五六七八九十])分之([一二两三四五六七八九])/g
const OUT_OF = /(十|百|一百)个(?:人|居民)?(?:里头?|中|当中)(?:得|要|就)?有?([一二两三四五六七八九十\d]+)个?/g
/** The number of a line to call: three to eight digits beside a word for one. */
const NUMBER_TO_CALL = /(?<=热线|电话|号码)[^\d,。]{0,4}(\d{3,8})(?!\d|年)|(?<!\d)(\d{5,8})(?=[^\d,。]{0,12}(?:热线|电话))/g

/** The figures of a text, in order; numbers without a unit that is known are left out. */
export function readFigures(text: string): Figure[] {
  const plain = normalize(text)
  const found: (Figure & { at: number })[] = []
  for (const words of figureWords(plain)) {
    const figure = toFigure(words, SUM_BEFORE.test(plain.slice(Math.max(0, words.at - 6), words.at)))
    if (figure !== null) found.push({ ...figure, at: words.at })
  }
  for (const match of plain.matchAll(HALF)) found.push({ ...single(50, '%', match[0]), at: match.index })
  for (const match of plain.matchAll(PART_OF)) {
    found.push({ ...single(((readAmount(match[2], undefined) ?? 0) / (readAmount(match[1], undefined) ?? 1)) * 100, '%', match[0]), at: match.index })
  }
  for (const match of plain.matchAll(OUT_OF)) {
    const share = ((readAmount(match[2], undefined) ?? 0) / (match[1] === '十' ? 10 : 100)) * 100
    found.push({ ...single(share, '%', match[0]), at: match.index })
  }
  for (const match of plain.matchAll(NUMBER_TO_CALL)) {
    const digits = match[1] ?? match[2] ?? ''
    found.push({ ...single(Number(digits), '号码', digits), at: match.index })
  }
  return found.sort((left, right) => left.at - right.at).map(({ at: _, ...figure }) => figure)
}

const single = (value: number, unit: string, text: string): Figure => ({ from: value, to: value, unit, bound: null, text })

/** A number right after such a word is money though no unit is said: 营业额不到五千. */
const SUM_BEFORE = /(?:营业额|收入|工资|补贴|津贴|投入|经费|资金|奖金|费用)[^,。]{0,3}$/

/** The words of a figure: "不少于百分之十", "200到300平方米", "五千多户以上". */
interface FigureWords {
  at: number
  whole: string
  before: string | undefined
  percent: string | undefined
  first: string | undefined
  second: string | undefined
  scale: string | undefined
  unitText: string | undefined
  after: string | undefined
}

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function figureAt(text: string, at: number): FigureWords | undefined {
  const before = matchAt(BOUND_BEFORE, text, at)
  const start = at + (before?.[0].length ?? 0)
  const number = matchAt(NUMBER, text, start)
  if (number === null) return undefined
  const scale = matchAt(SCALE, text, start + number[0].length)
  let end = start + number[0].length + (scale?.[0].length ?? 0)
  const unitText = UNIT_WORDS.map((units) => matchAt(units, text, end)?.[0]).find((unit) => unit !== undefined)
  end += unitText?.length ?? 0
  const after = matchAt(BOUND_AFTER, text, end)?.[0]
  end += after?.length ?? 0
  return { at, whole: text.slice(at, end), before: before?.[1], percent: number[1], first: number[2], second: number[3], scale: scale?.[1], unitText, after }
}

function figureWords(text: string): FigureWords[] {
  const found: FigureWords[] = []
  for (let at = 0; at < text.length; ) {
    const figure = STARTS_FIGURE.test(text.charAt(at)) ? figureAt(text, at) : undefined
    if (figure !== undefined) found.push(figure)
    at += figure?.whole.length ?? 1
  }
  return found
}

function toFigure({ whole, before, percent, first, second, scale, unitText, after }: FigureWords, isSum: boolean): Figure | null {
  const [, low, high, rank = ''] = SPOKEN_RANGE.exec(first ?? '') ?? []
  const from = readAmount(low === undefined ? first : low + rank, scale)
  const to = high !== undefined ? readAmount(high + rank, scale) : second === undefined ? from : readAmount(second, scale)
  // "2万" of money is often said without 元.
  const unit = percent !== undefined ? '%' : unitText !== undefined ? readUnit(unitText) : scale !== undefined || (isSum && (from ?? 0) >= 100) ? '元' : undefined
  if (from === null || to === null || unit === undefined) return null
  const isCalendarYear = unit === '年' && from >= 1900 && from <= 2100
  const factor = unitText === '成' ? 10 : unitText === '米' ? 0.001 : 1
  return { from: from * factor, to: to * factor, unit: isCalendarYear ? '年份' : unit, bound: readBound(before, after), text: whole.trim() }
}

/** Of "3个机构" the unit is what is counted. */
function readUnit(text: string): string | undefined {
  return UNITS[text.replace(/^个(?!月)/, '')] ?? (text.startsWith('个') ? text : undefined)
}

function readBound(before: string | undefined, after: string | undefined): Figure['bound'] {
  if (after === '以上' || /^(?:不少于|不低于|至少|最少|最低|起码)$/.test(before ?? '')) return 'least'
  return after === '以下' || after === '以内' || /^(?:不超过|不高于|不多于|至多|最多|最高)$/.test(before ?? '') ? 'most' : null
}

/** "一二百" is from one to two hundred, "三五年" from three to five years. */
const SPOKEN_RANGE = /^([一两二三四五六七八九])([两二三四五六七八九])([十百千]?)$/

function readAmount(text: string | undefined, scale: string | undefined): number | null {
  if (text === undefined) return null
  const value = /^[\d.]+$/.test(text) ? Number(text) : (parseNumber(text) ?? Number.NaN)
  if (!Number.isFinite(value)) return null
  return value * (scale === '万' ? 10_000 : scale === '亿' ? 100_000_000 : 1)
}

/** Whether two figures can both be true: same unit, overlapping, and not the least where the other is the most. */
export function agrees(left: Figure, right: Figure): boolean {
  const isOpposed = left.bound !== null && right.bound !== null && left.bound !== right.bound
  return left.unit === right.unit && left.from <= right.to && right.from <= left.to && !isOpposed
}
