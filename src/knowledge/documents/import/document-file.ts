import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { stringify } from 'yaml'
import type { KnowledgeDocument } from '../../../domain/answers.ts'
import { readClauseHeading, readDocument } from '../load-document.ts'
import type { SourceFile } from '../load-file.ts'
import type { ImportedClause, Structured } from './structure.ts'

export interface DocumentFront {
  id: string
  title: string
  issuer: string
  number?: string | undefined
  issuedOn: string
  effectiveFrom?: string | undefined
  effectiveTo?: string | undefined
}

/** The markdown file of a document, as staff would write it by hand: front matter, title, chapters, clauses. */
export function writeMarkdown(front: DocumentFront, { preamble, clauses }: Pick<Structured, 'preamble' | 'clauses'>): string {
  const head = stringify(
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
  )
  const title = readClauseHeading(front.title) === null ? front.title : `《${front.title}》`
  const parts = [`# ${title}`, ...preamble.map(asText), ...clauses.flatMap(writeClause)]
  return `---\n${head}---\n\n${parts.join('\n\n')}\n`
}

function writeClause(clause: ImportedClause): string[] {
  const label = /^第/.test(clause.label) ? clause.label.replaceAll(/\s/g, '') : /^[（(]/.test(clause.label) ? clause.label : clause.number
  // A chapter that would be read as a clause stands as what it is: words.
  const chapters = clause.chapters.map((chapter) => `## ${readClauseHeading(chapter) === null ? chapter : `▪ ${chapter}`}`)
  const heading = `### ${label}${clause.title === '' ? '' : /^[（(]/.test(label) ? clause.title : ` ${clause.title}`}`
  return [...chapters, heading, clause.text.split('\n').map(asText).join('\n')]
}

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
  const differing = meant.find(({ number, text }, index) => document.passages[index]?.clause !== number || document.passages[index]?.text !== text.split('\n').map(asText).join('\n').trim())
  if (differing !== undefined || document.passages.length !== meant.length) return { problem: `第 ${differing?.number ?? '?'} 条写出来和读回去的不一样` }
  return { document }
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

/** The document's text with `superseded_by` set in its front matter; every other line stays as staff wrote it. */
export function markSuperseded(markdown: string, by: string): string {
  const line = stringify({ superseded_by: by }, { lineWidth: 0 }).trimEnd()
  const [, open = '', front = '', rest = ''] = /^(---[ \t]*\r?\n)([\s\S]*?\r?\n)(---[ \t]*(?:\r?\n|$)[\s\S]*)$/.exec(markdown.replace(/^\ufeff/, '')) ?? []
  const kept = front.split('\n').filter((own) => !/^superseded_by\s*:/.test(own))
  return `${open}${kept.join('\n').replace(/\n?$/, '\n')}${line}\n${rest}`
}
