const CHINESE_FORMATS = /chinese|ideograph|japanese|taiwanese|korean/i
const NUMERALS = '零一二三四五六七八九'

/** A number as Word's `numFmt` writes it. */
export function formatCount(count: number, format: string): string {
  if (format === 'decimalEnclosedCircle' && count >= 1 && count <= 20) return String.fromCodePoint(0x2460 + count - 1)
  if (CHINESE_FORMATS.test(format) && !/enclosed|legal/i.test(format)) return toChinese(count)
  if (format === 'lowerLetter' || format === 'upperLetter') return String.fromCodePoint((format === 'lowerLetter' ? 97 : 65) + ((count - 1) % 26))
  return String(count)
}

/** 105 -> 一百零五; from 1 to 9999. */
export function toChinese(count: number): string {
  let result = ''
  let isAfterGap = false
  for (const [size, unit] of [[1000, '千'], [100, '百'], [10, '十'], [1, '']] as const) {
    const digit = Math.floor(count / size) % 10
    if (digit === 0) isAfterGap = result !== ''
    else {
      result += `${isAfterGap ? '零' : ''}${size === 10 && digit === 1 && result === '' ? '' : NUMERALS.charAt(digit)}${unit}`
      isAfterGap = false
    }
  }
  return result
}
