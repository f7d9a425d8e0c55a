import { createHash } from 'node:crypto'
import path from 'node:path'
import type { KnowledgeDocument } from '../../../domain/answers.ts'
import { checkMarkdown, writeMarkdown } from './document-file.ts'
import type { FrontMatter } from './lines.ts'
import { describe } from './metadata.ts'
import type { Metadata } from './metadata.ts'
import { readFileLines } from './read-file.ts'
import { findStructure } from './structure.ts'

/** What staff say of a document; it counts more than what stands in the file. */
export interface ImportOptions extends Metadata {
  id?: string | undefined
}

export type Imported =
  | { outcome: 'ready'; document: KnowledgeDocument; markdown: string; problems: string[]; repeals: string[] }
  /** Something that has to be known stands nowhere in the file. */
  | { outcome: 'incomplete'; missing: Missing[]; found: Metadata }
  | { outcome: 'refused'; reason: string }

export type Missing = 'title' | 'issuer' | 'issuedOn'
const MOST_CLAUSES = 2_000

/** Makes the knowledge folder's markdown of any md, txt, html, docx or pdf. Writes nothing. */
export async function importDocument(fileName: string, bytes: Buffer, options: ImportOptions = {}): Promise<Imported> {
  const read = await readFileLines(fileName, bytes)
  if (read.outcome === 'refused') return read
  const { metadata, body, repeals } = describe(read.lines, { ...fromFront(read.front), ...withoutAbsent(options) })
  const { title, issuer, issuedOn } = metadata
  if (title === undefined || issuer === undefined || issuedOn === undefined) {
    return { outcome: 'incomplete', missing: (['title', 'issuer', 'issuedOn'] as const).filter((key) => metadata[key] === undefined), found: metadata }
  }
  const structured = findStructure(body, title)
  if (structured.clauses.length === 0) return { outcome: 'refused', reason: '没有找到正文。' }
  if (structured.clauses.length > MOST_CLAUSES) return { outcome: 'refused', reason: `分出了 ${structured.clauses.length} 条，太多了，最多 ${MOST_CLAUSES} 条。请拆成几份再加。` }
  const id = options.id ?? read.front?.id ?? suggestId(fileName, title, issuedOn)
  const markdown = writeMarkdown({ ...metadata, id, title, issuer, issuedOn }, structured.clauses)
  const checked = checkMarkdown(markdown, structured.clauses)
  if ('problem' in checked) return { outcome: 'refused', reason: `没有加成：${checked.problem}。` }
  return { outcome: 'ready', document: checked.document, markdown, problems: structured.problems, repeals }
}

function fromFront(front: FrontMatter = {}): Metadata {
  return withoutAbsent({ title: front.title, issuer: front.issuer, number: front.number, issuedOn: front.issued_on, effectiveFrom: front.effective_from, effectiveTo: front.effective_to })
}

function withoutAbsent({ title, issuer, number, issuedOn, effectiveFrom, effectiveTo }: Metadata): Metadata {
  return Object.fromEntries(Object.entries({ title, issuer, number, issuedOn, effectiveFrom, effectiveTo }).filter(([, value]) => value !== undefined))
}

/** From the file's name where that has letters, else from year and title: the same document gets the same id again. */
function suggestId(fileName: string, title: string, issuedOn: string): string {
  const name = path.basename(fileName).replace(/\.[^.]*$/, '').normalize('NFKC').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '')
  if (/[a-z]{3}/.test(name)) return name.slice(0, 60).replace(/-+$/, '')
  return `wenjian-${issuedOn.slice(0, 4)}-${createHash('sha256').update(title).digest('hex').slice(0, 6)}`
}
