import { canonicalLabel } from '../clause-label.ts'
import { divide, LONGEST_TITLE, shorten } from './clauses/divide.ts'
import type { Division, Item } from './clauses/divide.ts'
import { toFlow } from './clauses/flow.ts'
import type { BodyLine, FlowLine } from './clauses/flow.ts'
import type { ImportLine } from './lines.ts'
import { splitParts } from './clauses/parts.ts'
import type { Part } from './clauses/parts.ts'

export interface ImportedClause {
  /** As the knowledge folder writes it: "12", "12-1"; in words for what has no number of its own: "附件1第3条". */
  number: string
  /** The document's own 第十二条 or （三）; '' where clauses were counted or are called in words. */
  label: string
  title: string
  text: string
  /** What stands over it, coarse to fine: the annex, the chapter, the table whose row it is. */
  headings: string[]
}

/** A document of more is to be divided by whoever adds it. */
export const MOST_CLAUSES = 2_000

export interface Structured {
  /** What the clauses of its main part were found by. */
  by: Division['by']
  clauses: ImportedClause[]
  /** What a person should look at, one Chinese sentence each. */
  problems: string[]
}

/**
 * Makes clauses of all of a document's text. Its main part is counted as the document counts (else in order); a preamble, what it prints,
 * annexes, a second numbering, tables, questions and answers, what stands below its signature get labels in words. null as soon as there are more than `MOST_CLAUSES`.
 */
export function findStructure(lines: readonly BodyLine[], title = ''): Structured | null {
  const split = splitParts(toFlow(lines))
  if (split === null) return null
  const { parts, notes, infos } = split
  const divided = parts.map((part) => ({ part, division: divide(part.lines) }))
  const main = divided.find(({ part, division }) => part.kind !== 'annex' && division.by === 'article') ?? divided.find(({ part }) => part.kind !== 'annex') ?? divided[0]
  const isMainFirst = main === undefined || main === divided[0]
  const writer = new ClauseWriter()
  let own = 0
  for (const { part, division } of divided) {
    if (part.kind !== 'annex') own += 1
    writer.add(part, division, part === main?.part ? '' : prefixOf(part, own, !isMainFirst && own === 1, title))
    if (writer.clauses.length > MOST_CLAUSES) return null
  }
  const loose = (name: string, left: readonly FlowLine[]) => writer.addText(name, left.map((line) => line.text).join('\n'))
  loose('文件信息', infos)
  loose('附注', notes)
  if (writer.clauses.length > MOST_CLAUSES) return null
  return { by: main?.division.by ?? 'paragraphs', clauses: writer.clauses, problems: [...writer.told, ...(main?.division.problems ?? [])] }
}

/** 附件1; 通知 for a notice in front of what it prints; 第2部分 for what comes after. */
function prefixOf(part: Part, count: number, isFirst: boolean, title: string): string {
  if (part.kind === 'annex') return part.label
  if (isFirst) return /(?:通知|意见|决定|公告|通告|批复|函)(?=$|[（(])/.exec(title)?.[0] ?? (/令$/.test(title) ? '发布令' : '正文')
  return `${part.label}第${count}部分`
}

/** Collects clauses, gives each a label that no other has, and puts tables into rows. */
class ClauseWriter {
  readonly clauses: ImportedClause[] = []
  readonly told: string[] = []
  readonly #known = new Set<string>()
  #tables = 0

  add(part: Part, division: Division, prefix: string): void {
    const isWhole = prefix !== '' && (division.by === 'paragraphs' || division.items.every((item) => item.number === null))
    const items = isWhole && !division.items.some((item) => item.unit === '问答') ? mergeItems(division.items) : division.items
    const partTitle = part.title.replace(/^第\S{1,4}部分[\s：:、]*/, '')
    const heading = prefix === '' ? part.title : `${prefix}${partTitle === '' ? '' : ` ${partTitle}`}`
    // 第二部分 as the document has it says what 第2部分 would.
    const isSaid = /第\d+部分$/.test(prefix) && items.every((item) => /^第.{1,4}部\s*分/.test(item.headings[0] ?? ''))
    const over = heading === '' || part.kind === 'main' || isSaid ? [] : [heading]
    for (const item of items) this.#addItem(item, prefix, part, over)
    if (prefix !== '') this.told.push(`“${shorten(heading)}”单独成一部分，${items.length} 条都用“${prefix}”开头，请核对。`)
  }

  addText(name: string, text: string): void {
    if (text !== '') this.#push({ number: name, label: '', title: '', text, headings: [] })
  }

  #addItem(item: Item, prefix: string, part: Part, over: readonly string[]): void {
    const text = textOf(item)
    const number = canonicalLabel(labelOf(item, prefix))
    const isPart = prefix !== '' && number === prefix
    const headings = [...(isPart ? [] : over), ...item.headings]
    const title = isPart && item.title === '' ? shortTitle(part.title) : item.title
    if (text !== '') this.#push({ number, label: prefix === '' && /^\d/.test(number) ? item.label : '', title, text, headings })
    for (const [at, line] of item.lines.entries()) if (line.rows !== undefined) this.#addTable(line.rows, captionOf(line.rows, item, at, title), [...(isPart ? over : headings)])
  }

  #addTable(rows: readonly ImportLine[], caption: string, headings: readonly string[]): void {
    this.#tables += 1
    const table = `表${this.#tables}`
    const over = [...headings, `${table}${caption === '' ? '' : ` ${caption}`}`]
    for (const [index, { text }] of rows.entries()) this.#push({ number: `${table}第${index + 1}行`, label: '', title: titleOfRow(text), text, headings: over })
  }

  #push(clause: ImportedClause): void {
    if (this.clauses.length > MOST_CLAUSES) return
    let { number } = clause
    // 第1条之1 that comes twice goes on counting: no label has two such numbers.
    const [, base = number, mark = /^\d/.test(number) ? '-' : '之', from = '1'] = /^(.*)(之|-)(\d+)$/.exec(number) ?? []
    for (let count = Number(from) + 1; this.#known.has(number); count += 1) number = `${base}${mark}${count}`
    this.#known.add(number)
    this.clauses.push({ ...clause, number, label: number === clause.number ? clause.label : '' })
  }
}

const shortTitle = (title: string): string => (title.length <= LONGEST_TITLE && !/[。；！？]/.test(title) ? title : '')

/** A part without numbers is one clause. */
function mergeItems(items: readonly Item[]): Item[] {
  const [first] = items
  if (first === undefined) return []
  return [{ ...first, number: null, unit: '前言', title: '', lines: items.flatMap((item) => [...(item.title === '' || item.lines[0]?.text.startsWith(item.title) ? [] : [{ text: item.title }]), ...item.lines]), headings: [] }]
}

function labelOf(item: Item, prefix: string): string {
  if (item.number === null) {
    if (item.unit === '附注') return `${prefix}附注`
    if (item.label !== '') return `${prefix}${item.label}前言`
    return prefix === '' ? '前言' : /^附/.test(prefix) && !/部分$/.test(prefix) ? prefix : `${prefix}前言`
  }
  const number = item.suffix === null ? String(item.number) : `${item.number}-${item.suffix}`
  if (item.unit === '问答') return `${prefix}问答${number}`
  if (prefix === '') return number
  return `${prefix}第${item.number}${item.unit === '段' ? '段' : item.unit === '条' ? '条' : '项'}${item.suffix === null ? '' : `之${item.suffix}`}`
}

const LONGEST_LIST = 2_000

/** The words of an item without its tables; what only heads a table tells its rows, as a list stays with its lead-in. */
function textOf(item: Item): string {
  const own = item.lines.filter((line) => line.rows === undefined && line.text !== '').map((line) => line.text)
  const rows = item.lines.flatMap((line) => line.rows ?? []).map((row) => row.text)
  const isLead = own.length === 1 && item.lines[0]?.rows === undefined && !/[。；！？]$/.test(own[0] ?? '')
  const whole = [...own, ...rows].join('\n')
  return isLead && whole.length <= LONGEST_LIST ? whole : own.join('\n')
}

const LONGEST_CAPTION = 60

/** What a table's rows are about: what the file says, what its clause is called, and the words that lead it in. */
function captionOf(rows: readonly ImportLine[], item: Item, at: number, title: string): string {
  const before = item.lines[at - 1]?.text ?? ''
  const lead = /[^。；\n]*[。；：:]?$/.exec(before.replace(/[。；]$/, ''))?.[0].replace(/[：:。；]$/, '') ?? ''
  const parts = [title, rows[0]?.row?.heading ?? '', lead.length <= LONGEST_CAPTION ? lead : '']
  return [...new Set(parts.filter((part) => part !== ''))].filter((part, index, all) => !all.some((other, place) => place !== index && other.includes(part))).join('：').replaceAll(/[。；！？\n]/g, ' ').trim()
}

/** The first cell in words names the row. */
function titleOfRow(text: string): string {
  for (const cell of text.split(/[；。]/)) {
    const value = cell.slice(cell.search(/[：:]/) + 1).trim()
    if (/\p{Script=Han}/u.test(value)) return value.length <= LONGEST_TITLE && !/[！？]/.test(value) ? value : ''
  }
  return ''
}
