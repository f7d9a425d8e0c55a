import type { ImportLine } from '../lines.ts'
import { readNumbered } from '../numbering.ts'
import { beforeDate, findDate, findMonth, isDateLine } from '../written-date.ts'
import { isNameLike, isOrgan } from './organ.ts'

export interface Signature {
  /** Its lines, `to` excluded. */
  from: number
  to: number
  issuer?: string
  date: string
  said: string
}

const MOST_ISSUERS = 4

/**
 * Issuer and date below a text, one below the other or on one line. In the middle of a document only where a name stands over the date,
 * since dates stand in texts too; at its end and above an annex or a title any name is the issuer's by its place.
 * @param from the first line of the text
 */
export function findSignatures(lines: readonly ImportLine[], from: number): Signature[] {
  const found: Signature[] = []
  // For each line the next that is not printed below a signature.
  const nextText: number[] = []
  for (let at = lines.length - 1; at > from; at -= 1) nextText[at] = isBelowSignature(lines[at]?.text ?? '') ? (nextText[at + 1] ?? lines.length) : at
  for (let at = from + 1; at < lines.length; at += 1) {
    const line = lines[at]
    if (line === undefined || line.row !== undefined) continue
    const signature = isDateLine(line.text) ? readAbove(lines, at, from, lines[nextText[at + 1] ?? lines.length]) : readOneLine(line, at)
    if (signature !== null) found.push(signature)
  }
  return found
}

function readOneLine(line: ImportLine, at: number): Signature | null {
  const issuer = beforeDate(line.text)
  const date = findDate(line.text)
  return issuer === null || date === null || !isOrgan(issuer) ? null : { from: at, to: at + 1, issuer, date, said: line.text }
}

function readAbove(lines: readonly ImportLine[], at: number, from: number, below: ImportLine | undefined): Signature | null {
  const text = lines[at]?.text ?? ''
  const date = findDate(text) ?? findMonth(text)
  if (date === null) return null
  let first = at
  while (first > from && at - first < MOST_ISSUERS && isOrgan(lines[first - 1]?.text ?? '')) first -= 1
  const isAtEnd = below === undefined
  const isBeforePart = below !== undefined && (/^[【（(]?附\s*[件表录图]/.test(below.text) || isNameLike(below.text))
  if (first === at && (isAtEnd || isBeforePart) && at - 1 > from && isNameLike(lines[at - 1]?.text ?? '')) first = at - 1
  if (first === at && !isAtEnd) return null
  const issuers = lines.slice(first, at).map((line) => line.text.replaceAll(/(?<=^\p{Script=Han}|\s\p{Script=Han})\s(?=\p{Script=Han}(?:\s|$))/gu, ''))
  return { from: first, to: at + 1, date, said: lines.slice(first, at + 1).map((line) => line.text).join(' '), ...(issuers.length === 0 ? {} : { issuer: issuers.join(' ') }) }
}

const NOTE = /^(?:抄\s*送|主题词|主送|印\s*发|联系人|联系电话|来源|公开方式|信息公开)|印发[。）)]?$|^[（(].{1,60}[）)]$/

/** What an office prints at the very end of a paper, wherever its signature stands. */
export const isPrintNote = (text: string): boolean => /^(?:抄\s*送|主题词)|\d\s*日?\s*印发[。）)]?$/.test(text)

/** What is printed below a signature: (此件公开发布), 抄送, 联系人. */
export const isBelowSignature = (text: string): boolean => NOTE.test(text) && readNumbered(text) === null
