import { load } from 'cheerio'
import type { CheerioAPI } from 'cheerio'

/** What a workbook's styles say of its cells, by the number that a cell names. */
export interface CellFormats {
  /** As `yyyy"年"m"月"d"日"`, `0.0%`; '' = as it is. */
  formatOf: (style: number) => string
  isBold: (style: number) => boolean
  isStruck: (style: number) => boolean
  /** Days are counted from 1904 and not from 1900. */
  isFrom1904: boolean
}

/** Formats that every Excel knows by number; those of dates differ by country, here as in China. */
const BUILT_IN: Readonly<Record<number, string>> = {
  1: '0', 2: '0.00', 3: '#,##0', 4: '#,##0.00', 9: '0%', 10: '0.00%', 14: 'yyyy/m/d', 15: 'd-mmm-yy', 16: 'd-mmm', 17: 'mmm-yy', 18: 'h:mm', 19: 'h:mm:ss', 20: 'h:mm', 21: 'h:mm:ss', 22: 'yyyy/m/d h:mm',
  27: 'yyyy年m月', 28: 'm月d日', 29: 'm月d日', 30: 'm-d-yy', 31: 'yyyy年m月d日', 32: 'h时mm分', 33: 'h时mm分ss秒', 34: 'h时mm分', 35: 'h时mm分ss秒', 36: 'yyyy年m月',
  45: 'mm:ss', 46: 'h:mm:ss', 47: 'mm:ss', 50: 'yyyy年m月', 51: 'm月d日', 52: 'yyyy年m月', 53: 'm月d日', 54: 'm月d日', 55: 'h时mm分', 56: 'h时mm分ss秒', 57: 'yyyy年m月', 58: 'm月d日',
}
const MS_A_DAY = 86_400_000

/** @param xml `xl/styles.xml`, '' where there is none */
export function readFormats(xml: string, isFrom1904: boolean): CellFormats {
  const page = load(xml, { xml: true })
  const own = new Map(page('numFmts > numFmt').toArray().map((format) => [Number(page(format).attr('numFmtId')), page(format).attr('formatCode') ?? '']))
  const fonts = page('fonts > font').toArray().map((font) => ({ isBold: isOn(page, font, 'b'), isStruck: isOn(page, font, 'strike') }))
  const cells = page('cellXfs > xf').toArray().map((cell) => ({ format: Number(page(cell).attr('numFmtId') ?? 0), font: Number(page(cell).attr('fontId') ?? 0) }))
  const fontOf = (style: number) => fonts[cells[style]?.font ?? -1]
  return {
    formatOf: (style) => own.get(cells[style]?.format ?? 0) ?? BUILT_IN[cells[style]?.format ?? 0] ?? '',
    isBold: (style) => fontOf(style)?.isBold ?? false,
    isStruck: (style) => fontOf(style)?.isStruck ?? false,
    isFrom1904,
  }
}

type Element = ReturnType<ReturnType<CheerioAPI['root']>['parent']>[number]

function isOn(page: CheerioAPI, font: Element, name: string): boolean {
  const own = page(font).children(name)
  return own.length > 0 && !/^(?:0|false)$/.test(own.attr('val') ?? '')
}

/** A number as the sheet shows it: dates as dates, shares as shares, with the words that the format puts around it (¥, 元, 平方米). */
export function formatValue(value: string, format: string, isFrom1904: boolean): string {
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  const [positive = '', negative] = format.split(';')
  const shown = number < 0 && negative !== undefined && negative !== '' ? negative : positive
  const bare = shown.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '')
  if (/[ymdhs年月日时分秒]/i.test(bare) && !/[#0]/.test(bare.replaceAll(/s+\.0+/gi, ''))) return formatDate(number, shown, isFrom1904)
  if (!/[#0]/.test(bare)) return plain(number)
  const decimals = /[#0]\.([0#]+)/.exec(bare)?.[1] ?? ''
  const isShare = bare.includes('%')
  const absolute = Math.abs(isShare ? number * 100 : number)
  const least = decimals.replaceAll('#', '').length
  const digits = new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: Math.max(least, decimals.length), useGrouping: /[#0],[#0]/.test(bare) }).format(absolute)
  const [before = '', after = ''] = shown.split(/[#0?][#0,.?]*/).map(literal)
  return `${number < 0 && shown === positive ? '-' : ''}${before}${digits}${after.includes('%') || !isShare ? after : `${after}%`}`.trim()
}

/** 0.30000000000000004 is 0.3. */
const plain = (number: number): string => String(Number(number.toPrecision(15)))
/** What stands in a format as itself; `[$¥-804]` is ¥. */
const literal = (part: string): string => part.replaceAll(/\[\$([^\]-]*)[^\]]*\]/g, '$1').replaceAll(/\[[^\]]*\]|_.|\*./g, '').replaceAll(/"([^"]*)"/g, '$1').replaceAll(/\\(.)/g, '$1')

function formatDate(days: number, format: string, isFrom1904: boolean): string {
  if (days < 0 || days > 2_958_466) return plain(days)
  // Excel takes 1900 for a leap year: its day 60 never was.
  const from = isFrom1904 ? Date.UTC(1904, 0, 1) : days < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30)
  const date = new Date(from + Math.round(days * 86_400) * 1_000)
  const pattern = format.replaceAll(/\[\$[^\]]*\]|\[[^\]hms]*\]/gi, '')
  const hasDay = /[yd年日]/i.test(pattern) || /(?<![hs:时\]])m+(?![:分])/i.test(pattern.replaceAll(/h+[^a-z]*m+|m+[^a-z]*s+/gi, ''))
  const hasTime = /[hs时]/i.test(pattern)
  const day = hasDay ? [/y/i.test(pattern) || !hasTime ? (/y/i.test(pattern) ? `${date.getUTCFullYear()}年` : '') : '', `${date.getUTCMonth() + 1}月`, /d/i.test(pattern) ? `${date.getUTCDate()}日` : ''].join('') : ''
  const hours = /\[h+\]/i.test(pattern) ? Math.floor((days * MS_A_DAY) / 3_600_000 + 1e-9) : date.getUTCHours()
  const time = hasTime ? `${hours}:${String(date.getUTCMinutes()).padStart(2, '0')}${/s/i.test(pattern) ? `:${String(date.getUTCSeconds()).padStart(2, '0')}` : ''}` : ''
  return [day, time].filter((part) => part !== '').join(' ')
}
