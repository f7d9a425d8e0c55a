/** Numbers as official documents write them, and the labels that clauses are cited by. */

const DIGITS: Record<string, number> = { 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 }
const UNITS: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }

/** 十二 -> 12, 一百零五 -> 105, 二〇 -> 20, １２ -> 12; null for what is no number below ten thousand. */
export function readNumeral(text: string): number | null {
  const plain = text.normalize('NFKC')
  if (/^\d{1,4}$/.test(plain)) return Number(plain)
  if (/^[零〇一二三四五六七八九]{1,4}$/.test(plain)) return Number([...plain].map((digit) => DIGITS[digit]).join(''))
  let total = 0
  let digit = 0
  for (const character of plain) {
    const unit = UNITS[character]
    const value = DIGITS[character]
    if (unit !== undefined) {
      total += (digit || 1) * unit
      digit = 0
    } else if (value !== undefined) digit = value
    else return null
  }
  return total + digit
}

const NUMERAL = '[零〇一二两三四五六七八九十百千\\d０-９]+'
const NUMBERED = [
  new RegExp(`^第\\s*(${NUMERAL})\\s*[条條](?:之(${NUMERAL}))?[\\s、:：.．]*(.*)$`),
  new RegExp(`^[（(]\\s*(${NUMERAL})\\s*()[)）][\\s、.．]*(.*)$`),
  /^([\d０-９]+)()(?:[、．]\s*|\.(?![\d０-９])\s*|[\s]+|$)(.*)$/,
]

const ANNEX = `附[件表录图](?:${NUMERAL})?`
const PART = `第${NUMERAL}(?:部分|[编章节])`
/** What a label in words ends with: what is counted, within what stands before it. */
const COUNTED = new RegExp(`(?:问答${NUMERAL}|表${NUMERAL}(?:第${NUMERAL}行)?|前言|附注|第${NUMERAL}[条项行段])$`)
/** 附件1, a kind of paper (通知), 第2部分. */
const WITHIN = new RegExp(`^(?:${ANNEX}|\\p{Script=Han}{1,4}?)?(?:${PART})?$`, 'u')
const WHOLE = new RegExp(`^(?:${ANNEX}|文件信息)$`)
const SECOND = new RegExp(`之${NUMERAL}$`)

function isNamedLabel(label: string): boolean {
  const own = label.replace(SECOND, '')
  const counted = COUNTED.exec(own)
  if (counted === null) return WHOLE.test(own)
  const before = own.slice(0, counted.index)
  return before === '' ? !counted[0].startsWith('第') : WITHIN.test(before)
}

export interface ClauseHeading {
  clause: string
  title: string
  /** A label in words (附件1, 表1第3行, 问答5, 前言): it begins a clause wherever it stands, and is a heading over what lies below it. */
  isNamed?: true
}

/**
 * A clause's label and title from its heading: "12", "12-1" for 第十二条, 第十二条之一, （十二）, 12; for what has no number of its own its
 * label in words without blanks and with Arabic digits (附件1第3条, 表1第3行). null when it is no clause's.
 */
export function readClauseHeading(heading: string): ClauseHeading | null {
  const text = heading.trim()
  for (const pattern of NUMBERED) {
    const match = pattern.exec(text)
    if (match === null) continue
    const number = readNumeral(match[1] ?? '')
    const suffix = match[2] ? readNumeral(match[2]) : undefined
    if (number === null || suffix === null) continue
    return { clause: suffix === undefined ? String(number) : `${number}-${suffix}`, title: (match[3] ?? '').trim() }
  }
  const [, label = '', title = ''] = /^([^\s：:]+)(?:[\s：:]+(.*))?$/.exec(text) ?? []
  return isNamedLabel(label) ? { clause: canonicalLabel(label), title: title.trim(), isNamed: true } : null
}

/** A label in words as it is cited: 附件一第三条 -> 附件1第3条. */
export const canonicalLabel = (label: string): string => label.replaceAll(new RegExp(`(?<=附[件表录图]|表|问答|第|之)${NUMERAL}`, 'gu'), (numeral) => String(readNumeral(numeral) ?? numeral))

/** Questions and answers are typical questions of themselves. */
export const isQuestionClause = (clause: string): boolean => /问答\d+(?:之\d+)?$/.test(clause)
