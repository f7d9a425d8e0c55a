import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { stringify } from 'yaml'
import { clauseName } from '../../../domain/answers.ts'
import type { KnowledgeDocument } from '../../../domain/answers.ts'
import { readClauseHeading } from '../clause-label.ts'
import { readDocument } from '../load-document.ts'
import type { SourceFile } from '../load-file.ts'
import type { ImportedClause } from './structure.ts'

export interface DocumentFront {
  id: string
  title: string
  issuer: string
  number?: string | undefined
  issuedOn: string
  effectiveFrom?: string | undefined
  effectiveTo?: string | undefined
}

/** The markdown file of a document, as staff would write it by hand: front matter, title, headings, clauses. */
export function writeMarkdown(front: DocumentFront, clauses: readonly ImportedClause[]): string {
  const title = readClauseHeading(front.title) === null ? front.title : `《${front.title}》`
  return `${writeFront(front)}---\n\n${[`# ${title}`, ...writeClauses(clauses)].join('\n\n')}\n`
}

function writeFront(front: DocumentFront): string {
  return `---\n${stringify(
    {
      id: front.id,
      title: front.title,
      issuer: front.issuer,
      ...(front.number === undefined ? {} : { number: front.number }),
      issued_on: front.issuedOn,
      ...(front.effectiveFrom === undefined ? {} : { effective_from: front.effectiveFrom }),
      ...(front.effectiveTo === undefined ? {} : { effective_to: front.effectiveTo }),
    },
    { lineWidth: 0 },
  )}`
}

/** A clause stands one level below the last heading over it; what is over several clauses is written once. After a heading a clause without one closes it by its level. */
function writeClauses(clauses: readonly ImportedClause[]): string[] {
  const parts: string[] = []
  let over: string[] = []
  let isBelowHeading = false
  for (const [index, clause] of clauses.entries()) {
    const { headings } = clause
    const heading = headingOf(clause)
    const isNamed = readClauseHeading(heading)?.isNamed === true
    const shared = headings.findIndex((heading, depth) => over[depth] !== heading)
    const kept = shared === -1 ? headings.length : shared
    for (const [depth, heading] of headings.entries()) if (depth >= kept) parts.push(`${'#'.repeat(depth + 2)} ${asHeading(heading, isNamed)}`)
    const isOverNext = clauses[index + 1]?.headings[headings.length] === heading
    isBelowHeading ||= headings.length > 0 || isOverNext
    const level = isBelowHeading ? headings.length + 2 : 3
    parts.push(`${'#'.repeat(level)} ${heading}`, clause.text.split('\n').map(asText).join('\n'))
    over = isOverNext ? [...headings, heading] : [...headings]
  }
  return parts
}

function headingOf(clause: ImportedClause): string {
  // 1-2 alone is no heading of a clause.
  const counted = clause.number.replace(/^(\d+)-(\d+)$/, '第$1条之$2')
  const label = /^第/.test(clause.label) ? clause.label.replaceAll(/\s/g, '') : /^[（(]/.test(clause.label) ? clause.label : counted
  return withoutClosing(`${label}${clause.title === '' ? '' : /^[（(]/.test(label) ? clause.title : ` ${clause.title}`}`)
}

/** A heading that would be read as a clause stands as what it is: words. One in words (附件1) is a heading over clauses that are called in words. */
function asHeading(heading: string, isOverNamed: boolean): string {
  const read = readClauseHeading(heading)
  const isWords = !heading.startsWith('▪ ') && (read === null || (read.isNamed === true && isOverNamed))
  return withoutClosing(isWords ? heading : `▪ ${heading}`)
}

/** Marks that end a heading would be read as its end. */
const withoutClosing = (heading: string): string => heading.replace(/(?<=\s)#+$/, (marks) => '＃'.repeat(marks.length))

/** A line that begins with # would be read as a heading. */
const asText = (line: string): string => line.replace(/^(#{1,6})(?=[ \t])/, (marks) => '＃'.repeat(marks.length))

/**
 * Reads the file back as the service will.
 * @returns the document, or in one sentence what differs from what was meant
 */
export function checkMarkdown(markdown: string, meant: readonly ImportedClause[]): { document: KnowledgeDocument } | { problem: string } {
  const source: SourceFile = { name: '', text: markdown, problems: [] }
  const loaded = readDocument(source)
  const problem = source.problems[0]
  if (loaded === null || problem !== undefined) return { problem: problem?.text.split(' / ')[0] ?? '写出来的文件读不回去' }
  const { document } = loaded
  const differing = meant.find(({ number, text, headings }, index) => {
    const passage = document.passages[index]
    return passage?.clause !== number || passage.text !== text.split('\n').map(asText).join('\n').trim() || (passage.headings ?? []).join('\n') !== headings.map(withoutClosing).join('\n')
  })
  if (differing !== undefined || document.passages.length !== meant.length) return { problem: `${clauseName(differing?.number ?? '?')}写出来和读回去的不一样` }
  return { document }
}

/**
 * A file that is in the knowledge folder's own form already: its clauses and all that a person wrote around them stay as they are, only
 * its front matter says what is known now. null when it is not, or cannot be read.
 */
export function keepOwnForm(text: string, front: DocumentFront): { document: KnowledgeDocument; markdown: string } | null {
  const [, open = '', rest = ''] = /^\ufeff?---[ \t]*\r?\n([\s\S]*?\r?\n)---[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text) ?? []
  const superseded = /^superseded_by\s*:.*$/m.exec(open)?.[0]
  const markdown = `${writeFront(front)}${superseded === undefined ? '' : `${superseded}\n`}---\n${rest.replaceAll('\r\n', '\n')}`
  const source: SourceFile = { name: '', text: markdown, problems: [] }
  const loaded = open === '' ? null : readDocument(source)
  return loaded === null || source.problems.length > 0 ? null : { document: loaded.document, markdown }
}

/** Writes a file so that a reader finds the old one or the whole new one, never a part. */
export async function writeFileWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  // A hidden name is passed over by whoever reads the folder meanwhile.
  const unfinished = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.tmp`)
  try {
    await writeFile(unfinished, text, { mode: 0o644, flag: 'wx' })
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/** The document's text with the id of what takes its place in its front matter; every other line stays as staff wrote it. */
export const markSuperseded = (markdown: string, by: string): string => setSuperseded(markdown, `${stringify({ superseded_by: by }, { lineWidth: 0 }).trimEnd()}\n`)

/** The same without any: it counts again. */
export const unmarkSuperseded = (markdown: string): string => setSuperseded(markdown, '')

function setSuperseded(markdown: string, line: string): string {
  const [, open = '', front = '', rest = ''] = /^(---[ \t]*\r?\n)([\s\S]*?\r?\n)(---[ \t]*(?:\r?\n|$)[\s\S]*)$/.exec(markdown.replace(/^\ufeff/, '')) ?? []
  const kept = front.split('\n').filter((own) => !/^superseded_by\s*:/.test(own))
  return `${open}${kept.join('\n').replace(/\n?$/, '\n')}${line}${rest}`
}
