import { parseNumber } from '../../language/values/numbers.ts'
import { createWordTable } from '../../language/word-table.ts'
import { isMixedUp } from './answer-check-text.ts'
import type { SourceText, Statement } from './answer-check-text.ts'

export interface Figure {
  start: number
  end: number
  /** As it stands in the text, for objections. */
  raw: string
  /** `20|平方米`, `3-5|年`: the same for every way of writing it. */
  key: string
  unit: string
  bound: 'least' | 'most' | 'about' | 'exactly'
}

const ARABIC = String.raw`\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?`
const CHINESE = '[零〇一二三四五六七八九十百千万亿两廿卅]+'
const NUMBER = `(?:${ARABIC}|${CHINESE})(?:百万|千万|万|亿|千|百)?`
// Longest first. What is not here is read as a bare number.
const UNITS = [
  '平方公里', '平方千米', '平方米', '平米', '平方', '公里', '千米', 'km', '公顷', '个百分点', '百分点', '个工作日', '工作日', '个月', '个小时', '小时',
  '分钟', '星期', '季度', '块钱', '人次', '元', '块', '角', '户', '%', '年', '月', '日', '号', '天', '周', '岁', '人', '名', '位', '个', '项', '种', '次', '级', '条',
  '倍', '成', '折', '所', '家', '处', '亩', '吨', '层', '栋', '米', '里', '份', '届', '类', '代', '斤', '只', '间', '张', '套', '台', '辆', '支', '批',
]
const unitAt = createWordTable(UNITS)
const NUMBER_AT = new RegExp(`(百分之)?(${NUMBER})`, 'y')
const RANGE_AT = new RegExp(`(?:-|至|到)(百分之)?(${NUMBER})`, 'y')
/** The characters with which a figure can begin. */
const STARTS_FIGURE = /[百\d零〇一二三四五六七八九十千万亿两廿卅]/
const FRACTION = new RegExp(`(${CHINESE}|\\d+)分之(${CHINESE}|\\d+)`, 'g')

const SAME_UNIT: Record<string, string> = { 平米: '平方米', 平方: '平方米', 平方千米: '平方公里', 千米: '公里', km: '公里', 块: '元', 块钱: '元', 个百分点: '百分点', 个工作日: '工作日', 个小时: '小时', 星期: '周', 号: '', 名: '人', 位: '人' }
const MULTIPLIERS: Record<string, number> = { 百: 100, 千: 1000, 万: 10_000, 百万: 1_000_000, 千万: 10_000_000, 亿: 100_000_000 }

const BEFORE: [RegExp, Figure['bound']][] = [
  [/(?:不少于|不低于|不小于|不下于|不得少于|不得低于|至少|最少|起码|最低)(?:要|达到|达|是|为|有)?$/, 'least'],
  [/(?:不超过|不高于|不多于|不大于|不得超过|最多|至多|最高|顶多)(?:为|是)?$/, 'most'],
  [/(?:超过|大于|高于|多于)$/, 'least'],
  [/(?:低于|少于|小于|不到|不足|不满)$/, 'most'],
  [/(?:大约|大概|约|将近|接近|近)$/, 'about'],
]
const AFTER: [RegExp, Figure['bound']][] = [
  [/^(?:及|或)?(?:以上|起)/, 'least'],
  [/^(?:及|或)?(?:以下|以内|之内|以里)/, 'most'],
  [/^(?:左右|上下)/, 'about'],
]

/** Every figure of a flattened text: amounts, shares, dates, numbers. Numerals that are only part of a word ("一起") are none. */
export function findFigures(text: string): Figure[] {
  const figures: Figure[] = []
  const masked = text.replace(FRACTION, (raw, below: string, above: string, start: number) => {
    if (below === '百') return raw
    figures.push(toFigure(text, start, raw, `${readValue(above) ?? above}/${readValue(below) ?? below}`, '分之'))
    return '□'.repeat(raw.length)
  })
  for (const words of figureWords(masked)) {
    const figure = readFigure(text, words)
    if (figure !== undefined) figures.push(figure)
  }
  return figures.sort((left, right) => left.start - right.start)
}

/** The words of a figure: "百分之十", "3到5年", "200多平方米". */
interface FigureWords {
  index: number
  raw: string
  percent: string | undefined
  first: string
  firstUnit: string | undefined
  secondPercent: string | undefined
  second: string | undefined
  many: string | undefined
  lastUnit: string | undefined
}

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function figureAt(text: string, index: number): FigureWords | undefined {
  const number = matchAt(NUMBER_AT, text, index)
  if (number === null) return undefined
  let end = index + number[0].length
  const unit = unitAt(text, end)
  const range = (unit === undefined ? null : matchAt(RANGE_AT, text, end + unit.length)) ?? matchAt(RANGE_AT, text, end)
  const hasFirstUnit = unit !== undefined && range !== null && range.index > end
  if (range !== null) end = range.index + range[0].length
  const many = /^[多余几]/.exec(text.charAt(end))?.[0]
  end += many?.length ?? 0
  const lastUnit = unitAt(text, end)
  end += lastUnit?.length ?? 0
  return { index, raw: text.slice(index, end), percent: number[1], first: number[2] ?? '', firstUnit: hasFirstUnit ? unit : undefined, secondPercent: range?.[1], second: range?.[2], many, lastUnit }
}

function figureWords(text: string): FigureWords[] {
  const found: FigureWords[] = []
  for (let at = 0; at < text.length; ) {
    const figure = STARTS_FIGURE.test(text.charAt(at)) ? figureAt(text, at) : undefined
    if (figure !== undefined) found.push(figure)
    at += figure?.raw.length ?? 1
  }
  return found
}

function readFigure(text: string, words: FigureWords): Figure | undefined {
  const { raw, percent, first, firstUnit, secondPercent, second, many, lastUnit } = words
  const unit = lastUnit ?? (second === undefined ? undefined : firstUnit)
  const isChinese = !/\d/.test(raw)
  if (isChinese && unit === undefined && percent === undefined && !isBareNumber(first, second)) return undefined
  // "一个" is an article as often as a number.
  if (/^一[个种家]$/.test(raw)) return undefined
  let low = readValue(first)
  const high = second === undefined ? undefined : readValue(second)
  const scale = second === undefined ? undefined : scaleOf(second)
  // In "100-200万元" both are counted in ten thousands.
  if (low !== undefined && scale !== undefined && scaleOf(first) === undefined && /^\d/.test(first)) low *= scale
  const value = second === undefined ? String(low ?? first) : `${low ?? first}-${high ?? second}`
  const canonical = percent !== undefined || secondPercent !== undefined ? '%' : canonicalUnit(unit, low, second)
  const figure = toFigure(text, words.index, raw, value, canonical)
  return many === undefined ? figure : { ...figure, bound: 'least', key: `${figure.key}${many}` }
}

function isBareNumber(first: string, second: string | undefined): boolean {
  if (/^(?:千万|万一|百千|一一|十万)$/.test(first)) return false
  return first.length >= 2 || (second !== undefined && second.length >= 2)
}

function canonicalUnit(unit: string | undefined, low: number | undefined, second: string | undefined): string {
  if (unit === '年' && second === undefined && low !== undefined && low >= 1900 && low < 2200) return '年份'
  return unit === undefined ? '' : (SAME_UNIT[unit] ?? unit)
}

function toFigure(text: string, start: number, raw: string, value: string, unit: string): Figure {
  const end = start + raw.length
  const before = text.slice(Math.max(0, start - 8), start)
  const after = text.slice(end, end + 4)
  const bound = BEFORE.find(([pattern]) => pattern.test(before))?.[1] ?? AFTER.find(([pattern]) => pattern.test(after))?.[1] ?? 'exactly'
  return { start, end, raw, key: `${value}|${unit}`, unit, bound }
}

function scaleOf(number: string): number | undefined {
  const word = /\d(百万|千万|万|亿|千|百)$/.exec(number)?.[1]
  return word === undefined ? undefined : MULTIPLIERS[word]
}

function readValue(number: string): number | undefined {
  const arabic = /^([\d,.]+)(百万|千万|万|亿|千|百)?$/.exec(number)
  if (arabic !== null) return Number((arabic[1] ?? '').replaceAll(',', '')) * (arabic[2] === undefined ? 1 : (MULTIPLIERS[arabic[2]] ?? 1))
  // The parser wants "一百", residents and clauses say "百户".
  return parseNumber(/^[百千万]/.test(number) ? `一${number}` : number)
}

const BOUND_WORDS: Record<Figure['bound'], string> = { least: '“以上”或“不少于”', most: '“不超过”或“以内”', about: '“左右”', exactly: '不带“以上”“左右”的准数' }

/**
 * What is wrong with the figures of one stretch of an answer, measured against the clauses cited for it; undefined = nothing.
 * A figure must stand there with its unit and its bound, about the same subject.
 */
export function objectToFigures(segment: string, source: SourceText, citedClauses: readonly string[]): string | undefined {
  const found = findFigures(source.text)
  const spoken = findFigures(segment).filter((figure) => !isClauseNumber(segment, figure, citedClauses) && !isWord(segment, figure, source))
  for (const figure of spoken) {
    const same = found.filter((candidate) => candidate.key === figure.key)
    if (same.length === 0) return `“${figure.raw}”不在所引的条款里，数字和单位要照抄`
    if (!same.some((candidate) => candidate.bound === figure.bound)) return `“${figure.raw}”的范围说错了，原文是${BOUND_WORDS[same[0]?.bound ?? 'exactly']}`
    const partOfYear = readPartOfYear(segment, figure)
    if (figure.unit === '年份' && partOfYear !== '' && !same.some((candidate) => readPartOfYear(source.text, candidate) === partOfYear)) return `“${figure.raw}${partOfYear}”与原文的时间不符`
    const statements: Statement[] = found.filter((candidate) => candidate.unit === figure.unit).map((candidate) => ({ key: candidate.key, context: contextOf(source.text, candidate, found) }))
    const isAlone = spoken.filter((other) => other.unit === figure.unit).length < 2
    if (isMixedUp(figure.key, [contextOf(segment, figure, spoken), ...(isAlone ? [segment] : [])], statements)) return `“${figure.raw}”在原文里说的是另一件事`
  }
  return objectToRate(segment, source) ?? objectToVagueAmount(segment, source)
}

const isClauseNumber = (text: string, figure: Figure, clauses: readonly string[]): boolean =>
  text[figure.start - 1] === '第' && figure.unit === '条' && clauses.some((clause) => figure.key === `${clause}|条`)

/** A numeral inside a word or a name, written as the clause writes it ("一次性告知", "十二五", "三位一体"). */
function isWord(text: string, figure: Figure, source: SourceText): boolean {
  if (/\d/.test(figure.raw)) return false
  const wide = text.slice(Math.max(0, figure.start - 1), figure.end + 2)
  return wide.length >= figure.raw.length + 2 && source.text.includes(wide) && !/[年月日户元里米%]$/.test(figure.raw)
}

const readPartOfYear = (text: string, figure: Figure): string => {
  const part = /^(?:年底|年末|底|末|初|中期|上半年|下半年|\d*月)/.exec(text.slice(figure.end))?.[0] ?? ''
  return part === '末' || part === '年末' || part === '年底' ? '底' : part
}

/** The words that say what a figure is about: a date governs what follows, an amount what comes before it. */
function contextOf(text: string, figure: Figure, figures: readonly Figure[]): string {
  const peers = figures.filter((other) => other.unit === figure.unit && other.start !== figure.start)
  const sentenceStart = Math.max(...['。', ';', '!', '?'].map((mark) => text.lastIndexOf(mark, figure.start - 1) + 1))
  const sentenceEnd = indexOfAny(text, /[。;!?]/, figure.end)
  if (figure.unit === '年份') {
    const next = peers.filter((other) => other.start > figure.end).map((other) => other.start)
    return text.slice(figure.end, Math.min(sentenceEnd, ...next))
  }
  const previous = peers.filter((other) => other.end <= figure.start).map((other) => indexOfAny(text, /[,。;!?]/, other.end))
  const start = Math.max(sentenceStart, ...previous.filter((position) => position <= figure.start))
  const end = Math.min(indexOfAny(text, /[,。;!?]/, figure.end), ...peers.filter((other) => other.start > figure.end).map((other) => other.start))
  return text.slice(start, figure.start) + text.slice(figure.end, end)
}

function indexOfAny(text: string, pattern: RegExp, from: number): number {
  const offset = text.slice(from).search(pattern)
  return offset < 0 ? text.length : from + offset
}

/** 每年 must not become 每月, nor 每百户 每户. */
function objectToRate(segment: string, source: SourceText): string | undefined {
  for (const match of segment.matchAll(/每(?:个|一)?(户|家|人|年|月|次|天|日|周|季度|小时|栋|层|村|社区)/g)) {
    const unit = match[1] ?? ''
    if (!new RegExp(`每(?:个|一)?${unit}`).test(source.text)) return `“${match[0]}”不在所引的条款里`
  }
  const ownRate = /(?<![每今明去前后近])(?:月|年|日)(?=收入|营业额|补贴|均|租金|工资)/g
  for (const match of segment.matchAll(ownRate)) {
    if (!source.text.includes(segment.slice(match.index, match.index + 3))) return `“${segment.slice(match.index, match.index + 3)}”不在所引的条款里`
  }
  return undefined
}

function objectToVagueAmount(segment: string, source: SourceText): string | undefined {
  for (const match of segment.matchAll(/一半|半数|过半|半[年月天]|半个月|多数|大部分|少数|翻一?番|翻倍|加倍|减半|几[十百千万个年天元户]|数[十百千万]|上[百千万]|十[几多]|双倍|若干/g)) {
    if (!source.text.includes(match[0])) return `“${match[0]}”不在所引的条款里`
  }
  return undefined
}
