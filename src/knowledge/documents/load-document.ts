import { z } from 'zod'
import type { KnowledgeDocument, Passage } from '../../domain/answers.ts'
import { addProblem, parseYaml } from './load-file.ts'
import type { SourceFile } from './load-file.ts'

const DATE_HINT = '要写成 2012-04-05 这样的日期 / must be a date such as 2012-04-05'
const IsoDate = z.iso.date({ error: DATE_HINT })

const FrontMatter = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, { error: '只能用小写字母、数字和 - / only lower-case letters, digits and -' }),
  title: z.string().trim().min(1).max(200),
  issuer: z.string().trim().min(1).max(200),
  number: z.string().trim().min(1).max(60).optional(),
  issued_on: IsoDate,
  effective_from: IsoDate.optional(),
  effective_to: IsoDate.optional(),
  superseded_by: z.string().trim().min(1).max(200).optional(),
})

/** A document with the file and the line of its id, for messages about it. */
export interface LoadedDocument {
  document: KnowledgeDocument
  source: SourceFile
  idLine: number
}

/**
 * Reads one markdown file: YAML between two `---` lines, then headings. A heading `第十二条 …`, `（十二）…`, `(十二)…` or `12 …` begins a
 * clause; what stands below it, down to the next heading of the same or a higher level, is the clause's text, word for word.
 * Text outside of clauses (a preamble, a chapter's introduction) belongs to the file but is no passage.
 * Problems are added to `source`; the result is null when the front matter cannot be used.
 */
export function readDocument(source: SourceFile): LoadedDocument | null {
  if (source.text === '') return null
  const match = /^---[ \t]*\n([\s\S]*?\n)---[ \t]*(?:\n|$)/.exec(source.text)
  if (match === null) {
    addProblem(source, 1, '开头要有两行“---”，中间写 id、title、issuer、issued_on / must begin with front matter between two --- lines')
    return null
  }
  const front = parseYaml(source, FrontMatter, match[1], 2)
  const bodyLine = match[0].split('\n').length
  const passages = readClauses(source, source.text.slice(match[0].length), bodyLine, front?.value.id ?? '')
  if (front === null) return null
  const { id, title, issuer, number, issued_on: issuedOn, effective_from: effectiveFrom, effective_to: effectiveTo, superseded_by: supersededBy } = front.value
  if (effectiveTo !== undefined && effectiveTo < issuedOn) addProblem(source, front.lineOf(['effective_to']), 'effective_to: 比 issued_on 还早 / is before issued_on')
  if (effectiveFrom !== undefined && effectiveTo !== undefined && effectiveTo < effectiveFrom) addProblem(source, front.lineOf(['effective_to']), 'effective_to: 比 effective_from 还早 / is before effective_from')
  const document: KnowledgeDocument = {
    id,
    title,
    issuer,
    issuedOn,
    ...(number === undefined ? {} : { number }),
    ...(effectiveFrom === undefined ? {} : { effectiveFrom }),
    ...(effectiveTo === undefined ? {} : { effectiveTo }),
    ...(supersededBy === undefined ? {} : { supersededBy }),
    passages,
  }
  return { document, source, idLine: front.lineOf(['id']) }
}

interface OpenClause {
  clause: string
  title: string
  level: number
  line: number
  lines: string[]
}

function readClauses(source: SourceFile, body: string, firstLine: number, documentId: string): Passage[] {
  const passages: Passage[] = []
  const lineOfClause = new Map<string, number>()
  for (const open of splitClauses(body, firstLine)) {
    const passage = toPassage(open, documentId)
    const earlier = lineOfClause.get(open.clause)
    if (earlier === undefined) lineOfClause.set(open.clause, open.line)
    if (earlier !== undefined) addProblem(source, open.line, `第 ${open.clause} 条重复，第 ${earlier} 行已有 / clause ${open.clause} is already on line ${earlier}`)
    else if (passage.text === '') addProblem(source, open.line, `第 ${open.clause} 条下面没有正文 / clause ${open.clause} has no text`)
    else passages.push(passage)
  }
  if (lineOfClause.size === 0) addProblem(source, firstLine, '没有找到条款，标题要写成“### 第十二条 …”“### （十二）…”或“## 12 …” / holds no clause headings')
  return passages
}

/** A heading below a clause's own level is part of its text: `（一）` items under `第十二条` are no clauses. */
function splitClauses(body: string, firstLine: number): OpenClause[] {
  const clauses: OpenClause[] = []
  let open: OpenClause | undefined
  for (const [index, line] of body.split('\n').entries()) {
    const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line)
    const level = heading?.[1]?.length ?? Infinity
    if (open !== undefined && level > open.level) {
      open.lines.push(heading?.[2] ?? line)
    } else if (heading !== null) {
      const clause = readClauseHeading(heading[2] ?? '')
      open = clause === null ? undefined : { ...clause, level, line: firstLine + index, lines: [] }
      if (open !== undefined) clauses.push(open)
    }
  }
  return clauses
}

function toPassage(open: OpenClause, documentId: string): Passage {
  // A heading that holds the whole clause, with nothing below it, is the clause.
  const text = open.lines.join('\n').trim() || (/[。；！？]/.test(open.title) ? open.title : '')
  const title = /[。；！？]/.test(open.title) || open.title === '' ? firstSentence(text) : open.title
  return { documentId, clause: open.clause, title, text, typicalQuestions: [] }
}

function firstSentence(text: string): string {
  return /^[^。！？\n]*/.exec(text)?.[0] ?? ''
}

const NUMERAL = '[零〇一二两三四五六七八九十百千\\d０-９]+'
const HEADINGS = [
  new RegExp(`^第\\s*(${NUMERAL})\\s*条(?:之(${NUMERAL}))?[\\s、:：.．]*(.*)$`),
  new RegExp(`^[（(]\\s*(${NUMERAL})\\s*()[)）][\\s、.．]*(.*)$`),
  /^([\d０-９]+)()(?:[、．]\s*|\.(?![\d０-９])\s*|[\s]+|$)(.*)$/,
]

/** A clause's number in Arabic digits ("12", "12-1" for 第十二条之一) and title from its heading; null when it is no clause's. */
export function readClauseHeading(heading: string): { clause: string; title: string } | null {
  for (const pattern of HEADINGS) {
    const match = pattern.exec(heading.trim())
    if (match === null) continue
    const number = readNumeral(match[1] ?? '')
    const suffix = match[2] ? readNumeral(match[2]) : undefined
    if (number === null || suffix === null) continue
    return { clause: suffix === undefined ? String(number) : `${number}-${suffix}`, title: (match[3] ?? '').trim() }
  }
  return null
}

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
