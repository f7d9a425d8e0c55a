import { createHash } from 'node:crypto'
import path from 'node:path'
import type { KnowledgeDocument } from '../../../domain/answers.ts'
import { checkCompleteness } from './clauses/completeness.ts'
import { isContents } from './clauses/flow.ts'
import { checkMarkdown, keepOwnForm, writeMarkdown } from './document-file.ts'
import type { Imported, ImportOptions, ReadyImport } from './import-document.ts'
import type { FrontMatter, ImportLine } from './lines.ts'
import { describe, withoutAbsent } from './metadata.ts'
import type { Described, Metadata } from './metadata.ts'
import { readFileLines } from './read-file.ts'
import { findStructure, MOST_CLAUSES } from './structure.ts'

const NEEDED = ['title', 'issuer', 'issuedOn'] as const

/**
 * What `importDocument` does, on the thread that it is called on and without a limit of time.
 * @param onProgress called while a long file is read
 */
export async function makeDocument(fileName: string, bytes: Buffer, options: ImportOptions = {}, onProgress: () => void = () => undefined): Promise<Imported> {
  const read = await readFileLines(fileName, bytes, onProgress)
  if (read.outcome === 'refused') return read
  const { id: saidId, takenIds = [], ...saidOptions } = options
  const said = only(saidOptions)
  const described = describe(read.lines, { ...fromFront(read.front), ...said })
  const { metadata } = described
  const { title, issuer, issuedOn } = metadata
  if (title === undefined || issuer === undefined || issuedOn === undefined) {
    return { outcome: 'incomplete', missing: NEEDED.filter((key) => metadata[key] === undefined), found: metadata, seen: describeSeen(read.lines, metadata) }
  }
  const id = saidId ?? read.front?.id ?? freeId(suggestId(fileName, title, issuedOn), takenIds)
  const front = { ...metadata, id, title, issuer, issuedOn }
  const own = read.front === undefined ? null : keepOwnForm(bytes.toString('utf8'), front)
  if (own !== null) return toReady(own.document, own.markdown, [], described, read.lines, said)
  const structured = findStructure(described.body, described.printed)
  if (structured === null) return { outcome: 'refused', reason: `分出了 ${MOST_CLAUSES} 条以上，太多了。请拆成几份再加。` }
  if (structured.clauses.length === 0) return { outcome: 'refused', reason: '没有找到正文。' }
  const markdown = writeMarkdown(front, structured.clauses)
  const checked = checkMarkdown(markdown, structured.clauses)
  if ('document' in checked) return toReady(checked.document, markdown, structured.problems, described, read.lines, said)
  // Headings that cannot be told from clauses go; the text comes first.
  const bare = structured.clauses.map((clause) => ({ ...clause, title: '', headings: [] }))
  const plain = writeMarkdown(front, bare)
  const again = checkMarkdown(plain, bare)
  if ('problem' in again) return { outcome: 'refused', reason: `没有加成：${again.problem}。` }
  return toReady(again.document, plain, [`小标题没有写进去（${checked.problem}）。`, ...structured.problems], described, read.lines, said)
}

function toReady(document: KnowledgeDocument, markdown: string, problems: string[], described: Described, lines: readonly ImportLine[], said: Metadata): ReadyImport {
  const { sources, furniture, held, repeals } = described
  const left = new Set([...furniture, ...held])
  const completeness = checkCompleteness(lines.filter((line) => !left.has(line.text) && !isContents(line.text)), document)
  return { outcome: 'ready', document, markdown, problems, repeals, sources: Object.fromEntries(Object.entries(sources).filter(([key]) => !(key in said))), completeness, furniture }
}

function fromFront(front: FrontMatter = {}): Metadata {
  return withoutAbsent({ title: front.title, issuer: front.issuer, number: front.number, issuedOn: front.issued_on, effectiveFrom: front.effective_from, effectiveTo: front.effective_to })
}

/** The fields of a document out of what a caller said besides. */
function only({ title, issuer, number, issuedOn, effectiveFrom, effectiveTo }: Metadata): Metadata {
  return withoutAbsent({ title, issuer, number, issuedOn, effectiveFrom, effectiveTo })
}

const SHOWN_LINE = 40

/** What a person is told who has to say what was not found. */
function describeSeen(lines: readonly ImportLine[], { title, issuer, issuedOn }: Metadata): string[] {
  const cut = (text: string) => (text.length > SHOWN_LINE ? `${text.slice(0, SHOWN_LINE - 1)}…` : text)
  const first = lines[0]?.text ?? ''
  const dated = lines.find((line) => /(?:\d{4}|二〇..)\s*年/.test(line.text))?.text
  const [, at = ''] = /(.{0,12}(?:\d{4}|二〇..)\s*年.{0,20})/.exec(dated ?? '') ?? []
  return [
    title === undefined ? `标题没有找到，第一行写的是“${cut(first)}”` : `标题像是“${cut(title)}”`,
    issuer === undefined ? `发文机关没有找到，第一行写的是“${cut(first)}”，最后一行写的是“${cut(lines.at(-1)?.text ?? '')}”` : `发文机关像是“${cut(issuer)}”`,
    issuedOn === undefined ? `发文日期没有找到，${at === '' ? '文件里没有写年份' : `文件里写到“${at.trim()}”`}` : `发文日期像是 ${issuedOn}`,
  ]
}

/** From the file's name where that has letters, else from year and title: the same document gets the same id again. */
function suggestId(fileName: string, title: string, issuedOn: string): string {
  const name = path.basename(fileName).replace(/\.[^.]*$/, '').normalize('NFKC').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '')
  if (/[a-z]{3}/.test(name)) return name.slice(0, 60).replace(/-+$/, '')
  return `wenjian-${issuedOn.slice(0, 4)}-${createHash('sha256').update(title).digest('hex').slice(0, 6)}`
}

function freeId(suggested: string, taken: readonly string[]): string {
  let id = suggested
  for (let count = 2; taken.includes(id); count += 1) id = `${suggested}-${count}`
  return id
}
