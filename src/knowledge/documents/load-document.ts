import { z } from 'zod'
import { clauseName } from '../../domain/answers.ts'
import type { KnowledgeDocument, Passage } from '../../domain/answers.ts'
import { isQuestionClause, readClauseHeading } from './clause-label.ts'
import type { ClauseHeading } from './clause-label.ts'
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
 * clause, and so does a label in words: `前言`, `附件1`, `附件1第3条`, `表1第3行`, `问答5 …` (its title is the question); what stands below
 * it, down to the next heading of the same or a higher level, is the clause's text, word for word. Other headings stand over the clauses
 * below them. Text outside of clauses (a preamble without a heading, a chapter's introduction) belongs to the file but is no passage.
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
  headings: string[]
  level: number
  line: number
  lines: string[]
  /** Whether something below it is a clause of its own: without text it is only the heading over that. */
  isOver: boolean
}

function readClauses(source: SourceFile, body: string, firstLine: number, documentId: string): Passage[] {
  const passages: Passage[] = []
  const lineOfClause = new Map<string, number>()
  for (const open of splitClauses(body, firstLine)) {
    const passage = toPassage(open, documentId)
    if (passage.text === '' && open.isOver) continue
    const earlier = lineOfClause.get(open.clause)
    if (earlier === undefined) lineOfClause.set(open.clause, open.line)
    if (earlier !== undefined) addProblem(source, open.line, `${clauseName(open.clause, ' ')}重复，第 ${earlier} 行已有 / clause ${open.clause} is already on line ${earlier}`)
    else if (passage.text === '') addProblem(source, open.line, `${clauseName(open.clause, ' ')}下面没有正文 / clause ${open.clause} has no text`)
    else passages.push(passage)
  }
  if (lineOfClause.size === 0) addProblem(source, firstLine, '没有找到条款，标题要写成“### 第十二条 …”“### （十二）…”或“## 12 …” / holds no clause headings')
  return passages
}

/**
 * A heading below a clause's own level is part of its text (`（一）` items under `第十二条` are no clauses), but where a clause of its own
 * begins right below it: a label in words (附件1第3条) begins a clause wherever it stands.
 */
function splitClauses(body: string, firstLine: number): OpenClause[] {
  const splitter = new ClauseSplitter()
  for (const [index, line] of body.split('\n').entries()) {
    const [, marks = '', text = ''] = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line) ?? []
    if (marks === '') splitter.addText(line)
    else splitter.addHeading(marks.length, text, firstLine + index)
  }
  splitter.end()
  return splitter.clauses
}

class ClauseSplitter {
  readonly clauses: OpenClause[] = []
  #open: OpenClause | undefined
  /** Headings that stand over what follows. */
  #over: { level: number; text: string; clause?: OpenClause }[] = []
  /** Deeper headings right below the open clause's text: what follows says whether they are text of it. */
  #waiting: { level: number; text: string }[] = []
  #isTitleSeen = false

  addText(line: string): void {
    if (line.trim() !== '') this.end()
    if (this.#waiting.length > 0) this.#waiting.push({ level: Infinity, text: line })
    else this.#open?.lines.push(line)
  }

  addHeading(level: number, text: string, line: number): void {
    const heading = readClauseHeading(text)
    // The first heading of all is the document's title.
    const isTitle = heading === null && level === 1 && !this.#isTitleSeen
    this.#isTitleSeen = true
    const isDeeper = this.#open !== undefined && level > this.#open.level
    if (isDeeper && heading?.isNamed !== true) {
      this.#waiting.push({ level, text })
      return
    }
    const over = this.#waiting.findIndex((earlier) => earlier.level < level)
    const headings = heading === null || over === -1 ? [] : this.#waiting.splice(over).filter((earlier) => earlier.level < level)
    this.end()
    this.#over = [...this.#over.filter((earlier) => earlier.level < level), ...headings]
    this.#open = undefined
    if (heading !== null) this.#openClause(heading, level, line)
    if (heading === null ? !isTitle : heading.isNamed === true) this.#over.push({ level, text: text.replace(/^▪ /, ''), ...(this.#open === undefined ? {} : { clause: this.#open }) })
  }

  /** Headings that nothing of its own came below are text. */
  end(): void {
    this.#open?.lines.push(...this.#waiting.map(({ text }) => text))
    this.#waiting = []
  }

  #openClause({ clause, title }: ClauseHeading, level: number, line: number): void {
    this.#open = { clause, title, headings: this.#over.map(({ text }) => text), level, line, lines: [], isOver: false }
    for (const { clause: above } of this.#over) if (above !== undefined) above.isOver = true
    this.clauses.push(this.#open)
  }
}

function toPassage(open: OpenClause, documentId: string): Passage {
  // A heading that holds the whole clause, with nothing below it, is the clause.
  const text = open.lines.join('\n').trim() || (/[。；！？]/.test(open.title) ? open.title : '')
  const isQuestion = isQuestionClause(open.clause) && open.title !== ''
  const title = isQuestion ? open.title : /[。；！？]/.test(open.title) || open.title === '' ? firstSentence(text) : open.title
  return { documentId, clause: open.clause, title, ...(open.headings.length === 0 ? {} : { headings: open.headings }), text, typicalQuestions: isQuestion ? [open.title] : [] }
}

function firstSentence(text: string): string {
  return /^[^。！？\n]*/.exec(text)?.[0] ?? ''
}
