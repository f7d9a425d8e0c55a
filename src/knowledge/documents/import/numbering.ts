import { readNumeral } from '../clause-label.ts'

/** The ways in which official documents number their parts, coarse to fine; 条 comes before all of them where there is one. */
export const SCHEMES = ['article', 'chinese', 'bracketed', 'digits'] as const
export type Scheme = (typeof SCHEMES)[number]

const ANY = '[零〇一二两三四五六七八九十百千\\d０-９]+'
const CHINESE = '[零〇一二三四五六七八九十百]+'
const PATTERNS: Record<Scheme, RegExp> = {
  article: new RegExp(`^第\\s*(${ANY})\\s*[条條](?:之(${ANY}))?`),
  chinese: new RegExp(`^(${CHINESE})()\\s*[、．.]`),
  bracketed: new RegExp(`^[（(]\\s*(${CHINESE})\\s*()[)）]`),
  digits: /^([\d０-９]{1,3})()\s*(?:[、．]|\.(?![\d０-９]))/,
}
/** What goes on speaking of a clause ("第十二条规定的…") does not begin one; 中 and 以 may also begin its text (第二条中型货车…). */
const MENTION = /^(?:第\s*\S+\s*[款项目]|规定|、|至|到)/
const MAY_MENTION = /^[所的第和或中与及以之]/
const CHAPTER = new RegExp(`^第\\s*${ANY}\\s*(?:([编章节])|(?:部\\s*分|篇)(?=[\\s：:、]|$))`)
const INNER = /^(?:[（(]\s*[\d０-９]{1,2}\s*[)）]|[\d０-９]{1,2}\s*[)）]|[①-⑳]|[\d０-９]+[.．][\d０-９]+)/

export interface Numbered {
  scheme: Scheme
  number: number
  suffix: number | null
  /** What stands before the text: 第十二条, （三）. */
  label: string
  /** The line without the label. */
  rest: string
  /** Whether the line may as well go on speaking of that clause: what stands around it decides. */
  isDoubtful?: true
}

/** The number that a line begins with; null when it begins with none of the four, or when that is in doubt. */
export function readNumbered(line: string): Numbered | null {
  const found = readNumberedLoosely(line)
  return found?.isDoubtful === true ? null : found
}

/** As `readNumbered`, with what is in doubt. */
export function readNumberedLoosely(line: string): Numbered | null {
  for (const scheme of SCHEMES) {
    const match = PATTERNS[scheme].exec(line)
    if (match === null) continue
    const number = readNumeral((match[1] ?? '').normalize('NFKC'))
    const suffix = match[2] ? readNumeral(match[2]) : null
    const after = line.slice(match[0].length)
    if (number === null || number === 0 || (scheme === 'article' && MENTION.test(after))) continue
    const isDoubtful = scheme === 'article' && MAY_MENTION.test(after)
    return { scheme, number, suffix, label: match[0], rest: after.replace(/^[\s:：、.．]+/, ''), ...(isDoubtful ? { isDoubtful } : {}) }
  }
  return null
}

/** 第二章, 第一节: a heading over clauses. */
export const isChapter = (line: string): boolean => CHAPTER.test(line) && line.length <= 40 && !/[。；]/.test(line)

/** Whether a line begins a part of its own: a chapter, a clause, an item of a list. */
export const startsNumbered = (line: string): boolean => readNumbered(line.trim()) !== null || isChapter(line.trim()) || INNER.test(line.trim()) || /^附件/.test(line.trim())
export const isInnerItem = (line: string): boolean => INNER.test(line)
